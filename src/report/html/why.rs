//! What was decided, why, and what to do: the first thing a reader sees.

use kernel::{Decision, Reason, finding::Severity};
use maud::{Markup, html};

use super::{Place, both::Both};
use crate::{
    report::{
        Report,
        evidence::EvidenceView,
        explanation::{Explanation, say_ruled_out},
        finding::FindingView,
        followed,
        observed::ObservedView,
        said::Said,
    },
    text::File,
};

/// The outcome in a few words.
pub(super) fn verdict(report: &Report, at: Place<'_>) -> Markup {
    let (summary, both) = (&report.outcome, at.both);
    let recording = report.recording.as_ref();
    let capture = recording.and_then(|recording| recording.capture.as_ref());
    let (sign, tone) = match summary.decision {
        _ if capture.is_some() => ("?", "open"),
        Decision::Approved => ("✓", "good"),
        Decision::Declined => ("✗", "bad"),
        Decision::NotCompleted => ("■", "open"),
    };
    html! {
        header.verdict.(tone) {
            @if let Some(recording) = recording { (attempt(recording, both)) }
            h1 id=(at.id("top")) {
                span.sign aria-hidden="true" { (sign) } " "
                @if capture.is_some() { (both.html("cannot-tell")) }
                @else { (both.say(|text| text.decision(summary.decision))) }
            }
            @if let Some(capture) = capture { p.lead { (both.said(capture, "capture")) } }
            @else { p.lead { (both.say(|text| text.decider(summary.decided_by))) } }
            p { (both.say(|text| summary.about(text))) }
            p { (both.say(|text| summary.with(text))) }
            @for duty in summary.duties() { p.duty { (both.from(File::Report, duty)) } }
        }
    }
}

fn attempt(recording: &ObservedView, both: &Both) -> Markup {
    let (number, of) = (recording.attempt.to_string(), recording.attempts.to_string());
    let variables = [("number", &*number), ("of", &*of)];
    html! {
        @if recording.attempts > 1 {
            p.eyebrow { (both.say(|text| text.say_with(File::Explain, "attempt", &variables))) }
        }
    }
}

/// The root and what followed, or that nothing explains it.
pub(super) fn why(report: &Report, at: Place<'_>) -> Markup {
    let explanation = &report.explanation;
    let unexplained = explanation.decision != Decision::Approved;
    let tap = report.tap.as_ref().filter(|_| report.is_unfinished());
    let agreed = tap.map(|tap| at.both.all(|text| tap.agreed(text))).unwrap_or_default();
    html! {
        @match &explanation.root {
            Some(root) => (root_cause(root, explanation, at)),
            None if !agreed.is_empty() => section.card {
                h2 { (at.both.from(File::Report, "heading-why")) }
                @for line in &agreed { p { (line) } }
            },
            None if unexplained => section.card {
                h2 { (at.both.from(File::Report, "heading-why")) }
                p { (at.both.from(File::Report, "unexplained")) }
                (remedies(explanation, at.both))
            },
            None if explanation.others.is_empty() => p.faint { (at.both.from(File::Report, "approved-plainly")) },
            None => {},
        }
        (said("heading-would-pass", "change", &report.would_pass, at))
        @if let Some(recording) = &report.recording { (observed(recording, at)) }
        (others(&explanation.others, at))
    }
}

fn root_cause(root: &FindingView, explanation: &Explanation, at: Place<'_>) -> Markup {
    let both = at.both;
    let label = |id| html! { dt { (both.from(File::Report, id)) } };
    html! {
        section.card {
            h2 { (both.from(File::Report, "heading-why")) }
            p.title { (both.say(|text| text.title(root.reason))) " " code.id { (root.reason.id()) } }
            p { (both.say(|text| text.reason(root.reason).means)) }
            (remedies(explanation, both))
            dl {
                (label("label-engineer")) dd { (both.say(|text| text.reason(root.reason).engineer)) }
                (label("label-fault")) dd { (fault(root, explanation, both)) }
                @if !root.evidence.is_empty() {
                    (label("label-seen")) dd { ul.plain { @for one in &root.evidence { li { (evidence(one, at)) } } } }
                }
                (label("label-rule")) dd { (root.clause) }
                (followed_by(explanation, both))
                (suspicions(explanation, both))
            }
        }
    }
}

