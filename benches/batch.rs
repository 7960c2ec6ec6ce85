//! What one trace of a batch costs one core, for `docs/scale.md`. Run it with `cargo bench --bench batch`.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be set up has nothing to measure")]

use std::{fs, path::PathBuf};

use divan::{Bencher, counter::ItemsCount};
use emvident::{batch::Batch, explain::Explainer, readers::trace, scenario::Scenario};

/// So many traces of each card: the worker's start does not count then.
const TRACES: u64 = 256;

fn main() {
    divan::main();
}

/// Purchases with one card, each with numbers of its own, as lines of JSON in a file.
fn traces(card: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("batch-{card}.ndjson"));
    let lines: String = (0..TRACES).map(|seed| line(card, seed)).collect();
    fs::write(&file, lines).unwrap();
    file
}

fn line(card: &str, seed: u64) -> String {
    let scenario = Scenario { seed, ..Scenario::of_card(card) };
    let transcript = scenario.lay().unwrap().run(&scenario.transaction).transcript.to_string();
    let trace = trace::read(transcript.as_bytes(), None).unwrap();
    let exchanges = trace.exchanges.iter().map(|exchange| {
        let response = exchange.response.as_ref().map(hex::encode_upper).unwrap_or_default();
        format!("{{\"c\":\"{}\",\"r\":\"{response}\"}}", hex::encode_upper(exchange.command.as_bytes()))
    });
    format!("{{\"name\":\"{card}-{seed}\",\"exchanges\":[{}]}}\n", exchanges.collect::<Vec<_>>().join(","))
}

/// One worker over all traces of a card.
#[divan::bench(args = ["sda", "dda", "cda", "unionpay", "altered"])]
fn batch(bencher: Bencher<'_, '_>, card: &str) {
    let file = traces(card);
    let explainer = Explainer::new().unwrap();
    let batch = Batch { explainer, format: None, workers: 1, one_terminal: false, remembered: 8192, quick: false };
    bencher.counter(ItemsCount::new(TRACES)).bench_local(|| {
        let mut out = Vec::new();
        batch.run(vec![file.clone()], &mut out, &mut |_| {}).unwrap();
        out
    });
}
