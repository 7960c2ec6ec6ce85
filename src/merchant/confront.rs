//! Words against findings: which candidates the findings confirm, which they rule out, which are open.

use kernel::{Reason, diagnosis::RuledOut};
use serde::{Serialize, Serializer};

use super::{
    Match,
    proof::{self, Place, Proof},
};

/// What was seen of the transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen<'a> {
    /// The reasons of all findings.
    pub findings: &'a [Reason],
    /// The root; `None` when it was approved or could not be explained.
    pub primary: Option<Reason>,
    /// What was checked and was right.
    pub ruled_out: &'a [RuledOut],
}

/// What the findings say to the words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Confrontation {
    /// Candidates that were found, the root first.
    #[serde(serialize_with = "ids")]
    pub agrees: Vec<Reason>,
    /// The root when it is none of the candidates: the words say something else.
    #[serde(serialize_with = "id", skip_serializing_if = "Option::is_none")]
    pub differs: Option<Reason>,
    /// Candidates that cannot be, each with what rules it out.
    pub ruled_out: Vec<RuledOutCandidate>,
    /// Candidates nothing was seen of, each with what could show it; in the order to test them.
    pub open: Vec<OpenCandidate>,
}

/// A candidate that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RuledOutCandidate {
    /// The candidate.
    #[serde(rename = "id", serialize_with = "one")]
    pub reason: Reason,
    /// What rules it out.
    pub by: Objection,
}

/// A candidate nothing was seen of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OpenCandidate {
    /// The candidate.
    #[serde(rename = "id", serialize_with = "one")]
    pub reason: Reason,
    /// What could show it.
    pub provable_by: Proof,
}

/// What rules a candidate out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "what")]
pub enum Objection {
    /// The transaction went on to where this was found.
    WentOn(#[serde(serialize_with = "one")] Reason),
    /// The transaction had ended with this before.
    HadEnded(#[serde(serialize_with = "one")] Reason),
    /// The host gave this code, not that.
    OtherCode(#[serde(serialize_with = "one")] Reason),
    /// This was checked and was right.
    Checked(#[serde(serialize_with = "check")] RuledOut),
}

/// Holds the candidates of `said` against what was seen.
pub fn confront(said: &Match<'_>, seen: Seen<'_>) -> Confrontation {
    let candidates = said.candidates();
    let mut confrontation = Confrontation { differs: seen.primary, ..Confrontation::default() };
    let furthest = furthest(seen);
    for reason in candidates {
        if seen.primary == Some(reason) {
            confrontation.differs = None;
            confrontation.agrees.insert(0, reason);
        } else if seen.findings.contains(&reason) {
            confrontation.agrees.push(reason);
        } else if let Some(by) = objection(reason, seen, furthest) {
            confrontation.ruled_out.push(RuledOutCandidate { reason, by });
        } else {
            confrontation.open.push(OpenCandidate { reason, provable_by: Proof::of(reason) });
        }
    }
    confrontation
}

/// The finding of the latest stage.
fn furthest(seen: Seen<'_>) -> Option<(Reason, Place)> {
    let placed = seen.findings.iter().chain(&seen.primary).filter_map(|reason| Some((*reason, proof::place(*reason)?)));
    placed.max_by_key(|(_, place)| (place.stage, place.ends))
}

fn objection(candidate: Reason, seen: Seen<'_>, furthest: Option<(Reason, Place)>) -> Option<Objection> {
    let checked = seen.ruled_out.iter().find(|check| proof::excludes(check.id(), candidate));
    let other_code = || seen.findings.iter().chain(&seen.primary).find(|found| proof::is_response_code(**found));
    let by_code =
        || other_code().filter(|_| proof::is_response_code(candidate)).map(|found| Objection::OtherCode(*found));
    checked.map(|check| Objection::Checked(*check)).or_else(by_code).or_else(|| by_course(candidate, seen, furthest?))
}

fn by_course(candidate: Reason, seen: Seen<'_>, (found, reached): (Reason, Place)) -> Option<Objection> {
    let place = proof::place(candidate)?;
    let ended = reached.decides || (reached.ends && seen.primary == Some(found));
    if place.ends && place.stage < reached.stage {
        Some(Objection::WentOn(found))
    } else if ended && place.stage > reached.stage {
        Some(Objection::HadEnded(found))
    } else {
        None
    }
}

impl Confrontation {
    /// What to capture for the candidates that are open, in the order to test them; each once.
    pub fn captures(&self) -> Vec<Proof> {
        let mut captures = Vec::new();
        for open in &self.open {
            if !captures.contains(&open.provable_by) {
                captures.push(open.provable_by);
            }
        }
        captures
    }
}

fn one<S: Serializer>(reason: &Reason, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(reason.id())
}

fn id<S: Serializer>(reason: &Option<Reason>, serializer: S) -> Result<S::Ok, S::Error> {
    reason.map(Reason::id).serialize(serializer)
}

fn ids<S: Serializer>(reasons: &[Reason], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(reasons.iter().map(|reason| reason.id()))
}

fn check<S: Serializer>(check: &RuledOut, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(check.id())
}
