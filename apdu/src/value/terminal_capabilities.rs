//! Terminal capabilities, tag 9F33 (`EMV 4.4 Book 4, Annex A2`).

use crate::bits::{Bit, Bits};

/// Terminal capabilities, tag 9F33.
pub type TerminalCapabilities = Bits<3>;

/// Manual key entry.
pub const MANUAL_KEY_ENTRY: Bit = Bit::new(1, 8);
/// Magnetic stripe.
pub const MAGNETIC_STRIPE: Bit = Bit::new(1, 7);
/// IC with contacts.
pub const IC_WITH_CONTACTS: Bit = Bit::new(1, 6);
/// Plaintext PIN for ICC verification.
pub const PLAINTEXT_OFFLINE_PIN: Bit = Bit::new(2, 8);
/// Enciphered PIN for online verification.
pub const ONLINE_PIN: Bit = Bit::new(2, 7);
/// Signature.
pub const SIGNATURE: Bit = Bit::new(2, 6);
/// PIN enciphered under an RSA key for offline verification.
pub const ENCIPHERED_OFFLINE_PIN_RSA: Bit = Bit::new(2, 5);
/// No CVM required.
pub const NO_CVM: Bit = Bit::new(2, 4);
/// Online biometric.
pub const ONLINE_BIOMETRIC: Bit = Bit::new(2, 3);
/// Offline biometric.
pub const OFFLINE_BIOMETRIC: Bit = Bit::new(2, 2);
/// PIN enciphered under an ECC key for offline verification.
pub const ENCIPHERED_OFFLINE_PIN_ECC: Bit = Bit::new(2, 1);
/// SDA.
pub const SDA: Bit = Bit::new(3, 8);
/// DDA.
pub const DDA: Bit = Bit::new(3, 7);
/// Card capture.
pub const CARD_CAPTURE: Bit = Bit::new(3, 6);
/// CDA.
pub const CDA: Bit = Bit::new(3, 4);
/// XDA.
pub const XDA: Bit = Bit::new(3, 3);
