//! Everything that can be said has words in both languages.

use std::{collections::BTreeSet, fs, path::Path};

use emvident::{
    apdu::{
        StatusWord,
        dictionary::{Context, entries},
        value::Currency,
    },
    decode::{Kind, bits, context_name},
    text::{File, Language, Text},
};

/// Message ids of a file, in order.
fn ids(file: File, language: Language) -> Vec<String> {
    let lines = file.source(language).lines();
    lines.filter_map(|line| line.split_once(" = ")).map(|(id, _)| id.to_owned()).collect()
}

fn sources() -> String {
    let mut found = fs::read_to_string("src/decode.rs").unwrap();
    collect(Path::new("src/decode"), &mut found);
    found
}

fn collect(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.path() {
            path if path.is_dir() => collect(&path, into),
            path => *into += &fs::read_to_string(path).unwrap(),
        }
    }
}

#[test]
fn both_languages_say_the_same_things_once() {
    for file in [File::Decode, File::Codes, File::Tags] {
        let english = ids(file, Language::En);
        assert_eq!(english, ids(file, Language::ZhCn), "{file:?}");
        assert_eq!(english.len(), english.iter().collect::<BTreeSet<_>>().len(), "{file:?} says something twice");
    }
}

#[test]
fn every_bit_and_field_has_words_of_its_own() {
    for language in Language::ALL {
        let text = Text::new(*language);
        for table in bits::ALL {
            let mut said = BTreeSet::new();
            for (name, bit) in table.named_bits() {
                let words = match name {
                    "tvr" => text.verification_bit(bit),
                    "tsi" => text.status_bit(bit),
                    name => text.say(File::Decode, &format!("bit-{name}-{}-{}", bit.byte, bit.position)),
                };
                assert!(words.contains(' ') || !words.contains(&format!("{name}-")), "{words}");
                assert!(said.insert(words.clone()), "{} {bit}: {words} is said of another bit too", table.name);
            }
            let missing = |id: &String| text.find(File::Decode, id).is_none();
            let parts = table.fields().map(|field| format!("part-{field}"));
            let words = table.words().map(|word| format!("word-{word}"));
            assert_eq!(parts.chain(words).filter(missing).collect::<Vec<_>>(), Vec::<String>::new(), "{}", table.name);
        }
    }
}

#[test]
fn every_data_object_has_a_name_and_the_english_one_is_the_dictionarys() {
    let text = Text::new(Language::En);
    let mut known = BTreeSet::new();
    for entry in Context::ALL.into_iter().flat_map(entries) {
        let tag = entry.tag.to_string().to_lowercase();
        let id = match entry.context {
            Context::Emv => format!("tag-{tag}"),
            context => format!("tag-{}-{tag}", context_name(context)),
        };
        assert_eq!(text.find(File::Tags, &id).as_deref(), Some(entry.name), "{id}");
        known.insert(id);
    }
    let named: BTreeSet<String> = ids(File::Tags, Language::En).into_iter().collect();
    assert_eq!(named, known);
}

#[test]
fn every_kind_and_context_has_a_name() {
    for language in Language::ALL {
        let text = Text::new(*language);
        for kind in Kind::names().filter_map(Kind::from_name) {
            if !matches!(kind, Kind::Value(..) | Kind::Characters(_)) {
                assert!(text.find(File::Decode, &format!("kind-{}", kind.name())).is_some(), "{}", kind.name());
            }
        }
        for context in Context::ALL {
            assert!(text.find(File::Decode, &format!("context-{}", context_name(context))).is_some());
        }
    }
}

#[test]
fn every_currency_has_a_name() {
    let text = Text::new(Language::En);
    for code in 0..1000 {
        let known = Currency::from_code(code).is_some();
        let named = text.find(File::Codes, &format!("currency-{code}")).is_some();
        assert_eq!(known, named, "{code}");
    }
}

#[test]
fn nothing_is_worded_that_nobody_says() {
    let sources = sources();
    for id in ids(File::Decode, Language::En) {
        let (_, key) = id.split_once('-').unwrap_or(("", &id));
        let is_key = ["part-", "word-", "problem-"].iter().any(|family| id.starts_with(family));
        assert!(!is_key || sources.contains(&format!("\"{key}\"")), "{id} is never said");
    }
    assert_eq!(Text::new(Language::En).status_word(0, StatusWord::OK), "done");
}
