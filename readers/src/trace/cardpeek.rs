//! Cardpeek. Its card log (`.clf`) has `R:` and the answer to reset, and `C:` command `:` status word `:` data. Its log
//! window has `send:` with the command and `Recv:` with status word and data, both cut short when long. What it exports as
//! XML is the tree of files, without any command.

use memchr::memmem;

use super::{
    Error, Format, Reason, Trace,
    assembler::{Assembler, Piece},
    error::found,
    lines::lines,
    octets::{self, Ending},
};

const EXPECTED: &str = "a card log, \"C:00A4…:9000:6F…\", or \"send:\" and \"Recv:\"";

/// Whether the line could only come from this program.
pub(super) fn recognises(head: &[u8]) -> bool {
    head.starts_with(b"# cardpeek")
        || is_tree(head)
        || entry(head).is_some()
        || logged(head).is_some_and(|(_, hex)| is_explained(hex))
}

fn is_tree(head: &[u8]) -> bool {
    head.starts_with(b"<cardpeek>")
}

/// `00A4… [Case 4S]`.
fn is_explained(hex: &[u8]) -> bool {
    let end = hex.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(hex.len());
    end >= 4 && hex.get(end..).is_some_and(|rest| rest.starts_with(b" ") && rest.contains(&b'['))
}

pub(super) fn read(text: &[u8]) -> Result<Trace, Error> {
    let mut assembler = Assembler::new(Format::Cardpeek);
    for line in lines(text) {
        let line = line?;
        if is_tree(&line.text) {
            let expected = "a card log, for the tree of a card's files holds no command";
            return Err(Error::no_exchange(line.number, 1, expected, found(&line.text)));
        }
        read_line(&mut assembler, line.number, &line.text)?;
    }
    assembler.finish_filled(EXPECTED)
}

fn read_line(assembler: &mut Assembler, line: usize, text: &[u8]) -> Result<(), Error> {
    if let Some([command, status, data]) = entry(text) {
        return read_entry(assembler, line, text, [command, status, data]);
    }
    if let Some((sent, hex)) = logged(text) {
        return read_logged(assembler, line, text, sent, hex);
    }
    let mut atr = Vec::new();
    match text {
        [b'R', b':', hex @ ..] if octets::only(field(hex), &mut atr).is_ok() => assembler.atr(&atr),
        [b'#', ..] => assembler.skip(line, Reason::Comment, text, 0),
        _ if text.trim_ascii().is_empty() => {}
        _ => assembler.skip(line, Reason::Words, text, 0),
    }
    Ok(())
}

/// `C:command:status:data`; newer versions write the width of an element, `8:`, before each row of bytes.
fn entry(text: &[u8]) -> Option<[&[u8]; 3]> {
    let (command, rest) = text.strip_prefix(b"C:").map(field).and_then(until_colon)?;
    let (status, data) = until_colon(field(rest))?;
    let is_hex = |text: &[u8]| text.iter().all(u8::is_ascii_hexdigit);
    (status.len() == 4 && is_hex(status) && is_hex(command)).then_some([command, status, field(data).trim_ascii_end()])
}

fn field(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"8:").unwrap_or(text)
}

fn until_colon(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = text.iter().position(|byte| *byte == b':')?;
    Some((text.get(..colon)?, text.get(colon.saturating_add(1)..)?))
}

fn read_entry(assembler: &mut Assembler, line: usize, text: &[u8], entry: [&[u8]; 3]) -> Result<(), Error> {
    let [command, status, data] = entry;
    let (mut bytes, mut response, mut end) = (Vec::new(), Vec::new(), Vec::new());
    let read = octets::only(command, &mut bytes)
        .and_then(|()| if data.is_empty() { Ok(()) } else { octets::only(data, &mut response) })
        .and_then(|()| octets::only(status, &mut end));
    if read.is_err() {
        assembler.skip(line, Reason::OddDigits, text, 0);
        return Ok(());
    }
    response.append(&mut end);
    assembler.command(Piece { line, bytes, at: None })?;
    assembler.response(Piece { line, bytes: response, at: None });
    Ok(())
}

/// `send: ` or `Recv: `, perhaps behind the kind of message, and what follows.
fn logged(text: &[u8]) -> Option<(bool, &[u8])> {
    let behind = |word: &[u8]| {
        memmem::find(text.get(..64).unwrap_or(text), word).and_then(|at| text.get(at.saturating_add(word.len())..))
    };
    behind(b"send: ").map(|hex| (true, hex)).or_else(|| behind(b"Recv: ").map(|hex| (false, hex)))
}

fn read_logged(assembler: &mut Assembler, line: usize, text: &[u8], sent: bool, hex: &[u8]) -> Result<(), Error> {
    let mut bytes = Vec::new();
    let run = octets::run(hex, 0, &mut bytes);
    let offset = text.len().saturating_sub(hex.len()).saturating_add(run.place.end);
    match run.ending {
        Ending::Clean if sent => return assembler.command(Piece { line, bytes, at: None }),
        Ending::Clean => {
            // The status word comes first.
            let status = bytes.len().min(2);
            bytes.rotate_left(status);
            assembler.response(Piece { line, bytes, at: None });
        }
        ending => {
            let reason = if ending == Ending::Elided { Reason::Elided } else { Reason::OddDigits };
            assembler.skip(line, reason, text, offset);
            if sent {
                assembler.close();
            }
        }
    }
    Ok(())
}
