//! Retrieval of the ICC public key (`EMV 4.4 Book 2, 6.4`) and of the ICC PIN encipherment public key (`EMV 4.4 Book 2,
//! 7.1`), whose certificates are alike.

use alloc::vec::Vec;

use apdu::{
    tag,
    value::{Date, Pan},
};

use crate::{
    finding::{Certainty, Fact, Finding, Reason},
    seeded::{Bug, bug},
};

use super::{
    Chain, IssuerKey, RsaKey, StaticData,
    certificate::{Certificate, Layout, Reasons},
    memory::Key,
    report::{self, ChainReport, Step},
    signed_data::{self, Kind},
};

/// The card's public key, with what its certificate says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IccKey {
    /// The key.
    pub key: RsaKey,
    /// The last day the certificate is good.
    pub expiry: Date,
    /// Certificate serial number.
    pub serial: [u8; 3],
}

const ICC: Layout = Layout {
    signed: Kind {
        tag: tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        format: 0x04,
        hash_algorithm_at: 17,
        reasons: signed_data::Reasons {
            length: Reason::OdaIccCertLength,
            recover: Reason::OdaIccCertRecover,
            format: Reason::OdaIccCertFormat,
            hash_algorithm: Reason::OdaIccCertHashAlg,
            hash: Reason::OdaIccCertHash,
        },
    },
    expiry_at: 12,
    key_algorithm_at: 18,
    longest: 247,
    remainder: tag::ICC_PUBLIC_KEY_REMAINDER_9F48,
    exponent: tag::ICC_PUBLIC_KEY_EXPONENT_9F47,
    reasons: REASONS,
};

const ICC_PIN: Layout = Layout {
    signed: Kind { tag: tag::ICC_PIN_CERTIFICATE_9F2D, ..ICC.signed },
    remainder: tag::ICC_PIN_REMAINDER_9F2F,
    exponent: tag::ICC_PIN_EXPONENT_9F2E,
    ..ICC
};

const REASONS: Reasons = Reasons {
    key_algorithm: Reason::OdaIccCertPkAlg,
    expired: Reason::OdaIccCertExpired,
    too_long: Reason::OdaIccKeyTooLong,
    unusable: Reason::OdaIccKeyUnusable,
    remainder: Reason::OdaIccCertRemainder,
    remainder_missing: Reason::OdaDataMissing9f48,
    exponent: Reason::OdaIccCertExponent,
    exponent_missing: Reason::OdaDataMissing9f47,
};

const PAN_AT: usize = 2;

/// Recovers the card's key with the issuer's.
///
/// # Errors
/// The first failed check. A wrong hash in an otherwise plausible certificate brings a second finding: most likely the
/// static data are not those that were signed.
pub fn recover(
    chain: &Chain<'_>,
    issuer: &IssuerKey,
    static_data: &StaticData<'_>,
    report: &mut ChainReport,
) -> Result<IccKey, Vec<Finding>> {
    let retrieval = Retrieval { chain, layout: &ICC, issuer, static_data: Some(static_data) };
    report.step(report::Certificate::Icc, |step| retrieval.run(step)).map_err(|findings| finish(chain, findings))
}

/// Recovers the key that is for PINs only; its certificate does not cover static data.
///
/// # Errors
/// The first failed check.
pub fn recover_pin_key(
    chain: &Chain<'_>,
    issuer: &IssuerKey,
    report: &mut ChainReport,
) -> Result<IccKey, Vec<Finding>> {
    let retrieval = Retrieval { chain, layout: &ICC_PIN, issuer, static_data: None };
    report.step(report::Certificate::IccPin, |step| retrieval.run(step)).map_err(|findings| finish(chain, findings))
}

