//! RSA keys that prove nothing: too short, or from a generator whose keys can be computed.

use alloc::vec::Vec;

use crate::{
    crypto::patterned::is_patterned,
    finding::{Evidence, Fact, Finding, Reason, Severity},
    oda::{
        ChainReport,
        report::{Certificate, Step},
    },
    terminal::policy::{ADVISED_RSA_BITS, Policy},
};

/// The word for a key with the pattern.
const PATTERNED: &str = "patterned-key";

/// The first key of the chain that the policy does not take.
pub(crate) fn too_weak(policy: Policy, chain: &ChainReport) -> Option<Finding> {
    let least = usize::from(policy.least_rsa_bits);
    if least == 0 {
        return None;
    }
    chain.steps.iter().find_map(|step| {
        let short = step.recovered.key_bits.filter(|bits| *bits < least);
        let short = short.map(|bits| Evidence::compared(Fact::KeyLength, least, bits));
        let patterned = step.recovered.modulus.as_deref().is_some_and(is_patterned);
        let patterned = patterned.then(|| Evidence::found(Fact::KeyLength, PATTERNED));
        Some(of(Reason::PolicyWeakKey, step, short.or(patterned)?))
    })
}

/// Keys that the policy takes, and that are shorter than advised.
pub(crate) fn warnings(policy: Policy, chain: &ChainReport) -> Vec<Finding> {
    let least = usize::from(policy.least_rsa_bits);
    let advised = usize::from(ADVISED_RSA_BITS);
    let warned = |step: &Step| {
        let bits = step.recovered.key_bits.filter(|bits| (least..advised).contains(bits))?;
        let finding = of(Reason::PolicyKeyWarning, step, Evidence::compared(Fact::KeyLength, advised, bits));
        Some(finding.severity(Severity::Info))
    };
    if least == 0 { Vec::new() } else { chain.steps.iter().filter_map(warned).collect() }
}

/// Which key it is, and what is wrong with it.
fn of(reason: Reason, step: &Step, evidence: Evidence) -> Finding {
    let tag = match step.certificate {
        Certificate::CaKey => apdu::tag::CA_PUBLIC_KEY_INDEX_8F,
        Certificate::Issuer => apdu::tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        Certificate::IccPin => apdu::tag::ICC_PIN_CERTIFICATE_9F2D,
        _ => apdu::tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
    };
    Finding::new(reason).with(evidence.in_tag(tag))
}
