//! Issuer and ICC public key certificates (`EMV 4.4 Book 2, 5.3, 6.4, 7.1`).

use super::defects::{Defects, Field};
use super::rsa::PrivateKey;
use super::signed_data::seal;

/// A certificate and what comes with it on the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate, as long as the signing key.
    pub certificate: Vec<u8>,
    /// The part of the modulus that did not fit, empty when all of it did.
    pub remainder: Vec<u8>,
    /// The public exponent.
    pub exponent: Vec<u8>,
}

/// Who is certified.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The key to certify.
    pub key: &'a PrivateKey,
    /// Issuer identifier (4 bytes) or card number (10 bytes), filled with `F`.
    pub identifier: &'a [u8],
    /// Expiry as MMYY in BCD.
    pub expiry: [u8; 2],
    /// Serial number.
    pub serial: [u8; 3],
}

/// Certifies an issuer's key (tags `90`, `92`, `9F32`).
pub fn issuer_certificate(authority: &PrivateKey, subject: Subject<'_>, defects: &Defects) -> Certificate {
    certify(0x02, authority, subject, &[], defects)
}

/// Certifies a card's key together with its static data (tags `9F46`, `9F48`, `9F47`).
pub fn icc_certificate(
    issuer: &PrivateKey,
    subject: Subject<'_>,
    static_data: &[u8],
    defects: &Defects,
) -> Certificate {
    certify(0x04, issuer, subject, static_data, defects)
}

/// Certifies a card's PIN encipherment key (tags `9F2D`, `9F2F`, `9F2E`).
pub fn icc_pin_certificate(issuer: &PrivateKey, subject: Subject<'_>, defects: &Defects) -> Certificate {
    certify(0x04, issuer, subject, &[], defects)
}

/// Bytes of a certificate that are not the modulus, besides the identifier.
const FIXED: usize = 32;

fn certify(
    format: u8,
    signer: &PrivateKey,
    subject: Subject<'_>,
    static_data: &[u8],
    defects: &Defects,
) -> Certificate {
    let modulus = subject.key.modulus();
    let room = signer.length().saturating_sub(FIXED).saturating_sub(subject.identifier.len());
    let (front, rest) = modulus.split_at_checked(room).unwrap_or((modulus, &[]));
    let remainder = defects.bytes(Field::Remainder, rest);
    let exponent = defects.bytes(Field::Exponent, &subject.key.exponent());
    let lengths = [
        defects.byte(Field::HashAlgorithm, 0x01),
        defects.byte(Field::KeyAlgorithm, 0x01),
        defects.length(Field::KeyLength, modulus.len()),
        defects.length(Field::ExponentLength, exponent.len()),
    ];
    let fields = [
        &defects.fixed(Field::Identifier, subject.identifier),
        &defects.fixed(Field::Expiry, &subject.expiry),
        &defects.fixed(Field::Serial, &subject.serial),
        &lengths[..],
        front,
    ];
    let static_data = defects.bytes(Field::HashedData, static_data);
    let certificate = seal(
        signer,
        format,
        &fields.concat(),
        &[&remainder, &exponent, &static_data].map(|part| &part[..]).concat(),
        defects,
    );
    Certificate { certificate, remainder, exponent }
}
