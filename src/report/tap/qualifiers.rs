//! Transaction qualifiers bit by bit: the terminal's (`9F66`) and the card's (`9F6C`).

use apdu::{
    Bit, Bits,
    value::{Ctq, Ttq, ctq, ttq},
};
use serde::Serialize;

use super::{line, say_with, word};
use crate::report::page::{Page, Tone};

/// Bits of the terminal transaction qualifiers that have a meaning.
const TTQ_BITS: [Bit; 14] = [
    ttq::MAG_STRIPE_MODE,
    ttq::FULL_FLOW,
    ttq::EMV_MODE,
    ttq::CONTACT_CHIP,
    ttq::OFFLINE_ONLY,
    ttq::ONLINE_PIN,
    ttq::SIGNATURE,
    ttq::ODA_FOR_ONLINE,
    ttq::ONLINE_CRYPTOGRAM_REQUIRED,
    ttq::CVM_REQUIRED,
    ttq::CONTACT_OFFLINE_PIN,
    ttq::ISSUER_UPDATE,
    ttq::CONSUMER_DEVICE_CVM,
    ttq::FDDA_VERSION_1,
];

/// Bits of the card transaction qualifiers that have a meaning.
const CTQ_BITS: [Bit; 9] = [
    ctq::ONLINE_PIN,
    ctq::SIGNATURE,
    ctq::ONLINE_IF_ODA_FAILS,
    ctq::OTHER_INTERFACE_IF_ODA_FAILS,
    ctq::ONLINE_IF_EXPIRED,
    ctq::OTHER_INTERFACE_FOR_CASH,
    ctq::OTHER_INTERFACE_FOR_CASHBACK,
    ctq::CONSUMER_DEVICE_CVM,
    ctq::ISSUER_UPDATE,
];

/// Qualifiers, bit by bit.
#[derive(Debug, Serialize)]
pub(in crate::report) struct QualifiersView {
    #[serde(skip)]
    of: &'static str,
    bytes: String,
    bits: Vec<QualifierView>,
}

#[derive(Debug, Serialize)]
struct QualifierView {
    bit: String,
    set: bool,
}

impl QualifiersView {
    /// Those the kernel of the terminal was started with.
    pub fn of_terminal(qualifiers: Ttq) -> Self {
        Self::new("ttq", qualifiers, &TTQ_BITS)
    }

    /// Those of the card.
    pub fn of_card(qualifiers: Ctq) -> Self {
        Self::new("ctq", qualifiers, &CTQ_BITS)
    }

    fn new<const N: usize>(of: &'static str, bits: Bits<N>, known: &[Bit]) -> Self {
        let view = |bit: &Bit| QualifierView { bit: id(*bit), set: bits.has(*bit) };
        Self { of, bytes: hex::encode_upper(bits.0), bits: known.iter().map(view).collect() }
    }

    /// A line for each bit.
    pub fn print(&self, page: &mut Page<'_>) {
        let heading = say_with(page, &format!("{}-heading", self.of), &[("bytes", &self.bytes)]);
        line(page, 2, Tone::Strong, &heading);
        for bit in &self.bits {
            let (sign, tone) = if bit.set { ("✓", Tone::Plain) } else { ("·", Tone::Faint) };
            let words = word(page.text, self.of, &bit.bit);
            page.row(4, &[(5, Tone::Faint, &bit.bit.replace('-', ".")), (2, tone, sign), (0, tone, &words)]);
        }
    }
}

/// `2-8`: byte and position.
fn id(bit: Bit) -> String {
    format!("{}-{}", bit.byte, bit.position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{File, Language, Text};

    #[test]
    fn every_bit_has_its_text() {
        let bits = [("ttq", &TTQ_BITS[..]), ("ctq", &CTQ_BITS[..])];
        let ids: Vec<String> =
            bits.iter().flat_map(|(of, bits)| bits.iter().map(move |bit| format!("{of}-{}", id(*bit)))).collect();
        for language in Language::ALL {
            let text = Text::new(*language);
            let missing: Vec<_> = ids.iter().filter(|id| text.find(File::Tap, id).is_none()).collect();
            assert!(missing.is_empty(), "{language:?}: {missing:?}");
        }
    }
}
