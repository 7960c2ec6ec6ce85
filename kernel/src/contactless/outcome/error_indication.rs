//! Error indication (`EMV Contactless Book C-2, Annex A`, `DF8115`); the other kernels say the same in the same words.

use core::fmt;

use apdu::StatusWord;

use super::{choices, user_interface::MessageId};

/// What went wrong, on which level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorIndication {
    /// Transmission.
    pub l1: L1,
    /// Card data.
    pub l2: L2,
    /// Terminal.
    pub l3: L3,
    /// The status word behind [`L2::StatusBytes`].
    pub status: Option<StatusWord>,
    /// The message shown for it.
    pub message: MessageId,
}

impl Default for ErrorIndication {
    fn default() -> Self {
        Self { l1: L1::Ok, l2: L2::Ok, l3: L3::Ok, status: None, message: MessageId::NotApplicable }
    }
}

impl ErrorIndication {
    /// As coded in `DF8115`.
    pub fn to_bytes(self) -> [u8; 6] {
        let [sw1, sw2] = self.status.map_or([0; 2], |status| status.0.to_be_bytes());
        [self.l1 as u8, self.l2 as u8, self.l3 as u8, sw1, sw2, self.message.code()]
    }
}

/// What went wrong, each part with a space before it; nothing when nothing did.
impl fmt::Display for ErrorIndication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let levels = [("l1", self.l1.id()), ("l2", self.l2.id()), ("l3", self.l3.id())];
        let wrong = levels.into_iter().filter(|(_, error)| *error != "ok");
        wrong.into_iter().try_for_each(|(level, error)| write!(f, " {level}={error}"))?;
        self.status.map_or(Ok(()), |status| write!(f, " sw={:04X}", status.0))
    }
}

choices! {
    /// Errors of transmission.
    L1 {
        /// None.
        Ok = "ok",
        /// The card did not answer in time, or left the field.
        TimeOut = "time-out",
        /// The answer was damaged.
        Transmission = "transmission",
        /// The card broke the protocol.
        Protocol = "protocol",
    }
}

choices! {
    /// Errors of the card's data, in the order of their codes.
    L2 {
        /// None.
        Ok = "ok",
        /// Card data missing.
        CardDataMissing = "card-data-missing",
        /// Card authentication failed.
        CamFailed = "cam-failed",
        /// A status word.
        StatusBytes = "status-bytes",
        /// Card data cannot be parsed.
        ParsingError = "parsing-error",
        /// A limit is exceeded.
        MaxLimitExceeded = "max-limit-exceeded",
        /// Card data are wrong.
        CardDataError = "card-data-error",
        /// Mag-stripe mode is not supported.
        MagStripeNotSupported = "mag-stripe-not-supported",
        /// There is no PPSE.
        NoPpse = "no-ppse",
        /// The PPSE is wrong.
        PpseFault = "ppse-fault",
        /// There is no candidate.
        EmptyCandidateList = "empty-candidate-list",
        /// Data storage: read error.
        IdsReadError = "ids-read-error",
        /// Data storage: write error.
        IdsWriteError = "ids-write-error",
        /// Data storage: data error.
        IdsDataError = "ids-data-error",
        /// Data storage: no matching cryptogram.
        IdsNoMatchingAc = "ids-no-matching-ac",
        /// Terminal data are wrong.
        TerminalDataError = "terminal-data-error",
    }
}

choices! {
    /// Errors of the terminal.
    L3 {
        /// None.
        Ok = "ok",
        /// It answered too late.
        TimeOut = "time-out",
        /// It stopped the transaction.
        Stop = "stop",
        /// It gave no amount.
        AmountNotPresent = "amount-not-present",
    }
}
