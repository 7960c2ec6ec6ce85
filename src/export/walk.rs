//! Every data object of a byte string, to be changed in place, as far as the bytes are data objects at all.

use apdu::{
    Tag,
    tlv::{self, MAX_DEPTH},
};

/// What is being visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The value of a primitive object.
    Object(Tag),
    /// Bytes that are no objects: what follows a broken tag or length, or a value that is cut.
    Rest,
}

/// Calls `visit` for every primitive value, outer objects first. Tags and lengths stay: where an object is broken, its tag
/// and length still say how.
pub(super) fn walk(bytes: &mut [u8], visit: &mut dyn FnMut(Part, &mut [u8])) {
    level(bytes, 0, visit);
}

/// As [`walk`], to look only.
pub(super) fn look(bytes: &[u8], visit: &mut dyn FnMut(Part, &[u8])) {
    walk(&mut bytes.to_vec(), &mut |part, value| visit(part, value));
}

fn level(bytes: &mut [u8], depth: u8, visit: &mut dyn FnMut(Part, &mut [u8])) {
    let mut rest = bytes;
    loop {
        let padding = rest.iter().take_while(|byte| **byte == 0).count();
        rest = rest.split_at_mut(padding).1;
        if rest.is_empty() {
            return;
        }
        let Some((tag, start, length)) = head(rest) else {
            let broken = broken_head(rest);
            return visit(Part::Rest, rest.split_at_mut(broken).1);
        };
        let value_and_more = rest.split_at_mut(start).1;
        if length > value_and_more.len() {
            return visit(Part::Rest, value_and_more);
        }
        let (value, more) = value_and_more.split_at_mut(length);
        if tag.is_constructed() && depth < MAX_DEPTH {
            level(value, depth.saturating_add(1), visit);
        } else {
            visit(Part::Object(tag), value);
        }
        rest = more;
    }
}

/// How many bytes of a broken tag or length show how it is broken. They are no digits of a number: a tag of several bytes
/// begins with a half byte F, and a length that is none with one above 7.
fn broken_head(bytes: &[u8]) -> usize {
    let tag = tlv::split_tag(bytes).map(|(_, after)| bytes.len().saturating_sub(after.len()));
    tag.map_or(LONGEST_TAG, |tag| tag.saturating_add(1)).min(bytes.len())
}

/// A tag of more bytes than three is broken.
const LONGEST_TAG: usize = 4;

/// Tag, where the value starts, and how long it is said to be; `None` when tag or length are broken.
fn head(bytes: &[u8]) -> Option<(Tag, usize, usize)> {
    let (tag, after) = tlv::split_tag(bytes)?;
    let (length, used) = match *after {
        [short, ..] if short < 0x80 => (usize::from(short), 1),
        [0x81, length, ..] => (usize::from(length), 2),
        [0x82, high, low, ..] => (usize::from(u16::from_be_bytes([high, low])), 3),
        _ => return None,
    };
    let start = bytes.len().checked_sub(after.len())?.checked_add(used)?;
    (start <= bytes.len()).then_some((tag, start, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visited(hex: &str) -> Vec<(Option<u32>, String)> {
        let mut seen = Vec::new();
        look(&hex::decode(hex).unwrap(), &mut |part, value| {
            let tag = if let Part::Object(tag) = part { Some(tag.number()) } else { None };
            seen.push((tag, hex::encode_upper(value)));
        });
        seen
    }

    #[test]
    fn objects_are_found_at_every_depth() {
        assert_eq!(
            visited("700B5A02123400A5049F3601FF"),
            [(Some(0x5A), "1234".to_owned()), (Some(0x9F36), "FF".to_owned())]
        );
    }

    #[test]
    fn what_is_broken_is_a_rest_behind_its_tag_and_length() {
        assert_eq!(visited("70065A0847617390"), [(None, "47617390".to_owned())]);
        assert_eq!(visited("5A01999F"), [(Some(0x5A), "99".to_owned()), (None, String::new())]);
        assert_eq!(visited("5A80112233"), [(None, "112233".to_owned())]);
    }
}
