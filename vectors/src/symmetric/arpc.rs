//! The issuer's answer to an ARQC (`EMV 4.4 Book 2, 8.2`).

use super::Key;
use super::tdes::{Block, block, pad_80, xor};

/// Method 1: the ARQC XORed with the two-byte response code, enciphered.
pub fn method_1(key: &Key, arqc: Block, response_code: [u8; 2]) -> Block {
    key.encrypt(xor(arqc, block(&response_code)))
}

/// Method 2: four bytes of a MAC over the ARQC, the card status update and up to eight bytes of the issuer's own.
pub fn method_2(key: &Key, arqc: Block, status_update: [u8; 4], proprietary: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = key.mac(&pad_80(&[&arqc[..], &status_update, proprietary].concat()));
    [a, b, c, d]
}
