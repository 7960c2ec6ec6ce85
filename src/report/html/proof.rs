//! What proves card and cardholder: the certificates, the story of the CVM list, the results; and the issuer's scripts.

use apdu::{Tag, tag, value::CvmResult};
use kernel::contact::verify_cardholder::Step;
use maud::{Markup, html};

use super::{Place, both::Both, bytes};
use crate::{
    decode,
    report::{
        Report,
        chain::StepView,
        issuer_data::IssuerDataView,
        scripts::ScriptView,
        summary::Summary,
        verification::{RuleView, VerificationView},
    },
    text::File,
};

/// The certificates and signatures, each above what it signs.
pub(super) fn chain(steps: &[StepView], at: Place<'_>) -> Markup {
    html! {
        @if !steps.is_empty() {
            section.card id=(at.id("chain")) {
                h2 { (at.both.from(File::Report, "heading-chain")) }
                ol.chain { @for (index, one) in steps.iter().enumerate() {
                    (step(one, steps.get(index.saturating_add(1)), at.both))
                } }
            }
        }
    }
}

/// A certificate holds the key that signs the next one; two signatures in a row are by the same key.
fn step(step: &StepView, next: Option<&StepView>, both: &Both) -> Markup {
    let signs = next.is_some_and(|next| next.certificate != step.certificate);
    let say = |id, name: &'static str, value: &str| both.say(|text| text.say_with(File::Report, id, &[(name, value)]));
    html! {
        li.link.signs[signs].good[step.passed].bad[!step.passed] {
            h3 { (sign(step.passed)) " " (both.say(|text| text.certificate(step.certificate))) }
            p.facts {
                @if let Some(key) = &step.ca_key { span { (both.from(File::Facts, "fact-ca-key")) " " code { (key) } } " " }
                @if let Some(bits) = step.key_bits { span { (say("chain-key", "bits", &bits.to_string())) } " " }
                @if let Some(date) = &step.expiry { span { (say("chain-expiry", "date", date)) } " " }
                @if let Some(serial) = &step.serial {
                    span { (both.from(File::Facts, "fact-serial-number")) " " code { (serial) } }
                }
            }
            ul.checks { @for check in &step.checks {
                li.bad[!check.passed] { (sign(check.passed)) " " (both.say(|text| text.fact(check.fact))) }
            } }
        }
    }
}

fn sign(passed: bool) -> Markup {
    if passed {
        html! { span.sign.good { "✓" } }
    } else {
        html! { span.sign.bad { "✗" } }
    }
}

/// Every rule of the CVM list, taken or skipped, and why.
pub(super) fn verification(view: &VerificationView, at: Place<'_>) -> Markup {
    let (x, y) = view.amounts.as_ref().map_or(("X", "Y"), |(x, y)| (x, y));
    html! {
        @if !view.rules.is_empty() {
            section.card id=(at.id("verification")) {
                h2 { (at.both.from(File::Report, "heading-verification")) }
                ol.rules { @for one in &view.rules { (rule(one, (x, y), at.both)) } }
                @if let Some(results) = &view.results {
                    p.faint { (at.both.say(|text| text.say_with(File::Report, "cvm-final", &[("bytes", results)]))) }
                }
            }
        }
    }
}

fn rule(view: &RuleView, amounts: (&str, &str), both: &Both) -> Markup {
    let rule = view.visit.rule;
    let (sign, tone) = match view.visit.step {
        Step::Skipped(_) => ("·", "skipped"),
        Step::Performed { result: CvmResult::Successful | CvmResult::Unknown, .. } => ("✓", "good"),
        Step::Performed { .. } | Step::Unusable(_) | Step::Stopped(_) => ("✗", "bad"),
    };
    html! {
        li.(tone) {
            span.sign.(tone) { (sign) } " "
            strong { (both.say(|text| text.method(rule.method()))) } " " code { (view.rule) }
            p { (both.say(|text| text.condition(rule.condition(), amounts))) " → " (both.say(|text| view.ended(text))) }
        }
    }
}

