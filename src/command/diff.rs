//! `emvident diff`: two recordings side by side.

use std::{fs, path::Path, process::ExitCode};

use emvident::{diff::Diff, explain::Explainer, setup::TerminalSource, text::Text};

use crate::{arguments, console::Console, failure::Failure};

/// A decision differs.
const DIFFERENT: u8 = 1;

/// Compares the two recordings.
pub fn run(arguments: &arguments::Diff, console: &Console) -> Result<ExitCode, Failure> {
    let explainer = match &arguments.terminal {
        Some(path) => TerminalSource::from_file(path).and_then(|source| Explainer::with_terminal(&source)),
        None => Explainer::new(),
    };
    let explainer = explainer.map_err(Failure::usage)?;
    let (a, b) = (read(&arguments.a)?, read(&arguments.b)?);
    let names = (arguments.a.display().to_string(), arguments.b.display().to_string());
    let diff = Diff::new(&explainer, (&names.0, &a), (&names.1, &b)).map_err(Failure::usage)?;
    let page = if console.json { diff.json() + "\n" } else { diff.text(&Text::new(console.language), console.colour) };
    console.print(&page)?;
    Ok(if diff.is_same_decision() { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}
