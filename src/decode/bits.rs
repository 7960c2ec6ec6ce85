//! Bit strings: which bits mean something, and what the rest is.
//!
//! A table is data. The name of a bit in the texts is the table's name, byte and position, as `tvr-1-8`.

mod card;
mod contactless;
mod results;
mod terminal;

pub use card::{AIP, AIP_KERNEL8, AIP_MASTERCARD, AUC, CID, CTQ, FORM_FACTOR, PRIORITY};
pub use contactless::*;
pub use results::{COMMON_RESULTS, LONG_RESULTS, M_CHIP_RESULTS, SHORT_RESULTS};
pub use terminal::*;

use apdu::Bit;

use super::node::{Label, Meaning, Node, Shown, span};

/// A bit string.
#[derive(Debug)]
pub struct Table {
    /// Its stable name.
    pub name: &'static str,
    /// How many bytes it has.
    pub length: usize,
    parts: &'static [Part],
}

/// What some of its bits mean.
#[derive(Debug)]
enum Part {
    /// In this byte, counted from 1, each bit of the mask has a meaning of its own.
    Bits(u8, u8),
    /// The same, where the bits have the names of another table.
    Like(&'static str, u8, u8),
    /// The bits of the mask are one of several values; nothing is said of a zero without a word.
    Choice(Field, &'static [(u8, &'static str)]),
    /// The bits of the mask are a number.
    Number(Field),
    /// The byte is shown as it is.
    Byte(Field),
}

/// Some bits of one byte, read together.
#[derive(Clone, Copy, Debug)]
struct Field {
    name: &'static str,
    byte: u8,
    mask: u8,
}

const fn field(name: &'static str, byte: u8, mask: u8) -> Field {
    Field { name, byte, mask }
}

/// The word for a value without a meaning.
const RESERVED: &str = "reserved";

impl Table {
    /// Every bit that has a meaning of its own, with the name of the table that has its name.
    pub fn named_bits(&self) -> impl Iterator<Item = (&'static str, Bit)> + '_ {
        self.parts.iter().flat_map(|part| {
            let (table, byte, mask) = match part {
                Part::Bits(byte, mask) => (self.name, *byte, *mask),
                Part::Like(table, byte, mask) => (*table, *byte, *mask),
                Part::Choice(..) | Part::Number(_) | Part::Byte(_) => ("", 0, 0),
            };
            bits_of(byte, mask).into_iter().map(move |bit| (table, bit))
        })
    }

    /// Every word a field can say.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.parts.iter().flat_map(|part| match part {
            Part::Choice(_, words) => words.iter().map(|(_, word)| *word).collect(),
            _ => Vec::new(),
        })
    }

    /// Every field that is read as a whole, by name.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.parts.iter().filter_map(|part| match part {
            Part::Choice(field, _) | Part::Number(field) | Part::Byte(field) => Some(field.name),
            Part::Bits(..) | Part::Like(..) => None,
        })
    }

    /// What `bytes`, which stand at `at`, say: set bits, fields, and bits that should not be set.
    pub(super) fn read(&'static self, bytes: &[u8], at: usize) -> Vec<Node> {
        let mut nodes: Vec<Node> = self.parts.iter().flat_map(|part| part.read(self.name, bytes, at)).collect();
        nodes.extend((1u8..).zip(bytes).flat_map(|(byte, value)| {
            let unnamed = value & !self.covered(byte);
            bits_of(byte, unnamed).into_iter().map(move |bit| bit_node(RESERVED, bit, at))
        }));
        nodes.sort_by_key(|node| node.place.start);
        nodes
    }

    /// The bits of a byte that are named or part of a field.
    fn covered(&self, byte: u8) -> u8 {
        let mask = |part: &Part| match part {
            Part::Bits(at, mask) | Part::Like(_, at, mask) if *at == byte => *mask,
            Part::Choice(field, _) | Part::Number(field) | Part::Byte(field) if field.byte == byte => field.mask,
            _ => 0,
        };
        self.parts.iter().fold(0, |all, part| all | mask(part))
    }
}