/// What the terminal wrote down, bit by bit.
pub(super) fn results(summary: &Summary, at: Place<'_>) -> Markup {
    let all = [
        (tag::TVR_95, Some(&summary.tvr)),
        (tag::TSI_9B, Some(&summary.tsi)),
        (tag::CVM_RESULTS_9F34, summary.cvm_results.as_ref()),
    ];
    html! {
        section.card id=(at.id("results")) {
            h2 { (at.both.html("heading-results")) }
            @for (tag, digits) in all { @if let Some(digits) = digits { (result(tag, digits, at.both)) } }
        }
    }
}

fn result(tag: Tag, digits: &str, both: &Both) -> Markup {
    let bytes = hex::decode(digits.replace(' ', "")).unwrap_or_default();
    let node = decode::value(tag, &bytes, apdu::dictionary::Context::Emv);
    html! { @if let Some(node) = node { (bytes::value(&node, both)) } }
}

/// What the card told its issuer with each cryptogram.
pub(super) fn issuer_data(views: &[IssuerDataView], at: Place<'_>) -> Markup {
    html! {
        @if !views.is_empty() {
            section.card id=(at.id("issuer-data")) {
                h2 { (at.both.from(File::Report, "heading-issuer-data")) }
                @for (index, view) in views.iter().enumerate() {
                    (told(view, index.checked_sub(1).and_then(|before| views.get(before)), at.both))
                }
            }
        }
    }
}

fn told(view: &IssuerDataView, before: Option<&IssuerDataView>, both: &Both) -> Markup {
    let number = view.cryptogram.to_string();
    let is_same = before.is_some_and(|before| before.bytes == view.bytes);
    html! {
        h3 { (both.say(|text| text.say_with(File::Report, "issuer-data-of", &[("number", &number)]))) }
        @match &view.node {
            _ if is_same => p { (both.from(File::Report, "issuer-data-same")) },
            Some(node) => (bytes::value(node, both)),
            None => p { code { (view.bytes) } " " (both.from(File::Report, "issuer-data-unknown")) },
        }
    }
}

/// What the issuer's scripts came to.
pub(super) fn scripts(scripts: &[ScriptView], at: Place<'_>) -> Markup {
    html! {
        @if !scripts.is_empty() {
            section.card {
                h2 { (at.both.from(File::Report, "heading-scripts")) }
                ul.plain { @for one in scripts { (script(one, at.both)) } }
            }
        }
    }
}

fn script(script: &ScriptView, both: &Both) -> Markup {
    let number = script.failed_command.unwrap_or_default().to_string();
    let result = format!("script-{}", script.result);
    html! {
        li {
            (sign(script.result == "successful")) " "
            @match &script.identifier {
                Some(identifier) => code { (identifier) },
                None => (both.from(File::Report, "script-without-id")),
            }
            " " (both.say(|text| text.say_with(File::Report, &result, &[("number", &number)])))
        }
    }
}

/// The sections that `report` has, for the way to them.
pub(super) fn contents(report: &Report, at: Place<'_>) -> Markup {
    let report_file = |id| at.both.from(File::Report, id);
    let entries = [
        (true, "steps", report_file("heading-timeline")),
        (!report.verification.rules.is_empty(), "verification", report_file("heading-verification")),
        (!report.analyses.is_empty(), "codes", report_file("heading-codes")),
        (!report.certificates.is_empty(), "chain", report_file("heading-chain")),
        (!report.issuer_data.is_empty(), "issuer-data", report_file("heading-issuer-data")),
        (true, "results", at.both.html("heading-results")),
    ];
    html! {
        nav.contents { @for (there, name, heading) in entries { @if there {
            a href=(format!("#{}", at.id(name))) { (heading) } " "
        } } }
    }
}
