//! What was said and what the findings say to it, for programs.

use serde::Serialize;

use super::{Confrontation, Match, Seen, Side, Told, confront};
use crate::text::Text;

/// What was said, and every entry that fits, the best first.
#[derive(Serialize)]
pub(crate) struct Document<'w> {
    words: &'w str,
    matches: Vec<MatchView<'w>>,
}

#[derive(Serialize)]
struct MatchView<'w> {
    id: &'w str,
    /// How well it fits, in percent.
    score: u8,
    /// The response code that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    sides: &'w [Side],
    /// What it usually means, in the language.
    means: &'w str,
    /// Its candidates, held against the findings.
    #[serde(flatten)]
    candidates: Confrontation,
}

pub(crate) fn document<'w>(told: Told<'w>, seen: Seen<'_>, text: &Text) -> Document<'w> {
    let view = |found: Match<'w>| MatchView {
        id: &found.entry.id,
        score: found.score,
        sides: &found.entry.side,
        means: found.entry.means.of(text.language()),
        candidates: confront(&found, seen),
        code: found.code,
    };
    Document { words: told.said, matches: told.matches().into_iter().map(view).collect() }
}
