//! The lines of a file, whatever wrote it.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use super::{Error, MAX_LINE};

/// One line.
pub(super) struct Line<'a> {
    /// From 1.
    pub number: usize,
    /// Without its end and without colours.
    pub text: Cow<'a, [u8]>,
}

/// The lines of `text`.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = Result<Line<'_>, Error>> {
    (1..).zip(raw_lines(text)).map(|(number, line)| {
        if line.len() > MAX_LINE {
            return Err(Error::line_too_long(number, line.len()));
        }
        let coloured = memchr(0x1B, line).is_some();
        let text = if coloured { Cow::Owned(without_colours(line)) } else { Cow::Borrowed(line) };
        Ok(Line { number, text })
    })
}

/// The lines of `text` as they are, without their ends.
pub(super) fn raw_lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr_iter(b'\n', text).chain((!text.ends_with(b"\n")).then_some(text.len()));
    let mut start = 0_usize;
    ends.filter_map(move |end| {
        let line = text.get(start..end);
        start = end.saturating_add(1);
        line.map(|line| line.strip_suffix(b"\r").unwrap_or(line))
    })
}

/// Without the sequences that colour a terminal's text: ESC `[` … letter.
fn without_colours(line: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = memchr(0x1B, rest) {
        let (before, sequence) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        plain.extend_from_slice(before);
        let end =
            sequence.iter().position(u8::is_ascii_alphabetic).map_or(sequence.len(), |last| last.saturating_add(1));
        rest = sequence.get(end..).unwrap_or(&[]);
    }
    plain.extend_from_slice(rest);
    plain
}

/// The file in UTF-8 without byte order mark; what was redirected from a Windows shell is UTF-16.
pub(super) fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [0xEF, 0xBB, 0xBF, text @ ..] => Cow::Borrowed(text),
        [0xFF, 0xFE, units @ ..] => Cow::Owned(utf_8(units, u16::from_le_bytes)),
        [0xFE, 0xFF, units @ ..] => Cow::Owned(utf_8(units, u16::from_be_bytes)),
        _ => Cow::Borrowed(bytes),
    }
}

fn utf_8(units: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let (units, _) = units.as_chunks();
    let text: String = char::decode_utf16(units.iter().map(|pair| unit(*pair)))
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.into_bytes()
}

/// The column of the byte at `offset`, in characters from 1.
pub(super) fn column(line: &[u8], offset: usize) -> usize {
    let before = line.get(..offset).unwrap_or(line);
    before.iter().filter(|byte| **byte & 0xC0 != 0x80).count().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &[u8]) -> Vec<String> {
        lines(text).map(|line| String::from_utf8_lossy(&line.unwrap().text).into_owned()).collect()
    }

    #[test]
    fn lines_end_in_any_way_and_lose_their_colour() {
        assert_eq!(texts(b"one\r\ntwo\n\nthree"), ["one", "two", "", "three"]);
        assert_eq!(texts(b"one\n"), ["one"]);
        assert_eq!(texts(b""), [""]);
        assert_eq!(texts(b"\x1b[34mAPDU: 00 A4\x1b[0m"), ["APDU: 00 A4"]);
        assert_eq!(texts(b"half a sequence \x1b[3"), ["half a sequence "]);
    }

    #[test]
    fn a_windows_shell_writes_utf_16() {
        let units: Vec<u8> = "→ 6F".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(plain(&[&[0xFF, 0xFE], &*units].concat()), "→ 6F".as_bytes());
        let units: Vec<u8> = "→ 6F".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(plain(&[&[0xFE, 0xFF], &*units].concat()), "→ 6F".as_bytes());
        assert_eq!(&*plain(b"\xEF\xBB\xBF6F"), b"6F");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(column("→ 6F".as_bytes(), 4), 3);
        assert_eq!(column(b"", 9), 1);
    }

    #[test]
    fn a_line_beyond_the_limit_is_an_error() {
        let text = [b"ok\n".to_vec(), vec![b'0'; MAX_LINE + 1]].concat();
        let error = lines(&text).find_map(Result::err).unwrap();
        assert_eq!(error.to_string(), "line 2, column 1048576: expected a line of at most 1 MiB, found 1048577 bytes");
    }
}
