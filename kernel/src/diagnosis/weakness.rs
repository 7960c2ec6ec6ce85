//! What is weak about a transaction, even when it was approved.

use alloc::vec::Vec;

use apdu::{
    tag,
    value::{CvmMethod, aip},
};

use crate::{
    contact::verify_cardholder,
    crypto::patterned::is_patterned,
    finding::Reason,
    oda::report::{Certificate, Step},
    outcome::Outcome,
};

/// Keys shorter than this prove little today.
pub const SHORT_KEY_BITS: usize = 1024;

/// One weak point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weakness {
    /// The key inside this certificate is short.
    ShortKey {
        /// The certificate.
        certificate: Certificate,
        /// The key's length in bits.
        bits: usize,
    },
    /// The key inside this certificate has the pattern of a broken key generator (CVE-2017-15361).
    PatternedKey(Certificate),
    /// Static authentication: whatever the card says can be copied.
    StaticOnly,
    /// No offline authentication of the card.
    NotAuthenticated,
    /// The card signed what the terminal sent, but not its own decision (DDA).
    DecisionNotSigned,
    /// The PIN went to the card in the clear.
    PlaintextPin,
    /// PINs are enciphered under the key the card signs with: what deciphers a PIN could be made to sign.
    PinKeyShared,
    /// What the card can do (`82`) is not among what its issuer signed.
    ProfileNotSigned,
}

impl Weakness {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::ShortKey { .. } => "weak-short-key",
            Self::PatternedKey(_) => "weak-patterned-key",
            Self::StaticOnly => "weak-static-only",
            Self::NotAuthenticated => "weak-not-authenticated",
            Self::DecisionNotSigned => "weak-decision-not-signed",
            Self::PlaintextPin => "weak-plaintext-pin",
            Self::PinKeyShared => "weak-pin-key-shared",
            Self::ProfileNotSigned => "weak-profile-not-signed",
        }
    }
}

/// The weak points of `outcome`.
pub fn weak_points(outcome: &Outcome) -> Vec<Weakness> {
    let mut weak: Vec<Weakness> = outcome.chain.steps.iter().flat_map(weak_key).collect();
    weak.extend(weak_method(outcome));
    let results = outcome.cvm_results.map(|results| results.method());
    if matches!(results, Some(Some(CvmMethod::PlaintextPin | CvmMethod::PlaintextPinAndSignature))) {
        weak.push(Weakness::PlaintextPin);
    }
    if took_enciphered_pin(outcome) && shares_pin_key(outcome) {
        weak.push(Weakness::PinKeyShared);
    }
    let chain_followed = !outcome.signed_records.bytes.is_empty();
    if chain_followed && !outcome.card.has(tag::SDA_TAG_LIST_9F4A) {
        weak.push(Weakness::ProfileNotSigned);
    }
    weak
}

/// A PIN went to the card enciphered, rightly or not.
fn took_enciphered_pin(outcome: &Outcome) -> bool {
    outcome.cvm.visits.iter().any(|visit| {
        let performed =
            matches!(visit.step, verify_cardholder::Step::Performed { because: None | Some(Reason::CvmPtl), .. });
        performed && visit.rule.method().needs_enciphered_pin()
    })
}

/// The key for PINs is the card's own one, or the same once more ("On the Joint Security of Encryption and Signature in
/// EMV", Degabriele, Lehmann, Paterson, Smart, Strefler, CT-RSA 2012).
fn shares_pin_key(outcome: &Outcome) -> bool {
    let modulus = |certificate| {
        let mut steps = outcome.chain.steps.iter().filter(move |step| step.certificate == certificate);
        steps.find_map(|step| step.recovered.modulus.as_deref())
    };
    match modulus(Certificate::IccPin) {
        Some(own) => modulus(Certificate::Icc) == Some(own),
        None => !outcome.card.has(tag::ICC_PIN_CERTIFICATE_9F2D),
    }
}

fn weak_method(outcome: &Outcome) -> Option<Weakness> {
    let profile = outcome.card.array(tag::AIP_82).map(apdu::Bits::<2>)?;
    let not_performed = outcome.log.findings.iter().any(|finding| finding.reason == Reason::OdaNotPerformed);
    if not_performed {
        return Some(Weakness::NotAuthenticated);
    }
    let used = |certificate| outcome.chain.steps.iter().any(|step| step.certificate == certificate);
    if used(Certificate::StaticSignature) {
        return Some(Weakness::StaticOnly);
    }
    let signed_by_itself = used(Certificate::DynamicSignature) && !profile.has(aip::CDA);
    signed_by_itself.then_some(Weakness::DecisionNotSigned)
}

fn weak_key(step: &Step) -> Vec<Weakness> {
    let certificate = step.certificate;
    let short = step.recovered.key_bits.filter(|bits| *bits < SHORT_KEY_BITS && certificate != Certificate::CaKey);
    let patterned = step.recovered.modulus.as_deref().is_some_and(is_patterned);
    let short = short.map(|bits| Weakness::ShortKey { certificate, bits });
    short.into_iter().chain(patterned.then_some(Weakness::PatternedKey(certificate))).collect()
}
