//! Where output goes: data to standard output, talk to standard error.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

use emvident::text::Language;

use crate::{
    arguments::{Arguments, Colour},
    failure::Failure,
};

/// How to present results.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// Language of reports.
    pub language: Language,
    /// Data for programs instead of text for people.
    pub json: bool,
    /// A page for a browser instead of text.
    pub html: bool,
    /// Use colour.
    pub colour: bool,
}

impl Console {
    /// What the command line asks for; colour by default only on a terminal that wants it.
    pub fn new(arguments: &Arguments) -> Self {
        let wanted = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && io::stdout().is_terminal();
        let colour = match arguments.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => wanted,
        };
        let language = arguments.lang.unwrap_or_else(|| Language::from_environment(|name| env::var(name).ok()));
        Self { language, json: arguments.json, html: arguments.command.html(), colour }
    }

    /// Writes data to standard output.
    ///
    /// # Errors
    /// [`Failure::NobodyListens`] when it is closed.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|_| Failure::NobodyListens)
    }
}

/// Says something to the person at the terminal.
pub fn say(text: &str) {
    // Nothing can be said about a standard error that is closed.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Asks the person at the terminal; `None` when nobody can answer.
#[cfg(feature = "pcsc")]
pub fn ask(question: &str) -> Option<String> {
    let _ = write!(io::stderr(), "{question} ");
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line).ok()?;
    (read > 0).then(|| line.trim().to_owned())
}

/// Asks for a yes; anything else is a no.
#[cfg(feature = "pcsc")]
pub fn confirm(question: &str) -> bool {
    ask(&format!("{question} [y/N]")).is_some_and(|answer| matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}
