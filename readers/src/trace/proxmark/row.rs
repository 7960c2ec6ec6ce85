//! The rows of the table, and the frames they show.

/// What a line of the table is.
pub(super) enum Row {
    /// The first row of a frame.
    Start(Frame),
    /// More bytes of it.
    More(More),
    /// No row.
    Other,
}

/// What was sent in one piece.
#[derive(Default)]
pub(super) struct Frame {
    /// The line of its first row.
    pub line: usize,
    /// When it ended, in periods of the carrier.
    pub end: Option<u64>,
    pub from_tag: bool,
    pub bytes: Vec<u8>,
    /// Wrong parity or checksum, by the table's own word.
    pub is_damaged: bool,
}

/// A further row.
pub(super) struct More {
    bytes: Vec<u8>,
    is_damaged: bool,
}

impl Frame {
    pub fn append(&mut self, more: More) {
        self.bytes.extend_from_slice(&more.bytes);
        self.is_damaged |= more.is_damaged;
    }

    /// The bytes before a right checksum (ISO 14443-3, CRC_A or CRC_B).
    pub fn checked(&self) -> Option<&[u8]> {
        let (bytes, sum) = self.bytes.split_last_chunk::<2>()?;
        let sum = u16::from_le_bytes(*sum);
        (!bytes.is_empty() && (crc(0x6363, bytes) == sum || !crc(0xFFFF, bytes) == sum)).then_some(bytes)
    }
}

/// The checksum of ISO 14443-3, lowest bit first.
fn crc(start: u16, bytes: &[u8]) -> u16 {
    bytes.iter().fold(start, |sum, byte| {
        (0..8).fold(sum ^ u16::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0x8408 } else { sum >> 1 })
    })
}

/// The line without the kind of message the client puts in front: `[+] `.
pub(super) fn without_kind(line: &[u8]) -> &[u8] {
    match line.trim_ascii_start() {
        [b'[', _, b']', rest @ ..] => rest.trim_ascii_start(),
        content => content,
    }
}

pub(super) fn read(line: &[u8]) -> Row {
    let mut cells = without_kind(line).split(|byte| *byte == b'|').map(<[u8]>::trim_ascii);
    let (Some(start), Some(end), Some(source), Some(data)) = (cells.next(), cells.next(), cells.next(), cells.next())
    else {
        return Row::Other;
    };
    let Some((bytes, wrong_parity)) = octets(data) else { return Row::Other };
    let checksum = cells.next().unwrap_or(b"");
    let is_damaged = wrong_parity || checksum.starts_with(b"!") || checksum.ends_with(b"!crc");
    let end = std::str::from_utf8(end).ok().filter(|end| !end.is_empty());
    match (source, end) {
        (b"Rdr" | b"Tag", Some(end)) if start.iter().all(u8::is_ascii_digit) => {
            Row::Start(Frame { line: 0, end: end.parse().ok(), from_tag: source == b"Tag", bytes, is_damaged })
        }
        (b"", None) if start.is_empty() && !bytes.is_empty() => Row::More(More { bytes, is_damaged }),
        _ => Row::Other,
    }
}

/// The bytes of a cell, and whether the parity of one is wrong (`93!`). `26(7)` is a byte of 7 bits.
fn octets(cell: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    let mut wrong = false;
    for word in cell.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        let [high, low, mark @ ..] = word.strip_prefix(b"*").unwrap_or(word) else { return None };
        let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        let known = matches!(mark, b"" | b"!" | b"'" | b"!'" | b"'!" | [b'(', ..]);
        bytes.push(value(*high)? << 4 | value(*low)?);
        wrong |= mark.contains(&b'!');
        if !known {
            return None;
        }
    }
    Some((bytes, wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_in_old_and_new_style() {
        let Row::Start(frame) = read(b"          0 |        992 | Rdr |26(7)     |     | REQA") else { panic!() };
        assert_eq!((frame.bytes.as_slice(), frame.from_tag, frame.end), (&[0x26][..], false, Some(992)));
        let Row::Start(frame) = read(b"       2228 |       4596 | Tag | 04!  00   |     |           ") else {
            panic!()
        };
        assert_eq!((frame.bytes.as_slice(), frame.from_tag, frame.is_damaged), (&[4, 0][..], true, true));
        let Row::More(more) = read(b"            |            |     |95  95  90  00   | A ok|") else { panic!() };
        assert_eq!((more.bytes.as_slice(), more.is_damaged), (&[0x95, 0x95, 0x90, 0][..], false));
        let Row::Start(frame) = read(b"[=]  1 | 2 | Rdr |02 00 | !crc| x") else { panic!() };
        assert!(frame.is_damaged);
        for other in ["      Start |        End | Src | Data", "------------+------------+-----+------", "a | b", ""] {
            assert!(matches!(read(other.as_bytes()), Row::Other), "{other}");
        }
    }

    #[test]
    fn checksums_of_both_types_are_known() {
        // ISO 14443-3, annex B: CRC_A of 12 34 is CF26 as sent, CRC_B of 0A 12 34 56 is 2CF6.
        let checked = |bytes: &[u8]| Frame { bytes: bytes.to_vec(), ..Frame::default() }.checked().map(<[u8]>::len);
        assert_eq!(checked(&[0x12, 0x34, 0x26, 0xCF]), Some(2));
        assert_eq!(checked(&[0x0A, 0x12, 0x34, 0x56, 0x2C, 0xF6]), Some(4));
        assert_eq!(checked(&[0x12, 0x34, 0x26, 0xCE]), None);
        assert_eq!(checked(&[0x26]), None);
    }
}
