//! Certification authorities: test keys only, whatever RID they stand under.

use sha1::{Digest, Sha1};

use super::{KeyError, KeySpec, PrivateKey};

/// The RID of this test infrastructure; no payment system has it.
pub const TEST_RID: [u8; 5] = [0xF0, 0x00, 0x0E, 0x4D, 0x56];

const VISA: [u8; 5] = [0xA0, 0x00, 0x00, 0x00, 0x03];
const MASTERCARD: [u8; 5] = [0xA0, 0x00, 0x00, 0x00, 0x04];
const UNIONPAY: [u8; 5] = [0xA0, 0x00, 0x00, 0x03, 0x33];

/// The index of the authority whose key no terminal is given.
const UNLISTED: u8 = 0xE0;

/// Which authority keys there are: RID, index, modulus bytes, exponent. The indices are in no payment system's list.
const KEYS: [([u8; 5], u8, usize, u32); 17] = [
    (TEST_RID, UNLISTED, 144, 3),
    (TEST_RID, 0xE1, 64, 3),
    (TEST_RID, 0xE2, 96, 3),
    (TEST_RID, 0xE3, 112, 65537),
    (TEST_RID, 0xE4, 128, 3),
    (TEST_RID, 0xE5, 143, 3),
    (TEST_RID, 0xE6, 175, 65537),
    (TEST_RID, 0xF1, 144, 3),
    (TEST_RID, 0xF2, 176, 3),
    (TEST_RID, 0xF3, 248, 3),
    (TEST_RID, 0xF4, 248, 65537),
    (VISA, 0xF1, 144, 3),
    (VISA, 0xF3, 248, 3),
    (MASTERCARD, 0xF1, 144, 3),
    (MASTERCARD, 0xF3, 248, 65537),
    (UNIONPAY, 0xF1, 144, 3),
    (UNIONPAY, 0xF3, 248, 3),
];

/// A test authority: who signs issuer certificates.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Registered application provider.
    pub rid: [u8; 5],
    /// Key index, tag `8F`.
    pub index: u8,
    /// The key pair.
    pub key: PrivateKey,
}

/// An authority's public key as a terminal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaPublicKey {
    /// Registered application provider.
    pub rid: [u8; 5],
    /// Key index, tag `8F`.
    pub index: u8,
    /// Modulus, big-endian.
    pub modulus: Vec<u8>,
    /// Exponent: `03` or `010001`.
    pub exponent: Vec<u8>,
    /// SHA-1 over RID, index, modulus and exponent (`EMV 4.4 Book 2, 11.2`).
    pub checksum: [u8; 20],
    /// Last day of use as YYMMDD in BCD.
    pub expiry: [u8; 3],
}

impl Authority {
    /// The test authority with this RID and index.
    ///
    /// # Errors
    /// [`KeyError::NoAuthority`] when there is none.
    pub fn find(rid: [u8; 5], index: u8) -> Result<Self, KeyError> {
        let found = KEYS.into_iter().find(|entry| (entry.0, entry.1) == (rid, index));
        let (rid, index, bytes, exponent) =
            found.ok_or_else(|| KeyError::NoAuthority { rid: hex::encode_upper(rid), index })?;
        let key = spec(rid, index, bytes, exponent).key()?;
        Ok(Self { rid, index, key })
    }

    /// What the terminal is given.
    pub fn public_key(&self) -> CaPublicKey {
        CaPublicKey::new(self.rid, self.index, self.key.modulus().to_vec(), self.key.exponent())
    }
}

impl CaPublicKey {
    fn new(rid: [u8; 5], index: u8, modulus: Vec<u8>, exponent: Vec<u8>) -> Self {
        let hash = Sha1::new().chain_update(rid).chain_update([index]);
        let checksum = hash.chain_update(&modulus).chain_update(&exponent).finalize().into();
        Self { rid, index, modulus, exponent, checksum, expiry: [0x49, 0x12, 0x31] }
    }
}

fn spec(rid: [u8; 5], index: u8, bytes: usize, exponent: u32) -> KeySpec {
    KeySpec::new(&format!("ca-{}-{index:02x}", hex::encode(rid)), bytes, exponent)
}

/// Every authority key of the test infrastructure but the one kept back, index `E0`. All of them are test keys.
pub fn ca_keys() -> Vec<CaPublicKey> {
    let public = |(rid, index, bytes, exponent): ([u8; 5], u8, usize, u32)| {
        let modulus = spec(rid, index, bytes, exponent).modulus().ok()?;
        let exponent = exponent.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        Some(CaPublicKey::new(rid, index, modulus, exponent))
    };
    KEYS.into_iter().filter(|entry| entry.1 != UNLISTED).filter_map(public).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_authority_key_can_be_given_to_a_terminal() {
        let keys = ca_keys();
        assert_eq!(keys.len(), KEYS.len() - 1);
        assert!(Authority::find(TEST_RID, UNLISTED).is_ok());
        for key in &keys {
            let input = [&key.rid[..], &[key.index], &key.modulus, &key.exponent].concat();
            assert_eq!(key.checksum, <[u8; 20]>::from(Sha1::digest(input)));
        }
        let mut moduli: Vec<_> = keys.iter().map(|key| &key.modulus).collect();
        moduli.sort();
        moduli.dedup();
        assert_eq!(moduli.len(), keys.len());
    }

    #[test]
    fn an_unknown_authority_is_named() {
        let error = Authority::find(TEST_RID, 0x00).unwrap_err();
        assert_eq!(error.to_string(), "there is no test authority with RID F0000E4D56 and index 00");
    }
}
