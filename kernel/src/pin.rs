//! PINs and PIN blocks (`EMV 4.4 Book 3, 6.5.12`; ISO 9564-1 formats 0, 2, 3 and 4).

mod block;

use core::fmt;

use zeroize::Zeroizing;

pub use block::KeyLength;

/// Fewest digits of a PIN.
pub const MIN_DIGITS: usize = 4;

/// Most digits of a PIN.
pub const MAX_DIGITS: usize = 12;

/// ISO 9564-1 block formats an online PIN can leave the terminal in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockFormat {
    /// Format 0: 8 bytes, mixed with the card number.
    Format0,
    /// Format 3: 8 bytes, random filler, mixed with the card number.
    Format3,
    /// Format 4: 16 bytes, AES.
    Format4,
}

impl BlockFormat {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Format0 => "format-0",
            Self::Format3 => "format-3",
            Self::Format4 => "format-4",
        }
    }

    /// How many bytes a block has.
    pub const fn length(self) -> usize {
        match self {
            Self::Format0 | Self::Format3 => 8,
            Self::Format4 => 16,
        }
    }
}

/// A PIN of 4 to 12 digits, wiped on drop.
///
/// It can be neither copied, compared nor read back: it only leaves as a PIN block.
///
/// ```compile_fail
/// # use emvident_kernel::pin::Pin;
/// fn copied(pin: &Pin) -> Pin { pin.clone() }
/// ```
/// ```compile_fail
/// # use emvident_kernel::pin::Pin;
/// fn compared(one: &Pin, other: &Pin) -> bool { one == other }
/// ```
/// ```compile_fail
/// # use emvident_kernel::pin::Pin;
/// fn shown(pin: &Pin) -> String { pin.to_string() }
/// ```
pub struct Pin {
    digits: Zeroizing<[u8; MAX_DIGITS]>,
    length: u8,
}

/// What was typed is no PIN. The error never holds a digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PinError {
    /// Fewer than 4 or more than 12 digits.
    #[error("a PIN has 4 to 12 digits, not {0}")]
    Length(usize),
    /// Something that is no decimal digit.
    #[error("a PIN has decimal digits only")]
    NotADigit,
}

impl Pin {
    /// The PIN that these ASCII digits spell. The caller wipes `text`.
    ///
    /// # Errors
    /// [`PinError`] when there are not 4 to 12 characters, or one is no digit.
    pub fn from_ascii(text: &[u8]) -> Result<Self, PinError> {
        let length = u8::try_from(text.len()).map_err(|_| PinError::Length(text.len()))?;
        if !(MIN_DIGITS..=MAX_DIGITS).contains(&text.len()) {
            return Err(PinError::Length(text.len()));
        }
        if !text.iter().all(u8::is_ascii_digit) {
            return Err(PinError::NotADigit);
        }
        let mut digits = Zeroizing::new([0; MAX_DIGITS]);
        digits.iter_mut().zip(text).for_each(|(digit, character)| *digit = character & 0x0F);
        Ok(Self { digits, length })
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.digits.iter().copied().take(usize::from(self.length))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin([hidden])")
    }
}

/// An enciphered online PIN block. `Debug` shows its format and length only.
#[derive(Clone, PartialEq, Eq)]
pub struct OnlinePinBlock {
    /// Its format.
    pub format: BlockFormat,
    /// 8 or 16 enciphered bytes.
    pub bytes: alloc::vec::Vec<u8>,
}

impl fmt::Debug for OnlinePinBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OnlinePinBlock({}, {} bytes)", self.format.id(), self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec};

    #[test]
    fn only_four_to_twelve_digits_are_a_pin() {
        assert_eq!(Pin::from_ascii(b"123").unwrap_err(), PinError::Length(3));
        assert_eq!(Pin::from_ascii(b"1234567890123").unwrap_err(), PinError::Length(13));
        assert_eq!(Pin::from_ascii(&[b'1'; 300]).unwrap_err(), PinError::Length(300));
        assert_eq!(Pin::from_ascii(b"12a4").unwrap_err(), PinError::NotADigit);
        assert!(Pin::from_ascii(b"0000").unwrap().digits().eq([0; 4]));
        assert!(Pin::from_ascii(b"123456789012").unwrap().digits().eq([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]));
    }

    #[test]
    fn nothing_secret_is_shown() {
        assert_eq!(format!("{:?}", Pin::from_ascii(b"271828").unwrap()), "Pin([hidden])");
        let block = OnlinePinBlock { format: BlockFormat::Format4, bytes: vec![0xAB; 16] };
        assert_eq!(format!("{block:?}"), "OnlinePinBlock(format-4, 16 bytes)");
    }
}
