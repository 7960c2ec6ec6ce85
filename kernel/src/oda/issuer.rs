//! Retrieval of the issuer public key (`EMV 4.4 Book 2, 5.3 and 6.3`).

use apdu::{tag, value::Date};

use crate::{
    finding::{Evidence, Fact, Finding, Reason, Value},
    seeded::{Bug, bug},
};

use super::{
    CaKey, Chain, Revocation, RsaKey,
    certificate::{Certificate, Layout, Reasons},
    memory::Key,
    report::{self, ChainReport, Step},
    signed_data::{self, Kind},
};

/// The issuer's public key, with what its certificate says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerKey {
    /// The key.
    pub key: RsaKey,
    /// First 3 to 8 digits of the issuer's card numbers, filled with F.
    pub identifier: [u8; 4],
    /// The last day the certificate is good.
    pub expiry: Date,
    /// Certificate serial number.
    pub serial: [u8; 3],
    /// The CA key that signed it: RID and index.
    pub ca_key: ([u8; 5], u8),
}

const ISSUER: Layout = Layout {
    signed: Kind {
        tag: tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        format: 0x02,
        hash_algorithm_at: 11,
        reasons: signed_data::Reasons {
            length: Reason::OdaIssuerCertLength,
            recover: Reason::OdaIssuerCertRecover,
            format: Reason::OdaIssuerCertFormat,
            hash_algorithm: Reason::OdaIssuerCertHashAlg,
            hash: Reason::OdaIssuerCertHash,
        },
    },
    expiry_at: 6,
    key_algorithm_at: 12,
    longest: 248,
    remainder: tag::ISSUER_PUBLIC_KEY_REMAINDER_92,
    exponent: tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32,
    reasons: Reasons {
        key_algorithm: Reason::OdaIssuerCertPkAlg,
        expired: Reason::OdaIssuerCertExpired,
        too_long: Reason::OdaIssuerKeyTooLong,
        unusable: Reason::OdaIssuerKeyUnusable,
        remainder: Reason::OdaIssuerCertRemainder,
        remainder_missing: Reason::OdaDataMissing92,
        exponent: Reason::OdaIssuerCertExponent,
        exponent_missing: Reason::OdaDataMissing9f32,
    },
};

const IDENTIFIER_AT: usize = 2;

/// Finds the CA key the card names and recovers the issuer's key with it.
///
/// Where one index has several CA keys each is tried; when none does it, the one that came furthest is reported.
///
/// # Errors
/// The first failed check.
pub fn recover(chain: &Chain<'_>, report: &mut ChainReport) -> Result<IssuerKey, Finding> {
    recover_unfinished(chain, report).map_err(|finding| chain.finish(finding))
}

/// Whether the terminal has a key for this card that is still good: what CDA asks before terminal action analysis.
///
/// # Errors
/// The finding [`recover`] would give for the CA key.
pub fn require_ca_key(chain: &Chain<'_>) -> Result<(), Finding> {
    let index = ca_key_index(chain)?;
    let usable = |key: &CaKey| check_ca_key(chain, key, &mut Step::new(report::Certificate::CaKey));
    let mut results = chain.keys.keys_for(chain.rid, index).map(usable).collect::<alloc::vec::Vec<_>>().into_iter();
    let first = results.next().unwrap_or_else(|| Err(not_found(chain, index)));
    results.fold(first, |best, next| best.or(next)).map_err(|finding| chain.finish(finding))
}

fn recover_unfinished(chain: &Chain<'_>, report: &mut ChainReport) -> Result<IssuerKey, Finding> {
    let index = ca_key_index(chain)?;
    let mut best = None;
    for key in chain.keys.keys_for(chain.rid, index) {
        let attempt = Attempt::make(chain, key);
        let done = attempt.result.is_ok();
        if done || best.as_ref().is_none_or(|best: &Attempt| attempt.progress() > best.progress()) {
            best = Some(attempt);
        }
        if done {
            break;
        }
    }
    best.unwrap_or_else(|| Attempt::without_key(chain, index)).keep(report)
}

fn ca_key_index(chain: &Chain<'_>) -> Result<u8, Finding> {
    let value = chain.require(tag::CA_PUBLIC_KEY_INDEX_8F, Reason::OdaDataMissing8f)?;
    match value {
        [index] => Ok(*index),
        other => Err(chain.finish(Finding::new(Reason::OdaDataMissing8f).with(
            Evidence::compared(Fact::Length, 1usize, other.len()).at(chain.card.place(tag::CA_PUBLIC_KEY_INDEX_8F)),
        ))),
    }
}

/// What one CA key made of the certificate.
struct Attempt {
    ca_key: Step,
    issuer: Step,
    result: Result<IssuerKey, Finding>,
}

impl Attempt {
    fn make(chain: &Chain<'_>, key: &CaKey) -> Self {
        let mut ca_key = Step::new(report::Certificate::CaKey);
        let mut issuer = Step::new(report::Certificate::Issuer);
        let result = check_ca_key(chain, key, &mut ca_key).and_then(|()| recover_with(chain, key, &mut issuer));
        if ca_key.passed() {
            issuer.end(&result);
        }
        Self { ca_key, issuer, result }
    }

