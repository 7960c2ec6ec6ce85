//! Answer to reset: its characters (ISO/IEC 7816-3) and the EMV rules for them (`EMV Contact Interface
//! Specification, 8`).

use core::fmt;

mod rules;
mod storage;

pub use rules::{Rule, Violation};
pub use storage::StorageCard;

/// TS and the 32 characters that may follow it.
const MAX: usize = 33;

/// A well-formed answer to reset.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Atr {
    bytes: [u8; MAX],
    length: u8,
    historical: u8,
}

/// Why bytes are no answer to reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No byte: the interface hides the answer or there was none.
    #[error("empty")]
    Empty,
    /// The first character is neither 3B nor 3F: not a chip card, upside down, or dirty contacts.
    #[error("the first character {0:02X} is neither 3B nor 3F")]
    Start(u8),
    /// It ends before a character that was announced.
    #[error("it ends before {0}")]
    Cut(Character),
    /// Characters after the last one announced.
    #[error("{0} characters too many")]
    Trailing(usize),
    /// More than 33 characters.
    #[error("{0} characters are more than 33")]
    TooLong(usize),
}

/// One character of an answer to reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Character {
    /// Convention.
    Ts,
    /// Format.
    T0,
    /// TA of the group with this number, from 1.
    Ta(u8),
    /// TB of that group.
    Tb(u8),
    /// TC of that group.
    Tc(u8),
    /// TD of that group.
    Td(u8),
    /// A historical byte, counted from 1.
    Historical(u8),
    /// Check character.
    Tck,
}

impl fmt::Display for Character {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ts => f.write_str("TS"),
            Self::T0 => f.write_str("T0"),
            Self::Ta(group) => write!(f, "TA{group}"),
            Self::Tb(group) => write!(f, "TB{group}"),
            Self::Tc(group) => write!(f, "TC{group}"),
            Self::Td(group) => write!(f, "TD{group}"),
            Self::Historical(number) => write!(f, "T{number}"),
            Self::Tck => f.write_str("TCK"),
        }
    }
}

/// How bits are sent on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Convention {
    /// 3B.
    Direct,
    /// 3F.
    Inverse,
}

/// The interface characters of one group; the first group is number 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// TA.
    pub ta: Option<u8>,
    /// TB.
    pub tb: Option<u8>,
    /// TC.
    pub tc: Option<u8>,
    /// TD: which characters the next group has, and a protocol.
    pub td: Option<u8>,
}

impl Atr {
    /// Takes an answer to reset apart. A missing or wrong check character is no fault here but a [`Violation`].
    ///
    /// # Errors
    /// [`Error`] when it does not start or end as announced.
    pub fn parse(atr: &[u8]) -> Result<Self, Error> {
        let format = match *atr {
            [] => return Err(Error::Empty),
            [start, ..] if start != 0x3B && start != 0x3F => return Err(Error::Start(start)),
            [_] => return Err(Error::Cut(Character::T0)),
            [_, format, ..] => format,
        };
        let mut bytes = [0; MAX];
        bytes.get_mut(..atr.len()).ok_or(Error::TooLong(atr.len()))?.copy_from_slice(atr);
        let historical = end_of_groups(atr, format)?;
        let end = historical.saturating_add(usize::from(format & 0x0F));
        if atr.len() < end {
            let there = atr.len().saturating_sub(historical).saturating_add(1);
            return Err(Error::Cut(Character::Historical(u8::try_from(there).unwrap_or(u8::MAX))));
        }
        match atr.len().saturating_sub(end) {
            0 | 1 => Ok(Self { bytes, length: byte(atr.len()), historical: byte(historical) }),
            more => Err(Error::Trailing(more)),
        }
    }

    /// The answer as the card gave it.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&[])
    }

    /// How bits are sent on the line.
    pub fn convention(&self) -> Convention {
        if self.bytes[0] == 0x3F { Convention::Inverse } else { Convention::Direct }
    }

    /// T0: which characters the first group has, and how many historical bytes there are.
    pub fn format(&self) -> u8 {
        self.bytes[1]
    }

    /// The groups of interface characters.
    pub fn groups(&self) -> impl Iterator<Item = Group> + '_ {
        let mut state = Some((2, self.format()));
        core::iter::from_fn(move || {
            let (offset, format) = state?;
            let (group, next) = group_at(self.as_bytes(), offset, format, 0).ok()?;
            state = group.td.map(|td| (next, td));
            Some(group)
        })
    }

    /// The characters of one group, counted from 1; nothing for a group that is not there.
    pub fn group(&self, number: u8) -> Group {
        usize::from(number).checked_sub(1).and_then(|at| self.groups().nth(at)).unwrap_or_default()
    }

    /// The protocols offered, the first one first: T=0 when none is named.
    pub fn protocols(&self) -> impl Iterator<Item = u8> + '_ {
        let named = self.groups().filter_map(|group| group.td).map(|td| td & 0x0F).filter(|protocol| *protocol != 15);
        let default = self.group(1).td.is_none().then_some(0);
        named.chain(default)
    }

    /// The historical bytes: what the card's maker says about it.
    pub fn historical(&self) -> &[u8] {
        let start = usize::from(self.historical);
        let end = start.saturating_add(usize::from(self.format() & 0x0F));
        self.bytes.get(start..end).unwrap_or(&[])
    }

    /// The check character.
    pub fn tck(&self) -> Option<u8> {
        let end = usize::from(self.historical).saturating_add(self.historical().len());
        self.as_bytes().get(end).copied()
    }

    /// Whether a check character has to be there: always, unless T=0 is the only protocol.
    pub fn needs_tck(&self) -> bool {
        self.groups().filter_map(|group| group.td).any(|td| td & 0x0F != 0)
    }

    /// Whether the characters from T0 to the check character cancel out.
    pub fn tck_is_right(&self) -> bool {
        self.as_bytes().iter().skip(1).fold(0, |sum, byte| sum ^ byte) == 0
    }

    /// Whether a PC/SC reader made this answer up for a contactless card: the rules for contacts say nothing about it.
    pub fn is_contactless_storage_or_ats(&self) -> bool {
        matches!(self.as_bytes(), [0x3B, 0x80..=0x8F, 0x80, 0x01, ..])
    }
}

