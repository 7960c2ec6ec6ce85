//! Online PIN blocks (ISO 9564-1 formats 0, 3 and 4), the host's side.

use std::fmt;

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Key;
use super::tdes::{Block, block, xor};
use crate::secret::{Pan, Pin};

/// An AES-128 key; never shown.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct AesKey(pub [u8; 16]);

impl fmt::Debug for AesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

/// An enciphered PIN block as it travels to the host; never shown.
#[derive(Clone, PartialEq, Eq)]
pub enum PinBlock {
    /// Format 0 under Triple DES.
    Format0(Block),
    /// Format 3 under Triple DES: as format 0, filled with random `A`-`F`.
    Format3(Block),
    /// Format 4 under AES.
    Format4([u8; 16]),
}

impl fmt::Debug for PinBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[PIN block]")
    }
}

/// The PIN in a block, or `None` when it does not decipher to a PIN for this card number.
pub fn open(sealed: &PinBlock, key: &Key, aes_key: &AesKey, pan: &Pan) -> Option<Pin> {
    match sealed {
        PinBlock::Format0(bytes) => read(0, 0x0F, &xor(key.decrypt(*bytes), account_field(pan))),
        PinBlock::Format3(bytes) => read(3, 0x0A, &xor(key.decrypt(*bytes), account_field(pan))),
        PinBlock::Format4(bytes) => {
            let aes = Aes128::new(&aes_key.0.into());
            read(4, 0x0A, block(&decrypt_format_4(&aes, *bytes, pan)).as_ref())
        }
    }
}

/// Enciphers a PIN; the fillers of formats 3 and 4 are taken from `random`.
pub fn seal(format: u8, pin: &Pin, pan: &Pan, key: &Key, aes_key: &AesKey, random: Block) -> Option<PinBlock> {
    match format {
        0 => Some(PinBlock::Format0(key.encrypt(xor(pin.block(0), account_field(pan))))),
        3 => Some(PinBlock::Format3(key.encrypt(xor(filled(3, pin, random), account_field(pan))))),
        4 => Some(PinBlock::Format4(encrypt_format_4(&Aes128::new(&aes_key.0.into()), pin, pan, random))),
        _ => None,
    }
}

fn read(control: u8, lowest_filler: u8, plain: &[u8]) -> Option<Pin> {
    let (head, rest) = plain.split_first()?;
    let length = usize::from(head & 0x0F);
    let fillers = rest.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).skip(length);
    let well_filled = fillers.clone().all(|nibble| nibble >= lowest_filler);
    (head >> 4 == control && well_filled).then(|| Pin::from_nibbles(length, rest))?
}

/// `0000` and the twelve rightmost digits before the check digit.
fn account_field(pan: &Pan) -> Block {
    let (all, _check) = pan.digits().split_at_checked(pan.digits().len().saturating_sub(1)).unwrap_or_default();
    let start = all.len().saturating_sub(12);
    block(&hex::decode(format!("0000{:0>12}", all.get(start..).unwrap_or(""))).unwrap_or_default())
}

/// The block of `control`, its fillers replaced by `A`-`F` drawn from `random`.
fn filled(control: u8, pin: &Pin, random: Block) -> Block {
    let nibbles = pin.block(control).into_iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    let drawn =
        random.into_iter().flat_map(|byte| [0x0A_u8.saturating_add(byte >> 4 & 3), 0x0A_u8.saturating_add(byte & 3)]);
    let used = pin.digits().len().saturating_add(2);
    let chosen = nibbles.zip(drawn).enumerate().map(|(place, (kept, new))| if place < used { kept } else { new });
    pack(chosen)
}

fn pack(nibbles: impl Iterator<Item = u8>) -> Block {
    let all: Vec<u8> = nibbles.collect();
    let packed: Vec<u8> = all.chunks(2).map(|pair| pair.iter().fold(0, |byte, nibble| (byte << 4) | nibble)).collect();
    block(&packed)
}

/// The card number field of format 4: its length less twelve, the digits, zeros.
fn account_field_4(pan: &Pan) -> [u8; 16] {
    let long = format!("{:0>12}", pan.digits());
    let text = format!("{}{:0<31}", long.len().saturating_sub(12), long);
    let mut field = [0; 16];
    hex::decode_to_slice(text, &mut field).unwrap_or_default();
    field
}

fn xor_16(mut left: [u8; 16], right: [u8; 16]) -> [u8; 16] {
    left.iter_mut().zip(right).for_each(|(byte, other)| *byte ^= other);
    left
}

fn encrypt_format_4(aes: &Aes128, pin: &Pin, pan: &Pan, random: Block) -> [u8; 16] {
    let fillers = |byte: u8| {
        if byte == 0xFF {
            0xAA
        } else if byte & 0x0F == 0x0F {
            (byte & 0xF0) | 0x0A
        } else {
            byte
        }
    };
    let mut plain = [0; 16];
    let halves = pin.block(4).map(fillers).into_iter().chain(random);
    plain.iter_mut().zip(halves).for_each(|(byte, value)| *byte = value);
    let mut state = plain.into();
    aes.encrypt_block(&mut state);
    let mut state = xor_16(state.into(), account_field_4(pan)).into();
    aes.encrypt_block(&mut state);
    state.into()
}

fn decrypt_format_4(aes: &Aes128, sealed: [u8; 16], pan: &Pan) -> [u8; 16] {
    let mut state = sealed.into();
    aes.decrypt_block(&mut state);
    let mut state = xor_16(state.into(), account_field_4(pan)).into();
    aes.decrypt_block(&mut state);
    state.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    // The worked example of ISO 9564-1 format 0 that every PIN tutorial repeats.
    #[test]
    fn format_0_combines_pin_and_card_number() {
        let pan = Pan::new("43219876543210987").unwrap();
        assert_eq!(hex::encode(account_field(&pan)), "0000987654321098");
        let clear = xor(Pin::new("1234").unwrap().block(0), account_field(&pan));
        assert_eq!(hex::encode_upper(clear), "0412AC89ABCDEF67");
    }

    #[test]
    fn every_format_opens_only_for_its_card() {
        let (key, aes_key) = (Key::new([0x1F; 16]), AesKey([0x3D; 16]));
        let (pan, other) = (Pan::new("4761739001010010").unwrap(), Pan::new("4111111111111111").unwrap());
        for digits in ["1234", "12345", "123456789012"] {
            let pin = Pin::new(digits).unwrap();
            for format in [0, 3, 4] {
                let sealed = seal(format, &pin, &pan, &key, &aes_key, *b"\x01\x92\x33\x47\xAB\xFE\x5C\x08").unwrap();
                assert_eq!(open(&sealed, &key, &aes_key, &pan), Some(pin.clone()), "format {format}");
                assert_ne!(open(&sealed, &key, &aes_key, &other), Some(pin.clone()), "format {format}");
            }
        }
    }

    #[test]
    fn format_4_has_the_published_layout() {
        assert_eq!(
            hex::encode(account_field_4(&Pan::new("432198765432109870").unwrap())),
            "64321987654321098700000000000000"
        );
        assert_eq!(
            seal(
                9,
                &Pin::new("1234").unwrap(),
                &Pan::new("4111111111111111").unwrap(),
                &Key::new([1; 16]),
                &AesKey([2; 16]),
                [0; 8]
            ),
            None
        );
    }
}
