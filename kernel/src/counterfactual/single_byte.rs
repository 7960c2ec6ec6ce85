//! One byte that was changed after signing: every byte with every value.

use alloc::vec::Vec;

use apdu::{
    Dol, Tag,
    dictionary::{Context, Sensitivity, lookup},
    tag, tlv,
};

use super::{
    Change, Counterfactual,
    case::{Case, with},
    combined::Command,
    question::Question,
    static_data::{self, Base},
};
use crate::{
    crypto::hash::{Sha1, Sha1Value},
    finding::{Fact, Place, Reason, Value},
    oda::{StaticData, report::Certificate},
};

/// More bytes than this are not searched: the time grows with the square of their number.
const MOST_BYTES: usize = 1024;

/// A byte to put back: where it is in the data, and what it was.
#[derive(Clone, Copy)]
struct Byte {
    at: usize,
    signed: u8,
}

pub(super) fn search(question: &Question<'_>) -> Option<Counterfactual> {
    match question.reason() {
        Reason::OdaCdaTdhc => in_transaction_data(question),
        _ => beside_certificate(question).or_else(|| in_static_data(question)),
    }
}

/// The byte among the first `most` of `data` with which the hash that begins with `before` comes out as `signed`.
fn find(before: &Sha1, data: &[u8], most: usize, signed: Sha1Value) -> Option<Byte> {
    let mut before = before.clone();
    for (at, found) in data.iter().enumerate().take(most).take_while(|_| data.len() <= MOST_BYTES) {
        let after = data.get(at.saturating_add(1)..)?;
        let fits = |value: &u8| before.clone().and(&[*value]).and(after).value() == signed;
        if let Some(signed) = (0..=u8::MAX).filter(|value| value != found).find(fits) {
            return Some(Byte { at, signed });
        }
        before = before.and(&[*found]);
    }
    None
}

/// `data` with the byte put back, and what was found in its place.
fn put_back(data: &[u8], byte: Byte) -> Option<(Vec<u8>, u8)> {
    let mut data = data.to_vec();
    let found = core::mem::replace(data.get_mut(byte.at)?, byte.signed);
    Some((data, found))
}

/// The change, without the values where they are part of what must not be shown.
fn change(place: Place, signed: u8, found: u8) -> Change {
    let entry = place.tag.and_then(|tag| lookup(tag, Context::Emv));
    let may_be_shown = entry.is_some_and(|entry| entry.sensitivity < Sensitivity::Account);
    let shown = |value| may_be_shown.then_some(value);
    Change::Byte { place, signed: shown(signed), found: shown(found) }
}

/// A byte of the remainder or of the exponent beside the card's certificate.
fn beside_certificate(question: &Question<'_>) -> Option<Counterfactual> {
    let (seal, certificate) = static_data::seal(question).filter(|(_, sealed)| *sealed == Certificate::Icc)?;
    let case = question.case;
    let base = Base::new(case);
    let value = |tag| case.card().value(tag).unwrap_or(&[]);
    let beside = [tag::ICC_PUBLIC_KEY_REMAINDER_9F48, tag::ICC_PUBLIC_KEY_EXPONENT_9F47].map(|tag| (tag, value(tag)));
    let [(_, remainder), (_, exponent)] = beside;
    let records = base.records.concat();
    let data = [remainder, exponent, &records, base.listed].concat();
    let (_, signed) = seal.parts();
    let byte = find(&seal.message(), &data, remainder.len().saturating_add(exponent.len()), signed)?;
    let ((tag, given), at) = match byte.at.checked_sub(remainder.len()) {
        Some(at) => (beside[1], at),
        None => (beside[0], byte.at),
    };
    let (value, found) = put_back(given, Byte { at, ..byte })?;
    let place = Place { offset: short(at), ..case.card().place(tag).tag(tag) };
    let card = with(case.card(), &[(tag, Some(value))]);
    let static_data = StaticData::supposed(&records, base.listed);
    static_data::follow(question, certificate, &card, static_data, change(place, byte.signed, found))
}

fn in_static_data(question: &Question<'_>) -> Option<Counterfactual> {
    let (seal, certificate) = static_data::seal(question)?;
    let case = question.case;
    let base = Base::new(case);
    let (before, signed) = seal.parts();
    let records = base.records.concat();
    let data = [&records, base.listed].concat();
    let byte = find(&before, &data, data.len(), signed)?;
    let (data, found) = put_back(&data, byte)?;
    let (records, listed) = data.split_at_checked(records.len())?;
    let place = place_in_static_data(case, &base, byte.at);
    let object = place.tag.and_then(|tag| Some((tag, Some(put_back_object(case, tag, place, byte)?))));
    let card = with(case.card(), object.as_slice());
    let static_data = StaticData::supposed(records, listed);
    static_data::follow(question, certificate, &card, static_data, change(place, byte.signed, found))
}

