//! Application primary account number, tag 5A.

use core::fmt;

use zeroize::Zeroize;

use super::bcd;

/// The most digits an account number has.
pub const MAX_DIGITS: usize = 19;

/// An account number of 1 to 19 digits.
///
/// `Debug` and `Display` mask it; [`Pan::unmask`] is the only way to see it. Its digits are wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct Pan {
    digits: [u8; MAX_DIGITS],
    length: u8,
}

/// Why something is no account number; never says which digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No digit.
    #[error("the account number is empty")]
    Empty,
    /// More than 19 digits.
    #[error("{0} digits are more than 19")]
    TooLong(usize),
    /// Something that is neither a digit nor padding after the last digit.
    #[error("not made of digits and padding after them")]
    NotDigits,
}

impl Pan {
    /// The number in format cn, as in tag 5A: digits, then F to the end.
    ///
    /// # Errors
    /// [`Error`] when it holds something else, no digit or too many.
    pub fn from_compressed(bytes: &[u8]) -> Result<Self, Error> {
        let length = bcd::compressed_length(bytes).ok_or(Error::NotDigits)?;
        Self::collect(bcd::nibbles(bytes).take(length), length)
    }

    /// The number in ASCII digits.
    ///
    /// # Errors
    /// [`Error`] when it holds something else, no digit or too many.
    pub fn from_digits(text: &str) -> Result<Self, Error> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::NotDigits);
        }
        Self::collect(text.bytes().map(|byte| byte & 0x0F), text.len())
    }

    /// `length` digit values.
    pub(super) fn collect(values: impl Iterator<Item = u8>, length: usize) -> Result<Self, Error> {
        if length == 0 {
            return Err(Error::Empty);
        }
        let short = u8::try_from(length).ok().filter(|length| usize::from(*length) <= MAX_DIGITS);
        let mut pan = Self { digits: [0; MAX_DIGITS], length: short.ok_or(Error::TooLong(length))? };
        pan.digits.iter_mut().zip(values).for_each(|(slot, digit)| *slot = digit);
        Ok(pan)
    }

    /// How many digits it has.
    #[expect(clippy::len_without_is_empty, reason = "invariant: at least one digit")]
    pub fn len(&self) -> usize {
        usize::from(self.length)
    }

    /// Whether its last digit is the Luhn check digit of the others.
    pub fn luhn_is_valid(&self) -> bool {
        let sum: u32 = (0u8..).zip(self.values().iter().rev()).map(|(at, digit)| luhn(at, *digit)).sum();
        sum.is_multiple_of(10)
    }

    /// The number as it may be shown: at most the first six and the last four digits, at least five hidden or, of a
    /// number of eight digits and fewer, half.
    pub fn masked(&self) -> Masked<'_> {
        Masked(self)
    }

    /// The number itself, on purpose.
    pub fn unmask(&self) -> Unmasked<'_> {
        Unmasked(self)
    }

    /// The number filled with F to ten bytes, as the card's certificate holds it (`EMV 4.4 Book 2, Table 14`).
    pub fn to_padded(&self) -> [u8; 10] {
        bcd::compress(self.values())
    }

    /// Whether `field`, filled with F, holds this number.
    pub fn matches_padded(&self, field: &[u8; 10]) -> bool {
        self.to_padded() == *field
    }

    /// Whether it starts with the issuer identifier of a certificate: 3 to 8 digits, filled with F
    /// (`EMV 4.4 Book 2, Table 13`).
    pub fn matches_issuer_identifier(&self, identifier: [u8; 4]) -> bool {
        let Some(length) = bcd::compressed_length(&identifier).filter(|length| *length >= 3) else { return false };
        let mine = self.values().get(..length);
        mine.is_some_and(|mine| bcd::nibbles(&identifier).take(length).eq(mine.iter().copied()))
    }

    fn values(&self) -> &[u8] {
        self.digits.get(..self.len()).unwrap_or(&[])
    }

    /// How many digits at the start and at the end may be shown.
    fn shown(&self) -> (usize, usize) {
        let length = self.len();
        (length.saturating_sub(9).min(6), (length / 2).min(4))
    }
}

/// What the digit `at` places before the check digit adds to the Luhn sum.
fn luhn(at: u8, digit: u8) -> u32 {
    let doubled = digit.saturating_mul(2);
    u32::from(match at % 2 {
        0 => digit,
        _ if doubled > 9 => doubled.saturating_sub(9),
        _ => doubled,
    })
}

impl Drop for Pan {
    fn drop(&mut self) {
        self.digits.zeroize();
        self.length.zeroize();
    }
}

impl fmt::Display for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.masked(), f)
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pan({})", self.masked())
    }
}

