//! Bits, bytes, cuts, insertions, status words.

use super::{
    super::{baseline::Baseline, labels::Label, tree},
    Change, Touch,
};

pub fn bit(event: usize, response: &[u8], number: usize) -> Option<Change> {
    let mut bytes = response.to_vec();
    bytes[number / 8] ^= 0x80 >> (number % 8);
    Change::of_response(event, response, bytes, Touch::response(event, number / 8..number / 8 + 1))
}

pub fn byte(event: usize, response: &[u8], number: usize) -> Option<Change> {
    let (at, more) = (number / 255, number % 255 + 1);
    let mut bytes = response.to_vec();
    bytes[at] = bytes[at].wrapping_add(more as u8);
    Change::of_response(event, response, bytes, Touch::response(event, at..at + 1))
}

/// `number` bytes are left before the status word.
pub fn cut(event: usize, response: &[u8], number: usize) -> Option<Change> {
    let (data, status) = response.split_at(response.len() - 2);
    let bytes = [&data[..number], status].concat();
    Change::of_response(event, response, bytes, Touch::response(event, number..data.len()))
}

/// An inserted byte changes the object that it comes to stand in. Between objects it changes nothing that is signed object
/// by object; where bytes are signed as they come, it always does.
pub fn insert(from: &Baseline, event: usize, response: &[u8], number: usize) -> Option<Change> {
    let at = number / 3;
    let byte = [0x00, 0xFF, response[at.saturating_sub(1)]][number % 3];
    let bytes = [&response[..at], &[byte], &response[at..]].concat();
    // The same bytes come of an insertion behind those that are equal to the new one.
    let at = at + response[at..].iter().take_while(|known| **known == byte).count();
    let data = &response[..response.len() - 2];
    let inside = |object: &tree::Object| object.raw.start < at && at < object.raw.end && !object.tag.is_constructed();
    let in_object = tree::objects(data).iter().any(inside);
    let next = at.min(response.len() - 1);
    let before = at.saturating_sub(1).min(next);
    let label = |at| from.labels.of_response(event, at);
    let in_one_run = at > 0 && label(before) == label(next);
    let breaks = in_one_run && (in_object || label(next) != Label::Sdad);
    Change::of_response(event, response, bytes, Touch::response(event, before..next + 1).breaks(breaks))
}

pub fn status(event: usize, response: &[u8], number: usize) -> Option<Change> {
    let data = response.len() - 2;
    let bytes = [&response[..data], &u16::try_from(number).ok()?.to_be_bytes()].concat();
    Change::of_response(event, response, bytes, Touch::response(event, data..data + 2))
}
