//! Certificates with another remainder or exponent beside them.

use alloc::vec::Vec;

use apdu::{Tag, tag};

use super::{
    Change, Counterfactual,
    case::{Setting, with},
    question::Question,
};
use crate::{
    crypto::rsa::Exponent,
    finding::{Fact, Phase, Reason, Value},
    oda::report::Certificate,
};

/// How many objects of the card are tried as the remainder.
const MOST_ELSEWHERE: usize = 8;

/// A certificate and what stands beside it.
#[derive(Clone, Copy)]
struct Parts {
    certificate: Certificate,
    remainder: Tag,
    exponent: Tag,
}

const ISSUER: Parts = Parts {
    certificate: Certificate::Issuer,
    remainder: tag::ISSUER_PUBLIC_KEY_REMAINDER_92,
    exponent: tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32,
};

const ICC: Parts = Parts {
    certificate: Certificate::Icc,
    remainder: tag::ICC_PUBLIC_KEY_REMAINDER_9F48,
    exponent: tag::ICC_PUBLIC_KEY_EXPONENT_9F47,
};

const ICC_PIN: Parts = Parts {
    certificate: Certificate::IccPin,
    remainder: tag::ICC_PIN_REMAINDER_9F2F,
    exponent: tag::ICC_PIN_EXPONENT_9F2E,
};

/// A change and the object it gives another value.
struct Variant {
    change: Change,
    tag: Tag,
    value: Option<Vec<u8>>,
}

pub(super) fn search(question: &Question<'_>) -> Vec<Counterfactual> {
    let Some(parts) = parts(question) else { return Vec::new() };
    variants(question, parts).into_iter().filter_map(|variant| answer(question, parts, variant)).collect()
}

/// The certificate that the finding is about.
fn parts(question: &Question<'_>) -> Option<Parts> {
    match question.reason() {
        Reason::OdaIssuerCertHash
        | Reason::OdaIssuerCertRemainder
        | Reason::OdaIssuerCertExponent
        | Reason::OdaDataMissing92
        | Reason::OdaDataMissing9f32 => Some(ISSUER),
        Reason::OdaIccCertHash
        | Reason::OdaIccCertRemainder
        | Reason::OdaIccCertExponent
        | Reason::OdaDataMissing9f48
        | Reason::OdaDataMissing9f47 => Some(if is_for_pins(question) { ICC_PIN } else { ICC }),
        _ => None,
    }
}

fn is_for_pins(question: &Question<'_>) -> bool {
    let card = question.case.card();
    let has_key = card.has(tag::ICC_PIN_CERTIFICATE_9F2D) && card.has(tag::ICC_PIN_EXPONENT_9F2E);
    question.phase() == Phase::CardholderVerification && has_key
}

fn variants(question: &Question<'_>, parts: Parts) -> Vec<Variant> {
    let mut variants = remainders(question, parts.remainder);
    let card = question.case.card();
    let stated = card.value(parts.exponent);
    let others = [Exponent::Three, Exponent::F4].into_iter().filter(|other| stated != Some(other.as_bytes()));
    variants.extend(others.map(|exponent| Variant {
        change: Change::Exponent { tag: parts.exponent, exponent },
        tag: parts.exponent,
        value: Some(exponent.as_bytes().to_vec()),
    }));
    variants
}

fn remainders(question: &Question<'_>, tag: Tag) -> Vec<Variant> {
    let card = question.case.card();
    let expected = expected_length(question);
    let mut variants = Vec::new();
    if let Some(value) = card.value(tag) {
        variants.push(Variant { change: Change::RemainderLeftOut { tag }, tag, value: None });
        variants.extend(trimmed(tag, value, expected));
    }
    let Some(length) = expected.filter(|length| *length > 0) else { return variants };
    let fits = card.iter().filter(|(from, value)| *from != tag && value.len() == length);
    variants.extend(fits.take(MOST_ELSEWHERE).map(|(from, value)| Variant {
        change: Change::RemainderElsewhere { tag, from },
        tag,
        value: Some(value.to_vec()),
    }));
    variants
}

/// The length that the certificate wants the remainder to have, when the finding says so.
fn expected_length(question: &Question<'_>) -> Option<usize> {
    let evidence = question.finding.evidence.iter().find(|evidence| evidence.fact == Fact::Remainder)?;
    match evidence.expected {
        Some(Value::Number(length)) => usize::try_from(length).ok(),
        _ => None,
    }
}

/// Cut to the right length at either end, and without padding at its end.
fn trimmed(tag: Tag, value: &[u8], expected: Option<usize>) -> Vec<Variant> {
    let padding = value.last().copied().filter(|last| matches!(last, 0x00 | 0xBB | 0xFF));
    let unpadded = padding.and_then(|padding| value.iter().rposition(|byte| *byte != padding));
    let unpadded = unpadded.map(|last| (0, last.saturating_add(1)));
    let shorter = expected.filter(|length| (1..value.len()).contains(length));
    let front = shorter.map(|length| (0, length));
    let back = shorter.map(|length| (value.len().saturating_sub(length), length));
    let mut cuts: Vec<(usize, usize)> = [front, back, unpadded].into_iter().flatten().collect();
    cuts.sort_unstable();
    cuts.dedup();
    let variant = |(start, length): (usize, usize)| Variant {
        change: Change::RemainderTrimmed { tag, start, length },
        tag,
        value: value.get(start..start.saturating_add(length)).map(<[u8]>::to_vec),
    };
    cuts.into_iter().map(variant).collect()
}

fn answer(question: &Question<'_>, parts: Parts, variant: Variant) -> Option<Counterfactual> {
    let card = with(question.case.card(), &[(variant.tag, variant.value)]);
    let setting = Setting { card: &card, ..question.case.setting() };
    let followed = question.case.follow(&setting, question.goal()?)?;
    let hash = followed.passes(parts.certificate, Fact::Hash);
    hash.then(|| question.answer(variant.change, Some(parts.certificate), Fact::Hash, followed.passed))
}
