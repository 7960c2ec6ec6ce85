//! The measurements of `docs/performance.md`. Run them with `make bench`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be set up has nothing to measure")]

#[path = "purchase/answers.rs"]
mod answers;

use std::process::{Command, Stdio};

use apdu::{tag, tlv};
use divan::{Bencher, black_box};
use emvident::{
    kernel::{
        Decision, Outcome, Terminal, Transaction,
        contact::{authenticate, initiate, purchase, read, select},
        oda::{Chain, ChainReport, Method, Purpose, issuer},
        session::Session,
        stepper::blocking,
        terminal::data::terminal_data,
        transact,
    },
    scenario::{Purchase, Scenario},
};

use answers::{Answering, Answers, Asking, Constant, Listening};

fn main() {
    divan::main();
}

/// A purchase that happened, and what is needed to let it happen again.
struct Happened {
    terminal: Terminal,
    transaction: Transaction,
    answers: Answers,
    constant: Constant,
    outcome: Outcome,
}

/// A terminal with one application, as most cards meet it.
fn happened(card: &str, aid: &str, amount: u64) -> Happened {
    let mut scenario = Scenario::of_card(card);
    scenario.transaction = Purchase { amount, ..Purchase::default() };
    let application = format!(
        "selection.pse = false\napplication = [{{ name = \"One\", aid = \"{aid}\", version = \"0001\", floor-limit = \"100.00\", \
         tac-denial = \"0010000000\", tac-online = \"FC78FCF800\", tac-default = \"FC78FCA800\" }}]"
    );
    scenario.configuration = application.parse().unwrap();
    happened_as(&scenario)
}

/// A tap of the software card `card`, with `alterations`, on the terminal for tests.
fn tapped(card: &str, alterations: &[&str]) -> Happened {
    let mut scenario = Scenario::of_card(card);
    scenario.transaction = Purchase { interface: "contactless".to_owned(), ..Purchase::default() };
    scenario.alterations = alterations.iter().map(|text| (*text).to_owned().try_into().unwrap()).collect();
    happened_as(&scenario)
}

fn happened_as(scenario: &Scenario) -> Happened {
    let table = scenario.lay().unwrap();
    let (terminal, transaction) = (table.terminal, table.transaction);
    let mut card = Listening::new(table.card);
    let mut people = Asking { host: table.point_of_sale, constant: Constant { authorisation: None } };
    let outcome = blocking(transact(&mut card, &mut people, &terminal, &transaction)).unwrap();
    assert_eq!(outcome.decision, Decision::Approved);
    Happened { terminal, transaction, answers: card.into_answers(), constant: people.constant, outcome }
}

/// BER-TLV walk of a record of 82 bytes. So short that only many of them in a row say how long one takes.
#[divan::bench(sample_size = 10_000)]
fn tlv_walk_of_82_bytes(bencher: Bencher<'_, '_>) {
    let happened = happened("cda", "F0000E4D560001", 1000);
    let is_the_one = |response: &&[u8]| response.len() == 86 && response.starts_with(&[0x70, 82]);
    let responses = happened.outcome.log.exchanges.iter().filter_map(|exchange| exchange.response.as_deref());
    let record = responses.clone().find(is_the_one).unwrap();
    bencher.bench_local(|| {
        let mut objects = 0_usize;
        tlv::walk(black_box(&record[..84]), &mut |object, _| objects += object.value.len()).unwrap();
        objects
    });
}

/// Issuer key recovery with a prepared CA key of 1984 bits: RSA, hash, every check.
#[divan::bench]
fn issuer_key_with_1984_bits(bencher: Bencher<'_, '_>) {
    let happened = happened("rsa-1640", "F0000E4D560001", 1000);
    let card = &happened.outcome.card;
    assert_eq!(card.value(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90).unwrap().len(), 248);
    let chain = Chain {
        card,
        rid: [0xF0, 0x00, 0x0E, 0x4D, 0x56],
        keys: &happened.terminal.keys,
        revocations: &[],
        today: happened.transaction.date,
        purpose: Purpose::Authentication(Method::Cda),
    };
    bencher.bench_local(|| issuer::recover(black_box(&chain), &mut ChainReport::default()).unwrap());
}

