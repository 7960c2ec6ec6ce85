//! Card keys from issuer keys, session keys from card keys (`EMV 4.4 Book 2, A1.3, A1.4`, and the payment systems' own).

use sha1::{Digest, Sha1};

use super::Key;
use super::tdes::{Block, block, xor};
use crate::secret::Pan;

/// How a card's master keys come from the issuer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MasterKeyOption {
    /// The sixteen rightmost digits of PAN and sequence number.
    A,
    /// A hash of PAN and sequence number when the PAN is longer than sixteen digits, else as A.
    B,
}

/// The card master key (`EMV 4.4 Book 2, A1.4`); `sequence` is the PAN sequence number as a BCD byte, `00` when absent.
pub fn master_key(option: MasterKeyOption, issuer: &Key, pan: &Pan, sequence: u8) -> Key {
    let digits = format!("{}{sequence:02X}", pan.digits());
    let seed = match option {
        MasterKeyOption::B if pan.digits().len() > 16 => decimalised(&hash_of_digits(&digits)),
        _ => rightmost_sixteen(&digits),
    };
    let inverted = xor(seed, [0xFF; 8]);
    Key::from_halves(issuer.encrypt(seed), issuer.encrypt(inverted)).with_odd_parity()
}

fn rightmost_sixteen(digits: &str) -> Block {
    let filled = format!("{digits:0>16}");
    let start = filled.len().saturating_sub(16);
    block(&hex::decode(filled.get(start..).unwrap_or("")).unwrap_or_default())
}

fn hash_of_digits(digits: &str) -> [u8; 20] {
    let even = if digits.len().is_multiple_of(2) { digits.to_owned() } else { format!("0{digits}") };
    Sha1::digest(hex::decode(even).unwrap_or_default()).into()
}

/// Sixteen digits from a hash: its decimal nibbles first, then `A`-`F` read as `0`-`5`.
fn decimalised(hash: &[u8; 20]) -> Block {
    let nibbles: Vec<u8> = hash.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).collect();
    let digits = nibbles.iter().copied().filter(|nibble| *nibble < 10);
    let letters = nibbles.iter().filter(|nibble| **nibble >= 10).map(|nibble| nibble.saturating_sub(10));
    let chosen: Vec<u8> = digits.chain(letters).take(16).collect();
    let packed: Vec<u8> = chosen.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| (byte << 4) | digit)).collect();
    block(&packed)
}

/// The common session key derivation (`EMV 4.4 Book 2, A1.3.1`).
pub fn common_session_key(master: &Key, diversifier: Block) -> Key {
    let with_third = |third| {
        let mut input = diversifier;
        input[2] = third;
        master.encrypt(input)
    };
    Key::from_halves(with_third(0xF0), with_third(0x0F)).with_odd_parity()
}

/// The diversifier of cryptogram session keys: the counter, filled with zeros.
pub fn counter_diversifier(atc: [u8; 2]) -> Block {
    block(&atc)
}

/// Mastercard's own session key: the counter and the terminal's unpredictable number.
pub fn mastercard_session_key(master: &Key, atc: [u8; 2], unpredictable_number: [u8; 4]) -> Key {
    common_session_key(master, block(&[&atc[..], &[0, 0], &unpredictable_number].concat()))
}

/// Visa's secure messaging key: the master key's halves, each XORed with the counter or its inverse.
pub fn visa_messaging_key(master: &Key, atc: [u8; 2]) -> Key {
    let (left, right) = master.halves();
    Key::from_halves(xor(left, counter_right(atc)), xor(right, counter_right(atc.map(|byte| !byte)))).with_odd_parity()
}

/// The session key of PBOC and UnionPay: the counter and its inverse, enciphered.
pub fn unionpay_session_key(master: &Key, atc: [u8; 2]) -> Key {
    let inverted = counter_right(atc.map(|byte| !byte));
    Key::from_halves(master.encrypt(counter_right(atc)), master.encrypt(inverted))
}

fn counter_right([high, low]: [u8; 2]) -> Block {
    [0, 0, 0, 0, 0, 0, high, low]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(text: &str) -> [u8; 20] {
        hex::decode(text).unwrap().try_into().unwrap()
    }

    // EMV 4.4 Book 2, A1.4.2: the two published decimalisation examples.
    #[test]
    fn decimalisation_takes_digits_first_and_letters_after() {
        let enough = decimalised(&hash("1230ABCD567842D4B179F2CA345D6789A17B64BB"));
        assert_eq!(hex::encode(enough), "1230567842417923");
        let short = decimalised(&hash("1B3CABCDD6E8FAD4B1CDF2CAD4FDC78FA17B6EBB"));
        assert_eq!(hex::encode(short), "1368412478176120");
    }

    #[test]
    fn short_pans_are_the_same_under_both_options() {
        let issuer = Key::new([0x11; 16]);
        let pan = Pan::new("4761739001010010").unwrap();
        assert_eq!(master_key(MasterKeyOption::A, &issuer, &pan, 1), master_key(MasterKeyOption::B, &issuer, &pan, 1));
        let long = Pan::new("6250947000000000014").unwrap();
        assert_ne!(
            master_key(MasterKeyOption::A, &issuer, &long, 1),
            master_key(MasterKeyOption::B, &issuer, &long, 1)
        );
    }

    #[test]
    fn a_pan_shorter_than_sixteen_digits_is_filled_on_the_left() {
        assert_eq!(hex::encode(rightmost_sixteen("1234567890")), "0000001234567890");
    }
}