/// An account number with its middle hidden.
pub struct Masked<'a>(&'a Pan);

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.0.shown();
        let hidden = first..self.0.len().saturating_sub(last);
        self.0.values().iter().enumerate().try_for_each(|(at, digit)| match hidden.contains(&at) {
            true => f.write_str("*"),
            false => write!(f, "{digit}"),
        })
    }
}

/// An account number for all to see: whoever writes `unmask` answers for where it goes.
pub struct Unmasked<'a>(&'a Pan);

impl Unmasked<'_> {
    /// The digit values, 0 to 9.
    pub fn digits(&self) -> &[u8] {
        self.0.values()
    }
}

impl fmt::Display for Unmasked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digits().iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{
        format,
        string::{String, ToString},
        vec::Vec,
    };
    use proptest::prelude::*;

    fn pan(digits: &str) -> Pan {
        Pan::from_digits(digits).unwrap()
    }

    #[test]
    fn numbers_are_masked_wherever_they_are_printed() {
        assert_eq!(pan("4761739001010010").to_string(), "476173******0010");
        assert_eq!(format!("{:?}", pan("6200000000000000005")), "Pan(620000*********0005)");
        assert_eq!(pan("374245455400001").to_string(), "374245*****0001");
        assert_eq!(pan("4000000000006").to_string(), "4000*****0006");
        assert_eq!(pan("12345678").to_string(), "****5678");
        assert_eq!(pan("1").to_string(), "*");
    }

    #[test]
    fn check_digits_are_checked() {
        assert!(pan("4761739001010010").luhn_is_valid());
        assert!(!pan("4761739001010011").luhn_is_valid());
        assert!(pan("374245455400001").luhn_is_valid());
    }

    #[test]
    fn padding_is_read_and_written() {
        let number = Pan::from_compressed(&[0x37, 0x42, 0x45, 0x45, 0x54, 0x00, 0x00, 0x1F]).unwrap();
        assert_eq!(number, pan("374245455400001"));
        assert_eq!(number.to_padded(), [0x37, 0x42, 0x45, 0x45, 0x54, 0x00, 0x00, 0x1F, 0xFF, 0xFF]);
        assert!(!number.matches_padded(&[0xFF; 10]));
        assert_eq!(Pan::from_compressed(&[]), Err(Error::Empty));
        assert_eq!(Pan::from_compressed(&[0xFF]), Err(Error::Empty));
        assert_eq!(Pan::from_compressed(&[0x12, 0xF4]), Err(Error::NotDigits));
        assert_eq!(Pan::from_compressed(&[0x11; 10]), Err(Error::TooLong(20)));
    }

    #[test]
    fn issuer_identifiers_are_prefixes_of_three_to_eight_digits() {
        let number = pan("4761739001010010");
        assert!(number.matches_issuer_identifier([0x47, 0x61, 0x73, 0x90]));
        assert!(number.matches_issuer_identifier([0x47, 0x61, 0x73, 0xFF]));
        assert!(number.matches_issuer_identifier([0x47, 0x6F, 0xFF, 0xFF]));
        assert!(!number.matches_issuer_identifier([0x47, 0xFF, 0xFF, 0xFF]));
        assert!(!number.matches_issuer_identifier([0x47, 0x62, 0xFF, 0xFF]));
        assert!(!number.matches_issuer_identifier([0x47, 0xF1, 0xFF, 0xFF]));
        assert!(!pan("4761").matches_issuer_identifier([0x47, 0x61, 0x73, 0xFF]));
    }

    proptest! {
        #[test]
        fn numbers_round_trip(digits in "[0-9]{1,19}") {
            let number = pan(&digits);
            prop_assert_eq!(number.unmask().to_string(), digits);
            prop_assert!(number.matches_padded(&number.to_padded()));
            prop_assert_eq!(Pan::from_compressed(&number.to_padded()).unwrap(), number);
        }

        #[test]
        fn enough_digits_are_hidden(digits in "[0-9]{8,19}") {
            let number = pan(&digits);
            let shown = number.to_string();
            let hidden = shown.bytes().filter(|byte| *byte == b'*').count();
            prop_assert!(hidden >= (digits.len() / 2).min(5), "{}", shown);
            prop_assert_eq!(shown.len(), digits.len());
            let runs: Vec<String> = shown.split('*').filter(|run| !run.is_empty()).map(String::from).collect();
            prop_assert!(runs.iter().all(|run| run.len() <= 6), "{}", shown);
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..30), text in ".{0,30}") {
            if let Ok(number) = Pan::from_compressed(&bytes) {
                let _ = (number.to_string(), number.luhn_is_valid(), number.to_padded());
            }
            let _ = Pan::from_digits(&text);
        }
    }
}
