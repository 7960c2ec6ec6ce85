//! What others get: no canary, no card number that a certificate gives away, and the same again when exported twice.

use std::{
    fs,
    path::{Path, PathBuf},
};

use emvident::{
    apdu::{Tag, tag, tlv, value::Pan},
    explain::Explainer,
    export::{Export, Exporter, Options},
    kernel::oda::KeyStore,
    readers::trace,
    text::{Language, Text},
    vectors,
};

use super::{
    canary::{Canary, search},
    commands::{folder, said},
    session::{self, canaries, more_canaries},
};

fn export(recording: &[u8], options: Options) -> Export {
    Exporter::new(Explainer::new().unwrap(), options).export(recording, None).unwrap()
}

fn document(export: &Export) -> String {
    export.document(&Text::new(Language::En))
}

#[test]
fn an_export_holds_nothing_private() {
    for (number, logs) in session::logs() {
        for (format, log) in &logs {
            let export = export(log.as_bytes(), Options::default());
            let mut hits = search(&canaries(number), format, document(&export).as_bytes());
            hits.extend(search(&more_canaries(), format, document(&export).as_bytes()));
            assert!(hits.is_empty(), "{}\n{}", hits.join("\n"), document(&export));
            assert_eq!(export.manifest.differs, [0; 0], "{format} {number}");
        }
    }
}

#[test]
fn the_issuer_is_left_in_only_when_asked_for() {
    let log = session::text_log(&session::session("5105105105105100"));
    assert!(!document(&export(log.as_bytes(), Options::default())).contains("5A08510510"));
    let kept = document(&export(log.as_bytes(), Options { keep_bin: true }));
    assert!(kept.contains("5A08510510") && !kept.contains("5105105105105100"), "{kept}");
}

/// Recordings with real certificate chains: one of a software card for each method, and the corpus where there is one.
fn recordings() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scenario = |name: &str| {
        let file = root.join("vectors/scenarios").join(name).with_extension("toml");
        let scenario = emvident::scenario::Scenario::from_file(&file).unwrap();
        let run = scenario.lay().unwrap().run(&scenario.transaction);
        (name.to_owned(), run.transcript.to_string().into_bytes())
    };
    let mut all: Vec<_> = ["cda-online-approved", "c2-signature", "c2-signature-hash"].map(scenario).into();
    let corpus = std::env::var("EMVIDENT_CORPUS").map_or_else(|_| root.join("../shared/corpus"), PathBuf::from);
    for entry in fs::read_dir(corpus.join("sessions")).into_iter().flatten().flatten() {
        all.push((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()));
    }
    all.push(("purchase".to_owned(), fs::read(root.join("vectors/traces/purchase.transcript")).unwrap()));
    all
}

fn values(recording: &[u8], wanted: &[Tag]) -> Vec<Vec<u8>> {
    let trace = trace::read(recording, None).unwrap();
    let mut found = Vec::new();
    for exchange in trace.joined() {
        let response = exchange.response.as_deref().unwrap_or(&[]).to_vec();
        let data = &response[..response.len().saturating_sub(2)];
        let _ = tlv::walk(data, &mut |object, _| {
            if wanted.contains(&object.tag) {
                found.push(object.value.to_vec());
            }
        });
    }
    found
}

/// The card numbers in the clear.
fn numbers(recording: &[u8]) -> Vec<String> {
    let tags = [tag::PAN_5A, tag::TRACK_2_EQUIVALENT_DATA_57, tag::k2::TRACK_2_DATA_9F6B];
    let values = values(recording, &tags);
    let digits = values.iter().map(|value| hex::encode(value).split(['d', 'f']).next().unwrap().to_owned());
    digits.filter(|digits| digits.len() >= 13 && digits.bytes().all(|digit| digit.is_ascii_digit())).collect()
}

