//! Terminal verification results, tag 95 (`EMV 4.4 Book 3, Annex C5`).

use crate::bits::{Bit, Bits};

/// Terminal verification results, tag 95.
pub type Tvr = Bits<5>;

/// Offline data authentication was not performed.
pub const ODA_NOT_PERFORMED: Bit = Bit::new(1, 8);
/// SDA failed.
pub const SDA_FAILED: Bit = Bit::new(1, 7);
/// ICC data missing.
pub const ICC_DATA_MISSING: Bit = Bit::new(1, 6);
/// Card appears on terminal exception file.
pub const ON_EXCEPTION_FILE: Bit = Bit::new(1, 5);
/// DDA failed.
pub const DDA_FAILED: Bit = Bit::new(1, 4);
/// CDA failed.
pub const CDA_FAILED: Bit = Bit::new(1, 3);
/// SDA selected.
pub const SDA_SELECTED: Bit = Bit::new(1, 2);
/// XDA selected.
pub const XDA_SELECTED: Bit = Bit::new(1, 1);
/// ICC and terminal have different application versions.
pub const DIFFERENT_VERSIONS: Bit = Bit::new(2, 8);
/// Expired application.
pub const EXPIRED: Bit = Bit::new(2, 7);
/// Application not yet effective.
pub const NOT_YET_EFFECTIVE: Bit = Bit::new(2, 6);
/// Requested service not allowed for card product.
pub const SERVICE_NOT_ALLOWED: Bit = Bit::new(2, 5);
/// New card.
pub const NEW_CARD: Bit = Bit::new(2, 4);
/// Biometric performed and successful.
pub const BIOMETRIC_PERFORMED: Bit = Bit::new(2, 2);
/// Biometric template format not supported.
pub const BIOMETRIC_TEMPLATE_UNSUPPORTED: Bit = Bit::new(2, 1);
/// Cardholder verification was not successful.
pub const CV_NOT_SUCCESSFUL: Bit = Bit::new(3, 8);
/// Unrecognised CVM.
pub const UNRECOGNISED_CVM: Bit = Bit::new(3, 7);
/// PIN try limit exceeded.
pub const PIN_TRY_LIMIT_EXCEEDED: Bit = Bit::new(3, 6);
/// PIN entry required and PIN pad not present or not working.
pub const PIN_PAD_FAILED: Bit = Bit::new(3, 5);
/// PIN entry required, PIN pad present, but PIN was not entered.
pub const PIN_NOT_ENTERED: Bit = Bit::new(3, 4);
/// Online CVM captured.
pub const ONLINE_CVM_CAPTURED: Bit = Bit::new(3, 3);
/// Biometric capture device not working.
pub const BIOMETRIC_DEVICE_FAILED: Bit = Bit::new(3, 2);
/// Biometric required but bypassed.
pub const BIOMETRIC_BYPASSED: Bit = Bit::new(3, 1);
/// Transaction exceeds floor limit.
pub const FLOOR_LIMIT_EXCEEDED: Bit = Bit::new(4, 8);
/// Lower consecutive offline limit exceeded.
pub const LOWER_LIMIT_EXCEEDED: Bit = Bit::new(4, 7);
/// Upper consecutive offline limit exceeded.
pub const UPPER_LIMIT_EXCEEDED: Bit = Bit::new(4, 6);
/// Transaction selected randomly for online processing.
pub const RANDOMLY_SELECTED: Bit = Bit::new(4, 5);
/// Merchant forced transaction online.
pub const FORCED_ONLINE: Bit = Bit::new(4, 4);
/// Biometric try limit exceeded.
pub const BIOMETRIC_TRY_LIMIT_EXCEEDED: Bit = Bit::new(4, 3);
/// A selected biometric type not supported.
pub const BIOMETRIC_TYPE_UNSUPPORTED: Bit = Bit::new(4, 2);
/// XDA signature verification failed.
pub const XDA_FAILED: Bit = Bit::new(4, 1);
/// Default TDOL used.
pub const DEFAULT_TDOL_USED: Bit = Bit::new(5, 8);
/// Issuer authentication failed.
pub const ISSUER_AUTHENTICATION_FAILED: Bit = Bit::new(5, 7);
/// Script processing failed before final GENERATE AC.
pub const SCRIPT_FAILED_BEFORE_AC: Bit = Bit::new(5, 6);
/// Script processing failed after final GENERATE AC.
pub const SCRIPT_FAILED_AFTER_AC: Bit = Bit::new(5, 5);
/// CA ECC key missing.
pub const CA_ECC_KEY_MISSING: Bit = Bit::new(5, 3);
/// ECC key recovery failed.
pub const ECC_KEY_RECOVERY_FAILED: Bit = Bit::new(5, 2);
/// Contactless, kernels 2 and 8: relay resistance threshold exceeded.
pub const RELAY_RESISTANCE_THRESHOLD_EXCEEDED: Bit = Bit::new(5, 4);
/// Contactless, kernels 2 and 8: relay resistance time limits exceeded.
pub const RELAY_RESISTANCE_TIME_LIMITS_EXCEEDED: Bit = Bit::new(5, 3);
/// Contactless, kernels 2 and 8: relay resistance protocol performed.
pub const RELAY_RESISTANCE_PERFORMED: Bit = Bit::new(5, 2);
/// Contactless, kernels 2 and 8: relay resistance protocol not performed; neither bit says it is not supported.
pub const RELAY_RESISTANCE_NOT_PERFORMED: Bit = Bit::new(5, 1);
