//! What a reader of traces did not use, and why.

use std::{collections::BTreeMap, fmt, ops::Deref};

/// How many skipped lines are kept one by one; beyond, they are only counted.
pub const MAX_SKIPPED: usize = 1_024;

/// How many characters of a line an excerpt shows.
const EXCERPT: usize = 60;

/// A line that gave nothing to the trace, or not all it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The line, from 1; in a capture the packet.
    pub line: usize,
    /// The character in the line it is about, from 1.
    pub column: usize,
    /// Why.
    pub reason: Reason,
    /// The start of the line: digits masked, for they may be a card number or a PIN, and control characters escaped. Of a
    /// command without response, its header; of a response without command, its status word.
    pub excerpt: String,
}

/// Why a line was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// A comment.
    Comment,
    /// Nothing but words and numbers.
    Words,
    /// Hex with a digit missing.
    OddDigits,
    /// Fewer bytes than the shortest command or response.
    TooShort,
    /// Hex, but neither command nor response.
    NotAnApdu,
    /// A response that follows no command.
    ResponseWithoutCommand,
    /// A command that no response follows. The command itself is in the trace.
    CommandWithoutResponse,
    /// The program that wrote the log left bytes out.
    Elided,
    /// Bytes are hidden by stars.
    Masked,
    /// A frame of the link layer: activation, acknowledgement, waiting time.
    LinkLayer,
    /// A frame with a wrong checksum or wrong parity.
    Damaged,
    /// A packet of another protocol.
    OtherProtocol,
    /// What is already in the trace, once more.
    Repeated,
}

impl Reason {
    /// The name in JSON; it never changes.
    pub fn id(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Words => "words",
            Self::OddDigits => "odd-digits",
            Self::TooShort => "too-short",
            Self::NotAnApdu => "not-an-apdu",
            Self::ResponseWithoutCommand => "response-without-command",
            Self::CommandWithoutResponse => "command-without-response",
            Self::Elided => "elided",
            Self::Masked => "masked",
            Self::LinkLayer => "link-layer",
            Self::Damaged => "damaged",
            Self::OtherProtocol => "other-protocol",
            Self::Repeated => "repeated",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Comment => "comment",
            Self::Words => "no APDU in it",
            Self::OddDigits => "odd number of hex digits",
            Self::TooShort => "too short for a command or response",
            Self::NotAnApdu => "neither command nor response",
            Self::ResponseWithoutCommand => "response without command",
            Self::CommandWithoutResponse => "command without response",
            Self::Elided => "bytes left out",
            Self::Masked => "bytes hidden",
            Self::LinkLayer => "link layer",
            Self::Damaged => "damaged frame",
            Self::OtherProtocol => "another protocol",
            Self::Repeated => "repeated",
        })
    }
}

/// All that was skipped: the first [`MAX_SKIPPED`] lines one by one (by `Deref`), and how many there are of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skips {
    first: Vec<Skipped>,
    counts: BTreeMap<Reason, usize>,
}

impl Skips {
    /// How many lines were skipped, kept or not.
    pub fn total(&self) -> usize {
        self.counts.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// How many lines were skipped for each reason.
    pub fn by_reason(&self) -> impl Iterator<Item = (Reason, usize)> {
        self.counts.iter().map(|(reason, count)| (*reason, *count))
    }

    /// Counts a line; `excerpt` is only asked for when it is kept.
    pub(super) fn add(&mut self, (line, column): (usize, usize), reason: Reason, excerpt: impl FnOnce() -> String) {
        let count = self.counts.entry(reason).or_default();
        *count = count.saturating_add(1);
        if self.first.len() < MAX_SKIPPED {
            self.first.push(Skipped { line, column, reason, excerpt: excerpt() });
        }
    }

    /// A reader that looks ahead reports late.
    pub(super) fn sort(&mut self) {
        self.first.sort_by_key(|skipped| skipped.line);
    }
}

impl Deref for Skips {
    type Target = [Skipped];

    fn deref(&self) -> &[Skipped] {
        &self.first
    }
}

/// The start of a line, as it may be shown to anybody.
pub(super) fn excerpt(text: &[u8]) -> String {
    let start = text.get(..EXCERPT.saturating_mul(4)).unwrap_or(text);
    let start: String = String::from_utf8_lossy(start).trim().chars().take(EXCERPT).collect();
    let mut shown = String::with_capacity(start.len());
    for word in start.split_inclusive(|character: char| !character.is_ascii_alphanumeric()) {
        mask(word, &mut shown);
    }
    shown
}

/// Stars for digits; in what may be hex, for its letters too.
fn mask(word: &str, shown: &mut String) {
    let plain = word.trim_end_matches(|character: char| !character.is_ascii_alphanumeric());
    let digits = plain.bytes().any(|byte| byte.is_ascii_digit());
    let hex = digits && plain.bytes().all(|byte| byte.is_ascii_hexdigit());
    for character in word.chars() {
        if character.is_ascii_digit() || (hex && character.is_ascii_alphabetic()) {
            shown.push('*');
        } else if matches!(character, '"' | '\'' | '\\') {
            shown.push(character);
        } else {
            shown.extend(character.escape_debug());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_tells_no_number() {
        assert_eq!(excerpt(b"  PIN 1234 of 4761739001010119 entered"), "PIN **** of **************** entered");
        assert_eq!(excerpt(b"-> 00 20 00 80 08 24 12 34 FF"), "-> ** ** ** ** ** ** ** ** FF");
        assert_eq!(excerpt(b"t2=4761739001010119D2212"), "t*=*********************");
        assert_eq!(excerpt("\u{1b}[31m磁条\u{202e}\0".as_bytes()), "\\u{1b}[**m磁条\\u{202e}\\0");
        assert_eq!(excerpt(&[b'x'; 500]).len(), 60);
    }

    #[test]
    fn beyond_the_limit_lines_are_only_counted() {
        let mut skips = Skips::default();
        (0..MAX_SKIPPED + 10).for_each(|line| skips.add((line, 1), Reason::Words, String::new));
        assert_eq!((skips.len(), skips.total()), (MAX_SKIPPED, MAX_SKIPPED + 10));
        assert_eq!(skips.by_reason().collect::<Vec<_>>(), [(Reason::Words, MAX_SKIPPED + 10)]);
    }
}
