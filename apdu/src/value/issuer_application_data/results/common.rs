//! Card verification results of the common core definition (`EMV 4.4 Book 3, Annex C9.3`).

use super::Places;
use crate::bits::Bit;

/// CDA was performed.
pub const CDA_PERFORMED: Bit = Bit::new(1, 4);
/// DDA was performed.
pub const DDA_PERFORMED: Bit = Bit::new(1, 3);
/// Issuer authentication was not performed.
pub const ISSUER_AUTHENTICATION_NOT_PERFORMED: Bit = Bit::new(1, 2);
/// Issuer authentication failed.
pub const ISSUER_AUTHENTICATION_FAILED: Bit = Bit::new(1, 1);
/// An offline PIN was verified, rightly or not.
pub const OFFLINE_PIN_PERFORMED: Bit = Bit::new(2, 4);
/// The offline PIN was wrong.
pub const OFFLINE_PIN_FAILED: Bit = Bit::new(2, 3);
/// The PIN try limit is exceeded.
pub const PIN_TRY_LIMIT_EXCEEDED: Bit = Bit::new(2, 2);
/// The last online transaction was not completed.
pub const LAST_ONLINE_NOT_COMPLETED: Bit = Bit::new(2, 1);
/// Lower limit of offline transactions exceeded.
pub const LOWER_COUNT_EXCEEDED: Bit = Bit::new(3, 8);
/// Upper limit of offline transactions exceeded.
pub const UPPER_COUNT_EXCEEDED: Bit = Bit::new(3, 7);
/// Lower limit of the cumulative offline amount exceeded.
pub const LOWER_AMOUNT_EXCEEDED: Bit = Bit::new(3, 6);
/// Upper limit of the cumulative offline amount exceeded.
pub const UPPER_AMOUNT_EXCEEDED: Bit = Bit::new(3, 5);
/// An issuer script failed.
pub const SCRIPT_FAILED: Bit = Bit::new(4, 4);
/// Offline data authentication failed in the previous transaction.
pub const LAST_ODA_FAILED: Bit = Bit::new(4, 3);
/// The issuer wanted this transaction online.
pub const GO_ONLINE_WAS_SET: Bit = Bit::new(4, 2);
/// The terminal was unable to go online.
pub const UNABLE_TO_GO_ONLINE: Bit = Bit::new(4, 1);

pub(super) const PLACES: Places = Places {
    cryptograms: 1,
    unable_online: UNABLE_TO_GO_ONLINE,
    issuer_authentication_failed: ISSUER_AUTHENTICATION_FAILED,
    pin_failed: OFFLINE_PIN_FAILED,
    script_failed: SCRIPT_FAILED,
    scripts: 4,
    pin_try_limit: PIN_TRY_LIMIT_EXCEEDED,
    lower_limits: &[LOWER_COUNT_EXCEEDED, LOWER_AMOUNT_EXCEEDED],
    upper_limits: &[UPPER_COUNT_EXCEEDED, UPPER_AMOUNT_EXCEEDED],
};
