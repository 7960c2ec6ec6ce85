//! Many mutants on all cores.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{
    mutant::{Class, Name, World},
    properties::{Judge, Thorough, Violation},
};

/// Mutants with consecutive numbers.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    pub first: Name,
    pub count: usize,
}

/// How many mutants a batch has at most.
const BATCH: usize = 512;

/// All mutants of `class` of one baseline, in batches.
pub fn batches(world: &World, baseline: usize, class: Class) -> Vec<Batch> {
    let places = world.places(baseline, class).into_iter();
    let batches = places.flat_map(|at| {
        let count = world.count(baseline, at, class);
        (0..count)
            .step_by(BATCH)
            .map(move |number| Batch { first: Name { baseline, at, class, number }, count: BATCH.min(count - number) })
    });
    batches.collect()
}

/// What some mutants came to.
#[derive(Debug, Default)]
pub struct Tally {
    pub mutants: usize,
    pub differ: usize,
    pub named: usize,
    pub most_exchanges: usize,
    /// Allow-list lines seen, each with the first mutant it let through.
    pub let_through: BTreeMap<usize, String>,
    pub violations: Vec<(String, Violation)>,
    /// Lines of the silent list seen.
    pub silent: BTreeSet<usize>,
    /// Mutants that differ and that no finding names: how many of each class and field.
    pub unnamed: BTreeMap<String, usize>,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.mutants += other.mutants;
        self.differ += other.differ;
        self.named += other.named;
        self.most_exchanges = self.most_exchanges.max(other.most_exchanges);
        other.let_through.into_iter().for_each(|(line, name)| _ = self.let_through.entry(line).or_insert(name));
        other.unnamed.into_iter().for_each(|(what, count)| *self.unnamed.entry(what).or_default() += count);
        self.violations.extend(other.violations);
        self.silent.extend(other.silent);
    }
}

/// How many mutants are asked the costly questions: one in so many.
#[derive(Clone, Copy)]
pub struct Every {
    pub twice: usize,
    pub hardened: usize,
}

/// Runs one batch.
pub fn run(world: &World, judge: &Judge, batch: &Batch, every: Every) -> Tally {
    let mut tally = Tally::default();
    for number in batch.first.number..batch.first.number + batch.count {
        let name = Name { number, ..batch.first };
        let Some(change) = world.change(&name) else { continue };
        let thorough = Thorough { twice: number % every.twice == 0, hardened: number % every.hardened == 0 };
        let judged = judge.judge(&world.baselines[name.baseline], &change, thorough);
        tally.mutants += 1;
        tally.differ += usize::from(judged.differs);
        tally.named += usize::from(judged.named);
        tally.silent.extend(judged.silent);
        tally.most_exchanges = tally.most_exchanges.max(judged.exchanges);
        if judged.differs && !judged.named {
            *tally.unnamed.entry(judged.story).or_default() += 1;
        }
        for line in judged.let_through {
            tally.let_through.entry(line).or_insert_with(|| world.text(&name));
        }
        tally.violations.extend(judged.violations.into_iter().map(|violation| (world.text(&name), violation)));
    }
    tally
}

/// Runs all batches and adds them up.
pub fn run_all(world: &World, judge: &Judge, batches: &[Batch], every: Every) -> Tally {
    batches.par_iter().map(|batch| run(world, judge, batch, every)).reduce(Tally::default, |mut total, tally| {
        total.add(tally);
        total
    })
}

/// The violations, a line each: of those that tell the same the first.
pub fn told(violations: &[(String, Violation)]) -> String {
    let mut seen = BTreeSet::new();
    let new = violations.iter().filter(|(_, violation)| seen.insert((violation.property, violation.story.clone())));
    let lines =
        new.take(100).map(|(name, Violation { property, story })| format!("{} {name}: {story}\n", property.id()));
    lines.collect()
}
