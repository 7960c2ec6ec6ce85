//! Lists: of data objects asked for, of tags, of records.

use apdu::{
    Tag,
    dol::{self, Dol},
    value::{Afl, AflEntry},
};

use super::{Inside, Value};
use crate::decode::{
    node::{Label, Meaning, Node, Shown, span},
    problem::Problem,
    surroundings::Surroundings,
};

/// A data object list.
pub fn data_object_list(value: Value<'_>) -> Option<Inside> {
    let (nodes, problem) = object_list(value.bytes, value.at, value.around);
    Some(Inside { meaning: None, children: nodes, problem })
}

/// What a data object list at `at` asks for, up to the first error.
pub fn object_list(bytes: &[u8], at: usize, around: &Surroundings) -> (Vec<Node>, Option<Problem>) {
    let error = Dol::parse(bytes).err();
    let good = error.map_or(bytes, |error| bytes.get(..start_of(bytes, error)).unwrap_or(&[]));
    let entries = Dol::parse(good).into_iter().flat_map(|list| list.entries().collect::<Vec<_>>());
    let mut nodes: Vec<Node> = entries.map(|entry| wish(entry, at, around)).collect();
    if good.len() < bytes.len() {
        nodes.push(Node::part("rest", at.saturating_add(good.len()), bytes.get(good.len()..).unwrap_or(&[])));
    }
    (nodes, error.map(|error| Problem::dol(error, at)))
}

/// Where the entry starts in which the error is.
fn start_of(bytes: &[u8], error: dol::Error) -> usize {
    let whole = |length: &usize| bytes.get(..*length).is_some_and(|bytes| Dol::parse(bytes).is_ok());
    (0..=error.offset).rev().find(whole).unwrap_or(0)
}

fn wish(entry: dol::Entry, at: usize, around: &Surroundings) -> Node {
    let length = usize::from(entry.length);
    let place = span(at.saturating_add(entry.offset), entry.tag.bytes().as_ref().len().saturating_add(1));
    let context = around.lookup(entry.tag, length).map(|entry| entry.context);
    Node::new(Label::Object { tag: entry.tag, context }, place, Shown::InChildren).meaning(Meaning::Length(length))
}

/// A list of tags.
pub fn tags(value: Value<'_>) -> Option<Inside> {
    let (nodes, problem) = tag_list(value.bytes, value.at, value.around);
    Some(Inside { meaning: None, children: nodes, problem })
}

/// The tags of a list at `at`, up to the first that is cut.
pub fn tag_list(bytes: &[u8], at: usize, around: &Surroundings) -> (Vec<Node>, Option<Problem>) {
    let mut nodes = Vec::new();
    let mut offset: usize = 0;
    while let Some(rest) = bytes.get(offset..).filter(|rest| !rest.is_empty()) {
        let start = at.saturating_add(offset);
        let Some((tag, length)) = first_tag(rest) else {
            let key = if rest.len() >= 4 { "tag-too-long" } else { "tag-cut" };
            nodes.push(Node::part("rest", start, rest));
            return (nodes, Some(Problem::new(key, start)));
        };
        let context = around.lookup_any(tag).map(|entry| entry.context);
        nodes.push(Node::new(Label::Object { tag, context }, span(start, length), Shown::InChildren));
        offset = offset.saturating_add(length);
    }
    (nodes, None)
}

/// A tag is what a list of one object, its length put behind it, asks for.
fn first_tag(bytes: &[u8]) -> Option<(Tag, usize)> {
    (1..=3).find_map(|length| {
        let list = [bytes.get(..length)?, &[0]].concat();
        let entry = Dol::parse(&list).ok()?.entries().next()?;
        (entry.tag.bytes().as_ref().len() == length).then_some((entry.tag, length))
    })
}

/// Application file locator (`94`). Every entry is shown, also of a locator that breaks a rule.
pub fn file_locator(value: Value<'_>) -> Option<Inside> {
    let problem = Afl::parse(value.bytes).err().map(|error| Problem::afl(error, value.at));
    let entries = value.bytes.as_chunks::<4>().0.iter().enumerate();
    let children = entries.map(|(index, entry)| {
        let at = value.at.saturating_add(index.saturating_mul(4));
        file_entry(index.saturating_add(1), entry, at)
    });
    Some(Inside { meaning: None, children: children.collect(), problem })
}

fn file_entry(number: usize, bytes: &[u8; 4], at: usize) -> Node {
    let [sfi, first, last, signed] = *bytes;
    let entry = AflEntry { sfi: sfi >> 3, first, last, signed };
    let field = |name, offset: usize, number: u8| {
        let place = span(at.saturating_add(offset), 1);
        Node::new(Label::Part(name), place, Shown::InChildren).meaning(Meaning::Number(number.into()))
    };
    let fields = vec![
        field("sfi", 0, entry.sfi),
        field("first-record", 1, entry.first),
        field("last-record", 2, entry.last),
        field("signed-records", 3, entry.signed),
    ];
    Node::new(Label::Numbered("file", number), span(at, 4), Shown::Bytes(bytes.to_vec())).with_children(fields)
}

/// Log entry (`9F4D`, `DF4D`): the file of the log and how many records it has.
pub fn log_entry(value: Value<'_>) -> Option<Inside> {
    let [sfi, records] = value.bytes else { return None };
    let at = value.at;
    Some(
        vec![
            Node::part("sfi", at, &[*sfi]).meaning(Meaning::Number(u64::from(*sfi))),
            Node::part("records", at.saturating_add(1), &[*records]).meaning(Meaning::Number(u64::from(*records))),
        ]
        .into(),
    )
}
