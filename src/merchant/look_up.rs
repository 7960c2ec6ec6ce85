//! Which entries fit the words.

use kernel::Reason;

use super::{
    code::{self, Code},
    proof, similar,
    spelling::Spelling,
    words::{Entry, Words},
};

/// Less than this is chance.
const LEAST: u8 = 50;
/// More than this nobody reads.
const MOST: usize = 5;

/// An entry that fits what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match<'w> {
    /// The entry.
    pub entry: &'w Entry,
    /// How well it fits, in percent.
    pub score: u8,
    /// The response code that was said, if one led here.
    pub code: Option<String>,
}

impl Words {
    /// The entries that fit what was said, the best first; at most five.
    pub fn look_up(&self, said: &str) -> Vec<Match<'_>> {
        let plain = Spelling::builtin().plain(said);
        let code = code::find(&plain);
        let coded = code.as_ref().and_then(|code| self.with_code(&code.code));
        let mut matches: Vec<Match<'_>> = self
            .plain()
            .map(|(entry, phrases)| {
                let code = code.clone().filter(|_| coded.is_some_and(|coded| coded.id == entry.id));
                let worded = phrases.iter().map(|phrase| similar::score(phrase, &plain)).max().unwrap_or(0);
                Match::new(entry, worded, code)
            })
            .filter(|found| found.score >= LEAST)
            .collect();
        matches.sort_by_key(|found| std::cmp::Reverse(found.score));
        matches.truncate(MOST);
        matches
    }
}

impl<'w> Match<'w> {
    fn new(entry: &'w Entry, worded: u8, code: Option<Code>) -> Self {
        let coded = code.as_ref().map_or(0, |code| code.score);
        Self { entry, score: worded.max(coded), code: code.map(|code| code.code) }
    }

    /// The reasons to test, in order: those of the entry, without those of other response codes when one was said.
    pub fn candidates(&self) -> Vec<Reason> {
        let said = self.code.as_ref().and_then(|code| <[u8; 2]>::try_from(code.as_bytes()).ok());
        let meant = said.map(Reason::from_response_code);
        let fits = |reason: &Reason| meant.is_none() || !proof::is_response_code(*reason) || meant == Some(*reason);
        let first = meant.filter(|meant| self.entry.candidates.contains(meant));
        let others = self.entry.candidates.iter().copied().filter(|reason| fits(reason) && Some(*reason) != first);
        first.into_iter().chain(others).collect()
    }
}
