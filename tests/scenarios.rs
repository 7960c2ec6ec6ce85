//! Every scenario of `vectors/scenarios`, whole: that it ends as the specification says, that its findings and exchanges
//! stay what they were when they were read and accepted, that its recording repeats itself, that it tells no secret, and
//! that no reason is left without a scenario.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

#[path = "scenarios/came_to.rs"]
mod came_to;
#[path = "scenarios/coverage.rs"]
mod coverage;
#[path = "scenarios/reported.rs"]
mod reported;
#[path = "scenarios/story.rs"]
mod story;

use std::{
    fs, panic,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use emvident::{
    readers::Transcript,
    run::{self, Run},
    scenario::Scenario,
};
use rayon::prelude::*;

use came_to::{came_to, differences};
use story::story;

/// A scenario, its name, and what it came to.
struct Played {
    name: String,
    scenario: Scenario,
    run: Run,
}

static PLAYED: LazyLock<Vec<Played>> = LazyLock::new(|| files().par_iter().map(|path| play(path)).collect());

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/scenarios");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn play(path: &Path) -> Played {
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    let scenario = Scenario::from_file(path).unwrap_or_else(|error| panic!("{error}"));
    let table = scenario.lay().unwrap_or_else(|error| panic!("{name}: {error}"));
    let run = table.run(&scenario.transaction);
    Played { name, scenario, run }
}

/// Runs `check` on every scenario and names all that fail.
fn for_each_scenario(check: impl Fn(&Played) + Sync) {
    let fails = |played: &&Played| {
        let check = panic::AssertUnwindSafe(|| check(played));
        panic::catch_unwind(check).is_err()
    };
    let failed: Vec<_> = PLAYED.par_iter().filter(fails).map(|played| &played.name).collect();
    assert!(failed.is_empty(), "failed: {failed:#?}");
}

#[test]
fn each_scenario_ends_as_the_specification_says() {
    for_each_scenario(|played| {
        let expected = played.scenario.expect.as_ref().unwrap_or_else(|| panic!("{}: no [expect]", played.name));
        let differences = differences(expected, &came_to(&played.run.outcome));
        assert!(differences.is_empty(), "{}:{differences}", played.name);
    });
}

#[test]
fn each_scenario_is_told_as_it_was_when_it_was_read() {
    for_each_scenario(|played| {
        let description = played.scenario.title.clone();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, description => description }, {
            insta::assert_snapshot!(played.name.as_str(), story(&played.run));
        });
    });
}

#[test]
fn each_recording_replays_to_the_same_bytes() {
    for_each_scenario(|played| {
        let text = played.run.transcript.to_string();
        let read = Transcript::parse(&text).unwrap();
        assert_eq!(read, played.run.transcript);
        let again = run::replay(&read).unwrap();
        assert_eq!(again.difference.map(|difference| difference.to_string()), None);
        assert!(again.complete, "the recording holds more than the replay used");
        assert_eq!(again.run.transcript.to_string(), text);
        assert_eq!(story(&again.run), story(&played.run));
        assert_eq!(again.run.outcome.log, played.run.outcome.log);
    });
}

#[test]
fn every_snapshot_belongs_to_a_scenario() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_file());
    for file in files.map(|entry| entry.file_name().into_string().unwrap()) {
        let name = file.trim_end_matches(".new").trim_end_matches(".snap");
        assert!(PLAYED.iter().any(|played| played.name == name), "{file}: no scenario has this name any more");
    }
}
