//! What a terminal configuration allows itself and people mostly do not mean: told before any card is touched.
//!
//! A file that is wrong is refused when it is read. What is told here can be right, and every doubt says what follows from
//! it and what would be done otherwise.

mod application;
mod combination;
mod machine;

use kernel::Terminal;
use serde_json::{Value, json};

use crate::text::{File, Text};

/// Columns of the words.
const WIDTH: usize = 78;

/// Something in a configuration that is likely not meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Stable kebab-case id.
    pub id: &'static str,
    /// The AID of the application or combination it is about; `None` for the terminal.
    pub aid: Option<Vec<u8>>,
}

/// A doubt about one part of a configuration, and when to have it.
type Check<T> = (&'static str, fn(&Terminal, &T) -> bool);

/// Every doubt about `terminal`: of itself first, then of its applications, then of its combinations, in their order.
pub fn doubts(terminal: &Terminal) -> Vec<Doubt> {
    let mut doubts = held(terminal, machine::CHECKS, [terminal], |_| None);
    doubts.extend(held(terminal, application::CHECKS, &terminal.applications, |one| Some(one.aid.clone())));
    let combinations = &terminal.contactless.combinations;
    doubts.extend(held(terminal, combination::CHECKS, combinations, |one| Some(one.aid.clone())));
    doubts
}

/// Every id there is.
pub fn ids() -> impl Iterator<Item = &'static str> {
    let machine = machine::CHECKS.iter().map(|(id, _)| *id);
    let application = application::CHECKS.iter().map(|(id, _)| *id);
    machine.chain(application).chain(combination::CHECKS.iter().map(|(id, _)| *id))
}

fn held<'t, T: 't>(
    terminal: &Terminal,
    checks: &[Check<T>],
    all: impl IntoIterator<Item = &'t T>,
    aid: impl Fn(&T) -> Option<Vec<u8>>,
) -> Vec<Doubt> {
    let of_one = |one: &'t T| {
        let doubtful = checks.iter().filter(|(_, check)| check(terminal, one));
        doubtful.map(|(id, _)| Doubt { id, aid: aid(one) }).collect::<Vec<_>>()
    };
    all.into_iter().flat_map(of_one).collect()
}

/// The doubts about the file `name` in words: what stands there and what follows from it, and what to do.
pub fn text(name: &str, doubts: &[Doubt], text: &Text) -> String {
    let heading = match doubts.len() {
        0 => text.say_with(File::Lint, "nothing", &[("file", name)]),
        count => text.say_with(File::Lint, "heading", &[("file", name), ("count", &count.to_string())]),
    };
    let paragraphs: String = doubts.iter().map(|doubt| paragraph(doubt, text)).collect();
    format!("{heading}\n{paragraphs}")
}

fn paragraph(doubt: &Doubt, text: &Text) -> String {
    let aid = doubt.aid.as_ref().map(|aid| format!("  {}", hex::encode_upper(aid))).unwrap_or_default();
    let options = textwrap::Options::new(WIDTH).initial_indent("  ").subsequent_indent("  ");
    let words = [means(doubt.id, text), remedy(doubt.id, text)].map(|words| textwrap::fill(&words, &options));
    format!("\n{}{aid}\n{}\n", doubt.id, words.join("\n"))
}

fn means(id: &str, text: &Text) -> String {
    text.say(File::Lint, id)
}

fn remedy(id: &str, text: &Text) -> String {
    text.say(File::Lint, &format!("{id}-remedy"))
}

/// The doubts as data.
pub fn json(name: &str, doubts: &[Doubt], text: &Text) -> Value {
    let one = |doubt: &Doubt| {
        let aid = doubt.aid.as_ref().map(hex::encode_upper);
        json!({ "id": doubt.id, "aid": aid, "means": means(doubt.id, text), "remedy": remedy(doubt.id, text) })
    };
    json!({ "file": name, "doubts": doubts.iter().map(one).collect::<Vec<_>>() })
}
