//! What was decided, about what.

use apdu::{
    tag,
    value::{bcd, pan::Pan},
};
use kernel::{Decider, Decision, TransactionKind, store::TerminalData};
use serde::Serialize;

use super::{
    Source, escape, named,
    page::{Page, Tone, WIDTH},
};
use crate::text::{File, Text};

/// What stands between the parts of a line.
const SEPARATOR: &str = " · ";

/// The outcome in a few words.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    #[serde(serialize_with = "named::one")]
    pub(super) decision: Decision,
    #[serde(serialize_with = "named::one")]
    pub(super) decided_by: Decider,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_code: Option<String>,
    online: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cashback: Option<String>,
    #[serde(serialize_with = "named::maybe", skip_serializing_if = "Option::is_none")]
    kind: Option<TransactionKind>,
    /// The type as `9C` has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    type_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<ApplicationView>,
    /// First digits and last four.
    #[serde(skip_serializing_if = "Option::is_none")]
    card_number: Option<String>,
    pub(super) tvr: String,
    pub(super) tsi: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cvm_results: Option<String>,
    signature_required: bool,
    reversal: bool,
    advice: bool,
}

#[derive(Debug, Serialize)]
struct ApplicationView {
    aid: String,
    label: String,
}

impl Summary {
    pub fn new(source: Source<'_>) -> Self {
        let Source { outcome, transaction, currency, .. } = source;
        let cashback = Some(transaction.amount_other).filter(|amount| *amount > 0);
        Self {
            decision: outcome.decision,
            decided_by: outcome.decided_by,
            response_code: outcome.response_code.map(|code| escape(&String::from_utf8_lossy(&code))),
            online: outcome.online,
            amount: Some(currency.amount(transaction.amount)),
            cashback: cashback.map(|amount| currency.amount(amount)),
            kind: Some(transaction.kind),
            type_code: Some(format!("{:02X}", transaction.kind.code())),
            date: Some(transaction.date.to_string()),
            time: Some(transaction.time.to_string()),
            application: application(source),
            card_number: card_number(source),
            tvr: outcome.tvr.to_string(),
            tsi: outcome.tsi.to_string(),
            cvm_results: outcome.cvm_results.map(|results| results.to_string()),
            signature_required: outcome.signature_required,
            reversal: outcome.reversal,
            advice: outcome.advice,
        }
    }

    pub fn print(&self, page: &mut Page<'_>) {
        let (sign, tone) = match self.decision {
            Decision::Approved => ("✓", Tone::Good),
            Decision::Declined => ("✗", Tone::Bad),
            Decision::NotCompleted => ("■", Tone::Warning),
        };
        let decision = format!("{sign} {}", page.text.decision(self.decision));
        let by = page.text.decider(self.decided_by);
        page.row(0, &[(0, tone, &decision), (0, Tone::Plain, " · "), (0, Tone::Plain, &by)]);
        for line in [self.about(page.text), self.with(page.text)] {
            debug_assert!(line.len() < 4 * WIDTH, "labels are at most 16 characters");
            page.row(2, &[(0, Tone::Faint, &line)]);
        }
        for id in self.duties() {
            let duty = page.say(id);
            page.row(2, &[(0, Tone::Warning, &duty)]);
        }
    }

