//! The tap: what Entry Point made of reader and card, what each kernel was started with, and what it said.

mod outcome;
mod qualifiers;

use apdu::{Bits, Tag, tag, value::bcd};
use kernel::{
    Decision, Reason,
    contactless::{Activation, Combination, KernelId, OutcomeKind, Tap, directory::Entry, pre_process::PreProcessed},
};
use serde::Serialize;

use super::{
    Source, escape, named,
    page::{Page, Tone},
};
use crate::text::{File, Text};
use outcome::OutcomeView;
use qualifiers::QualifiersView;

/// Columns of what a limit or a bit is.
const LABEL: usize = 56;

/// Everything about the tap.
#[derive(Debug, Serialize)]
pub(super) struct TapView {
    combinations: Vec<CombinationView>,
    directory: Vec<EntryView>,
    activations: Vec<ActivationView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal_qualifiers: Option<QualifiersView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_qualifiers: Option<QualifiersView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeView>,
    /// Why the outcome is not an approval.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "named::maybe")]
    because: Option<Reason>,
    /// It was declined, and the verification results, which this kernel leaves at zero, do not say why.
    verification_results_say_nothing: bool,
    #[serde(skip)]
    amount: String,
}

/// A combination, and what pre-processing made of it.
#[derive(Debug, Serialize)]
struct CombinationView {
    aid: String,
    kernel: String,
    limits: Vec<LimitView>,
    indicators: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "named::maybe")]
    not_allowed: Option<Reason>,
    /// A kernel was started for it.
    used: bool,
}

/// A limit and whether the amount reaches it.
#[derive(Debug, Serialize)]
struct LimitView {
    limit: &'static str,
    value: String,
    reached: bool,
}

/// A line of the card's directory.
#[derive(Debug, Serialize)]
struct EntryView {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    priority: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    kernel_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_selection: Option<String>,
}

/// One activation of a kernel.
#[derive(Debug, Serialize)]
struct ActivationView {
    kernel: String,
    name: String,
    restarted: bool,
    outcome: OutcomeView,
}

impl TapView {
    /// The view of what `tap` says.
    pub fn new(tap: &Tap, source: Source<'_>, combinations: &[Combination]) -> Self {
        let outcome = source.outcome;
        let kind = tap.outcome.as_ref().map(|last| last.outcome);
        let declined = outcome.decision == Decision::Declined;
        let asks_elsewhere = matches!(kind, Some(OutcomeKind::TryAnotherInterface | OutcomeKind::EndApplication));
        let primary = source.diagnosis.primary.and_then(|at| outcome.log.findings.get(at));
        let pre_processed = tap.pre_processed.iter();
        let last = tap.activations.last();
        let started = last.and_then(|last| tap.pre_processed.iter().find(|one| one.combination == last.combination));
        let ttq = started.and_then(|one| one.indicators.ttq);
        let has_ctq = last.is_some_and(|last| [KernelId::C3, KernelId::C7].contains(&last.kernel));
        let ctq = outcome.card.array::<2>(tag::k3::CTQ_9F6C).filter(|_| has_ctq).map(Bits);
        Self {
            combinations: pre_processed
                .filter_map(|one| Some(CombinationView::new(one, combinations.get(one.combination)?, tap, source)))
                .collect(),
            directory: tap.entries.iter().map(EntryView::new).collect(),
            activations: tap.activations.iter().map(ActivationView::new).collect(),
            terminal_qualifiers: ttq.map(QualifiersView::of_terminal),
            card_qualifiers: ctq.map(QualifiersView::of_card),
            outcome: tap.outcome.as_ref().map(OutcomeView::new),
            because: primary.filter(|_| declined || asks_elsewhere).map(|finding| finding.reason),
            verification_results_say_nothing: declined && last.is_some() && outcome.tvr == Bits::ZERO,
            amount: source.currency.amount(source.transaction.amount),
        }
    }

