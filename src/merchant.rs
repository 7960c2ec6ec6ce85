//! From what a merchant was told to what can be tested: the words on the terminal, or a host's code, and what a recorded
//! transaction says to each of their usual causes.
//!
//! [`look_up`] finds the entries of `data/merchant-words.toml` that fit the words, spelt as they come; [`confront`] holds
//! their candidates against the findings of a transaction. Words prove nothing: what comes out is which candidates the
//! findings confirm, which they rule out and by what, and for the rest what has to be captured.

mod code;
mod confront;
mod json;
mod look_up;
mod proof;
mod similar;
mod spelling;
mod tell;
mod words;

pub use confront::{Confrontation, Objection, OpenCandidate, RuledOutCandidate, Seen, confront};
pub(crate) use json::document;
pub use look_up::Match;
pub use proof::Proof;
pub use tell::tell;
pub use words::{Both, Entry, Side, Words, WordsError};

/// What was said, and the words to look it up among.
#[derive(Clone, Copy, Debug)]
pub struct Told<'w> {
    /// What was said, spelt as it comes.
    pub said: &'w str,
    /// The words.
    pub words: &'w Words,
}

impl<'w> Told<'w> {
    /// Something to look up among the words that come with the program.
    pub fn builtin(said: &'w str) -> Self {
        Self { said, words: Words::builtin() }
    }

    /// The entries that fit, the best first.
    pub fn matches(self) -> Vec<Match<'w>> {
        self.words.look_up(self.said)
    }
}

/// The entries of the built-in words that fit what was said, the best first; at most five.
pub fn look_up(said: &str) -> Vec<Match<'static>> {
    Words::builtin().look_up(said)
}
