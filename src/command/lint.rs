//! `emvident lint`: what is likely not meant in terminal configurations.

use std::{path::Path, process::ExitCode};

use emvident::{
    lint::{self, Doubt},
    setup::TerminalSource,
    text::Text,
};

use crate::{arguments::Lint, console::Console, failure::Failure};

/// Reads each file and tells every doubt: status 0 when there is none, 1 when there are.
pub fn run(arguments: &Lint, console: &Console) -> Result<ExitCode, Failure> {
    let text = Text::new(console.language);
    let mut doubtful = false;
    for path in &arguments.files {
        let doubts = doubts(path)?;
        doubtful |= !doubts.is_empty();
        let name = path.display().to_string();
        console.print(&match console.json {
            true => format!("{:#}\n", lint::json(&name, &doubts, &text)),
            false => lint::text(&name, &doubts, &text),
        })?;
    }
    Ok(if doubtful { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn doubts(path: &Path) -> Result<Vec<Doubt>, Failure> {
    let terminal = TerminalSource::from_file(path).and_then(|source| source.terminal()).map_err(Failure::usage)?;
    Ok(lint::doubts(&terminal))
}
