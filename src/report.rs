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
mod html;
mod issuer_data;
mod json;
mod money;
mod named;
mod observed;
pub(crate) mod page;
mod said;
mod scripts;
mod shown;
mod summary;
mod tap;
mod timeline;
mod verification;
mod would_pass;

use apdu::dictionary::Context;
use kernel::{
    Outcome, Reason, Terminal, Transaction,
    contactless::Combination,
    counterfactual::Counterfactual,
    diagnosis::{Diagnosis, diagnose},
    observe::Observation,
};
use readers::trace::Joined;
use serde::Serialize;

pub use escape::escape;
pub use finding::FindingView;

use crate::{
    merchant::{self, Seen, Told, tell},
    text::Text,
};
use analysis::AnalysisView;
use chain::StepView;
use explanation::Explanation;
use issuer_data::IssuerDataView;
use money::Currency;
use observed::ObservedView;
use page::Page;
use said::Said;
use scripts::ScriptView;
use summary::Summary;
use tap::TapView;
use timeline::PhaseView;
use verification::VerificationView;

/// `units` minor units of `currency` as people write them: `CNY 120.00`.
pub fn amount(currency: &apdu::value::currency::Currency, units: u64) -> String {
    Currency::known(currency).amount(units)
}

/// Name and version of the JSON form.
pub const SCHEMA: &str = "emvident.report/1";

