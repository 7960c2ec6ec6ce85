//! DS digest H (`DF61`): one-way functions over the operator's input (`EMV Contactless Book C-2, 8.3`).

use aes::Aes128;
use apdu::{Dol, tag::k2};
use des::{
    TdesEde2,
    cipher::{BlockCipherEncrypt, KeyInit},
};

use crate::{contactless::c2::configuration::TerminalStore, outcome::Outcome};

/// DS slot management control: a permanent slot.
const PERMANENT: u8 = 0x80;
/// DS ODS info: volatile data.
const VOLATILE: u8 = 0x40;

/// Computes the digest, where the card's list asks for it and the terminal has its input.
pub(super) fn prepare(out: &mut Outcome, version: u8) {
    let list = out.card.value(k2::DSDOL_9F5B).and_then(|list| Dol::parse(list).ok());
    let asked = list.is_some_and(|list| list.contains(k2::DS_DIGEST_H_DF61));
    let input: Option<[u8; 8]> = out.terminal.array(k2::DS_INPUT_TERM_DF8109);
    let (true, Some(input)) = (asked, input) else { return };
    let id = out.card.value(k2::DS_ID_9F5E).unwrap_or(&[]);
    let operator = operator(out);
    let digest = if version == 2 { owhf2_aes(id, operator, input) } else { owhf2(id, operator, input) };
    out.terminal.set(k2::DS_DIGEST_H_DF61, &digest);
}

/// Requested operator identifier; none of volatile data in a permanent slot.
fn operator(out: &Outcome) -> [u8; 8] {
    let [control] = out.card.array(k2::DS_SLOT_MANAGEMENT_CONTROL_9F6F).unwrap_or_default();
    if control & PERMANENT != 0 && out.terminal.byte(k2::DS_ODS_INFO_DF62) & VOLATILE != 0 {
        return [0; 8];
    }
    out.terminal.array(k2::DS_REQUESTED_OPERATOR_ID_9F5C).unwrap_or_default()
}

/// OWHF2: Triple DES under a key made of the card's identifier and the operator's.
fn owhf2(id: &[u8], operator: [u8; 8], input: [u8; 8]) -> [u8; 8] {
    let [_, _, _, _, fifth, sixth, seventh, eighth] = operator;
    let first_six = id.iter().take(6);
    let last_six = id.iter().skip(id.len().saturating_sub(6));
    let left = first_six.map(|byte| doubled(*byte)).chain([fifth, sixth]);
    let right = last_six.map(|byte| doubled(*byte)).chain([seventh, eighth]);
    let mut key = [0; 16];
    key.iter_mut().zip(left.chain(right)).for_each(|(place, byte)| *place = byte);
    let mut block = xor(operator, input).into();
    TdesEde2::new(&key.into()).encrypt_block(&mut block);
    xor(block.into(), input)
}

/// Twice the number that two digits make.
fn doubled(digits: u8) -> u8 {
    let number = (digits >> 4).wrapping_mul(10).wrapping_add(digits & 0x0F);
    number.wrapping_mul(2)
}

/// OWHF2AES: AES under a key made of the card's identifier and the operator's.
fn owhf2_aes(id: &[u8], operator: [u8; 8], input: [u8; 8]) -> [u8; 8] {
    let mut message = [0; 16];
    message.iter_mut().zip(input.into_iter().chain(operator)).for_each(|(place, byte)| *place = byte);
    let [_, _, _, _, tail @ ..] = operator;
    let filler = core::iter::repeat_n(0, 11_usize.saturating_sub(id.len()));
    let parts = filler.chain(id.iter().take(11).copied()).chain(tail).chain([0x3F]);
    let mut key = [0; 16];
    key.iter_mut().zip(parts).for_each(|(place, byte)| *place = byte);
    let mut block = message.into();
    Aes128::new(&key.into()).encrypt_block(&mut block);
    let block: [u8; 16] = block.into();
    let mut digest = [0; 8];
    digest.iter_mut().zip(block.iter().zip(message)).for_each(|(place, (left, right))| *place = left ^ right);
    digest
}

fn xor(left: [u8; 8], right: [u8; 8]) -> [u8; 8] {
    let mut sum = left;
    sum.iter_mut().zip(right).for_each(|(place, byte)| *place ^= byte);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triple_des_gives_the_published_digest() {
        let id = hex::decode("5168624300900697").unwrap();
        let digest = owhf2(
            &id,
            [0x81, 0x99, 0x82, 0x99, 0x83, 0x99, 0x84, 0x99],
            [0x12, 0x23, 0x34, 0x45, 0x56, 0x67, 0x78, 0x89],
        );
        assert_eq!(hex::encode_upper(digest), "659C8EBFAA816DB5");
    }

    #[test]
    fn aes_depends_on_all_of_its_input() {
        let id = hex::decode("5168624300900697").unwrap();
        let digest = owhf2_aes(&id, [1; 8], [2; 8]);
        assert_ne!(digest, owhf2_aes(&id, [3; 8], [2; 8]));
        assert_ne!(digest, owhf2_aes(&id, [1; 8], [4; 8]));
        assert_ne!(digest, owhf2_aes(&id[1..], [1; 8], [2; 8]));
    }
}
