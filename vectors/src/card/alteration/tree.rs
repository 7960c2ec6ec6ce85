//! Data objects as a tree that can be changed and written again.

use apdu::{Tag, tlv};

/// One data object.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) tag: Tag,
    pub(super) value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Bytes(Vec<u8>),
    Objects(Vec<Node>),
}

impl Node {
    pub(super) fn new(tag: Tag, value: &[u8]) -> Self {
        Self { tag, value: Value::Bytes(value.to_vec()) }
    }
}

impl Value {
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Objects(nodes) => encode(nodes),
        }
    }
}

pub(super) fn decode(bytes: &[u8]) -> Option<Vec<Node>> {
    decode_to(bytes, tlv::MAX_DEPTH)
}

fn decode_to(bytes: &[u8], depth: u8) -> Option<Vec<Node>> {
    tlv::Reader::strict(bytes).map(|object| object.ok().map(|object| node(&object, depth))).collect()
}

/// A template whose inside does not parse stays as its bytes.
fn node(object: &tlv::Tlv<'_>, depth: u8) -> Node {
    let inside = (object.tag.is_constructed() && depth > 0).then(|| decode_to(object.value, depth.saturating_sub(1)));
    let value = inside.flatten().map_or_else(|| Value::Bytes(object.value.to_vec()), Value::Objects);
    Node { tag: object.tag, value }
}

pub(super) fn encode(nodes: &[Node]) -> Vec<u8> {
    let mut out = Vec::new();
    nodes.iter().for_each(|node| tlv::write(&mut out, node.tag, &node.value.bytes()));
    out
}

/// The first object with `tag`, outer before inner.
pub(super) fn find(nodes: &mut [Node], tag: Tag) -> Option<&mut Node> {
    if let Some(place) = nodes.iter().position(|node| node.tag == tag) {
        return nodes.get_mut(place);
    }
    nodes.iter_mut().find_map(|node| match &mut node.value {
        Value::Objects(inner) => find(inner, tag),
        Value::Bytes(_) => None,
    })
}

/// The objects inside the template `tag`, or inside the outermost one.
pub(super) fn parent(nodes: &mut Vec<Node>, tag: Option<Tag>) -> Option<&mut Vec<Node>> {
    let node = match tag {
        Some(tag) => find(nodes, tag)?,
        None => match nodes.iter().position(|node| matches!(node.value, Value::Objects(_))) {
            Some(place) => nodes.get_mut(place)?,
            None => return Some(nodes),
        },
    };
    match &mut node.value {
        Value::Objects(inner) => Some(inner),
        Value::Bytes(_) => None,
    }
}
