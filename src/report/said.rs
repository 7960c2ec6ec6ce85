//! A sentence before it is in a language: its id and what stands in it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::page::Page;
use crate::text::File;

/// An id, and the values of the sentence's variables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Said {
    id: &'static str,
    #[serde(flatten)]
    values: BTreeMap<&'static str, String>,
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
        let values: Vec<(&'static str, &str)> =
            self.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        page.text.say_with(File::Explain, &format!("{prefix}-{}", self.id), &values)
    }
}
