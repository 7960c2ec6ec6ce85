//! Data objects within data objects, as far as they can be read.
//!
//! Nothing is lost: padding, fillers and what cannot be read are nodes too, and what is inside a template that is cut is
//! read up to the cut.

use apdu::{Tag, dol::Dol, tlv};

use super::{
    node::{Label, Meaning, Node, Shown, span},
    object,
    problem::Problem,
    secrecy,
    surroundings::Surroundings,
};

/// The data objects of `input`, which stands at `base`.
pub(super) fn read(input: &[u8], base: usize, around: &Surroundings) -> Vec<Node> {
    Level { base, depth: 0, around }.read(input)
}

/// One level of nesting.
#[derive(Clone, Copy)]
struct Level<'a> {
    base: usize,
    depth: u8,
    around: &'a Surroundings,
}

impl Level<'_> {
    fn read(self, input: &[u8]) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut at: usize = 0;
        while let Some(rest) = input.get(at..).filter(|rest| !rest.is_empty()) {
            let level = Self { base: self.base.saturating_add(at), ..self };
            let node = level.next(rest);
            // Every node takes at least one byte; one with a problem takes all that are left.
            at = at.saturating_add(node.place.len().max(1));
            nodes.push(node);
        }
        nodes
    }

    /// The first thing of `rest`, which is not empty.
    fn next(self, rest: &[u8]) -> Node {
        let padding = rest.iter().take_while(|byte| **byte == 0x00).count();
        if padding > 0 {
            return filler("padding", self.base, padding);
        }
        if rest.iter().all(|byte| *byte == 0xFF) {
            return filler("filler", self.base, rest.len());
        }
        if self.depth >= tlv::MAX_DEPTH {
            return self.unread(rest, tlv::Error { offset: 0, cause: tlv::Cause::TooDeep });
        }
        match tlv::Reader::strict(rest).next() {
            Some(Ok(object)) => self.object(object.tag, object.value, object.raw.len()),
            Some(Err(error)) => self.broken(rest, error),
            None => filler("filler", self.base, rest.len()),
        }
    }

    /// A data object that takes `length` bytes.
    fn object(self, tag: Tag, value: &[u8], length: usize) -> Node {
        let header = length.saturating_sub(value.len());
        let at = self.base.saturating_add(header);
        let node = if tag.is_constructed() {
            self.template(tag, value, at)
        } else {
            object::read(tag, value, at, self.around)
        };
        Node { place: span(self.base, length), header, ..node }
    }

    fn template(self, tag: Tag, value: &[u8], at: usize) -> Node {
        let entry = self.around.lookup(tag, value.len());
        let label = Label::Object { tag, context: entry.map(|entry| entry.context) };
        let node = Node::new(label, span(at, value.len()), Shown::InChildren).meaning(Meaning::Length(value.len()));
        if entry.is_some_and(object::is_secret) {
            return Node { bytes: Shown::Hidden(value.len()), ..node };
        }
        node.with_children(Level { base: at, depth: self.depth.saturating_add(1), around: self.around }.read(value))
    }

    /// An object that is not whole: its tag and what there is of its value where the tag can be read.
    fn broken(self, rest: &[u8], error: tlv::Error) -> Node {
        let tlv::Cause::ValueCut { .. } = error.cause else { return self.unread(rest, error) };
        let (Some(tag), Some(value)) = (first_tag(rest), rest.get(error.offset..)) else {
            return self.unread(rest, error);
        };
        let problem = Problem::tlv(error.cause, self.base.saturating_add(error.offset));
        let node = match tag.is_constructed() {
            true => self.object(tag, value, rest.len()),
            false => {
                let shown = object::cut(tag, value, self.around);
                let label = Label::Object { tag, context: self.around.lookup_any(tag).map(|entry| entry.context) };
                Node { header: error.offset, ..Node::new(label, span(self.base, rest.len()), shown) }
            }
        };
        Node { problem: Some(problem), ..node }
    }

    /// Bytes of which nothing can be read.
    fn unread(self, rest: &[u8], error: tlv::Error) -> Node {
        let node = Node::part("rest", self.base, rest);
        let node = if secrecy::may_hold_part_of_account(rest) { node.hidden() } else { node };
        node.with_problem(Problem::tlv(error.cause, self.base.saturating_add(error.offset)))
    }
}

fn filler(name: &'static str, at: usize, length: usize) -> Node {
    let node = Node::new(Label::Part(name), span(at, length), Shown::InChildren);
    node.meaning(Meaning::Length(length))
}

/// The tag at the start of an object that has a length field.
fn first_tag(rest: &[u8]) -> Option<Tag> {
    (2..=4).find_map(|length| {
        let list = Dol::parse(rest.get(..length)?).ok()?;
        list.entries().next().map(|entry| entry.tag)
    })
}
