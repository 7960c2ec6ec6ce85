//! What an approving terminal should have seen, and did not.
//!
//! The terminal's results are clean, this kernel's are not: then the recording is not what the terminal saw, or the terminal
//! does not check. Either is worth more than a note, when it is sure: a key that this kernel does not have proves nothing.

use apdu::value::{Tvr, tvr};

use super::{Assumption, Class, Difference, Observation};
use crate::{
    counterfactual::Counterfactual,
    finding::{Finding, Reason, Severity},
};

impl Observation {
    /// Makes the first check that failed, and that the approving terminal says did not, the root of what there is to
    /// explain. `found` are the changes that would have made checks pass: they prove what a missing key alone does not.
    pub fn take_overlooked(&mut self, found: &[Counterfactual]) {
        let Some(only_ours) = self.only_ours().filter(|_| self.class() == Class::Approved) else { return };
        let sure = |(at, finding): &(usize, &Finding)| {
            let overlooked = failed(finding, only_ours) && finding.severity > Severity::Info;
            let other_key = || found.iter().any(|answer| answer.finding == *at);
            overlooked && (self.is_sure(finding.reason) || finding.reason == Reason::OdaCapkNotFound && other_key())
        };
        let findings = &self.outcome.log.findings;
        let first = findings.iter().enumerate().find(sure).map(|(at, _)| at);
        if let Some(finding) = first.and_then(|at| self.outcome.log.findings.get_mut(at)) {
            finding.severity = Severity::Cause;
        }
    }

    fn only_ours(&self) -> Option<Tvr> {
        self.differences.iter().find_map(|difference| match difference {
            Difference::VerificationBits { only_ours, .. } => Some(*only_ours),
            _ => None,
        })
    }

    /// Whether cryptography proves the finding, without anything that was assumed of the terminal. Restrictions are the
    /// terminal's to overlook: some programs that stand in for one never check them.
    fn is_sure(&self, reason: Reason) -> bool {
        let assumed = |assumption| self.recovered.assumed.contains(&assumption);
        match reason {
            Reason::OdaIssuerCertExpired | Reason::OdaIccCertExpired => !assumed(Assumption::Date),
            Reason::OdaCapkNotFound | Reason::OdaNotPerformed | Reason::OdaNoCommonMethod => false,
            reason => reason.id().starts_with("oda-") && !reason.id().starts_with("oda-capk-"),
        }
    }
}

/// Whether one of these bits is this finding's, or that of the method that failed with it.
fn failed(finding: &Finding, bits: Tvr) -> bool {
    let methods = [tvr::SDA_FAILED, tvr::DDA_FAILED, tvr::CDA_FAILED];
    let method = finding.tvr == Some(tvr::ICC_DATA_MISSING) && methods.iter().any(|bit| bits.has(*bit));
    method || finding.tvr.is_some_and(|bit| bits.has(bit))
}
