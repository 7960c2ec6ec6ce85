//! A trace in one line of JSON, as batches have them.

use std::{borrow::Cow, fmt, str};

use serde::{Deserialize, Deserializer, de::Visitor};

use super::{
    super::{Error, Trace, excerpt},
    Places, assemble,
    document::{Document, Hex, Items},
    malformed,
};

const EXPECTED: &str = "one line of JSON with \"exchanges\": [{\"c\": …, \"r\": …}] or \"trace\": \"…\"";

/// One line of a batch: a trace, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// `name`, whatever it is good for.
    pub name: Option<String>,
    /// `terminal`: which terminal the trace is of, for what only several traces of one terminal show.
    pub terminal: Option<String>,
    /// The trace, or why it cannot be read.
    pub trace: Result<Trace, Error>,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    name: Option<Name<'a>>,
    #[serde(borrow, default)]
    terminal: Option<Name<'a>>,
    #[serde(borrow, default)]
    trace: Option<Hex<'a>>,
    #[serde(borrow, default)]
    exchanges: Option<Items<'a>>,
    #[serde(borrow, default)]
    atr: Option<Hex<'a>>,
}

/// Reads a trace from one line of JSON: `{"name": …, "trace": "…"}` with the text of a trace of any format, or `{"name": …,
/// "exchanges": [{"c": …, "r": …}]}`, or the list of exchanges alone. Other keys are ignored; `terminal` may name the
/// terminal.
///
/// # Errors
/// [`Error`] for what is no such JSON. That the trace in it cannot be read is an error inside the record, whose name is
/// known then.
pub fn read_record(line: &[u8]) -> Result<Record, Error> {
    let places = Places::in_text(line);
    if line.trim_ascii_start().starts_with(b"[") {
        let items: Items<'_> = from_line(line).map_err(|error| malformed(&error))?;
        return Ok(Record { name: None, terminal: None, trace: assemble(Document::from(items), places) });
    }
    let Line { name, terminal, trace, exchanges, atr } =
        from_line(line).map_err(|error| Error { expected: EXPECTED, ..malformed(&error) })?;
    let trace = match (exchanges, trace) {
        (Some(exchanges), _) => assemble(Document { exchanges, atr }, places),
        (None, Some(text)) => super::super::read(text.0.as_bytes(), None),
        (None, None) => Err(Error::malformed(1, 1, EXPECTED, excerpt(line))),
    };
    Ok(Record { name: name.map(|name| name.0.into_owned()), terminal: terminal.map(|name| name.0.into_owned()), trace })
}

/// Whether it is UTF-8 is faster told of the line than of each string in it.
fn from_line<'a, T: Deserialize<'a>>(line: &'a [u8]) -> serde_json::Result<T> {
    str::from_utf8(line).map_or_else(|_| serde_json::from_slice(line), serde_json::from_str)
}

/// A string, or a number as it is written.
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a whole number")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(number.to_string())))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(number.to_string())))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_line_is_the_same_trace() {
        let exchanges = r#"[{"c":"00A4040007A0000000041010","r":"6A82"}]"#;
        let lines = [
            format!(r#"{{"name":"a","exchanges":{exchanges},"licence":"MIT"}}"#),
            format!(r#"{{"exchanges":{exchanges},"name":"\u0061"}}"#),
            r#"{"name":"a","trace":"> 00A4040007A0000000041010\n< 6A82\n"}"#.to_owned(),
        ];
        for line in lines {
            let record = read_record(line.as_bytes()).unwrap();
            assert_eq!(record.name.as_deref(), Some("a"), "{line}");
            let trace = record.trace.unwrap();
            assert_eq!(trace.exchanges[0].status().unwrap().0, 0x6A82, "{line}");
        }
        let record = read_record(exchanges.as_bytes()).unwrap();
        assert_eq!((record.name, record.trace.unwrap().exchanges.len()), (None, 1));
    }

    #[test]
    fn names_may_be_numbers_and_terminals_have_names_too() {
        let record = read_record(br#"{"name": 17, "terminal": "T-1", "exchanges": []}"#).unwrap();
        assert_eq!((record.name.as_deref(), record.terminal.as_deref()), (Some("17"), Some("T-1")));
    }

    #[test]
    fn a_trace_that_cannot_be_read_keeps_its_name() {
        let record = read_record(br#"{"name": "a", "trace": "nothing at all"}"#).unwrap();
        assert_eq!(record.name.as_deref(), Some("a"));
        assert!(record.trace.is_err());
        assert!(read_record(br#"{"name": "a"}"#).unwrap().trace.is_err());
        assert!(read_record(b"{\"name\": \"a\", ").is_err());
        assert!(read_record(b"").is_err());
    }
}
