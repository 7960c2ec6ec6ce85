//! Makes traces to measure `emvident batch` with: one line of JSON each, of software cards that are all different.
//!
//! ```sh
//! cargo run --release --example many_traces -- 20000 > traces.ndjson
//! cargo run --release --example many_traces -- 20000 20 > five-percent-with-a-fault.ndjson
//! ```
//!
//! The first number is how many, the second one in how many has a fault; none without it. Every card has its own number,
//! certificate and signatures; of issuers there are as many as kinds of cards.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "what cannot be made is not measured"
)]

use std::{
    env,
    error::Error,
    io::{self, Write},
    thread,
};

use emvident::{
    readers::trace,
    run::{header, record},
    scenario::{Purchase, Scenario, Table},
    vectors::{SoftwareCard, secret::Pan},
};

/// Cards that are authenticated and approved.
const GOOD: [&str; 8] = ["dda", "cda", "unionpay", "m-chip-14", "visa-18", "sda", "enciphered-pin", "online-pin"];

/// Cards with something wrong.
const FAULTY: [&str; 8] = [
    "expired",
    "unknown-authority",
    "altered",
    "certificate-expired",
    "wedge",
    "declines",
    "not-yet-effective",
    "pin-blocked",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1).map(|argument| argument.parse::<usize>());
    let count = arguments.next().unwrap_or(Ok(1000))?;
    let one_in = arguments.next().transpose()?;
    let threads = thread::available_parallelism()?.get();
    thread::scope(|scope| {
        for first in 0..threads {
            scope.spawn(move || (first..count).step_by(threads).for_each(|number| write_trace(number, one_in)));
        }
    });
    Ok(())
}

fn write_trace(number: usize, one_in: Option<usize>) {
    let faulty = one_in.is_some_and(|one_in| number.is_multiple_of(one_in));
    let card = if faulty { FAULTY[number / one_in.unwrap() % FAULTY.len()] } else { GOOD[number % GOOD.len()] };
    let line = trace_of(card, number) + "\n";
    io::stdout().write_all(line.as_bytes()).unwrap();
}

/// A purchase with `card`, whose number, amount, day and unpredictable numbers follow from `number`.
fn trace_of(card: &str, number: usize) -> String {
    let mut scenario = Scenario::of_card(card);
    scenario.seed = number as u64;
    let amount = 100 + (number as u64 * 7919) % 20_000;
    scenario.transaction = Purchase { amount, date: format!("2026-03-{:02}", 1 + number % 28), ..Purchase::default() };
    let mut profile = scenario.profile().unwrap();
    profile.applications.iter_mut().for_each(|application| application.pan = numbered(&application.pan, number));
    let Table { point_of_sale, terminal, source, transaction, .. } = scenario.lay().unwrap();
    let header = header(&source, &scenario.transaction);
    let run = record(SoftwareCard::new(&profile).unwrap(), point_of_sale, terminal, transaction, header);
    let trace = trace::read(run.transcript.to_string().as_bytes(), None).unwrap();
    let exchanges: Vec<String> = trace.exchanges.iter().map(exchange).collect();
    format!("{{\"name\":\"{card}-{number}\",\"exchanges\":[{}]}}", exchanges.join(","))
}

fn exchange(exchange: &trace::Exchange) -> String {
    let command = hex::encode_upper(exchange.command.as_bytes());
    let response = exchange.response.as_ref().map(|response| format!(",\"r\":\"{}\"", hex::encode_upper(response)));
    format!("{{\"c\":\"{command}\"{}}}", response.unwrap_or_default())
}

/// Another card of the same issuer: the first digits stay, the check digit is right.
fn numbered(pan: &Pan, number: usize) -> Pan {
    let digits = pan.digits().to_owned();
    let body = format!("{}{number:0width$}", &digits[..8], width = digits.len() - 9);
    let with_check = (0..10).map(|check| Pan::new(&format!("{body}{check}")).unwrap());
    with_check.into_iter().find(Pan::check_digit_holds).unwrap()
}
