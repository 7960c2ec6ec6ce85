//! Bytes as digits, and beside them the tree of what they say. A node carries its place, so that it can mark its bytes.

use std::ops::Range;

use maud::{Markup, html};

use super::{
    both::Both,
    octets::{Octet, Octets},
};
use crate::{
    decode::{Meaning, Node, Shown},
    text::File,
};

/// More bytes than this are not repeated in the tree: they stand in the digits.
const REPEATED: usize = 24;

/// The digits and the tree. Data objects with a tag in `cited` are what a finding is about.
pub(super) fn octets(octets: &Octets, cited: &[String], both: &Both) -> Markup {
    html! {
        div.octets {
            code.hex translate="no" { @for octet in &octets.bytes { (digits(*octet)) " " } }
            (tree(&octets.nodes, &Tree { context: octets.context, cited, both, placed: true }))
        }
    }
}

/// A tree without digits beside it.
pub(super) fn value(node: &Node, both: &Both) -> Markup {
    let context = apdu::dictionary::Context::Emv;
    tree(std::slice::from_ref(node), &Tree { context, cited: &[], both, placed: false })
}

fn digits(octet: Octet) -> Markup {
    match octet {
        Octet::Header(byte) => html! { b.head { (format!("{byte:02X}")) } },
        Octet::Value(byte) => html! { b { (format!("{byte:02X}")) } },
        Octet::Hidden => html! { b.hidden { "••" } },
    }
}

struct Tree<'a> {
    context: apdu::dictionary::Context,
    cited: &'a [String],
    both: &'a Both,
    /// Whether the digits stand beside it.
    placed: bool,
}

fn tree(nodes: &[Node], of: &Tree<'_>) -> Markup {
    html! {
        @if !nodes.is_empty() {
            ul.tree { @for one in nodes { li { (node(one, of)) (tree(&one.children, of)) } } }
        }
    }
}

fn node(node: &Node, of: &Tree<'_>) -> Markup {
    let label = of.both.say(|text| node.label_in(text, of.context));
    let meaning = node.meaning.as_ref().map(|_| of.both.say(|text| node.meaning_in(text).unwrap_or_default()));
    let cited = of.cited.iter().any(|tag| is_tag(node, tag));
    let Range { start, end } = node.place;
    html! {
        div.node.cited[cited] tabindex=[of.placed.then_some("0")]
            data-from=[of.placed.then_some(start)] data-head=[of.placed.then_some(node.header)]
            data-to=[of.placed.then_some(end)] {
            @if of.placed && !node.place.is_empty() { span.place { (place(&node.place)) } }
            span.label { (label) } " "
            @if let Some(bytes) = bytes(node, of.both) { (bytes) " " }
            @if let Some(meaning) = meaning { span.meaning { (meaning) } }
            @if let Some(problem) = &node.problem { p.problem { (of.both.say(|text| problem.say(text))) } }
        }
    }
}

fn is_tag(node: &Node, wanted: &str) -> bool {
    matches!(&node.label, crate::decode::Label::Object { tag, .. } if tag.to_string() == wanted)
}

/// `4–11`, counted from 0 as in the texts.
fn place(place: &Range<usize>) -> String {
    let last = place.end.saturating_sub(1);
    if place.start >= last { place.start.to_string() } else { format!("{}–{last}", place.start) }
}

fn bytes(node: &Node, both: &Both) -> Option<Markup> {
    let masked = matches!(node.meaning, Some(Meaning::Account(_)));
    match &node.bytes {
        _ if masked => None,
        Shown::Bytes(bytes) if bytes.is_empty() => Some(html! { span.faint { (both.from(File::Decode, "empty")) } }),
        Shown::Bytes(bytes) => {
            let (first, more) = bytes.split_at_checked(REPEATED).map_or((&**bytes, false), |(first, _)| (first, true));
            Some(html! { code { (hex::encode_upper(first)) @if more { "…" } } })
        }
        Shown::Hidden(count) => {
            let number = count.to_string();
            let id = if *count == 1 { "hidden-byte" } else { "hidden-bytes" };
            Some(html! { span.faint { (both.say(|text| text.say_with(File::Decode, id, &[("count", &number)]))) } })
        }
        Shown::InChildren => None,
    }
}
