//! Issuer script commands under format 2 secure messaging (`EMV 4.4 Book 2, 9`), in the payment systems' four ways.

use super::Key;
use super::derivation::{common_session_key, unionpay_session_key, visa_messaging_key};
use super::tdes::{Block, block, pad_80, unpad_80, xor};
use crate::secret::Pin;

/// How a payment system secures script commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Keys from the counter by XOR; length byte, `80` padding, ECB.
    Visa,
    /// Keys from the first cryptogram, counted up per command; CBC, padded only when needed.
    Mastercard,
    /// Keys from the counter by encipherment; length byte, `80` padding, ECB.
    UnionPay,
    /// Keys from the first cryptogram; CBC, always padded.
    Common,
}

impl Style {
    /// How many bytes of the MAC are sent.
    pub fn mac_length(self) -> usize {
        match self {
            Self::UnionPay => 4,
            Self::Visa | Self::Mastercard | Self::Common => 8,
        }
    }
}

/// The keys and numbers one script command is secured with.
#[derive(Clone, Debug)]
pub struct Channel {
    style: Style,
    integrity: Key,
    confidentiality: Key,
    atc: [u8; 2],
    chained: Block,
}

impl Channel {
    /// The channel for command number `index` (from 0) after the cryptogram `ac`, from the card's two master keys.
    pub fn new(style: Style, masters: (&Key, &Key), atc: [u8; 2], ac: Block, index: u64) -> Self {
        let chained = match style {
            Style::Mastercard => u64::from_be_bytes(ac).wrapping_add(index).to_be_bytes(),
            _ => ac,
        };
        let session = |master: &Key| match style {
            Style::Visa => visa_messaging_key(master, atc),
            Style::UnionPay => unionpay_session_key(master, atc),
            Style::Mastercard | Style::Common => common_session_key(master, chained),
        };
        Self { style, integrity: session(masters.0), confidentiality: session(masters.1), atc, chained }
    }

    /// The MAC of a command: its header with Lc, the counter, the cryptogram, and the data as sent without the MAC.
    pub fn mac(&self, header: [u8; 5], data: &[u8]) -> Vec<u8> {
        let input = [&header[..], &self.atc, &self.chained, data].concat();
        self.integrity.mac(&pad_80(&input)).into_iter().take(self.style.mac_length()).collect()
    }

    /// A whole command: header, Lc, data and MAC.
    pub fn command(&self, [cla, ins, p1, p2]: [u8; 4], data: &[u8]) -> Vec<u8> {
        let lc = u8::try_from(data.len().saturating_add(self.style.mac_length())).unwrap_or(u8::MAX);
        let header = [cla, ins, p1, p2, lc];
        [&header[..], data, &self.mac(header, data)].concat()
    }

    /// Enciphers command data.
    pub fn encipher(&self, plain: &[u8]) -> Vec<u8> {
        let length = u8::try_from(plain.len()).unwrap_or(u8::MAX);
        match self.style {
            Style::Visa | Style::UnionPay => self.confidentiality.encrypt_ecb(&pad_80(&[&[length], plain].concat())),
            Style::Mastercard if plain.len().is_multiple_of(8) => self.confidentiality.encrypt_cbc(plain),
            Style::Mastercard | Style::Common => self.confidentiality.encrypt_cbc(&pad_80(plain)),
        }
    }

    /// Deciphers command data; `None` when its padding or length is wrong. `length` is what the plain data should have.
    pub fn decipher(&self, data: &[u8], length: usize) -> Option<Vec<u8>> {
        let plain = match self.style {
            Style::Visa | Style::UnionPay => {
                let plain = self.confidentiality.decrypt_ecb(data);
                let (first, rest) = unpad_80(&plain)?.split_first()?;
                (usize::from(*first) == rest.len()).then(|| rest.to_vec())?
            }
            Style::Mastercard if length.is_multiple_of(8) => self.confidentiality.decrypt_cbc(data),
            Style::Mastercard | Style::Common => unpad_80(&self.confidentiality.decrypt_cbc(data))?.to_vec(),
        };
        (plain.len() == length).then_some(plain)
    }
}

/// The block of a new PIN in Visa's way: masked with half of the card's cryptogram key, and with the old PIN when given.
pub fn visa_pin_block(card_key: &Key, pin: &Pin, old: Option<&Pin>) -> Block {
    xor(pin.block(0), visa_mask(card_key, old))
}

/// The PIN in such a block.
pub fn read_visa_pin_block(card_key: &Key, sealed: &[u8], old: Option<&Pin>) -> Option<Pin> {
    let plain = xor(sealed.try_into().ok()?, visa_mask(card_key, old));
    let [head, digits @ ..] = plain;
    Pin::from_nibbles(usize::from(head & 0x0F), &digits).filter(|pin| pin.block(0) == plain)
}

fn visa_mask(card_key: &Key, old: Option<&Pin>) -> Block {
    let (left, _) = card_key.halves();
    let mut mask = [0; 8];
    mask.iter_mut().zip(left).skip(4).for_each(|(byte, key)| *byte = key);
    let old = old.map(|pin| hex::decode(format!("{:0<16}", pin.digits())).unwrap_or_default());
    xor(mask, block(&old.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_enciphers_and_deciphers() {
        let (integrity, confidentiality) = (Key::new([0x2A; 16]), Key::new([0x4C; 16]));
        for style in [Style::Visa, Style::Mastercard, Style::UnionPay, Style::Common] {
            let channel = Channel::new(style, (&integrity, &confidentiality), [0, 7], [9; 8], 0);
            for plain in [&b"8 bytes!"[..], b"five5"] {
                let secret = channel.encipher(plain);
                assert_eq!(channel.decipher(&secret, plain.len()).as_deref(), Some(plain), "{style:?}");
                let other = Channel::new(style, (&integrity, &confidentiality), [0, 8], [8; 8], 0);
                assert_ne!(other.decipher(&secret, plain.len()).as_deref(), Some(plain), "{style:?}");
            }
        }
    }

    #[test]
    fn mastercard_counts_the_cryptogram_up_per_command() {
        let key = Key::new([0x2A; 16]);
        let second = Channel::new(Style::Mastercard, (&key, &key), [0, 7], [0xFF; 8], 1);
        let zero = Channel::new(Style::Mastercard, (&key, &key), [0, 7], [0; 8], 0);
        assert_eq!(second.command([0x84, 0x1E, 0, 0], &[]), zero.command([0x84, 0x1E, 0, 0], &[]));
        assert_eq!(zero.command([0x84, 0x1E, 0, 0], &[]).len(), 13);
    }
}
