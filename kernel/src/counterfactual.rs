//! What would have made a failed check pass: the check again, with one thing changed.
//!
//! A hash that fits after one change proves the change: nobody finds another one that fits. So a counterfactual is
//! evidence, and [`Counterfactual::raises`] says how sure its finding is with it. A check that no single change makes
//! pass gets none.
//!
//! The search is a plain function of what was seen, the configuration and the keys that are known. It is bounded: at most
//! [`MAX_RSA_OPERATIONS`], and for each finding as many hashes as its card has objects, records and list entries.

mod ca_key;
mod card_number;
mod case;
mod certificate;
mod change;
mod combined;
mod date;
mod dynamic;
mod fast_dynamic;
mod list_length;
mod originals;
mod question;
mod records;
mod rerun;
mod single_byte;
mod static_data;
mod weigh;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use crate::{
    finding::{Certainty, Fact, Finding},
    oda::{KeyStore, report::Certificate},
    outcome::Outcome,
    terminal::Terminal,
    transaction::Transaction,
};

pub use change::{Change, Composition, PdolPart, SignedInput, Source};

pub use weigh::weigh;

use case::Case;
use question::Question;

/// A search does not need more RSA operations than this, whatever card and keys it is given.
pub const MAX_RSA_OPERATIONS: usize = 400;

/// One change, and what passes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterfactual {
    /// The finding it answers, as an index into the outcome's log.
    pub finding: usize,
    /// What is changed.
    pub change: Change,
    /// What passes then.
    pub passes: Passes,
    /// How sure it is that this, and nothing else, explains the finding.
    pub certainty: Certainty,
}

impl Counterfactual {
    /// How sure `finding`, the one this answers, is in the light of it.
    pub fn raises(&self, finding: &Finding) -> Certainty {
        finding.certainty.max(self.certainty)
    }
}

/// What passes after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passes {
    /// The certificate or signature that the check belongs to, when it belongs to one.
    pub step: Option<Certificate>,
    /// The check.
    pub check: Fact,
    /// Everything after it passes too, as far as it was recorded: the other certificates, and the signatures the card
    /// was asked for.
    pub whole_chain: bool,
}

/// Every single change that makes a failed check of `outcome` pass: of offline data authentication, of the key for
/// enciphered PINs, of dates, of the length of what a list was filled with. In the order of the findings.
///
/// `known` are keys that the terminal need not have: for explaining, never for trusting.
pub fn search(
    outcome: &Outcome,
    terminal: &Terminal,
    transaction: &Transaction,
    known: &KeyStore,
) -> Vec<Counterfactual> {
    let case = Case::new(outcome, terminal, transaction, known);
    Question::all(&case).iter().flat_map(answer).collect()
}

/// The one byte that was changed after signing, among the signed records or in what a CDA signature covers: every byte is
/// tried with every value. That is some hundred thousand hashes, so it is not part of [`search`]; nothing is tried where
/// that has an answer, which is among those `found`.
pub fn changed_byte(
    outcome: &Outcome,
    terminal: &Terminal,
    transaction: &Transaction,
    known: &KeyStore,
    found: &[Counterfactual],
) -> Option<Counterfactual> {
    let case = Case::new(outcome, terminal, transaction, known);
    let is_open = |question: &&Question<'_>| !found.iter().any(|answer| answer.finding == question.at);
    Question::all(&case).iter().filter(is_open).find_map(single_byte::search)
}

fn answer(question: &Question<'_>) -> Vec<Counterfactual> {
    let searches = [
        ca_key::search,
        certificate::search,
        card_number::search,
        static_data::search,
        dynamic::search,
        fast_dynamic::search,
        combined::search,
        date::search,
        list_length::search,
    ];
    searches.iter().flat_map(|search| search(question)).collect()
}
