//! Signatures over static data, with other static data.

use alloc::{borrow::Cow, vec::Vec};

use apdu::{Tag, tag};

use super::{
    Change, Counterfactual,
    case::{Case, Setting, with},
    originals,
    question::Question,
    records,
    rerun::Goal,
};
use crate::{
    finding::{Fact, Reason},
    oda::{Method, StaticData, report::Certificate, seal::Seal},
    store::CardData,
};

/// Static data that are otherwise in one thing.
pub(super) struct Variant<'a> {
    pub(super) change: Change,
    pub(super) records: Vec<Cow<'a, [u8]>>,
    pub(super) listed: Cow<'a, [u8]>,
    /// Objects that have another value with it.
    pub(super) objects: Vec<(Tag, Vec<u8>)>,
}

/// The static data as they are.
#[derive(Clone)]
pub(super) struct Base<'a> {
    pub(super) records: Vec<&'a [u8]>,
    pub(super) listed: &'a [u8],
}

impl<'a> Base<'a> {
    pub(super) fn new(case: &Case<'a>) -> Self {
        let whole = || [case.outcome.signed_records.bytes.as_slice()].into();
        let signed = case.records().filter(|record| record.signed);
        let known = case.records().next().is_some();
        let records = if known { signed.filter_map(|it| it.as_signed()).collect() } else { whole() };
        let is_listed = case.card().value(tag::SDA_TAG_LIST_9F4A) == Some(&[0x82]);
        Self { records, listed: if is_listed { case.aip() } else { &[] } }
    }

    /// The same with other records.
    pub(super) fn records(&self, change: Change, records: Vec<Cow<'a, [u8]>>) -> Variant<'a> {
        Variant { change, records, listed: Cow::Borrowed(self.listed), objects: Vec::new() }
    }

    /// The same records with something else after them.
    fn listing(&self, change: Change, listed: Cow<'a, [u8]>) -> Variant<'a> {
        let records = self.records.iter().map(|record| Cow::Borrowed(*record)).collect();
        Variant { change, records, listed, objects: Vec::new() }
    }
}

impl Variant<'_> {
    fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.records.iter().map(|record| &**record).chain([&*self.listed])
    }
}

pub(super) fn search(question: &Question<'_>) -> Vec<Counterfactual> {
    seal(question).and_then(|(seal, certificate)| found(question, &seal, certificate)).into_iter().collect()
}

/// The signature that the finding is about. Where a second finding explains a wrong hash by changed data, it is that one
/// that is answered.
pub(super) fn seal(question: &Question<'_>) -> Option<(Seal, Certificate)> {
    let is_asked = match question.reason() {
        Reason::OdaIccCertHash => !question.is_with(Reason::OdaIccCertStaticDataChanged),
        Reason::OdaIccCertStaticDataChanged
        | Reason::OdaSsadHash
        | Reason::OdaSdaTagListInvalid
        | Reason::OdaStaticRecordTemplate => true,
        _ => false,
    };
    let goal = question.goal().filter(|_| is_asked)?;
    let case = question.case;
    let issuer = case.issuer_key(goal)?;
    case.spend(1)?;
    let chain = case.setting().chain(goal);
    match goal {
        Goal::Method(Method::Sda) => Seal::of_static_data(&chain, &issuer).zip(Some(Certificate::StaticSignature)),
        _ => Seal::of_certificate(&chain, &issuer).zip(Some(Certificate::Icc)),
    }
}

/// The first variant whose hash is the signed one: no other can have it, unless it is of the same bytes.
fn found(question: &Question<'_>, seal: &Seal, certificate: Certificate) -> Option<Counterfactual> {
    let base = Base::new(question.case);
    let variants = [listings, records::variants, originals::variants].into_iter();
    let mut variants = variants.flat_map(|make| make(question.case, &base));
    let variant = variants.find(|variant| seal.covers(variant.parts()))?;
    answer(question, certificate, variant)
}

/// The AIP in or out of the data, and other AIPs.
fn listings<'a>(case: &Case<'a>, base: &Base<'a>) -> Vec<Variant<'a>> {
    let aip = case.aip();
    let is_valid = case.setting().static_data.is_some();
    let mut variants = Vec::new();
    if base.listed.is_empty() {
        variants.push(base.listing(Change::AipAdded {}, Cow::Borrowed(aip)));
    }
    if !base.listed.is_empty() || !is_valid {
        variants.push(base.listing(Change::AipLeftOut {}, Cow::Borrowed(&[])));
    }
    if let (false, Ok(given)) = (base.listed.is_empty(), <[u8; 2]>::try_from(aip)) {
        variants.extend(aips(given).map(|signed| {
            let variant = base.listing(Change::Aip { signed, given }, Cow::Owned(signed.to_vec()));
            Variant { objects: [(tag::AIP_82, signed.to_vec())].into(), ..variant }
        }));
    }
    variants
}

/// AIPs that differ in one bit, then those with any other first byte.
fn aips([first, second]: [u8; 2]) -> impl Iterator<Item = [u8; 2]> {
    let bits = (0..8).map(|bit| 1_u8 << bit);
    let flips = bits.flat_map(move |bit| [[first ^ bit, second], [first, second ^ bit]]);
    flips.chain((0..=u8::MAX).filter(move |other| *other != first).map(move |other| [other, second]))
}

/// Follows the chain with the static data that were signed.
fn answer(question: &Question<'_>, certificate: Certificate, variant: Variant<'_>) -> Option<Counterfactual> {
    let changes: Vec<(Tag, Option<Vec<u8>>)> =
        variant.objects.into_iter().map(|(tag, value)| (tag, Some(value))).collect();
    let card = with(question.case.card(), &changes);
    let records = variant.records.concat();
    follow(question, certificate, &card, StaticData::supposed(&records, &variant.listed), variant.change)
}

/// Follows the chain with other static data.
pub(super) fn follow(
    question: &Question<'_>,
    certificate: Certificate,
    card: &CardData,
    static_data: StaticData<'_>,
    change: Change,
) -> Option<Counterfactual> {
    let setting = Setting { card, static_data: Some(static_data), ..question.case.setting() };
    let followed = question.case.follow(&setting, question.goal()?)?;
    let passes = followed.passes(certificate, Fact::Hash);
    passes.then(|| question.answer(change, Some(certificate), Fact::Hash, followed.passed))
}
