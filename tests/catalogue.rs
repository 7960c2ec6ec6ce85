//! The texts for people are complete in both languages, and there are no others.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use emvident::{
    apdu::status,
    kernel::{
        Decider, Decision, Phase, TransactionKind,
        finding::{Category, Certainty, Fact, Remedy, Severity, reason},
    },
    text::{File, Language, Text},
};
use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

/// Variables and attributes of one message.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    variables: Vec<String>,
    attributes: Vec<String>,
}

/// The messages of a file by their ids.
fn messages(file: File, language: Language) -> BTreeMap<String, Shape> {
    let resource = parser::parse(file.source(language)).unwrap_or_else(|(_, errors)| panic!("{file:?}: {errors:?}"));
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut shape = Shape::default();
        let attributes = message.attributes.iter().map(|attribute| &attribute.value);
        for pattern in message.value.iter().chain(attributes) {
            shape.variables.extend(variables(pattern));
        }
        shape.variables.sort();
        shape.variables.dedup();
        shape.attributes = message.attributes.iter().map(|attribute| attribute.id.name.to_owned()).collect();
        let id = message.id.name.to_owned();
        assert!(messages.insert(id.clone(), shape).is_none(), "{id} is there twice in {file:?}, {language:?}");
    }
    messages
}

fn variables(pattern: &Pattern<&str>) -> Vec<String> {
    let inline = pattern.elements.iter().filter_map(|element| match element {
        PatternElement::Placeable { expression: Expression::Inline(inline) } => Some(inline),
        _ => None,
    });
    let names = inline.filter_map(|inline| match inline {
        InlineExpression::VariableReference { id } => Some(id.name.to_owned()),
        _ => None,
    });
    names.collect()
}

fn each_language(check: impl Fn(Language)) {
    Language::ALL.iter().copied().for_each(check);
}

#[test]
fn both_languages_say_the_same_things_with_the_same_variables() {
    for file in File::ALL {
        let (english, chinese) = (messages(*file, Language::En), messages(*file, Language::ZhCn));
        assert_eq!(english, chinese, "{file:?}");
    }
}

#[test]
fn every_reason_has_its_texts_and_no_text_is_without_a_reason() {
    each_language(|language| {
        let ids: Vec<String> = messages(File::Reasons, language).into_keys().collect();
        let mut known: Vec<String> = reason::ALL.iter().map(|reason| reason.id().to_owned()).collect();
        known.sort();
        assert_eq!(ids, known, "{language:?}");
        for (id, shape) in messages(File::Reasons, language) {
            assert_eq!(shape.attributes, ["means", "engineer"], "{id} in {language:?}");
            assert!(shape.variables.is_empty(), "{id} in {language:?}");
        }
    });
}

#[test]
fn titles_are_short_and_free_of_tags_and_host_texts_name_their_code() {
    each_language(|language| {
        let text = Text::new(language);
        for reason in reason::ALL {
            let texts = text.reason(*reason);
            assert!((2..=60).contains(&texts.title.chars().count()), "{} {}", reason.id(), texts.title);
            let tag = |word: &str| word.len() >= 4 && word.starts_with("9F") || word.starts_with("5F");
            assert!(!texts.title.split(|c: char| !c.is_ascii_alphanumeric()).any(tag), "{}", texts.title);
            assert!(!texts.title.ends_with(['.', '。']), "{}", texts.title);
            for sentence in [&texts.means, &texts.engineer] {
                assert!(
                    sentence.ends_with(['.', '。']) && sentence.chars().count() < 320,
                    "{}: {sentence}",
                    reason.id()
                );
            }
            let code = reason.id().strip_prefix("host-").and_then(|rest| rest.split('-').next());
            if let Some(code) = code.filter(|code| code.len() == 2) {
                let named = texts.means.contains(&code.to_uppercase());
                assert!(named, "{} does not name its code: {}", reason.id(), texts.means);
            }
        }
    });
}

