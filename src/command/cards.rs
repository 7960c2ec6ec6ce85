//! `emvident cards`: the software cards.

use emvident::vectors;

use crate::{console::Console, failure::Failure};

/// Lists the cards, one line each: name and what it shows.
pub fn run(console: &Console) -> Result<(), Failure> {
    let text = if console.json { json() } else { table() };
    console.print(&text)
}

fn table() -> String {
    let cards = vectors::cards();
    let width = cards.iter().map(|card| card.name.len()).max().unwrap_or(0);
    cards.iter().map(|card| format!("{:width$}  {}\n", card.name, card.summary)).collect()
}

fn json() -> String {
    let cards = vectors::cards();
    let list = cards.iter().map(|card| serde_json::json!({ "name": card.name, "summary": card.summary }));
    format!("{:#}\n", list.collect::<serde_json::Value>())
}
