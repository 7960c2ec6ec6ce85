//! PC/SC for real: libpcsclite, a private daemon and the virtual reader driver, with a scripted card.
//!
//! Each test is two processes: the stage starts the daemon and runs this test again, which is then the client.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at what is wrong")]

#[path = "rig/scripted.rs"]
mod scripted;

use std::{
    os::unix::net::UnixStream,
    process::Command as Process,
    thread,
    time::{Duration, Instant},
};

use apdu::{Card, Command, Fault};
use emvident_readers::{
    pcsc::{ChooseError, Occupancy, PcscCard, Reader, Readers},
    rig::Rig,
    transport::Protocol,
    vpcd::Ended,
    wait,
};
use scripted::{ATR_T1, Say, Scripted, ask};

const SELECT: &str = "00A404000E315041592E5359532E444446303100";
const RULES: &[(&str, Say)] = &[
    ("00A404000E31", Say::Hex("6F038801019000")),
    ("00A40400", Say::Hex("6A82")),
    ("00B2010C", Say::Long(256)),
    ("80CA9F17", Say::Hex("9F1701039000")),
    ("80AE", Say::Leave),
    ("80CA9F36", Say::Late(1500)),
];

fn card() -> Scripted {
    Scripted::new(ATR_T1, RULES)
}

/// As client: the service and the rig's reader.
fn client() -> Option<(Readers, Reader)> {
    let name = Rig::reader_of_rerun()?;
    let readers = Readers::connect().unwrap();
    let reader = readers.choose(Some(&name)).unwrap();
    Some((readers, reader))
}

fn opened((readers, reader): &(Readers, Reader)) -> PcscCard {
    readers.wait_for_card(reader, Some(Duration::from_secs(5)), || false).unwrap();
    readers.open(reader, Duration::from_secs(1)).unwrap()
}

/// As stage: a reader with the scripted card in it.
fn stage(test: &str) -> Ended {
    let rig = Rig::vpcd("Emvident Rig").unwrap();
    let inserted = rig.insert(card, |_, _| {});
    rig.rerun(test).unwrap();
    inserted.remove().unwrap().ended
}

#[test]
fn commands_are_answered_at_once() {
    let Some(client) = client() else {
        assert_eq!(stage("commands_are_answered_at_once"), Ended::Stopped);
        return;
    };
    let mut card = opened(&client);
    assert_eq!((hex::encode_upper(card.atr()).as_str(), card.protocol()), (ATR_T1, Protocol::T1));
    assert_eq!(ask(&mut card, SELECT).unwrap(), "6F038801019000");
    assert_eq!(ask(&mut card, "00A4040007A000000003101000").unwrap(), "6A82");
    assert_eq!(ask(&mut card, "00B2010C00").unwrap(), format!("{}9000", "AA".repeat(256)));
    let command = Command::get_data(0x9F17);
    let mut times: Vec<_> = (0..50).map(|_| wait(card.transmit(&command)).unwrap().elapsed).collect();
    times.sort();
    assert!(times[45] < Duration::from_millis(5), "nine of ten answers under 5 ms: {times:?}");
}

#[test]
fn a_card_is_waited_for() {
    let Some((readers, reader)) = client() else {
        let rig = Rig::vpcd("Emvident Rig").unwrap();
        let late = || {
            thread::sleep(Duration::from_millis(1500));
            card()
        };
        let _inserted = rig.insert(late, |_, _| {});
        rig.rerun("a_card_is_waited_for").unwrap();
        return;
    };
    let moment = Some(Duration::from_millis(150));
    assert_eq!(readers.slots().unwrap()[0].occupancy, Occupancy::Empty);
    assert_eq!(readers.wait_for_card(&reader, moment, || false), Err(Fault::Absent));
    assert!(matches!(readers.open(&reader, Duration::ZERO), Err(Fault::Absent)));
    let mut looks = 0;
    let cancelled = readers.wait_for_card(&reader, None, || {
        looks += 1;
        looks > 2
    });
    assert_eq!(cancelled, Err(Fault::Cancelled));
    readers.wait_for_card(&reader, Some(Duration::from_secs(5)), || false).unwrap();
    assert_eq!(readers.wait_for_removal(&reader, moment, || false), Err(Fault::Timeout));
    let slot = &readers.slots().unwrap()[0];
    assert_eq!((slot.occupancy, hex::encode_upper(&slot.atr).as_str()), (Occupancy::Free, ATR_T1));
}

