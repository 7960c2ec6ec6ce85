//! The log of the PC/SC daemon with `--apdu`: `00171781 [140017007589056] SW: 90 00`, perhaps behind the journal's prefix.
//! The number is the microseconds since the line before.

use std::time::Duration;

use memchr::memmem;

use super::{
    Error, Format, Trace,
    labelled::{Bare, Dialect, Engine, Found, Label},
    lines::lines,
};

const EXPECTED: &str = "\"APDU: 00 A4 …\" and \"SW: … 90 00\"";

/// How far into a line a label may stand.
const HEAD: usize = 160;

pub(super) fn read(text: &[u8]) -> Result<Trace, Error> {
    let mut engine = Engine::new(Dialect { format: Format::Pcscd, find, bare: Bare::Nothing });
    let mut clock = Duration::ZERO;
    for line in lines(text) {
        let line = line?;
        let since = since(&line.text);
        clock = clock.saturating_add(since.unwrap_or_default());
        engine.line(&line, 0, since.map(|_| clock))?;
    }
    engine.finish(EXPECTED)
}

/// Whether the line could only come from this daemon.
pub(super) fn recognises(head: &[u8]) -> bool {
    let stamped = head.first_chunk::<8>().is_some_and(|stamp| stamp.iter().all(u8::is_ascii_digit));
    if !stamped && memmem::find(head, b"pcscd").is_none() {
        return false;
    }
    let label = memmem::find(head, b"APDU: ").or_else(|| memmem::find(head, b"SW: "));
    label.is_some_and(|at| stamp(head.get(..at).unwrap_or(&[])).is_some())
}

fn find(line: &[u8], from: usize) -> Option<Found> {
    let head = line.get(..HEAD).unwrap_or(line);
    let labels: [(&[u8], Label); 3] = [(b"APDU: ", Label::Command), (b"SW: ", Label::Response), (b"ATR: ", Label::Atr)];
    labels.into_iter().find_map(|(word, label)| {
        let start = memmem::find(head.get(from..)?, word)?.saturating_add(from);
        let own = label == Label::Atr || stamp(head.get(..start)?).is_some() || start == 0;
        own.then_some(Found { label, start, end: start.saturating_add(word.len()), is_weak: false })
    })
}

/// The eight digits that end in front of a label, but for the thread in brackets.
fn stamp(before: &[u8]) -> Option<&[u8]> {
    let before = before.trim_ascii_end();
    let before = match before.strip_suffix(b"]") {
        Some(thread) => thread.rsplitn(2, |byte| *byte == b'[').nth(1)?.trim_ascii_end(),
        None => before,
    };
    let word = before.rsplit(|byte| *byte == b' ').next()?;
    (word.len() == 8 && word.iter().all(u8::is_ascii_digit)).then_some(word)
}

/// The microseconds since the line before: the first word of eight digits.
fn since(line: &[u8]) -> Option<Duration> {
    let head = line.get(..HEAD).unwrap_or(line);
    let stamp = head.split(|byte| *byte == b' ').find(|word| word.len() == 8 && word.iter().all(u8::is_ascii_digit))?;
    let digit = |sum: u64, byte: &u8| sum.saturating_mul(10).saturating_add(u64::from(byte & 0x0F));
    Some(Duration::from_micros(stamp.iter().fold(0, digit)))
}
