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
    is_logged(head) || matches!(row::read(head), Row::Start(_)) || head.trim_ascii_start().starts_with(b"Start |")
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

fn read_table(text: &[u8]) -> Result<Trace, Error> {
    let mut table = Table { assembler: Assembler::new(Format::Proxmark), frames: Vec::new() };
    for line in lines(text) {
        let line = line?;
        table.line(line.number, &line.text);
    }
    table.finish()
}

struct Table {
    assembler: Assembler,
    frames: Vec<Frame>,
}

impl Table {
    fn line(&mut self, line: usize, text: &[u8]) {
        match (row::read(text), self.frames.last_mut()) {
            (Row::Start(mut frame), _) => {
                frame.line = line;
                self.frames.push(frame);
            }
            (Row::More(more), Some(frame)) => frame.append(more),
            _ if text.trim_ascii().is_empty() => {}
            _ => self.assembler.skip(line, Reason::Words, text, 0),
        }
    }

    /// Frames with checksums are of the link layer, and APDUs are inside; without any, the list is one of APDUs.
    fn finish(mut self) -> Result<Trace, Error> {
        let frames = std::mem::take(&mut self.frames);
        if frames.iter().any(|frame| frame.checked().is_some()) {
            self.blocks(frames)?;
        } else {
            self.apdus(frames)?;
        }
        self.assembler.finish_filled(EXPECTED)
    }

    fn apdus(&mut self, frames: Vec<Frame>) -> Result<(), Error> {
        for frame in frames {
            let piece = Piece { line: frame.line, at: frame.end.map(carrier_periods), bytes: frame.bytes };
            if frame.is_damaged {
                self.assembler.skip(piece.line, Reason::Damaged, b"", 0);
            } else if frame.from_tag {
                self.assembler.response(piece);
            } else {
                self.assembler.command(piece)?;
            }
        }
        Ok(())
    }

    fn blocks(&mut self, frames: Vec<Frame>) -> Result<(), Error> {
        let mut blocks = Blocks::default();
        for frame in frames {
            let at = frame.end.map(carrier_periods);
            match blocks.hear(&frame) {
                Heard::Nothing => {}
                Heard::Skip(reason) => self.assembler.skip(frame.line, reason, b"", 0),
                Heard::Command(line, bytes) => self.assembler.command(Piece { line, bytes, at })?,
                Heard::Response(line, bytes) => self.assembler.response(Piece { line, bytes, at }),
            }
        }
        for line in blocks.unfinished() {
            self.assembler.skip(line, Reason::Damaged, b"", 0);
        }
        Ok(())
    }
}

/// Times are in periods of the carrier, 13.56 MHz.
fn carrier_periods(count: u64) -> Duration {
    Duration::from_nanos(count.saturating_mul(1_000).checked_div_euclid(1_356).unwrap_or(0).saturating_mul(100))
}
