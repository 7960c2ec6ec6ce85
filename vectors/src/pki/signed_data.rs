//! Data signed with message recovery: static data, and dynamic data of DDA and CDA (`EMV 4.4 Book 2, 5.4, 6.5, 6.6`).

use sha1::{Digest, Sha1};

use super::defects::{Defects, Field};
use super::rsa::PrivateKey;

/// Header, format, fields filled with `BB`, hash over all of it and `hashed`, trailer; then the private key.
pub(super) fn seal(signer: &PrivateKey, format: u8, fields: &[u8], hashed: &[u8], defects: &Defects) -> Vec<u8> {
    let mut message = [&[defects.byte(Field::Format, format)], fields].concat();
    message.resize(signer.length().saturating_sub(22), defects.byte(Field::Padding, 0xBB));
    let hash: [u8; 20] = Sha1::new().chain_update(&message).chain_update(hashed).finalize().into();
    let (header, trailer) = (defects.byte(Field::Header, 0x6A), defects.byte(Field::Trailer, 0xBC));
    signer.apply(&[&[header], &message[..], &defects.fixed(Field::Hash, &hash), &[trailer]].concat())
}

/// Signed static application data (tag `93`), with its data authentication code.
pub fn signed_static_data(issuer: &PrivateKey, code: [u8; 2], static_data: &[u8], defects: &Defects) -> Vec<u8> {
    let fields = [&[defects.byte(Field::HashAlgorithm, 0x01)], &defects.fixed(Field::Data, &code)[..]].concat();
    seal(issuer, 0x03, &fields, &defects.bytes(Field::HashedData, static_data), defects)
}

/// Signed dynamic application data of INTERNAL AUTHENTICATE: `number` is the ICC dynamic number, `terminal_data` what the
/// terminal sent.
pub fn signed_dynamic_data(icc: &PrivateKey, number: &[u8], terminal_data: &[u8], defects: &Defects) -> Vec<u8> {
    signed_dynamic_data_of(DynamicFormat::Offline, icc, number, terminal_data, defects)
}

/// What a dynamic signature is for, as its format byte says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DynamicFormat {
    /// `05`: DDA, CDA, and fDDA for an offline approval.
    Offline = 0x05,
    /// `95`: fDDA for an online authorisation.
    Online = 0x95,
}

/// As [`signed_dynamic_data`], in either format: fDDA has the transaction counter for `number`
/// (`EMV Contactless Book C-3, Annex C`).
pub fn signed_dynamic_data_of(
    format: DynamicFormat,
    icc: &PrivateKey,
    number: &[u8],
    terminal_data: &[u8],
    defects: &Defects,
) -> Vec<u8> {
    let number = defects.bytes(Field::Number, number);
    let data = [&[u8::try_from(number.len()).unwrap_or(u8::MAX)], &number[..]].concat();
    sign_dynamic(format, icc, &data, terminal_data, defects)
}

/// What CDA signs.
#[derive(Clone, Copy, Debug)]
pub struct TransactionSignature<'a> {
    /// ICC dynamic number, 2 to 8 bytes.
    pub number: &'a [u8],
    /// Cryptogram information data.
    pub cid: u8,
    /// Application cryptogram.
    pub cryptogram: [u8; 8],
    /// Everything that goes into the transaction data hash, in order.
    pub transaction_data: &'a [u8],
    /// What is signed after that hash: nothing, or what contactless kernels have a card sign.
    pub further: &'a [u8],
    /// The terminal's unpredictable number of this GENERATE AC.
    pub unpredictable_number: &'a [u8],
}

/// Signed dynamic application data of GENERATE AC.
pub fn signed_transaction_data(icc: &PrivateKey, parts: TransactionSignature<'_>, defects: &Defects) -> Vec<u8> {
    let number = defects.bytes(Field::Number, parts.number);
    let transaction_hash: [u8; 20] = Sha1::digest(parts.transaction_data).into();
    let data = [
        &[u8::try_from(number.len()).unwrap_or(u8::MAX)],
        &number[..],
        &[defects.byte(Field::Cid, parts.cid)],
        &defects.fixed(Field::Cryptogram, &parts.cryptogram),
        &defects.fixed(Field::TransactionHash, &transaction_hash),
        parts.further,
    ];
    sign_dynamic(DynamicFormat::Offline, icc, &data.concat(), parts.unpredictable_number, defects)
}

fn sign_dynamic(
    format: DynamicFormat,
    icc: &PrivateKey,
    data: &[u8],
    terminal_data: &[u8],
    defects: &Defects,
) -> Vec<u8> {
    let data = defects.bytes(Field::Data, data);
    let head = [defects.byte(Field::HashAlgorithm, 0x01), defects.length(Field::DataLength, data.len())];
    let fields = [&head[..], &data].concat();
    seal(icc, format as u8, &fields, &defects.bytes(Field::HashedData, terminal_data), defects)
}
