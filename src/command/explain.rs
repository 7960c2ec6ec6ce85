//! `emvident explain`: why a recorded transaction ended as it did.

use std::{
    fmt::Display,
    fs,
    io::{self, Read as _},
    path::Path,
    process::ExitCode,
};

use emvident::{
    apdu::value::date::Date,
    explain::Explainer,
    merchant::{Told, Words},
    readers::trace::{Format, MAX_INPUT},
    setup::TerminalSource,
    text::Text,
};

use crate::{arguments::Explain, console::Console, failure::Failure};

/// Explains the file, or standard input for `-`.
pub fn run(arguments: &Explain, console: &Console) -> Result<ExitCode, Failure> {
    let name = arguments.file.display().to_string();
    let recording = read(&arguments.file).map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
    let explainer = match &arguments.terminal {
        Some(path) => TerminalSource::from_file(path).and_then(|source| Explainer::with_terminal(&source)),
        None => Explainer::new(),
    };
    let mut explainer = explainer.map_err(Failure::usage)?;
    explainer.today = arguments.date;
    explainer.keeps_exchanges = console.html;
    let explanation = explainer.explain(&recording, arguments.format);
    let explanation = explanation.map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
    let words = own_words(arguments)?;
    let words = words.as_ref().unwrap_or_else(|| Words::builtin());
    let told = arguments.said.as_deref().map(|said| Told { said, words });
    if console.html {
        console.print(&explanation.html(told, console.language))?;
        return Ok(ExitCode::SUCCESS);
    }
    let text = Text::new(console.language);
    if console.json {
        console.print(&explanation.json_of(told, &text))?;
        return Ok(ExitCode::SUCCESS);
    }
    if let (Some(told), Some(last)) = (told, explanation.attempts.last()) {
        console.print(&last.said(told, &text, console.colour))?;
    }
    console.print(&explanation.text(&text, console.colour))?;
    Ok(ExitCode::SUCCESS)
}

/// The merchant's own words, before those that come with the program.
fn own_words(arguments: &Explain) -> Result<Option<Words>, Failure> {
    let Some(path) = &arguments.words else { return Ok(None) };
    let usage = |error: &dyn Display| Failure::Usage(format!("{}: {error}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| usage(&error))?;
    let own = Words::from_toml(&text).map_err(|error| usage(&error))?;
    Ok(Some(own.before(Words::builtin())))
}

/// The recording in the file, or from standard input for `-`.
pub fn read(file: &Path) -> io::Result<Vec<u8>> {
    if file.as_os_str() != "-" {
        return fs::read(file);
    }
    let mut recording = Vec::new();
    let most = u64::try_from(MAX_INPUT).unwrap_or(u64::MAX);
    io::stdin().take(most.saturating_add(1)).read_to_end(&mut recording)?;
    Ok(recording)
}

/// A format by its name.
pub fn format(name: &str) -> Result<Format, String> {
    Format::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.id()).collect();
        format!("one of {} needed", names.join(", "))
    })
}

/// A date as YYYY-MM-DD.
pub fn date(text: &str) -> Result<Date, String> {
    let mut parts = text.split('-');
    let mut next = || parts.next().unwrap_or_default();
    let parsed = (next().parse(), next().parse(), next().parse());
    match parsed {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).map_err(|error| error.to_string()),
        _ => Err("YYYY-MM-DD needed".to_owned()),
    }
}