#[test]
fn every_term_of_the_kernel_has_its_word() {
    let ids = |prefix: &str, ids: Vec<&str>| ids.iter().map(|id| format!("{prefix}-{id}")).collect::<Vec<_>>();
    let phases = [
        Phase::Reset,
        Phase::Selection,
        Phase::Initiation,
        Phase::ReadData,
        Phase::Authentication,
        Phase::Restrictions,
        Phase::CardholderVerification,
        Phase::RiskManagement,
        Phase::ActionAnalysis,
        Phase::FirstGenerateAc,
        Phase::Online,
        Phase::IssuerAuthentication,
        Phase::ScriptsBefore,
        Phase::SecondGenerateAc,
        Phase::ScriptsAfter,
        Phase::Completion,
    ];
    let severities =
        [Severity::Info, Severity::Degraded, Severity::Cause, Severity::Decline, Severity::Fatal].map(Severity::id);
    let categories = [
        Category::Card,
        Category::Cardholder,
        Category::TerminalConfig,
        Category::Reader,
        Category::NetworkIssuer,
        Category::Operator,
        Category::SuspectedAttack,
    ];
    let deciders =
        [Decider::Card, Decider::Terminal, Decider::Issuer, Decider::Attendant, Decider::Cardholder, Decider::Nobody];
    let decisions = [Decision::Approved, Decision::Declined, Decision::NotCompleted].map(Decision::id);
    let bits = (1..=5).flat_map(|byte| (1..=8).map(move |bit| format!("tvr-{byte}-{bit}")));
    let wanted = [
        ids("fact", Fact::ALL.iter().map(|fact| fact.id()).collect()),
        ids("phase", phases.map(Phase::id).to_vec()),
        ids("severity", severities.to_vec()),
        ids("certainty", [Certainty::Hint, Certainty::Likely, Certainty::Proven].map(Certainty::id).to_vec()),
        ids("category", categories.map(Category::id).to_vec()),
        ids("decider", deciders.map(Decider::id).to_vec()),
        ids("decision", decisions.to_vec()),
        ids("kind", TransactionKind::ALL.iter().map(|kind| kind.id()).collect()),
        bits.collect(),
    ];
    let there = messages(File::Facts, Language::En);
    for id in wanted.concat() {
        assert!(there.contains_key(&id), "{id} has no text");
    }
    let known: Vec<String> = Fact::ALL.iter().map(|fact| format!("fact-{}", fact.id())).collect();
    let unknown = there.keys().find(|id| id.starts_with("fact-") && !known.contains(id));
    assert_eq!(unknown, None);
}

#[test]
fn every_remedy_and_every_status_word_has_its_text_and_there_are_no_others() {
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids.dedup();
        ids
    };
    let remedies = sorted(Remedy::ALL.iter().map(|remedy| format!("remedy-{}", remedy.id())).collect());
    assert_eq!(messages(File::Remedies, Language::En).into_keys().collect::<Vec<_>>(), remedies);
    let meanings = sorted(status::meanings().map(|meaning| format!("sw-{}", meaning.key)).collect());
    assert_eq!(messages(File::Status, Language::En).into_keys().collect::<Vec<_>>(), meanings);
}

/// Ids that are put together, by how they begin.
const PUT_TOGETHER: [&str; 2] = ["script-", "ruled-out-"];

#[test]
fn the_report_uses_every_word_it_has() {
    let source = sources();
    for id in messages(File::Report, Language::En).into_keys() {
        let used = source.contains(&format!("\"{id}\"")) || PUT_TOGETHER.iter().any(|start| id.starts_with(start));
        assert!(used, "nobody says {id}");
    }
}

fn sources() -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/report");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn a_missing_text_shows_its_id_and_a_variable_its_value() {
    let text = Text::new(Language::En);
    assert_eq!(text.say(File::Report, "no-such-text"), "no-such-text");
    let said = text.say_with(File::Report, "compared", &[("expected", "1"), ("found", "\u{2068}2")]);
    assert_eq!(said, "1 expected, \u{2068}2 found");
}
