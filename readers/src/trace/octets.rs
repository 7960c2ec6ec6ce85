//! Hex as people write it: `00A404`, `00 a4 04`, `00:A4:04`, `00-A4-04`, `0x00, 0xA4`, `\x00\xA4`, `00h A4h`.

use std::ops::Range;

/// A row of bytes in a text. The bytes themselves are in the buffer that was given to find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Where it stands.
    pub place: Range<usize>,
    /// Why it ends where it ends.
    pub ending: Ending,
}

/// What stops a row of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The end of the text, or what is no hex.
    Clean,
    /// A word of hex digits, an odd number of them.
    Odd,
    /// `...`: more was there.
    Elided,
    /// Stars in place of digits.
    Masked,
}

/// The value of every character as a hex digit; `NONE` for all others.
const DIGIT: [u8; 256] = digits();
const NONE: u8 = 0xFF;

#[expect(clippy::indexing_slicing, reason = "a u8 is below 256")]
const fn digits() -> [u8; 256] {
    let mut table = [NONE; 256];
    let mut character = 0_u8;
    loop {
        table[character as usize] = match character {
            b'0'..=b'9' => character.wrapping_sub(b'0'),
            b'A'..=b'F' => character.wrapping_sub(b'A').wrapping_add(10),
            b'a'..=b'f' => character.wrapping_sub(b'a').wrapping_add(10),
            _ => NONE,
        };
        if character == u8::MAX {
            return table;
        }
        character = character.wrapping_add(1);
    }
}

/// What every character makes as the first and as the second digit of a byte; more than a byte for what is no digit. So a
/// pair is two look-ups and an OR, and a whole row is looked over for what is none at its end.
const FIRST: [u16; 256] = shifted(4);
const SECOND: [u16; 256] = shifted(0);

#[expect(clippy::indexing_slicing, reason = "a u8 is below 256")]
const fn shifted(bits: u32) -> [u16; 256] {
    let mut table = [u16::MAX; 256];
    let mut character = 0_u8;
    loop {
        if DIGIT[character as usize] != NONE {
            table[character as usize] = (DIGIT[character as usize] as u16) << bits;
        }
        if character == u8::MAX {
            return table;
        }
        character = character.wrapping_add(1);
    }
}

#[expect(clippy::indexing_slicing, reason = "a u8 is below 256")]
fn digit(character: u8) -> u8 {
    DIGIT[usize::from(character)]
}

/// The byte that two digits make, or more than a byte.
#[expect(clippy::indexing_slicing, reason = "a u8 is below 256")]
fn pair([first, second]: [u8; 2]) -> u16 {
    FIRST[usize::from(first)] | SECOND[usize::from(second)]
}

fn is_digit(character: Option<&u8>) -> bool {
    character.is_some_and(|character| digit(*character) != NONE)
}

/// The bytes that start at `start`, which replace what is in `bytes`.
pub(super) fn run(text: &[u8], start: usize, bytes: &mut Vec<u8>) -> Run {
    bytes.clear();
    let mut place = start..start;
    let mut next = start;
    let mut before = (start, 0);
    loop {
        if let Some(end) = read_spaced(text, next, bytes) {
            before = (end.saturating_sub(3), bytes.len().saturating_sub(1));
            place.end = end;
            next = end.saturating_add(1);
        }
        let word = text.get(next..).unwrap_or(&[]);
        let last = (place.end, bytes.len());
        let (length, ending) = read_word(word, bytes);
        if let Some(ending) = ending {
            if is_unit(word) && text.get(before.0..place.end).is_some_and(|last| is_number(last, before.1 == 0)) {
                (place.end, _) = before;
                bytes.truncate(before.1);
            }
            let ending = if place.is_empty() && ending != Ending::Odd { Ending::Clean } else { ending };
            return Run { place, ending };
        }
        before = last;
        place.end = next.saturating_add(length);
        next = place.end.saturating_add(gap(text.get(place.end..).unwrap_or(&[])));
    }
}

