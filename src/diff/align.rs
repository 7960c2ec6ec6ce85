//! Which exchange of one recording belongs beside which of the other.

use apdu::command::ins;
use kernel::{Phase, session::LoggedExchange};
use serde::Serialize;

use super::Side;

/// Two exchanges with the same purpose, or one that the other recording does not have.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    #[serde(serialize_with = "phase")]
    pub(super) phase: Phase,
    /// The command.
    pub(super) command: &'static str,
    /// Its number in the first recording.
    pub(super) a: Option<u16>,
    /// Its number in the second recording.
    pub(super) b: Option<u16>,
    #[serde(skip)]
    pub(super) at: (Option<usize>, Option<usize>),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn phase<S: serde::Serializer>(phase: &Phase, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(phase.id())
}

/// What an exchange is for: its phase, its instruction, and what else tells two of them apart.
fn purpose(exchange: &LoggedExchange) -> (Phase, u8, &[u8]) {
    let instruction = exchange.command.get(1).copied().unwrap_or_default();
    let more = match instruction {
        ins::SELECT => exchange.command.get(5..),
        ins::READ_RECORD | ins::GET_DATA => exchange.command.get(2..4),
        _ => None,
    };
    (exchange.phase, instruction, more.unwrap_or(&[]))
}

/// The longest common run of purposes decides; a transaction has at most 1024 exchanges.
pub(super) fn pairs(a: &Side, b: &Side) -> Vec<Pair> {
    let (first, second) = (exchanges(a), exchanges(b));
    let longest = lengths(first, second);
    let common = |i: usize, j: usize| longest.get(i).and_then(|row| row.get(j)).copied().unwrap_or_default();
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    loop {
        let at = match (first.get(i), second.get(j)) {
            (None, None) => return pairs,
            (Some(one), Some(other)) if purpose(one) == purpose(other) => (Some(i), Some(j)),
            (Some(_), Some(_)) if common(i.saturating_add(1), j) >= common(i, j.saturating_add(1)) => (Some(i), None),
            (Some(_), None) => (Some(i), None),
            (_, Some(_)) => (None, Some(j)),
        };
        i = i.saturating_add(usize::from(at.0.is_some()));
        j = j.saturating_add(usize::from(at.1.is_some()));
        pairs.extend(pair(first, second, at));
    }
}

fn pair(first: &[LoggedExchange], second: &[LoggedExchange], at: (Option<usize>, Option<usize>)) -> Option<Pair> {
    let a = at.0.and_then(|at| first.get(at));
    let b = at.1.and_then(|at| second.get(at));
    let either = a.or(b)?;
    let class = either.command.first().copied().unwrap_or_default();
    let instruction = either.command.get(1).copied().unwrap_or_default();
    let command = apdu::command::name(instruction, class);
    let number = |exchange: &LoggedExchange| exchange.number;
    Some(Pair { phase: either.phase, command, a: a.map(number), b: b.map(number), at })
}

/// How long the longest common run from each pair of places on is.
fn lengths(first: &[LoggedExchange], second: &[LoggedExchange]) -> Vec<Vec<u16>> {
    let mut rows = vec![vec![0_u16; second.len().saturating_add(1)]];
    for one in first.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0_u16; below.len()];
        for (at, other) in second.iter().enumerate().rev() {
            let after = at.saturating_add(1);
            let of = |row: &[u16], at: usize| row.get(at).copied().unwrap_or_default();
            let length = if purpose(one) == purpose(other) {
                of(&below, after).saturating_add(1)
            } else {
                of(&below, at).max(of(&row, after))
            };
            if let Some(place) = row.get_mut(at) {
                *place = length;
            }
        }
        rows.push(row);
    }
    rows.reverse();
    rows
}

pub(super) fn exchanges(side: &Side) -> &[LoggedExchange] {
    &side.observation.outcome.log.exchanges
}