    fn without_key(chain: &Chain<'_>, index: u8) -> Self {
        let mut ca_key = Step::new(report::Certificate::CaKey);
        ca_key.recovered.ca_key = Some((chain.rid, index));
        let finding = not_found(chain, index);
        let result = ca_key.check(Fact::CaKey, false, || finding.clone()).and(Err(finding));
        Self { ca_key, issuer: Step::new(report::Certificate::Issuer), result }
    }

    fn progress(&self) -> usize {
        self.ca_key.checks.len().saturating_add(self.issuer.checks.len())
    }

    fn keep(self, report: &mut ChainReport) -> Result<IssuerKey, Finding> {
        report.steps.push(self.ca_key);
        if !self.issuer.checks.is_empty() {
            report.steps.push(self.issuer);
        }
        self.result
    }
}

fn check_ca_key(chain: &Chain<'_>, key: &CaKey, step: &mut Step) -> Result<(), Finding> {
    let name = || Value::Key(key.rid(), key.index());
    step.recovered.ca_key = Some((key.rid(), key.index()));
    step.recovered.expiry = key.expiry();
    step.recovered.key_bits = Some(key.modulus().len().saturating_mul(8));
    step.check(Fact::CaKey, !key.is_withdrawn(), || {
        Finding::new(Reason::OdaCapkWithdrawn).with(Evidence::found(Fact::CaKey, name()))
    })?;
    let Some(expiry) = key.expiry() else { return Ok(()) };
    step.check(Fact::ExpirationDate, chain.today <= expiry, || {
        Finding::new(Reason::OdaCapkExpired)
            .with(Evidence::compared(Fact::ExpirationDate, chain.today, expiry))
            .with(Evidence::found(Fact::CaKey, name()))
    })
}

/// The key is not there: because it was refused when the key set was loaded, or because it never was in it.
fn not_found(chain: &Chain<'_>, index: u8) -> Finding {
    let refusal = chain.keys.refusal(chain.rid, index);
    let reason = refusal.map_or(Reason::OdaCapkNotFound, super::keys::KeyError::reason);
    let mut loaded: alloc::vec::Vec<u8> =
        chain.keys.iter().filter(|key| key.rid() == chain.rid).map(CaKey::index).collect();
    loaded.sort_unstable();
    loaded.dedup();
    Finding::new(reason)
        .with(
            Evidence::missing(Fact::CaKey, Value::Key(chain.rid, index))
                .at(chain.card.place(tag::CA_PUBLIC_KEY_INDEX_8F)),
        )
        .with(Evidence::found(Fact::LoadedKeys, loaded.as_slice()))
}

fn recover_with(chain: &Chain<'_>, ca_key: &CaKey, step: &mut Step) -> Result<IssuerKey, Finding> {
    let value = chain.require(ISSUER.signed.tag, Reason::OdaDataMissing90)?;
    let place = chain.card.place(ISSUER.signed.tag);
    let opened = ISSUER.signed.open(value, place, step, |input| chain.keys.apply(Key::Ca(ca_key), input))?;
    let certificate = Certificate::new(opened, &ISSUER, chain)?;
    let key = certificate.assemble_key();
    certificate.check_hash(step, certificate.parts(), &key)?;
    let identifier = check_identifier(chain, &certificate, step)?;
    let expiry = certificate.check_expiry(step)?;
    let serial = check_revocation(chain, ca_key, &certificate, step)?;
    certificate.check_key_algorithm(step)?;
    let key = certificate.check_key(step, key)?;
    Ok(IssuerKey { key, identifier, expiry, serial, ca_key: (ca_key.rid(), ca_key.index()) })
}

fn check_identifier(chain: &Chain<'_>, certificate: &Certificate<'_>, step: &mut Step) -> Result<[u8; 4], Finding> {
    let pan = chain.pan()?;
    let identifier = certificate.opened.array(IDENTIFIER_AT);
    step.recovered.issuer_identifier = Some(identifier);
    let matches = pan.matches_issuer_identifier(identifier) || bug(Bug::SkipIssuerIdentifier);
    step.check(Fact::IssuerIdentifier, matches, || {
        let evidence = certificate.opened.compared(Fact::IssuerIdentifier, IDENTIFIER_AT, pan.clone(), identifier);
        Finding::new(Reason::OdaIssuerCertIssuerId).with(evidence)
    })?;
    Ok(identifier)
}

fn check_revocation(
    chain: &Chain<'_>,
    ca_key: &CaKey,
    certificate: &Certificate<'_>,
    step: &mut Step,
) -> Result<[u8; 3], Finding> {
    let serial = certificate.serial();
    step.recovered.serial = Some(serial);
    let entry = Revocation { rid: ca_key.rid(), index: ca_key.index(), serial };
    let good = !chain.revocations.contains(&entry) || bug(Bug::SkipRevocation);
    step.check(Fact::SerialNumber, good, || {
        Finding::new(Reason::OdaIssuerCertRevoked)
            .with(Evidence::found(Fact::SerialNumber, serial).at(chain.card.place(ISSUER.signed.tag)).offset(8))
            .with(Evidence::found(Fact::CaKey, Value::Key(ca_key.rid(), ca_key.index())))
    })?;
    Ok(serial)
}
