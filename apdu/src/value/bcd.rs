//! Digits two to a byte (`EMV 4.4 Book 3, 4.3`): formats n (filled with 0 on the left) and cn (filled with F on the
//! right).

/// The nibbles of `bytes`, high one first.
pub fn nibbles(bytes: &[u8]) -> impl Iterator<Item = u8> + '_ {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F])
}

/// Whether every nibble is a digit.
pub fn is_numeric(bytes: &[u8]) -> bool {
    nibbles(bytes).all(|nibble| nibble <= 9)
}

/// The number that format n bytes stand for; `None` when a nibble is no digit or the number needs more than 64 bits.
pub fn to_number(bytes: &[u8]) -> Option<u64> {
    nibbles(bytes).try_fold(0u64, |number, digit| {
        let digit = (digit <= 9).then_some(u64::from(digit))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// `number` in format n, `N` bytes long; `None` when it has more than `2 * N` digits.
pub fn from_number<const N: usize>(mut number: u64) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    for byte in bytes.iter_mut().rev() {
        *byte = two_digits(number);
        number /= 100;
    }
    (number == 0).then_some(bytes)
}

/// The last two digits of `number`, in one byte.
pub fn two_digits(number: u64) -> u8 {
    let digit = |value: u64| u8::try_from(value % 10).unwrap_or(0);
    (digit(number / 10) << 4) | digit(number)
}

/// The value of a byte of two digits.
pub fn from_two_digits(byte: u8) -> Option<u8> {
    let (tens, units) = (byte >> 4, byte & 0x0F);
    (tens <= 9 && units <= 9).then(|| tens.saturating_mul(10).saturating_add(units))
}

/// How many digits format cn bytes hold; `None` when a nibble before the padding is no digit or one after its start
/// is not F.
pub fn compressed_length(bytes: &[u8]) -> Option<usize> {
    let digits = nibbles(bytes).take_while(|nibble| *nibble <= 9).count();
    nibbles(bytes).skip(digits).all(|nibble| nibble == 0x0F).then_some(digits)
}

/// `digits` in format cn, `N` bytes long; digits beyond `2 * N` are cut.
pub fn compress<const N: usize>(digits: &[u8]) -> [u8; N] {
    let mut bytes = [0xFF; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = match *pair {
            [high, low] => (high << 4) | (low & 0x0F),
            [high] => (high << 4) | 0x0F,
            _ => 0xFF,
        };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn letters_are_no_digits() {
        assert_eq!(to_number(&[0x12, 0x3A]), None);
        assert_eq!(from_two_digits(0xA1), None);
        assert_eq!(compressed_length(&[0x12, 0xF3]), None);
        assert_eq!(compressed_length(&[0x12, 0x3F, 0xFF]), Some(3));
        assert_eq!(compressed_length(&[0x12, 0x3F, 0xF0]), None);
        assert_eq!(from_number::<2>(10_000), None);
    }

    proptest! {
        #[test]
        fn numbers_round_trip(number in 0u64..=999_999_999_999) {
            let bytes: [u8; 6] = from_number(number).unwrap();
            prop_assert!(is_numeric(&bytes));
            prop_assert_eq!(to_number(&bytes), Some(number));
        }

        #[test]
        fn compressed_digits_round_trip(digits in proptest::collection::vec(0u8..=9, 0..=20)) {
            let bytes: [u8; 10] = compress(&digits);
            prop_assert_eq!(compressed_length(&bytes), Some(digits.len()));
            prop_assert_eq!(nibbles(&bytes).take(digits.len()).collect::<Vec<_>>(), digits);
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert!(to_number(&bytes).is_none() || is_numeric(&bytes));
            if let Some(length) = compressed_length(&bytes) {
                prop_assert!(length <= bytes.len() * 2);
            }
        }
    }
}
