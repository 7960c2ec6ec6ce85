//! The issuer certificate under other CA keys.

use alloc::{borrow::Cow, vec::Vec};

use apdu::tag;

use super::{
    Change, Counterfactual,
    case::{Case, Setting, with},
    change::Rid,
    question::Question,
};
use crate::{
    crypto::rsa::Exponent,
    finding::{Certainty, Fact, Reason},
    oda::{
        CaKey, KeyStore,
        keys::{CaKeyData, RSA, SHA_1},
        report::Certificate,
    },
};

/// A key that differs from a known one in at most so many bytes is that key, damaged.
const MOST_DAMAGED: usize = 8;

/// How many keys are tried at most; what is left of the budget is for following the chains below those that fit.
const MOST_KEYS: usize = 256;

const REASONS: [Reason; 8] = [
    Reason::OdaDataMissing8f,
    Reason::OdaCapkNotFound,
    Reason::OdaCapkWithdrawn,
    Reason::OdaCapkChecksum,
    Reason::OdaCapkAlgorithm,
    Reason::OdaIssuerCertLength,
    Reason::OdaIssuerCertRecover,
    Reason::OdaIssuerCertHash,
];

/// A key to try.
struct Candidate<'a> {
    key: Cow<'a, CaKey>,
    origin: Origin,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Loaded,
    Known,
    Unchecked,
    OtherExponent,
}

/// The key that the card names.
#[derive(Clone, Copy)]
struct Wanted {
    rid: Rid,
    index: Option<u8>,
}

impl Wanted {
    fn is(&self, key: &CaKey) -> bool {
        key.rid() == self.rid && Some(key.index()) == self.index
    }

    /// Near keys first: the one named, others of the RID, the same index elsewhere, the rest.
    fn distance(&self, key: &CaKey) -> u8 {
        match (key.rid() == self.rid, Some(key.index()) == self.index) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        }
    }
}

pub(super) fn search(question: &Question<'_>) -> Vec<Counterfactual> {
    let case = question.case;
    let certificate = case.card().value(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90);
    let Some(certificate) = certificate.filter(|_| REASONS.contains(&question.reason())) else { return Vec::new() };
    let index = case.card().array(tag::CA_PUBLIC_KEY_INDEX_8F).map(|[index]| index);
    let wanted = Wanted { rid: case.setting().rid, index };
    let fits = |candidate: &Candidate<'_>| candidate.key.modulus().len() == certificate.len();
    let affordable = candidates(case, wanted).into_iter().filter(fits).take(MOST_KEYS);
    let opening = affordable.filter(|candidate| case.spend(1).is_some() && candidate.key.opens(certificate));
    let mut found = Vec::new();
    for answer in opening.filter_map(|candidate| answer(question, wanted, &candidate)) {
        let proven = answer.certainty == Certainty::Proven;
        found.push(answer);
        // No second key makes the same certificate.
        if proven {
            break;
        }
    }
    found
}

/// Every key that has not been tried on this card, each once, the near ones first.
fn candidates<'a>(case: &Case<'a>, wanted: Wanted) -> Vec<Candidate<'a>> {
    let loaded = case.terminal.keys.iter().map(|key| Candidate { key: Cow::Borrowed(key), origin: Origin::Loaded });
    let known = case.known.iter().map(|key| Candidate { key: Cow::Borrowed(key), origin: Origin::Known });
    let mut others: Vec<Candidate<'a>> = loaded.chain(known).collect();
    others.sort_by_key(|candidate| wanted.distance(&candidate.key));
    let own = variants(case, wanted);
    let tried = case.terminal.keys.iter().filter(|key| wanted.is(key) && !key.is_withdrawn());
    let mut seen: Vec<(Vec<u8>, Exponent)> = tried.map(name).collect();
    let candidates = own.into_iter().chain(others);
    candidates.filter(|candidate| is_new(&mut seen, name(&candidate.key))).collect()
}

fn name(key: &CaKey) -> (Vec<u8>, Exponent) {
    (key.modulus().to_vec(), key.exponent())
}

fn is_new<T: PartialEq>(seen: &mut Vec<T>, item: T) -> bool {
    let new = !seen.contains(&item);
    if new {
        seen.push(item);
    }
    new
}

