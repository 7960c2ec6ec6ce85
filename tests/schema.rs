//! The JSON forms are as `docs/schema` describes them, and the descriptions allow nothing else.
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
    sync::LazyLock,
};

use emvident::{
    apdu::value::Date,
    decode::{self, Decoder},
    explain::{self, Explainer, Explanation},
    export::{self, Exporter, Options},
    merchant::Told,
    report,
    scenario::Scenario,
    stripe::{self, Circumstances, Track, judge},
    text::{Language, Text},
};
use jsonschema::{Registry, Validator};
use rayon::prelude::*;
use serde_json::{Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The file that describes a form: `docs/schema/explanation-1.json` for `emvident.explanation/1`.
fn described(form: &str) -> Value {
    let name = form.strip_prefix("emvident.").unwrap().replace('/', "-");
    let file = root().join("docs/schema").join(name).with_extension("json");
    serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap_or_else(|error| panic!("{file:?}: {error}"))
}

fn validator(form: &str) -> Validator {
    let report = described(report::SCHEMA);
    let id = report["$id"].as_str().unwrap().to_owned();
    let registry = Registry::new().add(id, report).unwrap().prepare().unwrap();
    jsonschema::options().with_registry(&registry).build(&described(form)).unwrap()
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn texts() -> impl Iterator<Item = Text> {
    Language::ALL.iter().map(|language| Text::new(*language))
}

/// The explanation of every scenario's recording, and of every session of the corpus that is at hand.
fn explanations() -> Vec<(String, Value)> {
    let explainer = Explainer::new().unwrap();
    let mut files: Vec<_> =
        fs::read_dir(root().join("vectors/scenarios")).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let corpus = std::env::var("EMVIDENT_CORPUS").map_or_else(|_| root().join("../shared/corpus"), PathBuf::from);
    files.extend(fs::read_dir(corpus.join("sessions")).into_iter().flatten().map(|file| file.unwrap().path()));
    let explain = |file: &PathBuf| {
        let explanation = explainer.explain(&recording(file), None).ok();
        let told = [None, Some(Told::builtin("05-交易失败请联系发卡行"))];
        let document = |explanation: &Explanation, told| parsed(&explanation.json_of(told, &Text::new(Language::En)));
        let all =
            explanation.map(|explanation| told.map(|told| (file.display().to_string(), document(&explanation, told))));
        all.into_iter().flatten()
    };
    files.par_iter().flat_map_iter(explain).collect()
}

/// What happens in a scenario; of any other file what stands in it.
fn recording(file: &Path) -> Vec<u8> {
    if file.extension().is_none_or(|extension| extension != "toml") {
        return fs::read(file).unwrap();
    }
    let scenario = Scenario::from_file(file).unwrap();
    scenario.lay().unwrap().run(&scenario.transaction).transcript.to_string().into_bytes()
}

/// Inputs of every kind, whole and cut short.
fn decoded() -> Vec<(String, Value)> {
    let inputs = [
        "3B6500002063CB6800",
        "6F258407F0000E4D560001A51A50095445535420434152448701019F38099F33039F1A029F3501",
        "77299F2701009F360200419F2608C74D18B08248FEFC9F10120110201009248400000000000000000029FF9000",
        "700E5A0841111111111111115F24031812315F340101",
        "57114111111111111111D18122011234567890000F",
        "8000048000",
        "E0F8C8",
        "00A404000E315041592E5359532E444446303100",
        "9F02069F03069F1A0295055F2A029A039C019F3704",
        "000000000000000042035E031F00",
        "6985",
        "9F10201FA501A83800000000000000000000000F00000000000000000000000000000000",
        "7081",
        "",
    ];
    let mut all = Vec::new();
    for input in inputs {
        let bytes = hex::decode(input).unwrap();
        for text in texts() {
            let decoder = Decoder::default();
            all.push((input.to_owned(), parsed(&decoder.detect(&bytes).json(&text))));
            let kinds = decode::kinds(&bytes, None).into_iter();
            all.extend(kinds.map(|kind| (input.to_owned(), parsed(&decoder.decode(&bytes, kind).json(&text)))));
        }
    }
    all
}

/// Stripes that are right, wrong, of chip cards and unreadable.
fn stripes() -> Vec<(String, Value)> {
    let tracks = [
        ";4111111111111111=30121011234567890000?",
        ";4111111111111111=30122011234567890000?",
        ";4111111111111112=2012601?",
        "%B4111111111111111^CARD/TEST^30122010000000000000?",
        ";4111111111111111=30121011234567890000?5",
        ";41111",
        "",
    ];
    let circumstances = Circumstances::on(Date::new(2026, 6, 15).unwrap());
    let verdicts = tracks.map(|track| (track.to_owned(), judge(&Track::read(track), &circumstances)));
    let json = |(name, verdict): (String, stripe::Verdict)| {
        texts().map(move |text| (name.clone(), parsed(&verdict.json(&text)))).collect::<Vec<_>>()
    };
    verdicts.into_iter().flat_map(json).collect()
}

/// What every sample of another program's recording loses when it is made fit to be shown.
fn exports() -> Vec<(String, Value)> {
    let mut files: Vec<_> = fs::read_dir(root().join("vectors/traces")).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let manifests = |file: &PathBuf| {
        let manifest = |keep_bin| {
            let exporter = Exporter::new(Explainer::new().unwrap(), Options { keep_bin });
            let export = exporter.export(&fs::read(file).unwrap(), None).ok()?;
            Some((file.display().to_string(), parsed(&export.manifest.json())))
        };
        [false, true].into_iter().filter_map(manifest).collect::<Vec<_>>()
    };
    files.par_iter().flat_map_iter(manifests).collect()
}

/// What is written, with where it comes from: made once for all tests.
fn documents(form: &str) -> &'static [(String, Value)] {
    type Documents = LazyLock<Vec<(String, Value)>>;
    static EXPLANATIONS: Documents = LazyLock::new(explanations);
    static DECODED: Documents = LazyLock::new(decoded);
    static STRIPES: Documents = LazyLock::new(stripes);
    static EXPORTS: Documents = LazyLock::new(exports);
    match form {
        explain::SCHEMA => &EXPLANATIONS,
        decode::SCHEMA => &DECODED,
        export::SCHEMA => &EXPORTS,
        _ => &STRIPES,
    }
}

const FORMS: [&str; 4] = [explain::SCHEMA, decode::SCHEMA, stripe::SCHEMA, export::SCHEMA];

#[test]
fn what_is_written_is_as_described() {
    for form in FORMS {
        let (validator, documents) = (validator(form), documents(form));
        assert!(documents.len() > 10, "{form}");
        documents.par_iter().for_each(|(name, document)| {
            assert_eq!(document["schema"], form);
            let wrong: Vec<String> =
                validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(wrong.is_empty(), "{form}, {name}: {wrong:#?}");
        });
    }
}

/// Every object of a document, as a path.
fn objects(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.push(path.to_owned());
            fields.iter().for_each(|(name, value)| objects(value, &format!("{path}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| objects(item, &format!("{path}/{at}"), found));
        }
        _ => {}
    }
}

/// Objects whose keys are ids, and sentences, whose variables are their own.
fn is_open(form: &str, path: &str) -> bool {
    let last = path.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
    let is_sentence = form == stripe::SCHEMA && last == "evidence";
    is_sentence
        || matches!(
            last,
            "texts" | "remedies" | "details" | "would_pass" | "capture" | "differences" | "assumed" | "weak_points"
        )
}

#[test]
fn a_key_that_is_not_described_is_refused_everywhere() {
    for form in FORMS {
        let validator = validator(form);
        let documents = documents(form);
        let largest = documents.iter().max_by_key(|(_, document)| document.to_string().len()).unwrap();
        let mut found = Vec::new();
        objects(&largest.1, "", &mut found);
        found.par_iter().filter(|path| !is_open(form, path)).for_each(|path| {
            let mut changed = largest.1.clone();
            changed.pointer_mut(path).unwrap()["nobody_described_this"] = json!(1);
            assert!(!validator.is_valid(&changed), "{form} takes anything at {path:?}");
        });
    }
}

#[test]
fn a_key_that_is_left_out_is_missed() {
    for form in FORMS {
        let validator = validator(form);
        let (_, document) = &documents(form)[0];
        let mut without = document.clone();
        without.as_object_mut().unwrap().remove("schema");
        assert!(validator.is_valid(document) && !validator.is_valid(&without), "{form}");
    }
}
