//! Whole purchases over a real PC/SC stack: what comes out is what comes out in process.
//!
//! Each test is two processes: the stage starts the daemon, puts a software card into its reader and runs this test
//! again, which is then the client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

use std::{env, process::Command, time::Duration};

use emvident::{
    apdu::Card,
    kernel::session::LoggedExchange,
    readers::{
        pcsc::{Field, PcscCard, Reader, Readers},
        rig::{Cardholder, Ccid, Rig, RigError},
        transport::Protocol,
    },
    run::{Run, header, record},
    scenario::{Purchase, Scenario},
    vectors::SoftwareCard,
};

const ATR_T1: &str = "3BE000FF8131FE4514";
const ATR_T0: &str = "3B600000";
/// Of a card that sent no historical bytes (PC/SC part 3, 3.1.3.2.3.1).
const ATR_FROM_ATS: &str = "3B80800101";
/// Over the floor limit, so that the issuer is asked and the card decides twice.
const AMOUNT: u64 = 20_000;

fn scenario(card: &str, atr: &str) -> Scenario {
    let mut scenario = Scenario::of_card(card);
    scenario.transaction = Purchase { amount: AMOUNT, ..Purchase::default() };
    scenario.atr = Some(atr.to_owned());
    scenario
}

/// The rig. Where `make test` sets EMVIDENT_RIGS, or in CI, none that cannot start is passed over.
fn stage(rig: Result<Rig, RigError>) -> Option<Rig> {
    let required = env::var_os("EMVIDENT_RIGS").is_some() || env::var_os("CI").is_some();
    match rig {
        Ok(rig) => Some(rig),
        Err(error @ RigError::Missing { .. }) if !required => {
            eprintln!("NOT TESTED, no rig: {error}. `make test` installs it.");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// A purchase with `card` through its contacts.
fn purchase_is_as_in_process(test: &str, rig: impl FnOnce() -> Result<Rig, RigError>, card: &str, atr: &str) {
    is_as_in_process(test, rig, &scenario(card, atr), |reader, scenario| pay(open(reader), scenario));
}

/// A tap with `card`, whose answer to reset a reader made from what it sent through the air.
fn tap_is_as_in_process(test: &str, card: &str) {
    let mut scenario = scenario(card, ATR_FROM_ATS);
    scenario.transaction.interface = "contactless".to_owned();
    is_as_in_process(test, || Rig::vpcd("Emvident A"), &scenario, |reader, scenario| pay(field(reader), scenario));
}

/// As stage: puts the card in and runs `test` again. As client: pays with it, and compares.
fn is_as_in_process(
    test: &str,
    rig: impl FnOnce() -> Result<Rig, RigError>,
    scenario: &Scenario,
    pay: impl FnOnce(&str, &Scenario) -> Run,
) {
    let Some(reader) = Rig::reader_of_rerun() else {
        let Some(rig) = stage(rig()) else { return };
        let profile = scenario.profile().unwrap();
        let inserted = rig.insert(move || SoftwareCard::new(&profile).unwrap(), |card, _| card.reset());
        rig.rerun(test).unwrap_or_else(|error| panic!("{error}"));
        let needed = in_process(scenario).outcome.log.exchanges.len();
        assert!(inserted.remove().unwrap().exchanges >= needed.try_into().unwrap(), "the card was hardly asked");
        return;
    };
    let in_process = in_process(scenario);
    let over_pcsc = pay(&reader, scenario);
    assert_same(&over_pcsc, &in_process);
}

fn in_process(scenario: &Scenario) -> Run {
    scenario.lay().unwrap().run(&scenario.transaction)
}

fn found(reader: &str) -> (Readers, Reader) {
    let readers = Readers::connect().unwrap();
    let reader = readers.choose(Some(reader)).unwrap();
    (readers, reader)
}

fn field(reader: &str) -> Field {
    let (readers, reader) = found(reader);
    Field::new(readers, reader, Duration::from_secs(5))
}

fn open(reader: &str) -> PcscCard {
    let (readers, reader) = found(reader);
    readers.wait_for_card(&reader, Some(Duration::from_secs(5)), || false).unwrap();
    readers.open(&reader, Duration::from_secs(1)).unwrap()
}

fn pay(card: impl Card, scenario: &Scenario) -> Run {
    let table = scenario.lay().unwrap();
    let header = header(&table.source, &scenario.transaction);
    record(card, table.point_of_sale, table.terminal, table.transaction, header)
}

fn assert_same(over_pcsc: &Run, in_process: &Run) {
    let (a, b) = (&over_pcsc.outcome, &in_process.outcome);
    assert_eq!((a.decision, a.decided_by), (b.decision, b.decided_by));
    assert_eq!((a.tvr, a.tsi, a.cvm_results), (b.tvr, b.tsi, b.cvm_results));
    assert_eq!(a.log.findings, b.log.findings);
    assert_eq!(a.cryptograms, b.cryptograms);
    let taps = |run: &Run| run.outcome.tap.as_ref().map(|tap| (tap.activations.clone(), tap.outcome.clone()));
    assert_eq!(taps(over_pcsc), taps(in_process));
    let said = |exchange: &LoggedExchange| (exchange.command.get(..4).map(<[u8]>::to_vec), exchange.response.clone());
    let exchanges = |run: &Run| run.outcome.log.exchanges.iter().map(said).collect::<Vec<_>>();
    assert_eq!(exchanges(over_pcsc), exchanges(in_process));
    assert_eq!(b.decision.id(), "approved");
}

#[test]
fn rig_a_virtual_reader() {
    let rig = || Rig::vpcd("Emvident A");
    purchase_is_as_in_process("rig_a_virtual_reader", rig, "cda", ATR_T1);
}

#[test]
fn rig_a_tap_with_kernel_2() {
    tap_is_as_in_process("rig_a_tap_with_kernel_2", "c2");
}

#[test]
fn rig_a_tap_with_kernel_3() {
    tap_is_as_in_process("rig_a_tap_with_kernel_3", "c3-phone");
}

/// The phone asks its owner first, so there are two taps; nobody takes it off the reader.
#[test]
fn rig_a_two_taps_with_kernel_3() {
    tap_is_as_in_process("rig_a_two_taps_with_kernel_3", "c3-locked-phone");
}

#[test]
fn rig_a_tap_with_kernel_7() {
    tap_is_as_in_process("rig_a_tap_with_kernel_7", "c7-credit");
}

#[test]
fn rig_b_over_t1() {
    let rig = || Rig::ccid("Emvident B", Ccid::new(Protocol::T1));
    purchase_is_as_in_process("rig_b_over_t1", rig, "cda", ATR_T1);
}

#[test]
fn rig_b_over_t0() {
    let rig = || Rig::ccid("Emvident B", Ccid::new(Protocol::T0));
    purchase_is_as_in_process("rig_b_over_t0", rig, "cda", ATR_T0);
}

#[test]
fn rig_b_over_t0_with_dynamic_authentication() {
    let rig = || Rig::ccid("Emvident B", Ccid::new(Protocol::T0));
    purchase_is_as_in_process("rig_b_over_t0_with_dynamic_authentication", rig, "dda", ATR_T0);
}

#[test]
fn rig_b_with_a_bad_contact() {
    let rig = || Rig::ccid("Emvident B", Ccid::new(Protocol::T1).flaky());
    purchase_is_as_in_process("rig_b_with_a_bad_contact", rig, "sda", ATR_T1);
}

#[test]
fn rig_b_with_the_pin_pad_of_the_reader() {
    let cardholder = Cardholder::Types("1234".to_owned());
    let rig = || Rig::ccid("Emvident B", Ccid::new(Protocol::T1).with_pin_pad(cardholder));
    purchase_is_as_in_process("rig_b_with_the_pin_pad_of_the_reader", rig, "cda", ATR_T1);
}

/// The program itself, with nobody at the keyboard.
#[test]
fn the_program_reads_and_pays_with_the_readers_pin_pad() {
    let cardholder = Cardholder::Types("1234".to_owned());
    let rig = Rig::ccid("Emvident B", Ccid::new(Protocol::T1).with_pin_pad(cardholder));
    let Some(rig) = stage(rig) else { return };
    let profile = scenario("cda", ATR_T1).profile().unwrap();
    let _inserted = rig.insert(move || SoftwareCard::new(&profile).unwrap(), |card, _| card.reset());

    let listed = output(emvident(&rig, &["readers"]), 0);
    assert!(listed.contains("Emvident B 00 00"), "{listed}");
    let read = output(emvident(&rig, &["read", "--reader", "emvident b"]), 0);
    assert!(read.contains("F0000E4D560001") && read.contains("679999*********0018"), "{read}");
    // The terminal has no CA key for the card, so it goes online; the host here is a stand-in that checks nothing.
    let paid = output(emvident(&rig, &["pay", "--reader", "Emvident B", "--yes", "--json"]), 0);
    assert!(paid.contains("oda-capk-not-found") && paid.contains("\"approved\""), "{paid}");
}

fn emvident(rig: &Rig, arguments: &[&str]) -> Command {
    let mut command = rig.command(env!("CARGO_BIN_EXE_emvident"));
    command.args(arguments).env("LC_ALL", "C");
    command
}

fn output(mut command: Command, status: i32) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let talk = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{command:?}\n{text}\n{talk}");
    text
}
