//! Kernel 7 beyond a single transaction: what a reader remembers of an interrupted payment, that the money is taken once,
//! and that no command is sent that need not be.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use emvident::{
    apdu::{self, Card, Command, Tag},
    kernel::{
        Decision, Outcome, Reason, Transaction,
        contactless::{self, Memory},
    },
    readers::wait,
    scenario::{Scenario, Table},
};

const ECASH: &str = "A000000333010106";
const BALANCE: Tag = Tag::new(0x9F79);

fn table(card: &str, amount: u64, alterations: &[&str], field: &[&str]) -> Table {
    let mut scenario = Scenario::of_card(card);
    scenario.alterations = alterations.iter().map(|text| text.parse().unwrap()).collect();
    scenario.field = field.iter().map(|word| (*word).to_owned()).collect();
    scenario.transaction.amount = amount;
    scenario.transaction.interface = "contactless".to_owned();
    scenario.lay().unwrap()
}

fn purchase(table: &mut Table, memory: &mut Memory, transaction: &Transaction) -> Outcome {
    let Table { card, point_of_sale, terminal, .. } = table;
    wait(contactless::purchase(card, point_of_sale, terminal, transaction, memory))
}

fn reasons(outcome: &Outcome) -> Vec<Reason> {
    outcome.log.findings.iter().map(|finding| finding.reason).collect()
}

/// The commands by their instruction bytes.
fn instructions(outcome: &Outcome) -> Vec<u8> {
    outcome.log.exchanges.iter().map(|exchange| exchange.command[1]).collect()
}

/// What is left in the purse, minor units.
fn balance(table: &mut Table) -> u64 {
    wait(table.card.activate()).unwrap();
    let select = Command::select(&hex::decode(ECASH).unwrap()).unwrap();
    assert!(table.card.answer(&select).unwrap().status().is_ok());
    let answer = table.card.answer(&Command::get_data(0x9F79)).unwrap();
    let value = apdu::tlv::find(answer.data(), BALANCE).unwrap().unwrap();
    hex::encode(value.value).parse().unwrap()
}

/// A purchase of 10.00 that the card leaves while its last record is read, and does not come back to.
fn interrupted() -> (Table, Memory) {
    let mut table = table("c7-electronic-cash", 1000, &["tap 1 answer read:6 fault removed"], &["one", "none"]);
    let (mut memory, transaction) = (Memory::default(), table.transaction);
    let outcome = purchase(&mut table, &mut memory, &transaction);
    assert_eq!(outcome.decision, Decision::NotCompleted);
    assert_eq!(reasons(&outcome), [Reason::CardRemovedEarly, Reason::C7TornTransaction, Reason::EpNoCard]);
    assert!(memory.interrupted.is_some());
    (table, memory)
}

fn seconds_later(transaction: &Transaction, seconds: u8) -> Transaction {
    let time = transaction.time;
    let time = apdu::value::date::Time::new(time.hour(), time.minute() + 1, seconds - 7).unwrap();
    Transaction { time, ..*transaction }
}

#[test]
fn a_card_that_comes_back_in_time_is_charged_once() {
    let (mut table, mut memory) = interrupted();
    // It was 09:26:53.
    let transaction = seconds_later(&table.transaction, 10);
    let outcome = purchase(&mut table, &mut memory, &transaction);
    assert_eq!((outcome.decision, reasons(&outcome)), (Decision::Approved, vec![Reason::C7TornTransaction]));
    assert_eq!(instructions(&outcome), [0xA4, 0xA4, 0xCA, 0xCA, 0xB2], "nothing starts a second payment");
    assert!(memory.interrupted.is_none());
    assert_eq!(balance(&mut table), 7000);
}

#[test]
fn a_card_that_comes_back_too_late_pays_anew_and_the_first_payment_is_reported() {
    let (mut table, mut memory) = interrupted();
    let transaction = seconds_later(&table.transaction, 11);
    let outcome = purchase(&mut table, &mut memory, &transaction);
    assert_eq!((outcome.decision, reasons(&outcome)), (Decision::Approved, vec![Reason::C7TornTransaction]));
    assert!(!instructions(&outcome).contains(&0xCA));
    assert!(memory.interrupted.is_none());
    assert_eq!(balance(&mut table), 6000);
}

