//! Signed objects with the value they have elsewhere on the card.

use alloc::{borrow::Cow, vec::Vec};

use apdu::{
    Tag, tag, tlv,
    value::{Date, Pan, track2::Track2},
};

use super::{
    Change, Source,
    ca_key::differences,
    case::{Case, Record},
    change::RecordName,
    static_data::{Base, Variant},
};
use crate::{finding::Value, oda::report::Certificate};

/// How many copies of signed objects are looked at.
const MOST_COPIES: usize = 64;

/// A value that may have been signed.
pub(super) struct Original {
    pub(super) tag: Tag,
    pub(super) value: Vec<u8>,
    source: Option<Source>,
}

impl Original {
    /// The change from the value that was `given`.
    pub(super) fn change(&self, record: Option<RecordName>, given: &[u8]) -> Change {
        let offsets = differences(given, &self.value).unwrap_or_default();
        let length = self.value.len();
        match self.source {
            Some(source) => Change::Object { tag: self.tag, record, offsets, value: shown(self), source },
            None => Change::SequenceNumberLength { length },
        }
    }
}

/// Each signed object with each value that it has elsewhere.
pub(super) fn variants<'a>(case: &Case<'a>, base: &Base<'a>) -> Vec<Variant<'a>> {
    let mut originals = card_numbers(case);
    originals.extend(expiration_dates(case));
    originals.extend(tracks(case));
    originals.extend(sequence_numbers(case));
    originals.extend(copies(case));
    originals.iter().flat_map(|original| restorations(case, base, original)).collect()
}

/// The static data with this object put back, wherever among the signed records it is.
pub(super) fn restorations<'a>(case: &Case<'a>, base: &Base<'a>, original: &Original) -> Vec<Variant<'a>> {
    let signed = case.records().filter(|record| record.signed);
    let objects = signed.flat_map(|record| objects(&record).into_iter().map(move |object| (record, object)));
    let other = objects.filter(|(_, object)| object.tag == original.tag && object.value != original.value);
    other.filter_map(|(record, object)| restored(case, base, original, (&record, object))).collect()
}

/// The primitive objects of a record, with offsets from the start of what is signed.
fn objects<'a>(record: &Record<'a>) -> Vec<tlv::Tlv<'a>> {
    let mut objects = Vec::new();
    let walked = tlv::walk(record.as_signed().unwrap_or(&[]), &mut |object, _| {
        if !object.tag.is_constructed() {
            objects.push(object);
        }
    });
    if walked.is_ok() { objects } else { Vec::new() }
}

/// The static data with one object put back. Another length is possible only where no template around it has one.
fn restored<'a>(
    case: &Case<'a>,
    base: &Base<'a>,
    original: &Original,
    (holder, object): (&Record<'a>, tlv::Tlv<'a>),
) -> Option<Variant<'a>> {
    let bytes = put_back(holder, object, &original.value)?;
    let records = case.records().filter(|record| record.signed).filter_map(|record| {
        if record.name == holder.name { Some(Cow::Owned(bytes.clone())) } else { record.as_signed().map(Cow::Borrowed) }
    });
    let change = original.change(Some(holder.name), object.value);
    let objects = [(original.tag, original.value.clone())].into();
    Some(Variant { objects, ..base.records(change, records.collect()) })
}

fn put_back(holder: &Record<'_>, object: tlv::Tlv<'_>, value: &[u8]) -> Option<Vec<u8>> {
    let signed = holder.as_signed()?;
    let before = signed.get(..object.offset)?;
    let after = signed.get(object.offset.checked_add(object.raw.len())?..)?;
    let is_outermost = || tlv::Reader::strict(signed).map_while(Result::ok).any(|outer| outer.offset == object.offset);
    if value.len() != object.value.len() && (holder.rule_is_whole() || !is_outermost()) {
        return None;
    }
    let mut bytes = before.to_vec();
    bytes.extend_from_slice(object.raw.get(..object.value_offset().checked_sub(object.offset)?)?);
    if value.len() != object.value.len() {
        bytes.truncate(before.len());
        bytes.extend_from_slice(object.tag.bytes().as_ref());
        tlv::write_length(&mut bytes, value.len());
    }
    bytes.extend_from_slice(value);
    bytes.extend_from_slice(after);
    Some(bytes)
}

/// The value, unless it is one that nothing may show.
fn shown(original: &Original) -> Option<Value> {
    match original.tag {
        tag::PAN_5A => Pan::from_compressed(&original.value).ok().map(Value::from),
        tag::APPLICATION_EXPIRATION_DATE_5F24 | tag::APPLICATION_EFFECTIVE_DATE_5F25 => {
            let yymmdd = original.value.as_slice().try_into().ok()?;
            Date::from_yymmdd(yymmdd).ok().map(Value::from)
        }
        _ => None,
    }
}

