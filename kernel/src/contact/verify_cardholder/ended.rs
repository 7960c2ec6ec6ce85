//! How a CVM ends.

use apdu::{
    Bit, Card,
    value::{CvmResult, tvr},
};

use crate::{
    finding::{Evidence, Finding, Reason},
    point_of_sale::PointOfSale,
    session::{Session, Stop},
};

/// How a method ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// It was performed to its end.
    Done(CvmResult),
    /// It failed.
    Failed {
        /// The reason of the finding that says why, already reported.
        because: Reason,
        /// The TVR bit it sets.
        sets: Option<Bit>,
    },
}

impl Ended {
    /// Reports why a method failed.
    pub(super) fn failed<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, finding: Finding) -> Self {
        let (because, sets) = (finding.reason, finding.tvr);
        session.report(finding);
        Self::Failed { because, sets }
    }

    /// The TVR bit it sets.
    pub(super) fn sets(self) -> Option<Bit> {
        match self {
            Self::Failed { sets, .. } => sets,
            Self::Done(_) => None,
        }
    }
}

/// A PIN was skipped: that fails the method where it is allowed, and ends the transaction where it is not.
pub(super) fn pin_bypassed<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) -> Result<Ended, Stop> {
    if !session.terminal.pin.bypass_allowed {
        return Err(session.stop(Finding::new(Reason::PinBypassed)));
    }
    Ok(Ended::failed(session, Finding::new(Reason::CvmBypass).sets(tvr::PIN_NOT_ENTERED)))
}

pub(super) fn pin_pad_failed<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) -> Ended {
    Ended::failed(session, Finding::new(Reason::CvmPinpad).sets(tvr::PIN_PAD_FAILED))
}

pub(super) fn cancelled<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, evidence: Option<Evidence>) -> Stop {
    stopped(session, Reason::PinCancelled, evidence)
}

pub(super) fn timed_out<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, evidence: Option<Evidence>) -> Stop {
    stopped(session, Reason::PinTimeout, evidence)
}

fn stopped<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    reason: Reason,
    evidence: Option<Evidence>,
) -> Stop {
    let mut finding = Finding::new(reason);
    finding.evidence.extend(evidence);
    session.stop(finding)
}
