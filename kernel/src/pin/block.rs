//! ISO 9564-1 PIN blocks.
//!
//! Formats 0 and 3 leave here in clear: the PIN pad enciphers them with the key it alone knows. Format 2 goes to the card.

use aes::{
    Aes128, Aes192, Aes256,
    cipher::{Array, BlockCipherEncrypt, KeyInit},
};
use apdu::value::pan::Pan;
use zeroize::Zeroizing;

use super::{BlockFormat, OnlinePinBlock, Pin};

/// Digits of the card number that formats 0 and 3 mix in, and that format 4 needs at least.
const PAN_DIGITS: usize = 12;

/// A key of 16, 24 or 32 bytes was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an AES key has 16, 24 or 32 bytes, not {0}")]
pub struct KeyLength(pub usize);

/// PIN blocks of ISO 9564-1. Those of 8 bytes are clear and wiped on drop.
impl Pin {
    /// Format 2, for the card (`EMV 4.4 Book 3, 6.5.12`).
    pub fn block_format_2(&self) -> Zeroizing<[u8; 8]> {
        self.field(2, core::iter::repeat(0xF))
    }

    /// Format 0, clear: filled with F and mixed with the card number.
    pub fn format_0(&self, pan: &Pan) -> Zeroizing<[u8; 8]> {
        mix(self.field(0, core::iter::repeat(0xF)), &account_field(pan))
    }

    /// Format 3, clear: filled with nibbles A to F, which `random` chooses, and mixed with the card number.
    pub fn format_3(&self, pan: &Pan, random: &[u8; 10]) -> Zeroizing<[u8; 8]> {
        mix(self.field(3, random.iter().map(|byte| 0xA_u8.saturating_add(byte % 6))), &account_field(pan))
    }

    /// The PIN field of format 4, clear: PIN, filler A, and 8 random bytes.
    pub fn format_4_pin_field(&self, random: &[u8; 8]) -> Zeroizing<[u8; 16]> {
        let mut field = Zeroizing::new([0; 16]);
        let clear = self.field(4, core::iter::repeat(0xA));
        field.iter_mut().zip(clear.iter().chain(random)).for_each(|(byte, value)| *byte = *value);
        field
    }

    /// Format 4, enciphered under an AES key of 16, 24 or 32 bytes.
    ///
    /// # Errors
    /// [`KeyLength`] when the key has another length.
    pub fn encipher_format_4(&self, key: &[u8], pan: &Pan, random: &[u8; 8]) -> Result<OnlinePinBlock, KeyLength> {
        let mut block = self.format_4_pin_field(random);
        encipher(key, &mut block)?;
        block = mix(block, &format_4_pan_field(pan));
        encipher(key, &mut block)?;
        Ok(OnlinePinBlock { format: BlockFormat::Format4, bytes: block.to_vec() })
    }

    /// Eight bytes: control nibble, length, digits, filler to the end.
    fn field(&self, control: u8, filler: impl Iterator<Item = u8>) -> Zeroizing<[u8; 8]> {
        pack([control, self.length].into_iter().chain(self.digits()).chain(filler))
    }
}

/// The twelve rightmost digits of the card number without its check digit, right-aligned; shorter numbers gain zeros on
/// the left.
fn account_field(pan: &Pan) -> Zeroizing<[u8; 8]> {
    let unmasked = pan.unmask();
    let digits = unmasked.digits().split_last().map_or(&[][..], |(_, rest)| rest);
    let last = digits.last_chunk::<PAN_DIGITS>().map_or(digits, |last| last);
    let zeros = 16_usize.saturating_sub(last.len());
    pack(core::iter::repeat_n(0, zeros).chain(last.iter().copied()))
}

/// The account number field of format 4: how many digits above twelve, the number with its check digit, zeros. A number
/// of fewer digits gains zeros on the left.
pub(super) fn format_4_pan_field(pan: &Pan) -> Zeroizing<[u8; 16]> {
    let unmasked = pan.unmask();
    let digits = unmasked.digits();
    let above = u8::try_from(digits.len().saturating_sub(PAN_DIGITS)).unwrap_or(0);
    let zeros = PAN_DIGITS.saturating_sub(digits.len());
    pack(core::iter::once(above).chain(core::iter::repeat_n(0, zeros)).chain(digits.iter().copied()))
}

/// Nibbles, two to a byte; what is missing at the end is zero.
fn pack<const N: usize>(mut nibbles: impl Iterator<Item = u8>) -> Zeroizing<[u8; N]> {
    let mut packed = Zeroizing::new([0; N]);
    for byte in packed.iter_mut() {
        let high = nibbles.next().unwrap_or(0);
        *byte = (high << 4) | (nibbles.next().unwrap_or(0) & 0x0F);
    }
    packed
}

fn mix<const N: usize>(mut field: Zeroizing<[u8; N]>, other: &[u8; N]) -> Zeroizing<[u8; N]> {
    field.iter_mut().zip(other).for_each(|(byte, other)| *byte ^= other);
    field
}

