//! Test keys in the place of real ones: of the same length, with the same exponent.

use kernel::{
    crypto::rsa::{Block, Exponent, PublicKey},
    oda::{CaKey, KeyStore},
};
use vectors::pki::{Authority, KeySpec, PrivateKey, TEST_RID};

/// The index of the authority that the software cards have and no terminal.
const UNLISTED: u8 = 0xE0;

/// The longest and shortest key there is a test key for, in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 64..=248;

/// A key whose private part is known.
pub(super) struct TestKey {
    pub modulus: Vec<u8>,
    private: Option<PrivateKey>,
}

/// Which test key of `role` that is.
fn spec(role: &str, length: usize, exponent: Exponent) -> KeySpec {
    let number = if exponent.as_bytes() == [3] { 3 } else { 65_537 };
    KeySpec::new(&format!("export-{role}"), length, number)
}

/// The modulus of an authority's test key, if it costs nothing to have: a recording may ask for many.
pub(super) fn kept_authority(length: usize, exponent: Exponent) -> Option<Vec<u8>> {
    Some(spec("ca", length, exponent)).filter(KeySpec::is_kept)?.modulus().ok()
}

impl TestKey {
    /// The key of `role` with a modulus of this length. Outside the lengths keys can have: a modulus that signs nothing.
    pub fn new(role: &str, length: usize, exponent: Exponent) -> Self {
        let private = Some(spec(role, length, exponent)).filter(|_| LENGTHS.contains(&length));
        let private = private.and_then(|spec| spec.key().ok());
        let modulus = private.as_ref().map_or_else(|| vec![0xC3; length], |key| key.modulus().to_vec());
        Self { modulus, private }
    }

    /// Signs `block` as it is. One that is not below the modulus, and one this key cannot sign, comes out as something that
    /// opens to nothing.
    pub fn sign(&self, block: &[u8]) -> Vec<u8> {
        let fits = block.len() == self.modulus.len() && block < self.modulus.as_slice();
        match self.private.as_ref().filter(|_| fits) {
            Some(private) => private.apply(block),
            None => unopenable(block.len()),
        }
    }
}

/// A signature that nobody made.
pub(super) fn unopenable(length: usize) -> Vec<u8> {
    let pattern = b"EXPORTED".iter().copied().cycle();
    pattern.take(length).collect()
}

/// Somebody who may have signed an issuer certificate.
#[derive(Clone)]
pub(super) struct Signer {
    pub rid: [u8; 5],
    pub index: u8,
    modulus: Vec<u8>,
    pub exponent: Exponent,
    pub expiry: Option<apdu::value::date::Date>,
    /// The terminal has the key.
    pub is_loaded: bool,
}

impl Signer {
    fn of(key: &CaKey, is_loaded: bool) -> Self {
        Self {
            rid: key.rid(),
            index: key.index(),
            modulus: key.modulus().to_vec(),
            exponent: key.exponent(),
            expiry: key.expiry(),
            is_loaded,
        }
    }

    /// The key that signs in its place. Of an authority for tests it is that authority's own.
    pub fn substitute(&self) -> Substitute {
        let own = Authority::find(self.rid, self.index).ok().filter(|own| own.key.modulus() == self.modulus);
        match own {
            Some(own) => {
                let key = TestKey { modulus: self.modulus.clone(), private: Some(own.key) };
                Substitute { key, is_new: false }
            }
            None => Substitute { key: TestKey::new("ca", self.modulus.len(), self.exponent), is_new: true },
        }
    }
}

pub(super) struct Substitute {
    pub key: TestKey,
    /// The terminal has to be given it.
    pub is_new: bool,
}

/// What is inside `signature`, if it is one of this key: header or trailer are as they have to be.
pub(super) fn opened(modulus: &[u8], exponent: Exponent, signature: &[u8]) -> Option<Vec<u8>> {
    let block: Block = PublicKey::new(modulus, exponent).ok()?.apply(signature).ok()?;
    let framed = matches!(*block, [0x6A, .., 0xBC]) || matches!(*block, [0x6A, ..]) && has_padding(&block);
    (framed || (matches!(*block, [.., 0xBC]) && has_padding(&block))).then(|| block.to_vec())
}

/// With half of its frame wrong, a message is told by its algorithm and format.
fn has_padding(block: &[u8]) -> bool {
    matches!(block.get(1), Some(0x02..=0x05 | 0x95)) || block.windows(4).any(|bytes| bytes == [0xBB; 4])
}

/// Whoever signed this issuer certificate, the key that the card names first, and what is inside.
pub(super) fn signer(
    certificate: &[u8],
    named: Option<([u8; 5], u8)>,
    (loaded, known): (&KeyStore, &KeyStore),
) -> Option<(Signer, Vec<u8>)> {
    let of = |keys: &KeyStore, is_loaded: bool| {
        let fits = keys.iter().filter(|key| key.modulus().len() == certificate.len());
        fits.map(|key| Signer::of(key, is_loaded)).collect::<Vec<_>>()
    };
    let mut signers: Vec<Signer> =
        of(loaded, true).into_iter().chain(of(known, false)).chain(of_tests(certificate)).collect();
    signers.sort_by_key(|signer| Some((signer.rid, signer.index)) != named);
    signers.into_iter().find_map(|signer| {
        let block = opened(&signer.modulus, signer.exponent, certificate)?;
        Some((signer, block))
    })
}

/// The authorities of the software cards, whether or not the terminal knows them.
fn of_tests(certificate: &[u8]) -> Vec<Signer> {
    let listed = vectors::ca_keys().into_iter().map(|key| (key.rid, key.index));
    let all = listed.chain([(TEST_RID, UNLISTED)]).filter_map(|(rid, index)| Authority::find(rid, index).ok());
    let fits = all.filter(|authority| authority.key.length() == certificate.len());
    fits.filter_map(|authority| {
        Some(Signer {
            rid: authority.rid,
            index: authority.index,
            modulus: authority.key.modulus().to_vec(),
            exponent: Exponent::from_bytes(&authority.key.exponent())?,
            expiry: None,
            is_loaded: false,
        })
    })
    .collect()
}
