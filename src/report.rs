//! The report of a transaction: what was decided and why, for people and for programs.
//!
//! [`Report::new`] takes the facts out of an outcome. What must not be shown stays behind there: the card number is
//! masked, values that hold account data, tracks, PINs or keys become a number of bytes, and what a card sends as text is
//! escaped. So no renderer can show more. [`Report::text`] is for people, [`Report::json`] for programs.

mod analysis;
mod chain;
mod escape;
mod evidence;
mod exchange;
mod explanation;
mod finding;
mod followed;
mod json;
mod money;
mod named;
mod page;
mod scripts;
mod shown;
mod summary;
mod timeline;
mod verification;

use apdu::dictionary::Context;
use kernel::{
    Outcome, Terminal, Transaction,
    diagnosis::{Diagnosis, diagnose},
};
use serde::Serialize;

pub use escape::escape;
pub use finding::FindingView;

use crate::text::Text;
use analysis::AnalysisView;
use chain::StepView;
use explanation::Explanation;
use money::Currency;
use page::Page;
use scripts::ScriptView;
use summary::Summary;
use timeline::PhaseView;
use verification::VerificationView;

/// Name and version of the JSON form.
pub const SCHEMA: &str = "emvident.report/1";

/// The report of one transaction. It holds no text of any language, and nothing that must not be shown.
#[derive(Debug, Serialize)]
pub struct Report {
    outcome: Summary,
    explanation: Explanation,
    timeline: Vec<PhaseView>,
    verification: VerificationView,
    analyses: Vec<AnalysisView>,
    certificates: Vec<StepView>,
    scripts: Vec<ScriptView>,
}

/// What every section is made from.
#[derive(Clone, Copy)]
struct Source<'a> {
    outcome: &'a Outcome,
    transaction: &'a Transaction,
    diagnosis: &'a Diagnosis,
    /// What tags mean on this card.
    context: Context,
    currency: Currency,
}

impl Report {
    /// The report of `outcome`, which `transaction` on `terminal` had.
    pub fn new(outcome: &Outcome, terminal: &Terminal, transaction: &Transaction) -> Self {
        let diagnosis = diagnose(outcome);
        let context = Context::from_aid(&outcome.aid);
        let currency = Currency::of(terminal);
        let source = Source { outcome, transaction, diagnosis: &diagnosis, context, currency };
        Self {
            outcome: Summary::new(source),
            explanation: Explanation::new(source),
            timeline: timeline::phases(source),
            verification: VerificationView::new(source),
            analyses: outcome.analyses.iter().map(AnalysisView::new).collect(),
            certificates: outcome.chain.steps.iter().map(StepView::new).collect(),
            scripts: outcome.scripts.iter().map(ScriptView::new).collect(),
        }
    }

    /// The report for people, in the language of `text`: at most 100 columns, with escape sequences for colour only when
    /// `colour` says so.
    pub fn text(&self, text: &Text, colour: bool) -> String {
        let mut page = Page::new(text, colour);
        self.outcome.print(&mut page);
        self.explanation.print(&mut page);
        timeline::print(&self.timeline, &mut page);
        self.verification.print(&mut page);
        self.analyses.iter().for_each(|analysis| analysis.print(&mut page));
        chain::print(&self.certificates, &mut page);
        scripts::print(&self.scripts, &mut page);
        page.finish()
    }

    /// The report for programs: JSON of the schema [`SCHEMA`]. Facts are keys that never change; `texts` says in the
    /// language of `text` what the reasons among them mean.
    pub fn json(&self, text: &Text) -> String {
        json::render(self, text)
    }

    /// Every finding, the root first.
    pub fn findings(&self) -> impl Iterator<Item = &FindingView> {
        self.explanation.findings()
    }
}

#[cfg(test)]
mod tests;
