//! Proxmark3: the table that lists a trace,
//!
//! ```text
//!       Start |        End | Src | Data (! denotes parity error)          | CRC | Annotation
//!     6864512 |    6873888 | Rdr |02  00  A4  09  00  00  2A  73          | A ok| SELECT FILE
//! ```
//!
//! with wrapped rows, or the log of an `emv` command: `>>>> 00 a4 …` and `<<<< 6f … 90 00`. A file that has both tells the
//! same twice, and the log is read.

mod block;
mod row;

use std::time::Duration;

use memchr::memchr;

use super::{
    Error, Format, Reason, Trace,
    assembler::{Assembler, Piece},
    labelled::{Bare, Dialect, Engine, Found, Label},
    lines::{lines, raw_lines},
};
use block::{Blocks, Heard};
use row::{Frame, Row};

const EXPECTED: &str = "rows \"Start | End | Src | Data | CRC\", or \">>>> 00 a4 …\" and \"<<<< … 90 00\"";

/// Whether the line could only come from this program.
pub(super) fn recognises(head: &[u8]) -> bool {
    let row = || matches!(row::read(head), Row::Start(_)) || head.trim_ascii_start().starts_with(b"Start |");
    is_logged(head) || (memchr(b'|', head).is_some() && row())
}

fn is_logged(line: &[u8]) -> bool {
    find(line, 0).is_some()
}

pub(super) fn read(text: &[u8]) -> Result<Trace, Error> {
    if raw_lines(text).any(is_logged) { read_log(text) } else { read_table(text) }
}

fn read_log(text: &[u8]) -> Result<Trace, Error> {
    let mut engine = Engine::new(Dialect { format: Format::Proxmark, find, bare: Bare::Nothing });
    for line in lines(text) {
        let line = line?;
        engine.line(&line, 0, None)?;
    }
    engine.finish(EXPECTED)
}

/// Four angle brackets at the start of the line, perhaps behind the kind of message, `[+]`.
fn find(line: &[u8], from: usize) -> Option<Found> {
    let content = row::without_kind(line);
    let start = line.len().saturating_sub(content.len());
    let label = match content {
        [b'>', b'>', b'>', b'>', ..] => Label::Command,
        [b'<', b'<', b'<', b'<', ..] => Label::Response,
        _ => return None,
    };
    (from <= start).then_some(Found { label, start, end: start.saturating_add(4), is_weak: false })
}

/// Frames with checksums are of the link layer, and APDUs are inside; without any, the list is one of APDUs.
fn read_table(text: &[u8]) -> Result<Trace, Error> {
    let mut has_checksums = false;
    each_frame(text, |event| {
        has_checksums |= matches!(event, Event::Frame(frame) if frame.checked().is_some());
        Ok(())
    })?;
    let mut assembler = Assembler::new(Format::Proxmark);
    let mut blocks = Blocks::default();
    each_frame(text, |event| match event {
        Event::Frame(frame) if has_checksums => block(&mut assembler, &mut blocks, &frame),
        Event::Frame(frame) => apdu(&mut assembler, frame),
        Event::Words(line, text) => {
            assembler.skip(line, Reason::Words, text, 0);
            Ok(())
        }
    })?;
    for line in blocks.unfinished() {
        assembler.skip(line, Reason::Damaged, b"", 0);
    }
    assembler.finish_filled(EXPECTED)
}

/// What the table says next.
enum Event<'a> {
    Frame(Frame),
    Words(usize, &'a [u8]),
}

/// Shows every frame with all its rows, and every line that is no row.
fn each_frame(text: &[u8], mut show: impl FnMut(Event<'_>) -> Result<(), Error>) -> Result<(), Error> {
    let mut open: Option<Frame> = None;
    for line in lines(text) {
        let line = line?;
        match (row::read(&line.text), open.as_mut()) {
            (Row::More(more), Some(frame)) => frame.append(more),
            (Row::Start(frame), _) => {
                let before = open.replace(Frame { line: line.number, ..frame });
                before.map_or(Ok(()), |frame| show(Event::Frame(frame)))?;
            }
            _ if line.text.trim_ascii().is_empty() => {}
            _ => show(Event::Words(line.number, &line.text))?,
        }
    }
    open.map_or(Ok(()), |frame| show(Event::Frame(frame)))
}

fn apdu(assembler: &mut Assembler, frame: Frame) -> Result<(), Error> {
    let piece = Piece { line: frame.line, at: frame.end.map(carrier_periods), bytes: frame.bytes };
    if frame.is_damaged {
        assembler.skip(piece.line, Reason::Damaged, b"", 0);
    } else if frame.from_tag {
        assembler.response(piece);
    } else {
        assembler.command(piece)?;
    }
    Ok(())
}

fn block(assembler: &mut Assembler, blocks: &mut Blocks, frame: &Frame) -> Result<(), Error> {
    let at = frame.end.map(carrier_periods);
    match blocks.hear(frame) {
        Heard::Nothing => {}
        Heard::Skip(reason) => assembler.skip(frame.line, reason, b"", 0),
        Heard::Command(line, bytes) => assembler.command(Piece { line, bytes, at })?,
        Heard::Response(line, bytes) => assembler.response(Piece { line, bytes, at }),
    }
    Ok(())
}

/// Times are in periods of the carrier, 13.56 MHz.
fn carrier_periods(count: u64) -> Duration {
    Duration::from_nanos(count.saturating_mul(1_000).checked_div_euclid(1_356).unwrap_or(0).saturating_mul(100))
}