fn remedies(explanation: &Explanation, both: &Both) -> Markup {
    html! {
        @if !explanation.remedies.is_empty() {
            div.now {
                h3 { (both.from(File::Report, "label-do")) }
                ul { @for remedy in &explanation.remedies { li { (both.say(|text| text.remedy(*remedy))) } } }
            }
        }
    }
}

fn fault(root: &FindingView, explanation: &Explanation, both: &Both) -> Markup {
    both.say(|text| {
        let whose: Vec<String> = explanation.blame.iter().map(|category| text.category(*category)).collect();
        let whose = whose.join(&text.say(File::Report, "semicolon"));
        let certainty = text.certainty(root.certainty);
        text.say_with(File::Report, "fault", &[("whose", &whose), ("certainty", &certainty)])
    })
}

/// A piece of evidence, and the way to the exchange it was seen in.
fn evidence(evidence: &EvidenceView, at: Place<'_>) -> Markup {
    html! {
        (at.both.say(|text| evidence.say(text)))
        (way_to(evidence.exchange, at))
    }
}

fn way_to(exchange: Option<u16>, at: Place<'_>) -> Markup {
    html! {
        @if let Some(number) = exchange.filter(|number| at.has(*number)) {
            " " a.to href=(format!("#{}", at.exchange(number))) { "→ " (number) }
        }
    }
}

fn followed_by(explanation: &Explanation, both: &Both) -> Markup {
    let links = both.all(|text| {
        let lines = followed::say(&explanation.followed, text);
        lines.into_iter().map(|line| line.trim_start_matches("→ ").to_owned()).collect()
    });
    html! {
        @if !links.is_empty() {
            dt { (both.from(File::Report, "label-followed")) }
            dd { ol.followed { @for link in links { li { (link) } } } }
        }
    }
}

fn suspicions(explanation: &Explanation, both: &Both) -> Markup {
    let title = |reason: &Reason| both.say(|text| text.title(*reason));
    html! {
        @if !explanation.suspicions.is_empty() {
            dt { (both.from(File::Report, "label-suspect")) }
            dd { ul.plain { @for reason in &explanation.suspicions { li { (title(reason)) " " code.id { (reason.id()) } } } } }
        }
        @if !explanation.ruled_out.is_empty() {
            dt { (both.from(File::Report, "label-ruled-out")) }
            dd { (both.say(|text| {
                let all: Vec<String> = explanation.ruled_out.iter().map(|what| say_ruled_out(*what, text)).collect();
                all.join(&text.say(File::Report, "semicolon"))
            })) }
        }
    }
}

fn others(findings: &[FindingView], at: Place<'_>) -> Markup {
    let both = at.both;
    html! {
        @if !findings.is_empty() {
            section.card {
                h2 { (both.from(File::Report, "heading-also")) }
                ul.findings { @for finding in findings { li {
                    span.severity { (both.say(|text| text.severity(finding.severity))) } " "
                    (both.say(|text| text.title(finding.reason))) " " code.id { (finding.reason.id()) }
                    // A note says it all.
                    @if finding.severity > Severity::Info {
                        ul.plain.faint { @for one in &finding.evidence { li { (evidence(one, at)) } } }
                    }
                } } }
            }
        }
    }
}

fn observed(recording: &ObservedView, at: Place<'_>) -> Markup {
    html! {
        (said("heading-differences", "difference", &recording.differences, at))
        (said("heading-weak", "weakness", &recording.weak_points, at))
        (said("heading-assumed", "assumed", &recording.assumed, at))
    }
}

fn said(heading: &str, prefix: &str, all: &[Said], at: Place<'_>) -> Markup {
    let exchange = |one: &Said| one.values.get("exchange").and_then(|number| number.parse().ok());
    html! {
        @if !all.is_empty() {
            section.card {
                h2 { (at.both.from(File::Explain, heading)) }
                ul { @for one in all { li { (at.both.said(one, prefix)) (way_to(exchange(one), at)) } } }
            }
        }
    }
}
