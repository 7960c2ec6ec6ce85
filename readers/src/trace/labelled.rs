//! Logs in which a word, an arrow or the order of the lines tells commands from responses.

mod bare;
mod growing;
mod signed;
mod words;

use std::time::Duration;

use zeroize::Zeroizing;

use super::{
    Error, Format, Reason, Trace,
    assembler::{Assembler, Piece},
    lines::Line,
    octets::{self, Ending},
};

pub(super) use words::{Found, Label, find};

/// What is peculiar to a program that writes such logs.
pub(super) struct Dialect {
    pub format: Format,
    /// The next label in a line.
    pub find: fn(&[u8], usize) -> Option<Found>,
    /// Whether hex without a label may be a command or response by its form, or only more of the line before.
    pub bare: Bare,
}

/// What hex without a label may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    /// A command or response.
    Apdu,
    /// More of the line before.
    More,
    /// Nothing.
    Nothing,
}

/// Takes lines, gives a trace.
pub(super) struct Engine {
    dialect: Dialect,
    assembler: Assembler,
    open: Option<Open>,
    /// The bytes found last; kept to spare allocations.
    found: Zeroizing<Vec<u8>>,
    /// A label was seen: what has none is no APDU.
    labelled: bool,
    at: Option<Duration>,
}

/// A line, and where it begins behind blanks and its time.
#[derive(Clone, Copy)]
struct Row<'a> {
    number: usize,
    text: &'a [u8],
    start: usize,
}

/// What is being read and may still grow.
struct Open {
    kind: Kind,
    piece: Piece,
    /// The next line may be more of it.
    grows: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Command,
    Response,
}

impl Engine {
    pub fn new(dialect: Dialect) -> Self {
        Self {
            assembler: Assembler::new(dialect.format),
            dialect,
            open: None,
            found: Zeroizing::default(),
            labelled: false,
            at: None,
        }
    }

    /// Takes a line that begins at `start`, behind its time `at`, if it has one.
    pub fn line(&mut self, line: &Line<'_>, start: usize, at: Option<Duration>) -> Result<(), Error> {
        self.at = at;
        let text = line.text.trim_ascii_end();
        let content = text.get(start..).unwrap_or(&[]).trim_ascii_start();
        let row = Row { number: line.number, text, start: text.len().saturating_sub(content.len()) };
        if content.is_empty() {
            self.pause();
            return Ok(());
        }
        if is_comment(content) {
            self.skip(row, Reason::Comment);
            return Ok(());
        }
        self.row(row)
    }

    fn row(&mut self, row: Row<'_>) -> Result<(), Error> {
        let leading = octets::run(row.text, row.start, &mut self.found);
        let end = leading.place.end;
        if end == row.text.len() && leading.ending == Ending::Clean && !self.found.is_empty() {
            return self.bare(row);
        }
        if let Some(reason) = self.flaw(row.text, &leading).filter(|_| end > row.start) {
            self.pause();
            self.assembler.skip(row.number, reason, row.text, end);
            return Ok(());
        }
        if self.leads(row, end) {
            return self.leading(row, end);
        }
        match (self.dialect.find)(row.text, row.start) {
            Some(found) => self.labels(row, found),
            None => self.unlabelled(row),
        }
    }

    /// Counts a line that gives nothing; what is open does not go on behind it.
    fn skip(&mut self, row: Row<'_>, reason: Reason) {
        self.pause();
        self.assembler.skip(row.number, reason, row.text, 0);
    }

    pub fn finish(mut self, expected: &'static str) -> Result<Trace, Error> {
        self.flush()?;
        self.assembler.finish_filled(expected)
    }
}

fn is_comment(content: &[u8]) -> bool {
    match content {
        [b'#', next, ..] => !next.is_ascii_digit(),
        [b'#' | b';', ..] | [b'/', b'/', ..] => true,
        _ => false,
    }
}
