//! Certification authority public keys and their revocations (`EMV 4.4 Book 2, 5.1.2 and 11.2`).

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::fmt;

use apdu::value::Date;

use crate::{
    crypto::{
        hash::{Sha1Value, sha1},
        rsa::{self, Exponent, PreparedKey},
    },
    finding::Reason,
};

use super::memory::{Key, Memory};

/// The only hash algorithm for RSA keys: SHA-1 (`EMV 4.4 Book 2, Annex B2`).
pub const SHA_1: u8 = 0x01;

/// The only public key algorithm here: RSA (`EMV 4.4 Book 2, Annex B2`).
pub const RSA: u8 = 0x01;

/// Where a key is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Signs cards that people pay with.
    #[default]
    Live,
    /// Signs test cards; its private part may be known to anybody.
    Test,
}

/// A key as a key set states it, not yet checked.
#[derive(Clone, Copy, Debug)]
pub struct CaKeyData<'a> {
    /// Registered application provider identifier: the first five bytes of the AID.
    pub rid: [u8; 5],
    /// CA public key index.
    pub index: u8,
    /// Hash algorithm indicator.
    pub hash_algorithm: u8,
    /// Public key algorithm indicator.
    pub key_algorithm: u8,
    /// Modulus, big-endian.
    pub modulus: &'a [u8],
    /// Exponent in its real length.
    pub exponent: &'a [u8],
    /// The hash over RID, index, modulus and exponent.
    pub checksum: Sha1Value,
    /// The last day the key is good, where planned.
    pub expiry: Option<Date>,
    /// Where it is used.
    pub kind: Kind,
    /// Withdrawn before its time.
    pub withdrawn: bool,
}

impl CaKeyData<'_> {
    /// What the checksum has to be.
    pub fn computed_checksum(&self) -> Sha1Value {
        sha1([&self.rid[..], &[self.index], self.modulus, self.exponent])
    }

    fn prepare(&self) -> Result<PreparedKey, Cause> {
        if self.hash_algorithm != SHA_1 {
            return Err(Cause::HashAlgorithm(self.hash_algorithm));
        }
        if self.key_algorithm != RSA {
            return Err(Cause::KeyAlgorithm(self.key_algorithm));
        }
        let computed = self.computed_checksum();
        if computed != self.checksum {
            return Err(Cause::Checksum { computed, stated: self.checksum });
        }
        let exponent = Exponent::from_bytes(self.exponent).ok_or(Cause::Exponent)?;
        PreparedKey::new(self.modulus, exponent).map_err(Cause::Modulus)
    }
}

/// A key whose checksum was right when it was made. There is no other way to make one.
#[derive(Clone)]
pub struct CaKey {
    rid: [u8; 5],
    index: u8,
    modulus: Box<[u8]>,
    exponent: Exponent,
    expiry: Option<Date>,
    kind: Kind,
    withdrawn: bool,
    prepared: PreparedKey,
}

impl CaKey {
    /// Checks `data` and prepares the key for use.
    ///
    /// # Errors
    /// [`KeyError`], which names the key.
    pub fn new(data: &CaKeyData<'_>) -> Result<Self, KeyError> {
        let fail = |cause| KeyError { rid: data.rid, index: data.index, cause };
        let prepared = data.prepare().map_err(fail)?;
        let exponent = Exponent::from_bytes(data.exponent).ok_or_else(|| fail(Cause::Exponent))?;
        Ok(Self {
            rid: data.rid,
            index: data.index,
            modulus: data.modulus.into(),
            exponent,
            expiry: data.expiry,
            kind: data.kind,
            withdrawn: data.withdrawn,
            prepared,
        })
    }

    /// Registered application provider identifier.
    pub fn rid(&self) -> [u8; 5] {
        self.rid
    }

    /// CA public key index.
    pub fn index(&self) -> u8 {
        self.index
    }

    /// Modulus, big-endian.
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// Exponent.
    pub fn exponent(&self) -> Exponent {
        self.exponent
    }

    /// The last day the key is good, where planned.
    pub fn expiry(&self) -> Option<Date> {
        self.expiry
    }

    /// Where it is used.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it was withdrawn before its time.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn
    }

    /// The RSA operation.
    ///
    /// # Errors
    /// As [`PreparedKey::apply`].
    pub fn apply(&self, input: &[u8]) -> Result<rsa::Block, rsa::Error> {
        self.prepared.apply(input)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.modulus == other.modulus && self.exponent == other.exponent
    }

    /// Whether this key opens `certificate`: header, format and trailer of an issuer certificate come out. That does not
    /// prove the certificate, but chance does it once in sixteen million.
    pub fn opens(&self, certificate: &[u8]) -> bool {
        opened(&self.apply(certificate))
    }
}

