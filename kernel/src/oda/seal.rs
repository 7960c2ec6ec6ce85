//! Signatures over static data, opened: to look for the data that they were made over.

use crate::crypto::hash::{Sha1, Sha1Value};

use super::{Chain, IssuerKey, icc, sda, signed_data::Opened};

/// A signature over static data whose frame is right.
pub(crate) struct Seal {
    before: Sha1,
    signed: Sha1Value,
}

impl Seal {
    /// The card's certificate.
    pub(crate) fn of_certificate(chain: &Chain<'_>, issuer: &IssuerKey) -> Option<Self> {
        let (opened, outside) = icc::open(chain, issuer)?;
        Some(Self::new(&opened, outside))
    }

    /// The signed static application data.
    pub(crate) fn of_static_data(chain: &Chain<'_>, issuer: &IssuerKey) -> Option<Self> {
        sda::open(chain, issuer).map(|opened| Self::new(&opened, [&[], &[]]))
    }

    fn new(opened: &Opened, outside: [&[u8]; 2]) -> Self {
        Self { before: outside.into_iter().fold(opened.hash_of_message(), Sha1::and), signed: opened.signed_hash() }
    }

    /// Whether these are the static data that were signed.
    pub(crate) fn covers<'p>(&self, static_data: impl IntoIterator<Item = &'p [u8]>) -> bool {
        static_data.into_iter().fold(self.before.clone(), Sha1::and).value() == self.signed
    }

    /// The hash of everything before the static data, to go on with, and the hash that was signed.
    pub(crate) fn parts(&self) -> (Sha1, Sha1Value) {
        (self.before.clone(), self.signed)
    }
}