/// The longest row of bytes in `text`, the last one of equals; and whether there is a word of hex with an odd number of
/// digits, long enough to be meant as bytes.
pub(super) fn longest(text: &[u8], bytes: &mut Vec<u8>) -> (Option<Run>, bool) {
    let (mut best, mut most, mut odd) = (None, 0, false);
    let mut next = 0;
    while let Some((found, after)) = next_run(text, next, bytes) {
        next = after;
        let word = found.place.end.saturating_add(gap(text.get(found.place.end..).unwrap_or(&[])));
        odd |= found.ending == Ending::Odd && word_end(text, word).saturating_sub(word) > 4;
        if !bytes.is_empty() && bytes.len() >= most {
            most = bytes.len();
            best = Some(found);
        }
    }
    if let Some(best) = &best {
        let _again = run(text, best.place.start, bytes);
    }
    (best, odd)
}

/// The row that starts at the next word which may be hex, perhaps empty, and where to look for the one after.
pub(super) fn next_run(text: &[u8], from: usize, bytes: &mut Vec<u8>) -> Option<(Run, usize)> {
    let start = word_start(text, from)?;
    let found = run(text, start, bytes);
    let after = if found.place.is_empty() { word_end(text, start) } else { found.place.end };
    Some((found, after))
}

/// Whether a row goes on behind the word with an odd number of digits that ends it, or that word is all there is.
pub(super) fn goes_on(text: &[u8], run: &Run) -> bool {
    let start = run.place.end.saturating_add(gap(text.get(run.place.end..).unwrap_or(&[])));
    let end = word_end(text, start);
    if run.place.is_empty() {
        return end == text.len();
    }
    let next = end.saturating_add(gap(text.get(end..).unwrap_or(&[])));
    let mut bytes = Vec::new();
    read_word(text.get(next..).unwrap_or(&[]), &mut bytes).1.is_none()
}

/// One word of hex, appended to `bytes`: how long it is, or why it is none.
fn read_word(word: &[u8], bytes: &mut Vec<u8>) -> (usize, Option<Ending>) {
    let before = bytes.len();
    let prefix = prefix(word);
    let rest = read_pairs(word.get(prefix..).unwrap_or(&[]), bytes);
    let length = word.len().saturating_sub(rest.len());
    let is_empty = bytes.len() == before;
    match rest {
        [b'h' | b'H', after @ ..] if !is_empty && !is_alphanumeric(after) => (length.saturating_add(1), None),
        [b'*', ..] | [b'X', b'X', ..] | [b'x', b'x', ..] => (length, masked(is_empty)),
        [single, after @ ..] if digit(*single) != NONE && !is_alphanumeric(after) => {
            if prefix > 0 && is_empty {
                bytes.push(digit(*single));
                return (length.saturating_add(1), None);
            }
            bytes.truncate(before);
            (0, Some(odd(word)))
        }
        _ if is_empty || is_alphanumeric(rest) => {
            bytes.truncate(before);
            (0, Some(if is_elision(word) { Ending::Elided } else { Ending::Clean }))
        }
        _ => (length, None),
    }
}

/// Hex with a digit missing, unless it is a word such as `Added`.
fn odd(word: &[u8]) -> Ending {
    let digits = word.iter().take_while(|byte| byte.is_ascii_hexdigit());
    let is_hex = digits.clone().any(u8::is_ascii_digit) || digits.count() == 1;
    if is_hex { Ending::Odd } else { Ending::Clean }
}

/// Stars right behind digits end the word, the next word is the stars.
fn masked(is_empty: bool) -> Option<Ending> {
    is_empty.then_some(Ending::Masked)
}

/// What makes the number before it a time or a count.
fn is_unit(word: &[u8]) -> bool {
    let end = word.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(word.len());
    matches!(word.get(..end), Some(b"ms" | b"us" | b"s" | b"sec" | b"byte" | b"bytes"))
        || word.starts_with("µs".as_bytes())
}

