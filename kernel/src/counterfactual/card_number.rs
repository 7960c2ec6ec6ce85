//! Certificates for another card number than the chip has beside them.

use alloc::vec::Vec;

use apdu::{tag, value::Pan};

use super::{
    Counterfactual, Source,
    case::{Case, Setting, with},
    originals::{self, Original},
    question::Question,
    rerun::Goal,
    static_data::Base,
};
use crate::{
    finding::{Certainty, Fact, Reason},
    oda::{StaticData, report::Certificate},
};

pub(super) fn search(question: &Question<'_>) -> Vec<Counterfactual> {
    let (certificate, check) = match question.reason() {
        Reason::OdaIssuerCertIssuerId => (Certificate::Issuer, Fact::IssuerIdentifier),
        Reason::OdaIccCertPan => (Certificate::Icc, Fact::CardNumber),
        _ => return Vec::new(),
    };
    let Some(goal) = question.goal() else { return Vec::new() };
    let case = question.case;
    let certified = certified(case, goal).and_then(|pan| originals::card_number(case, pan, Source::Certificate));
    let numbers = originals::card_numbers(case).into_iter().chain(certified);
    numbers.filter_map(|number| answer(question, goal, (certificate, check), &number)).take(1).collect()
}

/// The number in the card's certificate, where the issuer's certificate is refused for its identifier only: any number
/// with that identifier leads further.
fn certified(case: &Case<'_>, goal: Goal) -> Option<Pan> {
    let steps = case.outcome.chain.steps.iter();
    let identifier = steps.filter_map(|step| step.recovered.issuer_identifier).next_back()?;
    let stand_in: Vec<u8> = identifier.iter().map(filled).chain([0; 4]).collect();
    let card = with(case.card(), &[(tag::PAN_5A, Some(stand_in))]);
    let followed = case.follow(&Setting { card: &card, ..case.setting() }, goal)?;
    followed.report.steps.iter().find_map(|step| step.recovered.pan.clone())
}

/// Two digits of an identifier, zeros for its padding.
fn filled(byte: &u8) -> u8 {
    let digit = |nibble: u8| if nibble > 9 { 0 } else { nibble };
    (digit(byte >> 4) << 4) | digit(byte & 0x0F)
}

/// Follows the chain with this number, in the signed records as well where the number is among them. That everything
/// passes then proves the number; the digits of an identifier alone do not.
fn answer(
    question: &Question<'_>,
    goal: Goal,
    (certificate, check): (Certificate, Fact),
    number: &Original,
) -> Option<Counterfactual> {
    let case = question.case;
    let base = Base::new(case);
    let restored = originals::restorations(case, &base, number).into_iter().next();
    let records = restored.map_or_else(|| base.records.concat(), |variant| variant.records.concat());
    let card = with(case.card(), &[(tag::PAN_5A, Some(&number.value))]);
    let static_data = case.setting().static_data.map(|_| StaticData::supposed(&records, base.listed));
    let followed = case.follow(&Setting { card: &card, static_data, ..case.setting() }, goal)?;
    let change = number.change(case.card().place(tag::PAN_5A).record, case.card().value(tag::PAN_5A)?);
    let answer = question.answer(change, Some(certificate), check, followed.passed);
    let certainty = if followed.passed { Certainty::Proven } else { Certainty::Likely };
    followed.passes(certificate, check).then_some(Counterfactual { certainty, ..answer })
}
