//! From findings to an explanation: which finding is the root, what followed from it, what else was seen, what can be
//! excluded, what to do. Facts only; nothing here is text for people.
//!
//! The rules, in their order:
//! 1. A transaction that was not completed has the finding that ended it for its root.
//! 2. A decline has the check that failed, when an action code or a failed signature turned it into the decline; when
//!    going online was not possible, what kept it from the host; else what the issuer said; else what the card said.
//! 3. A finding that only sums up another one is a consequence of that one.
//! 4. What a wrong clock explains as well names the clock beside the card.
//! 5. An attack is blamed only when cryptography proves one; else it is named after the other possibilities.
//! 6. When the issuer may have booked the amount, the first advice is to look that up.
#![cfg(feature = "explain")]

mod advice;
mod consequence;
mod root;
mod ruled_out;
pub mod unpredictable;
pub mod weakness;

use alloc::vec::Vec;

use crate::{
    finding::{Category, Reason, Remedy},
    outcome::Outcome,
};

pub use consequence::Link;
pub use ruled_out::RuledOut;
pub use weakness::{Weakness, weak_points};

/// The explanation of one outcome. Findings are named by their index in the outcome's log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// The root; `None` when the transaction was approved and nothing was overlooked, or when nothing that was seen explains the end.
    pub primary: Option<usize>,
    /// Whose fault the root is, most likely first.
    pub blame: Vec<Category>,
    /// What followed from the root, step by step, down to the decision. It begins with the root itself.
    pub consequences: Vec<Link>,
    /// The findings that are no part of this, the more severe first.
    pub others: Vec<usize>,
    /// Reasons nobody proved that would explain what was seen as well.
    pub suspicions: Vec<Reason>,
    /// What cannot be the root, because it was checked and was right.
    pub ruled_out: Vec<RuledOut>,
    /// What the merchant can do, first things first.
    pub remedies: Vec<Remedy>,
}

/// Explains `outcome`.
pub fn diagnose(outcome: &Outcome) -> Diagnosis {
    let primary = root::of(outcome);
    let consequences = primary.map(|primary| consequence::from(primary, outcome)).unwrap_or_default();
    Diagnosis {
        primary,
        blame: primary.and_then(|at| outcome.log.findings.get(at)).map(advice::blame).unwrap_or_default(),
        others: others(outcome, &consequences),
        suspicions: advice::suspicions(outcome),
        ruled_out: ruled_out::by(outcome),
        remedies: advice::remedies(primary, outcome),
        consequences,
    }
}

fn others(outcome: &Outcome, consequences: &[Link]) -> Vec<usize> {
    let told = |at: usize| consequences.contains(&Link::Finding(at));
    let mut others: Vec<usize> = (0..outcome.log.findings.len()).filter(|at| !told(*at)).collect();
    let severity = |at: &usize| outcome.log.findings.get(*at).map(|finding| finding.severity);
    others.sort_by_key(|at| (core::cmp::Reverse(severity(at)), weight(*at, outcome)));
    others
}

/// Among findings of the same severity: what others only sum up, what nobody sums up, what sums up, and last what failed
/// nothing.
fn weight(at: usize, outcome: &Outcome) -> u8 {
    let Some(finding) = outcome.log.findings.get(at) else { return u8::MAX };
    let mut all = 0..outcome.log.findings.len();
    match () {
        () if root::only_asks_for_the_issuer(finding) => 3,
        () if root::summed_up(at, outcome).is_some_and(|other| other != at) => 2,
        () if all.any(|other| other != at && root::summed_up(other, outcome) == Some(at)) => 0,
        () => 1,
    }
}

#[cfg(test)]
mod tests;