/// The report of one transaction. It holds no text of any language, and nothing that must not be shown.
#[derive(Debug, Serialize)]
pub struct Report {
    outcome: Summary,
    explanation: Explanation,
    #[serde(skip_serializing_if = "Option::is_none")]
    tap: Option<TapView>,
    timeline: Vec<PhaseView>,
    verification: VerificationView,
    analyses: Vec<AnalysisView>,
    certificates: Vec<StepView>,
    issuer_data: Vec<IssuerDataView>,
    scripts: Vec<ScriptView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    would_pass: Vec<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recording: Option<ObservedView>,
    #[serde(skip)]
    exchanges: html::Apdus,
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
        Self::in_currency(outcome, transaction, Currency::of(terminal), &terminal.contactless.combinations)
    }

    /// `combinations` are the terminal's own; of a terminal that is only known by a recording, none.
    fn in_currency(
        outcome: &Outcome,
        transaction: &Transaction,
        currency: Currency,
        combinations: &[Combination],
    ) -> Self {
        let diagnosis = diagnose(outcome);
        let context = Context::from_aid(&outcome.aid);
        let source = Source { outcome, transaction, diagnosis: &diagnosis, context, currency };
        Self {
            outcome: Summary::new(source),
            explanation: Explanation::new(source),
            tap: outcome.tap.as_ref().map(|tap| TapView::new(tap, source, combinations)),
            timeline: timeline::phases(source),
            verification: VerificationView::new(source),
            analyses: outcome.analyses.iter().map(AnalysisView::new).collect(),
            certificates: chain::views(&outcome.chain.steps),
            issuer_data: issuer_data::views(source),
            scripts: outcome.scripts.iter().map(ScriptView::new).collect(),
            would_pass: Vec::new(),
            recording: None,
            exchanges: html::Apdus::default(),
        }
    }

    /// The report of a recording's attempt, of `place.1` attempts the one numbered `place.0`. `would_pass` are the changes
    /// that would have made its failed checks pass.
    pub fn of_observation(observation: &Observation, would_pass: &[Counterfactual], place: (usize, usize)) -> Self {
        let Observation { outcome, terminal, transaction, recovered, .. } = observation;
        let has_currency = recovered.data.has(apdu::tag::TRANSACTION_CURRENCY_CODE_5F2A);
        let currency = if has_currency { Currency::of(terminal) } else { Currency::UNKNOWN };
        let mut report = Self::in_currency(outcome, transaction, currency, &[]).with_changes(outcome, would_pass);
        report.outcome.leave_out_assumed(&recovered.data);
        Self { recording: Some(ObservedView::new(observation, place)), ..report }
    }

    /// The same report, with the changes that would have made failed checks of `outcome` pass.
    #[must_use]
    pub fn with_changes(mut self, outcome: &Outcome, would_pass: &[Counterfactual]) -> Self {
        self.would_pass = would_pass::all(would_pass, outcome);
        self
    }

    /// The same report with every exchange of `outcome` decoded, for [`Report::html`].
    #[must_use]
    pub fn with_exchanges(mut self, outcome: &Outcome) -> Self {
        self.exchanges = html::Apdus::new(outcome);
        self
    }

    /// The same report with every exchange decoded that `observation` saw in `recording`, for [`Report::html`].
    #[must_use]
    pub fn with_recording(mut self, observation: &Observation, recording: &[Joined<'_>]) -> Self {
        self.exchanges = html::Apdus::of_recording(observation, recording);
        self
    }

    /// The report for people, in the language of `text`: at most 100 columns, with escape sequences for colour only when
    /// `colour` says so.
    pub fn text(&self, text: &Text, colour: bool) -> String {
        let mut page = Page::new(text, colour);
        self.recording.iter().for_each(|recording| recording.print_before(&mut page));
        if self.is_unfinished() {
            self.outcome.print_unfinished(&mut page);
            self.tap.iter().for_each(|tap| tap.print_agreed(&mut page));
            self.explanation.print_others(&mut page);
        } else {
            self.outcome.print(&mut page);
            self.explanation.print(&mut page);
        }
        observed::print_section("heading-would-pass", "change", &self.would_pass, &mut page);
        self.recording.iter().for_each(|recording| recording.print(&mut page));
        self.tap.iter().for_each(|tap| tap.print(&mut page));
        timeline::print(&self.timeline, &mut page);
        self.verification.print(&mut page);
        self.analyses.iter().for_each(|analysis| analysis.print(&mut page));
        chain::print(&self.certificates, &mut page);
        issuer_data::print(&self.issuer_data, &mut page);
        scripts::print(&self.scripts, &mut page);
        page.finish()
    }

    /// Whether all there is to say of its end is that the recording ends before.
    fn is_unfinished(&self) -> bool {
        let Some(recording) = self.recording.as_ref().filter(|recording| recording.capture.is_some()) else {
            return false;
        };
        recording.ends_open || self.explanation.primary() == Some(Reason::TransportTraceIncomplete)
    }

    /// The report for programs: JSON of the schema [`SCHEMA`]. Facts are keys that never change; `texts` says in the
    /// language of `text` what the reasons among them mean.
    pub fn json(&self, text: &Text) -> String {
        // Everything in it has a JSON form; an error would be an empty document.
        serde_json::to_string_pretty(&self.document(text)).unwrap_or_default()
    }

    /// What [`Report::json`] writes, to be part of a larger document.
    pub fn document<'r>(&'r self, text: &Text) -> impl Serialize + use<'r> {
        json::document(self, text)
    }

    /// What the merchant saw or was told, held against what was found.
    pub fn said(&self, told: Told<'_>, text: &Text, colour: bool) -> String {
        self.confronted(|seen| tell(&told.matches(), seen, text, colour))
    }

    /// As [`Report::said`], to be part of a larger document.
    pub(crate) fn said_document<'t>(&self, told: Told<'t>, text: &Text) -> impl Serialize + use<'t> {
        self.confronted(|seen| merchant::document(told, seen, text))
    }

    fn confronted<R>(&self, with: impl FnOnce(Seen<'_>) -> R) -> R {
        let findings: Vec<_> = self.findings().map(|finding| finding.reason).collect();
        let (primary, ruled_out) = (self.explanation.primary(), self.explanation.ruled_out());
        with(Seen { findings: &findings, primary, ruled_out })
    }

    /// Every finding, the root first.
    pub fn findings(&self) -> impl Iterator<Item = &FindingView> {
        self.explanation.findings()
    }
}

#[cfg(test)]
mod tests;
