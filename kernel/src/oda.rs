//! Offline data authentication: what the contact and the contactless flow charts share (`EMV 4.4 Book 2, 5 and 6`,
//! `EMV 4.4 Book 3, 10.3`).
//!
//! Everything here is a plain function of the card's data, the terminal's keys and the date. A failed check is a
//! [`Finding`]; that it ends the method and not the transaction is the caller's business.
//!
//! RSA only. Elliptic-curve variants (XDA, Book E, SM2) become siblings of these files.

pub mod cda;
mod certificate;
pub mod dda;
pub mod fdda;
pub mod icc;
pub mod issuer;
#[cfg(feature = "config")]
pub mod key_file;
pub mod keys;
pub mod memory;
pub mod method;
pub mod pin_key;
pub mod report;
pub mod sda;
mod sdad;
#[cfg(feature = "explain")]
pub(crate) mod seal;
mod signed_data;
pub mod static_data;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use apdu::{
    Tag, tag,
    value::{Date, Pan, Track2},
};

use crate::{
    crypto::rsa,
    finding::{Evidence, Fact, Finding, Reason},
    store::CardData,
};

pub use cda::{CombinedAuthentication, GenerateAc};
pub use icc::IccKey;
pub use issuer::IssuerKey;
pub use keys::{CaKey, KeyStore, Revocation};
pub use method::Method;
pub use report::ChainReport;
pub use sdad::IccDynamicNumber;
pub use static_data::StaticData;

/// What following a certificate chain needs.
#[derive(Clone, Copy, Debug)]
pub struct Chain<'a> {
    /// What the card gave.
    pub card: &'a CardData,
    /// The first five bytes of the AID.
    pub rid: [u8; 5],
    /// The terminal's CA public keys.
    pub keys: &'a KeyStore,
    /// Revoked issuer certificates.
    pub revocations: &'a [Revocation],
    /// The transaction date (`9A`).
    pub today: Date,
    /// What the chain is followed for, which decides the TVR bits its findings set.
    pub purpose: Purpose,
}

/// What a certificate chain is followed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Authenticating the card by this method.
    Authentication(Method),
    /// Enciphering a PIN: a failure fails that CVM and sets no bit of offline data authentication.
    PinEncipherment,
    /// Authenticating the card by fDDA: no bit of the TVR tells its result.
    FastDda,
}

/// The public keys of issuer and card, recovered and checked.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The issuer's.
    pub issuer: IssuerKey,
    /// The card's.
    pub icc: IccKey,
}

impl<'a> Chain<'a> {
    /// Both certificates, for DDA and CDA: the objects the method needs are there, and both keys are recovered.
    ///
    /// # Errors
    /// What failed: every missing object, or the first failed check, with a second finding where that check has an
    /// explanation. With any error the bit [`Method::failed_bit`] is set as well as the bits the findings name.
    pub fn recover_keys(&self, static_data: &StaticData<'_>, report: &mut ChainReport) -> Result<Keys, Vec<Finding>> {
        self.require_data()?;
        let issuer = issuer::recover(self, report).map_err(|finding| [finding])?;
        let icc = icc::recover(self, &issuer, static_data, report)?;
        Ok(Keys { issuer, icc })
    }

    /// SDA from beginning to end.
    ///
    /// # Errors
    /// As [`Chain::recover_keys`].
    pub fn authenticate_static_data(
        &self,
        static_data: &StaticData<'_>,
        report: &mut ChainReport,
    ) -> Result<sda::DataAuthenticationCode, Vec<Finding>> {
        self.require_data()?;
        issuer::recover(self, report)
            .and_then(|issuer| sda::verify(self, &issuer, static_data, report))
            .map_err(|finding| [finding].into())
    }

    fn require_data(&self) -> Result<(), Vec<Finding>> {
        let missing = match self.purpose {
            Purpose::Authentication(method) => method.missing_data(self.card),
            Purpose::PinEncipherment => Vec::new(),
            Purpose::FastDda => fdda::missing_data(self.card).map(|finding| self.finish(finding)).collect(),
        };
        if missing.is_empty() { Ok(()) } else { Err(missing) }
    }

    /// The value of an object that has to be there.
    fn require(&self, tag: Tag, reason: Reason) -> Result<&'a [u8], Finding> {
        self.card.value(tag).ok_or_else(|| self.finish(method::missing(tag, reason)))
    }

    /// The PAN as tag 5A has it; the one of track 2 stands in for it only where a kernel takes the PAN from there.
    fn pan(&self) -> Result<Pan, Finding> {
        if let Some(pan) = self.pan_of_track_2() {
            return Ok(pan);
        }
        let value = self.require(tag::PAN_5A, Reason::OdaDataMissing5a)?;
        Pan::from_compressed(value).map_err(|_| {
            let evidence = Evidence::found(Fact::CardNumber, "not-a-card-number").at(self.card.place(tag::PAN_5A));
            self.finish(Finding::new(Reason::OdaDataMissing5a).with(evidence))
        })
    }

    fn pan_of_track_2(&self) -> Option<Pan> {
        let track_only = self.purpose == Purpose::FastDda && !self.card.has(tag::PAN_5A);
        let track = self.card.value(tag::TRACK_2_EQUIVALENT_DATA_57).filter(|_| track_only)?;
        Track2::from_bytes(track).ok().map(|track| track.pan)
    }

    /// The finding with the TVR bit this chain's purpose gives it.
    fn finish(&self, mut finding: Finding) -> Finding {
        finding.tvr = match self.purpose {
            Purpose::Authentication(method) => finding.tvr.or(Some(method.failed_bit())),
            Purpose::PinEncipherment | Purpose::FastDda => None,
        };
        finding
    }
}

/// An RSA public key recovered from a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaKey {
    modulus: Vec<u8>,
    exponent: rsa::Exponent,
}

impl RsaKey {
    pub(crate) fn new(modulus: Vec<u8>, exponent: rsa::Exponent) -> Result<Self, rsa::Error> {
        rsa::PublicKey::new(&modulus, exponent)?;
        Ok(Self { modulus, exponent })
    }

    /// The modulus, big-endian.
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The exponent.
    pub fn exponent(&self) -> rsa::Exponent {
        self.exponent
    }

    /// The length of the modulus in bytes, which is that of everything signed with this key.
    pub fn length(&self) -> usize {
        self.modulus.len()
    }

    /// The length of the modulus in bits, counted in whole bytes.
    pub fn bits(&self) -> usize {
        self.modulus.len().saturating_mul(8)
    }

    /// The RSA operation.
    ///
    /// # Errors
    /// As [`rsa::PublicKey::apply`].
    pub fn apply(&self, input: &[u8]) -> Result<rsa::Block, rsa::Error> {
        rsa::PublicKey::new(&self.modulus, self.exponent)?.apply(input)
    }
}
