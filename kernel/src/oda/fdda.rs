//! Fast DDA, version 01: the card signs in its answer to GET PROCESSING OPTIONS, so that no further command is needed
//! (`EMV Contactless Book C-3, 5.6 and Annex C`; C-7 has the same). It sets no bit of the TVR: what a failure means is
//! the kernel's to say.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use apdu::{
    Bits, Tag, tag,
    tag::k3::CARD_AUTHENTICATION_RELATED_DATA_9F69,
    value::{Aip, aip},
};

use crate::{
    finding::{Evidence, Fact, Finding, Place, Reason},
    store::{CardData, TerminalData},
};

use super::{
    Chain, IccDynamicNumber, IccKey, Method, StaticData, method,
    report::{Certificate, ChainReport, Step},
    sdad::SignedDynamicData,
};

/// The version of fDDA there is; version 00, over the unpredictable number alone, was withdrawn.
pub const VERSION: u8 = 0x01;

/// What the signature is for, by the cryptogram it comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignedFor {
    /// A TC: the card is authenticated for an offline approval.
    OfflineApproval,
    /// An ARQC: the card is authenticated for the reader's own use, while the issuer decides.
    OnlineAuthorisation,
}

impl SignedFor {
    /// The format byte inside the signature.
    pub const fn format(self) -> u8 {
        match self {
            Self::OfflineApproval => 0x05,
            Self::OnlineAuthorisation => 0x95,
        }
    }
}

/// What fDDA is made from.
#[derive(Clone, Debug)]
pub struct FastDda<'a> {
    /// The certificates, followed for [`super::Purpose::FastDda`].
    pub chain: Chain<'a>,
    /// The terminal's data, as they were when GET PROCESSING OPTIONS was sent.
    pub terminal: &'a TerminalData,
    /// The records to be authenticated, as [`StaticData::new`] takes them.
    pub records: &'a [u8],
    /// The first of them that is not coded in template 70.
    pub uncoded: Option<Place>,
    /// How many bytes the card authentication related data (`9F69`) may have.
    pub related_data: RangeInclusive<usize>,
    /// What the cryptogram wants the signature to be for.
    pub signed_for: SignedFor,
}

impl FastDda<'_> {
    /// Authenticates the card. The ICC dynamic number is its transaction counter, now signed.
    ///
    /// # Errors
    /// Every missing object, or the first failed check, with a second finding where that check has an explanation.
    pub fn authenticate(&self, report: &mut ChainReport) -> Result<IccDynamicNumber, Vec<Finding>> {
        let card = self.chain.card;
        let one = |finding: Finding| Vec::from([self.chain.finish(finding)]);
        require_dda(card).map_err(one)?;
        self.chain.require_data()?;
        let related = self.related_data().map_err(one)?;
        let static_data = StaticData::new(self.records, self.uncoded, card, Method::Dda).map_err(one)?;
        let keys = self.chain.recover_keys(&static_data, report)?;
        let signature = self.chain.require(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, Reason::KMandatoryMissing);
        let place = card.place(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
        let covered = covered(self.number(), self.terminal, related);
        verify(&keys.icc, signature.map_err(one)?, place, self.signed_for, &covered, report).map_err(one)
    }

    fn number(&self) -> &[u8] {
        self.terminal.value(tag::UNPREDICTABLE_NUMBER_9F37).unwrap_or_default()
    }

    /// The card authentication related data: the version, then the card's own unpredictable number and what else it
    /// wants covered.
    fn related_data(&self) -> Result<&[u8], Finding> {
        let tag = CARD_AUTHENTICATION_RELATED_DATA_9F69;
        let related = self.chain.require(tag, Reason::OdaFdda9f69Missing)?;
        let place = self.chain.card.place(tag);
        let version = related.get(..1).unwrap_or_default();
        if version != [VERSION] {
            let evidence = Evidence::compared(Fact::Format, [VERSION], version).at(place).offset(0);
            return Err(Finding::new(Reason::OdaFddaVersion).with(evidence));
        }
        if self.related_data.contains(&related.len()) {
            return Ok(related);
        }
        let nearest = related.len().clamp(*self.related_data.start(), *self.related_data.end());
        let evidence = Evidence::compared(Fact::Length, nearest, related.len()).at(place);
        Err(Finding::new(Reason::OdaFddaUn).with(evidence))
    }
}

/// The card has to offer DDA.
fn require_dda(card: &CardData) -> Result<(), Finding> {
    let profile: Aip = Bits(card.array(tag::AIP_82).unwrap_or_default());
    if profile.has(aip::DDA) {
        return Ok(());
    }
    let methods = Evidence::found(Fact::CardMethods, profile.0).at(card.place(tag::AIP_82));
    Err(Finding::new(Reason::OdaNoCommonMethod).with(methods))
}

const NEEDED: &[(Tag, Reason)] = &[
    (tag::CA_PUBLIC_KEY_INDEX_8F, Reason::OdaDataMissing8f),
    (tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90, Reason::OdaDataMissing90),
    (tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32, Reason::OdaDataMissing9f32),
    (tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46, Reason::OdaDataMissing9f46),
    (tag::ICC_PUBLIC_KEY_EXPONENT_9F47, Reason::OdaDataMissing9f47),
    (tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, Reason::KMandatoryMissing),
    (CARD_AUTHENTICATION_RELATED_DATA_9F69, Reason::OdaFdda9f69Missing),
];

/// One finding for each object fDDA needs and the card did not give. The card number is not among them: track 2 may
/// stand in for it.
pub(super) fn missing_data(card: &CardData) -> impl Iterator<Item = Finding> {
    let absent = NEEDED.iter().filter(|(tag, _)| !card.has(*tag));
    absent.map(|(tag, reason)| method::missing(*tag, *reason))
}

/// What a signature of version 01 covers besides itself.
pub fn covered(unpredictable_number: &[u8], terminal: &TerminalData, related_data: &[u8]) -> Vec<u8> {
    let value = |tag| terminal.value(tag).unwrap_or_default();
    let amount = value(tag::AMOUNT_AUTHORISED_9F02);
    [unpredictable_number, amount, value(tag::TRANSACTION_CURRENCY_CODE_5F2A), related_data].concat()
}

/// Verifies the card's signature over `covered`. `place` is where `signature` (`9F4B`) came from.
///
/// # Errors
/// The first failed check. A signature made for the other kind of cryptogram fails by its format.
pub fn verify(
    key: &IccKey,
    signature: &[u8],
    place: Place,
    signed_for: SignedFor,
    covered: &[u8],
    report: &mut ChainReport,
) -> Result<IccDynamicNumber, Finding> {
    report.step(Certificate::DynamicSignature, |step: &mut Step| {
        let signed = match signed_for {
            SignedFor::OfflineApproval => SignedDynamicData::open(key, signature, place, step),
            SignedFor::OnlineAuthorisation => SignedDynamicData::open_online(key, signature, place, step),
        }?;
        signed.check_contents(covered, step)
    })
}
