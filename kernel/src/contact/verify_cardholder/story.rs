//! What happened to each rule of the CVM list, for whoever asks why.

use alloc::vec::Vec;

use apdu::value::{CvmResult, CvmRule};

use super::rules::{Unmet, Unusable};
use crate::finding::Reason;

/// Every CVM rule visited, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CvmStory {
    /// Amounts X and Y of the list, in minor units of the application currency; `None` when there was no list to follow.
    pub amounts: Option<(u32, u32)>,
    /// The rules as they were visited. Those after the last one were not reached.
    pub visits: Vec<Visit>,
}

/// One rule visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The rule.
    pub rule: CvmRule,
    /// What became of it.
    pub step: Step,
}

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Its condition does not hold: skipped without consequences.
    Skipped(Unmet),
    /// Its condition holds, but the method cannot be performed here: failed.
    Unusable(Unusable),
    /// Its method was performed.
    Performed {
        /// How it went.
        result: CvmResult,
        /// Why it failed, when a finding says so.
        because: Option<Reason>,
    },
    /// The transaction ended while its method was performed.
    Stopped(Reason),
}

impl Step {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Skipped(_) => "skipped",
            Self::Unusable(Unusable::Unrecognised) => "unrecognised",
            Self::Unusable(Unusable::Unsupported(_)) => "unsupported",
            Self::Performed { .. } => "performed",
            Self::Stopped(_) => "stopped",
        }
    }
}
