use std::{fs, path::PathBuf, time::Duration};

use apdu::{Tag, tag, value::pan::Pan};
use kernel::{
    Decision, Finding, Outcome, Phase, Reason,
    finding::{Evidence, Fact, Value},
    point_of_sale::Candidate,
    session::LoggedExchange,
};
use rayon::prelude::*;
use unicode_width::UnicodeWidthStr;

use crate::{
    report::{Report, page::WIDTH},
    scenario::Scenario,
    text::{File, Language, Text},
};

/// A scenario's report, and the outcome it is about.
fn report(scenario: &Scenario) -> (Report, Outcome) {
    let table = scenario.lay().unwrap();
    let (terminal, transaction) = (table.terminal.clone(), table.transaction);
    let outcome = table.run(&scenario.transaction).outcome;
    (Report::new(&outcome, &terminal, &transaction), outcome)
}

fn english(scenario: &Scenario) -> String {
    report(scenario).0.text(&Text::new(Language::En), false)
}

fn scenario(name: &str) -> Scenario {
    Scenario::from_file(&folder().join(name).with_extension("toml")).unwrap()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/scenarios")
}

/// What stands for a text that is missing: the beginnings of all ids that are no reasons.
const BEGINNINGS: [&str; 18] = [
    "heading-",
    "label-",
    "fact-",
    "phase-",
    "severity-",
    "certainty-",
    "category-",
    "decision-",
    "decider-",
    "kind-",
    "tvr-",
    "method-",
    "condition-",
    "certificate-",
    "remedy-",
    "unmet-",
    "followed-",
    "sw-",
];

thread_local! {
    /// The texts in every language, whose files each thread parses once.
    static TEXTS: Vec<Text> = Language::ALL.iter().map(|language| Text::new(*language)).collect();
}

#[test]
fn no_scenario_shows_a_card_number_a_wide_line_a_control_character_or_a_missing_text() {
    let files: Vec<_> = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()).collect();
    files.par_iter().for_each(|path| {
        let (report, outcome) = report(&Scenario::from_file(path).unwrap());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        TEXTS.with(|texts| texts.iter().for_each(|text| refuse_what_must_not_be_shown(&name, text, &report, &outcome)));
    });
    assert!(files.len() > 100, "{} scenarios", files.len());
}

fn refuse_what_must_not_be_shown(name: &str, text: &Text, report: &Report, outcome: &Outcome) {
    refuse_unknown_words(name, text, outcome);
    let (page, json) = (report.text(text, false), report.json(text));
    for shown in [&page, &json] {
        refuse_secrets(name, shown, outcome);
        let hostile = shown.chars().find(|character| character.is_control() && *character != '\n');
        assert_eq!(hostile, None, "{name}");
    }
    let wide = page.lines().find(|line| line.width() > WIDTH);
    assert_eq!(wide, None, "{name}");
    let missing = BEGINNINGS.iter().find(|id| page.split([' ', '(', ':']).any(|word| word.starts_with(**id)));
    assert_eq!(missing, None, "{name}\n{page}");
    serde_json::from_str::<serde_json::Value>(&json).unwrap();
}

/// Words of evidence are keys of texts, or repeat the id of their finding.
fn refuse_unknown_words(name: &str, text: &Text, outcome: &Outcome) {
    for finding in &outcome.log.findings {
        let values = finding.evidence.iter().flat_map(|evidence| evidence.expected.iter().chain(&evidence.found));
        let words = values.filter_map(|value| if let Value::Word(word) = value { Some(*word) } else { None });
        for word in words.filter(|word| *word != finding.reason.id()) {
            assert!(text.find(File::Facts, &format!("word-{word}")).is_some(), "{name}: {word} has no text");
        }
    }
}

fn refuse_secrets(name: &str, shown: &str, outcome: &Outcome) {
    for tag in [tag::PAN_5A, tag::TRACK_2_EQUIVALENT_DATA_57, tag::CARDHOLDER_NAME_5F20, tag::TRACK_1_DATA_56] {
        let Some(value) = outcome.card.value(tag).filter(|value| value.len() > 4) else { continue };
        let digits = hex::encode_upper(value);
        let number = digits.split(['D', 'F']).next().unwrap_or_default();
        assert!(number.len() < 8 || !shown.contains(number), "{name}: {tag} in\n{shown}");
        assert!(!shown.contains(&*String::from_utf8_lossy(value)), "{name}: {tag} in\n{shown}");
    }
}

#[test]
fn data_nobody_can_read_is_counted_and_not_shown() {
    let cut = english(&scenario("record-cut"));
    assert!(cut.contains("bytes, not shown"), "{cut}");
}

