//! `emvident export`: a recording made fit to be shown to others.

use std::{path::Path, process::ExitCode};

use emvident::{
    explain::Explainer,
    export::{Exporter, Options},
    setup::TerminalSource,
    text::Text,
};

use super::{explain::read, private_file};
use crate::{
    arguments::Export,
    console::{Console, say},
    failure::Failure,
};

/// Writes the export to a file or standard output, and says what was taken away.
pub fn run(arguments: &Export, console: &Console) -> Result<ExitCode, Failure> {
    let name = arguments.file.display().to_string();
    let wrong = |error: &dyn std::fmt::Display| Failure::Usage(format!("{name}: {error}"));
    let recording = read(&arguments.file).map_err(|error| wrong(&error))?;
    let text = Text::new(console.language);
    let exporter = exporter(arguments)?;
    if arguments.unsafe_raw && arguments.i_own_this_card {
        let raw = exporter.raw(&recording, arguments.format, &text).map_err(|error| wrong(&error))?;
        return write_raw(&raw.to_string(), arguments.output.as_deref(), console);
    }
    let export = exporter.export(&recording, arguments.format).map_err(|error| wrong(&error))?;
    let manifest = if console.json { export.manifest.json() } else { export.manifest.lines(&text).join("\n") };
    match arguments.output.as_deref() {
        Some(path) => {
            write_new(path, &export.document(&text))?;
            console.print(&format!("{manifest}\n"))?;
        }
        None => {
            console.print(&export.document(&text))?;
            say(&manifest);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn exporter(arguments: &Export) -> Result<Exporter, Failure> {
    let explainer = match &arguments.terminal {
        Some(path) => TerminalSource::from_file(path).and_then(|source| Explainer::with_terminal(&source)),
        None => Explainer::new(),
    };
    let options = Options { keep_bin: arguments.keep_bin };
    explainer.map(|explainer| Exporter::new(explainer, options)).map_err(Failure::usage)
}

fn write_raw(raw: &str, path: Option<&Path>, console: &Console) -> Result<ExitCode, Failure> {
    match path {
        Some(path) => write_new(path, raw)?,
        None if private_file::is_standard_output() => console.print(raw)?,
        None => {
            let wanted = "--unsafe-raw: standard output is no file that you alone can read (mode 0600); use --output";
            return Err(Failure::usage(wanted));
        }
    }
    say("Not fit to be shown: this file holds the card's data as they are. Only PINs were taken away.");
    Ok(ExitCode::SUCCESS)
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    private_file::write(path, text).map_err(|error| Failure::Usage(format!("--output {}: {error}", path.display())))
}