    /// The texts of what is left to do.
    pub(super) fn duties(&self) -> impl Iterator<Item = &'static str> {
        let duties = [
            (self.signature_required, "advice-signature"),
            (self.reversal, "advice-reversal"),
            (self.advice, "advice-advice"),
        ];
        duties.into_iter().filter(|(due, _)| *due).map(|(_, id)| id)
    }

    /// Of a transaction whose end nobody knows: which card it was, and what was asked of it.
    pub fn print_unfinished(&self, page: &mut Page<'_>) {
        let lines = [self.about(page.text), self.card().join(SEPARATOR)];
        lines.iter().filter(|line| !line.is_empty()).for_each(|line| page.row(2, &[(0, Tone::Faint, line)]));
    }

    /// Leaves out what was only assumed: no list of the card asked for it.
    pub fn leave_out_assumed(&mut self, given: &TerminalData) {
        let missing = |tag| !given.has(tag);
        if missing(tag::AMOUNT_AUTHORISED_9F02) {
            self.amount = None;
        }
        if missing(tag::TRANSACTION_TYPE_9C) {
            (self.kind, self.type_code) = (None, None);
        }
        if missing(tag::TRANSACTION_DATE_9A) {
            self.date = None;
        }
        if missing(tag::TRANSACTION_TIME_9F21) {
            self.time = None;
        }
    }

    /// `CNY 120.00 · purchase · 2026-06-15 12:00:00`.
    pub(super) fn about(&self, text: &Text) -> String {
        let cashback = self.cashback.as_ref().map(|amount| format!("+ {amount}"));
        let when: Vec<&str> = [&self.date, &self.time].into_iter().flatten().map(String::as_str).collect();
        let when = Some(when.join(" ")).filter(|when| !when.is_empty());
        let parts = [self.amount.clone(), cashback, self.kind(text), when];
        parts.into_iter().flatten().collect::<Vec<_>>().join(SEPARATOR)
    }

    /// What kind of transaction; one without a name has its code.
    fn kind(&self, text: &Text) -> Option<String> {
        let kind = self.kind?;
        let name = text.kind(kind);
        let code = self.type_code.as_ref().filter(|_| matches!(kind, TransactionKind::Other(_)));
        Some(code.map_or_else(|| name.clone(), |code| format!("{name} {code}")))
    }

    fn card(&self) -> Vec<String> {
        let application = self.application.as_ref();
        let application = application.map(|one| format!("{} {}", one.label.trim(), one.aid).trim().to_owned());
        [application, self.card_number.clone()].into_iter().flatten().collect()
    }

    /// `VISA CREDIT A0000000031010 · 476173******0010 · online · response code 00`.
    pub(super) fn with(&self, text: &Text) -> String {
        let code = self.response_code.as_ref().map(|code| response_code(text, code));
        let mut parts = self.card();
        parts.push(text.say(File::Report, if self.online { "online" } else { "offline" }));
        parts.extend(code);
        parts.join(SEPARATOR)
    }
}

/// A response code, and what it says when it is one the terminal gives itself.
pub(super) fn response_code(text: &Text, code: &str) -> String {
    let own = text.find(File::Facts, &format!("terminal-code-{}", code.to_ascii_lowercase()));
    match own {
        Some(meaning) => {
            text.say_with(File::Report, "followed-terminal-code", &[("code", code), ("meaning", &meaning)])
        }
        None => text.say_with(File::Report, "response-code", &[("code", code)]),
    }
}

fn application(source: Source<'_>) -> Option<ApplicationView> {
    let aid = &source.outcome.aid;
    let chosen = source.outcome.candidates.iter().find(|candidate| candidate.name == *aid);
    let header = source.outcome.card.value(tag::APPLICATION_LABEL_50);
    let label = chosen.map(|candidate| candidate.label.clone());
    let label = label.or_else(|| Some(String::from_utf8_lossy(header?).into_owned())).unwrap_or_default();
    let aid = hex::encode_upper(aid);
    // What has no label is listed under its name.
    let label = if label == aid { String::new() } else { escape(&label) };
    (!aid.is_empty()).then_some(ApplicationView { aid, label })
}

/// The number in the chip, or what stands for it when it is none: its length.
fn card_number(source: Source<'_>) -> Option<String> {
    let value = source.outcome.card.value(tag::PAN_5A)?;
    let number = Pan::from_compressed(value).map(|pan| pan.to_string());
    Some(number.unwrap_or_else(|_| "*".repeat(bcd::nibbles(value).count())))
}
