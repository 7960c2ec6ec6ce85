//! One piece of evidence.

use kernel::finding::{Evidence, Fact};
use serde::Serialize;

use super::{
    Source, named,
    shown::{Setting, Shown, TagView},
};
use crate::text::{File, Text};

/// One piece of evidence, as it may be shown.
#[derive(Debug, Serialize)]
pub(super) struct EvidenceView {
    #[serde(serialize_with = "named::one")]
    fact: Fact,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tag: Option<TagView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exchange: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<(u8, u8)>,
}

impl EvidenceView {
    pub fn new(evidence: &Evidence, source: Source<'_>) -> Self {
        let place = evidence.place;
        let setting =
            Setting { fact: evidence.fact, tag: place.tag, context: source.context, currency: source.currency };
        Self {
            fact: evidence.fact,
            expected: evidence.expected.as_ref().map(|value| Shown::new(value, setting)),
            found: evidence.found.as_ref().map(|value| Shown::new(value, setting)),
            tag: place.tag.map(|tag| TagView::new(tag, source.context)),
            offset: place.offset,
            exchange: place.exchange,
            record: place.record,
        }
    }

    /// Whether it only repeats the id of its own finding.
    pub fn repeats(&self, id: &str) -> bool {
        self.found == Shown::word(id) && self.found.is_some()
    }

    /// `hash: 1234 expected, 5678 found (9F46 ICC public key certificate, exchange 7)`.
    pub fn say(&self, text: &Text) -> String {
        let value = |shown: &Option<Shown>| shown.as_ref().map(|shown| shown.say(text));
        let seen = match (value(&self.expected), value(&self.found)) {
            (Some(expected), Some(found)) => {
                text.say_with(File::Report, "compared", &[("expected", &expected), ("found", &found)])
            }
            (Some(expected), None) => text.say_with(File::Report, "missing", &[("expected", &expected)]),
            (None, Some(found)) => found,
            (None, None) => text.say(File::Report, "missing-anything"),
        };
        let fact = text.fact(self.fact);
        let place = self.place(text);
        let id = if place.is_empty() { "evidence" } else { "evidence-at" };
        text.say_with(File::Report, id, &[("fact", &fact), ("seen", &seen), ("place", &place)])
    }

    fn place(&self, text: &Text) -> String {
        let at = |id, number: String| text.say_with(File::Report, id, &[("number", &number)]);
        let parts = [
            self.tag.as_ref().map(|tag| tag.say(text)),
            self.offset.map(|offset| at("at-byte", offset.to_string())),
            self.record.map(|(file, record)| at("at-record", format!("{file}.{record}"))),
            self.exchange.map(|exchange| at("at-exchange", exchange.to_string())),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(&text.say(File::Report, "comma"))
    }
}

impl Shown {
    fn word(id: &str) -> Option<Self> {
        kernel::Reason::from_id(id).map(|reason| Self::Word(reason.id()))
    }
}
