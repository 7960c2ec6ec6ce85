//! The terminal that was recorded: keys, clock, configuration.

use emvident::{apdu::command::ins, setup, vectors::pki::Authority};

use super::{Fault, Right, fault};
use crate::diagnosis::{
    good::{Good, Terminals, value_at},
    line::{Rewrite, What},
};

const KEYS: &str = "terminal's keys";
const CLOCK: &str = "terminal's clock";
const CONFIGURATION: &str = "terminal's configuration";
const AMOUNT: &str = "amount and UN in lists";

const TEST_RID: [u8; 5] = [0xF0, 0x00, 0x0E, 0x4D, 0x56];
const SAME_KEYS: &str = "the terminal says that authentication failed, not which check of its key did";
const CA_KEY: [&str; 6] = [
    "oda-capk-not-found",
    "oda-capk-expired",
    "oda-capk-withdrawn",
    "oda-capk-checksum",
    "oda-capk-algorithm",
    "oda-issuer-cert-recover",
];

pub(super) const FAULTS: &[Fault] = &[
    fault(KEYS, "missing, expired, withdrawn or damaged", |good, random| {
        good.method()?;
        let what =
            random.of(&[setup::What::Missing, setup::What::Expired, setup::What::Withdrawn, setup::What::Damaged]);
        let index = format!("{:02X}", good.card().authentication.authority);
        good.keys.push(setup::KeyChange { index, what });
        Right::either(&CA_KEY, SAME_KEYS)
    }),
    fault(KEYS, "another key under the index", |good, random| {
        good.method()?;
        another_key(good, random.yes());
        Right::either(&CA_KEY, SAME_KEYS)
    }),
    fault(CLOCK, "years ahead", |good, random| {
        good.purchase.date = format!("20{}-06-15", 33 + random.below(15));
        Right::either(
            &["restrict-expired", "terminal-clock-wrong"],
            "one recording does not tell an old card from a wrong clock",
        )
    }),
    fault(CLOCK, "decades ahead", |good, _| {
        good.purchase.date = "2049-12-31".to_owned();
        good.card_mut().authentication.icc_expiry = [0x12, 0x30];
        good.card_mut().authentication.issuer_expiry = [0x12, 0x31];
        Right::either(
            &["restrict-expired", "terminal-clock-wrong", "oda-issuer-cert-expired", "oda-icc-cert-expired"],
            "one recording does not tell an old card from a wrong clock",
        )
    }),
    fault(CLOCK, "reset to its first day", |good, random| {
        good.purchase.date = random.of(&["2000-01-01", "2015-01-01", "2001-06-30"]).to_owned();
        Right::either(
            &["restrict-not-effective", "terminal-clock-wrong"],
            "one recording does not tell a new card from a wrong clock",
        )
    }),
    fault(CONFIGURATION, "no method of authentication", |good, random| {
        good.method()?;
        let kept = ["ic-with-contacts", "plaintext-pin", "online-pin", "signature", "enciphered-pin", "no-cvm"];
        good.configure(&format!("terminal.capabilities = {kept:?}"));
        if !random.yes() {
            good.at(Terminals::OfflineOnly);
        }
        Right::either(&["oda-not-performed", "oda-no-common-method"], "the one says that, the other why")
    }),
    fault(CONFIGURATION, "no way to verify the cardholder", |good, _| {
        good.card_mut().cvm_list = Some(cvm_list(&[0x01, 0x00]));
        good.configure("terminal.capabilities = [\"ic-with-contacts\", \"no-cvm\", \"sda\", \"dda\", \"cda\"]");
        Right::either(
            &["cvm-unsupported", "cvm-pinpad"],
            "the verification results have one bit for a PIN pad that is not there and for one that does not work",
        )
    }),
    fault(CONFIGURATION, "another version", |good, random| {
        good.configure(&format!("application.version = \"00{:02X}\"", 0x70 + random.below(16)));
        Right::is("restrict-version")
    }),
    fault(CONFIGURATION, "another country", |good, _| {
        let own = good.card().country;
        good.configure(if own == [0x02, 0x76] { "terminal.country = 250" } else { "terminal.country = 276" });
        // Goods and services at home alone.
        good.card_mut().usage = [0xAB, 0xC0];
        Right::either(
            &["restrict-usage-goods", "restrict-usage-services", "terminal-country-wrong"],
            "a card used abroad and a terminal that says it is abroad look the same",
        )
    }),
    fault(CONFIGURATION, "cash machine", |good, _| {
        good.at(Terminals::Strict);
        good.configure("terminal.type = \"14\"");
        good.configure("terminal.additional-capabilities = [\"cash\", \"numeric-keys\", \"display-cardholder\"]");
        good.purchase.kind = "cash".to_owned();
        good.card_mut().usage = [0xFD, 0xC0];
        Right::either(&["restrict-usage-atm", "terminal-type-wrong"], "a shop's terminal that says so is one")
    }),
    fault(CONFIGURATION, "action codes that decline everything", |good, _| {
        good.at(Terminals::Online);
        good.purchase.amount = 15_000;
        good.configure("application.tac-denial = \"FFFFFFFFFF\"");
        Right::either(
            &["taa-denied-offline", "trm-floor"],
            "the amount above the floor limit is the only bit, and no reason to decline",
        )
    }),
    fault(CONFIGURATION, "stop list", |good, random| {
        if random.yes() {
            good.at(Terminals::Strict);
        }
        let number = good.card().pan.digits().to_owned();
        good.configure(&format!("[[exception]]\npan = \"{number}\""));
        Right::is("trm-exception")
    }),
    fault(CONFIGURATION, "declines without a reason", |good, _| {
        good.misbuilt.push(Rewrite { ins: ins::GENERATE_AC, time: 1, what: What::P1(0x00) });
        Right::is("taa-denied-offline")
    }),
    fault(AMOUNT, "another unpredictable number than the signature is checked with", |good, random| {
        (good.method()? == crate::diagnosis::good::Method::Dda).then_some(())?;
        let list = good.card().ddol.clone().unwrap_or(vec![0x9F, 0x37, 0x04]);
        let at = value_at(&list, 0x9F37)? + random.below(4);
        good.misbuilt.push(Rewrite { ins: ins::INTERNAL_AUTHENTICATE, time: 1, what: What::Flip(at, random.change()) });
        Right::either(
            &[&CA_KEY[..], &["oda-sdad-hash"]].concat(),
            "the card signed what the recording has: the terminal's keys or its number are not those",
        )
    }),
];