impl Part {
    fn read(&self, table: &'static str, bytes: &[u8], at: usize) -> Vec<Node> {
        let set = |table, byte, mask| {
            let set = value_of(bytes, byte).unwrap_or(0) & mask;
            bits_of(byte, set).into_iter().map(|bit| bit_node(table, bit, at)).collect()
        };
        match self {
            Self::Bits(byte, mask) => set(table, *byte, *mask),
            Self::Like(table, byte, mask) => set(table, *byte, *mask),
            Self::Choice(field, words) => field.node(bytes, at, |value| {
                let known = words.iter().find(|(known, _)| *known == value).map(|(_, word)| *word);
                known.or((value != 0).then_some(RESERVED)).map(Meaning::Word)
            }),
            Self::Number(field) => field.node(bytes, at, |value| Some(Meaning::Number(value.into()))),
            Self::Byte(field) => {
                let byte = value_of(bytes, field.byte);
                let at = at.saturating_add(usize::from(field.byte).saturating_sub(1));
                byte.map(|byte| Node::part(field.name, at, &[byte])).into_iter().collect()
            }
        }
    }
}

impl Field {
    /// The node of this field; none when its byte is not there or means nothing.
    fn node(self, bytes: &[u8], at: usize, meaning: impl FnOnce(u8) -> Option<Meaning>) -> Vec<Node> {
        let Some(byte) = value_of(bytes, self.byte) else { return Vec::new() };
        let shift = self.mask.trailing_zeros();
        let Some(meaning) = meaning((byte & self.mask).checked_shr(shift).unwrap_or(0)) else { return Vec::new() };
        let place = span(at.saturating_add(usize::from(self.byte).saturating_sub(1)), 1);
        vec![Node::new(Label::Part(self.name), place, Shown::InChildren).meaning(meaning)]
    }
}

/// The byte with this number, counted from 1.
fn value_of(bytes: &[u8], number: u8) -> Option<u8> {
    usize::from(number).checked_sub(1).and_then(|at| bytes.get(at)).copied()
}

fn bits_of(byte: u8, mask: u8) -> Vec<Bit> {
    (1..=8).rev().map(|position| Bit::new(byte, position)).filter(|bit| mask & bit.mask() != 0).collect()
}

fn bit_node(table: &'static str, bit: Bit, at: usize) -> Node {
    Node::new(Label::Bit { table, bit }, span(at.saturating_add(bit.index()), 1), Shown::InChildren)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_every_table_is_read_back_from_its_node() {
        for table in ALL {
            for bit in (1u8..).take(table.length).flat_map(|byte| bits_of(byte, 0xFF)) {
                let mut bytes = vec![0; table.length];
                bytes[bit.index()] = bit.mask();
                let nodes = table.read(&bytes, 100);
                let set: Vec<_> = nodes.iter().filter(|node| matches!(node.label, Label::Bit { .. })).collect();
                let in_field = table.parts.iter().any(|part| match part {
                    Part::Choice(field, _) | Part::Number(field) | Part::Byte(field) => {
                        field.byte == bit.byte && field.mask & bit.mask() != 0
                    }
                    Part::Bits(..) | Part::Like(..) => false,
                });
                assert_eq!(set.len(), usize::from(!in_field), "{} {bit}", table.name);
                for node in set {
                    let named =
                        table.named_bits().find(|(_, named)| *named == bit).map_or(RESERVED, |(table, _)| table);
                    assert_eq!(node.label, Label::Bit { table: named, bit });
                    assert_eq!(node.place, span(100 + bit.index(), 1));
                }
            }
        }
    }

    #[test]
    fn no_bit_has_two_meanings_and_none_is_outside() {
        for table in ALL {
            let mut seen = vec![0u8; table.length];
            for part in table.parts {
                let (byte, mask) = match part {
                    Part::Bits(byte, mask) | Part::Like(_, byte, mask) => (*byte, *mask),
                    Part::Choice(field, _) | Part::Number(field) | Part::Byte(field) => (field.byte, field.mask),
                };
                let slot = &mut seen[usize::from(byte) - 1];
                assert_eq!(*slot & mask, 0, "{} byte {byte}", table.name);
                *slot |= mask;
            }
        }
    }

    #[test]
    fn what_is_missing_is_not_made_up() {
        for table in ALL {
            assert!(table.read(&[], 0).is_empty(), "{}", table.name);
        }
    }
}
