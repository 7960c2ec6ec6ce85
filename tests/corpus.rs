//! Recorded sessions of real terminals and cards, explained: what people read stays as it was when it was read and found
//! right.
//!
//! The recordings are not part of the project. They are read from `EMVIDENT_CORPUS`, or from `../shared/corpus` beside the
//! repository; where there are none this test says so and checks nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use emvident::{
    explain::{Explainer, Explanation},
    kernel::{
        Outcome,
        oda::report::{Certificate, Step},
    },
    readers::trace,
    text::{Language, Text},
};
use serde_json::Value;

/// Columns a report may take.
const WIDTH: usize = 100;

/// Sessions of cards with contacts: the class of each attempt, its root, both as read from the bytes by hand.
const CONTACT: [(&str, &[(&str, &str)]); 5] = [
    // Records without GET PROCESSING OPTIONS. Then the card declines what the issuer approved: its own results (9F10)
    // say that issuer authentication was performed and failed.
    (
        "bertlv-contact-mastercard",
        &[("cannot-tell", "transport-trace-incomplete"), ("declined-by-card", "issuer-auth-failed")],
    ),
    ("bertlv-contact-upi", &[("approved", "")]),
    // None of the records that the AFL names. Then the same again, whole.
    ("bertlv-contact-visa", &[("cannot-tell", "transport-trace-incomplete"), ("approved", "")]),
    ("emvpt-vesa", &[("approved", "")]),
    // Two cards that were read; nobody asked for a cryptogram.
    (
        "javaemvreader-emulator",
        &[("cannot-tell", "transport-trace-incomplete"), ("cannot-tell", "transport-trace-incomplete")],
    ),
];

/// Sessions of taps, and of cards that were read through the air: as above.
const CONTACTLESS: [(&str, &[(&str, &str)]); 12] = [
    // A request for the issuer, read with the rules for contacts: its kernel is not built.
    ("bertlv-amex-cda", &[("cannot-tell", "transport-trace-incomplete")]),
    // A record that nothing signs is left out; the card approved, and signed that it did.
    ("bertlv-contactless-mastercard", &[("approved", "")]),
    ("bertlv-contactless-msd", &[("cannot-tell", "")]),
    // `6700` for the directory.
    ("devnied-failppsevisaaid", &[("not-completed", "ep-ppse-missing")]),
    ("devnied-geldkarteppse", &[("cannot-tell", "transport-trace-incomplete")]),
    // `6285` for the one application that is listed.
    ("devnied-interactppse", &[("not-completed", "ep-select-failed")]),
    // `6985` for the first of two, and nobody tried the second.
    ("devnied-lockedcard", &[("not-completed", "ep-interface-disabled")]),
    // A record in template 77.
    ("devnied-mastercardppse", &[("not-completed", "rec-template"), ("not-completed", "k-template-error")]),
    // Track 2 made unrecognisable; then records without GET PROCESSING OPTIONS.
    ("devnied-visacardppse", &[("not-completed", "data-format"), ("cannot-tell", "transport-trace-incomplete")]),
    ("mhn-mock-msc-ms-mode", &[("cannot-tell", "")]),
    ("mhn-mock-msc-offline", &[("approved", "")]),
    ("mhn-mock-visa-offline", &[("approved", "")]),
];

/// Every session, with what is expected of it.
fn expected() -> impl Iterator<Item = (&'static str, &'static [(&'static str, &'static str)])> {
    CONTACT.into_iter().chain(CONTACTLESS)
}

fn sessions() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var("EMVIDENT_CORPUS").map_or_else(|_| beside(), PathBuf::from).join("sessions");
    if !folder.is_dir() {
        eprintln!("\n*** NOTHING CHECKED: no recordings in {}; set EMVIDENT_CORPUS ***\n", folder.display());
        return None;
    }
    Some(folder)
}

