//! Whether a value has the length and the coding its entry asks for.

use super::{Entry, Format, Length};
use crate::Tag;

/// A value that does not look as its dictionary entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{tag}: {fault}")]
pub struct FormatError {
    /// The data object.
    pub tag: Tag,
    /// What is wrong with it.
    pub fault: FormatFault,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatFault {
    /// Its length is not one the entry allows.
    #[error("{found} bytes long, expected {expected}")]
    Length {
        /// Bytes there.
        found: usize,
        /// What the entry allows.
        expected: Length,
    },
    /// A nibble is no digit.
    #[error("byte {offset} does not hold two digits")]
    NotDigits {
        /// Bytes from the start of the value.
        offset: usize,
    },
    /// A nibble is neither a digit nor F padding after the last digit.
    #[error("byte {offset} holds neither digits nor F padding")]
    NotCompressed {
        /// Bytes from the start of the value.
        offset: usize,
    },
    /// A byte is no character of the format.
    #[error("byte {offset} is not a character allowed here")]
    Character {
        /// Bytes from the start of the value.
        offset: usize,
    },
}

impl core::fmt::Display for Length {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Exact(exact) => write!(f, "{exact}"),
            Self::Range(shortest, longest) => write!(f, "{shortest} to {longest}"),
            Self::OneOf(lengths) => lengths.iter().enumerate().try_for_each(|(at, length)| {
                let separator = if at == 0 { "" } else { " or " };
                write!(f, "{separator}{length}")
            }),
            Self::Multiple { of, max } => write!(f, "a multiple of {of} up to {max}"),
            Self::Var => f.write_str("any length"),
        }
    }
}

impl Entry {
    /// Checks length and coding of `value` (`EMV 4.4 Book 3, 4.3 and 7.5`).
    ///
    /// Special characters of `ans` are not checked beyond being printable in ISO 8859: which of the ten tables holds
    /// is told by another data object.
    ///
    /// # Errors
    /// [`FormatError`] with the first fault found, length first.
    pub fn check(&self, value: &[u8]) -> Result<(), FormatError> {
        self.fault(value).map_or(Ok(()), |fault| Err(FormatError { tag: self.tag, fault }))
    }

    fn fault(&self, value: &[u8]) -> Option<FormatFault> {
        if !self.length.allows(value.len()) {
            return Some(FormatFault::Length { found: value.len(), expected: self.length });
        }
        let first = |wrong: fn(&u8) -> bool| value.iter().position(wrong);
        match self.format {
            Format::B | Format::Var => None,
            Format::N => first(|byte| !is_two_digits(*byte)).map(|offset| FormatFault::NotDigits { offset }),
            Format::Cn => first_not_compressed(value).map(|offset| FormatFault::NotCompressed { offset }),
            Format::A => first(|byte| !byte.is_ascii_alphabetic()).map(|offset| FormatFault::Character { offset }),
            Format::An => first(|byte| !byte.is_ascii_alphanumeric()).map(|offset| FormatFault::Character { offset }),
            Format::Ans => first(|byte| !is_printable(*byte)).map(|offset| FormatFault::Character { offset }),
        }
    }
}

fn is_two_digits(byte: u8) -> bool {
    byte >> 4 <= 9 && byte & 0x0F <= 9
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7E | 0xA0..=0xFF)
}

fn first_not_compressed(value: &[u8]) -> Option<usize> {
    let digits = value.iter().take_while(|byte| is_two_digits(**byte)).count();
    let mut rest = value.iter().enumerate().skip(digits);
    match rest.next() {
        Some((_, 0x0F..=0x9F)) if value.get(digits).is_some_and(|byte| byte & 0x0F == 0x0F) => {}
        Some((_, 0xFF)) | None => {}
        Some((offset, _)) => return Some(offset),
    }
    rest.find(|(_, byte)| **byte != 0xFF).map(|(offset, _)| offset)
}
