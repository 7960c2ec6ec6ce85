//! Which finding is the root.

use apdu::{
    Bit,
    value::{CryptogramType, tvr},
};

use crate::{
    contact::{analyse::ActionAnalysis, verify_cardholder::Step},
    finding::{Certainty, Fact, Finding, Phase, Reason, Severity},
    outcome::{Decision, Outcome},
};

/// A finding sums up another one at most this many times over.
const DEPTH: usize = 4;

/// The root of `outcome`, as an index of its findings.
pub(super) fn of(outcome: &Outcome) -> Option<usize> {
    let first = match outcome.decision {
        // Only what a recorded terminal overlooked is a cause where everybody approved.
        Decision::Approved => with_severity(outcome, Severity::Cause),
        Decision::NotCompleted => with_severity(outcome, Severity::Fatal),
        Decision::Declined => failed_signature(outcome)
            .or_else(|| denied(outcome))
            .or_else(|| with_severity(outcome, Severity::Decline))
            .or_else(|| with_severity(outcome, Severity::Cause))
            // A tap has no action codes: without the issuer it is declined.
            .or_else(|| find(outcome, |finding| finding.phase == Phase::Online && is_network(finding.reason))),
    };
    (0..DEPTH).try_fold(first?, |at, _| Some(summed_up(at, outcome).unwrap_or(at)))
}

/// The first finding `found` holds for.
pub(super) fn find(outcome: &Outcome, found: impl Fn(&Finding) -> bool) -> Option<usize> {
    outcome.log.findings.iter().position(found)
}

fn with_severity(outcome: &Outcome, severity: Severity) -> Option<usize> {
    find(outcome, |finding| finding.severity == severity)
}

/// A CDA signature that failed ends in a decline whatever the action codes say.
fn failed_signature(outcome: &Outcome) -> Option<usize> {
    let with_cryptogram = |phase| matches!(phase, Phase::FirstGenerateAc | Phase::SecondGenerateAc);
    find(outcome, |finding| finding.tvr == Some(tvr::CDA_FAILED) && with_cryptogram(finding.phase))
}

/// The analysis that asked for the decline.
pub(super) fn denial(outcome: &Outcome) -> Option<&ActionAnalysis> {
    outcome.analyses.last().filter(|analysis| analysis.request == CryptogramType::Aac)
}

/// What the action codes turned into a decline: the network when there was none, else the first bit's finding. A bit that
/// no finding set leaves the finding of the decline itself.
fn denied(outcome: &Outcome) -> Option<usize> {
    let analysis = denial(outcome)?;
    let bits = |finding: &Finding| analysis.deciding_bits().any(|hit| stands_behind(finding, hit.bit));
    find(outcome, |finding| finding.phase == Phase::Online && is_network(finding.reason))
        .or_else(|| find(outcome, |finding| finding.phase <= Phase::RiskManagement && bits(finding)))
        .or_else(|| find(outcome, bits))
        .or_else(|| find(outcome, |finding| is_denial(finding.reason)))
}

/// Whether the finding set this bit, or is why authentication failed, which has a bit of its own beside that of what was
/// missing.
fn stands_behind(finding: &Finding, bit: Bit) -> bool {
    let is_method = [tvr::SDA_FAILED, tvr::DDA_FAILED, tvr::CDA_FAILED].contains(&bit);
    let missing = finding.phase == Phase::Authentication && finding.tvr == Some(tvr::ICC_DATA_MISSING);
    finding.tvr == Some(bit) || (is_method && missing)
}

pub(super) fn is_network(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::NetNoLink | Reason::NetConnectTimeout | Reason::NetNoAnswer | Reason::Host20InvalidResponse
    )
}

/// It only says why the issuer is to be asked: nothing failed.
pub(super) fn only_asks_for_the_issuer(finding: &Finding) -> bool {
    matches!(
        finding.reason,
        Reason::TrmFloor
            | Reason::TrmRandom
            | Reason::TrmForced
            | Reason::TrmLcol
            | Reason::TrmUcol
            | Reason::TrmNewcard
    )
}

pub(super) fn is_denial(reason: Reason) -> bool {
    matches!(reason, Reason::TaaDeniedOffline | Reason::TaaDeniedUnableOnline | Reason::TaaDeniedOfflineOnly)
}

