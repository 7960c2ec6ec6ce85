//! Response message template format 1 (`80`): values without tags, which only the command tells apart.

use apdu::{tag, value::Afl};

use super::{Inside, Value};
use crate::decode::{node::Node, object};

/// The shortest signature: the modulus of the shortest key.
const SHORTEST_SIGNATURE: usize = 40;

/// The answer to GET PROCESSING OPTIONS where the rest is a file locator that keeps every rule, to INTERNAL AUTHENTICATE
/// where it is as long as a signature, to GENERATE AC else.
pub fn format_1(value: Value<'_>) -> Option<Inside> {
    let objects: &[(apdu::Tag, usize)] = match value.bytes {
        [_, _, locator @ ..] if Afl::parse(locator).is_ok() => &[(tag::AIP_82, 2), (tag::AFL_94, usize::MAX)],
        bytes if bytes.len() > 43 && bytes.len() >= SHORTEST_SIGNATURE => {
            &[(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, usize::MAX)]
        }
        bytes if bytes.len() >= 11 => &[
            (tag::CRYPTOGRAM_INFORMATION_DATA_9F27, 1),
            (tag::ATC_9F36, 2),
            (tag::APPLICATION_CRYPTOGRAM_9F26, 8),
            (tag::ISSUER_APPLICATION_DATA_9F10, usize::MAX),
        ],
        _ => return None,
    };
    let mut rest = (value.bytes, value.at);
    let nodes: Vec<Node> = objects
        .iter()
        .filter_map(|(tag, length)| {
            take(&mut rest, *length).map(|(bytes, at)| object::read(*tag, bytes, at, value.around))
        })
        .collect();
    Some(nodes.into())
}

/// The next `length` bytes, or what is left; nothing when nothing is.
fn take<'v>(rest: &mut (&'v [u8], usize), length: usize) -> Option<(&'v [u8], usize)> {
    let (bytes, at) = *rest;
    let (first, after) = bytes.split_at_checked(length.min(bytes.len())).filter(|(first, _)| !first.is_empty())?;
    *rest = (after, at.saturating_add(first.len()));
    Some((first, at))
}
