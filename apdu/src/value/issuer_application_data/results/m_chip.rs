//! Card verification results of M/Chip.

use super::Places;
use crate::bits::Bit;

/// A date check failed.
pub const DATE_CHECK_FAILED: Bit = Bit::new(1, 4);
/// An offline PIN was verified, rightly or not.
pub const OFFLINE_PIN_PERFORMED: Bit = Bit::new(1, 3);
/// The offline PIN came enciphered.
pub const ENCIPHERED_PIN_PERFORMED: Bit = Bit::new(1, 2);
/// The offline PIN was right.
pub const OFFLINE_PIN_SUCCESSFUL: Bit = Bit::new(1, 1);
/// A DDA signature was returned.
pub const DDA_RETURNED: Bit = Bit::new(2, 8);
/// A CDA signature was returned with the first cryptogram.
pub const CDA_RETURNED_FIRST: Bit = Bit::new(2, 7);
/// A CDA signature was returned with the second cryptogram.
pub const CDA_RETURNED_SECOND: Bit = Bit::new(2, 6);
/// Issuer authentication was performed.
pub const ISSUER_AUTHENTICATION_PERFORMED: Bit = Bit::new(2, 5);
/// The card's default action codes were skipped on a CAT3 terminal.
pub const DEFAULT_CODES_SKIPPED: Bit = Bit::new(2, 4);
/// An offline change of the PIN succeeded.
pub const OFFLINE_PIN_CHANGED: Bit = Bit::new(2, 3);
/// The last online transaction was not completed.
pub const LAST_ONLINE_NOT_COMPLETED: Bit = Bit::new(4, 8);
/// The terminal was unable to go online.
pub const UNABLE_TO_GO_ONLINE: Bit = Bit::new(4, 7);
/// No offline PIN was verified.
pub const OFFLINE_PIN_NOT_PERFORMED: Bit = Bit::new(4, 6);
/// The offline PIN was wrong.
pub const OFFLINE_PIN_FAILED: Bit = Bit::new(4, 5);
/// The PIN try limit is exceeded.
pub const PIN_TRY_LIMIT_EXCEEDED: Bit = Bit::new(4, 4);
/// International transaction.
pub const INTERNATIONAL: Bit = Bit::new(4, 3);
/// Domestic transaction.
pub const DOMESTIC: Bit = Bit::new(4, 2);
/// The terminal takes the offline PIN for right, and it was not.
pub const TERMINAL_ERRS_ON_PIN: Bit = Bit::new(4, 1);
/// Lower limit of consecutive transactions exceeded (counter 1).
pub const LOWER_CONSECUTIVE_EXCEEDED: Bit = Bit::new(5, 8);
/// Upper limit of consecutive transactions exceeded (counter 1).
pub const UPPER_CONSECUTIVE_EXCEEDED: Bit = Bit::new(5, 7);
/// Lower limit of the cumulative amount exceeded (accumulator 1).
pub const LOWER_CUMULATIVE_EXCEEDED: Bit = Bit::new(5, 6);
/// Upper limit of the cumulative amount exceeded (accumulator 1).
pub const UPPER_CUMULATIVE_EXCEEDED: Bit = Bit::new(5, 5);
/// The issuer wanted this transaction online.
pub const GO_ONLINE_WAS_SET: Bit = Bit::new(5, 4);
/// Issuer authentication failed.
pub const ISSUER_AUTHENTICATION_FAILED: Bit = Bit::new(5, 3);
/// An issuer script was received.
pub const SCRIPT_RECEIVED: Bit = Bit::new(5, 2);
/// An issuer script failed.
pub const SCRIPT_FAILED: Bit = Bit::new(5, 1);
/// Lower limit of consecutive transactions exceeded (counter 2).
pub const SECOND_LOWER_CONSECUTIVE_EXCEEDED: Bit = Bit::new(6, 8);
/// Upper limit of consecutive transactions exceeded (counter 2).
pub const SECOND_UPPER_CONSECUTIVE_EXCEEDED: Bit = Bit::new(6, 7);
/// Lower limit of the cumulative amount exceeded (accumulator 2).
pub const SECOND_LOWER_CUMULATIVE_EXCEEDED: Bit = Bit::new(6, 6);
/// Upper limit of the cumulative amount exceeded (accumulator 2).
pub const SECOND_UPPER_CUMULATIVE_EXCEEDED: Bit = Bit::new(6, 5);
/// The maximum transaction amount is exceeded.
pub const TRANSACTION_AMOUNT_EXCEEDED: Bit = Bit::new(6, 4);
/// The card was offline for more days than allowed.
pub const DAYS_OFFLINE_EXCEEDED: Bit = Bit::new(6, 3);
/// The additional check table has a match.
pub const CHECK_TABLE_MATCH: Bit = Bit::new(6, 2);
/// The additional check table has no match.
pub const CHECK_TABLE_NO_MATCH: Bit = Bit::new(6, 1);

pub(super) const PLACES: Places = Places {
    cryptograms: 1,
    unable_online: UNABLE_TO_GO_ONLINE,
    issuer_authentication_failed: ISSUER_AUTHENTICATION_FAILED,
    pin_failed: OFFLINE_PIN_FAILED,
    script_failed: SCRIPT_FAILED,
    scripts: 3,
    pin_try_limit: PIN_TRY_LIMIT_EXCEEDED,
    lower_limits: &[
        LOWER_CONSECUTIVE_EXCEEDED,
        LOWER_CUMULATIVE_EXCEEDED,
        SECOND_LOWER_CONSECUTIVE_EXCEEDED,
        SECOND_LOWER_CUMULATIVE_EXCEEDED,
    ],
    upper_limits: &[
        UPPER_CONSECUTIVE_EXCEEDED,
        UPPER_CUMULATIVE_EXCEEDED,
        SECOND_UPPER_CONSECUTIVE_EXCEEDED,
        SECOND_UPPER_CUMULATIVE_EXCEEDED,
        TRANSACTION_AMOUNT_EXCEEDED,
        DAYS_OFFLINE_EXCEEDED,
    ],
};
