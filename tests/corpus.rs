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
    reason = "a test that cannot go on has failed"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use emvident::{
    explain::{Explainer, Explanation},
    text::{Language, Text},
};

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

fn document(explanation: &Explanation) -> serde_json::Value {
    serde_json::from_str(&explanation.json(&Text::new(Language::En))).unwrap()
}

#[test]
fn each_contact_session_ends_as_its_bytes_say() {
    let Some(folder) = sessions() else { return };
    for (name, expected) in CONTACT {
        let document = document(&explained(&folder.join(name).with_extension("json")));
        let attempts = document["attempts"].as_array().unwrap().iter().map(|attempt| {
            let root = attempt["explanation"]["root"]["id"].as_str().unwrap_or_default();
            (attempt["recording"]["class"].as_str().unwrap(), root)
        });
        assert_eq!(attempts.collect::<Vec<_>>(), expected, "{name}");
    }
}

#[test]
fn what_people_read_of_each_contact_session_stays_as_it_was_when_it_was_read() {
    let Some(folder) = sessions() else { return };
    for (name, _) in CONTACT {
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
