//! What would have made a failed check pass.

use apdu::Tag;
use kernel::{
    Outcome,
    counterfactual::{Change, Counterfactual, Source as ValueSource},
    finding::Place,
};

use super::said::Said;

/// The sentences about `found`, each naming the finding it answers.
pub(super) fn all(found: &[Counterfactual], outcome: &Outcome) -> Vec<Said> {
    found.iter().filter_map(|counterfactual| one(counterfactual, outcome)).collect()
}

fn one(counterfactual: &Counterfactual, outcome: &Outcome) -> Option<Said> {
    let finding = outcome.log.findings.get(counterfactual.finding)?;
    let said = describe(&counterfactual.change);
    Some(
        said.with("finding", finding.reason.id().to_owned())
            .with("certainty", counterfactual.certainty.id().to_owned()),
    )
}

fn key(rid: [u8; 5], index: u8) -> String {
    format!("{}/{index:02X}", hex::encode_upper(rid))
}

fn numbers(all: &[u16]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn tags(all: &[Tag]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn records(all: &[(u8, u8)]) -> String {
    all.iter().map(|(file, record)| format!("{file}.{record}")).collect::<Vec<_>>().join(" ")
}

fn describe(change: &Change) -> Said {
    let said = Said::new(change.id());
    match change {
        Change::KnownCaKey { rid, index }
        | Change::OtherCaKeyIndex { rid, index, .. }
        | Change::OtherCaKeyRid { rid, index, .. }
        | Change::OtherCaKey { rid, index, .. }
        | Change::UncheckedCaKey { rid, index } => said.with("key", key(*rid, *index)),
        Change::RepairedCaKey { rid, index, offsets } => {
            said.with("key", key(*rid, *index)).with("offsets", numbers(offsets))
        }
        Change::CaKeyExponent { rid, index, exponent } => {
            said.with("key", key(*rid, *index)).with("exponent", format!("{exponent:?}"))
        }
        Change::RemainderLeftOut { tag } => said.with("tag", tag.to_string()),
        Change::RemainderTrimmed { tag, start, length } => {
            said.with("tag", tag.to_string()).with("start", start.to_string()).with("length", length.to_string())
        }
        Change::RemainderElsewhere { tag, from } => said.with("tag", tag.to_string()).with("from", from.to_string()),
        Change::Exponent { tag, exponent } => {
            said.with("tag", tag.to_string()).with("exponent", format!("{exponent:?}"))
        }
        Change::AipLeftOut {} | Change::AipAdded {} => said,
        Change::Aip { signed, given } => {
            said.with("signed", hex::encode_upper(signed)).with("given", hex::encode_upper(given))
        }
        Change::RecordLeftOut { record } | Change::RecordAdded { record } => said.with("record", records(&[*record])),
        Change::RecordOrder { order } => said.with("order", records(order)),
        Change::RecordForm { record, whole } => said
            .with("record", record.map_or_else(|| "*".to_owned(), |record| records(&[record])))
            .with("whole", whole.to_string()),
        _ => describe_dynamic(change, said),
    }
}

fn describe_dynamic(change: &Change, said: Said) -> Said {
    match change {
        Change::Object { tag, record, source, .. } => said
            .with("tag", tag.to_string())
            .with("record", record.map_or_else(|| "-".to_owned(), |record| records(&[record])))
            .with("source", source_name(*source).to_owned()),
        Change::Byte { place, signed, found } => {
            let byte = |byte: &Option<u8>| byte.map_or_else(|| "**".to_owned(), |byte| format!("{byte:02X}"));
            said.with("place", place_name(place)).with("signed", byte(signed)).with("found", byte(found))
        }
        Change::SequenceNumberLength { length } => said.with("length", length.to_string()),
        Change::Ddol { list } => said.with("list", hex::encode_upper(list)),
        Change::DdolOrder { order } => said.with("order", tags(order)),
        Change::UnpredictableNumber { value, exchange } => said
            .with("value", hex::encode_upper(value))
            .with("exchange", exchange.map_or_else(|| "-".to_owned(), |exchange| exchange.to_string())),
        Change::SignedFormat { format, input } => {
            said.with("format", format!("{format:02X}")).with("input", input.id().to_owned())
        }
        Change::TransactionData { parts } => said.with("parts", parts.pdol.id().to_owned()),
        Change::Decision { signed, given } => {
            said.with("signed", format!("{signed:02X}")).with("given", format!("{given:02X}"))
        }
        Change::Date { from, to } => {
            let day = |day: &Option<apdu::value::Date>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
            said.with("from", day(from)).with("to", day(to))
        }
        Change::ListLength { list, expected, sent } => {
            said.with("list", list.to_string()).with("expected", expected.to_string()).with("sent", sent.to_string())
        }
        _ => said,
    }
}

fn source_name(source: ValueSource) -> &'static str {
    source.id()
}

fn place_name(place: &Place) -> String {
    let tag = place.tag.map(|tag| tag.to_string());
    let record = place.record.map(|(file, record)| format!("{file}.{record}"));
    let offset = place.offset.map(|offset| format!("@{offset}"));
    [tag, record, offset].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
