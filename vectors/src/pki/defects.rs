//! What is to be wrong inside a signature.

use std::collections::BTreeMap;

/// A field of a certificate or of signed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Recovered data header, `6A`.
    Header,
    /// Format byte, `02` to `05`.
    Format,
    /// Issuer identifier or card number.
    Identifier,
    /// Expiry, MMYY.
    Expiry,
    /// Serial number.
    Serial,
    /// Hash algorithm, `01`.
    HashAlgorithm,
    /// Public key algorithm, `01`.
    KeyAlgorithm,
    /// Length of the modulus in the certificate.
    KeyLength,
    /// Length of the exponent in the certificate.
    ExponentLength,
    /// Filler, `BB`.
    Padding,
    /// Hash result.
    Hash,
    /// Trailer, `BC`.
    Trailer,
    /// Remainder given with the certificate and hashed.
    Remainder,
    /// Exponent given with the certificate and hashed.
    Exponent,
    /// Length of the dynamic data.
    DataLength,
    /// Data authentication code, or the whole dynamic data.
    Data,
    /// ICC dynamic number.
    Number,
    /// Cryptogram information data inside the signature.
    Cid,
    /// Cryptogram inside the signature.
    Cryptogram,
    /// Transaction data hash inside the signature.
    TransactionHash,
    /// The data hashed besides the fields: static data, or what the terminal sent.
    HashedData,
}

impl Field {
    const NAMES: [(&'static str, Self); 21] = [
        ("header", Self::Header),
        ("format", Self::Format),
        ("identifier", Self::Identifier),
        ("expiry", Self::Expiry),
        ("serial", Self::Serial),
        ("hash-algorithm", Self::HashAlgorithm),
        ("key-algorithm", Self::KeyAlgorithm),
        ("key-length", Self::KeyLength),
        ("exponent-length", Self::ExponentLength),
        ("padding", Self::Padding),
        ("hash", Self::Hash),
        ("trailer", Self::Trailer),
        ("remainder", Self::Remainder),
        ("exponent", Self::Exponent),
        ("data-length", Self::DataLength),
        ("data", Self::Data),
        ("number", Self::Number),
        ("cid", Self::Cid),
        ("cryptogram", Self::Cryptogram),
        ("transaction-hash", Self::TransactionHash),
        ("hashed-data", Self::HashedData),
    ];

    /// The field called so in alterations.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, field)| field)
    }

    /// Its name in alterations.
    pub fn name(self) -> &'static str {
        Self::NAMES.into_iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

/// Fields that are to have another value than the right one, decided before signing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defects(BTreeMap<Field, Vec<u8>>);

impl Defects {
    /// Everything right.
    pub fn none() -> Self {
        Self::default()
    }

    /// The same, and `field` with this value.
    #[must_use]
    pub fn with(mut self, field: Field, value: &[u8]) -> Self {
        self.0.insert(field, value.to_vec());
        self
    }

    /// A field of any length: as asked for, else `right`.
    pub(super) fn bytes(&self, field: Field, right: &[u8]) -> Vec<u8> {
        self.0.get(&field).map_or(right, Vec::as_slice).to_vec()
    }

    /// A field that keeps the length of `right`: filled with `00`, or cut.
    pub(super) fn fixed(&self, field: Field, right: &[u8]) -> Vec<u8> {
        let mut value = self.bytes(field, right);
        value.resize(right.len(), 0);
        value
    }

    /// A field of one byte.
    pub(super) fn byte(&self, field: Field, right: u8) -> u8 {
        self.0.get(&field).and_then(|value| value.first()).copied().unwrap_or(right)
    }

    /// A field of one byte that holds a length.
    pub(super) fn length(&self, field: Field, right: usize) -> u8 {
        self.byte(field, u8::try_from(right).unwrap_or(u8::MAX))
    }
}
