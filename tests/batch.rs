//! Many recordings: the same lines whatever does the work, in the order of the input, and nothing that must not be in them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

mod diagnosis {
    #![allow(dead_code, missing_docs, reason = "what the diagnosis benchmark needs is more than what batches do")]
    pub mod benign;
    pub mod fault;
    pub mod good;
    pub mod line;
    pub mod measure;
    pub mod random;
}

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use emvident::{
    batch::{Batch, Summary},
    explain::Explainer,
    readers::trace,
    scenario::Scenario,
    text::{Language, Text},
};
use serde_json::{Value, json};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("batch").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What a card and a terminal said, as a line of a batch.
fn line(name: &str, scenario: &Scenario) -> String {
    let transcript = scenario.lay().unwrap().run(&scenario.transaction).transcript.to_string();
    let trace = trace::read(transcript.as_bytes(), None).unwrap();
    let exchanges = trace.exchanges.iter().map(|exchange| {
        let response = exchange.response.as_ref().map(hex::encode_upper);
        json!({"c": hex::encode_upper(exchange.command.as_bytes()), "r": response.unwrap_or_default()})
    });
    json!({"name": name, "exchanges": exchanges.collect::<Vec<_>>()}).to_string()
}

fn of_card(card: &str, seed: u64, amount: u64) -> Scenario {
    let mut scenario = Scenario::of_card(card);
    scenario.seed = seed;
    scenario.transaction.amount = amount;
    scenario
}

/// Contact scenarios, good and bad.
fn scenarios() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/scenarios");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |file: &PathBuf| (file.file_stem().unwrap().to_str().unwrap().to_owned(), Scenario::from_file(file));
    let read = files.iter().step_by(9).map(read).filter_map(|(name, scenario)| Some((name, scenario.ok()?)));
    read.filter(|(_, scenario)| scenario.transaction.interface == "contact").collect()
}

fn batch(workers: usize, remembered: usize) -> Batch {
    let explainer = Explainer::new().unwrap();
    Batch { explainer, format: None, workers, one_terminal: false, remembered, quick: false }
}

fn run(batch: &Batch, inputs: Vec<PathBuf>) -> (Vec<Value>, Summary) {
    let mut out = Vec::new();
    let summary = batch.run(inputs, &mut out, &mut |_| {}).unwrap();
    let lines = out.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    (lines.map(|line| serde_json::from_slice(line).unwrap()).collect(), summary)
}