/// Decimal digits, behind a blank unless they come `first`.
fn is_number(text: &[u8], first: bool) -> bool {
    let digits = text.trim_ascii();
    (first || digits.len() < text.len()) && digits.iter().all(u8::is_ascii_digit)
}

/// `0x` or `\x`.
fn prefix(word: &[u8]) -> usize {
    match word {
        [b'0' | b'\\', b'x' | b'X', next, ..] if is_digit(Some(next)) => 2,
        _ => 0,
    }
}

/// The pairs of digits that `text` starts with; what comes after.
fn read_pairs<'a>(text: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    let (pairs, _) = text.as_chunks::<2>();
    let is_pair = |[high, low]: &[u8; 2]| digit(*high) | digit(*low) <= 0x0F;
    let count = pairs.iter().position(|pair| !is_pair(pair)).unwrap_or(pairs.len());
    let pairs = pairs.get(..count).unwrap_or(pairs);
    bytes.extend(pairs.iter().map(|[high, low]| digit(*high) << 4 | digit(*low)));
    text.get(count.saturating_mul(2)..).unwrap_or(&[])
}

/// The plainest spelling, `00 A4 04 `, as far as it goes: where its last word ends.
fn read_spaced(text: &[u8], start: usize, bytes: &mut Vec<u8>) -> Option<usize> {
    let mut rest = text.get(start..)?;
    let before = bytes.len();
    while let [high, low, b' ', after @ ..] = rest {
        let (high, low) = (digit(*high), digit(*low));
        if high | low > 0x0F {
            break;
        }
        bytes.push(high << 4 | low);
        rest = after;
    }
    (bytes.len() > before).then(|| text.len().saturating_sub(rest.len()).saturating_sub(1))
}

fn is_elision(word: &[u8]) -> bool {
    word.starts_with(b"...") || word.starts_with(b"(...") || word.starts_with("…".as_bytes())
}

fn is_alphanumeric(text: &[u8]) -> bool {
    matches!(text, [first, ..] if first.is_ascii_alphanumeric() || *first == b'_')
}

/// How many characters may stand between two words of one row.
fn gap(text: &[u8]) -> usize {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b',' | b':' | b'-' | b'"' | b'\'');
    let length = text.iter().position(|byte| !blank(byte)).unwrap_or(text.len());
    // A dash before `>` is an arrow.
    if text.get(length) == Some(&b'>') { 0 } else { length }
}

/// Where the next word starts that may be hex.
fn word_start(text: &[u8], from: usize) -> Option<usize> {
    let starts = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        let inside = at > from && before.is_some_and(|before| before.is_ascii_alphanumeric() || *before == b'_');
        !inside && (is_digit(text.get(at)) || text.get(at) == Some(&b'\\'))
    };
    (from..text.len()).find(|at| starts(*at))
}

fn word_end(text: &[u8], start: usize) -> usize {
    let length = text.get(start..).and_then(|word| word.iter().position(|byte| !byte.is_ascii_alphanumeric()));
    length.map_or(text.len(), |length| start.saturating_add(length.max(1)))
}

/// Whether `text` is one row of bytes and nothing else; its bytes are in `bytes` then.
pub(super) fn only(text: &[u8], bytes: &mut Vec<u8>) -> Result<(), Ending> {
    let text = text.trim_ascii();
    // Nearly always it is digits and nothing else.
    if !text.is_empty() && is_all_digits(text, bytes) {
        return Ok(());
    }
    let found = run(text, 0, bytes);
    let whole = found.place.end == text.len();
    if whole && found.ending == Ending::Clean { Ok(()) } else { Err(found.ending) }
}

/// Whether `text` is pairs of digits from end to end; only then `bytes` hold what they write.
fn is_all_digits(text: &[u8], bytes: &mut Vec<u8>) -> bool {
    let (pairs, single) = text.as_chunks::<2>();
    let mut all = 0;
    bytes.clear();
    bytes.extend(pairs.iter().map(|digits| {
        let byte = pair(*digits);
        all |= byte;
        byte.to_le_bytes()[0]
    }));
    single.is_empty() && all <= u16::from(u8::MAX)
}

