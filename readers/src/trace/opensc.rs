//! `opensc-tool -s`: `Sending:` with the command, `Received (SW1=0x90, SW2=0x00):` and the data in rows of 16 bytes, each
//! with its characters behind. Debug logs of OpenSC: `Outgoing APDU (5 bytes):` and `Incoming APDU (2 bytes):` with rows
//! that hold everything.

use memchr::{memchr, memmem};

use super::{
    Error, Format, Reason, Trace,
    assembler::{Assembler, Piece},
    lines::lines,
    octets,
};

const EXPECTED: &str = "\"Sending: 00 A4 …\" and \"Received (SW1=0x90, SW2=0x00)\"";

/// Bytes in a row.
const ROW: usize = 16;

/// Whether the line could only come from these programs.
pub(super) fn recognises(head: &[u8]) -> bool {
    head.starts_with(b"Received (SW1=")
        || (memchr(b'O', head).is_some() && memmem::find(head, b"Outgoing APDU").is_some())
}

pub(super) fn read(text: &[u8]) -> Result<Trace, Error> {
    let mut reader = Reader { assembler: Assembler::new(Format::OpenSc), dump: None };
    for line in lines(text) {
        let line = line?;
        reader.line(line.number, &line.text)?;
    }
    reader.end_dump()?;
    reader.assembler.finish_filled(EXPECTED)
}

struct Reader {
    assembler: Assembler,
    dump: Option<Dump>,
}

/// Rows that follow their heading.
struct Dump {
    line: usize,
    is_command: bool,
    bytes: Vec<u8>,
    /// How many bytes are still to come, where the heading says so.
    left: Option<usize>,
    /// The status word, where the heading says so.
    status: Option<[u8; 2]>,
}

impl Reader {
    fn line(&mut self, line: usize, text: &[u8]) -> Result<(), Error> {
        let content = text.trim_ascii();
        if content.is_empty() {
            return self.end_dump();
        }
        if self.row(content) {
            return Ok(());
        }
        self.end_dump()?;
        if let Some(hex) = content.strip_prefix(b"Sending:") {
            return self.sending(line, text, hex);
        }
        self.dump = heading(line, content);
        if self.dump.is_none() {
            self.assembler.skip(line, Reason::Words, text, 0);
        }
        Ok(())
    }

    fn sending(&mut self, line: usize, text: &[u8], hex: &[u8]) -> Result<(), Error> {
        let mut bytes = Vec::new();
        if octets::only(hex, &mut bytes).is_err() {
            self.assembler.skip(line, Reason::OddDigits, text, text.len().saturating_sub(hex.len()));
            self.assembler.close();
            return Ok(());
        }
        self.assembler.command(Piece { line, bytes, at: None })
    }

    /// One row of a dump, if one is expected here.
    fn row(&mut self, content: &[u8]) -> bool {
        let Some(dump) = self.dump.as_mut().filter(|dump| dump.left != Some(0)) else { return false };
        let Some(bytes) = row(content, dump.left) else { return false };
        dump.left = dump.left.map(|left| left.saturating_sub(bytes.len()));
        dump.bytes.extend_from_slice(&bytes);
        true
    }

    fn end_dump(&mut self) -> Result<(), Error> {
        let Some(dump) = self.dump.take() else { return Ok(()) };
        let mut bytes = dump.bytes;
        bytes.extend(dump.status.into_iter().flatten());
        let piece = Piece { line: dump.line, bytes, at: None };
        if dump.is_command {
            return self.assembler.command(piece);
        }
        self.assembler.response(piece);
        Ok(())
    }
}

fn heading(line: usize, content: &[u8]) -> Option<Dump> {
    let dump = |is_command, left, status| Some(Dump { line, is_command, bytes: Vec::new(), left, status });
    if let Some(status) = content.strip_prefix(b"Received (SW1=").and_then(status) {
        return dump(false, content.ends_with(b")").then_some(0), Some(status));
    }
    let find = |word: &[u8]| memmem::find(content, word).and_then(|at| content.get(at..)).map(count);
    match (find(b"Outgoing APDU"), find(b"Incoming APDU")) {
        (Some(count), _) => dump(true, count, None),
        (None, Some(count)) => dump(false, count, None),
        (None, None) => None,
    }
}

/// `0x90, SW2=0x00)`.
fn status(text: &[u8]) -> Option<[u8; 2]> {
    let text = std::str::from_utf8(text).ok()?.strip_prefix("0x")?;
    let (sw1, rest) = text.split_once(", SW2=0x")?;
    let (sw2, _) = rest.split_once(')')?;
    Some([u8::from_str_radix(sw1, 16).ok()?, u8::from_str_radix(sw2, 16).ok()?])
}

/// The number in `(5 bytes)` or `data [    5 bytes]`.
fn count(heading: &[u8]) -> Option<usize> {
    let number = heading.split(|byte| !byte.is_ascii_digit()).find(|word| !word.is_empty())?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// The bytes of `61 11 4F a.O`: in a whole row there are 16, or as many as are `left`; otherwise as many as there are
/// characters behind them.
fn row(content: &[u8], left: Option<usize>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = content;
    let most = left.unwrap_or(ROW).min(ROW);
    while let ([high, low, after @ ..], true) = (rest, bytes.len() < most) {
        let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        let (Some(high), Some(low)) = (value(*high), value(*low)) else { break };
        let (b"" | [b' ', ..]) = after else { break };
        bytes.push(high << 4 | low);
        rest = after.get(1..).unwrap_or(&[]);
    }
    let read = bytes.len();
    if left.is_none() && read < ROW && !rest.is_empty() {
        // Some of what looked like bytes may be characters.
        bytes.truncate((1..=read).rev().find(|count| content.len() == count.saturating_mul(4)).unwrap_or(read));
    }
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_bytes_and_their_characters() {
        let read = |text: &str| row(text.as_bytes(), None).map(hex::encode_upper);
        assert_eq!(read("36 C2 38 DF C0 34 F3 CF 42 22 89 0C 39 0A 0B 57 6.8..4..B\"..9..W").unwrap().len(), 32);
        assert_eq!(read("61 11 4F 06 00 00 10 00 01 00 79 07 4F 05 A0 00").unwrap().len(), 32);
        assert_eq!(read("A0 A2 7B 13 F8 80 ..{...").unwrap(), "A0A27B13F880");
        assert_eq!(read("00 .").unwrap(), "00");
        // The characters of 41 42 20 43 look like another byte.
        assert_eq!(read("41 42 20 43 AB C").unwrap(), "41422043");
        assert_eq!(read("Using reader"), None);
        assert_eq!(row(b"90 00 ..", Some(2)).map(hex::encode_upper).unwrap(), "9000");
    }

    #[test]
    fn headings_tell_how_much_follows() {
        assert_eq!(count(b"Outgoing APDU (5 bytes):"), Some(5));
        assert_eq!(count(b"Incoming APDU data [   12 bytes] ====="), Some(12));
        assert_eq!(status(b"0x6A, SW2=0x82)"), Some([0x6A, 0x82]));
        assert_eq!(status(b"0x6A)"), None);
    }
}
