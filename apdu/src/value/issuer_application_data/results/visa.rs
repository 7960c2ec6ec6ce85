//! Card verification results of Visa, UnionPay and PBOC. Byte 1 is the length of the others in the short layout, and how
//! the device verified its holder in the long one.

use super::Places;
use crate::bits::Bit;

/// Issuer authentication was performed and failed.
pub const ISSUER_AUTHENTICATION_FAILED: Bit = Bit::new(2, 4);
/// Short layout: an offline PIN was verified, rightly or not. Long layout: the device verified its holder.
pub const VERIFICATION_PERFORMED: Bit = Bit::new(2, 3);
/// Short layout: offline PIN verification failed.
pub const OFFLINE_PIN_FAILED: Bit = Bit::new(2, 2);
/// The terminal was unable to go online.
pub const UNABLE_TO_GO_ONLINE: Bit = Bit::new(2, 1);
/// The last online transaction was not completed.
pub const LAST_ONLINE_NOT_COMPLETED: Bit = Bit::new(3, 8);
/// The PIN try limit is exceeded.
pub const PIN_TRY_LIMIT_EXCEEDED: Bit = Bit::new(3, 7);
/// A velocity counter is exceeded.
pub const VELOCITY_EXCEEDED: Bit = Bit::new(3, 6);
/// New card.
pub const NEW_CARD: Bit = Bit::new(3, 5);
/// Issuer authentication failed in the last online transaction.
pub const LAST_ISSUER_AUTHENTICATION_FAILED: Bit = Bit::new(3, 4);
/// Issuer authentication was not performed after going online.
pub const ISSUER_AUTHENTICATION_NOT_PERFORMED: Bit = Bit::new(3, 3);
/// The card blocked the application because the PIN try limit is exceeded.
pub const APPLICATION_BLOCKED: Bit = Bit::new(3, 2);
/// SDA failed in the last transaction.
pub const LAST_SDA_FAILED: Bit = Bit::new(3, 1);
/// An issuer script failed.
pub const SCRIPT_FAILED: Bit = Bit::new(4, 4);
/// DDA failed in the last transaction.
pub const LAST_DDA_FAILED: Bit = Bit::new(4, 3);
/// DDA was performed.
pub const DDA_PERFORMED: Bit = Bit::new(4, 2);
/// The card expected a PIN and got no VERIFY command.
pub const PIN_NOT_RECEIVED: Bit = Bit::new(4, 1);

pub(super) const PLACES: Places = Places {
    cryptograms: 2,
    unable_online: UNABLE_TO_GO_ONLINE,
    issuer_authentication_failed: ISSUER_AUTHENTICATION_FAILED,
    pin_failed: OFFLINE_PIN_FAILED,
    script_failed: SCRIPT_FAILED,
    scripts: 4,
    pin_try_limit: PIN_TRY_LIMIT_EXCEEDED,
    lower_limits: &[],
    upper_limits: &[VELOCITY_EXCEEDED],
};
