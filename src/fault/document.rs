//! The table of the corpus for people: `docs/security.md`.

use std::{collections::BTreeMap, fmt::Write};

use super::{Case, Entry, Expected, Kind};

/// The rows of `entries` as a table: id, what it is, whether the specification lets it through, what each policy does.
pub fn table<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> String {
    let mut table = "| id | what it is | lets it through | `emv` | `hardened` |\n|---|---|---|---|---|\n".to_owned();
    for entry in entries {
        let [emv, hardened] = ends(entry);
        // Writing to a string does not fail.
        let _ = writeln!(table, "| {} | {} | {} | {emv} | {hardened} |", entry.id, what(entry), entry.hole.id());
    }
    table
}

fn what(entry: &Entry) -> String {
    let settled = entry.settled.as_ref().map_or(String::new(), |why| format!(" ({why})"));
    format!("{}{settled}", entry.name)
}

fn ends(entry: &Entry) -> [String; 2] {
    let shown = match &entry.kind {
        Kind::NotHere(why) => return [format!("not here: {why}"), "–".to_owned()],
        Kind::Exhaustive if entry.cases.is_empty() => {
            return [format!("shown by {}", tests(entry)), "the same".to_owned()];
        }
        Kind::Exhaustive | Kind::Cases => [summary(entry, |case| &case.emv), summary(entry, |case| &case.hardened)],
    };
    let [emv, hardened] = shown;
    let same = if hardened == emv { "the same".to_owned() } else { hardened };
    let more = if entry.tests.is_empty() { String::new() } else { format!("; shown by {}", tests(entry)) };
    [format!("{emv}{more}"), same]
}

fn tests(entry: &Entry) -> String {
    let names = entry.tests.iter().map(|test| format!("`{}`", test.rsplit(": ").next().unwrap_or(test)));
    names.collect::<Vec<_>>().join(", ")
}

/// How the cases end: each end once, with what is found.
fn summary(entry: &Entry, under: impl Fn(&Case) -> &Expected) -> String {
    let mut ends: Vec<(String, BTreeMap<&str, ()>)> = Vec::new();
    for expected in entry.cases.iter().map(under) {
        let end = end(expected);
        let found = expected.reasons.iter().map(|reason| (reason.as_str(), ()));
        match ends.iter_mut().find(|(known, _)| *known == end) {
            Some((_, reasons)) => reasons.extend(found),
            None => ends.push((end, found.collect())),
        }
    }
    let words = ends.iter().map(|(end, reasons)| {
        let reasons: Vec<_> = reasons.keys().map(|reason| format!("`{reason}`")).collect();
        if reasons.is_empty() { end.clone() } else { format!("{end}: {}", reasons.join(", ")) }
    });
    words.collect::<Vec<_>>().join("; ")
}

fn end(expected: &Expected) -> String {
    match (expected.decision.as_str(), expected.by.as_str()) {
        ("not-completed", _) => "not completed".to_owned(),
        (decision, by) => format!("{decision} by {by}"),
    }
}
