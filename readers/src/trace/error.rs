//! Why a trace could not be read.

use super::{MAX_EXCHANGES, MAX_INPUT, MAX_LINE, excerpt};

/// What is wrong with a trace, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: expected {expected}, found {found}")]
pub struct Error {
    /// What kind of wrong.
    pub kind: ErrorKind,
    /// The line, from 1; in a capture the packet.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// What would have been right.
    pub expected: &'static str,
    /// The start of what is there, digits masked.
    pub found: String,
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No format fits.
    UnknownFormat,
    /// The file is not what its format asks for.
    Malformed,
    /// The format fits, yet no command is in the file.
    NoExchange,
    /// More than [`MAX_INPUT`] bytes.
    InputTooLarge,
    /// A line of more than [`MAX_LINE`] bytes.
    LineTooLong,
    /// More than [`MAX_EXCHANGES`] exchanges.
    TooManyExchanges,
}

impl Error {
    pub(super) fn malformed(line: usize, column: usize, expected: &'static str, found: String) -> Self {
        Self { kind: ErrorKind::Malformed, line, column, expected, found }
    }

    /// No format fits what starts at `line`.
    pub(super) fn unknown_format(line: usize, column: usize, text: &[u8]) -> Self {
        let expected = "a trace: APDUs in hex, JSON with \"exchanges\", a transcript or a capture";
        Self { kind: ErrorKind::UnknownFormat, line, column, expected, found: found(text) }
    }

    pub(super) fn no_exchange(line: usize, column: usize, expected: &'static str, found: String) -> Self {
        Self { kind: ErrorKind::NoExchange, line, column, expected, found }
    }

    pub(super) fn input_too_large(bytes: usize) -> Self {
        const { assert!(MAX_INPUT == 64 << 20) };
        let kind = ErrorKind::InputTooLarge;
        Self { kind, line: 1, column: 1, expected: "at most 64 MiB", found: format!("{bytes} bytes") }
    }

    pub(super) fn line_too_long(line: usize, bytes: usize) -> Self {
        const { assert!(MAX_LINE == 1 << 20) };
        let found = format!("{bytes} bytes");
        Self { kind: ErrorKind::LineTooLong, line, column: MAX_LINE, expected: "a line of at most 1 MiB", found }
    }

    pub(super) fn too_many_exchanges(line: usize) -> Self {
        const { assert!(MAX_EXCHANGES == 65_536) };
        let kind = ErrorKind::TooManyExchanges;
        Self { kind, line, column: 1, expected: "at most 65536 exchanges", found: "one more".to_owned() }
    }
}

/// What an error shows of `text`.
pub(super) fn found(text: &[u8]) -> String {
    if text.is_empty() { "the end".to_owned() } else { format!("\"{}\"", excerpt(text)) }
}
