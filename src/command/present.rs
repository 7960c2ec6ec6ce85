//! A transaction's end for people and for programs.

use std::process::ExitCode;

use emvident::{
    inspect,
    kernel::{Decision, Finding, Outcome},
    report::Report,
    run::Run,
    text::Text,
};

use crate::console::Console;

/// The report, as text or JSON.
pub fn run(run: &Run, console: &Console) -> String {
    let report = Report::new(&run.outcome, &run.terminal, &run.transaction);
    if console.html {
        return report.with_exchanges(&run.outcome).html(console.language);
    }
    let text = Text::new(console.language);
    if console.json { report.json(&text) } else { report.text(&text, console.colour) }
}

/// 0 approved, 1 declined, 2 not completed, 4 when reader or card did not answer.
pub fn status(outcome: &Outcome) -> ExitCode {
    match outcome.decision {
        Decision::Approved => ExitCode::SUCCESS,
        Decision::Declined => ExitCode::from(1),
        Decision::NotCompleted if inspect::transport_fault(&outcome.log.findings).is_some() => ExitCode::from(4),
        Decision::NotCompleted => ExitCode::from(2),
    }
}

/// Findings without a transaction around them.
pub fn findings(findings: &[Finding], console: &Console) -> String {
    let text = Text::new(console.language);
    let explained = findings.iter().map(|finding| format!("{}: {}", finding.reason.id(), text.reason(finding.reason)));
    explained.collect::<Vec<_>>().join("\n")
}
