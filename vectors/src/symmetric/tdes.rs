//! A double-length Triple DES key and the four things done with it (`EMV 4.4 Book 2, A1.1, A1.2`).

use std::fmt;

use des::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// One cipher block.
pub type Block = [u8; 8];

/// A double-length Triple DES key; never shown.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 16]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

impl Key {
    /// The key of these bytes; their parity bits play no part in the cipher.
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// A key of two halves.
    pub fn from_halves(left: Block, right: Block) -> Self {
        let mut key = [0; 16];
        key.iter_mut().zip(left.into_iter().chain(right)).for_each(|(byte, half)| *byte = half);
        Self(key)
    }

    /// The bytes of the key, in the clear.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The left and the right half.
    pub fn halves(&self) -> (Block, Block) {
        let (mut left, mut right) = ([0; 8], [0; 8]);
        let parts = left.iter_mut().chain(right.iter_mut());
        parts.zip(self.0).for_each(|(half, byte)| *half = byte);
        (left, right)
    }

    /// The same key with odd parity in every byte.
    #[must_use]
    pub fn with_odd_parity(mut self) -> Self {
        self.0.iter_mut().for_each(|byte| *byte = (*byte & 0xFE) | u8::from((*byte >> 1).count_ones() % 2 == 0));
        self
    }

    /// Enciphers one block.
    pub fn encrypt(&self, block: Block) -> Block {
        let mut block = block.into();
        TdesEde2::new(&self.0.into()).encrypt_block(&mut block);
        block.into()
    }

    /// Deciphers one block.
    pub fn decrypt(&self, block: Block) -> Block {
        let mut block = block.into();
        TdesEde2::new(&self.0.into()).decrypt_block(&mut block);
        block.into()
    }

    /// Enciphers whole blocks one by one; a last block that is short is filled with `00`.
    pub fn encrypt_ecb(&self, data: &[u8]) -> Vec<u8> {
        blocks(data).flat_map(|block| self.encrypt(block)).collect()
    }

    /// Deciphers whole blocks one by one.
    pub fn decrypt_ecb(&self, data: &[u8]) -> Vec<u8> {
        blocks(data).flat_map(|block| self.decrypt(block)).collect()
    }

    /// Enciphers whole blocks chained, from an initial value of zeros.
    pub fn encrypt_cbc(&self, data: &[u8]) -> Vec<u8> {
        let mut chain = [0; 8];
        let mut step = |block| {
            chain = self.encrypt(xor(chain, block));
            chain
        };
        blocks(data).flat_map(&mut step).collect()
    }

    /// Deciphers whole blocks chained, from an initial value of zeros.
    pub fn decrypt_cbc(&self, data: &[u8]) -> Vec<u8> {
        let mut chain = [0; 8];
        let mut step = |block| {
            let plain = xor(chain, self.decrypt(block));
            chain = block;
            plain
        };
        blocks(data).flat_map(&mut step).collect()
    }

    /// The retail MAC, ISO/IEC 9797-1 algorithm 3, over data that is already padded.
    pub fn mac(&self, padded: &[u8]) -> Block {
        let (left, right) = self.halves();
        let single = Des::new(&left.into());
        let chain = blocks(padded).fold([0; 8], |chain, block| {
            let mut block = xor(chain, block).into();
            single.encrypt_block(&mut block);
            block.into()
        });
        let mut last = chain.into();
        Des::new(&right.into()).decrypt_block(&mut last);
        single.encrypt_block(&mut last);
        last.into()
    }
}

/// `data`, `80`, then `00` to a whole block (ISO/IEC 9797-1, padding method 2).
pub fn pad_80(data: &[u8]) -> Vec<u8> {
    let mut padded = [data, &[0x80]].concat();
    padded.resize(padded.len().next_multiple_of(8), 0);
    padded
}

/// `data`, then `00` to a whole block (ISO/IEC 9797-1, padding method 1).
pub fn pad_00(data: &[u8]) -> Vec<u8> {
    let mut padded = data.to_vec();
    padded.resize(padded.len().next_multiple_of(8).max(8), 0);
    padded
}

/// Takes `80 00…` off again; `None` when it is not there.
pub fn unpad_80(padded: &[u8]) -> Option<&[u8]> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    let (data, marker) = padded.split_at_checked(end)?;
    (marker.first() == Some(&0x80)).then_some(data)
}

/// Byte by byte.
pub fn xor(mut left: Block, right: Block) -> Block {
    left.iter_mut().zip(right).for_each(|(byte, other)| *byte ^= other);
    left
}

/// The blocks of `data`, the last one filled with `00`.
fn blocks(data: &[u8]) -> impl Iterator<Item = Block> + '_ {
    data.chunks(8).map(block)
}

/// The first eight bytes of `data`, filled with `00`.
pub fn block(data: &[u8]) -> Block {
    let mut block = [0; 8];
    block.iter_mut().zip(data).for_each(|(byte, value)| *byte = *value);
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        hex::decode(text).unwrap().try_into().unwrap()
    }

    // NIST SP 800-67 example data for a single key: with K1 = K2 Triple DES is DES.
    #[test]
    fn equal_halves_are_single_des() {
        let key = Key::new(bytes("0123456789ABCDEF0123456789ABCDEF"));
        assert_eq!(hex::encode_upper(key.encrypt(bytes("4E6F772069732074"))), "3FA40E8A984D4815");
        assert_eq!(key.decrypt(bytes("3FA40E8A984D4815")), bytes("4E6F772069732074"));
    }

    // The retail MAC example of ANSI X9.19: one key, "7654321 Now is the time for ".
    #[test]
    fn retail_mac_with_equal_halves_is_the_des_cbc_mac() {
        let key = Key::new(bytes("0123456789ABCDEF0123456789ABCDEF"));
        assert_eq!(hex::encode_upper(key.mac(b"7654321 Now is the time for \0\0\0\0")), "F1D30F6849312CA4");
    }

    #[test]
    fn chaining_and_padding_go_back_and_forth() {
        let key = Key::new(bytes("0123456789ABCDEFFEDCBA9876543210"));
        let padded = pad_80(b"a PIN block and more");
        assert_eq!(padded.len(), 24);
        assert_eq!(unpad_80(&key.decrypt_cbc(&key.encrypt_cbc(&padded))), Some(&b"a PIN block and more"[..]));
        assert_eq!(key.decrypt_ecb(&key.encrypt_ecb(&padded)), padded);
        assert_ne!(key.encrypt_cbc(&[0; 16])[..8], key.encrypt_cbc(&[0; 16])[8..]);
        assert_eq!((pad_80(&[1; 8]).len(), pad_00(&[1; 8]).len(), pad_00(&[]).len()), (16, 8, 8));
        assert_eq!((unpad_80(&[1, 2, 0]), unpad_80(&[0, 0])), (None, None));
    }

    #[test]
    fn parity_is_odd_and_keys_hide_themselves() {
        let key = Key::new([0x00; 16]).with_odd_parity();
        assert_eq!(key.bytes(), &[0x01; 16]);
        assert_eq!(Key::new([0xFF; 16]).with_odd_parity().bytes(), &[0xFE; 16]);
        assert_eq!(format!("{key:?}"), "[key]");
    }
}