/// The program, with `input` on standard input.
fn program(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_emvident"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

#[test]
fn neither_cache_nor_number_of_workers_changes_a_byte() {
    let mut lines: Vec<String> = scenarios().iter().map(|(name, scenario)| line(name, scenario)).collect();
    // Everything comes twice, so that something is remembered.
    lines.extend_from_within(..);
    let file = folder("cache").join("traces.ndjson");
    fs::write(&file, lines.join("\n")).unwrap();
    let (plain, _) = run(&batch(1, 0), vec![file.clone()]);
    assert_eq!(plain.len(), lines.len());
    let roots = plain.iter().filter(|line| line.get("root").is_some()).count();
    assert!(roots * 4 > plain.len() && roots < plain.len(), "good and bad ones: {roots} of {}", plain.len());
    for (workers, remembered) in [(1, 4096), (3, 1), (4, 64)] {
        let (other, _) = run(&batch(workers, remembered), vec![file.clone()]);
        assert_eq!(other, plain, "{workers} workers, {remembered} remembered");
    }
}

/// The last attempt as `emvident explain` has it: id, certainty and blame of the root, and the class.
fn explained(explainer: &Explainer, line: &str) -> Value {
    let explanation = explainer.explain(line.as_bytes(), None).unwrap();
    let document: Value = serde_json::from_str(&explanation.json(&Text::new(Language::En))).unwrap();
    let attempt = document["attempts"].as_array().unwrap().last().unwrap();
    let why = &attempt["explanation"];
    let (root, class) = (&why["root"], &attempt["recording"]["class"]);
    json!({"id": root["id"], "certainty": root["certainty"], "blame": why["blame"], "class": class})
}

fn judged(line: &Value) -> Value {
    let root = &line["root"];
    let blame = root.get("blame").cloned().unwrap_or_else(|| json!([]));
    json!({"id": root["id"], "certainty": root["certainty"], "blame": blame, "class": line["class"]})
}

#[test]
fn a_batch_says_what_an_explanation_says() {
    let mut lines: Vec<String> = scenarios().iter().map(|(name, scenario)| line(name, scenario)).collect();
    let faults = diagnosis::fault::all().len();
    let cases = diagnosis::measure::cases(11, faults).map(|case| (case.fault.name, case.recording));
    lines.extend(cases.map(|(name, recording)| json!({"name": name, "trace": recording}).to_string()));
    let file = folder("explained").join("traces.ndjson");
    fs::write(&file, lines.join("\n")).unwrap();
    let (judgements, _) = run(&batch(2, 64), vec![file]);
    assert_eq!(judgements.len(), lines.len());
    let explainer = Explainer::new().unwrap();
    for (line, found) in lines.iter().zip(&judgements) {
        let given: Value = serde_json::from_str(line).unwrap();
        let recording = given["trace"].as_str().unwrap_or(line);
        assert_eq!(judged(found), explained(&explainer, recording), "{}", given["name"]);
    }
}

#[test]
fn what_cannot_be_read_is_one_line_in_its_place() {
    let good = line("good", &Scenario::of_card("cda"));
    let long = format!("{{\"name\":\"long\",\"trace\":\"{}\"}}", "0".repeat(emvident::batch::MAX_LINE));
    let input =
        [&good, "{\"name\": \"cut\", ", "{\"name\":\"words\",\"trace\":\"no trace at all\"}", "", &long, "[", &good];
    let output = program(&["batch", "-", "--jobs", "2"], input.join("\n").as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<Value> =
        output.stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let seen: Vec<(&str, &str)> =
        lines.iter().map(|line| (line["name"].as_str().unwrap(), line["class"].as_str().unwrap())).collect();
    let unreadable = |name| (name, "unreadable");
    assert_eq!(
        seen,
        [
            ("good", "approved"),
            unreadable("-:2"),
            unreadable("words"),
            unreadable("-:5"),
            unreadable("-:6"),
            ("good", "approved")
        ]
    );
    assert_eq!(lines[3]["error"]["kind"], "line-too-long");
    let accepted = program(&["batch", "-", "--accept-unreadable"], b"[\n");
    assert_eq!(accepted.status.code(), Some(0));
    assert_eq!(program(&["batch", "no-such-folder"], b"").status.code(), Some(3));
}

#[test]
fn lines_hold_ids_and_no_account() {
    let cards = ["cda", "dda", "sda", "altered", "declines", "expired", "unknown-authority", "wedge"];
    let lines: Vec<String> = cards.iter().map(|card| line(card, &Scenario::of_card(card))).collect();
    let output = program(&["batch", "-", "--summary", "json"], lines.join("\n").as_bytes());
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    for card in cards {
        for application in Scenario::of_card(card).profile().unwrap().applications {
            let digits = application.pan.digits().to_owned();
            assert!(!said.contains(&digits[6..digits.len() - 4]) && !said.contains(&digits), "{card}: {said}");
            assert!(!said.contains(application.cardholder.trim()), "{card}");
        }
    }
    assert_eq!(said.lines().count(), cards.len() + 1);
}

#[test]
fn the_summary_counts_what_the_lines_say() {
    let scenarios = [("a", "cda"), ("b", "altered"), ("c", "expired"), ("d", "altered"), ("e", "declines")];
    let mut lines: Vec<String> = scenarios.iter().map(|(name, card)| line(name, &Scenario::of_card(card))).collect();
    lines.push("not JSON".to_owned());
    let file = folder("summary").join("traces.ndjson");
    fs::write(&file, lines.join("\n")).unwrap();
    let (lines, summary) = run(&batch(2, 64), vec![file]);
    assert_eq!((summary.traces(), summary.unreadable()), (6, 1));
    let classes: u64 = summary.classes().iter().map(|count| count.count).sum();
    assert_eq!(classes, 6);
    for cause in summary.causes() {
        let with: Vec<&Value> = lines.iter().filter(|line| line["root"]["id"] == cause.id).collect();
        assert_eq!((with.len() as u64, &with[0]["name"]), (cause.count, &Value::from(cause.example)), "{}", cause.id);
    }
    let document: Value = serde_json::from_str(&summary.json()).unwrap();
    assert_eq!(document["schema"], "emvident.batch-summary/1");
    assert!(document["classes"][0]["share"].as_f64().unwrap() * 6.0 % 1.0 < 1e-4);
}

#[test]
fn numbers_that_can_be_predicted_are_found_over_several_traces_of_a_terminal() {
    // People and terminal that follow the same seed draw the same numbers for other amounts.
    let weak: Vec<String> = (0..3).map(|at| line(&format!("weak-{at}"), &of_card("dda", 7, 1000 + at))).collect();
    let good: Vec<String> = (0..3).map(|at| line(&format!("good-{at}"), &of_card("dda", at, 1000))).collect();
    let of = |lines: &[String], terminal: &str| -> Vec<String> {
        lines.iter().map(|line| line.replacen('{', &format!("{{\"terminal\":\"{terminal}\","), 1)).collect()
    };
    let file = folder("numbers").join("traces.ndjson");
    fs::write(&file, [of(&weak, "T1"), of(&good, "T2")].concat().join("\n")).unwrap();
    let (_, summary) = run(&batch(2, 64), vec![file.clone()]);
    let found: Vec<_> =
        summary.predictable().iter().map(|found| (found.terminal.as_str(), found.pattern, found.numbers)).collect();
    assert_eq!(found, [("T1", "constant", 3)]);
    // Who does not say which terminal it is, may say that it is one.
    fs::write(&file, weak.join("\n")).unwrap();
    assert!(run(&batch(1, 64), vec![file.clone()]).1.predictable().is_empty());
    let one = Batch { one_terminal: true, ..batch(1, 64) };
    assert_eq!(run(&one, vec![file]).1.predictable()[0].pattern, "constant");
}

#[test]
fn several_attempts_of_one_file_are_of_one_terminal() {
    let text = |seed, amount| {
        let scenario = of_card("dda", seed, amount);
        let transcript = scenario.lay().unwrap().run(&scenario.transaction).transcript.to_string();
        let trace = trace::read(transcript.as_bytes(), None).unwrap();
        let both = |exchange: &trace::Exchange| {
            let response = exchange.response.as_ref().map(hex::encode_upper).unwrap_or_default();
            format!("> {}\n< {response}\n", hex::encode_upper(exchange.command.as_bytes()))
        };
        trace.exchanges.iter().map(both).collect::<String>()
    };
    let explainer = Explainer::new().unwrap();
    let pattern = |recording: String| {
        let explanation = explainer.explain(recording.as_bytes(), None).unwrap();
        assert_eq!(explanation.attempts.len(), 2);
        explanation.predictable.map(|pattern| pattern.id())
    };
    assert_eq!(pattern(text(7, 1000) + &text(7, 2000)), Some("constant"));
    assert_eq!(pattern(text(7, 1000) + &text(8, 2000)), None);
}

#[test]
fn folders_are_read_by_name_and_lines_and_files_may_be_mixed() {
    let folder = folder("folders");
    let recording = |card: &str| {
        let scenario = Scenario::of_card(card);
        scenario.lay().unwrap().run(&scenario.transaction).transcript.to_string()
    };
    fs::create_dir(folder.join("b")).unwrap();
    fs::write(folder.join("b/1.txt"), recording("declines")).unwrap();
    fs::write(folder.join("c.txt"), "nothing").unwrap();
    fs::write(folder.join("a.ndjson"), line("from a line", &Scenario::of_card("dda"))).unwrap();
    fs::write(folder.join(".hidden"), "nothing").unwrap();
    assert_eq!(emvident::batch::count_files(&[folder.join("b")]), Some(1));
    assert_eq!(emvident::batch::count_files(std::slice::from_ref(&folder)), None);
    let (lines, _) = run(&batch(2, 64), vec![folder.clone()]);
    let names: Vec<_> = lines.iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect();
    let file = |name: &str| folder.join(name).display().to_string();
    assert_eq!(names, ["from a line".to_owned(), file("b/1.txt"), file("c.txt")]);
    assert_eq!((&lines[1]["class"], &lines[2]["class"]), (&"declined-by-card".into(), &"unreadable".into()));
}
