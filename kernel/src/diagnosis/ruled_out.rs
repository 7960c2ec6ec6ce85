//! What cannot be the root, because it was checked and was right.

use alloc::vec::Vec;

use apdu::{
    Bit,
    value::{CvmResult, CvmResults, tsi, tvr},
};

use crate::{
    finding::Phase,
    oda::report::Certificate,
    outcome::{Decision, Outcome},
};

/// Something that was checked and was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuledOut {
    /// This key, certificate or signature passed every check.
    Certificate(Certificate),
    /// Version, usage and dates allow this transaction.
    Restrictions,
    /// The cardholder was verified.
    CardholderVerification,
    /// The card trusts the issuer's answer.
    IssuerAuthentication,
    /// The host was reached and answered.
    Network,
}

impl RuledOut {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Certificate(certificate) => certificate.id(),
            Self::Restrictions => "restrictions",
            Self::CardholderVerification => "cardholder-verification",
            Self::IssuerAuthentication => "issuer-authentication",
            Self::Network => "network",
        }
    }
}

const RESTRICTION_BITS: [Bit; 4] =
    [tvr::DIFFERENT_VERSIONS, tvr::EXPIRED, tvr::NOT_YET_EFFECTIVE, tvr::SERVICE_NOT_ALLOWED];

/// What the outcome rules out; nothing when there is nothing to explain.
pub(super) fn by(outcome: &Outcome) -> Vec<RuledOut> {
    if outcome.decision == Decision::Approved {
        return Vec::new();
    }
    let mut ruled_out: Vec<RuledOut> = sound(outcome).map(RuledOut::Certificate).collect();
    // An analysis was made only after the restrictions.
    if !outcome.analyses.is_empty() && !RESTRICTION_BITS.iter().any(|bit| outcome.tvr.has(*bit)) {
        ruled_out.push(RuledOut::Restrictions);
    }
    if verified_without_trouble(outcome) {
        ruled_out.push(RuledOut::CardholderVerification);
    }
    let issuer_checked = outcome.tsi.has(tsi::ISSUER_AUTHENTICATION_PERFORMED);
    if issuer_checked && !outcome.tvr.has(tvr::ISSUER_AUTHENTICATION_FAILED) {
        ruled_out.push(RuledOut::IssuerAuthentication);
    }
    if outcome.online {
        ruled_out.push(RuledOut::Network);
    }
    ruled_out
}

/// Every key, certificate or kind of signature that was checked and never failed, once.
fn sound(outcome: &Outcome) -> impl Iterator<Item = Certificate> {
    let steps = &outcome.chain.steps;
    let sound = steps.iter().enumerate().filter(|(at, step)| {
        let of_the_same = || steps.iter().enumerate().filter(|(_, other)| other.certificate == step.certificate);
        of_the_same().all(|(_, other)| other.passed()) && of_the_same().all(|(other, _)| other >= *at)
    });
    sound.map(|(_, step)| step.certificate)
}

/// A method succeeded, and none before it failed: a PIN that was wrong until "no CVM" saved the day rules nothing out.
fn verified_without_trouble(outcome: &Outcome) -> bool {
    let success = |results: CvmResults| results.performed() && results.result() == CvmResult::Successful;
    let mut findings = outcome.log.findings.iter();
    let trouble = findings.any(|finding| finding.phase == Phase::CardholderVerification);
    outcome.cvm_results.is_some_and(success) && !trouble
}
