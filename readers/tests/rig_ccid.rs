//! The real CCID driver against an emulated serial reader: T=0, T=1, bad contacts and the PIN pad.
//!
//! Each test is two processes: the stage starts the daemon and runs this test again, which is then the client.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at what is wrong")]

#[path = "rig/scripted.rs"]
mod scripted;

use std::time::Duration;

use apdu::{Card, Fault, PinPadRequest};
use emvident_readers::{
    pcsc::{Occupancy, PcscCard, Readers},
    rig::{Cardholder, Ccid, Rig},
    transport::Protocol,
    wait,
};
use scripted::{ATR_T0, ATR_T1, Say, Scripted, ask};

const RULES: &[(&str, Say)] = &[
    ("00A4040002315", Say::Hex("6F038801019000")),
    ("00A4040002316", Say::Hex("6F038801026283")),
    ("00B2010C", Say::Long(256)),
    ("00B2020C", Say::Long(200)),
    ("80A80000", Say::Hex("9000")),
    ("80CA9F17", Say::Hex("9F1701039000")),
    ("0020008008241234FFFFFFFFFF", Say::Hex("9000")),
    ("00200080082", Say::Hex("63C2")),
    ("80AE", Say::Leave),
];

/// As client: the rig's card; as stage: nothing, after the client has succeeded.
fn card(test: &str, atr: &'static str, kind: Ccid) -> Option<PcscCard> {
    let Some(name) = Rig::reader_of_rerun() else {
        let rig = Rig::ccid("Emvident Rig", kind).unwrap();
        let inserted = rig.insert(|| Scripted::new(atr, RULES), |_, _| {});
        rig.rerun(test).unwrap();
        assert!(inserted.remove().unwrap().exchanges > 0 || test.contains("nobody"));
        return None;
    };
    let readers = Readers::connect().unwrap();
    let reader = readers.choose(Some(&name)).unwrap();
    readers.wait_for_card(&reader, Some(Duration::from_secs(5)), || false).unwrap();
    let card = readers.open(&reader, Duration::from_secs(1)).unwrap();
    assert_eq!(hex::encode_upper(card.atr()), atr);
    Some(card)
}

fn long(length: usize) -> String {
    format!("{}9000", "AA".repeat(length))
}

#[test]
fn t0_fetches_corrects_and_leaves_le_out() {
    let kind = Ccid::new(Protocol::T0);
    let Some(mut card) = card("t0_fetches_corrects_and_leaves_le_out", ATR_T0, kind) else { return };
    assert_eq!(card.protocol(), Protocol::T0);
    assert_eq!(ask(&mut card, "00A4040002315000").unwrap(), "6F038801019000");
    assert_eq!(ask(&mut card, "00A4040002316000").unwrap(), "6F038801026283", "a warning keeps its data");
    assert_eq!(ask(&mut card, "80A8000002830000").unwrap(), "9000", "case 4 without data");
    assert_eq!(ask(&mut card, "80CA9F1700").unwrap(), "9F1701039000", "case 2 with another length");
    assert_eq!(ask(&mut card, "00B2010C00").unwrap(), long(256));
    assert_eq!(ask(&mut card, "0020008008249999FFFFFFFFFF").unwrap(), "63C2");
    assert_eq!(ask(&mut card, "80160000").unwrap(), "6D00");
    assert!(!card.has_pin_pad());
    let nobody = wait(card.verify_on_pin_pad(&PinPadRequest::default()));
    assert_eq!(nobody.err(), Some(Fault::Unsupported));
}

