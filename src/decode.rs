//! Bytes of payment cards and terminals for people: data objects, lists, commands, answers to reset, certificates.
//!
//! [`Decoder::decode`] makes a [`Decoded`]: a tree of [`Node`]s in no language, each with its place in the input, so that
//! a user interface can highlight it. [`Decoded::text`] is for people, [`Decoded::json`] for programs. What must not be
//! shown never gets into the tree: account numbers are masked, other account data, tracks, PINs and keys become a number
//! of bytes, text from cards is escaped.
//!
//! An error ends nothing: what can be read before and around it is in the tree, with the place and what was expected.

mod answer_to_reset;
pub mod bits;
mod certificate;
mod command;
mod detect;
pub mod input;
pub(crate) mod json;
mod kind;
mod node;
mod object;
mod problem;
mod secrecy;
mod surroundings;
mod text;
mod tree;
mod values;
mod words;

use apdu::{
    Tag,
    dictionary::{Context, lookup},
    tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
    tlv,
};

pub use certificate::Authority;
pub use detect::kinds;
pub use json::SCHEMA;
pub use kind::Kind;
pub use node::{Label, Meaning, Node, Shown};
pub use problem::Problem;
pub(crate) use secrecy::may_hold_account;
pub use surroundings::Surroundings;
pub use values::Characters;
pub(crate) use values::country_by_number;

use crate::text::{File, Text};

/// How an input is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decoder<'a> {
    /// Whose tags they are; an AID in the input says so without it.
    pub context: Option<Context>,
    /// The instruction a response or status word answers.
    pub instruction: Option<u8>,
    /// The CA keys with which certificates are opened.
    pub authority: Option<Authority<'a>>,
}

/// What became of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// What it was read as.
    pub kind: Kind,
    /// Whether the kind was found out rather than asked for.
    pub detected: bool,
    /// What else it could be.
    pub alternatives: Vec<Kind>,
    /// Whose tags they are.
    pub context: Context,
    /// How many bytes were read.
    pub length: usize,
    /// What is in it.
    pub nodes: Vec<Node>,
}

/// Whether `bytes` are data objects with an issuer's certificate, for which a decoder wants CA keys.
pub fn holds_certificate(bytes: &[u8]) -> bool {
    let mut found = false;
    // What comes before an error is worth as much as without it.
    let _ = tlv::walk(bytes, &mut |object, _| found |= object.tag == ISSUER_PUBLIC_KEY_CERTIFICATE_90);
    found
}

/// The stable name of a context.
pub fn context_name(context: Context) -> &'static str {
    words::context_key(context)
}

/// The data objects of `bytes`, as far as they can be read.
pub fn tlv_tree(bytes: &[u8], context: Context) -> Vec<Node> {
    let around = Surroundings { context, ..Surroundings::of(bytes, Some(context)) };
    tree::read(bytes, 0, &around)
}

/// Number and name of a data object, in the language of `text`.
pub fn label(tag: Tag, context: Context, text: &Text) -> String {
    let label = Label::Object { tag, context: Some(context) };
    Node::new(label, 0..0, Shown::InChildren).label_in(text, context)
}

/// The value of `tag`; `None` for a tag that nobody knows in `context`.
pub fn value(tag: Tag, bytes: &[u8], context: Context) -> Option<Node> {
    let around = Surroundings { context, ..Surroundings::default() };
    (lookup(tag, context).is_some() || values::knows(tag, &around)).then(|| value_node(tag, bytes, &around))
}

fn value_node(tag: Tag, bytes: &[u8], around: &Surroundings) -> Node {
    match tag.is_constructed() {
        true => {
            let context = around.lookup_any(tag).map(|entry| entry.context);
            let node = Node::new(Label::Object { tag, context }, 0..bytes.len(), Shown::InChildren);
            node.with_children(tree::read(bytes, 0, around))
        }
        false => object::read(tag, bytes, 0, around),
    }
}

impl Decoder<'_> {
    /// Reads `bytes` as what they look like.
    pub fn detect(&self, bytes: &[u8]) -> Decoded {
        let mut kinds = kinds(bytes, self.context).into_iter();
        let kind = kinds.next().unwrap_or(Kind::DataObjects);
        Decoded { detected: true, alternatives: kinds.collect(), ..self.decode(bytes, kind) }
    }

    /// Reads `bytes` as `kind`; a kind that is text reads them as ASCII.
    pub fn decode(&self, bytes: &[u8], kind: Kind) -> Decoded {
        let wanted = match kind {
            Kind::Value(_, context) => self.context.or(context),
            _ => self.context,
        };
        let around = Surroundings::of(bytes, wanted);
        let nodes = match kind {
            Kind::DataObjects => self.data_objects(bytes, &around),
            Kind::Response => command::response(bytes, self.instruction, &around),
            Kind::StatusWord => command::response(bytes, self.instruction, &around),
            Kind::Command => command::command(bytes, &around),
            Kind::AnswerToReset => answer_to_reset::read(bytes),
            Kind::ObjectList => list(values::object_list(bytes, 0, &around)),
            Kind::TagList => list(values::tag_list(bytes, 0, &around)),
            Kind::Value(tag, _) => vec![value_node(tag, bytes, &around)],
            Kind::Characters(coding) => vec![values::text_node(bytes, coding)],
            Kind::Country | Kind::Currency | Kind::Language => {
                return self.decode_text(&String::from_utf8_lossy(bytes), kind);
            }
        };
        Decoded { kind, detected: false, alternatives: Vec::new(), context: around.context, length: bytes.len(), nodes }
    }

    /// Reads a text as `kind`: the letters or digits of a country, currency or language.
    pub fn decode_text(&self, text: &str, kind: Kind) -> Decoded {
        let node = values::text_kind(text.trim(), kind);
        let context = self.context.unwrap_or_default();
        Decoded { kind, detected: false, alternatives: Vec::new(), context, length: text.len(), nodes: vec![node] }
    }

    fn data_objects(&self, bytes: &[u8], around: &Surroundings) -> Vec<Node> {
        let mut nodes = tree::read(bytes, 0, around);
        if let Some(authority) = self.authority {
            certificate::open(bytes, authority, &mut nodes);
        }
        nodes
    }
}

/// The nodes of a list, the problem with the last of them.
fn list((mut nodes, problem): (Vec<Node>, Option<Problem>)) -> Vec<Node> {
    match nodes.pop() {
        Some(last) => nodes.push(last.with_problem(problem)),
        None => nodes.extend(problem.map(|problem| Node::part("rest", 0, &[]).with_problem(problem))),
    }
    nodes
}

impl Decoded {
    /// The first thing that keeps the input from being what it was read as, in the order of the input. Rules that an
    /// answer to reset breaks and certificates that no key opens are none.
    pub fn problem(&self) -> Option<&Problem> {
        self.nodes.iter().find_map(first_problem)
    }

    /// A problem in the language of `text`, with its place.
    pub fn explain(&self, problem: &Problem, text: &Text) -> String {
        let said = problem.say(text);
        text.say_with(File::Decode, "at-offset", &[("offset", &problem.offset.to_string()), ("problem", &said)])
    }
}

fn first_problem(node: &Node) -> Option<&Problem> {
    if node.is_recovered() || node.is_remark() {
        return None;
    }
    node.problem.as_ref().or_else(|| node.children.iter().find_map(first_problem))
}