    /// Of a tap that ended in an online request: what card and reader agreed on, and what the issuer has to say.
    pub fn agreed(&self, text: &Text) -> Vec<String> {
        let asks = |last: &&OutcomeView| last.outcome == OutcomeKind::OnlineRequest.id();
        let Some(outcome) = self.outcome.as_ref().filter(asks) else { return Vec::new() };
        let cvm = outcome.value("cvm").map(|cvm| format!("agreed-cvm-{cvm}"));
        let awaited = format!("awaited-{}", outcome.value("online-response-data").unwrap_or("code"));
        let ids = [Some("agreed-to-ask".to_owned()), cvm, Some(awaited)];
        ids.iter().flatten().map(|id| text.say(File::Tap, id)).collect()
    }

    pub fn print_agreed(&self, page: &mut Page<'_>) {
        let agreed = self.agreed(page.text);
        if !agreed.is_empty() {
            page.heading("heading-why");
            agreed.iter().for_each(|line| page.paragraph(Tone::Plain, line));
        }
    }

    pub fn print(&self, page: &mut Page<'_>) {
        let heading = say(page, "heading");
        page.heading_text(&heading);
        self.combinations.iter().for_each(|combination| combination.print(&self.amount, page));
        if !self.directory.is_empty() {
            line(page, 2, Tone::Strong, &say(page, "directory"));
            self.directory.iter().for_each(|entry| entry.print(page));
        }
        self.activations.iter().for_each(|activation| activation.print(page));
        if self.activations.is_empty()
            && let Some(outcome) = &self.outcome
        {
            line(page, 2, Tone::Strong, &say(page, "entry-point"));
            outcome.print(page);
        }
        self.print_reason(page);
        self.terminal_qualifiers.iter().for_each(|qualifiers| qualifiers.print(page));
        self.card_qualifiers.iter().for_each(|qualifiers| qualifiers.print(page));
    }

    fn print_reason(&self, page: &mut Page<'_>) {
        if let (Some(reason), Some(outcome)) = (self.because, &self.outcome) {
            let outcome = word(page.text, "outcome", outcome.outcome);
            let title = page.text.title(reason);
            let because = say_with(page, "because", &[("outcome", &outcome), ("reason", &title)]);
            line(page, 2, Tone::Warning, &because);
        }
        if self.verification_results_say_nothing {
            line(page, 2, Tone::Faint, &say(page, "verification-results-say-nothing"));
        }
    }
}

impl CombinationView {
    fn new(one: &PreProcessed, combination: &Combination, tap: &Tap, source: Source<'_>) -> Self {
        let indicators = one.indicators;
        let flags = [
            (indicators.status_check_requested, "status-check"),
            (indicators.zero_amount, "zero-amount"),
            (indicators.floor_limit_exceeded, "online"),
            (indicators.cvm_limit_exceeded, "verify"),
        ];
        Self {
            aid: hex::encode_upper(&combination.aid),
            kernel: combination.kernel.to_string(),
            limits: limits(combination, source),
            indicators: flags.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect(),
            not_allowed: indicators.not_allowed,
            used: tap.activations.iter().any(|activation| activation.combination == one.combination),
        }
    }

    fn print(&self, amount: &str, page: &mut Page<'_>) {
        let (sign, tone) = if self.not_allowed.is_none() { ("✓", Tone::Good) } else { ("✗", Tone::Bad) };
        let name = say_with(page, "combination", &[("aid", &self.aid), ("kernel", &self.kernel)]);
        page.row(2, &[(2, tone, sign), (0, Tone::Strong, &name)]);
        let decisive = self.used || self.not_allowed.is_some();
        for limit in self.limits.iter().filter(|_| decisive) {
            let what = say_with(page, &format!("limit-{}", limit.limit), &[("value", &limit.value)]);
            let verdict = if limit.reached { "reached" } else { "not-reached" };
            let verdict = say_with(page, verdict, &[("amount", amount)]);
            let tone = if limit.reached { Tone::Warning } else { Tone::Faint };
            page.row(6, &[(LABEL, Tone::Plain, &what), (0, tone, &verdict)]);
        }
        for indicator in self.indicators.iter().filter(|_| decisive) {
            let words = say(page, &format!("indicator-{indicator}"));
            page.row(6, &[(0, Tone::Warning, &words)]);
        }
        if let Some(reason) = self.not_allowed {
            let words = say_with(page, "not-allowed", &[("reason", &page.text.title(reason))]);
            page.row(6, &[(0, Tone::Bad, &words)]);
        }
    }
}

