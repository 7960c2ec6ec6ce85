//! A failed check that is asked about.

use alloc::vec::Vec;

use super::{Change, Counterfactual, Passes, case::Case, rerun::Goal};
use crate::{
    finding::{Certainty, Fact, Finding, Phase, Reason},
    oda::report::Certificate,
};

/// One finding of a case.
pub(super) struct Question<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) at: usize,
    pub(super) finding: &'a Finding,
}

impl<'a> Question<'a> {
    /// The first finding of each reason in each phase: asking twice gives no other answer.
    pub(super) fn all(case: &'a Case<'a>) -> Vec<Self> {
        let findings = &case.outcome.log.findings;
        let mut questions: Vec<Self> = Vec::new();
        for (at, finding) in findings.iter().enumerate() {
            let same = |other: &Self| (other.reason(), other.phase()) == (finding.reason, finding.phase);
            if !questions.iter().any(same) {
                questions.push(Self { case, at, finding });
            }
        }
        questions
    }

    pub(super) fn reason(&self) -> Reason {
        self.finding.reason
    }

    pub(super) fn phase(&self) -> Phase {
        self.finding.phase
    }

    /// Whether the same phase also has a finding with this reason.
    pub(super) fn is_with(&self, reason: Reason) -> bool {
        let findings = &self.case.outcome.log.findings;
        findings.iter().any(|other| other.phase == self.phase() && other.reason == reason)
    }

    /// What the certificates were followed for.
    pub(super) fn goal(&self) -> Option<Goal> {
        match self.phase() {
            Phase::CardholderVerification => Some(Goal::PinKey),
            _ => self.case.method().map(Goal::Method),
        }
    }

    /// The exchange that the finding is about.
    pub(super) fn exchange(&self) -> Option<u16> {
        self.finding.evidence.iter().find_map(|evidence| evidence.place.exchange)
    }

    /// The answer that `check` passes with `change`.
    pub(super) fn answer(
        &self,
        change: Change,
        step: Option<Certificate>,
        check: Fact,
        whole_chain: bool,
    ) -> Counterfactual {
        let passes = Passes { step, check, whole_chain };
        Counterfactual { finding: self.at, change, passes, certainty: Certainty::Proven }
    }
}