/// Lengths here are at most [`MAX`].
fn byte(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

/// Where the historical bytes start.
fn end_of_groups(atr: &[u8], format: u8) -> Result<usize, Error> {
    let mut offset: usize = 2;
    let mut next = Some(format);
    let mut number = 1u8;
    while let Some(format) = next {
        let (group, end) = group_at(atr, offset, format, number)?;
        (offset, next) = (end, group.td);
        number = number.saturating_add(1);
    }
    Ok(offset)
}

/// The group at `offset` whose presence bits are the upper ones of `format`, and where it ends.
fn group_at(atr: &[u8], offset: usize, format: u8, number: u8) -> Result<(Group, usize), Error> {
    let mut at = offset;
    let mut take = |bit: u8, character| {
        if format & bit == 0 {
            return Ok(None);
        }
        let value = atr.get(at).copied().ok_or(Error::Cut(character))?;
        at = at.saturating_add(1);
        Ok(Some(value))
    };
    let group = Group {
        ta: take(0x10, Character::Ta(number))?,
        tb: take(0x20, Character::Tb(number))?,
        tc: take(0x40, Character::Tc(number))?,
        td: take(0x80, Character::Td(number))?,
    };
    Ok((group, at))
}

impl fmt::Display for Atr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Atr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Atr({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn atr(hex: &str) -> Result<Atr, Error> {
        Atr::parse(&hex::decode(hex).unwrap())
    }

    #[test]
    fn a_t0_card_is_taken_apart() {
        let atr = atr("3B6500002063CB6800").unwrap();
        assert_eq!(atr.group(1), Group { tb: Some(0x00), tc: Some(0x00), ..Group::default() });
        assert_eq!(atr.historical(), [0x20, 0x63, 0xCB, 0x68, 0x00]);
        assert_eq!(atr.protocols().collect::<Vec<_>>(), [0]);
        assert_eq!((atr.tck(), atr.needs_tck()), (None, false));
        assert_eq!(atr.convention(), Convention::Direct);
    }

    #[test]
    fn a_t1_card_is_taken_apart() {
        let atr = atr("3BE800008131FE450073C84013009000EB").unwrap();
        assert_eq!(atr.group(2), Group { td: Some(0x31), ..Group::default() });
        assert_eq!(atr.group(3), Group { ta: Some(0xFE), tb: Some(0x45), ..Group::default() });
        assert_eq!(atr.protocols().collect::<Vec<_>>(), [1, 1]);
        assert_eq!(atr.historical().len(), 8);
        assert!(atr.needs_tck() && atr.tck().is_some());
    }

    #[test]
    fn each_fault_names_its_character() {
        assert_eq!(atr(""), Err(Error::Empty));
        assert_eq!(atr("00"), Err(Error::Start(0)));
        assert_eq!(atr("3B"), Err(Error::Cut(Character::T0)));
        assert_eq!(atr("3BE00000"), Err(Error::Cut(Character::Td(1))));
        assert_eq!(atr("3BE0000081"), Err(Error::Cut(Character::Td(2))));
        assert_eq!(atr("3B0220"), Err(Error::Cut(Character::Historical(2))));
        assert_eq!(atr("3B00111213"), Err(Error::Trailing(3)));
        assert_eq!(Atr::parse(&[0x3B; 34]), Err(Error::TooLong(34)));
    }

    #[test]
    fn readers_answers_for_contactless_cards_are_known() {
        let phone = atr("3B80800101").unwrap();
        assert!(phone.is_contactless_storage_or_ats());
        assert!(!atr("3B6500002063CB6800").unwrap().is_contactless_storage_or_ats());
    }

    proptest! {
        #[test]
        fn any_bytes_parse_or_fail_without_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..40), direct: bool) {
            if let Some(first) = bytes.first_mut() {
                *first = if direct { 0x3B } else { 0x3F };
            }
            if let Ok(atr) = Atr::parse(&bytes) {
                let interface: usize = atr
                    .groups()
                    .map(|group| [group.ta, group.tb, group.tc, group.td].into_iter().flatten().count())
                    .sum();
                let parts = 2 + interface + atr.historical().len() + usize::from(atr.tck().is_some());
                prop_assert_eq!(parts, bytes.len());
                let _ = (atr.check_emv(true), atr.check_emv(false), atr.storage_card());
            }
        }
    }
}
