//! `emvident batch`: many recordings, a line for each.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
    thread,
    time::Duration,
};

use emvident::{
    batch::{Batch, Summary, count_files},
    explain::Explainer,
    setup::TerminalSource,
    text::{File, Text},
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    arguments::{self, SummaryForm},
    console::Console,
    failure::Failure,
};

/// How many RSA operations a worker remembers of each kind: some 10 MB.
const REMEMBERED: usize = 8192;

/// At least one trace could not be read.
const UNREADABLE: u8 = 1;

/// Explains every recording and writes the summary.
pub fn run(arguments: &arguments::Batch, console: &Console) -> Result<ExitCode, Failure> {
    if let [input] = arguments.inputs.as_slice() {
        require(input)?;
    }
    let batch = batch(arguments)?;
    let text = Text::new(console.language);
    let bar = progress_bar(&arguments.inputs, &text);
    let mut progress = |more: usize| bar.inc(u64::try_from(more).unwrap_or_default());
    let summary = batch.run(arguments.inputs.clone(), &mut io::stdout().lock(), &mut progress);
    bar.finish_and_clear();
    let summary = summary.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::NobodyListens,
        _ => Failure::usage(error),
    })?;
    show(&summary, arguments, console, &text);
    let accepted = summary.unreadable() == 0 || arguments.accept_unreadable;
    Ok(if accepted { ExitCode::SUCCESS } else { ExitCode::from(UNREADABLE) })
}

/// One input alone that is not there is a slip of the pen; among many it is a line of its own.
fn require(input: &PathBuf) -> Result<(), Failure> {
    if input.as_os_str() == "-" {
        return Ok(());
    }
    let found = std::fs::metadata(input);
    found.map(|_| ()).map_err(|error| Failure::Usage(format!("{}: {error}", input.display())))
}

fn batch(arguments: &arguments::Batch) -> Result<Batch, Failure> {
    let explainer = match &arguments.terminal {
        Some(path) => TerminalSource::from_file(path).and_then(|source| Explainer::with_terminal(&source)),
        None => Explainer::new(),
    };
    let mut explainer = explainer.map_err(Failure::usage)?;
    explainer.today = arguments.date;
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    Ok(Batch {
        explainer,
        format: arguments.format,
        workers: arguments.jobs.map_or_else(processors, usize::from),
        one_terminal: arguments.one_terminal,
        remembered: if arguments.no_cache { 0 } else { REMEMBERED },
        quick: arguments.quick,
    })
}

/// Only for somebody who watches, and whose terminal shows nothing else.
fn progress_bar(inputs: &[PathBuf], text: &Text) -> ProgressBar {
    if !io::stderr().is_terminal() || io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let total = count_files(inputs);
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let counted = if total.is_some() { "{wide_bar} {human_pos}/{human_len}" } else { "{spinner} {human_pos}" };
    let template = format!("{counted} {{msg}}  {{per_sec}}  {{elapsed}}");
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.set_message(text.say(File::Batch, "progress"));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn show(summary: &Summary, arguments: &arguments::Batch, console: &Console, text: &Text) {
    let form = arguments.summary.unwrap_or(if console.json { SummaryForm::Json } else { SummaryForm::Text });
    let page = match form {
        SummaryForm::Text => summary.text(text),
        SummaryForm::Json => summary.json() + "\n",
        SummaryForm::None => return,
    };
    // Nothing can be said about a standard error that is closed.
    let _ = io::stderr().write_all(page.as_bytes());
}
