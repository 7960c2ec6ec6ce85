//! A transaction's end for people and for programs.

use std::process::ExitCode;

use emvident::{
    kernel::{Decision, Outcome},
    run::Run,
};

use crate::console::Console;

/// The report, as text or JSON.
pub fn run(run: &Run, _console: &Console) -> String {
    format!("{}\n", run.outcome.decision.id())
}

/// 0 approved, 1 declined, 2 not completed, 4 when reader or card did not answer.
pub fn status(outcome: &Outcome) -> ExitCode {
    match outcome.decision {
        Decision::Approved => ExitCode::SUCCESS,
        Decision::Declined => ExitCode::from(1),
        Decision::NotCompleted => ExitCode::from(2),
    }
}