/// Enciphers one block in place; the key's length chooses the cipher.
fn encipher(key: &[u8], block: &mut [u8; 16]) -> Result<(), KeyLength> {
    let block: &mut Array<u8, _> = block.into();
    match key.len() {
        16 => Aes128::new_from_slice(key).map(|cipher| cipher.encrypt_block(block)),
        24 => Aes192::new_from_slice(key).map(|cipher| cipher.encrypt_block(block)),
        _ => Aes256::new_from_slice(key).map(|cipher| cipher.encrypt_block(block)),
    }
    .map_err(|_| KeyLength(key.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex::encode_upper as upper;
    use proptest::prelude::*;

    fn pin(digits: &str) -> Pin {
        Pin::from_ascii(digits.as_bytes()).unwrap()
    }

    fn pan(digits: &str) -> Pan {
        Pan::from_digits(digits).unwrap()
    }

    #[test]
    fn format_2_as_the_books_example() {
        assert_eq!(upper(*pin("1234").block_format_2()), "241234FFFFFFFFFF");
        assert_eq!(upper(*pin("123456789").block_format_2()), "29123456789FFFFF");
        assert_eq!(upper(*pin("123456789012").block_format_2()), "2C123456789012FF");
    }

    // Published by BP-Tools (first) and by the Python package psec.
    #[test]
    fn format_0_as_published() {
        assert_eq!(upper(*pin("1234").format_0(&pan("43219876543210987"))), "0412AC89ABCDEF67");
        assert_eq!(upper(*pin("1234").format_0(&pan("5555555551234567"))), "041261AAAAEDCBA9");
        assert_eq!(upper(*pin("123456789012").format_0(&pan("5555555551234567"))), "0C1261032D8226A9");
    }

    #[test]
    fn format_0_of_a_short_card_number_has_zeros_on_the_left() {
        assert_eq!(upper(*pin("1234").format_0(&pan("123456789"))), "041234FFEDCBA987");
        assert_eq!(upper(*pin("1234").format_0(&pan("7"))), "041234FFFFFFFFFF");
    }

    // Published in IBM's description of ISO format 3, which leaves the check digit away (here 0); filler A F B E C D D C.
    #[test]
    fn format_3_as_published() {
        let random = [0, 5, 1, 4, 2, 3, 3, 2, 0, 0];
        assert_eq!(upper(*pin("123456").format_3(&pan("1112223334445550"), &random)), "361216759CFA8889");
    }

    // The first is a published capture of another calculator, the second is the Python package psec's.
    #[test]
    fn format_4_as_published() {
        let key = hex::decode("00112233445566778899AABBCCDDEEFF").unwrap();
        let random = hex::decode("146C6601F4A8035C").unwrap().try_into().unwrap();
        let number = pan("432198765432109870");
        assert_eq!(upper(*pin("1234").format_4_pin_field(&random)), "441234AAAAAAAAAA146C6601F4A8035C");
        assert_eq!(upper(*format_4_pan_field(&number)), "64321987654321098700000000000000");
        let block = pin("1234").encipher_format_4(&key, &number, &random).unwrap();
        assert_eq!(
            (block.format, upper(block.bytes).as_str()),
            (BlockFormat::Format4, "88E33C3ACF404F234F10F889C364E377")
        );

        let block = pin("1234").encipher_format_4(&key, &pan("1234567890123456789"), &[0xFF; 8]).unwrap();
        assert_eq!(upper(block.bytes), "28B41FDDD29B743E93124BD8E32D921E");
    }

    #[test]
    fn format_4_of_a_short_card_number_counts_no_digit_above_twelve() {
        assert_eq!(upper(*format_4_pan_field(&pan("12345678"))), "00000123456780000000000000000000");
        assert_eq!(upper(*format_4_pan_field(&pan("123456789012"))), "01234567890120000000000000000000");
    }

    // FIPS 197, appendix C: one block under a key of each length.
    #[test]
    fn the_key_s_length_chooses_the_cipher() {
        let clear: [u8; 16] = core::array::from_fn(|at| (at * 0x11) as u8);
        let key: [u8; 32] = core::array::from_fn(|at| at as u8);
        let enciphered = |length: usize| {
            let mut block = clear;
            encipher(&key[..length], &mut block).unwrap();
            upper(block)
        };
        assert_eq!(enciphered(16), "69C4E0D86A7B0430D8CDB78070B4C55A");
        assert_eq!(enciphered(24), "DDA97CA4864CDFE06EAF70A0EC0D7191");
        assert_eq!(enciphered(32), "8EA2B7CA516745BFEAFC49904B496089");
        for length in [0, 8, 15, 17, 31, 33] {
            assert_eq!(encipher(&[0; 33][..length], &mut [0; 16]), Err(KeyLength(length)));
        }
    }

    proptest! {
        #[test]
        fn filler_of_format_3_is_always_a_letter(digits in "[0-9]{4,12}", random: [u8; 10]) {
            let clear = pin(&digits).format_3(&pan("0"), &random);
            let nibbles = upper(*clear);
            let head = alloc::format!("3{:X}{digits}", digits.len());
            prop_assert!(nibbles.starts_with(&head));
            prop_assert!(nibbles.bytes().skip(2 + digits.len()).all(|nibble| nibble.is_ascii_uppercase()), "{}", nibbles);
        }
    }
}
