//! The verdict as JSON.

use std::collections::BTreeMap;

use kernel::Reason;
use serde::Serialize;

use super::{Check, Finding, Verdict, check};
use crate::text::Text;

/// Name and version of the JSON form.
pub const SCHEMA: &str = "emvident.stripe/1";

#[derive(Serialize)]
struct Document<'v> {
    schema: &'static str,
    language: &'static str,
    must_refuse: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_number: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check_digit_fits: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_code: Option<ServiceCodeView>,
    check_character: Check,
    length: usize,
    discretionary_length: usize,
    findings: &'v [Finding],
    /// What the reasons among the findings mean.
    texts: BTreeMap<&'static str, Texts>,
}

#[derive(Serialize)]
struct ServiceCodeView {
    code: String,
    /// The meaning of each digit, a stable id.
    digits: [&'static str; 3],
}

#[derive(Serialize)]
struct Texts {
    title: String,
    means: String,
    engineer: String,
    remedies: Vec<String>,
}

impl Verdict {
    /// The verdict for programs: JSON of the schema [`SCHEMA`]. Facts are keys that never change; `texts` says in the
    /// language of `text` what the reasons among them mean.
    pub fn json(&self, text: &Text) -> String {
        let document = Document {
            schema: SCHEMA,
            language: text.language().tag(),
            must_refuse: self.must_refuse(),
            card_number: self.card_number.as_deref(),
            check_digit_fits: self.check_digit,
            expiry: self.expiry.as_deref(),
            service_code: self.service_code.map(|code| ServiceCodeView {
                code: code.to_string(),
                digits: [1, 2, 3].map(|place| check::meaning(place, code)),
            }),
            check_character: self.check,
            length: self.length,
            discretionary_length: self.discretionary,
            findings: &self.findings,
            texts: self.findings.iter().map(|finding| (finding.reason.id(), texts(finding.reason, text))).collect(),
        };
        // Everything in it has a JSON form; an error would be an empty document.
        serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
    }
}

fn texts(reason: Reason, text: &Text) -> Texts {
    let texts = text.reason(reason);
    Texts { title: texts.title, means: texts.means, engineer: texts.engineer, remedies: texts.remedies }
}
