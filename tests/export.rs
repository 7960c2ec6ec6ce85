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
    readers::Transcript,
    run,
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

#[test]
fn scenarios_replay_and_explain_the_same_when_exported() {
    let mut failures = Vec::new();
    let step: usize = std::env::var("EXPORT_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(8);
    for file in files("vectors/scenarios", "toml").iter().step_by(step) {
        let name = file.file_stem().unwrap().to_str().unwrap();
        if std::env::var("EXPORT_ONLY").is_ok_and(|only| !only.split(',').any(|wanted| wanted == name)) {
            continue;
        }
        let scenario = Scenario::from_file(file).unwrap();
        let original = scenario.lay().unwrap().run(&scenario.transaction);
        let recording = original.transcript.to_string();
        let Some(export) = check(name, recording.as_bytes(), &mut failures) else { continue };
        if let Ok(folder) = std::env::var("EXPORT_KEEP") {
            fs::write(Path::new(&folder).join(name), &recording).unwrap();
            fs::write(Path::new(&folder).join(format!("{name}.export")), export.transcript.to_string()).unwrap();
        }
        let written = Transcript::parse(&export.transcript.to_string()).unwrap();
        let replay = run::replay(&written).unwrap();
        if !replay.complete || replay.run.outcome.tvr != original.outcome.tvr {
            failures.push(format!("{name}: replay {:?}", replay.difference));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
