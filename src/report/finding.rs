//! One finding.

use apdu::Bit;
use kernel::{
    Finding, Phase, Reason,
    finding::{Category, Certainty, Severity},
};
use serde::{Serialize, Serializer};

use super::{Source, evidence::EvidenceView, named};

/// One finding, as it may be shown.
#[derive(Debug, Serialize)]
pub struct FindingView {
    /// Which reason.
    #[serde(rename = "id", serialize_with = "named::one")]
    pub reason: Reason,
    /// In which box of the flow chart.
    #[serde(serialize_with = "named::one")]
    pub phase: Phase,
    /// What it did to the transaction.
    #[serde(serialize_with = "named::one")]
    pub severity: Severity,
    /// How sure it is.
    #[serde(serialize_with = "named::one")]
    pub certainty: Certainty,
    /// Whose fault, most likely first.
    #[serde(serialize_with = "named::all")]
    pub categories: Vec<Category>,
    /// The bit of the TVR it set.
    #[serde(serialize_with = "bit", skip_serializing_if = "Option::is_none")]
    pub tvr: Option<Bit>,
    /// The clause that rules the check.
    pub clause: &'static str,
    /// What was seen.
    pub(super) evidence: Vec<EvidenceView>,
}

impl FindingView {
    pub(super) fn new(finding: &Finding, source: Source<'_>) -> Self {
        let entry = finding.reason.entry();
        let evidence = finding.evidence.iter().map(|evidence| EvidenceView::new(evidence, source));
        Self {
            reason: finding.reason,
            phase: finding.phase,
            severity: finding.severity,
            certainty: finding.certainty,
            categories: entry.categories.to_vec(),
            tvr: finding.tvr,
            clause: entry.clause,
            evidence: evidence.filter(|evidence| !evidence.repeats(entry.id)).collect(),
        }
    }
}

fn bit<S: Serializer>(bit: &Option<Bit>, serializer: S) -> Result<S::Ok, S::Error> {
    match bit {
        Some(bit) => serializer.collect_str(bit),
        None => serializer.serialize_none(),
    }
}
