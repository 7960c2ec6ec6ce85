//! What the scenarios do not show: how few commands a tap needs, what is said when, and that no answer breaks the kernel.

use alloc::{format, string::String, vec::Vec};

use apdu::{Bits, tag};
use proptest::prelude::*;

use super::*;
use crate::{
    contactless::{Combination, KernelId, OutcomeKind},
    point_of_sale::OnlinePinEntry,
    testing::{ScriptedCard, ScriptedPointOfSale, bytes, ready, terminal, transaction},
    transact,
    transaction::{Interface, Transaction},
};

const PPSE: (&str, &str) = (
    "00A404000E325041592E5359532E444446303100",
    "6F30840E325041592E5359532E4444463031A51EBF0C1B61194F07A0000000031010500B5649534120435245444954870101 9000",
);
const SELECT: (&str, &str) =
    ("00A4040007A000000003101000", "6F1F8407A0000000031010A51450095649534120544553549F38069F66049F3704 9000");

/// A card that asks the issuer; its file locator and more objects may follow.
fn options(more: &str) -> String {
    let objects = format!(
        "82020000 57104761739001010010D491220112345678 9F100706010A03A00000 9F2608E667325F0C0A778B 9F270180 9F36020022 \
         9F6E0420700005 {more}"
    );
    let objects = objects.replace(' ', "");
    let length = objects.len() / 2;
    let long = if length > 127 { "81" } else { "" };
    format!("77{long}{length:02X}{objects}9000")
}

/// A tap of this card, every command of which is in `steps`.
fn tap<'s>(steps: impl IntoIterator<Item = (&'s str, &'s str)>) -> (Outcome, ScriptedPointOfSale) {
    let mut terminal = terminal();
    let mut combination = Combination::new(&[0xA0, 0x00, 0x00, 0x00, 0x03], KernelId::C3);
    combination.ttq = Some(Bits([0x36, 0x00, 0x40, 0x80]));
    terminal.contactless.combinations.push(combination);
    let transaction = Transaction { interface: Interface::Contactless, ..transaction() };
    let mut card = ScriptedCard::new(steps);
    // A card may ask for a PIN; this PIN pad has no key for it.
    let mut point_of_sale = ScriptedPointOfSale::typing_online([OnlinePinEntry::KeyMissing]);
    let outcome = ready(transact(&mut card, &mut point_of_sale, &terminal, &transaction));
    assert!(card.is_done(), "a command that was not sent");
    (outcome, point_of_sale)
}

fn kind(outcome: &Outcome) -> OutcomeKind {
    outcome.tap.as_ref().and_then(|tap| tap.outcome.as_ref()).unwrap().outcome
}

#[test]
fn a_tap_that_goes_online_is_three_commands() {
    let answer = options("");
    let (outcome, point_of_sale) = tap([PPSE, SELECT, ("80A800000A8308..", &answer)]);
    assert_eq!((kind(&outcome), outcome.log.exchanges.len()), (OutcomeKind::OnlineRequest, 3));
    let shown: Vec<MessageId> = point_of_sale.requested.iter().map(|request| request.message).collect();
    assert_eq!(shown[..3], [MessageId::PresentCard, MessageId::CardReadOk, MessageId::Authorising]);
}

#[test]
fn each_record_of_the_file_locator_is_read_once() {
    let answer = options("9408 08010100 10010200");
    let (one, two) = ("70035F2000 9000", "7000 9000");
    let steps = [
        PPSE,
        SELECT,
        ("80A800000A8308..", answer.as_str()),
        ("00B2010C00", one),
        ("00B2011400", two),
        ("00B2021400", two),
    ];
    assert_eq!(tap(steps).0.log.exchanges.len(), steps.len());
}

#[test]
fn a_file_locator_without_entries_is_none() {
    let answer = options("9400");
    assert_eq!(kind(&tap([PPSE, SELECT, ("80A800000A8308..", &answer)]).0), OutcomeKind::OnlineRequest);
}

#[test]
fn the_reader_says_by_which_technology_a_form_was_read() {
    let answer = options("");
    let (outcome, _) = tap([PPSE, SELECT, ("80A800000A8308..", &answer)]);
    let record = outcome.tap.unwrap().outcome.unwrap().data_record.unwrap();
    let value = |wanted| record.iter().find(|(tag, _)| *tag == wanted).map(|(_, value)| value.clone());
    assert_eq!(value(tag::k3::FORM_FACTOR_INDICATOR_9F6E), Some(bytes("20700000")));
    assert_eq!(value(tag::TVR_95), Some(bytes("0000000000")), "always zeros, as in the cryptogram");
    assert_eq!(value(tag::ATC_9F36), Some(bytes("0022")));
}

#[test]
fn the_card_has_been_read_before_anything_is_checked() {
    let (outcome, point_of_sale) = tap([PPSE, SELECT, ("80A800000A8308..", "7700 9000")]);
    assert_eq!(kind(&outcome), OutcomeKind::EndApplication);
    let shown: Vec<MessageId> = point_of_sale.requested.iter().map(|request| request.message).collect();
    assert_eq!(shown[1..], [MessageId::CardReadOk, MessageId::TryAnotherCard]);
}

proptest! {
    #[test]
    fn no_answer_breaks_the_kernel(answer in proptest::collection::vec(any::<u8>(), 0..60)) {
        let answer = hex::encode_upper(answer) + "9000";
        tap([PPSE, SELECT, ("80A800000A8308..", answer.as_str())]);
    }

    #[test]
    fn no_objects_break_the_kernel(tags in proptest::collection::vec((0_usize..8, 0_usize..12, any::<u8>()), 0..6)) {
        let known = ["9F6C", "9F69", "9F4B", "5F24", "9F27", "9F10", "57", "5A"];
        let object = |(tag, length, byte): &(usize, usize, u8)| {
            format!("{}{length:02X}{}", known[*tag], format!("{byte:02X}").repeat(*length))
        };
        let more: String = tags.iter().map(object).collect();
        let answer = options(&more);
        tap([PPSE, SELECT, ("80A800000A8308..", answer.as_str())]);
    }
}
