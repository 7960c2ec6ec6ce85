//! What a check of a stripe has to say.

use kernel::{
    Reason,
    finding::{Certainty, Severity},
};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// One thing a check has to say. It holds nothing that must not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which reason of the catalogue.
    pub reason: Reason,
    /// What it means for the stripe: [`Severity::Decline`] and above refuse it.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// What was seen.
    pub evidence: Vec<Evidence>,
}

/// One thing that was seen: a sentence of `stripe.ftl` and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Stable kebab-case id of the sentence, without `seen-`.
    pub id: &'static str,
    /// Its values.
    pub values: Vec<(&'static str, Value)>,
}

/// A value that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// As it is in every language: dates, masked card numbers.
    Plain(String),
    /// A number.
    Number(usize),
    /// A reason of the catalogue.
    Reason(Reason),
    /// A word of `stripe.ftl`, by its id without `word-`.
    Word(&'static str),
}

impl Finding {
    /// A proven finding that refuses the stripe.
    pub(super) fn refusing(reason: Reason) -> Self {
        Self { reason, severity: Severity::Decline, certainty: Certainty::Proven, evidence: Vec::new() }
    }

    /// A proven finding the terminal has to heed.
    pub(super) fn asking(reason: Reason) -> Self {
        Self { severity: Severity::Degraded, ..Self::refusing(reason) }
    }

    pub(super) fn certainty(mut self, certainty: Certainty) -> Self {
        self.certainty = certainty;
        self
    }

    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(super) fn seeing(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }
}

impl Evidence {
    pub(super) fn new(id: &'static str) -> Self {
        Self { id, values: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Plain(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Number(value)
    }
}

impl From<Reason> for Value {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

/// `{"seen": "fault", "what": "fault-month", "position": 21}`.
impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("seen", self.id)?;
        for (name, value) in &self.values {
            match value {
                Value::Plain(text) => map.serialize_entry(name, text),
                Value::Number(number) => map.serialize_entry(name, number),
                Value::Reason(reason) => map.serialize_entry(name, reason.id()),
                Value::Word(word) => map.serialize_entry(name, word),
            }?;
        }
        map.end()
    }
}

/// Facts for programs; what they mean is in the catalogue.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entry = self.reason.entry();
        let categories: Vec<&str> = entry.categories.iter().map(|category| category.id()).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", entry.id)?;
        map.serialize_entry("severity", self.severity.id())?;
        map.serialize_entry("certainty", self.certainty.id())?;
        map.serialize_entry("categories", &categories)?;
        map.serialize_entry("clause", entry.clause)?;
        map.serialize_entry("evidence", &self.evidence)?;
        map.end()
    }
}
