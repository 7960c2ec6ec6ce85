//! Commands whose data are not as long as the card's list asks for.

use alloc::vec::Vec;

use apdu::{Dol, Tag, command::ins, tag, tlv};

use super::{Change, Counterfactual, question::Question};
use crate::finding::{Certainty, Fact, Phase, Reason};

pub(super) fn search(question: &Question<'_>) -> Vec<Counterfactual> {
    answer(question).into_iter().collect()
}

fn answer(question: &Question<'_>) -> Option<Counterfactual> {
    let (list, sent) = match question.reason() {
        Reason::GpoPdolLength | Reason::GpoSw | Reason::GpoNotAllowed => {
            (tag::PDOL_9F38, template_length(data(question, ins::GET_PROCESSING_OPTIONS)?))
        }
        Reason::OdaIntAuthSw => (tag::DDOL_9F49, data(question, ins::INTERNAL_AUTHENTICATE)?.len()),
        Reason::GenacCdolLength | Reason::GenacSw => (cdol(question), data(question, ins::GENERATE_AC)?.len()),
        _ => return None,
    };
    let card = question.case.card().value(list);
    let wanted = if list == tag::PDOL_9F38 { card.unwrap_or(&[]) } else { card? };
    let expected = Dol::parse(wanted).ok()?.total_length();
    let change = Change::ListLength { list, expected, sent };
    // The card has not said that it would take the right length.
    let answer = Counterfactual { certainty: Certainty::Likely, ..question.answer(change, None, Fact::Length, false) };
    (sent != expected).then_some(answer)
}

fn cdol(question: &Question<'_>) -> Tag {
    if question.phase() == Phase::SecondGenerateAc { tag::CDOL2_8D } else { tag::CDOL1_8C }
}

/// The data of the command that the finding is about.
fn data<'a>(question: &Question<'a>, ins: u8) -> Option<&'a [u8]> {
    let exchange = question.exchange()?;
    question.case.exchanges().find(|sent| sent.exchange == exchange && sent.ins() == ins).map(|sent| sent.data)
}

fn template_length(data: &[u8]) -> usize {
    let template = tlv::find(data, tag::COMMAND_TEMPLATE_83).ok().flatten();
    template.map_or(data.len(), |template| template.value.len())
}
