//! Characters: ASCII, the ten tables of ISO 8859 a card may name, and GB 18030 of Chinese cards.

use apdu::dictionary::Context;
use encoding_rs::{
    Encoding, GB18030, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_10,
    ISO_8859_13, ISO_8859_14, ISO_8859_15, WINDOWS_874, WINDOWS_1254,
};

use super::{Inside, Value};
use crate::{decode::node::Meaning, report::escape};

/// Where the tables of ISO 8859 differ from each other.
const UPPER_HALF: u8 = 0xA0;

/// Characters in the table every card starts with.
pub fn plain(value: Value<'_>) -> Option<Inside> {
    Some(Meaning::Text(guessed(value)).into())
}

/// The preferred name (`9F12`), in the table the card names (`9F11`).
pub fn preferred_name(value: Value<'_>) -> Option<Inside> {
    let stated = value.around.code_table.filter(|table| *table > 1);
    let text = stated.and_then(|table| characters(value.bytes, Characters::Iso8859(table)));
    Some(Meaning::Text(text.unwrap_or_else(|| guessed(value))).into())
}

/// Chinese cards write GB where EMV asks for ISO 8859, whatever table they name.
fn guessed(value: Value<'_>) -> String {
    let gb = || characters(value.bytes, Characters::Gb18030);
    let chinese = value.around.context == Context::UnionPay && !value.bytes.is_ascii();
    chinese.then(gb).flatten().unwrap_or_else(|| latin(value.bytes))
}

fn latin(bytes: &[u8]) -> String {
    escape(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>())
}

/// Authorisation response code (`8A`).
pub fn response_code(value: Value<'_>) -> Option<Inside> {
    let words = RESPONSE_CODES.iter().find(|(code, _)| code.as_bytes() == value.bytes);
    match words {
        Some((_, word)) => Some(Meaning::ResponseCode(latin(value.bytes), word).into()),
        None => plain(value),
    }
}

/// The codes terminals put in themselves, and the commonest of issuers (ISO 8583).
const RESPONSE_CODES: &[(&str, &str)] = &[
    ("00", "response-approved"),
    ("01", "response-refer"),
    ("02", "response-refer"),
    ("04", "response-capture"),
    ("05", "response-declined"),
    ("12", "response-invalid-transaction"),
    ("13", "response-invalid-amount"),
    ("14", "response-invalid-number"),
    ("30", "response-format"),
    ("41", "response-lost"),
    ("43", "response-stolen"),
    ("51", "response-no-funds"),
    ("54", "response-expired"),
    ("55", "response-wrong-pin"),
    ("57", "response-not-permitted"),
    ("61", "response-limit"),
    ("65", "response-frequency"),
    ("75", "response-pin-tries"),
    ("91", "response-issuer-down"),
    ("96", "response-malfunction"),
    ("Y1", "response-y1"),
    ("Z1", "response-z1"),
    ("Y2", "response-y2"),
    ("Z2", "response-z2"),
    ("Y3", "response-y3"),
    ("Z3", "response-z3"),
];

/// A way to write characters in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    /// A part of ISO 8859, 1 to 15.
    Iso8859(u8),
    /// GB 18030, of which GBK and GB 2312 are parts.
    Gb18030,
}

/// `bytes` as characters, made harmless; `None` where a byte has no character.
pub fn characters(bytes: &[u8], coding: Characters) -> Option<String> {
    let text = match coding {
        Characters::Gb18030 => GB18030.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned(),
        Characters::Iso8859(part) => bytes.iter().map(|byte| iso_8859(part, *byte)).collect::<Option<String>>()?,
    };
    Some(escape(&text))
}

fn iso_8859(part: u8, byte: u8) -> Option<char> {
    if part == 1 || byte < UPPER_HALF {
        return Some(char::from(byte));
    }
    let decoded = encoding(part)?.decode_without_bom_handling_and_without_replacement(&[byte])?.into_owned();
    decoded.chars().next()
}

/// Windows code pages stand in where their upper halves are those of ISO 8859.
fn encoding(part: u8) -> Option<&'static Encoding> {
    Some(match part {
        2 => ISO_8859_2,
        3 => ISO_8859_3,
        4 => ISO_8859_4,
        5 => ISO_8859_5,
        6 => ISO_8859_6,
        7 => ISO_8859_7,
        8 => ISO_8859_8,
        9 => WINDOWS_1254,
        10 => ISO_8859_10,
        11 => WINDOWS_874,
        13 => ISO_8859_13,
        14 => ISO_8859_14,
        15 => ISO_8859_15,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_has_its_own_upper_half() {
        let read = |part, bytes: &[u8]| characters(bytes, Characters::Iso8859(part));
        assert_eq!(read(1, b"Cr\xE9dit").as_deref(), Some("Crédit"));
        assert_eq!(read(5, &[0xBC, 0xB8, 0xC0]).as_deref(), Some("МИР"));
        assert_eq!(read(7, &[0xC5, 0xD5]).as_deref(), Some("ΕΥ"));
        assert_eq!(read(9, &[0xDE]).as_deref(), Some("Ş"));
        assert_eq!(read(11, &[0xA1]).as_deref(), Some("ก"));
        assert_eq!(read(15, &[0xA4]).as_deref(), Some("€"));
        assert_eq!(read(12, &[0xA4]), None);
        assert_eq!(read(2, b"\x1B[2J\x9B").as_deref(), Some("\\u{1b}[2J\\u{9b}"));
    }

    #[test]
    fn chinese_characters_are_read_and_nonsense_is_not() {
        assert_eq!(characters(&[0xD2, 0xF8, 0xC1, 0xAA], Characters::Gb18030).as_deref(), Some("银联"));
        assert_eq!(characters(&[0xD2], Characters::Gb18030), None);
    }
}
