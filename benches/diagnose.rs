//! Is the right cause named? `--cases N` recordings with one thing wrong each, and a quarter as many with nothing wrong, all
//! following from `--seed N`. Ends with an error when a target is missed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    reason = "a measurement that cannot go on has failed"
)]

#[path = "../tests/diagnosis"]
mod diagnosis {
    pub mod benign;
    pub mod fault;
    pub mod good;
    pub mod line;
    pub mod measure;
    pub mod random;
}

use std::process::ExitCode;

fn main() -> ExitCode {
    let number = |name: &str, default: u64| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name).skip(1);
        arguments.next().map_or(default, |value| value.parse().expect("a number"))
    };
    let (cases, seed) = (number("--cases", 1200), number("--seed", 1));
    let measured = diagnosis::measure::measure(seed, cases as usize);
    println!("{}", measured.table());
    measured.missed.iter().for_each(|missed| println!("{missed}"));
    let hits = measured.misses_no_target();
    println!("\n{cases} cases, seed {seed}: {}", if hits { "every target is met" } else { "a target is missed" });
    if hits { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
