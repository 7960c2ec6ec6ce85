//! Signatures over static data, opened: to look for the data that they were made over.

use crate::crypto::hash::{Sha1, Sha1Value};

use super::{Chain, IssuerKey, icc, sda, signed_data::Opened};

/// A signature over static data whose frame is right.
pub(crate) struct Seal {
    message: Sha1,
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
        let message = opened.hash_of_message();
        let before = outside.into_iter().fold(message.clone(), Sha1::and);
        Self { message, before, signed: opened.signed_hash() }
    }

    /// Whether these are the static data that were signed.
    pub(crate) fn covers<'p>(&self, static_data: impl IntoIterator<Item = &'p [u8]>) -> bool {
        static_data.into_iter().fold(self.before.clone(), Sha1::and).value() == self.signed
    }

    /// The hash of what is inside the signature, without what stands beside it.
    pub(crate) fn message(&self) -> Sha1 {
        self.message.clone()
    }

    /// The hash of everything before the static data, to go on with, and the hash that was signed.
    pub(crate) fn parts(&self) -> (Sha1, Sha1Value) {
        (self.before.clone(), self.signed)
    }
}
