//! `scriptor` and `gscriptor` of pcsc-tools: `> 00 A4 …` and `< 6F … 90 00 : Normal processing.`, or `Sending:` and
//! `Received:`; long rows are wrapped. A `reset` is answered with `< OK: ` and the answer to reset.

use super::{
    Error, Format, Trace,
    labelled::{Bare, Dialect, Engine, Found, Label},
    lines::lines,
};

const EXPECTED: &str = "\"> 00 A4 …\" and \"< … 90 00 : …\"";

const LABELS: [(&[u8], Label); 5] = [
    (b"< OK:", Label::Atr),
    (b">", Label::Command),
    (b"<", Label::Response),
    (b"Sending:", Label::Command),
    (b"Received:", Label::Response),
];

pub(super) fn read(text: &[u8]) -> Result<Trace, Error> {
    let mut engine = Engine::new(Dialect { format: Format::Scriptor, find, bare: Bare::More });
    for line in lines(text) {
        let line = line?;
        engine.line(&line, 0, None)?;
    }
    engine.finish(EXPECTED)
}

/// Whether the line could only come from these programs.
pub(super) fn recognises(head: &[u8]) -> bool {
    let signs: [&[u8]; 4] =
        [b"Reading commands from", b"Beginning script execution", b"Using given card reader:", b"< OK:"];
    signs.iter().any(|sign| head.starts_with(sign)) || is_explained(head)
}

/// `< 90 00 : Normal processing.`
fn is_explained(head: &[u8]) -> bool {
    let Some(bytes) = head.strip_prefix(b"< ") else { return false };
    let words = bytes.iter().position(|byte| !(byte.is_ascii_hexdigit() || *byte == b' '));
    let words = words.filter(|at| *at >= 5).and_then(|at| bytes.get(at..));
    matches!(words, Some([b':', b' ', letter, ..]) if letter.is_ascii_uppercase())
}

/// A label starts its line.
fn find(line: &[u8], from: usize) -> Option<Found> {
    let start = line.len().saturating_sub(line.trim_ascii_start().len());
    let content = line.get(start..).filter(|_| from <= start)?;
    let (word, label) = LABELS.iter().find(|(word, _)| content.starts_with(word))?;
    Some(Found { label: *label, start, end: start.saturating_add(word.len()), is_weak: false })
}