fn opened(certificate: &Result<rsa::Block, rsa::Error>) -> bool {
    certificate.as_ref().is_ok_and(|block| matches!(&**block, [0x6A, 0x02, .., 0xBC]))
}

impl fmt::Debug for CaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaKey({}, {} bytes, {:?})", Name(&self.rid, self.index), self.modulus.len(), self.kind)
    }
}

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("CA key {}: {cause}", Name(rid, *index))]
pub struct KeyError {
    /// The key's RID.
    pub rid: [u8; 5],
    /// The key's index.
    pub index: u8,
    /// What is wrong with it.
    pub cause: Cause,
}

impl KeyError {
    /// The reason to give when a card needs this key.
    pub fn reason(&self) -> Reason {
        match self.cause {
            Cause::Checksum { .. } | Cause::Modulus(_) => Reason::OdaCapkChecksum,
            Cause::HashAlgorithm(_) | Cause::KeyAlgorithm(_) | Cause::Exponent => Reason::OdaCapkAlgorithm,
        }
    }
}

/// What can be wrong with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The checksum is not that of the key: a damaged key, or a checksum made by another rule.
    #[error("the checksum is {} but the key has {}", Hex(stated), Hex(computed))]
    Checksum {
        /// The checksum of what is there.
        computed: Sha1Value,
        /// The checksum that came with it.
        stated: Sha1Value,
    },
    /// A hash algorithm indicator other than SHA-1.
    #[error("hash algorithm {0:02X} is not supported, only 01 (SHA-1)")]
    HashAlgorithm(u8),
    /// A public key algorithm indicator other than RSA.
    #[error("public key algorithm {0:02X} is not supported, only 01 (RSA)")]
    KeyAlgorithm(u8),
    /// An exponent other than 3 and 65537.
    #[error("the exponent is neither 03 nor 010001")]
    Exponent,
    /// A modulus no RSA key can have.
    #[error("{0}")]
    Modulus(rsa::Error),
}

struct Name<'a>(&'a [u8], u8);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:02X}", Hex(self.0), self.1)
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// The keys a terminal knows. One RID and index can have several, for instance a live and a test key. Clones share the
/// keys, which are large.
#[derive(Clone, Debug, Default)]
pub struct KeyStore {
    keys: Arc<Vec<CaKey>>,
    refused: Arc<Vec<RefusedKey>>,
    memory: Option<Arc<dyn Memory>>,
}

/// A key that did not pass its checks, as it was stated: for explaining, never for use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedKey {
    /// Which key, and what is wrong with it.
    pub error: KeyError,
    /// Its modulus, big-endian.
    pub modulus: Box<[u8]>,
    /// Its exponent.
    pub exponent: Box<[u8]>,
}

impl KeyStore {
    /// No keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a key in; the same one twice counts once.
    pub fn add(&mut self, key: CaKey) {
        if !self.keys_for(key.rid, key.index).any(|known| known.is_same(&key)) {
            Arc::make_mut(&mut self.keys).push(key);
        }
    }

    /// Puts a key in when it passes its checks. When not, the store remembers why, so that a card that needs the key can
    /// be told apart from one whose key was never loaded.
    ///
    /// # Errors
    /// [`KeyError`], which names the key.
    pub fn load(&mut self, data: &CaKeyData<'_>) -> Result<(), KeyError> {
        let key = CaKey::new(data).inspect_err(|error| self.refuse(data, *error))?;
        self.add(key);
        Ok(())
    }

    fn refuse(&mut self, data: &CaKeyData<'_>, error: KeyError) {
        let refused = RefusedKey { error, modulus: data.modulus.into(), exponent: data.exponent.into() };
        Arc::make_mut(&mut self.refused).push(refused);
    }

    /// The keys with this RID and index.
    pub fn keys_for(&self, rid: [u8; 5], index: u8) -> impl Iterator<Item = &CaKey> {
        self.keys.iter().filter(move |key| key.rid == rid && key.index == index)
    }

    /// Why the key with this RID and index was refused, when it was.
    pub fn refusal(&self, rid: [u8; 5], index: u8) -> Option<&KeyError> {
        self.refused_for(rid, index).next().map(|refused| &refused.error)
    }

    /// The keys with this RID and index that were refused.
    pub fn refused_for(&self, rid: [u8; 5], index: u8) -> impl Iterator<Item = &RefusedKey> {
        self.refused.iter().filter(move |refused| refused.error.rid == rid && refused.error.index == index)
    }

    /// Every key that opens this issuer certificate, whatever its RID and index: for explaining, not for trusting.
    pub fn keys_that_open<'s>(&'s self, certificate: &'s [u8]) -> impl Iterator<Item = &'s CaKey> {
        let opens = move |key: &&CaKey| opened(&self.apply(Key::Ca(key), certificate));
        self.keys.iter().filter(opens)
    }

