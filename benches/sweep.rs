//! `make sweep`: every mutant of every transaction, on all cores, until it is done or stopped; then it goes on from there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    dead_code,
    reason = "a measurement that cannot go on has failed"
)]

#[path = "sweep/options.rs"]
mod options;
#[path = "sweep/state.rs"]
mod state;
#[path = "../tests/sweep/sweeping.rs"]
mod sweeping;

use std::{
    collections::{BTreeMap, BTreeSet},
    process::ExitCode,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use options::Options;
use state::State;
use sweeping::{
    baseline,
    crew::{self, Batch, Every, Tally},
    mutant::{Class, World},
    properties::{Judge, Thorough, Violation},
};

fn main() -> ExitCode {
    let options = match Options::from_arguments(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("{problem}\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    std::panic::set_hook(Box::new(|_| {}));
    let world = World::new(baseline::all(), options.seed, options.random);
    let judge = Judge::read();
    match &options.replay {
        Some(name) => replay(&world, &judge, name),
        None => sweep(&world, &judge, &options),
    }
}

/// One mutant, and everything there is to say about it.
fn replay(world: &World, judge: &Judge, text: &str) -> ExitCode {
    let Some(name) = world.name(text) else {
        eprintln!("no mutant is called {text}");
        return ExitCode::from(2);
    };
    let Some(change) = world.change(&name) else {
        println!("{text} changes nothing");
        return ExitCode::SUCCESS;
    };
    let baseline = &world.baselines[name.baseline];
    println!("{}\n", baseline.scenario.title);
    for (event, response) in &change.responses {
        let (command, own) = baseline.exchange(*event).unwrap();
        println!("> {}\n< {}\n  {}", hex::encode_upper(command), hex::encode_upper(own), hex::encode_upper(response));
    }
    println!("{:?}", change.touched);
    if let Some(outcome) = sweeping::engine::run(baseline, &change) {
        println!("was {:?}\nis  {:?}", baseline.verdict, sweeping::verdict::Verdict::of(&outcome));
        outcome.log.findings.iter().for_each(|finding| println!("{finding:?}"));
    }
    let judged = judge.judge(baseline, &change, Thorough { twice: true, hardened: true });
    for line in &judged.let_through {
        let line = &judge.allowed.0[*line];
        println!("let through: {} in {}, {}", line.field, line.kernel, line.attack);
    }
    for Violation { property, story } in &judged.violations {
        println!("{} {text}: {story}", property.id());
    }
    if judged.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a class came to.
#[derive(Default)]
struct Row {
    tally: Tally,
    /// Mutants run now, and how long all cores together took for them.
    now: usize,
    busy: Duration,
}

fn sweep(world: &World, judge: &Judge, options: &Options) -> ExitCode {
    let batches = chosen(world, options);
    let state = State::open(world, options);
    let mut rows: BTreeMap<Class, Row> = BTreeMap::new();
    let (done, left): (Vec<Batch>, Vec<Batch>) =
        batches.iter().copied().partition(|batch| state.has(&world.text(&batch.first)));
    for batch in &done {
        let row = rows.entry(batch.first.class).or_default();
        row.tally.add(state.tally(&world.text(&batch.first)));
    }
    let bar = progress(&batches, &done);
    let (rows, state) = (Mutex::new(rows), Mutex::new(state));
    let start = Instant::now();
    left.iter().par_bridge().for_each(|batch| {
        let began = Instant::now();
        let tally = crew::run(world, judge, batch, Every { twice: options.twice, hardened: options.hardened });
        bar.suspend(|| tally.violations.iter().for_each(|(name, violation)| tell(name, violation)));
        bar.inc(batch.count as u64);
        state.lock().unwrap_or_else(PoisonError::into_inner).keep(&world.text(&batch.first), &tally);
        let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
        let row = rows.entry(batch.first.class).or_default();
        row.now += tally.mutants;
        row.busy += began.elapsed();
        row.tally.add(tally);
    });
    bar.finish_and_clear();
    let rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    conclude(world, judge, options, &rows, start.elapsed())
}

fn tell(name: &str, violation: &Violation) {
    println!("{} {name}: {}", violation.property.id(), violation.story);
}

fn chosen(world: &World, options: &Options) -> Vec<Batch> {
    let wanted = |name: &str| options.baselines.is_empty() || options.baselines.iter().any(|known| known == name);
    let baselines: Vec<usize> =
        (0..world.baselines.len()).filter(|number| wanted(&world.baselines[*number].name)).collect();
    let classes = Class::ALL.into_iter().filter(|class| options.only.is_empty() || options.only.contains(class));
    let of_class = |class| baselines.iter().flat_map(move |baseline| crew::batches(world, *baseline, class));
    classes.flat_map(of_class).collect()
}

fn progress(batches: &[Batch], done: &[Batch]) -> ProgressBar {
    let count = |batches: &[Batch]| batches.iter().map(|batch| batch.count as u64).sum::<u64>();
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {eta}");
    let bar = ProgressBar::new(count(batches));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_position(count(done));
    bar.reset_eta();
    bar
}

fn conclude(
    world: &World,
    judge: &Judge,
    options: &Options,
    rows: &BTreeMap<Class, Row>,
    elapsed: Duration,
) -> ExitCode {
    println!("{:<13}{:>10}{:>10}{:>10}{:>9}{:>12}", "class", "mutants", "differ", "named", "wrong", "per core/s");
    let mut all = Row::default();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    for (class, row) in rows {
        line(class.id(), row);
        seen.extend(row.tally.let_through.keys());
        all.now += row.now;
        all.busy += row.busy;
        all.tally.mutants += row.tally.mutants;
        all.tally.differ += row.tally.differ;
        all.tally.named += row.tally.named;
        all.tally.violations.extend(row.tally.violations.iter().cloned());
    }
    line("all", &all);
    println!("{} transactions, {} mutants now in {:.1?}", world.baselines.len(), all.now, elapsed);
    let unseen =
        (0..judge.allowed.0.len()).filter(|number| !seen.contains(number)).map(|number| &judge.allowed.0[number]);
    let unseen: Vec<String> =
        unseen.map(|line| format!("{} in {}, {}", line.field, line.kernel, line.attack)).collect();
    let whole = options.only.is_empty() && options.baselines.is_empty();
    if whole && !unseen.is_empty() {
        println!("let through by the list and never seen: {unseen:?}");
    }
    let named = all.tally.named * 100 >= all.tally.differ * 95;
    let good = all.tally.violations.is_empty() && named && (!whole || unseen.is_empty());
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn line(name: &str, row: &Row) {
    let Row { tally, now, busy } = row;
    let speed = if busy.is_zero() { 0.0 } else { *now as f64 / busy.as_secs_f64() };
    let named = if tally.differ == 0 { 100.0 } else { tally.named as f64 * 100.0 / tally.differ as f64 };
    let wrong = tally.violations.len();
    println!("{name:<13}{:>10}{:>10}{named:>9.1}%{wrong:>9}{speed:>12.0}", tally.mutants, tally.differ);
}