#[test]
fn what_a_card_calls_itself_can_do_no_harm() {
    let table = scenario("cda-offline-approved").lay().unwrap();
    let name = vec![0xF0, 0x00, 0x0E, 0x4D, 0x56, 0x00, 0x01];
    let label = "EVIL\u{1B}[2J\r\n\u{202E}KNAB".to_owned();
    let candidate = Candidate { name: name.clone(), label, priority: 1, needs_confirmation: false, parameters: 0 };
    let outcome = Outcome { aid: name, candidates: vec![candidate], ..Outcome::default() };
    let report = Report::new(&outcome, &table.terminal, &table.transaction);
    let text = Text::new(Language::En);
    let page = report.text(&text, false);
    assert!(page.contains(r"EVIL\u{1b}[2J\u{d}\u{a}\u{202e}KNAB F0000E4D560001"), "{page}");
    assert!(!page.contains(['\u{1B}', '\r', '\u{202E}']) && !report.json(&text).contains('\u{202E}'));
}

#[test]
fn a_command_cannot_write_over_the_page() {
    let table = scenario("cda-offline-approved").lay().unwrap();
    let mut outcome = Outcome::default();
    let command = [&[0x00, 0xA4, 0x04, 0x00, 0x05], "\u{1B}[2JX".as_bytes(), &[0x00]].concat();
    let exchange = LoggedExchange {
        number: 1,
        phase: Phase::Selection,
        command: command.into(),
        response: None,
        elapsed: Duration::from_millis(12),
    };
    outcome.log.exchanges.push(exchange);
    let page = Report::new(&outcome, &table.terminal, &table.transaction).text(&Text::new(Language::En), false);
    assert!(page.contains("SELECT 1B5B324A58") && page.contains("12.0 ms") && page.contains("no answer"), "{page}");
}

#[test]
fn evidence_hides_what_its_data_object_must_not_show() {
    let table = scenario("cda-offline-approved").lay().unwrap();
    let shown = |evidence: Evidence| {
        let mut outcome = Outcome { decision: Decision::NotCompleted, ..Outcome::default() };
        outcome.log.findings.push(Finding::new(Reason::DataFormat).fatal().with(evidence));
        let report = Report::new(&outcome, &table.terminal, &table.transaction);
        (report.text(&Text::new(Language::En), false), report.json(&Text::new(Language::En)))
    };
    let digits = [0x47, 0x61, 0x73, 0x90, 0x01, 0x01, 0x00, 0x10];
    let pan = Pan::from_digits("4761739001010010").unwrap();
    let secret = [
        Evidence::found(Fact::DataObject, digits).in_tag(tag::PAN_5A),
        Evidence::found(Fact::DataObject, digits).in_tag(tag::TRACK_2_EQUIVALENT_DATA_57),
        Evidence::found(Fact::DataObject, digits).in_tag(tag::READ_RECORD_TEMPLATE_70),
        Evidence::found(Fact::DataObject, digits).in_tag(Tag::new(0xDF7F)),
        Evidence::found(Fact::DataObject, digits),
        Evidence::found(Fact::TlvError, digits).in_tag(tag::ATC_9F36),
        Evidence::found(Fact::CardNumber, pan),
    ];
    for evidence in secret {
        let (page, json) = shown(evidence.clone());
        assert!(!page.contains("4761739001010010") && !json.contains("4761739001010010"), "{evidence:?}\n{page}");
        assert!(page.contains("8 bytes, not shown") || page.contains("476173******0010"), "{page}");
    }
    let (page, _) = shown(Evidence::found(Fact::DataObject, digits).in_tag(tag::CVM_LIST_8E));
    assert!(page.contains("4761739001010010"), "what may be shown is shown: {page}");
}

#[test]
fn the_root_comes_before_everything_else_with_all_there_is_to_say() {
    let page = english(&scenario("denied-by-action-code"));
    let at = |part: &str| page.find(part).unwrap_or_else(|| panic!("{part:?} is not in\n{page}"));
    let order = ["✗ Declined", "Why", "Do now", "Engineer", "Fault", "Rule", "Followed", "Step by step"].map(at);
    assert!(order.is_sorted(), "{page}");
    assert!(page.contains("TAC-Denial") && page.contains("Z1: declined offline"), "{page}");
}

#[test]
fn what_was_approved_needs_no_why() {
    let page = english(&scenario("cda-offline-approved"));
    assert!(page.starts_with("✓ Approved") && !page.contains("\nWhy\n"), "{page}");
    assert!(page.contains("Nothing stood in the way."), "{page}");
}

#[test]
fn nothing_is_charged_again_after_a_card_left_with_an_open_approval() {
    let page = english(&scenario("card-removed-after-online"));
    assert!(page.contains("A reversal has to be sent."), "{page}");
    let advice = page.lines().find(|line| line.contains("Do now")).unwrap();
    assert!(advice.contains("Do not charge again yet"), "{advice}");
}

#[test]
fn programs_find_facts_under_keys_that_do_not_depend_on_the_language() {
    let (report, _) = report(&scenario("expired"));
    let value = |language| serde_json::from_str(&report.json(&Text::new(language))).unwrap();
    let (mut english, mut chinese): (serde_json::Value, serde_json::Value) =
        (value(Language::En), value(Language::ZhCn));
    assert_eq!(english["schema"], "emvident.report/1");
    assert_ne!(english["texts"], chinese["texts"]);
    for document in [&mut english, &mut chinese] {
        for key in ["texts", "remedies", "language"] {
            document.as_object_mut().unwrap().remove(key).unwrap();
        }
    }
    assert_eq!(english, chinese);
}