/// From SELECT to the end of offline data authentication by DDA, with recorded answers.
#[divan::bench]
fn select_to_dda(bencher: Bencher<'_, '_>) {
    let happened = happened("dda", "A0000000041010", 1000);
    bencher.bench_local(|| {
        let outcome = blocking(to_dda(black_box(&happened))).unwrap();
        assert!(outcome.chain.steps.len() == 4);
        outcome
    });
}

async fn to_dda(happened: &Happened) -> Outcome {
    let (mut card, mut people) = (Answering::new(&happened.answers), Constant { authorisation: None });
    let mut session = Session::new(&mut card, &mut people, &happened.terminal, &happened.transaction);
    let mut out = Outcome::default();
    let mut candidates = select::candidates(&mut session).await.unwrap();
    let selected = select::choose(&mut session, &mut candidates).await.unwrap();
    let application = &happened.terminal.applications[0];
    let number = [0x5A; 4];
    out.terminal = terminal_data(&happened.terminal, application, &selected.name, &happened.transaction, number);
    (out.aid, out.card) = (selected.name, selected.card);
    let initiate::Initiated::Started(options) =
        initiate::initiate(&mut session, &mut out.card, &out.terminal).await.unwrap()
    else {
        return out;
    };
    let records = read::read(&mut session, &mut out.card).await.unwrap();
    let authentication =
        authenticate::authenticate(&mut session, &out.card, &out.terminal, options.aip, application, &records);
    out.chain = authentication.await.unwrap().chain;
    out
}

/// A whole purchase: CDA in both GENERATE AC, PIN, online approval, with recorded answers.
#[divan::bench]
fn cda_purchase_with_pin_online(bencher: Bencher<'_, '_>) {
    let happened = happened("cda", "F0000E4D560001", 20_000);
    bencher.bench_local(|| {
        let mut card = Answering::new(&happened.answers);
        let mut people = Constant { authorisation: happened.constant.authorisation.clone() };
        let transaction = black_box(&happened.transaction);
        let outcome = blocking(purchase(&mut card, &mut people, &happened.terminal, transaction)).unwrap();
        assert!(outcome.decision == Decision::Approved && outcome.online);
        outcome
    });
}

/// A whole tap with recorded answers: Entry Point, the kernel, and the issuer's answer where it is asked.
fn tap(bencher: Bencher<'_, '_>, happened: &Happened) {
    bencher.bench_local(|| {
        let mut card = Answering::new(&happened.answers);
        let mut people = Constant { authorisation: happened.constant.authorisation.clone() };
        let transaction = black_box(&happened.transaction);
        let outcome = blocking(transact(&mut card, &mut people, &happened.terminal, transaction)).unwrap();
        assert!(outcome.decision == Decision::Approved);
        outcome
    });
}

/// Kernel 3, online: nothing is authenticated, no CVM.
#[divan::bench]
fn c3_tap_online(bencher: Bencher<'_, '_>) {
    tap(bencher, &tapped("c3-online", &["with c3=ctq:0000"]));
}

/// Kernel 3, offline: fDDA.
#[divan::bench]
fn c3_tap_offline_with_fdda(bencher: Bencher<'_, '_>) {
    tap(bencher, &tapped("c3-offline", &[]));
}

/// Kernel 2, offline: CDA.
#[divan::bench]
fn c2_tap_with_cda(bencher: Bencher<'_, '_>) {
    tap(bencher, &tapped("c2", &[]));
}

/// The program from its start to its end.
#[divan::bench(args = ["--version", "pay --help", "cards", "keys", "read --card cda", "pay --card cda"], sample_count = 50)]
fn start(bencher: Bencher<'_, '_>, command: &str) {
    bencher.bench_local(|| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_emvident"));
        let ended = program.args(command.split(' ')).stdout(Stdio::null()).status().unwrap();
        assert!(ended.success());
    });
}
