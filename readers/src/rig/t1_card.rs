//! The card's side of T=1 (ISO 7816-3): blocks in, blocks out; on request with transmission errors and waiting time
//! extensions.

use std::io;

/// The block size for the reader until it asks for another.
const FIRST_IFSD: usize = 32;
/// A flaky card garbles every fourth block.
const GARBLED: u32 = 4;
/// A flaky card asks for more time before every third answer.
const LATE: u32 = 3;

pub(super) struct T1Card {
    flaky: bool,
    blocks: u32,
    answers: u32,
    send_number: u8,
    ifsd: usize,
    command: Vec<u8>,
    answer: Vec<u8>,
    last: Vec<u8>,
    behind_extension: Option<Vec<u8>>,
}

impl T1Card {
    pub(super) fn new(flaky: bool) -> Self {
        Self {
            flaky,
            blocks: 0,
            answers: 0,
            send_number: 0,
            ifsd: FIRST_IFSD,
            command: Vec::new(),
            answer: Vec::new(),
            last: Vec::new(),
            behind_extension: None,
        }
    }

    /// Answers one block; `apdu` passes a whole command to the card.
    pub(super) fn answer(
        &mut self,
        received: &[u8],
        apdu: &mut dyn FnMut(&[u8]) -> io::Result<Vec<u8>>,
    ) -> io::Result<Vec<u8>> {
        let reply = match received {
            [_, pcb, _, information @ .., _] if redundancy(received) == 0 => self.block(*pcb, information, apdu)?,
            _ => block(0x81, &[]),
        };
        self.last = reply.clone();
        Ok(self.spoil(reply))
    }

    fn block(
        &mut self,
        pcb: u8,
        information: &[u8],
        apdu: &mut dyn FnMut(&[u8]) -> io::Result<Vec<u8>>,
    ) -> io::Result<Vec<u8>> {
        match pcb & 0xC0 {
            0xC0 => Ok(self.supervise(pcb, information)),
            0x80 => Ok(self.receive_ready(pcb)),
            _ => self.receive_information(pcb, information, apdu),
        }
    }

    /// S-block: RESYNCH, IFS, or the answer to our own WTX.
    fn supervise(&mut self, pcb: u8, information: &[u8]) -> Vec<u8> {
        match (pcb, information) {
            (0xC0, _) => *self = Self { blocks: self.blocks, ..Self::new(self.flaky) },
            (0xC1, [size, ..]) => self.ifsd = usize::from(*size),
            (0xE3, _) => return self.behind_extension.take().unwrap_or_else(|| block(0x82, &[])),
            _ => {}
        }
        block(pcb | 0x20, information)
    }

    /// R-block: the next part of a chain, or the last block again.
    fn receive_ready(&mut self, pcb: u8) -> Vec<u8> {
        let wanted = pcb >> 4 & 1;
        if wanted == self.send_number && !self.answer.is_empty() { self.send() } else { self.last.clone() }
    }

    fn receive_information(
        &mut self,
        pcb: u8,
        information: &[u8],
        apdu: &mut dyn FnMut(&[u8]) -> io::Result<Vec<u8>>,
    ) -> io::Result<Vec<u8>> {
        self.command.extend_from_slice(information);
        if pcb & 0x20 != 0 {
            let next = (pcb >> 6 & 1) ^ 1;
            return Ok(block(0x80 | next << 4, &[]));
        }
        self.answer = apdu(&std::mem::take(&mut self.command))?;
        let reply = self.send();
        self.answers = self.answers.wrapping_add(1);
        if !self.flaky || !self.answers.is_multiple_of(LATE) {
            return Ok(reply);
        }
        self.behind_extension = Some(reply);
        Ok(block(0xC3, &[1]))
    }

    /// The next I-block of the answer.
    fn send(&mut self) -> Vec<u8> {
        let rest = self.answer.split_off(self.answer.len().min(self.ifsd));
        let part = std::mem::replace(&mut self.answer, rest);
        let more = if self.answer.is_empty() { 0 } else { 0x20 };
        let pcb = self.send_number << 6 | more;
        self.send_number ^= 1;
        block(pcb, &part)
    }

    /// The I-block for an answer that came about in the reader, as after PIN entry.
    pub(super) fn wrap(&mut self, answer: Vec<u8>) -> Vec<u8> {
        self.answer = answer;
        self.last = self.send();
        self.last.clone()
    }

    fn spoil(&mut self, mut reply: Vec<u8>) -> Vec<u8> {
        self.blocks = self.blocks.wrapping_add(1);
        let garble = self.flaky && self.blocks.is_multiple_of(GARBLED);
        if let Some(last) = reply.last_mut().filter(|_| garble) {
            *last ^= 0x55;
        }
        reply
    }
}

fn block(pcb: u8, information: &[u8]) -> Vec<u8> {
    let mut block = vec![0, pcb, u8::try_from(information.len()).unwrap_or(u8::MAX)];
    block.extend_from_slice(information);
    block.push(redundancy(&block));
    block
}

/// The exclusive or of all bytes, 0 over a whole block.
pub(super) fn redundancy(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}
