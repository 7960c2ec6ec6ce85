//! GSMTAP packets of type SIM.

use std::time::Duration;

use crate::trace::{
    Error, Reason,
    assembler::{Assembler, Piece},
    shape,
};

const VERSION: u8 = 2;
const SIM: u8 = 4;

/// The parts of a command and its response that come in packets of their own.
#[derive(Default)]
pub(super) struct Card {
    command: Option<Piece>,
    response: Option<Piece>,
}

/// What a packet holds, by its subtype.
#[derive(Clone, Copy)]
enum Part {
    Apdu,
    Atr,
    Header,
    CommandData,
    ResponseData,
    Status,
}

impl Card {
    pub fn hear(
        &mut self,
        assembler: &mut Assembler,
        line: usize,
        at: Option<Duration>,
        packet: &[u8],
    ) -> Result<(), Error> {
        let (part, bytes) = match part(packet) {
            Ok(part) => part,
            Err(reason) => {
                assembler.skip(line, reason, b"", 0);
                return Ok(());
            }
        };
        let piece = || Piece { line, bytes: bytes.to_vec(), at };
        match part {
            Part::Apdu => {
                self.end(assembler)?;
                apdu(assembler, piece())?;
            }
            Part::Atr => {
                self.end(assembler)?;
                assembler.atr(bytes);
            }
            Part::Header => {
                self.end(assembler)?;
                self.command = Some(piece());
            }
            Part::CommandData => match &mut self.command {
                Some(command) => command.bytes.extend_from_slice(bytes),
                None => assembler.skip(line, Reason::NotAnApdu, b"", 0),
            },
            Part::ResponseData => self
                .response
                .get_or_insert_with(|| Piece { line, bytes: Vec::new(), at })
                .bytes
                .extend_from_slice(bytes),
            Part::Status => {
                let response = self.response.get_or_insert_with(|| Piece { line, bytes: Vec::new(), at });
                response.bytes.extend_from_slice(bytes);
                response.at = at;
                self.end(assembler)?;
            }
        }
        Ok(())
    }

    /// What came in parts is over.
    pub fn end(&mut self, assembler: &mut Assembler) -> Result<(), Error> {
        if let Some(command) = self.command.take() {
            assembler.command(command)?;
        }
        if let Some(response) = self.response.take() {
            assembler.response(response);
        }
        Ok(())
    }
}

/// The header: version, length in words of four bytes, type; the subtype is the 13th byte.
fn part(packet: &[u8]) -> Result<(Part, &[u8]), Reason> {
    let [VERSION, words, SIM, ..] = packet else { return Err(Reason::OtherProtocol) };
    let bytes = packet.get(usize::from(*words).saturating_mul(4)..).ok_or(Reason::Damaged)?;
    let part = match packet.get(12).ok_or(Reason::Damaged)? {
        0 => Part::Apdu,
        1 => Part::Atr,
        4 => Part::Header,
        5 => Part::CommandData,
        6 => Part::ResponseData,
        7 => Part::Status,
        // Protocol and parameter selection, resets.
        _ => return Err(Reason::LinkLayer),
    };
    Ok((part, bytes))
}

/// Command and response in one row, or one of them.
fn apdu(assembler: &mut Assembler, piece: Piece) -> Result<(), Error> {
    let Piece { line, bytes, at } = piece;
    let waits_for_this = assembler.awaits() && shape::is_whole_response(&bytes) && !shape::is_command(&bytes);
    let whole = |bytes: &[u8]| Piece { line, bytes: bytes.to_vec(), at };
    if waits_for_this {
        assembler.response(whole(&bytes));
    } else if let Some((command, response)) = exchanged(&bytes) {
        assembler.command(whole(command))?;
        assembler.response(whole(response));
    } else if shape::is_command(&bytes) {
        assembler.command(whole(&bytes))?;
    } else if shape::is_response(&bytes) {
        assembler.response(whole(&bytes));
    } else {
        assembler.skip(line, Reason::NotAnApdu, b"", 0);
    }
    Ok(())
}

/// On the wire of a T=0 card five bytes of header come first, then data one way, then the status word; otherwise command
/// and response follow each other.
fn exchanged(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let [_, ins, _, _, p3, rest @ ..] = bytes else { return None };
    let data = rest.len().checked_sub(2)?;
    let announced = usize::from(*p3);
    let sent = shape::sends_data(*ins) && announced > 0 && data == announced;
    let came = data == 0 || data == announced || (*p3 == 0 && data == 256);
    let split = |end: usize| bytes.split_at_checked(end).filter(|(_, response)| shape::is_response(response));
    match (sent, came) {
        (true, _) => split(announced.saturating_add(5)),
        (false, true) => split(5),
        (false, false) => shape::split(bytes, |_| true),
    }
}
