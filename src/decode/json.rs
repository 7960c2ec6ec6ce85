//! What was decoded, for programs: JSON whose keys and names never change. `text` beside them is in a language.

use apdu::status;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Decoded, Node, Problem,
    node::{Label, Meaning, Shown},
    words::context_key,
};
use crate::text::Text;

/// Name and version of the JSON form.
pub const SCHEMA: &str = "emvident.decode/1";

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    language: &'static str,
    kind: String,
    /// Whether the kind was found out rather than asked for.
    detected: bool,
    alternatives: Vec<String>,
    context: &'static str,
    length: usize,
    nodes: Vec<NodeView>,
}

#[derive(Serialize)]
struct NodeView {
    #[serde(flatten)]
    label: Value,
    /// The label in the language.
    label_text: String,
    offset: usize,
    length: usize,
    header: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
    /// This many bytes are not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<Value>,
    /// The meaning in the language.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    children: Vec<Self>,
}

impl Decoded {
    /// The tree as JSON of the schema [`SCHEMA`], with texts in the language of `text`.
    pub fn json(&self, text: &Text) -> String {
        let document = Document {
            schema: SCHEMA,
            language: text.language().tag(),
            kind: self.kind.name(),
            detected: self.detected,
            alternatives: self.alternatives.iter().map(|kind| kind.name()).collect(),
            context: context_key(self.context),
            length: self.length,
            nodes: self.nodes.iter().map(|node| self.view(node, text)).collect(),
        };
        // Everything in it has a JSON form; an error would be an empty document.
        serde_json::to_string_pretty(&document).unwrap_or_default()
    }

    fn view(&self, node: &Node, text: &Text) -> NodeView {
        let (bytes, hidden) = match &node.bytes {
            Shown::Bytes(bytes) => (Some(hex::encode_upper(bytes)), None),
            Shown::Hidden(count) => (None, Some(*count)),
            Shown::InChildren => (None, None),
        };
        NodeView {
            label: label(&node.label),
            label_text: node.label_in(text, self.context),
            offset: node.place.start,
            length: node.place.len(),
            header: node.header,
            bytes,
            hidden,
            meaning: node.meaning.as_ref().map(meaning),
            text: node.meaning_in(text),
            problem: node.problem.as_ref().map(|found| problem(found, text)),
            children: node.children.iter().map(|child| self.view(child, text)).collect(),
        }
    }
}

/// What a node is.
pub(crate) fn label(label: &Label) -> Value {
    match label {
        Label::Object { tag, context } => {
            json!({"type": "object", "tag": tag.to_string(), "context": context.map(context_key)})
        }
        Label::Part(key) => json!({"type": "part", "key": key}),
        Label::Numbered(key, number) => json!({"type": "part", "key": key, "number": number}),
        Label::Bit { table, bit } => json!({"type": "bit", "table": table, "bit": bit.to_string()}),
        Label::Symbol(symbol) => json!({"type": "symbol", "key": symbol}),
    }
}

/// What a value says.
pub(crate) fn meaning(meaning: &Meaning) -> Value {
    let value = match meaning {
        Meaning::Word(word) => json!(word),
        Meaning::Number(number) | Meaning::MinorUnits(number) => json!(number),
        Meaning::Length(count) | Meaning::HiddenDigits(count) => json!(count),
        Meaning::Text(text) | Meaning::Date(text) | Meaning::Time(text) | Meaning::Amount(text) => json!(text),
        Meaning::Account(text) | Meaning::Digits(text) => json!(text),
        Meaning::Country(code) | Meaning::Currency(code) => json!(format!("{code:03}")),
        Meaning::Category(code) => json!(format!("{code:04}")),
        Meaning::Language(name) | Meaning::Command(name) | Meaning::Brand(name) => json!(name),
        Meaning::Status(ins, word) => json!(status::key(ins.unwrap_or_default(), *word)),
        Meaning::ResponseCode(code, word) => json!({"code": code, "word": word}),
        Meaning::File(number) | Meaning::Protocol(number) | Meaning::HistoricalBytes(number) => json!(number),
        Meaning::Method(byte) | Meaning::Condition(byte, _) => json!(format!("{byte:02X}")),
    };
    json!({"type": meaning.key(), "value": value})
}

fn problem(problem: &Problem, text: &Text) -> Value {
    let details: serde_json::Map<String, Value> =
        problem.details.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    json!({"key": problem.key, "offset": problem.offset, "details": details, "text": problem.say(text)})
}
