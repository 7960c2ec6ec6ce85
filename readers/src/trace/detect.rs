//! Who wrote a trace.

use memchr::memchr3;

use super::{Error, Format, cardpeek, lines::raw_lines, octets, opensc, pcscd, proxmark, scriptor};

/// How far to look for a signature: lines, and bytes of a line.
const LINES: usize = 400;
const HEAD: usize = 160;

/// By signature; [`Format::Text`] for all else that holds hex.
pub(super) fn detect(text: &[u8]) -> Option<Format> {
    match text {
        [0xA1, 0xB2, 0xC3, 0xD4, ..] | [0xD4, 0xC3, 0xB2, 0xA1, ..] => return Some(Format::Capture),
        [0xA1, 0xB2, 0x3C, 0x4D, ..] | [0x4D, 0x3C, 0xB2, 0xA1, ..] => return Some(Format::Capture),
        [0x0A, 0x0D, 0x0D, 0x0A, ..] => return Some(Format::Capture),
        _ if text.starts_with(b"emvident transcript ") => return Some(Format::Transcript),
        _ if is_json(text) => return Some(Format::Json),
        _ => {}
    }
    let mut hex = false;
    let mut bytes = Vec::new();
    for line in raw_lines(text).take(LINES) {
        let head = line.get(..HEAD).unwrap_or(line);
        if let Some(format) = signed(head) {
            return Some(format);
        }
        hex = hex || octets::longest(head, &mut bytes).0.is_some_and(|_| bytes.len() >= 2);
    }
    hex.then_some(Format::Text)
}

/// Tells whether a line could only come from one program.
type Signature = fn(&[u8]) -> bool;

const SIGNATURES: [(Signature, Format); 5] = [
    (proxmark::recognises, Format::Proxmark),
    (opensc::recognises, Format::OpenSc),
    (pcscd::recognises, Format::Pcscd),
    (scriptor::recognises, Format::Scriptor),
    (cardpeek::recognises, Format::Cardpeek),
];

/// The program whose signature a line bears. Lines of hex, alone or behind an arrow, bear none, and most are such.
fn signed(head: &[u8]) -> Option<Format> {
    let plain = matches!(head, [b'0'..=b'9' | b'-' | b'=', ..] | [b'<' | b'>', b' ' | b'-' | b'=' | b'0'..=b'9', ..]);
    if plain && memchr3(b'|', b':', b'(', head).is_none() {
        return None;
    }
    SIGNATURES.into_iter().find(|(recognises, _)| recognises(head)).map(|(_, format)| format)
}

/// `{`, or a list of objects; a log may start with a bracket too.
fn is_json(text: &[u8]) -> bool {
    match text.trim_ascii_start() {
        [b'{', ..] => true,
        [b'[', rest @ ..] => matches!(rest.trim_ascii_start(), [b'{', ..]),
        _ => false,
    }
}

/// No format fits: where something stands that is not blank.
pub(super) fn unknown(text: &[u8]) -> Error {
    let first = (1..).zip(raw_lines(text)).find(|(_, line)| !line.trim_ascii().is_empty());
    first.map_or_else(
        || Error::unknown_format(1, 1, b""),
        |(number, line)| {
            let blank = line.len().saturating_sub(line.trim_ascii_start().len());
            Error::unknown_format(number, blank.saturating_add(1), line)
        },
    )
}
