//! One JSON object with `exchanges: [{c, r}]`, or the list alone. Other keys are ignored; hex is as free as in logs.

mod document;
mod record;

use super::{
    Error, Format, MAX_EXCHANGES, Reason, Trace,
    assembler::{Assembler, Piece},
    excerpt,
    octets::{self, Ending},
};
use apdu::wipe::wipe_all;
use document::{Document, Hex, Items};
use serde::Deserialize;

pub use record::{Record, read_record};

const EXPECTED: &str = "JSON with \"exchanges\": [{\"c\": \"00A4…\", \"r\": \"6F…9000\"}]";

/// Room for the bytes of one string.
const ROOM: usize = 512;

pub(super) fn read(text: &[u8]) -> Result<Trace, Error> {
    let list = text.trim_ascii_start().starts_with(b"[");
    let document =
        if list { serde_json::from_slice::<Items<'_>>(text).map(Document::from) } else { serde_json::from_slice(text) };
    let document = document.map_err(|error| malformed(&error))?;
    assemble(document, Places::in_text(text))
}

/// Reads a trace from a parsed JSON value, such as one line of a batch. All its lines are 1.
///
/// # Errors
/// [`Error`], as for [`read`](super::read).
pub fn read_json_value(value: &serde_json::Value) -> Result<Trace, Error> {
    let document = match value {
        serde_json::Value::Array(_) => Items::deserialize(value).map(Document::from),
        _ => Document::deserialize(value),
    };
    let document = document.map_err(|error| malformed(&error))?;
    assemble(document, Places::in_text(&[]))
}

/// Line and column are numbers of the error; its text has them too, and perhaps bytes.
fn malformed(error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let what = text.split_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    Error::malformed(error.line().max(1), error.column().max(1), EXPECTED, excerpt(what.as_bytes()))
}

fn assemble(document: Document<'_>, places: Places<'_>) -> Result<Trace, Error> {
    let mut bytes = Vec::with_capacity(ROOM);
    let trace = assemble_with(document, places, &mut bytes);
    wipe_all(&mut bytes);
    trace
}

/// All strings are read into `bytes`, one after the other.
fn assemble_with(document: Document<'_>, mut places: Places<'_>, bytes: &mut Vec<u8>) -> Result<Trace, Error> {
    let mut assembler = Assembler::new(Format::Json);
    if document.exchanges.0.len() > MAX_EXCHANGES {
        return Err(Error::too_many_exchanges(1));
    }
    if let Some(bytes) = document.atr.and_then(|atr| octets_of(&mut assembler, 1, &atr, bytes)) {
        assembler.atr(bytes);
    }
    for item in &document.exchanges.0 {
        let line = places.of(&item.command);
        if let Some(bytes) = octets_of(&mut assembler, line, &item.command, bytes) {
            assembler.command(Piece { line, bytes, at: None })?;
        } else {
            assembler.close();
        }
        let Some(response) = &item.response else { continue };
        let line = places.of(response);
        if let Some(bytes) = octets_of(&mut assembler, line, response, bytes).filter(|bytes| !bytes.is_empty()) {
            assembler.response(Piece { line, bytes, at: None });
        }
    }
    Ok(assembler.finish())
}

/// The bytes a string stands for, or nothing, and the string is counted as skipped.
fn octets_of<'b>(assembler: &mut Assembler, line: usize, hex: &Hex<'_>, bytes: &'b mut Vec<u8>) -> Option<&'b [u8]> {
    let text = hex.0.as_bytes();
    if bytes.capacity() < text.len().div_ceil(2) {
        // Growing would leave a copy behind.
        wipe_all(bytes);
        bytes.reserve(text.len().div_ceil(2));
    }
    let Err(ending) = octets::only(text, bytes) else { return Some(bytes) };
    let reason = match ending {
        Ending::Odd => Reason::OddDigits,
        Ending::Elided => Reason::Elided,
        Ending::Masked if matches!(**bytes, [_, 0x20 | 0x21 | 0x24, _, _, _]) => return Some(bytes),
        Ending::Masked => Reason::Masked,
        Ending::Clean => Reason::NotAnApdu,
    };
    assembler.skip(line, reason, text, 0);
    None
}

/// Finds the lines of strings that were borrowed from the text, in order.
struct Places<'a> {
    /// Nothing when it is all one line.
    text: &'a [u8],
    /// The last string found, and its line.
    offset: usize,
    line: usize,
}

impl<'a> Places<'a> {
    fn in_text(text: &'a [u8]) -> Self {
        let is_one_line = memchr::memchr(b'\n', text.trim_ascii_end()).is_none();
        Self { text: if is_one_line { &[] } else { text }, offset: 0, line: 1 }
    }

    /// The line; that of the string before, if this one is no part of the text.
    fn of(&mut self, hex: &Hex<'_>) -> usize {
        let offset = hex.0.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        if let Some(between) = self.text.get(self.offset..offset) {
            self.line = self.line.saturating_add(memchr::memchr_iter(b'\n', between).count());
            self.offset = offset;
        }
        self.line
    }
}