/// The finding that the one at `at` only sums up.
pub(super) fn summed_up(at: usize, outcome: &Outcome) -> Option<usize> {
    let finding = outcome.log.findings.get(at)?;
    let same_phase =
        |reasons: &[Reason]| find(outcome, |other| other.phase == finding.phase && reasons.contains(&other.reason));
    match finding.reason {
        Reason::CvmFailed => unverified(outcome),
        Reason::CvmPtl => same_phase(&[Reason::PinBlocked]),
        Reason::PinKeyRecoveryFailed => {
            find(outcome, |other| other.phase == finding.phase && other.reason.id().starts_with("oda-"))
        }
        Reason::OdaNotPerformed => same_phase(&[Reason::OdaNoCommonMethod]),
        Reason::OdaIccCertHash => find(outcome, |other| {
            let said = other.phase == finding.phase && other.severity > Severity::Info;
            said && other.reason == Reason::OdaIccCertStaticDataChanged
        }),
        Reason::IccDataMissing => {
            find(outcome, |other| other.phase == finding.phase && other.reason.id().contains("-missing-"))
        }
        Reason::CardRefusedAfterOnline => refused(outcome),
        Reason::CardDeclinedFirstGac => told_by_card(outcome),
        Reason::TaaDeniedOffline => denied_elsewhere(outcome),
        Reason::PolicyOdaFailed => find(outcome, failed_authentication),
        Reason::PolicyCvmRefused => unverified(outcome),
        Reason::PolicyRidIin => find(outcome, |other| other.reason == Reason::CardRidIinMismatch),
        Reason::PolicyCvrMismatch => find(outcome, |other| other.reason == Reason::CvmCvrMismatch),
        Reason::PolicyPinCounter => find(outcome, |other| other.reason == Reason::PinCounterStuck),
        Reason::PolicyIssuerNotAuthenticated => find(outcome, distrusted),
        Reason::PolicyRrp => find(outcome, |other| matches!(other.reason, Reason::KRrpTooSlow | Reason::KRrpThreshold)),
        Reason::Host54Expired | Reason::Host33ExpiredCapture => find(outcome, is_expired),
        reason if says_no_more_than_no(reason) => find(outcome, failed_authentication),
        _ => None,
    }
}

/// Why another terminal declined, whose action codes nobody knows: a check that failed, or else what asks for the issuer.
fn denied_elsewhere(outcome: &Outcome) -> Option<usize> {
    if denial(outcome).is_some() {
        return None;
    }
    let caused = |finding: &Finding| finding.severity == Severity::Cause && finding.tvr.is_some();
    let failed = |finding: &Finding| caused(finding) && !only_asks_for_the_issuer(finding);
    find(outcome, |finding| finding.phase <= Phase::RiskManagement && failed(finding))
        .or_else(|| find(outcome, failed))
        .or_else(|| find(outcome, caused))
}

/// The issuer distrusts the card, or gives no reason.
fn says_no_more_than_no(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Host05DoNotHonour
            | Reason::Host59SuspectedFraud
            | Reason::Host63Security
            | Reason::Host82Cvv
            | Reason::HostA7Security
            | Reason::HostOther
    )
}

/// The issuer was told that the card is not what it was.
fn failed_authentication(finding: &Finding) -> bool {
    let failed = [tvr::SDA_FAILED, tvr::DDA_FAILED, tvr::CDA_FAILED, tvr::ICC_DATA_MISSING];
    let is_authentication = finding.phase == Phase::Authentication || finding.tvr == Some(tvr::CDA_FAILED);
    is_authentication && finding.severity > Severity::Info && finding.tvr.is_some_and(|bit| failed.contains(&bit))
}

fn is_expired(finding: &Finding) -> bool {
    finding.reason == Reason::RestrictExpired
}

/// Why the card refused what the issuer had approved: what it answered last, else what came to it before.
fn refused(outcome: &Outcome) -> Option<usize> {
    let answered = |other: &Finding| other.phase == Phase::SecondGenerateAc && other.reason.id().starts_with("genac-");
    let blocked = |other: &Finding| other.phase == Phase::ScriptsBefore && other.reason == Reason::ScriptCardBlocked;
    let distrusted = |other: &Finding| distrusted(other) || other.reason == Reason::ScriptMacFailed;
    let known = find(outcome, answered).or_else(|| find(outcome, blocked)).or_else(|| find(outcome, distrusted));
    known.or_else(|| told_by_card(outcome))
}

/// The issuer has not shown that it is the issuer.
fn distrusted(finding: &Finding) -> bool {
    matches!(finding.reason, Reason::IssuerAuthFailed | Reason::IssuerAuthMissing)
}

/// Why the card declined, when its verification results say it plainly.
fn told_by_card(outcome: &Outcome) -> Option<usize> {
    let told = |finding: &Finding| finding.evidence.iter().any(|seen| seen.fact == Fact::CardVerificationResults);
    find(outcome, |finding| told(finding) && finding.certainty >= Certainty::Likely)
}

/// Why the last method that was tried failed, or why none could be.
fn unverified(outcome: &Outcome) -> Option<usize> {
    let because = outcome.cvm.visits.iter().rev().find_map(|visit| match visit.step {
        Step::Performed { because, .. } => because,
        Step::Stopped(reason) => Some(reason),
        Step::Skipped(_) | Step::Unusable(_) => None,
    });
    let reasons = because.map_or([Reason::CvmUnsupported, Reason::CvmUnrecognised], |because| [because; 2]);
    let found = |finding: &Finding| finding.phase == Phase::CardholderVerification && reasons.contains(&finding.reason);
    outcome.log.findings.iter().rposition(found)
}
