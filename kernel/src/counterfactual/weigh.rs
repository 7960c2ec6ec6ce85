//! What the changes that make a check pass say about its finding.

use apdu::{Tag, tag};

use super::{Change, Counterfactual};
use crate::{
    finding::{Certainty, Fact, Finding, Phase, Reason, Severity},
    outcome::Outcome,
};

/// Makes the findings of `outcome` as sure as `found` proves them, and tells apart what a wrong hash alone does not: whether
/// it is the card's signed data that were changed, or the key beside its certificate.
pub fn weigh(outcome: &mut Outcome, found: &[Counterfactual]) {
    for answer in found {
        let Some(finding) = outcome.log.findings.get_mut(answer.finding) else { continue };
        finding.certainty = answer.raises(finding);
        let (reason, phase) = (finding.reason, finding.phase);
        let is_about_hash = matches!(reason, Reason::OdaIccCertHash | Reason::OdaIccCertStaticDataChanged);
        match changed(&answer.change).filter(|_| is_about_hash) {
            Some(Changed::StaticData) if reason == Reason::OdaIccCertHash => say_static_data(outcome, answer.finding),
            Some(Changed::BesideCertificate) => unsay_static_data(outcome, phase),
            _ => {}
        }
    }
}

/// What was otherwise when the card's certificate was signed.
enum Changed {
    StaticData,
    BesideCertificate,
}

fn changed(change: &Change) -> Option<Changed> {
    match change {
        Change::RemainderLeftOut { .. }
        | Change::RemainderTrimmed { .. }
        | Change::RemainderElsewhere { .. }
        | Change::Exponent { .. } => Some(Changed::BesideCertificate),
        Change::Byte { place, .. } if place.tag.is_some_and(is_beside) => Some(Changed::BesideCertificate),
        Change::AipLeftOut {}
        | Change::AipAdded {}
        | Change::Aip { .. }
        | Change::RecordLeftOut { .. }
        | Change::RecordAdded { .. }
        | Change::RecordOrder { .. }
        | Change::RecordForm { .. }
        | Change::Object { .. }
        | Change::Byte { .. }
        | Change::SequenceNumberLength { .. } => Some(Changed::StaticData),
        _ => None,
    }
}

fn is_beside(tag: Tag) -> bool {
    matches!(tag, tag::ICC_PUBLIC_KEY_REMAINDER_9F48 | tag::ICC_PUBLIC_KEY_EXPONENT_9F47)
}

/// The finding at `at` is a wrong hash, and the static data explain it.
fn say_static_data(outcome: &mut Outcome, at: usize) {
    let Some(hash) = outcome.log.findings.get(at) else { return };
    let evidence = hash.evidence.iter().filter(|evidence| evidence.fact == Fact::Hash).cloned();
    let mut finding = Finding::new(Reason::OdaIccCertStaticDataChanged).severity(hash.severity);
    (finding.phase, finding.certainty, finding.tvr) = (hash.phase, Certainty::Proven, hash.tvr);
    finding.evidence.extend(evidence);
    outcome.log.findings.push(finding);
}

/// Nothing is said of the static data: it stays a note, so that findings keep their places.
fn unsay_static_data(outcome: &mut Outcome, phase: Phase) {
    let hint = |finding: &&mut Finding| finding.phase == phase && finding.reason == Reason::OdaIccCertStaticDataChanged;
    if let Some(finding) = outcome.log.findings.iter_mut().find(hint) {
        (finding.severity, finding.certainty) = (Severity::Info, Certainty::Hint);
    }
}
