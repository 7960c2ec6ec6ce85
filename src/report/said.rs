//! A sentence before it is in a language: its id and what stands in it.

use std::collections::BTreeMap;

use apdu::{Bit, Tag, dictionary::Context};
use serde::Serialize;

use super::page::Page;
use crate::{
    decode,
    text::{File, Text},
};

/// An id, and the values of the sentence's variables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Said {
    id: &'static str,
    #[serde(flatten)]
    pub(super) values: BTreeMap<&'static str, String>,
}

impl Said {
    pub fn new(id: &'static str) -> Self {
        Self { id, values: BTreeMap::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.values.insert(name, value);
        self
    }

    /// The sentence: the message `PREFIX-ID`.
    pub fn say(&self, prefix: &str, page: &Page<'_>) -> String {
        let values: Vec<(&'static str, String)> =
            self.values.iter().map(|(name, value)| (*name, in_words(name, value, page.text))).collect();
        let values: Vec<(&'static str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        page.text.say_with(File::Explain, &format!("{prefix}-{}", self.id), &values)
    }
}

/// A value that is an id, a tag or a bit, in words; any other as it is.
fn in_words(name: &str, value: &str, text: &Text) -> String {
    let known = match name {
        "certificate" | "certainty" => text.find(File::Facts, &format!("{name}-{value}")),
        "source" | "input" | "parts" => text.find(File::Explain, &format!("{name}-{value}")),
        "tag" => tag(value).map(|tag| decode::label(tag, Context::Emv, text)),
        "bits" => Some(bits(value, text)),
        _ => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}

fn tag(value: &str) -> Option<Tag> {
    let tag = Tag::new(u32::from_str_radix(value, 16).ok()?);
    apdu::dictionary::lookup(tag, Context::Emv).map(|_| tag)
}

/// `3.4, 3.3` with the name of each bit.
fn bits(numbers: &str, text: &Text) -> String {
    let named = |number: &str| {
        let (byte, position) = number.split_once('.')?;
        let bit = Bit::new(byte.parse().ok()?, position.parse().ok()?);
        Some(format!("{number} {}", text.verification_bit(bit)))
    };
    let all = numbers.split(", ").map(|number| named(number).unwrap_or_else(|| number.to_owned()));
    all.collect::<Vec<_>>().join(&text.say(File::Report, "semicolon"))
}