fn cvm_list(rules: &[u8]) -> Vec<u8> {
    [&[0; 8], rules].concat()
}

/// Another authority's key stands under the index the card names.
fn another_key(good: &mut Good, same_length: bool) {
    let index = good.card().authentication.authority;
    let rid: [u8; 5] = good.card().aid[..5].try_into().expect("a RID");
    let length = good.authority_bytes();
    let others = [(TEST_RID, 0xF2), (TEST_RID, 0xF3), (TEST_RID, 0xF4), (TEST_RID, 0xE0), (TEST_RID, 0xF1)];
    let others = others.into_iter().filter(|other| *other != (rid, index));
    let mut found: Vec<Authority> = others.filter_map(|(rid, index)| Authority::find(rid, index).ok()).collect();
    found.sort_by_key(|other| (other.public_key().modulus.len() == length) != same_length);
    let other = found.swap_remove(0);
    let other = Authority { rid, index, ..other }.public_key();
    good.keys.push(setup::KeyChange { index: format!("{index:02X}"), what: setup::What::Missing });
    good.configure(&format!(
        "[[ca-key]]\nrid = \"{}\"\nindex = \"{index:02X}\"\nmodulus = \"{}\"\nexponent = \"{}\"\nchecksum = \"{}\"\ntest = true",
        hex::encode_upper(rid),
        hex::encode_upper(&other.modulus),
        hex::encode_upper(&other.exponent),
        hex::encode_upper(other.checksum),
    ));
}
