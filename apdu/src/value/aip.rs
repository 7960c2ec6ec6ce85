//! Application interchange profile, tag 82 (`EMV 4.4 Book 3, Annex C1`).

use crate::bits::{Bit, Bits};

/// Application interchange profile, tag 82.
pub type Aip = Bits<2>;

/// XDA supported.
pub const XDA: Bit = Bit::new(1, 8);
/// SDA supported.
pub const SDA: Bit = Bit::new(1, 7);
/// DDA supported.
pub const DDA: Bit = Bit::new(1, 6);
/// Cardholder verification is supported.
pub const CARDHOLDER_VERIFICATION: Bit = Bit::new(1, 5);
/// Terminal risk management is to be performed.
pub const TERMINAL_RISK_MANAGEMENT: Bit = Bit::new(1, 4);
/// Issuer authentication is supported.
pub const ISSUER_AUTHENTICATION: Bit = Bit::new(1, 3);
/// CDA supported.
pub const CDA: Bit = Bit::new(1, 1);

/// Contactless, kernel 2: the cardholder's device can verify the cardholder (`EMV Contactless Book C-2, Annex A`).
pub const ON_DEVICE_CVM: Bit = Bit::new(1, 2);
/// Contactless, kernel 2: EMV mode is supported.
pub const EMV_MODE: Bit = Bit::new(2, 8);
/// Contactless, kernel 2: the relay resistance protocol is supported.
pub const RELAY_RESISTANCE: Bit = Bit::new(2, 1);
