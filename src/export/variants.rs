//! What may have been signed, when it is not what the rules say: so that an explanation that names the difference finds the
//! same difference again. The guesses come in the same order for any attempt of the same form.

use apdu::{Tag, tag};

use super::facts::{Facts, Record};

/// What stands beside a certificate and is hashed with it: remainder and exponent, as they are first.
pub(super) fn beside(remainder: Tag, exponent: Tag) -> impl Fn(&Facts) -> Vec<Vec<u8>> {
    move |facts| {
        let (rest, own) = (facts.value_or_nothing(remainder), facts.value_or_nothing(exponent));
        let exponents = [own, &[3], &[1, 0, 1]];
        let with = exponents.iter().map(|exponent| [rest, exponent].concat());
        let without = exponents.iter().map(|exponent| exponent.to_vec());
        with.chain(without).collect()
    }
}

/// How many records are tried in other places and forms.
const MOST: usize = 32;

/// The static data: as the locator and the list say first.
pub(super) fn static_data(facts: &Facts) -> Vec<Vec<u8>> {
    let records = &facts.signed_records;
    let profile = facts.value_or_nothing(tag::AIP_82);
    let all: Vec<&[u8]> = records.iter().map(|record| &*record.signed).collect();
    let with = |parts: &[&[u8]], last: &[u8]| [&parts.concat()[..], last].concat();
    let mut variants = vec![with(&all, facts.listed()), with(&all, &[]), with(&all, profile)];
    variants.extend((0..all.len().min(MOST)).map(|at| with(&without(&all, at), facts.listed())));
    variants.extend((0..all.len().min(MOST)).map(|at| with(&in_form(records, Some(at)), facts.listed())));
    variants.push(with(&in_form(records, None), facts.listed()));
    variants.extend(facts.other_records.iter().take(MOST / 4).flat_map(|other| {
        (0..=all.len().min(MOST)).map(|at| {
            let (before, after) = all.split_at(at);
            [&before.concat()[..], &other.signed, &after.concat(), facts.listed()].concat()
        })
    }));
    variants.push(with(&all.iter().rev().copied().collect::<Vec<_>>(), facts.listed()));
    variants
}

fn without<'a>(all: &[&'a [u8]], left_out: usize) -> Vec<&'a [u8]> {
    all.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, record)| *record).collect()
}

/// The record at `changed`, or all of them, with its template.
fn in_form(records: &[Record], changed: Option<usize>) -> Vec<&[u8]> {
    let whole = |at: usize| changed.is_none_or(|changed| changed == at);
    records.iter().enumerate().map(|(at, record)| if whole(at) { &*record.whole } else { &*record.signed }).collect()
}
