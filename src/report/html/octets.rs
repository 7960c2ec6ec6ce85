//! The bytes of a command or an answer, and what they are: hidden ones are left out when they are taken in.

use apdu::{Dol, Tag, dictionary::Context, tlv};

use crate::decode::{Decoded, Decoder, Kind, Label, Meaning, Node, Shown, tlv_tree};

/// Bytes as far as they may be shown, and the tree of what they say.
#[derive(Debug)]
pub(in crate::report) struct Octets {
    pub bytes: Vec<Octet>,
    pub nodes: Vec<Node>,
    pub context: Context,
}

/// One byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Octet {
    /// Part of a tag or length.
    Header(u8),
    /// Part of a value.
    Value(u8),
    /// Not to be shown.
    Hidden,
}

/// What may be shown of a byte, and how deep in the tree that was said.
#[derive(Clone, Copy)]
enum Known {
    Nothing,
    Header,
    Value(usize),
    Hidden(usize),
}

impl Octets {
    /// A command. Of one that carried a PIN the log may have kept no more than header and length: the rest counts as
    /// hidden. `list` says what its data field holds.
    pub fn command(bytes: &[u8], context: Context, list: Option<&[u8]>) -> Self {
        let whole = with_hidden_data(bytes);
        let mut decoded = decoder(context, None).decode(&whole, Kind::Command);
        if let Some(list) = list.and_then(|list| Dol::parse(list).ok()) {
            decoded.nodes.iter_mut().for_each(|node| part_by_list(node, &whole, &list, context));
        }
        Self::new(&whole, decoded)
    }

    /// The answer to the instruction `ins`.
    pub fn response(bytes: &[u8], ins: u8, context: Context) -> Self {
        Self::new(bytes, decoder(context, Some(ins)).decode(bytes, Kind::Response))
    }

    fn new(bytes: &[u8], decoded: Decoded) -> Self {
        let Decoded { nodes, context, .. } = decoded;
        let mut known = vec![Known::Nothing; bytes.len()];
        nodes.iter().for_each(|node| learn(node, bytes, 1, &mut known));
        let shown = known.iter().zip(bytes).map(|(known, byte)| match known {
            Known::Header => Octet::Header(*byte),
            Known::Value(_) => Octet::Value(*byte),
            Known::Nothing | Known::Hidden(_) => Octet::Hidden,
        });
        Self { bytes: shown.collect(), nodes, context }
    }
}

/// Where no payment system was chosen yet, an AID among the bytes may say whose tags they are.
fn decoder(context: Context, instruction: Option<u8>) -> Decoder<'static> {
    Decoder { context: Some(context).filter(|context| *context != Context::Emv), instruction, authority: None }
}

/// A secret command of which only header and length are left, with as many bytes as the length says, which will be hidden.
fn with_hidden_data(bytes: &[u8]) -> Vec<u8> {
    use apdu::command::ins;
    let mut whole = bytes.to_vec();
    if let [_, instruction, _, _, length] = bytes
        && ins::is_secret(*instruction)
    {
        whole.resize(bytes.len().saturating_add(usize::from(*length)), 0);
    }
    whole
}

/// A byte is shown when the innermost node around it shows it. A node that shows other bytes than stand at its place, half
/// bytes for example, shows none of them.
fn learn(node: &Node, bytes: &[u8], depth: usize, known: &mut [Known]) {
    if node.is_recovered() {
        return;
    }
    let value = node.value();
    let header = node.place.start..value.start;
    known.get_mut(header).into_iter().flatten().for_each(|byte| *byte = Known::Header);
    let raw = bytes.get(value.clone()).unwrap_or(&[]);
    let said = match &node.bytes {
        _ if matches!(node.meaning, Some(Meaning::Account(_))) => Some(Known::Hidden(depth)),
        Shown::Bytes(shown) if shown == raw => Some(Known::Value(depth)),
        Shown::Bytes(_) | Shown::Hidden(_) => Some(Known::Hidden(depth)),
        Shown::InChildren if is_filling(node, raw) => Some(Known::Value(depth)),
        Shown::InChildren => None,
    };
    if let Some(said) = said {
        known.get_mut(value).into_iter().flatten().for_each(|byte| *byte = byte.or(said));
    }
    node.children.iter().for_each(|child| learn(child, bytes, depth.saturating_add(1), known));
}

impl Known {
    /// The deeper one counts, and of two equally deep the one that hides.
    fn or(self, said: Self) -> Self {
        match (self, said) {
            (Self::Hidden(own), Self::Value(other)) if own >= other => self,
            (Self::Value(own), Self::Hidden(other)) if own > other => self,
            _ => said,
        }
    }
}

/// What stands between data objects has no bytes of its own in the tree.
fn is_filling(node: &Node, raw: &[u8]) -> bool {
    let same = |filling: u8| raw.iter().all(|byte| *byte == filling);
    matches!(node.label, Label::Part("padding" | "filler")) && (same(0x00) || same(0xFF))
}

/// Puts the data objects that `list` names below the node that holds their values and nothing else. Those have no list of
/// their own.
fn part_by_list(node: &mut Node, bytes: &[u8], list: &Dol<'_>, context: Context) {
    if !node.children.is_empty() {
        return node.children.iter_mut().for_each(|child| part_by_list(child, bytes, list, context));
    }
    let place = node.value();
    let may_hold_values = matches!(node.label, Label::Part("data") | Label::Object { .. }) && !place.is_empty();
    if !may_hold_values || place.len() != list.total_length() {
        return;
    }
    let values = values_of(list, bytes.get(place.clone()).unwrap_or(&[]), place.start, context);
    if !values.is_empty() {
        node.children = values;
        node.bytes = Shown::InChildren;
    }
}

/// The values of a list, read as the data objects they are; none where one of them cannot be one.
fn values_of(list: &Dol<'_>, values: &[u8], at: usize, context: Context) -> Vec<Node> {
    let (mut objects, mut starts, mut start) = (Vec::new(), Vec::new(), 0_usize);
    for entry in list.entries() {
        let end = start.saturating_add(usize::from(entry.length));
        tlv::write(&mut objects, entry.tag, values.get(start..end).unwrap_or(&[]));
        starts.push((entry.tag, at.saturating_add(start)));
        start = end;
    }
    let nodes = tlv_tree(&objects, context);
    let is_whole =
        nodes.len() == starts.len() && nodes.iter().zip(&starts).all(|(node, (tag, _))| is_object(node, *tag));
    if !is_whole {
        return Vec::new();
    }
    nodes.into_iter().zip(starts).map(|(node, (_, start))| moved(node, start)).collect()
}

fn is_object(node: &Node, wanted: Tag) -> bool {
    matches!(node.label, Label::Object { tag, .. } if tag == wanted)
}

/// The node without its tag and length, its value at `start`.
fn moved(mut node: Node, start: usize) -> Node {
    let from = node.value().start;
    node.place.start = from;
    node.header = 0;
    shift(&mut node, from, start);
    node
}

fn shift(node: &mut Node, from: usize, to: usize) {
    let moved = |at: usize| at.saturating_sub(from).saturating_add(to);
    node.place = moved(node.place.start)..moved(node.place.end);
    if let Some(problem) = &mut node.problem {
        problem.offset = moved(problem.offset);
    }
    node.children.iter_mut().for_each(|child| shift(child, from, to));
}
