//! The signature of DDA over other data.

use alloc::vec::Vec;

use apdu::{Dol, Tag, tag};

use super::{
    Change, Counterfactual, SignedInput,
    case::{Case, Sent},
    question::Question,
};
use crate::{
    finding::{Certainty, Fact, Phase, Reason, Value},
    oda::{
        ChainReport, IccKey, dda,
        fdda::{self, SignedFor},
        report::Certificate,
    },
};

/// The list every terminal has when the card has none: the unpredictable number.
const USUAL_DDOL: &[u8] = &[0x9F, 0x37, 0x04];

/// Lists of more entries are only turned round and sorted: they have too many orders.
const MOST_PERMUTED: usize = 4;

/// Data that may have been signed.
struct Input {
    change: Change,
    data: Vec<u8>,
    /// Where it is fDDA: what for.
    format: Option<SignedFor>,
}

impl Input {
    fn new(change: Change, data: Vec<u8>) -> Self {
        Self { change, data, format: None }
    }
}

pub(super) fn search(question: &Question<'_>) -> Vec<Counterfactual> {
    match question.reason() {
        Reason::OdaDdolNoDefault => with_default(question).into_iter().collect(),
        _ => with_other_data(question),
    }
}

/// With the list that other terminals have. No signature was made that could prove it.
fn with_default(question: &Question<'_>) -> Option<Counterfactual> {
    let list = dda::choose_ddol(question.case.card(), Some(USUAL_DDOL)).ok()?;
    let change = Change::Ddol { list: list.as_bytes().to_vec() };
    let answer = question.answer(change, None, Fact::DataObjectList, false);
    Some(Counterfactual { certainty: Certainty::Hint, ..answer })
}

fn with_other_data(question: &Question<'_>) -> Vec<Counterfactual> {
    let is_dda = question.phase() == Phase::Authentication;
    let case = question.case;
    let Some(signed) = case.authentication().filter(|_| is_dda) else { return Vec::new() };
    let inputs = match question.reason() {
        Reason::OdaSdadHash => hashed(case, &signed),
        Reason::OdaSdadFormat if format_found(question) == Some(SignedFor::OnlineAuthorisation.format()) => {
            online(case, &signed)
        }
        _ => return Vec::new(),
    };
    let Some(keys) = case.keys() else { return Vec::new() };
    inputs.into_iter().find_map(|input| answer(question, &keys.icc, &signed, input)).into_iter().collect()
}

/// The format byte that was found where the finding wants another.
pub(super) fn format_found(question: &Question<'_>) -> Option<u8> {
    match question.finding.evidence.first()?.found.as_ref()? {
        Value::Bytes(bytes) => bytes.first().copied(),
        _ => None,
    }
}

fn answer(question: &Question<'_>, key: &IccKey, signed: &Sent<'_>, input: Input) -> Option<Counterfactual> {
    question.case.spend(1)?;
    let mut report = ChainReport::default();
    let signature = signed.signature()?;
    let verified = match input.format {
        None => dda::verify(key, signature, signed.place(), &input.data, &mut report),
        Some(format) => fdda::verify(key, signature, signed.place(), format, &input.data, &mut report),
    };
    let hash = report.steps.iter().flat_map(|step| &step.checks).any(|check| check.fact == Fact::Hash && check.passed);
    hash.then(|| question.answer(input.change, Some(Certificate::DynamicSignature), Fact::Hash, verified.is_ok()))
}

/// What a signature with format `95` may cover.
fn online(case: &Case<'_>, signed: &Sent<'_>) -> Vec<Input> {
    let as_sent = (SignedInput::AsSent, signed.data.to_vec());
    [as_sent]
        .into_iter()
        .chain(fdda(case, number_sent(case, signed)))
        .map(|(input, data)| formatted(SignedFor::OnlineAuthorisation, input, data))
        .collect()
}

fn formatted(format: SignedFor, input: SignedInput, data: Vec<u8>) -> Input {
    Input { change: Change::SignedFormat { format: format.format(), input }, data, format: Some(format) }
}

/// What fDDA covers, version 01 where the card has what that needs (`EMV Contactless Book C-3, Annex C`).
pub(super) fn fdda(case: &Case<'_>, number: [u8; 4]) -> Vec<(SignedInput, Vec<u8>)> {
    let mut inputs = Vec::from([(SignedInput::FddaVersion00, number.to_vec())]);
    let related = case.card().value(tag::k3::CARD_AUTHENTICATION_RELATED_DATA_9F69);
    if let Some(related) = related {
        let covered = fdda::covered(&number, &case.outcome.terminal, related);
        inputs.insert(0, (SignedInput::FddaVersion01, covered));
    }
    inputs
}

/// What a signature with the right format may cover instead of what was sent.
fn hashed(case: &Case<'_>, signed: &Sent<'_>) -> Vec<Input> {
    let mut inputs = lists(case, signed);
    inputs.extend(orders(case, signed));
    inputs.extend(numbers(case, signed));
    inputs.extend(sequence_numbers(case, signed));
    let online =
        fdda(case, number_sent(case, signed)).into_iter().filter(|(input, _)| *input == SignedInput::FddaVersion01);
    inputs.extend(online.map(|(input, data)| formatted(SignedFor::OfflineApproval, input, data)));
    inputs
}

/// The list that was filled: the card's or else the terminal's.
fn list<'a>(case: &Case<'a>) -> Option<Dol<'a>> {
    let default = case.application().and_then(|application| application.default_ddol.as_deref());
    Dol::parse(case.card().value(tag::DDOL_9F49).or(default)?).ok()
}

