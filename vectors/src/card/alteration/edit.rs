//! Changes to a byte string that holds data objects.

use apdu::Tag;

use super::tree::{Node, Value, decode, encode, find, parent};

/// A change to a record, an FCI or a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The object has this value; it is added when absent.
    Set(Place, Vec<u8>),
    /// One more object, even when the tag is there.
    Add(Place, Vec<u8>),
    /// The object is gone.
    Remove(Tag),
    /// The object is there twice.
    Duplicate(Tag),
    /// Bytes are XORed in at an offset: of the object's value, or of everything.
    Flip(Option<Tag>, usize, Vec<u8>),
    /// The object's value is so many bytes shorter at its end.
    Shorten(Tag, usize),
    /// The object's value has more bytes at its end.
    Extend(Tag, Vec<u8>),
    /// The outermost object has another tag.
    Template(Tag),
    /// Everything is these bytes.
    Replace(Vec<u8>),
    /// Bytes at the end.
    Append(Vec<u8>),
    /// So many bytes less at the end.
    Truncate(usize),
    /// Nothing is left.
    Drop,
}

/// Where an object stands or is to be put: its tag, and the template it goes into when that is not the outermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The template.
    pub parent: Option<Tag>,
    /// The object.
    pub tag: Tag,
}

impl Edit {
    /// The tag this edit looks for, when it looks for one.
    pub(in crate::card) fn tag(&self) -> Option<Tag> {
        match self {
            Self::Set(place, _) => Some(place.tag),
            Self::Remove(tag)
            | Self::Duplicate(tag)
            | Self::Flip(Some(tag), ..)
            | Self::Shorten(tag, _)
            | Self::Extend(tag, _) => Some(*tag),
            _ => None,
        }
    }

    /// The bytes after the change; `None` when the object to change is not there, or there is nothing left at all.
    pub fn apply(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Flip(None, offset, mask) => flip(bytes, *offset, mask),
            Self::Replace(new) => Some(new.clone()),
            Self::Append(more) => Some([bytes, more].concat()),
            Self::Truncate(count) => shortened(bytes, *count),
            Self::Drop => None,
            _ => {
                let mut nodes = decode(bytes)?;
                self.apply_to(&mut nodes)?;
                Some(encode(&nodes))
            }
        }
    }

    fn apply_to(&self, nodes: &mut Vec<Node>) -> Option<()> {
        match self {
            Self::Set(place, value) => match find(nodes, place.tag) {
                Some(node) => node.value = Value::Bytes(value.clone()),
                None => parent(nodes, place.parent)?.push(Node::new(place.tag, value)),
            },
            Self::Add(place, value) => parent(nodes, place.parent)?.push(Node::new(place.tag, value)),
            Self::Remove(tag) => return remove(nodes, *tag).then_some(()),
            Self::Duplicate(tag) => {
                let copy = find(nodes, *tag)?.clone();
                parent(nodes, None)?.push(copy);
            }
            Self::Flip(Some(tag), offset, mask) => change(nodes, *tag, |value| flip(value, *offset, mask))?,
            Self::Shorten(tag, count) => change(nodes, *tag, |value| shortened(value, *count))?,
            Self::Extend(tag, more) => change(nodes, *tag, |value| Some([value, more].concat()))?,
            Self::Template(tag) => nodes.first_mut()?.tag = *tag,
            _ => {}
        }
        Some(())
    }
}

fn change(nodes: &mut [Node], tag: Tag, change: impl FnOnce(&[u8]) -> Option<Vec<u8>>) -> Option<()> {
    let node = find(nodes, tag)?;
    node.value = Value::Bytes(change(&node.value.bytes())?);
    Some(())
}

fn shortened(bytes: &[u8], count: usize) -> Option<Vec<u8>> {
    bytes.get(..bytes.len().saturating_sub(count)).map(<[u8]>::to_vec)
}

fn remove(nodes: &mut Vec<Node>, tag: Tag) -> bool {
    if let Some(place) = nodes.iter().position(|node| node.tag == tag) {
        nodes.remove(place);
        return true;
    }
    nodes.iter_mut().any(|node| match &mut node.value {
        Value::Objects(inner) => remove(inner, tag),
        Value::Bytes(_) => false,
    })
}

fn flip(bytes: &[u8], offset: usize, mask: &[u8]) -> Option<Vec<u8>> {
    let mut flipped = bytes.to_vec();
    let end = offset.checked_add(mask.len())?;
    flipped.get_mut(offset..end)?.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    Some(flipped)
}
