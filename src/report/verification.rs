//! The story of the CVM list.

use apdu::{
    tag,
    value::{CvmResult, CvmRule},
};
use kernel::{
    Reason,
    contact::verify_cardholder::{
        Step, Visit,
        rules::{Missing, Unmet, Unusable},
    },
};
use serde::Serialize;

use super::{
    Source,
    page::{Page, Tone},
};
use crate::text::{File, Text};

/// How the cardholder was verified.
#[derive(Debug, Serialize)]
pub(super) struct VerificationView {
    /// Amounts X and Y of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amounts: Option<(String, String)>,
    pub(super) rules: Vec<RuleView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) results: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct RuleView {
    /// The two bytes of the rule.
    pub(super) rule: String,
    #[serde(skip)]
    pub(super) visit: Visit,
    step: &'static str,
    /// What became of it: why it was left, or how it ended.
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'static str>,
}

impl VerificationView {
    pub fn new(source: Source<'_>) -> Self {
        let outcome = source.outcome;
        let currency = source.currency.with_code(outcome.card.array(tag::APPLICATION_CURRENCY_CODE_9F42));
        let amount = |units: u32| currency.amount(units.into());
        Self {
            amounts: outcome.cvm.amounts.map(|(x, y)| (amount(x), amount(y))),
            rules: outcome.cvm.visits.iter().map(RuleView::new).collect(),
            results: outcome.cvm_results.map(|results| results.to_string()),
        }
    }

    pub fn print(&self, page: &mut Page<'_>) {
        if self.rules.is_empty() {
            return;
        }
        page.heading("heading-verification");
        let (x, y) = self.amounts.as_ref().map_or(("X", "Y"), |(x, y)| (x, y));
        for (number, rule) in (1..).zip(&self.rules) {
            rule.print(number, (x, y), page);
        }
        if let Some(results) = &self.results {
            let line = page.say_with("cvm-final", &[("bytes", results)]);
            page.row(2, &[(0, Tone::Faint, &line)]);
        }
    }
}

impl RuleView {
    fn new(visit: &Visit) -> Self {
        let CvmRule { method_byte, condition_byte } = visit.rule;
        let because = match visit.step {
            Step::Performed { because, .. } => because,
            Step::Stopped(reason) => Some(reason),
            Step::Skipped(_) | Step::Unusable(_) => None,
        };
        Self {
            rule: format!("{method_byte:02X}{condition_byte:02X}"),
            visit: *visit,
            step: visit.step.id(),
            result: result(visit.step),
            because: because.map(Reason::id),
        }
    }

    fn print(&self, number: usize, amounts: (&str, &str), page: &mut Page<'_>) {
        let (sign, tone) = match self.visit.step {
            Step::Skipped(_) => ("·", Tone::Faint),
            Step::Performed { result: CvmResult::Successful | CvmResult::Unknown, .. } => ("✓", Tone::Good),
            Step::Performed { .. } | Step::Unusable(_) | Step::Stopped(_) => ("✗", Tone::Bad),
        };
        let text = page.text;
        let rule = self.visit.rule;
        let method = text.method(rule.method());
        let condition = text.condition(rule.condition(), amounts);
        let number = number.to_string();
        let ended = self.ended(text);
        let rest = page.say_with("rule", &[("condition", &condition), ("result", &ended)]);
        let cells = [
            (3, Tone::Faint, &*number),
            (2, tone, sign),
            (6, Tone::Faint, &*self.rule),
            (0, Tone::Plain, &*method),
            (0, Tone::Faint, &*rest),
        ];
        page.row(2, &cells);
    }

    pub(super) fn ended(&self, text: &Text) -> String {
        let how = text.say(File::Facts, self.result);
        let reason = self.because.and_then(Reason::from_id).map(|reason| text.title(reason));
        reason.map_or(how.clone(), |reason| text.say_with(File::Report, "ended", &[("how", &how), ("reason", &reason)]))
    }
}

/// The key of the text that says what became of a rule.
fn result(step: Step) -> &'static str {
    match step {
        Step::Skipped(unmet) => unmet_key(unmet),
        Step::Unusable(Unusable::Unrecognised) => "unusable-unrecognised",
        Step::Unusable(Unusable::Unsupported(missing)) => match missing {
            Missing::Capability(_) => "unusable-capability",
            Missing::Attendant => "unusable-attendant",
            Missing::AttendantPrinter => "unusable-attendant-printer",
        },
        Step::Performed { result: CvmResult::Successful, .. } => "result-successful",
        Step::Performed { result: CvmResult::Failed, .. } => "result-failed",
        Step::Performed { .. } => "result-unknown",
        Step::Stopped(_) => "result-stopped",
    }
}

fn unmet_key(unmet: Unmet) -> &'static str {
    match unmet {
        Unmet::NotUnattendedCash => "unmet-not-unattended-cash",
        Unmet::CashOrCashback => "unmet-cash-or-cashback",
        Unmet::MethodUnusable(_) => "unmet-method-unusable",
        Unmet::NotManualCash => "unmet-not-manual-cash",
        Unmet::NotCashback => "unmet-not-cashback",
        Unmet::NoApplicationCurrency => "unmet-no-application-currency",
        Unmet::OtherCurrency => "unmet-other-currency",
        Unmet::NotUnder(_) => "unmet-not-under",
        Unmet::NotOver(_) => "unmet-not-over",
        _ => "unmet-condition-unknown",
    }
}
