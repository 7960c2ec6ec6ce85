//! Issuer application data: what the card told its issuer with each cryptogram, its own results among it.

use apdu::{dictionary::Context, tag};
use kernel::outcome::Cryptogram;
use serde::Serialize;
use serde_json::Value;

use super::{
    Source,
    page::{Page, Tone},
};
use crate::decode::{self, Label, Meaning, Node, json};

/// Where the names of the layouts begin.
const TITLES: usize = 22;
/// What is worth a line only when it is not zero.
const SILENT_ZEROES: [&str; 5] = ["script-commands", "issuer-bits", "counters", "discretionary", "signature-code"];

/// The data that came with one cryptogram.
#[derive(Debug, Serialize)]
pub(super) struct IssuerDataView {
    /// Which answer to GENERATE AC it came with, from 1.
    pub(super) cryptogram: usize,
    pub(super) bytes: String,
    /// How the bytes are laid out; missing when that is not publicly known.
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<Value>,
    fields: Vec<PartView>,
    #[serde(skip)]
    pub(super) node: Option<Node>,
    #[serde(skip)]
    context: Context,
}

/// One field, or one of its parts: a bit that is set, a choice, a number.
#[derive(Debug, Serialize)]
struct PartView {
    #[serde(flatten)]
    label: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartView>,
}

/// The data that came with each cryptogram, where any came.
pub(super) fn views(source: Source<'_>) -> Vec<IssuerDataView> {
    let with_data = (1..).zip(&source.outcome.cryptograms).filter(|(_, one)| !one.issuer_data.is_empty());
    with_data.map(|(number, one)| IssuerDataView::new(number, one, source.context)).collect()
}

impl IssuerDataView {
    fn new(cryptogram: usize, one: &Cryptogram, context: Context) -> Self {
        let node = decode::value(tag::ISSUER_APPLICATION_DATA_9F10, &one.issuer_data, context);
        let node = node.filter(|node| node.meaning.is_some());
        Self {
            cryptogram,
            bytes: hex::encode_upper(&one.issuer_data),
            layout: node.as_ref().and_then(|node| node.meaning.as_ref()).map(json::meaning),
            fields: node.iter().flat_map(|node| &node.children).map(PartView::new).collect(),
            node,
            context,
        }
    }

    fn print(&self, page: &mut Page<'_>) {
        let number = self.cryptogram.to_string();
        let title = page.say_with("issuer-data-of", &[("number", &number)]);
        let layout = self.node.as_ref().and_then(|node| node.meaning_in(page.text));
        let layout = layout.unwrap_or_else(|| page.say("issuer-data-unknown"));
        page.row(2, &[(TITLES, Tone::Strong, &title), (0, Tone::Plain, &layout)]);
        page.row(4, &[(0, Tone::Faint, &self.bytes)]);
        for field in self.node.iter().flat_map(|node| &node.children) {
            self.print_part(field, 4, page);
        }
    }

    /// The card said the same as the time before.
    fn print_same(&self, page: &mut Page<'_>) {
        let number = self.cryptogram.to_string();
        let (title, same) = (page.say_with("issuer-data-of", &[("number", &number)]), page.say("issuer-data-same"));
        page.row(2, &[(TITLES, Tone::Strong, &title), (0, Tone::Plain, &same)]);
    }

    fn print_part(&self, node: &Node, indent: usize, page: &mut Page<'_>) {
        if is_silent(node) {
            return;
        }
        let is_bit = matches!(node.label, Label::Bit { .. });
        let bytes = match &node.bytes {
            decode::Shown::Bytes(bytes) if !is_bit => hex::encode_upper(bytes),
            _ => String::new(),
        };
        let value = match node.meaning_in(page.text) {
            Some(meaning) if bytes.is_empty() => meaning,
            Some(meaning) => format!("{bytes} ({meaning})"),
            None => bytes,
        };
        let label = node.label_in(page.text, self.context);
        let line = match value.is_empty() {
            true => label,
            false => page.say_with("evidence", &[("fact", &label), ("seen", &value)]),
        };
        let tone = if is_bit { Tone::Strong } else { Tone::Faint };
        page.row(indent, &[(0, tone, &line)]);
        node.children.iter().for_each(|child| self.print_part(child, indent.saturating_add(2), page));
    }
}

impl PartView {
    fn new(node: &Node) -> Self {
        let bytes = match &node.bytes {
            decode::Shown::Bytes(bytes) => Some(hex::encode_upper(bytes)),
            _ => None,
        };
        let meaning = node.meaning.as_ref().map(json::meaning);
        let parts = node.children.iter().map(Self::new).collect();
        Self { label: json::label(&node.label), bytes, meaning, parts }
    }
}

fn is_length(node: &Node) -> bool {
    matches!(node.label, Label::Part("length"))
}

fn is_silent(node: &Node) -> bool {
    let is_zero = match (&node.meaning, &node.bytes) {
        (Some(meaning), _) => *meaning == Meaning::Number(0),
        (None, decode::Shown::Bytes(bytes)) => bytes.iter().all(|byte| *byte == 0),
        (None, _) => false,
    };
    is_length(node) || is_zero && matches!(node.label, Label::Part(name) if SILENT_ZEROES.contains(&name))
}

pub(super) fn print(views: &[IssuerDataView], page: &mut Page<'_>) {
    if views.is_empty() {
        return;
    }
    page.heading("heading-issuer-data");
    let mut before = None;
    for view in views {
        match before.replace(&view.bytes) {
            Some(same) if *same == view.bytes => view.print_same(page),
            _ => view.print(page),
        }
    }
}