fn explained(file: &Path) -> Explanation {
    let session = fs::read(file).unwrap();
    Explainer::new().unwrap().explain(&session, None).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn document(explanation: &Explanation) -> Value {
    serde_json::from_str(&explanation.json(&Text::new(Language::En))).unwrap()
}

#[test]
fn each_session_ends_as_its_bytes_say() {
    let Some(folder) = sessions() else { return };
    for (name, expected) in expected() {
        let document = document(&explained(&folder.join(name).with_extension("json")));
        let attempts = document["attempts"].as_array().unwrap().iter().map(|attempt| {
            let root = attempt["explanation"]["root"]["id"].as_str().unwrap_or_default();
            (attempt["recording"]["class"].as_str().unwrap(), root)
        });
        assert_eq!(attempts.collect::<Vec<_>>(), expected, "{name}");
    }
}

#[test]
fn what_people_read_of_each_session_stays_as_it_was_when_it_was_read() {
    let Some(folder) = sessions() else { return };
    for (name, _) in expected() {
        let explanation = explained(&folder.join(name).with_extension("json"));
        for language in Language::ALL {
            let page = explanation.text(&Text::new(*language), false);
            insta::with_settings!({
                snapshot_path => "snapshots/corpus",
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_snapshot!(format!("{name}.{}", language.tag()), page);
            });
        }
    }
}

/// What others found in the same bytes: CA key, lengths and last days of the certified keys, and what the card signed.
#[test]
fn each_contactless_chain_is_as_others_found_it() {
    let Some(folder) = sessions() else { return };
    let explainer = Explainer::new().unwrap();
    for (name, _) in CONTACTLESS {
        let recording = fs::read(folder.join(name).with_extension("json")).unwrap();
        let session: Value = serde_json::from_slice(&recording).unwrap();
        let trace = trace::read(&recording, None).unwrap();
        let observations = explainer.observe(&trace, explainer.base());
        let found: Vec<_> =
            observations.iter().map(|one| &one.outcome).filter(|one| !one.chain.steps.is_empty()).map(chain).collect();
        let known: Vec<_> = session["known"].as_array().unwrap().iter().map(known_chain).collect();
        assert_eq!(found, known, "{name}");
    }
}

/// What is known of a session, in the order of the chain; what the card signed last.
fn known_chain(known: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let certificate = |of: &str| format!("{} until {}", known[format!("{of}_bits")], text(&known[format!("{of}_exp")]));
    let signed = match &known["cda"][0] {
        Value::Null => format!("number {}", text(&known["fdda"]["idn"])),
        cda => format!("number {} {} {}", text(&cda["idn"]), text(&cda["cid"]), text(&cda["ac"])),
    };
    vec![text(&known["ca"]), certificate("issuer"), certificate("icc"), signed]
}

fn chain(outcome: &Outcome) -> Vec<String> {
    let certificate = |step: &Step| {
        let recovered = &step.recovered;
        let month = recovered.expiry.map(|expiry| {
            let expiry = expiry.to_string();
            format!("{}{}", &expiry[5..7], &expiry[2..4])
        });
        format!("{} until {}", recovered.key_bits.unwrap(), month.unwrap())
    };
    let made = outcome.cryptograms.iter().find(|made| made.signature_asked);
    let made = made.map(|made| format!(" {:02x} {}", made.cid.0, hex::encode(made.cryptogram.unwrap())));
    let told = |step: &Step| match step.certificate {
        _ if !step.passed() => "failed".to_owned(),
        Certificate::CaKey => step.recovered.ca_key.map(|(rid, index)| key_name(rid, index)).unwrap(),
        Certificate::DynamicSignature => {
            let number = hex::encode(step.recovered.icc_dynamic_number.unwrap().as_bytes());
            format!("number {number}{}", made.as_deref().unwrap_or_default())
        }
        _ => certificate(step),
    };
    outcome.chain.steps.iter().map(told).collect()
}

fn key_name(rid: [u8; 5], index: u8) -> String {
    format!("{}/{index:02X}", hex::encode_upper(rid))
}

/// Whatever is recorded: the page fits, says no id in place of a text, moves no cursor and shows no card number.
#[test]
fn every_session_is_told_in_both_languages_without_its_card_numbers() {
    let Some(folder) = sessions() else { return };
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = file.display();
        let explanation = explained(&file);
        for language in Language::ALL {
            let text = Text::new(*language);
            let page = explanation.text(&text, false);
            let unsaid = ["change-", "difference-", "assumed-", "weakness-", "capture-", "heading-", "issuer-data-"];
            assert!(unsaid.iter().all(|id| !page.contains(id)), "{name}: {page}");
            assert!(!page.contains(|c: char| c.is_control() && c != '\n'), "{name}: a control character");
            for said in [page, explanation.json(&text)] {
                assert!(said.lines().all(|line| !has_card_number(line)), "{name}: a card number");
            }
        }
        let page = explanation.text(&Text::new(Language::En), false);
        let wide = page.lines().find(|line| line.chars().count() > WIDTH);
        assert_eq!(wide, None, "{name}");
    }
}

/// Thirteen digits or more that stand alone and pass the check of card numbers.
fn has_card_number(line: &str) -> bool {
    let runs = line.split(|character: char| !character.is_ascii_alphanumeric());
    runs.filter(|run| (13..=19).contains(&run.len()) && run.chars().all(|c| c.is_ascii_digit())).any(passes_check)
}

fn passes_check(digits: &str) -> bool {
    let doubled = |at: usize, digit: u32| if at % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit };
    let digits = digits.chars().rev().filter_map(|digit| digit.to_digit(10));
    digits.enumerate().map(|(at, digit)| doubled(at, digit)).sum::<u32>() % 10 == 0
}
