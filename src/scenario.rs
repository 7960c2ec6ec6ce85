//! A whole transaction in one TOML file: card and what is wrong with it, terminal, transaction, people, host.
//!
//! ```toml
//! title = "A record was changed after the card was signed"
//! card = "cda"
//! alterations = ["flip 5F24@0=01"]
//!
//! [transaction]
//! amount = 1000          # minor units
//!
//! [people]
//! pins = ["wrong", "right"]
//!
//! [host]
//! behaviour = "approve"
//!
//! [configuration]        # whatever differs from the terminal for tests
//! terminal.type = "21"
//! ```

mod expectation;
mod purchase;

use std::path::Path;

use apdu::Presence;
use kernel::{Terminal, Transaction};
use serde::Deserialize;
use vectors::{Alteration, Profile, SoftwareCard};

use crate::{
    scripted::{HostScript, People, Scripted},
    setup::{self, KeyChange, SetupError, TerminalSource},
};

pub use expectation::Expectation;
pub use purchase::Purchase;

/// A scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// What it shows, in one line.
    pub title: String,
    /// The software card's name.
    pub card: String,
    /// What is made wrong on it.
    #[serde(default)]
    pub alterations: Vec<Alteration>,
    /// Its answer to reset in hexadecimal, where that differs from the card of that name.
    pub atr: Option<String>,
    /// What a contactless reader finds in its field, one activation after the other: `one`, `several`, `none`.
    #[serde(default)]
    pub field: Vec<String>,
    /// Where the random numbers of the terminal start.
    #[serde(default)]
    pub seed: u64,
    /// The transaction.
    #[serde(default)]
    pub transaction: Purchase,
    /// The people.
    #[serde(default)]
    pub people: People,
    /// The issuer's host.
    #[serde(default)]
    pub host: HostScript,
    /// What is wrong with the CA keys of the software cards.
    #[serde(default)]
    pub keys: Vec<KeyChange>,
    /// What differs from the terminal for tests.
    #[serde(default)]
    pub configuration: toml::Table,
    /// How it must end.
    pub expect: Option<Expectation>,
}

/// Everything a transaction needs, on the table.
pub struct Table {
    /// The card.
    pub card: SoftwareCard,
    /// People, host, random numbers.
    pub point_of_sale: Scripted,
    /// The terminal.
    pub terminal: Terminal,
    /// The text the terminal was made from.
    pub source: TerminalSource,
    /// The transaction.
    pub transaction: Transaction,
}

impl Scenario {
    /// A purchase with the software card `card`, approved by everybody.
    pub fn of_card(card: &str) -> Self {
        Self {
            title: card.to_owned(),
            card: card.to_owned(),
            alterations: Vec::new(),
            atr: None,
            field: Vec::new(),
            seed: 0,
            transaction: Purchase::default(),
            people: People::default(),
            host: HostScript::default(),
            keys: Vec::new(),
            configuration: toml::Table::new(),
            expect: None,
        }
    }

    /// Reads a scenario file.
    ///
    /// # Errors
    /// [`SetupError`] with the file's name and what is wrong in it.
    pub fn from_file(path: &Path) -> Result<Self, SetupError> {
        let text = setup::read_file(path)?;
        toml::from_str(&text).map_err(|error| SetupError::in_file(path, error))
    }

    /// Lays everything on the table.
    ///
    /// # Errors
    /// [`SetupError`] for a card nobody knows, or a configuration that is wrong.
    pub fn lay(&self) -> Result<Table, SetupError> {
        self.lay_with(self.source()?)
    }

    /// As [`Scenario::lay`], with another terminal.
    ///
    /// # Errors
    /// As [`Scenario::lay`].
    pub fn lay_with(&self, source: TerminalSource) -> Result<Table, SetupError> {
        let terminal = source.terminal()?;
        let profile = self.profile()?;
        let pin = profile.applications.first().and_then(|application| application.pin.clone());
        let point_of_sale = Scripted::new(self.people.clone(), pin, self.host.clone(), self.seed);
        let card = SoftwareCard::new(&profile)?;
        Ok(Table { card, point_of_sale, terminal, source, transaction: self.transaction.resolve()? })
    }

    /// The terminal's text.
    ///
    /// # Errors
    /// [`SetupError`] when the terminal's text is no TOML.
    pub fn source(&self) -> Result<TerminalSource, SetupError> {
        let source = TerminalSource { key_changes: self.keys.clone(), ..TerminalSource::for_tests() };
        source.with(&self.configuration)
    }

    /// The card before it is personalised.
    ///
    /// # Errors
    /// [`SetupError`] for a card nobody knows, or a field it does not have.
    pub fn profile(&self) -> Result<Profile, SetupError> {
        let mut profile = vectors::profile(&self.card).ok_or_else(|| SetupError::UnknownCard(self.card.clone()))?;
        if let Some(atr) = &self.atr {
            profile.atr = hex::decode(atr).map_err(|_| SetupError::value("atr", atr, "hexadecimal digits"))?;
        }
        let presence = |word: &String| {
            Presence::from_id(word).ok_or_else(|| SetupError::value("field", word, "one, several or none"))
        };
        profile.field = self.field.iter().map(presence).collect::<Result<_, _>>()?;
        profile.alterations.extend(self.alterations.iter().cloned());
        Ok(profile)
    }
}
