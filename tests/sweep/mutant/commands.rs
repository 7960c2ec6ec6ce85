//! What the card sees is not what the terminal sent.

use super::{Change, Edit, Side, Touch, Wedge};

pub fn bit(event: usize, number: usize) -> Option<Change> {
    Some(one(event, number / 8, Edit::Flip(number / 8, 0x80 >> (number % 8))))
}

pub fn byte(event: usize, command: &[u8], number: usize) -> Option<Change> {
    let at = number / 255;
    let more = u8::try_from(number % 255 + 1).ok()?;
    Some(one(event, at, Edit::Set(at, command.get(at)?.wrapping_add(more))))
}

fn one(event: usize, at: usize, edit: Edit) -> Change {
    let touched = vec![Touch { event, side: Side::Command, range: at..at + 1, breaks: true }];
    Change { command: Some(Wedge { at: event, edit }), touched, ..Change::default() }
}