#[test]
fn another_amount_is_another_payment() {
    let (mut table, mut memory) = interrupted();
    let transaction = Transaction { amount: 1001, ..table.transaction };
    let outcome = purchase(&mut table, &mut memory, &transaction);
    assert_eq!((outcome.decision, reasons(&outcome)), (Decision::Approved, vec![Reason::C7TornTransaction]));
    assert_eq!(balance(&mut table), 5999);
}

#[test]
fn the_money_is_taken_with_the_last_record_and_not_before() {
    for (alteration, left) in [("tap 1 answer read:2 fault removed", 8000), ("with expiration=260313", 8000)] {
        let mut table = table("c7-electronic-cash", 1000, &[alteration], &["one", "none"]);
        let (mut memory, transaction) = (Memory::default(), table.transaction);
        let outcome = purchase(&mut table, &mut memory, &transaction);
        assert_ne!(outcome.decision, Decision::Approved, "{alteration}");
        assert!(memory.interrupted.is_none(), "{alteration}");
        assert_eq!(balance(&mut table), left, "{alteration}");
    }
}

#[test]
fn no_command_is_sent_that_need_not_be() {
    let run = |card, amount| {
        let mut table = table(card, amount, &[], &[]);
        let transaction = table.transaction;
        purchase(&mut table, &mut Memory::default(), &transaction)
    };
    assert_eq!(instructions(&run("c7-credit", 1000)), [0xA4, 0xA4, 0xA8], "online, the first answer is enough");
    let offline = run("c7-electronic-cash", 1000);
    let afl = offline.card.value(Tag::new(0x94)).unwrap();
    let records: usize = afl.chunks(4).map(|entry| usize::from(entry[2] - entry[1]) + 1).sum();
    assert_eq!(instructions(&offline).len(), 3 + records);
}

#[test]
fn wherever_the_card_leaves_once_it_is_charged_once() {
    for command in 1..=9 {
        let alteration = format!("tap 1 answer #{command} fault removed");
        let mut table = table("c7-electronic-cash", 1000, &[&alteration], &[]);
        let transaction = table.transaction;
        let outcome = purchase(&mut table, &mut Memory::default(), &transaction);
        assert_eq!(outcome.decision, Decision::Approved, "{alteration}");
        assert_eq!(balance(&mut table), 7000, "{alteration}");
    }
}

#[test]
fn no_byte_of_a_record_can_be_another_in_an_offline_approval() {
    let lengths = {
        let mut table = table("c7-electronic-cash", 1000, &[], &[]);
        let transaction = table.transaction;
        let outcome = purchase(&mut table, &mut Memory::default(), &transaction);
        let records = outcome.log.exchanges.into_iter().filter(|exchange| exchange.command[1] == 0xB2);
        records.map(|record| record.response.unwrap().len() - 2).collect::<Vec<_>>()
    };
    for (record, length) in (1..).zip(lengths) {
        for offset in (record % 5..length).step_by(5) {
            let alteration = format!("answer read:{record} flip {offset}=01");
            let mut table = table("c7-electronic-cash", 1000, &[&alteration], &[]);
            let transaction = table.transaction;
            let outcome = purchase(&mut table, &mut Memory::default(), &transaction);
            assert_ne!(outcome.decision, Decision::Approved, "{alteration}");
        }
    }
}

#[test]
fn an_answer_broken_anywhere_ends_in_an_outcome() {
    for offset in (0..234).step_by(3) {
        for mask in ["01", "80", "FF"] {
            let alteration = format!("answer gpo flip {offset}={mask}");
            let mut table = table("c7-electronic-cash", 1000, &[&alteration], &[]);
            let transaction = table.transaction;
            let outcome = purchase(&mut table, &mut Memory::default(), &transaction);
            let explained = outcome.decision == Decision::Approved || !outcome.log.findings.is_empty();
            assert!(explained && outcome.tap.unwrap().outcome.is_some(), "{alteration}");
        }
    }
}
