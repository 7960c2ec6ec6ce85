//! Recordings of other terminals: what this kernel finds in its own recordings when it takes them for somebody else's, and
//! what it says of real ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

#[path = "recordings/observed.rs"]
mod observed;

use emvident::{
    apdu::value::tvr,
    explain::Explainer,
    kernel::{
        Outcome,
        observe::{Class, Difference, Gap, Observation},
    },
    merchant::{Told, Words},
    scenario::Scenario,
    text::{Language, Text},
};
use rayon::prelude::*;

use observed::{authentication, observed, scenarios};

/// A scenario whose card made a cryptogram, and what is observed in its recording.
fn each_with_cryptogram(check: impl Fn(&str, &Outcome, &[Observation]) + Sync) {
    scenarios("contact").par_iter().for_each(|(name, scenario)| {
        let run = scenario.lay().unwrap().run(&scenario.transaction);
        if !run.outcome.cryptograms.is_empty() {
            check(name, &run.outcome, &observed(&run.transcript.to_string(), scenario));
        }
    });
}

#[test]
fn own_recordings_taken_for_somebody_elses_end_as_they_did() {
    each_with_cryptogram(|name, outcome, observations| {
        let last = &observations.last().unwrap_or_else(|| panic!("{name}: nothing observed")).outcome;
        assert_eq!(last.decision, outcome.decision, "{name}");
        assert_eq!(authentication(last), authentication(outcome), "{name}");
        assert_eq!(last.cryptograms, outcome.cryptograms, "{name}");
    });
}

#[test]
fn what_the_terminal_sent_is_recovered() {
    let scenario = Scenario::of_card("unionpay");
    let run = scenario.lay().unwrap().run(&scenario.transaction);
    let observations = observed(&run.transcript.to_string(), &scenario);
    let [observation] = observations.as_slice() else { panic!("one attempt") };
    assert_eq!(observation.transaction.amount, scenario.transaction.amount);
    assert_eq!(observation.transaction.date.to_string(), scenario.transaction.date);
    assert_eq!(observation.recovered.first_tvr.map(|(tvr, _)| tvr), Some(observation.outcome.analyses[0].tvr));
    assert!(observation.unused.is_empty(), "{:?}", observation.unused);
}

#[test]
fn a_gap_is_told_from_an_end() {
    let scenario = Scenario::of_card("dda");
    let run = scenario.lay().unwrap().run(&scenario.transaction);
    let recording = run.transcript.to_string();
    let class_without = |command: &str| {
        let at = recording.find(&format!("\n> {command}")).unwrap();
        let end = recording[at + 1..].match_indices("\n>").next().map_or(recording.len(), |(next, _)| at + 1 + next);
        let cut = format!("{}{}", &recording[..at], &recording[end..]);
        observed(&cut, &scenario).last().unwrap().class()
    };
    assert_eq!(class_without("80A8"), Class::CannotTell(Gap::ProcessingOptions));
    assert_eq!(class_without("00B20214"), Class::CannotTell(Gap::Record(2, 2)));
    let before_cryptogram = &recording[..recording.find("\n> 80AE").unwrap()];
    assert_eq!(observed(before_cryptogram, &scenario).last().unwrap().class(), Class::CannotTell(Gap::FirstCryptogram));
    assert_eq!(observed(&recording, &scenario).last().unwrap().class(), Class::Approved);
}

#[test]
fn a_terminal_that_forgot_a_bit_is_found() {
    let scenario = Scenario::of_card("expired");
    let run = scenario.lay().unwrap().run(&scenario.transaction);
    let recording = run.transcript.to_string();
    let tvr = hex::encode_upper(run.outcome.analyses[0].tvr.0);
    assert!(run.outcome.analyses[0].tvr.has(tvr::EXPIRED) && recording.matches(&tvr).count() >= 1, "{tvr}");
    let forged = recording.replace(&tvr, "0000000000");
    let observations = observed(&forged, &scenario);
    let found = observations[0].differences.iter().find_map(|difference| match difference {
        Difference::VerificationBits { only_ours, only_theirs, .. } => Some((*only_ours, *only_theirs)),
        _ => None,
    });
    let (only_ours, only_theirs) = found.expect("the TVR differs");
    assert!(only_ours.has(tvr::EXPIRED) && only_theirs.is_zero());
}

