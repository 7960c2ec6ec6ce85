//! Exports: what they explain is what the original explains, and what they must not hold they do not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use emvident::{
    explain::Explainer,
    export::{Export, Exporter, Options},
    fault::{self, Way},
    readers::Transcript,
    run::{self, Run},
    scenario::Scenario,
};

fn exporter() -> Exporter {
    Exporter::new(Explainer::new().unwrap(), Options::default())
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| extension.is_empty() || file.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}

fn check(name: &str, recording: &[u8], failures: &mut Vec<String>) -> Option<Export> {
    match exporter().export(recording, None) {
        Ok(export) => {
            if !export.manifest.differs.is_empty() {
                failures.push(format!("{name}: {:?}", export.manifest.differs));
            }
            Some(export)
        }
        Err(error) => {
            failures.push(format!("{name}: {error}"));
            None
        }
    }
}

#[test]
fn recordings_of_other_programs_explain_the_same_when_exported() {
    let mut failures = Vec::new();
    let mut all = files("vectors/traces", "");
    let corpus = std::env::var("EMVIDENT_CORPUS").unwrap_or("../shared/corpus".to_owned()) + "/sessions";
    if Path::new(env!("CARGO_MANIFEST_DIR")).join(&corpus).is_dir() {
        all.extend(files(&corpus, "json"));
    }
    for file in all {
        check(&file.display().to_string(), &fs::read(&file).unwrap(), &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Exports a transaction that was run here: it explains the same, and replays to the same where the original does.
fn check_run(name: &str, original: &Run, failures: &mut Vec<String>) {
    let recording = original.transcript.to_string();
    let Some(export) = check(name, recording.as_bytes(), failures) else { return };
    let replays = run::replay(&original.transcript).unwrap().complete;
    let written = Transcript::parse(&export.transcript.to_string()).unwrap();
    let replay = run::replay(&written).unwrap();
    if replays && (!replay.complete || replay.run.outcome.tvr != original.outcome.tvr) {
        failures.push(format!("{name}: replay {:?}", replay.difference));
    }
}

/// One in so many is exported; `EXPORT_STEP` says otherwise.
fn step() -> usize {
    std::env::var("EXPORT_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(12)
}

#[test]
fn scenarios_replay_and_explain_the_same_when_exported() {
    let mut failures = Vec::new();
    for file in files("vectors/scenarios", "toml").iter().step_by(step()) {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let scenario = Scenario::from_file(file).unwrap();
        check_run(name, &scenario.lay().unwrap().run(&scenario.transaction), &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Cases that explain otherwise when exported: id, title, and the reason.
const OTHERWISE: &[(&str, &str, &str)] = &[
    (
        "ATK-19",
        "nobody notices in the records",
        "records of two cards: the hash does not fit in the export either, but what was changed is no longer told",
    ),
    ("ATK-17", "card key", "an export is signed with sound test keys: a key that its generator made weak is not in it"),
    ("CRY-45", "", "the same"),
];

#[test]
fn attacks_and_faults_replay_and_explain_the_same_when_exported() {
    let mut failures = Vec::new();
    let entries = fault::entries().unwrap();
    let cases = entries.iter().flat_map(|entry| entry.cases.iter().map(move |case| (entry, case)));
    let otherwise = |id: &str, title: &str| OTHERWISE.iter().any(|known| (known.0, known.1) == (id, title));
    let same = cases.filter(|(entry, case)| !otherwise(&entry.id, &case.title));
    for (at, (entry, case)) in same.enumerate().step_by(step()) {
        let way = if at % 24 == 0 { Way::Hardened } else { Way::Emv };
        let played = case.play(way).unwrap();
        check_run(&format!("{} {} ({})", entry.id, case.title, way.id()), &played.run, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