#[test]
fn t1_carries_whole_commands() {
    let kind = Ccid::new(Protocol::T1);
    let Some(mut card) = card("t1_carries_whole_commands", ATR_T1, kind) else { return };
    assert_eq!(card.protocol(), Protocol::T1);
    assert_eq!(ask(&mut card, "00A4040002315000").unwrap(), "6F038801019000");
    assert_eq!(ask(&mut card, "00A4040002316000").unwrap(), "6F038801026283");
    assert_eq!(ask(&mut card, "00B2010C00").unwrap(), long(256), "a chained answer");
    let long_command = format!("00A40400C8{}00", "31".repeat(200));
    assert_eq!(ask(&mut card, &long_command).unwrap(), "6D00", "a chained command");
    card.reset().unwrap();
    assert_eq!(ask(&mut card, "80CA9F1700").unwrap(), "9F1701039000", "after a reset");
}

#[test]
fn a_bad_contact_is_overcome() {
    let kind = Ccid::new(Protocol::T1).flaky();
    let Some(mut card) = card("a_bad_contact_is_overcome", ATR_T1, kind) else { return };
    for _ in 0..20 {
        assert_eq!(ask(&mut card, "00A4040002315000").unwrap(), "6F038801019000");
        assert_eq!(ask(&mut card, "00B2010C00").unwrap(), long(256));
    }
}

/// Both kinds of card through a reader with a PIN pad.
fn pin_pad(test: &str, cardholder: Cardholder, expected: &str) {
    let kind = Ccid::new(if test.contains("t0") { Protocol::T0 } else { Protocol::T1 }).with_pin_pad(cardholder);
    let atr = if test.contains("t0") { ATR_T0 } else { ATR_T1 };
    let Some(mut card) = card(test, atr, kind) else { return };
    assert!(card.has_pin_pad());
    let exchange = wait(card.verify_on_pin_pad(&PinPadRequest::default())).unwrap();
    assert_eq!(hex::encode_upper(exchange.response.as_bytes()), expected);
    assert_eq!(ask(&mut card, "00B2020C00").unwrap(), long(200), "the card can still be read");
}

#[test]
fn the_pin_pad_verifies_a_pin_t1() {
    pin_pad("the_pin_pad_verifies_a_pin_t1", Cardholder::Types("1234".into()), "9000");
}

#[test]
fn the_pin_pad_verifies_a_pin_t0() {
    pin_pad("the_pin_pad_verifies_a_pin_t0", Cardholder::Types("1234".into()), "9000");
}

#[test]
fn the_pin_pad_reports_a_wrong_pin() {
    pin_pad("the_pin_pad_reports_a_wrong_pin", Cardholder::Types("999999999999".into()), "63C2");
}

#[test]
fn the_pin_pad_reports_the_cancel_key() {
    pin_pad("the_pin_pad_reports_the_cancel_key", Cardholder::Cancels, "6401");
}

#[test]
fn the_pin_pad_reports_that_nobody_typed() {
    pin_pad("the_pin_pad_reports_that_nobody_typed", Cardholder::DoesNothing, "6400");
}

#[test]
fn a_card_pulled_during_a_command_is_named_as_removed() {
    let test = "a_card_pulled_during_a_command_is_named_as_removed";
    let Some(mut card) = card(test, ATR_T1, Ccid::new(Protocol::T1)) else { return };
    assert_eq!(ask(&mut card, "80CA9F1700").unwrap(), "9F1701039000");
    assert_eq!(ask(&mut card, "80AE8000"), Err(Fault::Removed));
}

#[test]
fn a_mute_chip_is_named() {
    let Some(name) = Rig::reader_of_rerun() else {
        let rig = Rig::ccid("Emvident Rig", Ccid::new(Protocol::T1)).unwrap();
        let _inserted = rig.insert(|| Scripted::new("", RULES), |_, _| {});
        rig.rerun("a_mute_chip_is_named").unwrap();
        return;
    };
    let readers = Readers::connect().unwrap();
    let reader = readers.choose(Some(&name)).unwrap();
    readers.wait_for_card(&reader, Some(Duration::from_secs(5)), || false).unwrap();
    assert_eq!(readers.open(&reader, Duration::ZERO).err(), Some(Fault::Mute));
    assert_eq!(readers.slots().unwrap()[0].occupancy, Occupancy::Mute);
}
