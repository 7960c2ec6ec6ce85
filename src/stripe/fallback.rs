//! Which failures of the chip open fall-back to the stripe (`EMV 4.4 Book 4, 6.6`; scheme rules).

use kernel::Reason;

/// What a failure of the chip means for the stripe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Technical: the stripe may be used.
    Technical,
    /// The card has no application the terminal knows: only where the scheme permits.
    SchemePermits,
    /// The chip worked and said no, or somebody did: never.
    Never,
}

/// Families of technical failures.
const TECHNICAL: [&str; 4] = ["afl-", "rec-", "transport-error", "transport-timeout"];

impl Opening {
    /// What the chip's failure by `reason` means.
    pub fn after(reason: Reason) -> Self {
        match reason {
            Reason::CardNoAtr
            | Reason::CardAtrInvalid
            | Reason::TransportLengthMismatch
            | Reason::SelFciFormat
            | Reason::GpoSw
            | Reason::GpoFormat => Self::Technical,
            Reason::SelNoCommonApp => Self::SchemePermits,
            other if TECHNICAL.iter().any(|family| other.id().starts_with(family)) => Self::Technical,
            _ => Self::Never,
        }
    }

    /// Whether a chip answered before it failed by `reason`, so that the card has one.
    pub fn shows_a_chip(reason: Reason) -> bool {
        let families = ["sel-", "gpo-", "afl-", "rec-", "oda-", "restrict-", "pin-", "genac-", "taa-", "card-declined"];
        families.iter().any(|family| reason.id().starts_with(family))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn technical_failures_open_it_and_refusals_do_not() {
        use Opening::{Never, SchemePermits, Technical};
        let cases = [
            (Reason::CardNoAtr, Technical),
            (Reason::CardAtrInvalid, Technical),
            (Reason::TransportTimeout, Technical),
            (Reason::TransportError, Technical),
            (Reason::SelFciFormat, Technical),
            (Reason::GpoSw, Technical),
            (Reason::AflInvalid, Technical),
            (Reason::RecSw, Technical),
            (Reason::SelNoCommonApp, SchemePermits),
            (Reason::SelCardBlocked, Never),
            (Reason::SelAppBlocked, Never),
            (Reason::GpoNotAllowed, Never),
            (Reason::CardDeclinedFirstGac, Never),
            (Reason::PinBlocked, Never),
            (Reason::RestrictExpired, Never),
            (Reason::UserCancelled, Never),
            (Reason::OdaSdadHash, Never),
            (Reason::IssuerAuthFailed, Never),
            (Reason::Host05DoNotHonour, Never),
            (Reason::TransportTraceIncomplete, Never),
        ];
        for (reason, wanted) in cases {
            assert_eq!(Opening::after(reason), wanted, "{}", reason.id());
        }
    }
}