/// The terminal's own key in spite of its checks, and with another exponent.
fn variants<'a>(case: &Case<'a>, wanted: Wanted) -> Vec<Candidate<'a>> {
    let Some(index) = wanted.index else { return Vec::new() };
    let keys = &case.terminal.keys;
    let refused = keys.refused_for(wanted.rid, index).map(|key| (&*key.modulus, Exponent::from_bytes(&key.exponent)));
    let refused: Vec<(&[u8], Option<Exponent>)> = refused.collect();
    let withdrawn = keys.keys_for(wanted.rid, index).filter(|key| key.is_withdrawn());
    let withdrawn = withdrawn.map(|key| (key.modulus(), key.exponent(), Origin::Unchecked));
    let unchecked = refused.iter().filter_map(|(modulus, exponent)| Some((*modulus, (*exponent)?, Origin::Unchecked)));
    let loaded = keys.keys_for(wanted.rid, index).map(|key| (key.modulus(), Some(key.exponent())));
    let other_exponent = loaded.chain(refused.iter().copied()).flat_map(|(modulus, stated)| {
        let others = [Exponent::Three, Exponent::F4].into_iter().filter(move |other| Some(*other) != stated);
        others.map(move |exponent| (modulus, exponent, Origin::OtherExponent))
    });
    let candidate = |(modulus, exponent, origin)| {
        Some(Candidate { key: Cow::Owned(made(wanted.rid, index, modulus, exponent)?), origin })
    };
    unchecked.chain(withdrawn).chain(other_exponent).filter_map(candidate).collect()
}

/// A key that is neither expired nor withdrawn, whatever checksum it came with.
fn made(rid: Rid, index: u8, modulus: &[u8], exponent: Exponent) -> Option<CaKey> {
    let mut data = CaKeyData {
        rid,
        index,
        hash_algorithm: SHA_1,
        key_algorithm: RSA,
        modulus,
        exponent: exponent.as_bytes(),
        checksum: [0; 20],
        expiry: None,
        kind: crate::oda::keys::Kind::Live,
        withdrawn: false,
    };
    data.checksum = data.computed_checksum();
    CaKey::new(&data).ok()
}

/// Follows the chain under a key that opens the certificate. Its hash proves the key; without it, the frame alone makes it
/// likely, unless the terminal's key showed the frame as well.
fn answer(question: &Question<'_>, wanted: Wanted, candidate: &Candidate<'_>) -> Option<Counterfactual> {
    let key = &*candidate.key;
    let mut only = KeyStore::new();
    only.add(made(key.rid(), key.index(), key.modulus(), key.exponent())?);
    let card = with(question.case.card(), &[(tag::CA_PUBLIC_KEY_INDEX_8F, Some([key.index()]))]);
    let setting = Setting { card: &card, rid: key.rid(), keys: &only, ..question.case.setting() };
    let followed = question.case.follow(&setting, question.goal()?)?;
    let proven = followed.passes(Certificate::Issuer, Fact::Hash);
    if !proven && question.reason() == Reason::OdaIssuerCertHash {
        return None;
    }
    let (check, certainty) = if proven { (Fact::Hash, Certainty::Proven) } else { (Fact::Header, Certainty::Likely) };
    let change = change(question.case, wanted, candidate);
    let answer = question.answer(change, Some(Certificate::Issuer), check, followed.passed);
    Some(Counterfactual { certainty, ..answer })
}

fn change(case: &Case<'_>, wanted: Wanted, candidate: &Candidate<'_>) -> Change {
    let key = &*candidate.key;
    let (rid, index) = (key.rid(), key.index());
    let loaded = candidate.origin == Origin::Loaded;
    match (candidate.origin, damage(case, wanted, key)) {
        (Origin::Unchecked, _) => Change::UncheckedCaKey { rid, index },
        (Origin::OtherExponent, _) => Change::CaKeyExponent { rid, index, exponent: key.exponent() },
        (_, Some(offsets)) => Change::RepairedCaKey { rid, index, offsets },
        _ => match wanted.distance(key) {
            0 => Change::KnownCaKey { rid, index },
            1 => Change::OtherCaKeyIndex { rid, index, loaded },
            2 => Change::OtherCaKeyRid { rid, index, loaded },
            _ => Change::OtherCaKey { rid, index, loaded },
        },
    }
}

/// Where the terminal's own key differs from `key`, when that is so little that it must be the same key, damaged.
fn damage(case: &Case<'_>, wanted: Wanted, key: &CaKey) -> Option<Vec<u16>> {
    let index = wanted.index.filter(|_| key.rid() == wanted.rid)?;
    let keys = &case.terminal.keys;
    let loaded = keys.keys_for(wanted.rid, index).map(CaKey::modulus);
    let mut own = loaded.chain(keys.refused_for(wanted.rid, index).map(|refused| &*refused.modulus));
    own.find_map(|own| {
        let offsets = differences(own, key.modulus())?;
        (1..=MOST_DAMAGED).contains(&offsets.len()).then_some(offsets)
    })
}

/// The places where two byte strings of one length differ.
pub(super) fn differences(one: &[u8], other: &[u8]) -> Option<Vec<u16>> {
    let differing = (0..).zip(one.iter().zip(other)).filter(|(_, (one, other))| one != other);
    (one.len() == other.len()).then(|| differing.map(|(at, _)| at).collect())
}
