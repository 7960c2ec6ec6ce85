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

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(from_tag: bool, block: &[u8]) -> Frame {
        // CRC_A, as the row tests prove it.
        let sum = block.iter().fold(0x6363_u16, |sum, byte| {
            (0..8).fold(sum ^ u16::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0x8408 } else { sum >> 1 })
        });
        Frame { line: 1, from_tag, bytes: [block, &sum.to_le_bytes()].concat(), ..Frame::default() }
    }

    /// What the frames give: `C` and `R` with bytes, `-` for nothing, the reason of what is skipped.
    fn hear(frames: &[(bool, &[u8])]) -> Vec<String> {
        let mut blocks = Blocks::default();
        let shown = |heard| match heard {
            Heard::Nothing => "-".to_owned(),
            Heard::Skip(reason) => reason.id().to_owned(),
            Heard::Command(_, bytes) => format!("C {}", hex::encode_upper(bytes)),
            Heard::Response(_, bytes) => format!("R {}", hex::encode_upper(bytes)),
        };
        frames.iter().map(|(from_tag, block)| shown(blocks.hear(&frame(*from_tag, block)))).collect()
    }

    #[test]
    fn identifiers_and_addresses_are_no_data() {
        assert_eq!(hear(&[(false, &[0x0A, 0x01, 0x00, 0xB2])]), ["C 00B2"]);
        assert_eq!(hear(&[(true, &[0x0F, 0x01, 0x02, 0x6A, 0x83])]), ["R 6A83"]);
        assert_eq!(hear(&[(true, &[0x0F, 0x01])]), ["link-layer"]);
    }

    #[test]
    fn chains_are_put_together() {
        let frames: [(bool, &[u8]); 6] = [
            (false, &[0x12, 0x00]),
            (true, &[0xA2]),
            (false, &[0x03, 0xB2]),
            (true, &[0x13, 0x6A]),
            (false, &[0xA2]),
            (true, &[0x02, 0x83]),
        ];
        assert_eq!(hear(&frames), ["-", "link-layer", "C 00B2", "-", "link-layer", "R 6A83"]);
    }

    #[test]
    fn a_block_sent_again_counts_once() {
        let frames: [(bool, &[u8]); 5] = [
            (false, &[0x02, 0x00]),
            (false, &[0x02, 0x00]),
            (true, &[0x02, 0x90]),
            (false, &[0xB2]),
            (true, &[0x02, 0x90]),
        ];
        assert_eq!(hear(&frames), ["C 00", "repeated", "R 90", "link-layer", "repeated"]);
        // The same block after another answer is a new one.
        let frames: [(bool, &[u8]); 4] =
            [(false, &[0x02, 0x00]), (true, &[0x02, 0x90]), (false, &[0x02, 0x00]), (true, &[0x02, 0x90])];
        assert_eq!(hear(&frames), ["C 00", "R 90", "C 00", "R 90"]);
    }

    #[test]
    fn an_answer_to_select_is_no_block() {
        let frames: [(bool, &[u8]); 4] =
            [(false, &[0xE0, 0x80]), (true, &[0x06, 0x75, 0x77, 0x81]), (false, &[0x02, 0x00]), (true, &[0xF2, 0x01])];
        assert_eq!(hear(&frames), ["link-layer", "link-layer", "C 00", "link-layer"]);
    }
}
