//! Entry Point against its conformance list: every run of `data/conformance.toml`, with a kernel that says what the run
//! wants and keeps what it was started with, a card that answers what the run says, and people who write down what is
//! shown. What happens is compared line by line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

#[path = "conformance/case.rs"]
mod case;
#[path = "conformance/stage.rs"]
mod stage;
#[path = "conformance/words.rs"]
mod words;

use std::process::Command;

use emvident::{conformance::TABLE, kernel::contactless::Memory};

use case::{Case, Run, Table};
use stage::{Played, play};

#[test]
fn every_run_of_every_case_goes_as_it_says() {
    let table: Table = toml::from_str(TABLE).unwrap();
    let failed: Vec<String> = table.case.iter().filter_map(failures).collect();
    assert!(failed.is_empty(), "{} cases failed:\n{}", failed.len(), failed.join("\n"));
}

fn failures(case: &Case) -> Option<String> {
    let mut memory = Memory::default();
    let mut told = String::new();
    for (number, run) in (1..).zip(&case.run) {
        for one in run.for_each_kind() {
            let played = play(&one, &mut memory);
            for difference in differences(&one, &played) {
                told.push_str(&format!("  run {number}, {}: {difference}\n", one.kind));
            }
        }
    }
    (!told.is_empty()).then(|| format!("{}\n{told}", case.covers.join(" ")))
}

/// What went otherwise than the run says. A run that says nothing about what must happen proves nothing.
fn differences(run: &Run, played: &Played) -> Vec<String> {
    let lists = [
        ("happens", &run.happens, played.log.clone()),
        ("shows", &run.shows, played.lines("show ")),
        ("card", &run.card, played.card()),
        ("starts", &run.starts, played.lines("start ")),
        ("displays", &run.displays, played.displayed.clone()),
        ("findings", &run.findings, played.findings.clone()),
    ];
    let mut wrong: Vec<String> = lists
        .into_iter()
        .filter_map(|(name, wanted, came)| {
            let wanted = wanted.as_ref().filter(|wanted| **wanted != came)?;
            Some(format!("{name}\n    {}\n  where these are right\n    {}", came.join("\n    "), wanted.join("\n    ")))
        })
        .collect();
    if let Some(ends) = run.ends.as_ref().filter(|ends| **ends != played.ends) {
        wrong.push(format!("ends {} where {ends} is right", played.ends));
    }
    if let Some(decision) = run.decision.as_ref().filter(|decision| **decision != played.decision) {
        wrong.push(format!("{} where {decision} is right", played.decision));
    }
    for (tag, value) in run.kernel_has.iter().filter(|(tag, value)| played.kernel_had(tag) != Some(value.as_str())) {
        wrong.push(format!("the kernel had {tag} = {:?} where {value} is right", played.kernel_had(tag)));
    }
    if run.says_nothing() {
        wrong.push("this run wants nothing".to_owned());
    }
    wrong
}

/// New unpredictable numbers at every activation of a kernel, as many as were drawn.
#[test]
fn every_activation_of_a_kernel_has_a_number_of_its_own() {
    let table: Table = toml::from_str(TABLE).unwrap();
    let case = table.case.iter().find(|case| case.covers == ["2EA.007.00"]).expect("a case for 2EA.007.00");
    let mut memory = Memory::default();
    let numbers: Vec<String> = case.run.iter().flat_map(|run| play(run, &mut memory).numbers).collect();
    assert!(numbers.len() > 3, "{numbers:?}");
    let mut different = numbers.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), numbers.len(), "{numbers:?}");
}

#[test]
fn the_program_prints_every_subject() {
    let print = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_emvident")).args(arguments).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let subjects: serde_json::Value = serde_json::from_str(&print(&["conformance", "--json"])).unwrap();
    assert_eq!(subjects.as_array().unwrap().len(), 169);
    let text = print(&["conformance"]);
    assert_eq!(text.lines().filter(|line| line.starts_with("2E")).count(), 169);
    assert!(text.contains("2EA.010.00    ") && text.contains("[cannot apply: "), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100));
}
