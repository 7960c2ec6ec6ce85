//! The line of JSON for one trace.

use kernel::{
    counterfactual::Counterfactual,
    diagnosis::{Diagnosis, Link, diagnose, weak_points},
    observe::{Class, Observation},
};
use readers::trace::{self, Trace};
use serde::Serialize;

use super::source::Problem;

/// Name and version of a line.
pub const SCHEMA: &str = "emvident.batch/1";

/// The class of a trace that could not be read.
pub(super) const UNREADABLE: &str = "unreadable";

/// What one trace came to. Ids alone, and what the caller named the trace: nothing a card or terminal sent.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    schema: &'static str,
    name: &'a str,
    #[serde(flatten)]
    body: &'a Body,
}

impl<'a> Line<'a> {
    pub fn new(name: &'a str, body: &'a Body) -> Self {
        Self { schema: SCHEMA, name, body }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Body {
    Read(Verdict),
    Unreadable { class: &'static str, error: Broken },
}

/// What is wrong with a trace that cannot be read.
#[derive(Serialize)]
pub(super) struct Broken {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    problem: String,
}

/// What a trace came to: its last attempt, and the ones before in a word each.
#[derive(Serialize)]
pub(super) struct Verdict {
    #[serde(flatten)]
    pub last: Attempt,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Attempt>,
    format: &'static str,
    exchanges: usize,
    skipped: usize,
}

#[derive(Serialize)]
pub(super) struct Attempt {
    pub class: &'static str,
    decided_by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Root>,
    /// What to capture to know more.
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<&'static str>,
    /// Findings that followed from the root.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    followed: Vec<&'static str>,
    /// Findings that are no part of this.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weak: Vec<&'static str>,
}

#[derive(Serialize)]
pub(super) struct Root {
    pub id: &'static str,
    certainty: &'static str,
    blame: Vec<&'static str>,
    /// Single changes with which the failed check passes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    would_pass: Vec<&'static str>,
}

impl From<Result<Verdict, Broken>> for Body {
    fn from(result: Result<Verdict, Broken>) -> Self {
        match result {
            Ok(verdict) => Self::Read(verdict),
            Err(error) => Self::Unreadable { class: UNREADABLE, error },
        }
    }
}

impl Broken {
    pub fn unreadable(problem: &Problem) -> Self {
        let (kind, problem) = match problem {
            Problem::Io(error) => ("io", error.to_string()),
            Problem::Kind => ("not-a-file", "neither file nor folder".to_owned()),
            Problem::LineTooLong => ("line-too-long", format!("more than {} bytes in one line", super::MAX_LINE)),
        };
        Self { kind, line: None, column: None, problem }
    }

    /// `line` is where the text of the trace starts.
    pub fn not_a_trace(error: &trace::Error) -> Self {
        let problem = format!("expected {}, found {}", error.expected, error.found);
        let (line, column) = (Some(error.line), Some(error.column));
        Self { kind: "trace", line, column, problem }
    }

    pub fn other(kind: &'static str, problem: String) -> Self {
        Self { kind, line: None, column: None, problem }
    }
}

impl Verdict {
    pub fn new(trace: &Trace, attempts: Vec<Attempt>) -> Self {
        let mut earlier = attempts;
        let last = earlier.pop().unwrap_or_else(Attempt::none);
        let (exchanges, skipped) = (trace.exchanges.len(), trace.skipped.total());
        Self { last, earlier, format: trace.format.id(), exchanges, skipped }
    }
}

impl Attempt {
    /// `would_pass` are the changes that would have made failed checks pass.
    pub fn new(observation: &Observation, would_pass: &[Counterfactual]) -> Self {
        let outcome = &observation.outcome;
        let diagnosis = diagnose(outcome);
        let id = |at: &usize| outcome.log.findings.get(*at).map(|finding| finding.reason.id());
        let class = observation.class();
        Self {
            class: class.id(),
            decided_by: outcome.decided_by.id(),
            capture: if let Class::CannotTell(gap) = class { Some(gap.id()) } else { None },
            followed: followed(&diagnosis).filter_map(id).collect(),
            also: diagnosis.others.iter().filter_map(id).collect(),
            weak: weak_points(outcome).iter().map(|weakness| weakness.id()).collect(),
            root: Root::new(observation, &diagnosis, would_pass),
        }
    }

    /// A trace without a command for a card.
    fn none() -> Self {
        let (class, capture) = ("cannot-tell", Some("application"));
        let (followed, also, weak) = (Vec::new(), Vec::new(), Vec::new());
        Self { class, decided_by: "nobody", root: None, capture, followed, also, weak }
    }
}

/// The findings that followed from the root, without the root.
fn followed(diagnosis: &Diagnosis) -> impl Iterator<Item = &usize> {
    let findings = diagnosis.consequences.iter().filter_map(|link| match link {
        Link::Finding(at) => Some(at),
        _ => None,
    });
    findings.filter(|at| diagnosis.primary != Some(**at))
}

impl Root {
    fn new(observation: &Observation, diagnosis: &Diagnosis, would_pass: &[Counterfactual]) -> Option<Self> {
        let at = diagnosis.primary?;
        let finding = observation.outcome.log.findings.get(at)?;
        let certainty = finding.certainty;
        let answers = would_pass.iter().filter(|answer| answer.finding == at);
        let mut would_pass: Vec<_> = answers.map(|answer| answer.change.id()).collect();
        would_pass.dedup();
        Some(Self {
            id: finding.reason.id(),
            certainty: certainty.id(),
            blame: diagnosis.blame.iter().map(|category| category.id()).collect(),
            would_pass,
        })
    }
}