fn put_back_object(case: &Case<'_>, tag: Tag, place: Place, byte: Byte) -> Option<Vec<u8>> {
    let at = usize::from(place.offset?);
    put_back(case.card().value(tag)?, Byte { at, ..byte }).map(|(value, _)| value)
}

/// The record and object that hold the byte.
fn place_in_static_data(case: &Case<'_>, base: &Base<'_>, at: usize) -> Place {
    let mut start = 0_usize;
    let signed = case.records().filter(|record| record.signed).filter_map(|it| Some((it.place(), it.as_signed()?)));
    for (place, bytes) in signed {
        match at.checked_sub(start) {
            Some(inside) if inside < bytes.len() => return place_in_objects(place, bytes, inside),
            _ => start = start.saturating_add(bytes.len()),
        }
    }
    let records: usize = base.records.iter().map(|record| record.len()).sum();
    let listed = at.checked_sub(records).map(|offset| Place {
        tag: Some(tag::AIP_82),
        offset: short(offset),
        ..Place::default()
    });
    listed.unwrap_or(Place { offset: short(at), ..Place::default() })
}

/// Inside the value of an object, or else where it is in all of them.
fn place_in_objects(place: Place, bytes: &[u8], at: usize) -> Place {
    let mut found = Place { offset: short(at), ..place };
    let walked = tlv::walk(bytes, &mut |object, _| {
        let inside = at.checked_sub(object.value_offset()).filter(|inside| *inside < object.value.len());
        if let Some(inside) = inside.filter(|_| !object.tag.is_constructed()) {
            found = Place { offset: short(inside), ..place.tag(object.tag) };
        }
    });
    // What cannot be read to its end was read as far as it goes.
    walked.ok();
    found
}

fn short(offset: usize) -> Option<u16> {
    u16::try_from(offset).ok()
}

/// One part of the data that a CDA signature covers.
struct Part<'a> {
    place: Place,
    bytes: &'a [u8],
    /// The list it was filled for; `None` for an object of the answer.
    list: Option<Dol<'a>>,
}

fn in_transaction_data(question: &Question<'_>) -> Option<Counterfactual> {
    let case = question.case;
    let command = case.generate_ac(question.phase())?;
    let signed = match question.finding.evidence.first()?.expected.as_ref()? {
        Value::Bytes(bytes) => Sha1Value::try_from(&**bytes).ok()?,
        _ => return None,
    };
    let parts = parts(case, &command);
    let data: Vec<u8> = parts.iter().flat_map(|part| part.bytes).copied().collect();
    let byte = find(&Sha1::new(), &data, data.len(), signed)?;
    let found = *data.get(byte.at)?;
    let place = place_in_parts(&parts, byte.at);
    // This hash is the last check of the signature; but the decision in the clear was one that the signature confirms.
    let whole = place.tag != Some(tag::CRYPTOGRAM_INFORMATION_DATA_9F27);
    let change = change(place, byte.signed, found);
    Some(question.answer(change, Some(Certificate::DynamicSignature), Fact::TransactionDataHash, whole))
}

fn parts<'a>(case: &Case<'a>, command: &Command<'a>) -> Vec<Part<'a>> {
    let list = |tag| case.card().value(tag).and_then(|list| Dol::parse(list).ok());
    let initiation = case.initiation().map(|sent| sent.place()).unwrap_or_default();
    let mut parts = Vec::from([
        Part { place: initiation, bytes: command.pdol, list: list(tag::PDOL_9F38) },
        Part { place: command.first_place, bytes: command.first, list: list(tag::CDOL1_8C) },
    ]);
    let place = command.sent.place();
    parts.extend(command.second.map(|bytes| Part { place, bytes, list: list(tag::CDOL2_8D) }));
    let answered = tlv::Reader::strict(command.objects).map_while(Result::ok);
    let hashed = answered.filter(|object| object.tag != tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    parts.extend(hashed.map(|object| Part { place, bytes: object.raw, list: None }));
    parts
}

fn place_in_parts(parts: &[Part<'_>], at: usize) -> Place {
    let mut start = 0_usize;
    for part in parts {
        match (at.checked_sub(start).filter(|inside| *inside < part.bytes.len()), part.list) {
            (Some(inside), Some(list)) => return place_in_list(part.place, &list, inside),
            (Some(inside), None) => return place_in_objects(part.place, part.bytes, inside),
            (None, _) => start = start.saturating_add(part.bytes.len()),
        }
    }
    Place::default()
}

/// The list entry that the byte was filled for.
fn place_in_list(place: Place, list: &Dol<'_>, at: usize) -> Place {
    let mut start = 0_usize;
    for entry in list.entries() {
        match at.checked_sub(start).filter(|inside| *inside < usize::from(entry.length)) {
            Some(inside) => return Place { offset: short(inside), ..place.tag(entry.tag) },
            None => start = start.saturating_add(usize::from(entry.length)),
        }
    }
    Place { offset: short(at), ..place }
}