#[test]
fn explanations_hold_together_in_both_languages_and_for_programs() {
    let explainer = Explainer::new().unwrap();
    for name in ["altered", "unknown-authority", "wedge", "cda"] {
        let scenario = Scenario::of_card(name);
        let recording = scenario.lay().unwrap().run(&scenario.transaction).transcript.to_string();
        let explanation = explainer.explain(recording.as_bytes(), None).unwrap();
        assert_eq!((explanation.attempts.len(), explanation.format.id()), (1, "transcript"), "{name}");
        for language in [Language::En, Language::ZhCn] {
            let text = Text::new(language);
            let page = explanation.text(&text, false);
            let unsaid = ["change-", "difference-", "assumed-", "weakness-", "capture-", "heading-"];
            assert!(unsaid.iter().all(|id| !page.contains(id)), "{page}");
            let document: serde_json::Value = serde_json::from_str(&explanation.json(&text)).unwrap();
            assert_eq!(document["schema"], "emvident.explanation/1");
            assert_eq!(document["attempts"][0]["recording"]["attempts"], 1);
        }
    }
}

#[test]
fn what_would_have_made_it_pass_is_named() {
    let scenario = Scenario::of_card("altered");
    let recording = scenario.lay().unwrap().run(&scenario.transaction).transcript.to_string();
    let explanation = Explainer::new().unwrap().explain(recording.as_bytes(), None).unwrap();
    let document: serde_json::Value = serde_json::from_str(&explanation.json(&Text::new(Language::En))).unwrap();
    let changes = document["attempts"][0]["would_pass"].as_array().expect("changes");
    let original = changes.iter().find(|change| change["id"] == "original-object").expect("the expiry date");
    assert_eq!((&original["tag"], &original["certainty"]), (&"5F24".into(), &"proven".into()), "{changes:#?}");
}

/// Words of one's own come before the built-in ones, and both are held against the findings for programs too.
#[test]
fn what_the_merchant_was_told_is_part_of_the_document() {
    let scenario = Scenario::of_card("altered");
    let recording = scenario.lay().unwrap().run(&scenario.transaction).transcript.to_string();
    let explanation = Explainer::new().unwrap().explain(recording.as_bytes(), None).unwrap();
    let said = |told| -> serde_json::Value {
        let document: serde_json::Value =
            serde_json::from_str(&explanation.json_of(Some(told), &Text::new(Language::En))).unwrap();
        document["said"].clone()
    };
    let builtin = said(Told::builtin("交易卡认证失败"));
    let agrees = builtin["matches"][0]["agrees"].as_array().unwrap();
    assert!(agrees.iter().any(|id| id.as_str().unwrap().starts_with("oda-")), "{builtin:#}");
    let own = r#"
        [[entry]]
        id = "our-prompt"
        side = ["chip"]
        means.en = "Our acquirer says so when the chip is not genuine."
        means.zh-CN = "本收单机构在芯片认证失败时如此提示。"
        said.en = ["chip says no"]
        said.zh-CN = ["交易卡认证失败"]
        test = ["oda-icc-cert-static-data-changed"]
    "#;
    let own = Words::from_toml(own).unwrap().before(Words::builtin());
    let told = said(Told { said: "交易卡认证失败", words: &own });
    assert_eq!((&told["matches"][0]["id"], &told["words"]), (&"our-prompt".into(), &"交易卡认证失败".into()));
    assert_eq!(told["matches"][0]["agrees"][0], "oda-icc-cert-static-data-changed", "{told:#}");
}
