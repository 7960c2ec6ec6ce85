//! Every fuzz target over its saved inputs, `fuzz/seeds/TARGET/`: what the fuzzer once reached stays reached, with the same
//! properties, on every test run. What it finds is saved there too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::{fs, panic, path::PathBuf};

#[global_allocator]
static MEMORY: targets::memory::Counting = targets::memory::Counting;

/// The most that all saved inputs may take together, in bytes and files.
const MOST: (usize, usize) = (2 << 20, 900);

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds")
}

/// The saved inputs of a target, by name.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder().join(target)).unwrap().map(|entry| entry.unwrap().path());
    let mut seeds: Vec<_> =
        files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())).collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{target} has no inputs");
    seeds
}

fn survives(target: &str) {
    let (_, run) = targets::TARGETS.into_iter().find(|(name, _)| *name == target).unwrap();
    let failed: Vec<_> =
        seeds(target).into_iter().filter(|(_, input)| panic::catch_unwind(|| run(input)).is_err()).collect();
    let names: Vec<_> = failed.iter().map(|(name, _)| name).collect();
    assert!(failed.is_empty(), "{target}: {names:?}");
}

macro_rules! survives {
    ($($target:ident)*) => {
        $(#[test]
        fn $target() {
            survives(stringify!($target));
        })*

        #[test]
        fn every_target_is_here_and_has_a_binary() {
            let here = [$(stringify!($target)),*];
            assert!(targets::TARGETS.iter().map(|(name, _)| *name).eq(here));
            let manifest = fs::read_to_string(folder().join("../Cargo.toml")).unwrap();
            let listed = manifest.lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")?.strip_suffix(".rs\""));
            assert!(listed.eq(here));
        }
    };
}

survives! { tlv dol atr trace configuration contact c2 c3 c7 stepper explain }

#[test]
fn the_saved_inputs_stay_few() {
    let all: Vec<_> = targets::TARGETS.iter().flat_map(|(name, _)| seeds(name)).collect();
    let bytes = all.iter().map(|(_, input)| input.len()).sum::<usize>();
    assert!(bytes < MOST.0 && all.len() < MOST.1, "{bytes} bytes in {} files", all.len());
}

#[test]
fn the_cards_of_each_kernel_reach_it() {
    let stage = &*targets::stage::STAGE;
    let counts = [&stage.contact, &stage.c2, &stage.c3, &stage.c7].map(Vec::len);
    assert!(counts.iter().all(|count| *count >= 4), "{counts:?}");
}
