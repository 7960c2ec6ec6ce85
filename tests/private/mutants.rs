//! Damaged recordings: what is said about them tells nothing either, in reports, pages, errors and what errors show of
//! themselves.

use std::{env, error::Error, sync::LazyLock};

use emvident::{
    explain::Explainer,
    export::{Exporter, Options},
    text::{Language, Text},
};

use super::{
    canary::{Canary, NUMBERS, search},
    session::{self, Exchange, canaries},
};

static EXPLAINER: LazyLock<Explainer> = LazyLock::new(|| Explainer::new().unwrap());

/// How many are made of each card number; `PRIVATE_MUTANTS` says otherwise.
const MUTANTS: usize = 12;

/// A simple generator: the same mutants every time.
struct Draws(u64);

impl Draws {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

/// One thing changed in one answer: a byte, a length, the end, a byte more, two objects in another order.
fn mutate(session: &mut [Exchange], draws: &mut Draws) {
    let at = draws.next(session.len());
    let mut bytes = hex::decode(&session[at].1).unwrap();
    let place = draws.next(bytes.len());
    match if bytes.is_empty() { 2 } else { draws.next(5) } {
        0 => bytes[place] ^= 1 << draws.next(8),
        1 => bytes.truncate(place),
        2 => bytes.insert(place, 0x70),
        3 => drop(bytes.remove(place)),
        _ => bytes.rotate_left(place % 4),
    }
    session[at].1 = hex::encode_upper(bytes);
}

fn chain(error: &dyn Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(&format!(" {source} {source:?}"));
        next = source.source();
    }
    text
}

/// Everything that is said of a recording, and of what is made of it for others.
fn everything_said(recording: &str, full: bool) -> Vec<(&'static str, String)> {
    let text = Text::new(Language::En);
    let mut said = match EXPLAINER.explain(recording.as_bytes(), None) {
        Ok(explanation) if full => {
            vec![("text", explanation.text(&text, false)), ("page", explanation.html(None, Language::En))]
        }
        Ok(explanation) => vec![("JSON", explanation.json(&text))],
        Err(error) => vec![("error", chain(&error))],
    };
    said.push(match Exporter::new(EXPLAINER.clone(), Options::default()).export(recording.as_bytes(), None) {
        Ok(export) => ("export", export.document(&text)),
        Err(error) => ("export error", chain(&error)),
    });
    said
}

#[test]
fn damage_brings_nothing_private_to_light() {
    let mutants = env::var("PRIVATE_MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(MUTANTS);
    let mut hits = Vec::new();
    for number in NUMBERS {
        let canaries: Vec<Canary> = canaries(number);
        let mut draws = Draws(number.len() as u64);
        for mutant in 0..mutants {
            let mut session = session::session(number);
            (0..=draws.next(3)).for_each(|_| mutate(&mut session, &mut draws));
            let log = if mutant % 2 == 0 { session::text_log(&session) } else { session::json(&session) };
            for (form, said) in everything_said(&log, mutant % 8 == 0) {
                let found = search(&canaries, &format!("mutant {mutant} of {number}, {form}"), said.as_bytes());
                if !found.is_empty() && env::var("PRIVATE_SHOW").is_ok() {
                    eprintln!("{log}\n{said}");
                }
                hits.extend(found);
            }
        }
    }
    assert!(hits.is_empty(), "{} hits:\n{}", hits.len(), hits[..hits.len().min(20)].join("\n"));
}

#[test]
fn what_things_show_of_themselves_tells_nothing() {
    use emvident::readers::trace;
    for (number, logs) in session::logs() {
        for (format, log) in &logs {
            let trace = trace::read(log.as_bytes(), None).unwrap();
            let shown = format!("{trace:?} {:?} {:?}", trace.joined(), trace.skipped);
            let hits = search(&canaries(number), format, shown.as_bytes());
            assert!(hits.is_empty(), "{hits:?}");
        }
    }
}