/// The card's certificate with its frame checked, and what its hash covers besides it and the static data.
#[cfg(feature = "explain")]
pub(super) fn open<'a>(chain: &Chain<'a>, issuer: &IssuerKey) -> Option<(signed_data::Opened, [&'a [u8]; 2])> {
    let (card, signed) = (chain.card, &ICC.signed);
    let mut step = Step::new(report::Certificate::Icc);
    let value = card.value(signed.tag)?;
    let opened = signed.open(value, card.place(signed.tag), &mut step, |input| issuer.key.apply(input)).ok()?;
    Some((opened, [card.value(ICC.remainder).unwrap_or(&[]), card.value(ICC.exponent)?]))
}

fn finish(chain: &Chain<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().map(|finding| chain.finish(finding)).collect()
}

struct Retrieval<'a> {
    chain: &'a Chain<'a>,
    layout: &'static Layout,
    issuer: &'a IssuerKey,
    static_data: Option<&'a StaticData<'a>>,
}

impl Retrieval<'_> {
    fn run(&self, step: &mut Step) -> Result<IccKey, Vec<Finding>> {
        let certificate = self.open(step).map_err(|finding| [finding])?;
        let key = certificate.assemble_key();
        self.check_hash(&certificate, &key, step)?;
        self.check_contents(&certificate, key, step).map_err(|finding| [finding].into())
    }

    fn open(&self, step: &mut Step) -> Result<Certificate<'_>, Finding> {
        let signed = &self.layout.signed;
        let value = self.chain.require(signed.tag, Reason::OdaDataMissing9f46)?;
        let place = self.chain.card.place(signed.tag);
        let opened =
            signed.open(value, place, step, |input| self.chain.keys.apply(Key::Issuer(&self.issuer.key), input))?;
        step.recovered.pan = Pan::from_compressed(&opened.array::<10>(PAN_AT)).ok();
        Certificate::new(opened, self.layout, self.chain)
    }

    fn check_hash(
        &self,
        certificate: &Certificate<'_>,
        key: &Result<RsaKey, Finding>,
        step: &mut Step,
    ) -> Result<(), Vec<Finding>> {
        let static_data = self.static_data.map_or([&[][..]; 2], StaticData::parts);
        let parts = certificate.parts().into_iter().chain(static_data);
        let Err(finding) = certificate.check_hash(step, parts, key) else { return Ok(()) };
        let is_hash = finding.reason == self.layout.signed.reasons.hash;
        let hint = if is_hash && key.is_ok() { self.static_data_changed(certificate) } else { None };
        Err([finding].into_iter().chain(hint).collect())
    }

    /// Header, trailer, format and key are right, and so is the PAN: then what was hashed besides them is not.
    fn static_data_changed(&self, certificate: &Certificate<'_>) -> Option<Finding> {
        let static_data = self.static_data?;
        let pan = self.chain.pan().ok()?;
        pan.matches_padded(&certificate.opened.array(PAN_AT)).then(|| {
            let changed = Finding::new(Reason::OdaIccCertStaticDataChanged).certainty(Certainty::Likely);
            static_data.evidence().into_iter().fold(changed, Finding::with)
        })
    }

    fn check_contents(
        &self,
        certificate: &Certificate<'_>,
        key: Result<RsaKey, Finding>,
        step: &mut Step,
    ) -> Result<IccKey, Finding> {
        self.check_pan(certificate, step)?;
        let expiry = certificate.check_expiry(step)?;
        let serial = certificate.serial();
        step.recovered.serial = Some(serial);
        certificate.check_key_algorithm(step)?;
        let key = certificate.check_key(step, key)?;
        Ok(IccKey { key, expiry, serial })
    }

    fn check_pan(&self, certificate: &Certificate<'_>, step: &mut Step) -> Result<(), Finding> {
        let pan = self.chain.pan()?;
        let signed: [u8; 10] = certificate.opened.array(PAN_AT);
        let matches = pan.matches_padded(&signed) || bug(Bug::SkipCardNumber);
        step.check(Fact::CardNumber, matches, || {
            let finding = Finding::new(Reason::OdaIccCertPan);
            match Pan::from_compressed(&signed) {
                Ok(other) => finding.with(certificate.opened.compared(Fact::CardNumber, PAN_AT, pan.clone(), other)),
                Err(_) => finding.with(certificate.opened.compared(
                    Fact::CardNumber,
                    PAN_AT,
                    pan.clone(),
                    "not-a-card-number",
                )),
            }
        })
    }
}
