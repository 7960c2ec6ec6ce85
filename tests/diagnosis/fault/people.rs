//! Cardholder and PIN.

use emvident::scripted::PinAct;

use super::{Fault, Right, fault};
use crate::diagnosis::{good::Good, random::Random};

const PIN: &str = "PIN";
const METHODS: &str = "verification methods";

pub(super) const FAULTS: &[Fault] = &[
    fault(PIN, "wrong until the card blocks it", |good, random| {
        pin_only(good, random);
        good.people.pins = vec![PinAct::Wrong];
        Right::is("pin-blocked")
    }),
    fault(PIN, "wrong once", |good, random| {
        pin_only(good, random);
        good.people.pins = vec![PinAct::Wrong, PinAct::Right];
        Right::is("pin-wrong")
    }),
    fault(PIN, "wrong, and one try left", |good, random| {
        pin_only(good, random);
        good.card_mut().pin_tries_left = 2;
        good.people.pins = vec![PinAct::Wrong, PinAct::Right];
        Right::either(&["pin-last-try", "pin-wrong"], "it is both")
    }),
    fault(PIN, "blocked before", |good, random| {
        pin_only(good, random);
        good.card_mut().pin_tries_left = 0;
        Right::is("pin-blocked")
    }),
    fault(PIN, "bypassed", |good, random| {
        pin_only(good, random);
        good.people.pins = vec![PinAct::Bypass];
        Right::either(&["cvm-bypass", "pin-bypassed"], "two names of the same")
    }),
    fault(PIN, "PIN pad broken", |good, random| {
        pin_only(good, random);
        good.people.pins = vec![PinAct::Broken];
        Right::is("cvm-pinpad")
    }),
    fault(PIN, "check refused", |good, random| {
        pin_only(good, random);
        good.alter(&format!("answer verify sw {}", random.of(&["6985", "6A86", "6A88"])));
        Right::is("verify-sw")
    }),
    fault(PIN, "online PIN wrong", |good, _| {
        good.at(crate::diagnosis::good::Terminals::Online);
        good.purchase.amount = 15_000;
        good.card_mut().cvm_list = Some(cvm_list(&[0x02, 0x00]));
        good.people.pins = vec![PinAct::Wrong];
        Right::is("host-55-wrong-pin")
    }),
    fault(METHODS, "unknown", |good, random| {
        good.card_mut().cvm_list = Some(cvm_list(&[random.of(&[0x0A, 0x0D, 0x19, 0x1A]), 0x00]));
        Right::is("cvm-unrecognised")
    }),
    fault(METHODS, "fail CVM", |good, _| {
        good.card_mut().cvm_list = Some(cvm_list(&[0x00, 0x00]));
        Right::is("cvm-failed")
    }),
    fault(METHODS, "no rule fits", |good, random| {
        // Cash at attended and unattended terminals, cashback.
        good.card_mut().cvm_list = Some(cvm_list(&[0x1F, random.of(&[0x01, 0x04, 0x05])]));
        Right::either(&["cvm-none-matched", "cvm-failed"], "the one says why, the other what")
    }),
    fault(METHODS, "list cut", |good, random| {
        good.alter(random.of(&["set 8E=00000000", "set 8E=00000000000000"]));
        Right::is("cvm-list-format")
    }),
];

/// The card takes a PIN and nothing else.
fn pin_only(good: &mut Good, random: &mut Random) {
    let rule = if good.signs() && random.yes() { 0x04 } else { 0x01 };
    good.card_mut().cvm_list = Some(cvm_list(&[rule, 0x00]));
}

fn cvm_list(rules: &[u8]) -> Vec<u8> {
    [&[0; 8], rules].concat()
}