/// Where the words of a row begin, counted in bytes.
pub(super) fn boundaries(text: &[u8]) -> Vec<usize> {
    let (mut ends, mut bytes, mut next) = (Vec::new(), Vec::new(), 0);
    loop {
        let (length, ending) = read_word(text.get(next..).unwrap_or(&[]), &mut bytes);
        if ending.is_some() {
            return ends;
        }
        ends.push(bytes.len());
        let end: usize = next;
        let end = end.saturating_add(length);
        next = end.saturating_add(gap(text.get(end..).unwrap_or(&[])));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, usize, Ending) {
        let mut bytes = Vec::new();
        let found = run(text.as_bytes(), 0, &mut bytes);
        (hex::encode_upper(bytes), found.place.end, found.ending)
    }

    #[test]
    fn hex_is_read_as_people_write_it() {
        for text in [
            "00A40400",
            "00 a4 04 00",
            "00:A4:04:00",
            "00-A4-04-00",
            "0x00, 0xA4,0x4, 0x00",
            "00a4 0400",
            "00h A4h 04h 00h",
            "\\x00\\xA4\\x04\\x00",
            "00', 'A4', '04', '00'",
        ] {
            let (bytes, end, ending) = read(text);
            assert_eq!((&*bytes, ending), ("00A40400", Ending::Clean), "{text}");
            assert!(end + 1 >= text.len(), "{text}");
        }
    }

    #[test]
    fn a_row_ends_where_hex_ends() {
        assert_eq!(read("90 00 : Normal processing."), ("9000".to_owned(), 5, Ending::Clean));
        assert_eq!(read("9000 (OK)"), ("9000".to_owned(), 4, Ending::Clean));
        assert_eq!(read("9000 Added"), ("9000".to_owned(), 4, Ending::Clean));
        assert_eq!(read("00A4 -> 6F"), ("00A4".to_owned(), 4, Ending::Clean));
        assert_eq!(read("00A4 -- 6F"), ("00A46F".to_owned(), 10, Ending::Clean));
        assert_eq!(read("00 A4 4 00"), ("00A4".to_owned(), 5, Ending::Odd));
        assert_eq!(read("00A404 0"), ("00A404".to_owned(), 6, Ending::Odd));
        assert_eq!(read("00A40"), (String::new(), 0, Ending::Odd));
        assert_eq!(read("00A404(...)"), ("00A404".to_owned(), 6, Ending::Elided));
        assert_eq!(read("00A404..."), ("00A404".to_owned(), 6, Ending::Elided));
        assert_eq!(read("0020008008 ****"), ("0020008008".to_owned(), 10, Ending::Masked));
        assert_eq!(read("0020008008XXXX"), ("0020008008".to_owned(), 10, Ending::Masked));
        assert_eq!(read("12us"), (String::new(), 0, Ending::Clean));
        assert_eq!(read(""), (String::new(), 0, Ending::Clean));
    }

    #[test]
    fn the_longest_row_is_the_one_that_is_meant() {
        let longest = |text: &str| {
            let mut bytes = Vec::new();
            let (found, odd) = longest(text.as_bytes(), &mut bytes);
            (found.map(|_| hex::encode_upper(bytes)), odd)
        };
        assert_eq!(
            longest("response, 12 bytes in 35 ms: 6F 03 84 01 1A 90 00"),
            (Some("6F0384011A9000".to_owned()), false)
        );
        assert_eq!(longest("[20] 00 A4 04 00"), (Some("00A40400".to_owned()), false));
        assert_eq!(longest("1024 bytes: 9000"), (Some("9000".to_owned()), false));
        assert_eq!(longest("no such thing"), (None, false));
        assert_eq!(longest("00A40400123"), (None, true));
    }

    #[test]
    fn boundaries_are_those_of_words() {
        assert_eq!(boundaries(b"00A40400 02 3F00 6120"), [4, 5, 7, 9]);
    }
}
