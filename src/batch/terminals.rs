//! The unpredictable numbers of each terminal.

use std::collections::BTreeMap;

use kernel::diagnosis::unpredictable::{Draw, MOST, Pattern, predictable};
use serde::Serialize;

/// So many terminals are watched, the first that come.
const WATCHED: usize = 16_384;

/// A name that is kept has at most so many characters.
const LONGEST: usize = 200;

/// What the numbers of each terminal look like.
#[derive(Debug, Default)]
pub(super) struct Terminals {
    watched: BTreeMap<String, Watched>,
    /// Numbers of terminals that came too late to be watched.
    unwatched: u64,
}

#[derive(Debug, Default)]
struct Watched {
    /// The numbers that were not looked at yet, at most [`MOST`].
    draws: Vec<Draw>,
    numbers: u64,
    found: Option<Pattern>,
    /// The trace of the last number before the pattern was found.
    example: String,
}

impl Watched {
    fn look(&mut self) {
        self.found = self.found.or_else(|| predictable(&self.draws));
        self.draws.clear();
    }
}

/// A terminal whose numbers can be predicted.
#[derive(Debug, Serialize)]
pub struct Predictable {
    /// What it is called; empty when all traces are of one terminal that has no name.
    pub terminal: String,
    /// How: `constant`, `counter`, `rising`, `repeated`, `fixed-bytes` or `decimal`.
    pub pattern: &'static str,
    /// How many numbers it drew.
    pub numbers: u64,
    /// The trace with the last number of those in which the pattern was found.
    pub example: String,
}

impl Terminals {
    /// Keeps a number; looks at them when there are as many as are looked at at once.
    pub fn add(&mut self, terminal: &str, draw: Draw, trace: &str) {
        let terminal = short(terminal);
        if self.watched.len() >= WATCHED && !self.watched.contains_key(terminal) {
            self.unwatched = self.unwatched.saturating_add(1);
            return;
        }
        let watched = self.watched.entry(terminal.to_owned()).or_default();
        watched.numbers = watched.numbers.saturating_add(1);
        if watched.found.is_some() {
            return;
        }
        watched.draws.push(draw);
        short(trace).clone_into(&mut watched.example);
        if watched.draws.len() >= MOST {
            watched.look();
        }
    }

    /// The terminals whose numbers can be predicted, by name, and how many numbers were not watched.
    pub fn finish(self) -> (Vec<Predictable>, u64) {
        let predictable = self.watched.into_iter().filter_map(|(terminal, mut watched)| {
            watched.look();
            let pattern = watched.found?.id();
            Some(Predictable { terminal, pattern, numbers: watched.numbers, example: watched.example })
        });
        (predictable.collect(), self.unwatched)
    }
}

/// The start of a name, for what is kept to the end.
pub(super) fn short(name: &str) -> &str {
    let end = name.char_indices().nth(LONGEST).map_or(name.len(), |(end, _)| end);
    name.get(..end).unwrap_or(name)
}