#[test]
fn a_card_pulled_during_a_command_is_named_as_removed() {
    let Some(client) = client() else {
        let ended = stage("a_card_pulled_during_a_command_is_named_as_removed");
        assert_eq!(ended, Ended::Card(Fault::Removed));
        return;
    };
    let mut card = opened(&client);
    assert_eq!(ask(&mut card, "80AE8000"), Err(Fault::Removed));
    assert_eq!(ask(&mut card, SELECT), Err(Fault::Removed));
    assert_eq!(card.reset(), Err(Fault::Removed));
    client.0.wait_for_removal(&client.1, Some(Duration::from_secs(2)), || false).unwrap();
}

#[test]
fn an_open_card_belongs_to_one_program() {
    let Some(client) = client() else {
        stage("an_open_card_belongs_to_one_program");
        return;
    };
    let mut card = opened(&client);
    let other = Readers::connect().unwrap();
    let start = Instant::now();
    assert!(matches!(other.open(&client.1, Duration::from_millis(300)), Err(Fault::Busy)));
    assert!(start.elapsed() >= Duration::from_millis(300), "it tried again for a while");
    assert_eq!(other.slots().unwrap()[0].occupancy, Occupancy::InUse);
    assert_eq!(ask(&mut card, SELECT).unwrap(), "6F038801019000");
    card.power_off().unwrap();
    assert!(other.open(&client.1, Duration::ZERO).is_ok());
}

#[test]
fn a_reset_reaches_the_card() {
    let Some(client) = client() else {
        let rig = Rig::vpcd("Emvident Rig").unwrap();
        // Each power and reset puts another record on the card, so that the client can tell.
        let inserted =
            rig.insert(card, |card: &mut Scripted, _| *card = Scripted::new(ATR_T1, &[("00B2", Say::Hex("9000"))]));
        rig.rerun("a_reset_reaches_the_card").unwrap();
        assert!(inserted.remove().unwrap().resets >= 2, "power on, then reset");
        return;
    };
    let mut card = opened(&client);
    card.reset().unwrap();
    assert_eq!(hex::encode_upper(card.atr()), ATR_T1);
    assert_eq!(ask(&mut card, "00B2010C00").unwrap(), "9000");
}

#[test]
fn an_unknown_name_lists_the_readers_there_are() {
    let Some((readers, _)) = client() else {
        stage("an_unknown_name_lists_the_readers_there_are");
        return;
    };
    let error = readers.choose(Some("Omnikey")).unwrap_err();
    let ChooseError::Unknown { found, .. } = error else { panic!("{error}") };
    assert_eq!(found, ["Emvident Rig 00 00", "Emvident Rig 00 01"]);
    assert_eq!(readers.choose(Some("emvident rig 00 01")).unwrap().name(), "Emvident Rig 00 01");
}

#[test]
fn a_service_that_goes_down_is_named() {
    let Some(client) = client() else {
        stage("a_service_that_goes_down_is_named");
        return;
    };
    let mut card = opened(&client);
    let daemon = Rig::daemon_of_rerun().unwrap().to_string();
    assert!(Process::new("kill").args(["-KILL", &daemon]).status().unwrap().success());
    assert_eq!(ask(&mut card, SELECT), Err(Fault::ServiceDown));
    assert_eq!(client.0.wait_for_card(&client.1, None, || false), Err(Fault::ServiceDown));
    // While the daemon dies its socket still takes connections, only to close them, which looks like a refusal.
    let socket = std::env::var("PCSCLITE_CSOCK_NAME").unwrap();
    while UnixStream::connect(&socket).is_ok() {
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(Readers::connect().err(), Some(Fault::ServiceDown));
}

#[test]
fn a_slow_card_is_timed() {
    let Some(client) = client() else {
        stage("a_slow_card_is_timed");
        return;
    };
    let mut card = opened(&client);
    let exchange = wait(card.transmit(&Command::get_data(0x9F36))).unwrap();
    assert!(exchange.elapsed >= Duration::from_millis(1500), "{:?}", exchange.elapsed);
    assert!(!card.has_pin_pad());
}

#[test]
fn an_answer_to_reset_that_is_none_is_named() {
    let Some((readers, reader)) = client() else {
        let rig = Rig::vpcd("Emvident Rig").unwrap();
        let _inserted = rig.insert(|| Scripted::new("FFFF", RULES), |_, _| {});
        rig.rerun("an_answer_to_reset_that_is_none_is_named").unwrap();
        return;
    };
    readers.wait_for_card(&reader, Some(Duration::from_secs(5)), || false).unwrap();
    assert_eq!(readers.open(&reader, Duration::ZERO).err(), Some(Fault::BadAtr));
}
