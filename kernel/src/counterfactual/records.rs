//! Which records are signed, in which order and form.

use alloc::{borrow::Cow, vec::Vec};

use super::{
    Change,
    case::{Case, Record},
    static_data::{Base, Variant},
};

/// More records than this are not put into other orders, since there would be too many of them.
const MOST_REORDERED: usize = 12;

/// One signed record left out or one more signed, other forms, other orders.
pub(super) fn variants<'a>(case: &Case<'a>, base: &Base<'a>) -> Vec<Variant<'a>> {
    let mut variants = counts(case, base);
    variants.extend(forms(case, base));
    variants.extend(orders(case, base));
    variants
}

/// The records that `take` gives bytes for.
fn select<'a>(case: &Case<'a>, take: impl Fn(&Record<'a>) -> Option<&'a [u8]>) -> Vec<Cow<'a, [u8]>> {
    case.records().filter_map(|record| take(&record)).map(Cow::Borrowed).collect()
}

fn ruled<'a>(record: &Record<'a>) -> Option<&'a [u8]> {
    record.as_signed().filter(|_| record.signed)
}

fn counts<'a>(case: &Case<'a>, base: &Base<'a>) -> Vec<Variant<'a>> {
    let toggled = |other: Record<'a>| {
        let records = select(case, |record| {
            if record.name == other.name { other.as_signed().filter(|_| !other.signed) } else { ruled(record) }
        });
        let record = other.name;
        let change = if other.signed { Change::RecordLeftOut { record } } else { Change::RecordAdded { record } };
        base.records(change, records)
    };
    case.records().map(toggled).collect()
}

/// With the template where the rule leaves it out, and the other way round: all records, or one of them.
fn forms<'a>(case: &Case<'a>, base: &Base<'a>) -> Vec<Variant<'a>> {
    let otherwise = |record: &Record<'a>| if record.rule_is_whole() { record.inside } else { Some(record.whole) };
    let whole = |record: &Record<'a>| Some(record.whole);
    let inside = |record: &Record<'a>| record.inside.or(Some(record.whole));
    let every = |form: &dyn Fn(&Record<'a>) -> Option<&'a [u8]>| select(case, |it| form(it).filter(|_| it.signed));
    let mut variants = Vec::from([
        base.records(Change::RecordForm { record: None, whole: true }, every(&whole)),
        base.records(Change::RecordForm { record: None, whole: false }, every(&inside)),
    ]);
    let signed = case.records().filter(|record| record.signed);
    variants.extend(signed.map(|other| {
        let one = |record: &Record<'a>| {
            let form =
                if record.name == other.name { otherwise(record).or(Some(record.whole)) } else { record.as_signed() };
            form.filter(|_| record.signed)
        };
        let whole = !other.rule_is_whole() || other.inside.is_none();
        base.records(Change::RecordForm { record: Some(other.name), whole }, select(case, one))
    }));
    variants
}

/// By name, backwards, and with any two changed about.
fn orders<'a>(case: &Case<'a>, base: &Base<'a>) -> Vec<Variant<'a>> {
    let signed: Vec<Record<'a>> = case.records().filter(|record| ruled(record).is_some()).collect();
    if signed.len() < 2 || signed.len() > MOST_REORDERED {
        return Vec::new();
    }
    let mut by_name = signed.clone();
    by_name.sort_by_key(|record| record.name);
    let backwards = signed.iter().rev().copied().collect();
    let pairs = (0..signed.len()).flat_map(|one| (0..one).map(move |other| (other, one)));
    let swapped = pairs.map(|(one, other)| {
        let mut order = signed.clone();
        order.swap(one, other);
        order
    });
    let variant = |order: Vec<Record<'a>>| {
        let change = Change::RecordOrder { order: order.iter().map(|record| record.name).collect() };
        base.records(change, order.iter().filter_map(ruled).map(Cow::Borrowed).collect())
    };
    [by_name, backwards].into_iter().chain(swapped).map(variant).collect()
}
