//! `emvident cards`: the software cards.

use emvident::{
    kernel::Interface,
    vectors::{self, CardInfo},
};

use crate::{console::Console, failure::Failure};

/// Lists the cards, one line each: name, how it is reached and what it shows.
pub fn run(console: &Console) -> Result<(), Failure> {
    let text = if console.json { json() } else { table() };
    console.print(&text)
}

fn table() -> String {
    let cards = vectors::cards();
    let width = cards.iter().map(|card| card.name.len()).max().unwrap_or(0);
    cards.iter().map(|card| format!("{:width$}  {:11}  {}\n", card.name, interface(card), card.summary)).collect()
}

/// How the card is reached.
fn interface(card: &CardInfo) -> &'static str {
    let applications = vectors::profile(card.name).map(|profile| profile.applications).unwrap_or_default();
    let contactless = applications.iter().any(|application| application.contactless.is_some());
    if contactless { Interface::Contactless.id() } else { Interface::Contact.id() }
}

fn json() -> String {
    let cards = vectors::cards();
    let one = |card: &CardInfo| serde_json::json!({ "name": card.name, "interface": interface(card), "summary": card.summary });
    format!("{:#}\n", cards.iter().map(one).collect::<serde_json::Value>())
}
