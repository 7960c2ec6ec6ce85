//! A run as text: outcome, findings, exchanges.

use std::fmt::Write;

use emvident::{
    kernel::{
        Finding, Outcome,
        contactless::{Tap, TapOutcome},
        finding::Evidence,
    },
    run::Run,
    scenario::Expectation,
};

pub fn story(run: &Run) -> String {
    let mut story = String::new();
    write_outcome(&mut story, &run.outcome);
    story.push('\n');
    run.outcome.log.findings.iter().for_each(|finding| write_finding(&mut story, finding));
    story.push('\n');
    for line in &run.transcript.lines {
        writeln!(story, "{line}").unwrap();
    }
    story
}

fn write_outcome(story: &mut String, outcome: &Outcome) {
    let code = outcome.response_code.map_or("-".to_owned(), |code| code.escape_ascii().to_string());
    writeln!(story, "{} by {}, response code {code}", outcome.decision.id(), outcome.decided_by.id()).unwrap();
    writeln!(story, "TVR {} TSI {}", hex::encode_upper(outcome.tvr.0), hex::encode_upper(outcome.tsi.0)).unwrap();
    if let Some(results) = &outcome.cvm_results {
        writeln!(story, "CVM results {}", hex::encode_upper(results.0)).unwrap();
    }
    for made in &outcome.cryptograms {
        let signed = if made.signature_asked { ", signed" } else { "" };
        let cryptogram = made.cryptogram.map_or("-".to_owned(), hex::encode_upper);
        writeln!(story, "asked {:?}{signed}: CID {:02X}, {cryptogram}", made.asked, made.cid.0).unwrap();
    }
    Expectation::of(outcome).flags.iter().for_each(|flag| writeln!(story, "{flag}").unwrap());
    outcome.tap.iter().for_each(|tap| write_tap(story, tap));
}

fn write_tap(story: &mut String, tap: &Tap) {
    for activation in &tap.activations {
        let name = hex::encode_upper(&activation.name);
        writeln!(story, "kernel {} with {name}: {}", activation.kernel, activation.outcome).unwrap();
        write_records(story, &activation.outcome);
    }
    if let Some(outcome) = &tap.outcome {
        writeln!(story, "outcome: {outcome}").unwrap();
    }
}

/// What an outcome hands to the terminal, by its tags.
fn write_records(story: &mut String, outcome: &TapOutcome) {
    let records = [("data record", &outcome.data_record), ("discretionary data", &outcome.discretionary_data)];
    for (name, record) in records.into_iter().filter_map(|(name, record)| Some((name, record.as_ref()?))) {
        let tags: Vec<_> = record.iter().map(|(tag, _)| tag.to_string()).collect();
        writeln!(story, "  {name}: {}", tags.join(" ")).unwrap();
    }
}

fn write_finding(story: &mut String, finding: &Finding) {
    let effect = finding.tvr.map_or(String::new(), |bit| format!(", TVR {bit}"));
    let (severity, phase) = (finding.severity.id(), finding.phase.id());
    writeln!(story, "{} ({severity}, {}, {phase}{effect})", finding.reason.id(), finding.certainty.id()).unwrap();
    finding.evidence.iter().for_each(|evidence| write_evidence(story, evidence));
}

fn write_evidence(story: &mut String, evidence: &Evidence) {
    write!(story, "  {}", evidence.fact.id()).unwrap();
    if let Some(expected) = &evidence.expected {
        write!(story, " expected {expected:?}").unwrap();
    }
    if let Some(found) = &evidence.found {
        write!(story, " found {found:?}").unwrap();
    }
    let place = &evidence.place;
    let at = [
        place.tag.map(|tag| format!("in {tag}")),
        place.offset.map(|offset| format!("offset {offset}")),
        place.record.map(|(sfi, number)| format!("record {sfi}.{number}")),
        place.exchange.map(|exchange| format!("exchange {exchange}")),
    ];
    let at: Vec<_> = at.into_iter().flatten().collect();
    writeln!(story, "{}{}", if at.is_empty() { "" } else { ", " }, at.join(", ")).unwrap();
}
