//! `emvident export`: a recording made fit to be shown to others.

use std::process::ExitCode;

use emvident::{
    explain::Explainer,
    export::{Exporter, Options},
    setup::TerminalSource,
    text::Text,
};

use super::explain::read;
use crate::{
    arguments::Export,
    console::{Console, say},
    failure::Failure,
};

/// Writes the export to standard output or a file, and the manifest to standard error.
pub fn run(arguments: &Export, console: &Console) -> Result<ExitCode, Failure> {
    let name = arguments.file.display().to_string();
    let recording = read(&arguments.file).map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
    let explainer = match &arguments.terminal {
        Some(path) => TerminalSource::from_file(path).and_then(|source| Explainer::with_terminal(&source)),
        None => Explainer::new(),
    };
    let exporter = Exporter::new(explainer.map_err(Failure::usage)?, Options { keep_bin: arguments.keep_bin });
    let export = exporter.export(&recording, arguments.format);
    let export = export.map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
    let text = Text::new(console.language);
    console.print(&export.document(&text))?;
    say(&export.manifest.lines(&text).join("\n"));
    Ok(ExitCode::SUCCESS)
}
