//! What a stripe is judged to be, that nothing of it is shown, and what the program does with it.

#![expect(clippy::unwrap_used, reason = "a test that cannot run the program has failed")]

use std::{
    collections::BTreeSet,
    io::Write as _,
    process::{Command, Output, Stdio},
};

use emvident::{
    apdu::value::{Date, Track2},
    kernel::{
        Reason,
        finding::{Certainty, reason},
    },
    stripe::{Circumstances, Region, Track, Verdict, judge},
    text::{File, Language, Text},
};
use proptest::prelude::*;

const NUMBER: &str = "4761739001010010";

fn purchase() -> Circumstances {
    Circumstances::on(Date::new(2026, 6, 15).unwrap())
}

fn after(reason: Reason, region: Option<Region>) -> Circumstances {
    Circumstances { after: Some(reason), region, ..purchase() }
}

fn with_chip(hexadecimal: &str) -> Circumstances {
    let chip = Track2::from_bytes(&hex::decode(hexadecimal).unwrap()).unwrap();
    Circumstances { chip: Some(chip), ..purchase() }
}

fn track(rest: &str) -> String {
    format!(";{NUMBER}={rest}?")
}

fn verdict(line: &str, circumstances: &Circumstances) -> Verdict {
    judge(&Track::read(line), circumstances)
}

/// What the findings are, and whether the stripe must be refused.
fn judged(line: &str, circumstances: &Circumstances) -> (Vec<&'static str>, bool) {
    let verdict = verdict(line, circumstances);
    (verdict.findings.iter().map(|finding| finding.reason.id()).collect(), verdict.must_refuse())
}

#[test]
fn a_track_is_judged_by_what_stands_in_it() {
    let cases: &[(String, &[&str], bool)] = &[
        (track("301210112345678901"), &[], false),
        (track("301252112345678901"), &["mag-service-code-online"], false),
        (track("301254112345678901"), &["mag-service-code-online"], false),
        (track("301210012345678901"), &["mag-service-code-pin"], false),
        (track("301212512345678901"), &["mag-service-code-online", "mag-service-code-pin"], false),
        (track("301210612345678901"), &[], false),
        (track("301220112345678901"), &["mag-chip-card-swiped"], true),
        (track("301260112345678901"), &["mag-chip-card-swiped"], true),
        (track("301210312345678901"), &["mag-service-code-cash-only", "mag-service-code-pin"], true),
        (track("301210412345678901"), &["mag-service-code-cash-only"], true),
        (track("301270112345678901"), &["mag-service-code-private"], true),
        (track("301290112345678901"), &["mag-service-code-private"], true),
        (track("301233912345678901"), &["mag-track2-format"], false),
        (track("260510112345678901"), &["mag-expired"], true),
        (track("260610112345678901"), &[], false),
        (track("301310112345678901"), &["mag-track2-format"], true),
        (track("301"), &["mag-track2-format"], true),
        (track("=10112345678901"), &[], false),
        (";4761739001010011=301210112345678901?".into(), &["mag-luhn"], true),
        (";4761739001010010301210112345678901?".into(), &["mag-track2-format"], true),
        (format!("{}5", track("301210112345678901")), &["mag-read-error"], true),
        (format!(";{NUMBER}=301210112345678901"), &["mag-read-error"], true),
        (";E?".into(), &["mag-read-error"], true),
        (";?".into(), &["mag-damaged"], true),
    ];
    for (line, wanted, refused) in cases {
        let (mut found, must_refuse) = judged(line, &purchase());
        let mut wanted = wanted.to_vec();
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!((found, must_refuse), (wanted, *refused), "{line}");
    }
}

#[test]
fn what_refuses_the_stripe_comes_first_and_a_track_read_with_errors_is_not_sure() {
    let verdict = verdict(";4761739001010011=251260012345678901?5", &purchase());
    let ids: Vec<&str> = verdict.findings.iter().map(|finding| finding.reason.id()).collect();
    let wanted = ["mag-read-error", "mag-luhn", "mag-chip-card-swiped", "mag-expired", "mag-service-code-pin"];
    assert_eq!(ids, wanted);
    assert_eq!(verdict.findings[1].certainty, Certainty::Likely, "the digit may be what was read wrongly");
}

#[test]
fn fall_back_needs_a_technical_failure_an_attendant_and_a_country_that_has_it() {
    let chip = track("301220112345678901");
    let elsewhere = Some(Region::Elsewhere);
    let allowed = (vec!["mag-fallback-allowed"], false);
    let refused = (vec!["mag-fallback-refused"], true);
    for reason in [Reason::CardNoAtr, Reason::TransportTimeout, Reason::GpoSw, Reason::RecSw, Reason::SelFciFormat] {
        assert_eq!(judged(&chip, &after(reason, elsewhere)), allowed, "{}", reason.id());
        assert_eq!(judged(&chip, &after(reason, Some(Region::MainlandChina))), refused, "{}", reason.id());
        let unattended = Circumstances { unattended: true, ..after(reason, elsewhere) };
        assert_eq!(judged(&chip, &unattended), refused, "{}", reason.id());
    }
    for reason in [Reason::SelCardBlocked, Reason::PinBlocked, Reason::RestrictExpired, Reason::CardDeclinedFirstGac] {
        assert_eq!(judged(&chip, &after(reason, elsewhere)), refused, "{}", reason.id());
    }
    let sure = |reason, region| verdict(&chip, &after(reason, region)).findings[0].certainty;
    assert_eq!(sure(Reason::CardNoAtr, elsewhere), Certainty::Proven);
    assert_eq!(sure(Reason::CardNoAtr, None), Certainty::Likely, "in mainland China it would be refused");
    assert_eq!(sure(Reason::SelNoCommonApp, elsewhere), Certainty::Likely, "only where the scheme permits");
    assert_eq!(judged(&track("301210112345678901"), &after(Reason::CardNoAtr, elsewhere)), (vec![], false));
}

