//! The certificates and signatures that were looked at.

use kernel::{
    finding::Fact,
    oda::report::{Certificate, Check, Step},
};
use serde::Serialize;

use super::{
    named,
    page::{Page, Tone},
};

/// One certificate or signature.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct StepView {
    #[serde(serialize_with = "named::one")]
    pub(super) certificate: Certificate,
    pub(super) passed: bool,
    pub(super) checks: Vec<CheckView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ca_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) serial: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expiry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key_bits: Option<usize>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct CheckView {
    #[serde(serialize_with = "named::one")]
    pub(super) fact: Fact,
    pub(super) passed: bool,
}

/// Every certificate once: the chain that leads to the PIN's key is often the one that led to the card's.
pub(super) fn views(steps: &[Step]) -> Vec<StepView> {
    let mut views = Vec::with_capacity(steps.len());
    for step in steps.iter().map(StepView::new) {
        let is_signature = matches!(step.certificate, Certificate::StaticSignature | Certificate::DynamicSignature);
        if is_signature || !views.contains(&step) {
            views.push(step);
        }
    }
    views
}

impl StepView {
    fn new(step: &Step) -> Self {
        let recovered = &step.recovered;
        let check = |check: &Check| CheckView { fact: check.fact, passed: check.passed };
        Self {
            certificate: step.certificate,
            passed: step.passed(),
            checks: step.checks.iter().map(check).collect(),
            ca_key: recovered.ca_key.map(|(rid, index)| format!("{}/{index:02X}", hex::encode_upper(rid))),
            serial: recovered.serial.map(hex::encode_upper),
            expiry: recovered.expiry.map(|date| date.to_string()),
            key_bits: recovered.key_bits,
        }
    }

    fn print(&self, page: &mut Page<'_>) {
        let (sign, tone) = if self.passed { ("✓", Tone::Good) } else { ("✗", Tone::Bad) };
        let certificate = page.text.certificate(self.certificate);
        let result = match self.checks.iter().find(|check| !check.passed) {
            Some(failed) => page.say_with("chain-failed", &[("fact", &page.text.fact(failed.fact))]),
            None if self.checks.len() == 1 => page.say("chain-passed-one"),
            None => page.say_with("chain-passed", &[("count", &self.checks.len().to_string())]),
        };
        let details = self.details(page);
        page.row(
            2,
            &[(2, tone, sign), (31, Tone::Plain, &certificate), (20, tone, &result), (0, Tone::Faint, &details)],
        );
    }

    fn details(&self, page: &Page<'_>) -> String {
        let parts = [
            self.ca_key.clone(),
            self.key_bits.map(|bits| page.say_with("chain-key", &[("bits", &bits.to_string())])),
            self.expiry.as_ref().map(|date| page.say_with("chain-expiry", &[("date", date)])),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

pub(super) fn print(steps: &[StepView], page: &mut Page<'_>) {
    if steps.is_empty() {
        return;
    }
    page.heading("heading-chain");
    steps.iter().for_each(|step| step.print(page));
}