#[test]
fn no_certificate_of_an_export_gives_the_card_number_away() {
    let mut published = KeyStore::new();
    [KeyStore::live(), KeyStore::test(), KeyStore::unconfirmed()]
        .into_iter()
        .for_each(|keys| published.extend(keys.unwrap()));
    let own: Vec<Vec<u8>> = vectors::ca_keys().into_iter().map(|key| key.modulus).collect();
    for (name, recording) in recordings() {
        let export = document(&export(&recording, Options::default()));
        for certificate in values(export.as_bytes(), &[tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90]) {
            let opens = published.keys_that_open(&certificate).any(|key| !own.contains(&key.modulus().to_vec()));
            assert!(!opens, "{name}: a published key opens the issuer certificate of the export");
        }
        let canaries: Vec<Canary> =
            numbers(&recording).iter().map(|number| Canary::account("card number", number)).collect();
        let is_test = |number: &&String| numbers(export.as_bytes()).contains(number);
        let changed = numbers(&recording).iter().filter(|number| !is_test(number)).count();
        // Seven digits in a row may be in a surrogate too: here the whole number counts.
        let whole = canaries.iter().filter_map(|canary| match &canary.value {
            super::canary::Value::Account(digits) => Some(Canary::digits("card number", digits)),
            _ => None,
        });
        let whole: Vec<Canary> = whole.filter(|_| changed > 0).collect();
        let hits = search(&whole, &name, export.as_bytes());
        assert!(hits.is_empty(), "{hits:?}");
    }
}

/// The certificates of an export open with the test keys it brings along, and hold the number that stands for the card's.
#[test]
fn the_certificates_of_an_export_are_of_its_own_card() {
    let recording = &recordings()[0].1;
    let export = document(&export(recording, Options::default()));
    let (before, after) = (numbers(recording), numbers(export.as_bytes()));
    assert!(before[0] != after[0] && Pan::from_digits(&after[0]).unwrap().luhn_is_valid());
    let explanation = Explainer::new().unwrap().explain(export.as_bytes(), None).unwrap();
    let json: serde_json::Value = serde_json::from_str(&explanation.json(&Text::new(Language::En))).unwrap();
    let steps = json["attempts"][0]["certificates"].as_array().unwrap();
    assert!(steps.len() >= 3 && steps.iter().all(|step| step["passed"] != false), "{steps:#?}");
}

#[test]
fn an_export_of_an_export_has_the_same_form() {
    for (name, recording) in recordings().into_iter().take(3) {
        let once = document(&export(&recording, Options::default()));
        let twice = document(&export(once.as_bytes(), Options::default()));
        let form =
            |text: &str| text.lines().filter(|line| line.starts_with(['>', '<'])).map(str::len).collect::<Vec<_>>();
        assert_eq!(form(&once), form(&twice), "{name}");
        assert_eq!(numbers(once.as_bytes()), numbers(twice.as_bytes()), "{name}");
    }
}

#[test]
fn what_is_raw_needs_two_words_and_a_private_file() {
    let folder = folder("raw");
    let log = session::text_log(&session::session("4761739284605171"));
    fs::write(folder.join("log"), &log).unwrap();
    let raw = ["export", "log", "--unsafe-raw", "--i-own-this-card"];
    let refused = String::from_utf8(said(&folder, &raw, "")).unwrap();
    assert!(refused.contains("use --output") && !refused.contains("4761739284605171"), "{refused}");
    for alone in ["--unsafe-raw", "--i-own-this-card"] {
        let said = String::from_utf8(said(&folder, &["export", "log", alone], "")).unwrap();
        assert!(said.contains("required") && !said.contains("emvident transcript"), "{said}");
    }
    said(&folder, &[&raw[..], &["--output", "raw"]].concat(), "");
    let written = fs::read_to_string(folder.join("raw")).unwrap();
    assert!(written.contains("4761739284605171") && written.contains("NOT FIT TO BE SHOWN"));
    let pins = canaries("4761739284605171").into_iter().filter(|canary| canary.name.starts_with("PIN"));
    let hits = search(&pins.collect::<Vec<_>>(), "raw", written.as_bytes());
    assert!(hits.is_empty(), "{hits:?}");
}

#[test]
#[cfg(unix)]
fn an_export_is_its_owners_alone_and_replaces_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("owner");
    fs::write(folder.join("log"), session::text_log(&session::session("4761739284605171"))).unwrap();
    said(&folder, &["export", "log", "--output", "export"], "");
    let mode = fs::metadata(folder.join("export")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = String::from_utf8(said(&folder, &["export", "log", "--output", "export"], "")).unwrap();
    assert!(again.contains("exists"), "{again}");
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing unfinished is left: {names:?}");
}