#[test]
fn a_stripe_that_is_not_the_chips_is_refused() {
    let same = "4761739001010010D301220112345678901F";
    let judged = |line: &str, chip: &str| judged(line, &with_chip(chip));
    let altered = (vec!["mag-service-code-altered"], true);
    assert_eq!(judged(&track("301210199999999999"), same), altered);
    assert_eq!(
        judged(&track("301110199999999999"), &same.replace("3012", "3011").replace("201", "101")),
        (vec![], false)
    );
    let mismatch = |ids: (Vec<&'static str>, bool)| ids.0.contains(&"mag-track-mismatch") && ids.1;
    assert!(mismatch(judged(&track("311220199999999999"), same)), "another expiry");
    assert!(mismatch(judged(&track("301220199999999999"), "4761739001010119D301220112345678901F")), "another number");
    let copy = judged(&track("301220112345678901"), same);
    assert_eq!(copy, (vec!["mag-chip-card-swiped", "mag-same-as-chip"], true));
}

#[test]
fn track_1_has_to_agree_and_a_chip_that_answered_is_one() {
    let one = |rest: &str| format!("%B{NUMBER}^TEST/CARD^{rest}0000?{}", track("301210112345678901"));
    assert_eq!(judged(&one("3012101"), &purchase()), (vec![], false));
    assert_eq!(judged(&one("3111101"), &purchase()), (vec!["mag-track-mismatch"], true));
    assert_eq!(judged(&one("3012201"), &purchase()), (vec!["mag-service-code-altered"], true));
    let answered = judged(&track("301210112345678901"), &after(Reason::GpoSw, None));
    assert_eq!(answered, (vec!["mag-service-code-altered"], false), "some issuers do that");
}

#[test]
fn cash_may_be_had_with_a_card_for_cash() {
    let cash = Circumstances { cash: true, ..purchase() };
    assert_eq!(judged(&track("301210412345678901"), &cash), (vec![], false));
}

/// Lines and circumstances that between them say every sentence there is.
fn everything() -> Vec<Verdict> {
    let lines = [
        "",
        ";E?",
        ";4761=30122011",
        "4761739001010010=30122011?",
        ";4761739001010010=301?xyz",
        ";4761739001010010?",
        ";4761739001010011=30X22011?5",
        ";4761739001010010=3013201?",
        ";4761739001010010=20122011234567890123456?",
        ";4761739001010010=3012201?0",
        ";4761739001010010=3012201?1",
        "%B4761739001010119^A/B^3111601?;4761739001010010=301220112345678901?",
    ];
    let circumstances = [
        purchase(),
        after(Reason::CardNoAtr, None),
        after(Reason::SelNoCommonApp, Some(Region::Elsewhere)),
        after(Reason::PinBlocked, Some(Region::MainlandChina)),
        Circumstances { unattended: true, ..after(Reason::GpoSw, None) },
        Circumstances { region: Some(Region::MainlandChina), ..purchase() },
        with_chip("4761739001010119D311160112345678901F"),
        with_chip("4761739001010010D301220112345678901F"),
    ];
    let clean = track("301210112345678901");
    let codes = (0..10).map(|digit| track(&format!("3012{digit}{digit}{digit}12345678901")));
    let lines: Vec<String> = lines.map(str::to_owned).into_iter().chain(codes).chain([clean]).collect();
    lines.iter().flat_map(|line| circumstances.iter().map(|circumstances| verdict(line, circumstances))).collect()
}

#[test]
fn every_sentence_is_said_and_none_is_missing_in_either_language() {
    let verdicts = everything();
    for language in Language::ALL {
        let text = Text::new(*language);
        let pages: String = verdicts.iter().map(|verdict| verdict.text(&text, false)).collect();
        let missing = ["seen-", "word-", "label-", "outcome-", "heading-", "fault-"];
        let shown = pages.split([' ', ':', '：', '\n']).find(|word| missing.iter().any(|id| word.starts_with(id)));
        assert_eq!(shown, None, "{language:?}");
        assert!(!pages.contains('\u{1B}'));
        for line in File::Stripe.source(*language).lines().filter(|line| line.starts_with(['s', 'w', 'o', 'l'])) {
            let (id, sentence) = line.split_once(" = ").unwrap();
            let longest = sentence.split(['{', '}']).step_by(2).max_by_key(|part| part.len()).unwrap().trim();
            let first_words: String = longest.chars().take(12).collect();
            assert!(pages.contains(first_words.trim()), "nobody says {id} in {language:?}: {first_words}");
        }
    }
    let seen: BTreeSet<&str> =
        verdicts.iter().flat_map(|verdict| &verdict.findings).map(|finding| finding.reason.id()).collect();
    let family = reason::ALL.iter().map(|reason| reason.id()).filter(|id| id.starts_with("mag-"));
    let never: Vec<&str> = family.filter(|id| !seen.contains(id)).collect();
    assert_eq!(never, ["mag-fallback-rate-high", "mag-not-supported"], "these take more than one stripe");
}

/// No run of digits that is not masked, no issuer's part.
fn hides(shown: &str, number: &str, issuers: &str) -> bool {
    let middle = number.get(6..number.len() - 4).unwrap();
    !shown.contains(middle) && !shown.contains(issuers)
}

proptest! {
    #[test]
    fn nothing_that_has_to_be_hidden_is_shown(
        number in "4[0-9]{15}",
        expiry in "(29|30)(0[1-9]|1[0-2])",
        code in "[0-9]{3}",
        issuers in "[1-9][0-9]{12}",
        check in "[0-9:-?]?",
    ) {
        let line = format!(";{number}={expiry}{code}{issuers}?{check}");
        let chip = with_chip(&format!("{number}D{expiry}{code}{issuers}F"));
        let verdict = verdict(&line, &chip);
        let debug = format!("{verdict:?}");
        prop_assert!(hides(&debug, &number, &issuers));
        for language in Language::ALL {
            let text = Text::new(*language);
            prop_assert!(hides(&verdict.text(&text, true), &number, &issuers));
            prop_assert!(hides(&verdict.json(&text), &number, &issuers));
        }
    }

    #[test]
    fn any_line_is_judged_without_panic(line in r"[;%+?=^D0-9A-F é]{0,90}") {
        let verdict = verdict(&line, &after(Reason::CardNoAtr, None));
        let json = verdict.json(&Text::new(Language::En));
        prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
    }
}

fn emvident(arguments: &[&str], input: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_emvident"))
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not read.
    let _ = program.stdin.take().unwrap().write_all(input.as_bytes());
    program.wait_with_output().unwrap()
}

fn status(arguments: &[&str], input: &str) -> Option<i32> {
    let output = emvident(&[&["stripe", "--date", "2026-06-15"], arguments].concat(), input);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    let masked = said.split(|c: char| !c.is_ascii_digit()).all(|digits| digits.len() < 11);
    assert!(masked, "{said}");
    output.status.code()
}

#[test]
fn the_program_takes_the_track_from_standard_input_and_ends_with_its_status() {
    let stripe = track("301210112345678901");
    let chip_card = track("301220112345678901");
    assert_eq!(status(&[], &stripe), Some(0));
    assert_eq!(status(&["-"], &format!("\n{stripe}\r\n")), Some(0));
    assert_eq!(status(&[], &chip_card), Some(1));
    assert_eq!(status(&["--after", "card-no-atr", "--country", "HK"], &chip_card), Some(0));
    assert_eq!(status(&["--after", "card-no-atr", "--country", "156"], &chip_card), Some(1));
    assert_eq!(status(&["--json", "--lang", "zh-CN"], &chip_card), Some(1));
    assert_eq!(status(&["--date", "2031-01-01"], &stripe), Some(3), "the date is there twice");
    let tracks = format!("%B{NUMBER}^TEST/CARD^3012101?\n{stripe}\n");
    assert_eq!(status(&[], &tracks), Some(0));
    let with_chip = format!("{stripe}\n{NUMBER}D301220112345678901F\n");
    assert_eq!(status(&["--chip-57", "-"], &with_chip), Some(1), "the service code was altered");
}

#[test]
fn wrong_usage_is_status_3_and_repeats_nothing_of_the_track() {
    let stripe = track("301210112345678901");
    assert_eq!(status(&[], ""), Some(3));
    assert_eq!(status(&[], &format!("{stripe}\n{NUMBER}")), Some(3));
    assert_eq!(status(&["--after", "no-such-reason"], &stripe), Some(3));
    assert_eq!(status(&["--country", "Narnia"], &stripe), Some(3));
    assert_eq!(status(&["--chip-57", "-"], &format!("{stripe}\n{NUMBER}X")), Some(3));
    assert_eq!(status(&["--chip-57", "-"], &format!("{stripe}\n4761739001010010")), Some(3));
}

#[test]
fn only_test_cards_may_stand_on_the_command_line() {
    assert_eq!(status(&[&track("301210112345678901")], ""), Some(0));
    for real in [";4321987654321098=301210112345678901?", ";43219876X4321098=301210112345678901?", "garbage"] {
        assert_eq!(status(&[real], ""), Some(3), "{real}");
    }
    let stripe = track("301210112345678901");
    assert_eq!(status(&["--chip-57", "4321987654321098D301220112345678901F"], &stripe), Some(3));
    assert_eq!(status(&["--chip-57", &format!("{NUMBER}D301220112345678901F")], &stripe), Some(1));
}
