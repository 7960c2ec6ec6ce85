//! One transaction as plain text: what went to the card and came back, what was asked of the point of sale, and what
//! was known at the start. Replaying a transcript gives the same transaction again.
//!
//! ```text
//! emvident transcript 1
//! # a purchase that the card declines
//! terminal: demo
//! terminal-hash: 5a1f…
//! | [terminal]
//! | country = 156
//! atr: 3B600000
//! amount: 1000
//!
//! : Please wait
//! > 00A40400 07 A0000000041010 00
//! < 6F03880101 9000 1234us
//! > 00200080 08 ****************
//! < 63C2 50211us
//! ? choose-application 1:CREDIT 2:DEBIT
//! = 1
//! % 4 12 30000000us
//! ! removed
//! ```
//!
//! The first line names the format. The header, up to the first empty line, holds `key: value` pairs in a fixed order:
//! the terminal configuration by name and hash, and its text in lines that start with `|`; the card's answer to reset;
//! `pin-pad: yes` for a reader with one; and whatever else the writer wants known, sorted by key. Below it, each line is
//! one event:
//!
//! | starts with | is |
//! |---|---|
//! | `>` | a command: header, Lc, data, Le. Data that may hold a PIN is `**` for each byte |
//! | `%` | PIN entry at the reader's own pad: fewest and most digits, time allowed |
//! | `<` | the answer: data, status word, microseconds it took |
//! | `!` | no answer, and why |
//! | `?` | a question to the point of sale |
//! | `=` | its answer |
//! | `:` | something told to the point of sale that asks for no answer |
//! | `#` | a comment |
//!
//! Text is kept as it is, but for backslashes, control and invisible characters and a space at the end of the line,
//! which are written `\\`, `\n`, `\u{200e}`. Nothing in the file says which version wrote it, when or where: the same
//! transaction gives the same bytes. Comments are kept by a reader and skipped by a replay.

mod command;
mod error;
mod fault_name;
mod read;
mod text;
mod write;

use std::collections::BTreeMap;

use apdu::{Exchange, Fault, PinPadRequest};

pub use command::RecordedCommand;
pub use error::Error;
pub(crate) use write::whole_micros;

/// The first line of a transcript.
const FORMAT: &str = "emvident transcript 1";

/// One recorded transaction. `Display` writes the file, [`Transcript::parse`] reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// What was known at the start.
    pub header: Header,
    /// What happened, in order.
    pub lines: Vec<Line>,
}

/// What was known at the start of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Words for people, at the top of the file.
    pub comments: Vec<String>,
    /// The terminal configuration used.
    pub configuration: Option<Configuration>,
    /// The card's answer to reset, empty when the interface hides it.
    pub atr: Vec<u8>,
    /// Whether the reader has its own PIN pad.
    pub pin_pad: bool,
    /// The transaction's parameters, such as amount, currency, type and date: never a secret.
    pub parameters: BTreeMap<String, String>,
}

/// A reference to a terminal configuration, enough to notice that it has changed since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Its name, such as the file's.
    pub name: String,
    /// A hash of its text, in the writer's own notation.
    pub hash: String,
    /// The text itself, when the transcript shall stand alone.
    pub text: Option<String>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Line {
    /// A command left for the card.
    Command(RecordedCommand),
    /// The reader's PIN pad was asked to verify a PIN.
    PinPad(PinPadRequest),
    /// The card answered; the time is whole microseconds.
    Response(Exchange),
    /// There was no answer.
    Fault(Fault),
    /// The point of sale was asked something.
    Question(String),
    /// What it answered; a secret only in a form that does not tell it.
    Answer(String),
    /// The point of sale was told something.
    Notice(String),
    /// A comment.
    Comment(String),
}

impl Transcript {
    /// Reads a transcript.
    ///
    /// # Errors
    /// [`Error`] with line and column of what does not belong there.
    pub fn parse(text: &str) -> Result<Self, Error> {
        read::transcript(text)
    }
}
