//! What is wrong with a configuration, so that the person who wrote it can put it right.

use alloc::string::{String, ToString};
use core::fmt;

/// The first thing wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The line, from 1.
    pub line: usize,
    /// The field with its table, `terminal.currency`; empty when the text is no TOML.
    pub field: String,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The text is no TOML; the parser's own words.
    Syntax(String),
    /// No such field; the name that is nearest, and all there are.
    Unknown {
        /// The known name most like it, when one is like it at all.
        nearest: Option<String>,
        /// All known names.
        known: String,
    },
    /// The field has to be there.
    Missing {
        /// What would be right.
        right: String,
    },
    /// The value cannot be used.
    Wrong {
        /// The value as it stands in the file; empty when it must not be shown.
        found: String,
        /// What would be right.
        right: String,
    },
}

impl ConfigError {
    pub(super) fn syntax(text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message().trim_end().replace('\n', "; ");
        Self { line: line(text, at), field: String::new(), fault: Fault::Syntax(message) }
    }
}

/// The line that byte `at` is in, from 1.
pub(super) fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count().saturating_add(1)
}

/// The longest value shown.
const SHOWN: usize = 60;

/// A value as an error message shows it: one line, no control characters, not too long.
pub(super) fn shown(value: &str) -> String {
    let mut shown: String = value.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    shown = shown.replace("\\\"", "\"").replace("\\'", "'");
    if value.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown.to_string()
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, field, fault } = self;
        match fault {
            Fault::Syntax(message) => write!(f, "line {line}: this is not TOML: {message}"),
            Fault::Unknown { nearest: Some(nearest), .. } => {
                write!(f, "line {line}: {field} is not a known name; perhaps {nearest} is meant")
            }
            Fault::Unknown { nearest: None, known } => {
                write!(f, "line {line}: {field} is not a known name; known are {known}")
            }
            Fault::Missing { right } => write!(f, "line {line}: {field} is missing; right would be {right}"),
            Fault::Wrong { found, right } if found.is_empty() => {
                write!(f, "line {line}: {field} cannot be used; right would be {right}")
            }
            Fault::Wrong { found, right } => {
                write!(f, "line {line}: {field} = {found} cannot be used; right would be {right}")
            }
        }
    }
}

impl core::error::Error for ConfigError {}
