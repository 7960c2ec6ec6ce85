//! Every scenario of `vectors/scenarios`, whole: outcome, findings, exchanges, report, and the same again from the recording.

use std::{
    fmt::Write,
    fs, panic,
    path::{Path, PathBuf},
};

use emvident::{
    kernel::{Finding, Outcome, finding::Evidence},
    readers::Transcript,
    run::{self, Run},
    scenario::Scenario,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/scenarios")
}

fn scenarios() -> Vec<(String, Scenario)> {
    let mut files: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), Scenario::from_file(path).unwrap_or_else(|error| panic!("{error}")))).collect()
}

fn run(scenario: &Scenario) -> Run {
    scenario.lay().unwrap_or_else(|error| panic!("{error}")).run(&scenario.transaction)
}

/// Runs `check` on every scenario and names all that fail.
fn for_each_scenario(check: impl Fn(&str, &Scenario) + panic::RefUnwindSafe) {
    let failed: Vec<_> = scenarios()
        .into_iter()
        .filter(|(name, scenario)| {
            let scenario = panic::AssertUnwindSafe(scenario);
            panic::catch_unwind(|| check(name, &scenario)).is_err()
        })
        .map(|(name, _)| name)
        .collect();
    assert!(failed.is_empty(), "failed: {failed:#?}");
}

#[test]
fn each_scenario_ends_as_it_should() {
    for_each_scenario(|name, scenario| {
        let run = run(scenario);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, description => scenario.title.clone() }, {
            insta::assert_snapshot!(name, story(&run));
        });
    });
}

#[test]
fn each_recording_replays_to_the_same_bytes() {
    for_each_scenario(|_, scenario| {
        let run = run(scenario);
        let text = run.transcript.to_string();
        let read = Transcript::parse(&text).unwrap();
        assert_eq!(read, run.transcript);
        let again = run::replay(&read).unwrap();
        assert_eq!(again.difference.map(|difference| difference.to_string()), None);
        assert!(again.complete, "the recording holds more than the replay used");
        assert_eq!(again.run.transcript.to_string(), text);
        assert_eq!(story(&again.run), story(&run));
        assert_eq!(again.run.outcome.log, run.outcome.log);
    });
}

fn story(run: &Run) -> String {
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
    let flags = [
        (outcome.online, "online"),
        (outcome.signature_required, "signature line"),
        (outcome.advice, "advice"),
        (outcome.reversal, "reversal"),
    ];
    flags.iter().filter(|(set, _)| *set).for_each(|(_, name)| writeln!(story, "{name}").unwrap());
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
