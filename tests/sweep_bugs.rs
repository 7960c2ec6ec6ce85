//! The test of the test: each of 25 deliberate bugs of the kernel is found by the soundness sweep. One program of its own,
//! since a bug is chosen for a whole program.
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

use emvident::kernel::seeded::{Bug, choose};
use rayon::prelude::*;

use sweeping::{
    baseline,
    crew::{self, Batch, Every, batches},
    mutant::{Class, World},
    properties::Judge,
};

/// What a bug is looked for with: what is quick first. Single bits are not all there are, but all of one transaction for
/// each method.
const LOOKED_AT: [(Class, &[&str]); 3] = [
    (Class::Forged, &["sda", "dda", "cda-online", "cda-revocations"]),
    (Class::Object, &["cda", "dda-online"]),
    (Class::Bit, &["dda-online", "cda", "dda", "c2-relay"]),
];

const NEVER: Every = Every { twice: usize::MAX, hardened: usize::MAX };

#[test]
fn every_seeded_bug_is_found() {
    std::panic::set_hook(Box::new(|_| {}));
    let world = World::new(baseline::all(), 1, 0);
    let judge = Judge::read();
    let looked_at: Vec<Batch> = LOOKED_AT
        .iter()
        .flat_map(|(class, names)| {
            let number = |name: &&str| world.baselines.iter().position(|baseline| baseline.name == **name).unwrap();
            names.iter().map(number).flat_map(|number| batches(&world, number, *class)).collect::<Vec<_>>()
        })
        .collect();
    // Without a bug the sweep finds nothing; the test of single bits shows that for those.
    let few: Vec<Batch> = looked_at.iter().copied().filter(|batch| batch.first.class != Class::Bit).collect();
    assert_eq!(found(&world, &judge, &few), None, "without a bug");
    let mut alive = Vec::new();
    for bug in Bug::ALL {
        choose(Some(bug));
        match found(&world, &judge, &looked_at) {
            Some(by) => println!("{bug:?}: {by}"),
            None => alive.push(bug),
        }
    }
    choose(None);
    assert!(alive.is_empty(), "not found: {alive:?}");
}

/// The first violation that turns up, in the order of what is looked at or nearly so.
fn found(world: &World, judge: &Judge, looked_at: &[Batch]) -> Option<String> {
    looked_at.iter().par_bridge().find_map_any(|batch| {
        let tally = crew::run(world, judge, batch, NEVER);
        let (name, violation) = tally.violations.into_iter().next()?;
        Some(format!("{} {name}: {}", violation.property.id(), violation.story))
    })
}
