//! Two recordings side by side: where their bytes part, where their decisions part, and what explains it.
//!
//! Both go through the kernel as `emvident explain` sends them. Their exchanges are laid beside each other by phase and
//! command and compared data object by data object; numbers, cryptograms and signatures that differ in any two transactions
//! are told apart from what should be alike. The decisions are compared in the order of the flow chart. What explains the
//! first one that differs is looked for among what the terminals were configured with and told, as far as the recordings
//! show it, then among the card's bytes before it.

mod align;
mod cause;
mod configuration;
mod decision;
mod divergence;
mod element;
mod page;
mod side;

use kernel::oda::KeyStore;
use serde::Serialize;

use crate::{explain::Explainer, text::Text};

pub use cause::{Cause, Where};
pub use configuration::Differing;
pub use decision::Parting;
pub use divergence::{Divergence, From};
pub use side::{DiffError, Side};

/// Name and version of the JSON form.
pub const SCHEMA: &str = "emvident.diff/1";

/// So many divergences are kept.
const MOST: usize = 200;

/// Two transactions, compared. It holds nothing that must not be shown.
#[derive(Debug, Serialize)]
pub struct Diff {
    schema: &'static str,
    a: side::SideView,
    b: side::SideView,
    /// The first byte that differs where two transactions with the same card and terminal are alike.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_byte: Option<Divergence>,
    /// The first decision that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_decision: Option<Parting>,
    explained_by: Cause,
    /// Everything the terminals were configured with or told that differs.
    configuration: Vec<Differing>,
    decisions: Vec<Parting>,
    divergences: Vec<Divergence>,
    exchanges: Vec<align::Pair>,
}

impl Diff {
    /// Compares the last attempts of two recordings, each given with its name.
    ///
    /// # Errors
    /// [`DiffError`] names the recording that cannot be read, or in which nothing is.
    pub fn new(explainer: &Explainer, a: (&str, &[u8]), b: (&str, &[u8])) -> Result<Self, DiffError> {
        let sides = (Side::read(explainer, a)?, Side::read(explainer, b)?);
        Ok(Self::of(&sides.0, &sides.1))
    }

    /// Compares two sides.
    pub fn of(a: &Side, b: &Side) -> Self {
        let exchanges = align::pairs(a, b);
        let mut divergences: Vec<Divergence> =
            exchanges.iter().flat_map(|pair| divergence::of_pair(pair, a, b)).collect();
        let decisions = decision::partings(a, b);
        let configuration = configuration::differing(a, b);
        let explained_by = cause::explain(decisions.first(), &configuration, &divergences, (a, b));
        let first_byte = divergences.iter().find(|divergence| !divergence.varies).cloned();
        divergences.truncate(MOST);
        Self {
            schema: SCHEMA,
            a: a.view(),
            b: b.view(),
            first_byte,
            first_decision: decisions.first().cloned(),
            explained_by,
            configuration,
            decisions,
            divergences,
            exchanges,
        }
    }

    /// The first byte that differs where two transactions with the same card and terminal are alike.
    pub fn first_byte(&self) -> Option<&Divergence> {
        self.first_byte.as_ref()
    }

    /// The first decision that differs.
    pub fn first_decision(&self) -> Option<&Parting> {
        self.first_decision.as_ref()
    }

    /// What explains that decision.
    pub fn explained_by(&self) -> &Cause {
        &self.explained_by
    }

    /// Whether both went the same way.
    pub fn is_same_decision(&self) -> bool {
        self.first_decision.is_none()
    }

    /// For programs: JSON of the schema [`SCHEMA`].
    pub fn json(&self) -> String {
        // Everything in it has a JSON form.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// For people.
    pub fn text(&self, text: &Text, colour: bool) -> String {
        page::print(self, text, colour)
    }
}

/// The CA key a card asks for, as a terminal has it.
fn key_state(keys: &KeyStore, rid: [u8; 5], index: u8) -> &'static str {
    if keys.keys_for(rid, index).next().is_some() {
        return "present";
    }
    if keys.refusal(rid, index).is_some() { "refused" } else { "missing" }
}
