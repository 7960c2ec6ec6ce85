//! Whether a stripe must be refused.

use apdu::value::{Pan, ServiceCode};
use kernel::finding::Severity;

use super::{Circumstances, Finding, Part, Track, check, frame::Check};

/// What is to be said about a stripe. It holds nothing that must not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Card number, its middle hidden.
    pub card_number: Option<String>,
    /// Expiry month as `YYYY-MM`.
    pub expiry: Option<String>,
    /// Service code.
    pub service_code: Option<ServiceCode>,
    /// The check character.
    pub check: Check,
    /// Whether the last digit of the card number is right.
    pub check_digit: Option<bool>,
    /// Characters between the sentinels.
    pub length: usize,
    /// Digits the issuer adds.
    pub discretionary: usize,
    /// What the checks have to say, what refuses the stripe first.
    pub findings: Vec<Finding>,
}

/// Judges `track`.
pub fn judge(track: &Track, circumstances: &Circumstances) -> Verdict {
    let mut findings: Vec<Finding> = check::ALL.iter().flat_map(|check| check(track, circumstances)).collect();
    findings.sort_by_key(|finding| core::cmp::Reverse(finding.severity));
    Verdict {
        card_number: track.number.as_ref().map(Pan::to_string),
        expiry: track.expires().map(|expires| format!("{}-{:02}", expires.year(), expires.month())),
        service_code: match track.service_code {
            Part::Given(code) => Some(code),
            _ => None,
        },
        check: track.check,
        check_digit: track.number.as_ref().map(Pan::luhn_is_valid),
        length: track.length,
        discretionary: track.discretionary_length(),
        findings,
    }
}

impl Verdict {
    /// Whether the terminal must refuse the stripe.
    pub fn must_refuse(&self) -> bool {
        self.findings.first().is_some_and(|finding| finding.severity >= Severity::Decline)
    }
}
