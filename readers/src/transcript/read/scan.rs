//! A piece of one line that knows where it stands.

use std::str::FromStr;

use super::super::{Error, text::unescape};

/// How much of a wrong line an error shows, in characters.
const SHOWN: usize = 24;

/// A piece of a line.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    line: usize,
    column: usize,
    rest: &'a str,
}

impl<'a> Scan<'a> {
    pub(super) fn new(line: usize, rest: &'a str) -> Self {
        Self { line, column: 1, rest }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// The piece after `skipped`, a start of this one.
    fn later(&self, skipped: &str, rest: &'a str) -> Self {
        Self { line: self.line, column: self.column.saturating_add(skipped.chars().count()), rest }
    }

    /// What follows `start`, when the piece starts with it.
    pub(super) fn after(&self, start: &str) -> Option<Self> {
        self.rest.strip_prefix(start).map(|rest| self.later(start, rest))
    }

    /// What stands before `end`, when the piece ends with it.
    pub(super) fn before(&self, end: &str) -> Option<Self> {
        self.rest.strip_suffix(end).map(|rest| self.later("", rest))
    }

    /// The first character and the rest.
    pub(super) fn mark(&self) -> Option<(char, Self)> {
        let mut characters = self.rest.chars();
        let mark = characters.next()?;
        Some((mark, self.later(mark.encode_utf8(&mut [0; 4]), characters.as_str())))
    }

    /// The pieces before and after the first `at`.
    pub(super) fn split(&self, at: char) -> Option<(Self, Self)> {
        let (before, after) = self.rest.split_once(at)?;
        let skipped = self.rest.strip_suffix(after).unwrap_or_default();
        Some((self.later("", before), self.later(skipped, after)))
    }

    /// The last word and what stands before it.
    pub(super) fn split_last_word(&self) -> (Self, Self) {
        let trimmed = self.rest.trim_end();
        let word = trimmed.rsplit(' ').next().unwrap_or_default();
        let before = trimmed.strip_suffix(word).unwrap_or_default();
        (self.later("", before), self.later(before, word))
    }

    /// The characters with their columns.
    pub(super) fn characters(&self) -> impl Iterator<Item = (Self, char)> {
        let mut left = *self;
        std::iter::from_fn(move || {
            let here = left;
            let (mark, rest) = left.mark()?;
            left = rest;
            Some((here, mark))
        })
    }

    /// A number, with spaces around it.
    pub(super) fn number<N: FromStr>(&self) -> Option<N> {
        let digits = self.rest.trim();
        let all_digits = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        all_digits.then(|| digits.parse().ok())?
    }

    /// Free text: after one space, or empty.
    pub(super) fn text(&self) -> Result<String, Error> {
        match self.after(" ") {
            Some(text) => text.unescaped(),
            None if self.rest.is_empty() => Ok(String::new()),
            None => Err(self.error("a space")),
        }
    }

    /// The piece with its escapes undone.
    pub(super) fn unescaped(&self) -> Result<String, Error> {
        unescape(self.rest).map_err(|at| {
            let bad = self.characters().nth(at).map_or(*self, |(here, _)| here);
            bad.error("one of the escapes \\\\ \\n \\t \\u{…}")
        })
    }

    /// This piece is wrong.
    pub(super) fn error(&self, expected: &'static str) -> Error {
        let mut found: String = self.rest.chars().take(SHOWN).flat_map(char::escape_debug).collect();
        found = if found.is_empty() { "the end of the line".to_owned() } else { format!("\"{found}\"") };
        Error { line: self.line, column: self.column, expected, found }
    }
}