/// The limits of a combination: the reader's, and those that kernel 2 has of its own, which only a larger amount exceeds.
fn limits(combination: &Combination, source: Source<'_>) -> Vec<LimitView> {
    let amount = source.transaction.amount;
    let own = |wanted: Tag| {
        let value = combination.data.iter().find(|(tag, _)| *tag == wanted)?.1.as_slice();
        bcd::to_number(value).filter(|_| combination.kernel == KernelId::C2)
    };
    let reader = [
        ("transaction", combination.transaction_limit, true),
        ("floor", combination.floor_limit.or(combination.terminal_floor_limit), false),
        ("cvm", combination.cvm_limit, true),
        ("kernel-transaction", own(Tag::new(0xDF8124)), false),
        ("kernel-transaction-on-device", own(Tag::new(0xDF8125)), false),
        ("kernel-floor", own(Tag::new(0xDF8123)), false),
        ("kernel-cvm", own(Tag::new(0xDF8126)), false),
    ];
    let view = |(limit, value, equal): (&'static str, Option<u64>, bool)| {
        let value = value?;
        let reached = amount > value || (equal && amount == value);
        Some(LimitView { limit, value: source.currency.amount(value), reached })
    };
    reader.into_iter().filter_map(view).collect()
}

impl EntryView {
    fn new(entry: &Entry) -> Self {
        Self {
            name: hex::encode_upper(&entry.name),
            label: entry.label.as_deref().map(|label| escape(&String::from_utf8_lossy(label))),
            priority: entry.priority,
            kernel_identifier: entry.kernel_identifier.as_deref().map(hex::encode_upper),
            extended_selection: entry.extended_selection.as_deref().map(hex::encode_upper),
        }
    }

    fn print(&self, page: &mut Page<'_>) {
        let named = |id: &str, value: &str| say_with(page, id, &[("value", value)]);
        let parts = [
            self.label.clone(),
            (self.priority > 0).then(|| named("priority", &self.priority.to_string())),
            self.kernel_identifier.as_deref().map(|value| named("asks-for-kernel", value)),
            self.extended_selection.as_deref().map(|value| named("extension", value)),
        ];
        let rest = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        page.row(4, &[(34, Tone::Plain, &self.name), (0, Tone::Faint, &rest)]);
    }
}

impl ActivationView {
    fn new(activation: &Activation) -> Self {
        Self {
            kernel: activation.kernel.to_string(),
            name: hex::encode_upper(&activation.name),
            restarted: activation.restarted,
            outcome: OutcomeView::new(&activation.outcome),
        }
    }

    fn print(&self, page: &mut Page<'_>) {
        let id = if self.restarted { "activation-again" } else { "activation" };
        let heading = say_with(page, id, &[("kernel", &self.kernel), ("name", &self.name)]);
        line(page, 2, Tone::Strong, &heading);
        self.outcome.print(page);
    }
}

fn line(page: &mut Page<'_>, indent: usize, tone: Tone, words: &str) {
    page.row(indent, &[(0, tone, words)]);
}

/// What an id of some sort is called.
fn word(text: &Text, of: &str, id: &str) -> String {
    text.say(File::Tap, &format!("{of}-{id}"))
}

fn say(page: &Page<'_>, id: &str) -> String {
    page.text.say(File::Tap, id)
}

fn say_with(page: &Page<'_>, id: &str, variables: &[(&'static str, &str)]) -> String {
    page.text.say_with(File::Tap, id, variables)
}
