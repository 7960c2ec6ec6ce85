//! The issuer's secret keys: from them come every card's keys, and with them the host checks and answers.

use crate::cryptogram::Version;
use crate::secret::Pan;
use crate::symmetric::Key;
use crate::symmetric::derivation::master_key;
use crate::symmetric::pin_block::AesKey;

/// Issuer master keys and the key of online PIN blocks.
#[derive(Clone, Debug)]
pub struct IssuerKeys {
    /// For application cryptograms.
    pub cryptogram: Key,
    /// For the MAC of scripts.
    pub integrity: Key,
    /// For enciphered data in scripts.
    pub confidentiality: Key,
    /// For online PIN blocks of formats 0 and 3.
    pub pin: Key,
    /// For online PIN blocks of format 4.
    pub pin_aes: AesKey,
}

/// The master keys of one card.
#[derive(Clone, Debug)]
pub struct CardKeys {
    /// For application cryptograms.
    pub cryptogram: Key,
    /// For the MAC of scripts.
    pub integrity: Key,
    /// For enciphered data in scripts.
    pub confidentiality: Key,
}

impl IssuerKeys {
    /// The issuer of every built-in card. Test keys: anybody may know them.
    pub fn test() -> Self {
        Self {
            cryptogram: Key::new(*b"TEST IMK AC 0001").with_odd_parity(),
            integrity: Key::new(*b"TEST IMK SMI 002").with_odd_parity(),
            confidentiality: Key::new(*b"TEST IMK SMC 003").with_odd_parity(),
            pin: Key::new(*b"TEST PIN KEY 004").with_odd_parity(),
            pin_aes: AesKey(*b"TEST PIN KEY AES"),
        }
    }

    /// The keys of one card; `sequence` is the PAN sequence number in BCD, `00` when the card has none.
    pub fn card(&self, version: Version, pan: &Pan, sequence: u8) -> CardKeys {
        let derive = |issuer: &Key| master_key(version.master_key_option(), issuer, pan, sequence);
        CardKeys {
            cryptogram: derive(&self.cryptogram),
            integrity: derive(&self.integrity),
            confidentiality: derive(&self.confidentiality),
        }
    }
}
