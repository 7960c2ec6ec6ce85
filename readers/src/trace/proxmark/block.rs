//! The blocks of ISO 14443-4: what is in the information blocks, without acknowledgements, repeats and waiting times.

use super::row::Frame;
use crate::trace::Reason;

/// What a frame gave.
pub(super) enum Heard {
    /// A part of something longer.
    Nothing,
    /// Nothing for the trace, and why.
    Skip(Reason),
    /// A whole command, and the line where it starts.
    Command(usize, Vec<u8>),
    /// A whole response, and the line where it starts.
    Response(usize, Vec<u8>),
}

/// The conversation so far.
#[derive(Default)]
pub(super) struct Blocks {
    reader: Side,
    tag: Side,
    /// RATS was sent; its answer may look like a block.
    ats_expected: bool,
}

/// One side of it.
#[derive(Default)]
struct Side {
    /// Information of chained blocks, and the line where it starts.
    chain: Option<(usize, Vec<u8>)>,
    /// The last block, until the other side sends one: it may be sent again.
    last: Vec<u8>,
}

impl Blocks {
    pub fn hear(&mut self, frame: &Frame) -> Heard {
        let Some(block) = frame.checked().filter(|_| !frame.is_damaged) else {
            let reason = if frame.is_damaged { Reason::Damaged } else { Reason::LinkLayer };
            return Heard::Skip(reason);
        };
        if !frame.from_tag && matches!(block, [0xE0, _]) {
            *self = Self { ats_expected: true, ..Self::default() };
            return Heard::Skip(Reason::LinkLayer);
        }
        if frame.from_tag && std::mem::take(&mut self.ats_expected) {
            return Heard::Skip(Reason::LinkLayer);
        }
        let Some((information, is_chained)) = information(block) else { return Heard::Skip(Reason::LinkLayer) };
        let (own, other) =
            if frame.from_tag { (&mut self.tag, &mut self.reader) } else { (&mut self.reader, &mut self.tag) };
        if own.last == block {
            return Heard::Skip(Reason::Repeated);
        }
        own.last = block.to_vec();
        other.last.clear();
        own.add(frame.line, information);
        match own.chain.take_if(|_| !is_chained) {
            Some((line, bytes)) if frame.from_tag => Heard::Response(line, bytes),
            Some((line, bytes)) => Heard::Command(line, bytes),
            None => Heard::Nothing,
        }
    }

    /// The lines of chains that never ended.
    pub fn unfinished(self) -> impl Iterator<Item = usize> {
        [self.reader.chain, self.tag.chain].into_iter().flatten().map(|(line, _)| line)
    }
}

impl Side {
    fn add(&mut self, line: usize, information: &[u8]) {
        let (_, bytes) = self.chain.get_or_insert((line, Vec::new()));
        bytes.extend_from_slice(information);
    }
}

/// What an information block carries, and whether more follows: PCB `000M CN1B` with its chaining bit, then a card
/// identifier and a node address if their bits are set.
fn information(block: &[u8]) -> Option<(&[u8], bool)> {
    let [pcb, rest @ ..] = block else { return None };
    if pcb & 0xE2 != 0x02 {
        return None;
    }
    let addresses = usize::from(pcb & 0x08 != 0).saturating_add(usize::from(pcb & 0x04 != 0));
    rest.get(addresses..).map(|information| (information, pcb & 0x10 != 0))
}
