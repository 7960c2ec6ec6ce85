//! Static data authentication (`EMV 4.4 Book 2, 5.4`).

use apdu::tag::SIGNED_STATIC_APPLICATION_DATA_93;

use crate::finding::{Finding, Reason};

use super::{
    Chain, IssuerKey, StaticData,
    memory::Key,
    report::{Certificate, ChainReport, Step},
    signed_data::{Kind, Reasons},
};

/// A code the issuer put into the signature, tag 9F45.
pub type DataAuthenticationCode = [u8; 2];

const SIGNED: Kind = Kind {
    tag: SIGNED_STATIC_APPLICATION_DATA_93,
    format: 0x03,
    hash_algorithm_at: 2,
    reasons: Reasons {
        length: Reason::OdaSsadLength,
        recover: Reason::OdaSsadRecover,
        format: Reason::OdaSsadFormat,
        hash_algorithm: Reason::OdaSsadHashAlg,
        hash: Reason::OdaSsadHash,
    },
};

const CODE_AT: usize = 3;

/// Verifies the issuer's signature over the static data.
///
/// # Errors
/// The first failed check.
pub fn verify(
    chain: &Chain<'_>,
    issuer: &IssuerKey,
    static_data: &StaticData<'_>,
    report: &mut ChainReport,
) -> Result<DataAuthenticationCode, Finding> {
    report
        .step(Certificate::StaticSignature, |step| verify_step(chain, issuer, static_data, step))
        .map_err(|finding| chain.finish(finding))
}

/// The signature with its frame checked.
#[cfg(feature = "explain")]
pub(super) fn open(chain: &Chain<'_>, issuer: &IssuerKey) -> Option<super::signed_data::Opened> {
    let mut step = Step::new(Certificate::StaticSignature);
    let value = chain.card.value(SIGNED.tag)?;
    SIGNED.open(value, chain.card.place(SIGNED.tag), &mut step, |input| issuer.key.apply(input)).ok()
}

fn verify_step(
    chain: &Chain<'_>,
    issuer: &IssuerKey,
    static_data: &StaticData<'_>,
    step: &mut Step,
) -> Result<DataAuthenticationCode, Finding> {
    let value = chain.require(SIGNED.tag, Reason::OdaDataMissing93)?;
    let opened = SIGNED
        .open(value, chain.card.place(SIGNED.tag), step, |input| chain.keys.apply(Key::Issuer(&issuer.key), input))?;
    let hash = opened.check_hash(step, static_data.parts());
    hash.map_err(|finding| static_data.evidence().into_iter().fold(finding, Finding::with))?;
    let code = opened.array(CODE_AT);
    step.recovered.data_authentication_code = Some(code);
    Ok(code)
}