fn track(case: &Case<'_>) -> Option<Track2> {
    case.card().value(tag::TRACK_2_EQUIVALENT_DATA_57).and_then(|value| Track2::from_bytes(value).ok())
}

/// The number that the card's certificate holds: it is readable whatever the hash says.
fn certified(case: &Case<'_>) -> Option<Pan> {
    let steps = case.outcome.chain.steps.iter();
    steps.filter(|step| step.certificate == Certificate::Icc).find_map(|step| step.recovered.pan.clone())
}

/// The numbers of the track and of the certificate.
pub(super) fn card_numbers(case: &Case<'_>) -> Vec<Original> {
    let track = track(case).map(|track| (track.pan.clone(), Source::Track2));
    let certified = certified(case).map(|pan| (pan, Source::Certificate));
    let numbers = track.into_iter().chain(certified);
    numbers.filter_map(|(pan, source)| card_number(case, pan, source)).collect()
}

/// A number as the chip would have it: at least as long as the one that it has.
pub(super) fn card_number(case: &Case<'_>, pan: Pan, source: Source) -> Option<Original> {
    let length = case.card().value(tag::PAN_5A).map_or(0, <[u8]>::len);
    let value = pan.to_padded().get(..pan.len().div_ceil(2).max(length))?.to_vec();
    Some(Original { tag: tag::PAN_5A, value, source: Some(source) })
}

/// The month of the track with the same day, the last and the first of the month.
fn expiration_dates(case: &Case<'_>) -> Vec<Original> {
    let Some(track) = track(case) else { return Vec::new() };
    let [year, month] = track.expiry;
    let day = case.card().array::<3>(tag::APPLICATION_EXPIRATION_DATE_5F24).map(|[.., day]| day);
    let last = Date::from_yymm(track.expiry).ok().map(|date| date.to_yymmdd()[2]);
    let days = [day, last, Some(0x01)].into_iter().flatten();
    let original = |day| Original {
        tag: tag::APPLICATION_EXPIRATION_DATE_5F24,
        value: [year, month, day].into(),
        source: Some(Source::Track2),
    };
    days.map(original).collect()
}

/// The track with the chip's own number, the certificate's, or the chip's own date.
fn tracks(case: &Case<'_>) -> Vec<Original> {
    let Some(track) = track(case) else { return Vec::new() };
    let own = case.card().value(tag::PAN_5A).and_then(|value| Pan::from_compressed(value).ok());
    let date = case.card().array::<3>(tag::APPLICATION_EXPIRATION_DATE_5F24);
    let numbered = [(own, Source::CardNumber), (certified(case), Source::Certificate)];
    let with = |change: &dyn Fn(&mut Track2)| {
        let mut other = track.clone();
        change(&mut other);
        other
    };
    let numbered = numbered.into_iter().filter_map(|(pan, source)| {
        let pan = pan?;
        Some((with(&|other| other.pan = pan.clone()), source))
    });
    let dated = date.map(|[year, month, _]| (with(&|other| other.expiry = [year, month]), Source::ExpirationDate));
    let original = |(track, source): (Track2, Source)| {
        let (bytes, length) = track.to_bytes();
        let value = bytes.get(..length).unwrap_or(&[]).to_vec();
        Original { tag: tag::TRACK_2_EQUIVALENT_DATA_57, value, source: Some(source) }
    };
    numbered.chain(dated).map(original).collect()
}

/// In two bytes instead of one, and in one instead of more.
fn sequence_numbers(case: &Case<'_>) -> Vec<Original> {
    let tag = tag::PAN_SEQUENCE_NUMBER_5F34;
    let values: Vec<Vec<u8>> = match case.card().value(tag) {
        Some([number]) => [[0, *number].to_vec(), [*number, 0].to_vec()].into(),
        Some([.., number]) => [[*number].to_vec()].into(),
        _ => Vec::new(),
    };
    values.into_iter().map(|value| Original { tag, value, source: None }).collect()
}

/// Other values of the card's objects anywhere in its answers.
fn copies(case: &Case<'_>) -> Vec<Original> {
    let mut copies: Vec<Original> = Vec::new();
    for sent in case.exchanges() {
        let walked = tlv::walk(sent.answer.unwrap_or(&[]), &mut |object, _| {
            let differs = case.card().value(object.tag).is_some_and(|value| value != object.value);
            let new = !copies.iter().any(|copy| copy.tag == object.tag && copy.value == object.value);
            if differs && new && copies.len() < MOST_COPIES {
                let source = Some(Source::Exchange(sent.exchange));
                copies.push(Original { tag: object.tag, value: object.value.to_vec(), source });
            }
        });
        // What cannot be read to its end was read as far as it goes.
        walked.ok();
    }
    copies
}
