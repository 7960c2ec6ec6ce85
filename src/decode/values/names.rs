//! Names that payment systems gave their applications.

use super::{Inside, Value};
use crate::decode::node::Meaning;

/// The application or payment system of an application identifier.
pub fn application(value: Value<'_>) -> Option<Inside> {
    brand(value.bytes).map(|name| Meaning::Brand(name).into())
}

/// The longest known beginning of `aid`.
fn brand(aid: &[u8]) -> Option<&'static str> {
    let known = BRANDS.iter().filter(|(start, _)| aid.starts_with(start));
    known.max_by_key(|(start, _)| start.len()).map(|(_, name)| *name)
}

const BRANDS: &[(&[u8], &str)] = &[
    (b"1PAY.SYS.DDF01", "PSE"),
    (b"2PAY.SYS.DDF01", "PPSE"),
    (&[0xA0, 0, 0, 0, 0x03], "Visa"),
    (&[0xA0, 0, 0, 0, 0x03, 0x10, 0x10], "Visa credit/debit"),
    (&[0xA0, 0, 0, 0, 0x03, 0x20, 0x10], "Visa Electron"),
    (&[0xA0, 0, 0, 0, 0x03, 0x20, 0x20], "V PAY"),
    (&[0xA0, 0, 0, 0, 0x03, 0x80, 0x10], "Plus"),
    (&[0xA0, 0, 0, 0, 0x98], "Visa USA"),
    (&[0xA0, 0, 0, 0, 0x04], "Mastercard"),
    (&[0xA0, 0, 0, 0, 0x04, 0x10, 0x10], "Mastercard credit/debit"),
    (&[0xA0, 0, 0, 0, 0x04, 0x22, 0x03], "Mastercard USA Maestro"),
    (&[0xA0, 0, 0, 0, 0x04, 0x30, 0x60], "Maestro"),
    (&[0xA0, 0, 0, 0, 0x04, 0x60, 0x00], "Cirrus"),
    (&[0xA0, 0, 0, 0, 0x05], "Maestro UK"),
    (&[0xA0, 0, 0, 0, 0x25], "American Express"),
    (&[0xA0, 0, 0, 0, 0x29], "LINK"),
    (&[0xA0, 0, 0, 0, 0x42], "Cartes Bancaires"),
    (&[0xA0, 0, 0, 0, 0x65], "JCB"),
    (&[0xA0, 0, 0, 0, 0x65, 0x10, 0x10], "JCB credit/debit"),
    (&[0xA0, 0, 0, 1, 0x21], "Dankort"),
    (&[0xA0, 0, 0, 1, 0x52], "Discover"),
    (&[0xA0, 0, 0, 3, 0x24], "Discover ZIP"),
    (&[0xA0, 0, 0, 3, 0x33], "UnionPay"),
    (&[0xA0, 0, 0, 3, 0x33, 1, 1, 1], "UnionPay debit"),
    (&[0xA0, 0, 0, 3, 0x33, 1, 1, 2], "UnionPay credit"),
    (&[0xA0, 0, 0, 3, 0x33, 1, 1, 3], "UnionPay quasi-credit"),
    (&[0xA0, 0, 0, 3, 0x33, 1, 1, 6], "UnionPay electronic cash"),
    (&[0xA0, 0, 0, 3, 0x33, 1, 1, 8], "UnionPay USA debit"),
    (&[0xA0, 0, 0, 3, 0x59], "girocard"),
    (&[0xA0, 0, 0, 3, 0x71], "Verve"),
    (&[0xA0, 0, 0, 3, 0x84], "eftpos"),
    (&[0xA0, 0, 0, 2, 0x77], "Interac"),
    (&[0xA0, 0, 0, 5, 0x24], "RuPay"),
    (&[0xA0, 0, 0, 6, 0x15], "PayPak"),
    (&[0xA0, 0, 0, 6, 0x20], "US Common Debit (DNA)"),
    (&[0xA0, 0, 0, 6, 0x58], "Mir"),
    (&[0xA0, 0, 0, 6, 0x72], "TROY"),
    (&[0xA0, 0, 0, 7, 0x32], "Meeza"),
    (&[0xA0, 0, 0, 2, 0x28], "SPAN2 (mada)"),
    (&[0xA0, 0, 0, 3, 0x37], "GIM-UEMOA"),
    (&[0xD2, 0x76, 0, 0, 0x25, 0x45], "girocard"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_names_the_application() {
        assert_eq!(brand(&[0xA0, 0, 0, 0, 0x03, 0x10, 0x10]), Some("Visa credit/debit"));
        assert_eq!(brand(&[0xA0, 0, 0, 0, 0x03, 0x99]), Some("Visa"));
        assert_eq!(brand(b"2PAY.SYS.DDF01"), Some("PPSE"));
        assert_eq!(brand(&[0xA0, 0]), None);
    }
}
