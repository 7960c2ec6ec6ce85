//! Whether an export says what the original says, and no card number.

use apdu::value::{Pan, Tvr};
use kernel::{diagnosis::diagnose, observe::Observation};
use readers::{Transcript, trace, trace::Trace};

use super::ExportError;
use crate::explain::{Explainer, Search};

/// What must not change in an attempt.
#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    class: &'static str,
    root: Option<&'static str>,
    findings: Vec<&'static str>,
    tvr: Tvr,
}

/// The attempts that are explained in another way, by number from 1.
pub(super) fn differing(
    explainer: &Explainer,
    original: &Trace,
    export: &Transcript,
) -> Result<Vec<usize>, ExportError> {
    let export = trace::read(export.to_string().as_bytes(), None)?;
    let (before, after) = (verdicts(explainer, original)?, verdicts(explainer, &export)?);
    let count = before.len().max(after.len());
    Ok((0..count).filter(|at| before.get(*at) != after.get(*at)).map(|at| at.saturating_add(1)).collect())
}

fn verdicts(explainer: &Explainer, trace: &Trace) -> Result<Vec<Verdict>, ExportError> {
    let own = explainer.own_terminal(trace)?;
    let explainer = explainer.knowing(trace);
    let mut attempts = explainer.observe(trace, own.as_ref().unwrap_or(explainer.base()));
    Ok(attempts.iter_mut().map(|attempt| verdict(&explainer, attempt)).collect())
}

fn verdict(explainer: &Explainer, attempt: &mut Observation) -> Verdict {
    explainer.weighed(attempt, Search::Whole);
    let findings = &attempt.outcome.log.findings;
    let root = diagnose(&attempt.outcome).primary.and_then(|at| findings.get(at));
    let mut all: Vec<_> = findings.iter().map(|finding| finding.reason.id()).collect();
    all.sort_unstable();
    Verdict {
        class: attempt.class().id(),
        root: root.map(|root| root.reason.id()),
        findings: all,
        tvr: attempt.outcome.tvr,
    }
}

/// A number with fewer digits is no card number to be looked for.
const SHORT: usize = 12;

/// Whether a transcript holds this number, as digits, as two digits a byte or as characters.
pub(super) fn holds(text: &str, pan: &Pan) -> bool {
    let digits = pan.unmask().to_string();
    digits.len() >= SHORT && (text.contains(&digits) || text.contains(&hex::encode_upper(&digits)))
}
