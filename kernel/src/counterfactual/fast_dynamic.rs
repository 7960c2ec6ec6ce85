//! The signature of fDDA over other data, or for the other kind of cryptogram.

use alloc::vec::Vec;

use apdu::{tag, value::CryptogramType};

use super::{Change, Counterfactual, case::Case, dynamic, question::Question};
use crate::{
    finding::{Fact, Phase, Reason},
    oda::{
        ChainReport,
        fdda::{self, SignedFor},
        report::Certificate,
    },
};

pub(super) fn search(question: &Question<'_>) -> Vec<Counterfactual> {
    let (case, object) = (question.case, tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    let is_tap = case.outcome.tap.is_some() && question.phase() == Phase::Authentication;
    let Some(signature) = case.card().value(object).filter(|_| is_tap) else { return Vec::new() };
    let Some(signed_for) = signed_for(question) else { return Vec::new() };
    let Some(keys) = case.keys() else { return Vec::new() };
    let place = case.card().place(object);
    let found = inputs(case, signed_for).into_iter().find_map(|(change, covered)| {
        case.spend(1)?;
        let mut report = ChainReport::default();
        let verified = fdda::verify(&keys.icc, signature, place, signed_for, &covered, &mut report);
        verified.ok().map(|_| question.answer(change, Some(Certificate::DynamicSignature), Fact::Hash, true))
    });
    found.into_iter().collect()
}

/// Which of the two the signature is, or should be.
fn signed_for(question: &Question<'_>) -> Option<SignedFor> {
    let (offline, online) = (SignedFor::OfflineApproval, SignedFor::OnlineAuthorisation);
    match question.reason() {
        Reason::OdaSdadFormat => {
            let found = dynamic::format_found(question)?;
            [offline, online].into_iter().find(|one| one.format() == found)
        }
        Reason::OdaSdadHash | Reason::OdaFddaVersion => {
            let cryptogram = question.case.outcome.cryptograms.last()?.cid.cryptogram_type();
            Some(if cryptogram == CryptogramType::Arqc { online } else { offline })
        }
        _ => None,
    }
}

/// What may be covered: either version's data, and version 01 with other numbers.
fn inputs(case: &Case<'_>, signed_for: SignedFor) -> Vec<(Change, Vec<u8>)> {
    let terminal = &case.outcome.terminal;
    let number = terminal.array(tag::UNPREDICTABLE_NUMBER_9F37).unwrap_or_default();
    let format = signed_for.format();
    let versions = dynamic::fdda(case, number).into_iter();
    let mut inputs: Vec<(Change, Vec<u8>)> =
        versions.map(|(input, data)| (Change::SignedFormat { format, input }, data)).collect();
    if let Some(related) = case.card().value(tag::k3::CARD_AUTHENTICATION_RELATED_DATA_9F69) {
        let numbers = case.other_numbers(number).into_iter();
        inputs.extend(numbers.map(|(exchange, value)| {
            (Change::UnpredictableNumber { value, exchange }, fdda::covered(&value, terminal, related))
        }));
    }
    inputs
}