    /// Remembers from now on what RSA operations came to. Clones made later share the memory.
    pub fn remember_with(&mut self, memory: Arc<dyn Memory>) {
        self.memory = Some(memory);
    }

    /// The RSA operation of `key`, which need not be one of these.
    pub(super) fn apply(&self, key: Key<'_>, input: &[u8]) -> Result<rsa::Block, rsa::Error> {
        self.memory.as_ref().map_or_else(|| key.apply(input), |memory| memory.apply(key, input))
    }

    /// All keys.
    pub fn iter(&self) -> impl Iterator<Item = &CaKey> {
        self.keys.iter()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl Extend<CaKey> for KeyStore {
    fn extend<T: IntoIterator<Item = CaKey>>(&mut self, keys: T) {
        keys.into_iter().for_each(|key| self.add(key));
    }
}

impl IntoIterator for KeyStore {
    type Item = CaKey;
    type IntoIter = alloc::vec::IntoIter<CaKey>;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.keys).into_iter()
    }
}

/// An issuer certificate that must not be accepted any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Revocation {
    /// RID of the CA key that signed it.
    pub rid: [u8; 5],
    /// Index of the CA key that signed it.
    pub index: u8,
    /// Certificate serial number.
    pub serial: [u8; 3],
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const RID: [u8; 5] = [0xA0, 0, 0, 0, 0x03];

    fn data(modulus: &[u8]) -> CaKeyData<'_> {
        let mut data = CaKeyData {
            rid: RID,
            index: 0x92,
            hash_algorithm: SHA_1,
            key_algorithm: RSA,
            modulus,
            exponent: &[3],
            checksum: [0; 20],
            expiry: None,
            kind: Kind::Test,
            withdrawn: false,
        };
        data.checksum = data.computed_checksum();
        data
    }

    #[test]
    fn a_damaged_key_is_refused_and_remembered() {
        let mut damaged = data(&[0x81; 64]);
        damaged.checksum[3] ^= 1;
        let mut store = KeyStore::new();
        let error = store.load(&damaged).unwrap_err();
        assert_eq!(error.reason(), Reason::OdaCapkChecksum);
        assert!(error.to_string().starts_with("CA key A000000003/92: the checksum is "));
        assert_eq!(store.refusal(RID, 0x92), Some(&error));
        assert_eq!([0x92, 0x93].map(|index| store.refused_for(RID, index).count()), [1, 0]);
        assert_eq!(store.refusal([0xA0, 0, 0, 0, 0x04], 0x92), None);
        assert!(store.is_empty());
    }

    #[test]
    fn what_this_kernel_cannot_use_is_refused_by_name() {
        let cause = |data: CaKeyData<'_>| CaKey::new(&data).unwrap_err().cause;
        assert_eq!(cause(CaKeyData { key_algorithm: 4, ..data(&[0x81; 64]) }), Cause::KeyAlgorithm(4));
        assert_eq!(cause(CaKeyData { hash_algorithm: 7, ..data(&[0x81; 64]) }), Cause::HashAlgorithm(7));
        let mut even = CaKeyData { exponent: &[2], ..data(&[0x81; 64]) };
        even.checksum = even.computed_checksum();
        assert_eq!(cause(even), Cause::Exponent);
        assert_eq!(cause(data(&[0x80; 64])), Cause::Modulus(rsa::Error::ModulusEven));
        assert_eq!(cause(data(&[0x81; 32])), Cause::Modulus(rsa::Error::ModulusLength(32)));
    }

    /// Says the same of every operation.
    #[derive(Debug)]
    struct Parrot;

    impl Memory for Parrot {
        fn apply(&self, _: Key<'_>, _: &[u8]) -> Result<rsa::Block, rsa::Error> {
            Err(rsa::Error::InputTooLarge)
        }
    }

    #[test]
    fn a_memory_is_asked_first() {
        let key = CaKey::new(&data(&[0x81; 64])).unwrap();
        let mut store = KeyStore::new();
        assert!(store.apply(Key::Ca(&key), &[0; 64]).is_ok());
        store.remember_with(Arc::new(Parrot));
        assert_eq!(store.apply(Key::Ca(&key), &[0; 64]).unwrap_err(), rsa::Error::InputTooLarge);
    }

    #[test]
    fn one_index_can_have_several_keys_but_each_once() {
        let mut store = KeyStore::new();
        for modulus in [[0x81; 64], [0x83; 64], [0x81; 64]] {
            store.load(&data(&modulus)).unwrap();
        }
        assert_eq!(store.keys_for(RID, 0x92).count(), 2);
        assert_eq!(store.keys_for(RID, 0x93).count(), 0);
    }
}
