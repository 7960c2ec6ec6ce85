//! The soundness sweep, as far as every build can afford it: every single bit of every transaction, and the allow-list.
//! `make sweep` does the rest.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    dead_code,
    reason = "a test that cannot go on has failed"
)]

#[path = "sweep/sweeping.rs"]
mod sweeping;

use std::{
    collections::BTreeSet,
    env, fs,
    io::Write,
    process::{Command, Stdio},
    sync::LazyLock,
    time::Instant,
};

use sweeping::{
    baseline,
    crew::{Batch, Every, Tally, batches, run_all, told},
    labels::{self, Label},
    mutant::{Class, World},
    properties::Judge,
    recording,
};

static WORLD: LazyLock<World> = LazyLock::new(|| World::new(baseline::all(), 1, 0));
static JUDGE: LazyLock<Judge> = LazyLock::new(Judge::read);

/// Determinism of one in 101, the hardened policy on one in 7.
const EVERY: Every = Every { twice: 101, hardened: 7 };

fn every_mutant_of(class: Class) -> Vec<Batch> {
    (0..WORLD.baselines.len()).flat_map(|baseline| batches(&WORLD, baseline, class)).collect()
}

fn holds_for(class: Class) -> Tally {
    let start = Instant::now();
    let tally = run_all(&WORLD, &JUDGE, &every_mutant_of(class), EVERY);
    println!(
        "{class}: {} mutants in {:.1?}, {} differ, {} of them named, at most {} exchanges",
        tally.mutants,
        start.elapsed(),
        tally.differ,
        tally.named,
        tally.most_exchanges
    );
    println!("unnamed: {:?}", tally.unnamed);
    assert!(tally.violations.is_empty(), "{} violations\n{}", tally.violations.len(), told(&tally.violations));
    assert!(tally.named * 100 >= tally.differ * 95, "{} of {} named: {:#?}", tally.named, tally.differ, tally.unnamed);
    tally
}

#[test]
fn every_baseline_ends_as_it_did_and_has_nothing_to_complain_about() {
    for baseline in &WORLD.baselines {
        println!("{} {:?}", baseline.name, baseline.verdict);
        assert_eq!(JUDGE.judge_control(baseline), None, "{}", baseline.name);
    }
}

#[test]
fn single_bits() {
    let tally = holds_for(Class::Bit);
    assert!(!tally.silent.is_empty());
}

/// The maps are what the labeller makes of the recordings today. `EMVIDENT_MAPS=write` writes them.
#[test]
fn the_maps_are_those_of_the_labeller() {
    let mut python = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sweep/label.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    let recordings = recording::json(&WORLD.baselines).to_string();
    python.stdin.take().unwrap().write_all(recordings.as_bytes()).unwrap();
    let labelled = python.wait_with_output().unwrap();
    assert!(labelled.status.success());
    let maps: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&labelled.stdout).unwrap();
    let names: BTreeSet<&str> = WORLD.baselines.iter().map(|baseline| baseline.name.as_str()).collect();
    assert_eq!(maps.keys().map(String::as_str).collect::<BTreeSet<_>>(), names);
    for (name, map) in &maps {
        let file = labels::folder().join(format!("{name}.txt"));
        if env::var("EMVIDENT_MAPS").as_deref() == Ok("write") {
            fs::write(&file, map.as_str().unwrap()).unwrap();
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(kept, map.as_str().unwrap(), "{name}; EMVIDENT_MAPS=write writes it");
    }
}

/// A map of nothing would let everything through: where authentication succeeded, all that it takes is labelled.
#[test]
fn what_succeeded_is_on_the_map() {
    use sweeping::verdict::Oda;
    for baseline in &WORLD.baselines {
        let labels: Vec<Label> = baseline.labels.counted().collect();
        let bytes: usize = baseline.exchanges().map(|(_, _, response)| response.len()).sum();
        assert_eq!(labels.len(), bytes, "{}", baseline.name);
        let signed = labels.iter().filter(|label| label.is_signed()).count();
        assert_eq!(baseline.verdict.oda == Oda::Succeeded, signed > 200, "{}: {signed} of {bytes}", baseline.name);
    }
}

/// Each line of the allow-list is an attack that works, found again by the mutant it names.
#[test]
fn every_line_of_the_allow_list_is_found_again() {
    for (number, line) in JUDGE.allowed.0.iter().enumerate() {
        let name = WORLD.name(&line.witness).unwrap_or_else(|| panic!("{}", line.witness));
        let change = WORLD.change(&name).unwrap_or_else(|| panic!("{} changes nothing", line.witness));
        let judged = JUDGE.judge(&WORLD.baselines[name.baseline], &change, sweeping::properties::Thorough::default());
        assert!(judged.let_through.contains(&number), "{} {} {}: {judged:?}", line.attack, line.field, line.witness);
    }
}
