//! Card numbers and PINs that hide themselves.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// The text is not a run of digits of a length that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {min} to {max} digits")]
pub struct NotDigits {
    min: usize,
    max: usize,
}

fn digits(text: &str, min: usize, max: usize) -> Result<String, NotDigits> {
    let good = (min..=max).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    if good { Ok(text.to_owned()) } else { Err(NotDigits { min, max }) }
}

/// Packs digits two to a byte, left aligned, filled with `F`.
fn packed(digits: &str, length: usize) -> Vec<u8> {
    let mut nibbles = digits.bytes().map(|digit| digit.wrapping_sub(b'0')).chain(std::iter::repeat(0x0F));
    let mut next = || nibbles.next().unwrap_or(0x0F);
    (0..length).map(|_| (next() << 4) | next()).collect()
}

/// A primary account number of 8 to 19 digits; shows only the first six and last four.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Pan(String);

impl Pan {
    /// Takes 8 to 19 digits.
    ///
    /// # Errors
    /// [`NotDigits`] for anything else.
    pub fn new(text: &str) -> Result<Self, NotDigits> {
        digits(text, 8, 19).map(Self)
    }

    /// Reads a packed number (tag `5A`), or the front of track 2 data (tag `57`), up to the first nibble that is no digit.
    ///
    /// # Errors
    /// [`NotDigits`] when fewer than 8 or more than 19 digits are there.
    pub fn from_packed(bytes: &[u8]) -> Result<Self, NotDigits> {
        let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
        let text: String = nibbles.take_while(|nibble| *nibble < 10).map(|nibble| char::from(b'0' | nibble)).collect();
        Self::new(&text)
    }

    /// The digits, in the clear.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// Packed into `length` bytes, filled with `F`.
    pub fn packed(&self, length: usize) -> Vec<u8> {
        packed(&self.0, length)
    }

    /// Packed into as few bytes as hold it: the value of tag `5A`.
    pub fn value(&self) -> Vec<u8> {
        self.packed(self.0.len().div_ceil(2))
    }

    /// Whether the check digit is right (ISO/IEC 7812-1, Annex B).
    pub fn check_digit_holds(&self) -> bool {
        let weigh = |(place, digit): (usize, u8)| {
            let digit = u32::from(digit.wrapping_sub(b'0'));
            let doubled = digit.saturating_mul(2);
            if place.is_multiple_of(2) { digit } else { (doubled / 10).saturating_add(doubled % 10) }
        };
        self.0.bytes().rev().enumerate().map(weigh).sum::<u32>().is_multiple_of(10)
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = self.0.len().saturating_sub(10);
        let (first, last) = (self.0.get(..6).unwrap_or(""), self.0.get(6_usize.saturating_add(hidden)..).unwrap_or(""));
        if hidden < 6 { write!(f, "[pan]") } else { write!(f, "{first}{}{last}", "*".repeat(hidden)) }
    }
}

/// A PIN of 4 to 12 digits; never shown.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Pin(String);

impl Pin {
    /// Takes 4 to 12 digits.
    ///
    /// # Errors
    /// [`NotDigits`] for anything else.
    pub fn new(text: &str) -> Result<Self, NotDigits> {
        digits(text, 4, 12).map(Self)
    }

    /// The digits, in the clear.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The block whose first nibble is `control`: length, digits, filled with `F` (ISO 9564-1, formats 0 and 2).
    pub fn block(&self, control: u8) -> [u8; 8] {
        let mut block = [control << 4 | u8::try_from(self.0.len()).unwrap_or(0); 8];
        let filled = packed(&self.0, 7);
        block.iter_mut().skip(1).zip(filled).for_each(|(byte, digits)| *byte = digits);
        block
    }

    /// Reads a format 2 block.
    pub fn from_block_2(block: &[u8]) -> Option<Self> {
        let [head, rest @ ..] = <&[u8; 8]>::try_from(block).ok()?;
        let pin = Self::from_nibbles(usize::from(head & 0x0F), rest)?;
        (pin.block(2) == block).then_some(pin)
    }

    /// Reads `length` digits from packed nibbles.
    pub(crate) fn from_nibbles(length: usize, packed: &[u8]) -> Option<Self> {
        let nibbles = packed.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).take(length);
        let text: Option<String> = nibbles.map(|nibble| char::from_digit(u32::from(nibble), 10)).collect();
        Self::new(&text?).ok()
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pin]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pan_packs_checks_and_hides_itself() {
        let pan = Pan::new("4761739001010010").unwrap();
        assert_eq!(hex::encode_upper(pan.packed(10)), "4761739001010010FFFF");
        assert!(pan.check_digit_holds());
        assert!(!Pan::new("4761739001010011").unwrap().check_digit_holds());
        assert_eq!(format!("{pan:?}"), "476173******0010");

        assert_eq!(Pan::from_packed(&hex::decode("4761739001010010D25120").unwrap()).unwrap(), pan);
    }

    #[test]
    fn a_pin_block_reads_back_and_a_pin_hides_itself() {
        let pin = Pin::new("1234").unwrap();
        assert_eq!(hex::encode_upper(pin.block(2)), "241234FFFFFFFFFF");
        assert_eq!(Pin::from_block_2(&pin.block(2)), Some(pin.clone()));
        assert_eq!(Pin::from_block_2(&hex::decode("241234FFFFFFFFF0").unwrap()), None);
        assert_eq!(Pin::from_block_2(&hex::decode("231234FFFFFFFFFF").unwrap()), None);
        assert_eq!(format!("{pin:?}"), "[pin]");
    }
}
