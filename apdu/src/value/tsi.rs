//! Transaction status information, tag 9B (`EMV 4.4 Book 3, Annex C6`).

use crate::bits::{Bit, Bits};

/// Transaction status information, tag 9B.
pub type Tsi = Bits<2>;

/// Offline data authentication was performed.
pub const ODA_PERFORMED: Bit = Bit::new(1, 8);
/// Cardholder verification was performed.
pub const CV_PERFORMED: Bit = Bit::new(1, 7);
/// Card risk management was performed.
pub const CARD_RISK_MANAGEMENT_PERFORMED: Bit = Bit::new(1, 6);
/// Issuer authentication was performed.
pub const ISSUER_AUTHENTICATION_PERFORMED: Bit = Bit::new(1, 5);
/// Terminal risk management was performed.
pub const TERMINAL_RISK_MANAGEMENT_PERFORMED: Bit = Bit::new(1, 4);
/// Script processing was performed.
pub const SCRIPT_PROCESSING_PERFORMED: Bit = Bit::new(1, 3);