/// The unpredictable number as it was sent, or the terminal's own.
fn number_sent(case: &Case<'_>, signed: &Sent<'_>) -> [u8; 4] {
    let range = list(case).and_then(|list| list.range_of(tag::UNPREDICTABLE_NUMBER_9F37));
    let sent = range.and_then(|range| signed.data.get(range)).and_then(|number| number.try_into().ok());
    sent.or_else(|| case.outcome.terminal.array(tag::UNPREDICTABLE_NUMBER_9F37)).unwrap_or_default()
}

/// Other lists than the one that was filled.
fn lists(case: &Case<'_>, signed: &Sent<'_>) -> Vec<Input> {
    let default = case.application().and_then(|application| application.default_ddol.as_deref());
    let used = list(case).map(|list| list.as_bytes());
    let others = [case.card().value(tag::DDOL_9F49), default, Some(USUAL_DDOL)].into_iter().flatten();
    let others = others.filter(|other| Some(*other) != used).filter_map(|other| Dol::parse(other).ok());
    others
        .map(|other| Input::new(Change::Ddol { list: other.as_bytes().to_vec() }, filled(case, signed, &other)))
        .collect()
}

/// A list filled from what was sent for the other, and else from what the two sides had then.
fn filled(case: &Case<'_>, signed: &Sent<'_>, other: &Dol<'_>) -> Vec<u8> {
    let used = list(case);
    let terminal = &case.outcome.terminal;
    let mut data = Vec::new();
    other.fill(&mut data, |tag| {
        let sent = used.and_then(|list| list.range_of(tag)).and_then(|range| signed.data.get(range));
        // What the outcome has of these is what they came to at the end.
        let at_the_end = matches!(tag, tag::TVR_95 | tag::TSI_9B);
        sent.or_else(|| terminal.value(tag).filter(|_| !at_the_end)).or_else(|| case.card().value(tag))
    });
    data
}

/// The values of the list in other orders.
fn orders(case: &Case<'_>, signed: &Sent<'_>) -> Vec<Input> {
    let Some(list) = list(case).filter(|list| list.total_length() == signed.data.len()) else { return Vec::new() };
    let mut rest = signed.data;
    let entries = list.entries().filter_map(|entry| {
        let (value, after) = rest.split_at_checked(usize::from(entry.length))?;
        rest = after;
        Some((entry.tag, value))
    });
    let entries: Vec<(Tag, &[u8])> = entries.collect();
    let mut sorted = entries.clone();
    sorted.sort_by_key(|(tag, _)| tag.number());
    let mut orders = Vec::from([sorted, entries.iter().rev().copied().collect()]);
    if entries.len() <= MOST_PERMUTED {
        permute(entries.clone(), Vec::new(), &mut orders);
    }
    let input = |order: Vec<(Tag, &[u8])>| {
        let data = order.iter().flat_map(|(_, value)| *value).copied().collect();
        Input::new(Change::DdolOrder { order: order.iter().map(|(tag, _)| *tag).collect() }, data)
    };
    orders.into_iter().map(input).collect()
}

/// Every order of `left` after `chosen`. There are few.
fn permute<T: Clone>(left: Vec<T>, chosen: Vec<T>, into: &mut Vec<Vec<T>>) {
    if left.is_empty() {
        into.push(chosen);
        return;
    }
    for at in 0..left.len() {
        let (mut left, mut chosen) = (left.clone(), chosen.clone());
        chosen.push(left.remove(at));
        permute(left, chosen, into);
    }
}

/// Other unpredictable numbers in the same place.
fn numbers(case: &Case<'_>, signed: &Sent<'_>) -> Vec<Input> {
    let Some(range) = list(case).and_then(|list| list.range_of(tag::UNPREDICTABLE_NUMBER_9F37)) else {
        return Vec::new();
    };
    let input = |(exchange, value): (Option<u16>, [u8; 4])| {
        let mut data = signed.data.to_vec();
        data.get_mut(range.clone()).filter(|place| place.len() == value.len())?.copy_from_slice(&value);
        Some(Input::new(Change::UnpredictableNumber { value, exchange }, data))
    };
    case.other_numbers(number_sent(case, signed)).into_iter().filter_map(input).collect()
}

/// The PAN sequence number in another number of bytes, where the list asks for it.
fn sequence_numbers(case: &Case<'_>, signed: &Sent<'_>) -> Vec<Input> {
    let Some(list) = list(case) else { return Vec::new() };
    let variants = other_sequence_numbers(&list, signed.data);
    variants.into_iter().map(|(length, data)| Input::new(Change::SequenceNumberLength { length }, data)).collect()
}

/// What was sent for `list` with the PAN sequence number in one byte, or in two.
pub(super) fn other_sequence_numbers(list: &Dol<'_>, sent: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let Some(range) = list.range_of(tag::PAN_SEQUENCE_NUMBER_5F34) else { return Vec::new() };
    let (Some(before), Some(value), Some(after)) =
        (sent.get(..range.start), sent.get(range.clone()), sent.get(range.end..))
    else {
        return Vec::new();
    };
    let others: Vec<Vec<u8>> = match value {
        [number] => [[0, *number].to_vec(), [*number, 0].to_vec()].into(),
        [0, number] => [[*number].to_vec(), [*number, 0].to_vec()].into(),
        [number, 0] => [[*number].to_vec(), [0, *number].to_vec()].into(),
        _ => Vec::new(),
    };
    others.into_iter().map(|other| (other.len(), [before, &other, after].concat())).collect()
}
