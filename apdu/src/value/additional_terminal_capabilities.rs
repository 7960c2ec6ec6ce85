//! Additional terminal capabilities, tag 9F40 (`EMV 4.4 Book 4, Annex A3`).

use crate::bits::{Bit, Bits};

/// Additional terminal capabilities, tag 9F40.
pub type AdditionalTerminalCapabilities = Bits<5>;

/// Cash.
pub const CASH: Bit = Bit::new(1, 8);
/// Goods.
pub const GOODS: Bit = Bit::new(1, 7);
/// Services.
pub const SERVICES: Bit = Bit::new(1, 6);
/// Cashback.
pub const CASHBACK: Bit = Bit::new(1, 5);
/// Inquiry.
pub const INQUIRY: Bit = Bit::new(1, 4);
/// Transfer.
pub const TRANSFER: Bit = Bit::new(1, 3);
/// Payment.
pub const PAYMENT: Bit = Bit::new(1, 2);
/// Administrative.
pub const ADMINISTRATIVE: Bit = Bit::new(1, 1);
/// Cash deposit.
pub const CASH_DEPOSIT: Bit = Bit::new(2, 8);
/// Numeric keys.
pub const NUMERIC_KEYS: Bit = Bit::new(3, 8);
/// Alphabetic and special character keys.
pub const ALPHABETIC_KEYS: Bit = Bit::new(3, 7);
/// Command keys.
pub const COMMAND_KEYS: Bit = Bit::new(3, 6);
/// Function keys.
pub const FUNCTION_KEYS: Bit = Bit::new(3, 5);
/// Print or electronic output, attendant.
pub const PRINT_ATTENDANT: Bit = Bit::new(4, 8);
/// Print or electronic output, cardholder.
pub const PRINT_CARDHOLDER: Bit = Bit::new(4, 7);
/// Display, attendant.
pub const DISPLAY_ATTENDANT: Bit = Bit::new(4, 6);
/// Display, cardholder.
pub const DISPLAY_CARDHOLDER: Bit = Bit::new(4, 5);
/// Code table 10.
pub const CODE_TABLE_10: Bit = Bit::new(4, 2);
/// Code table 9.
pub const CODE_TABLE_9: Bit = Bit::new(4, 1);
/// Code table 8.
pub const CODE_TABLE_8: Bit = Bit::new(5, 8);
/// Code table 7.
pub const CODE_TABLE_7: Bit = Bit::new(5, 7);
/// Code table 6.
pub const CODE_TABLE_6: Bit = Bit::new(5, 6);
/// Code table 5.
pub const CODE_TABLE_5: Bit = Bit::new(5, 5);
/// Code table 4.
pub const CODE_TABLE_4: Bit = Bit::new(5, 4);
/// Code table 3.
pub const CODE_TABLE_3: Bit = Bit::new(5, 3);
/// Code table 2.
pub const CODE_TABLE_2: Bit = Bit::new(5, 2);
/// Code table 1.
pub const CODE_TABLE_1: Bit = Bit::new(5, 1);

/// The bit that says code table `index` of ISO 8859 (1 to 10, as in tag 9F11) can be shown.
pub fn code_table(index: u8) -> Option<Bit> {
    match index {
        1..=8 => Some(Bit::new(5, index)),
        9 | 10 => Some(Bit::new(4, index.saturating_sub(8))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_tables_have_their_named_bits() {
        assert_eq!(code_table(1), Some(CODE_TABLE_1));
        assert_eq!(code_table(8), Some(CODE_TABLE_8));
        assert_eq!(code_table(9), Some(CODE_TABLE_9));
        assert_eq!(code_table(10), Some(CODE_TABLE_10));
        assert_eq!((code_table(0), code_table(11)), (None, None));
    }
}
