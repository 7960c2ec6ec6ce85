//! What this repository promises about itself: budgets, no secrets in snapshots, no traces of a developer's machine.
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

/// Longest file, in lines before its tests.
const FILE_BUDGET: usize = 400;
/// Longest function, in lines.
const FUNCTION_BUDGET: usize = 60;

/// Files that may be longer, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[("kernel/src/finding/reason.rs", "one line per reason, and one list of reasons")];

/// Functions that may be longer, each with its reason.
const LONG_FUNCTIONS: &[(&str, &str)] = &[];

/// Folders that hold nothing of ours.
const FOREIGN: &[&str] = &["target", ".git", ".venv", "corpus", "artifacts", "coverage"];

struct Source {
    name: String,
    text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn collect(folder: &Path, wanted: &dyn Fn(&Path) -> bool, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            if !FOREIGN.contains(&entry.file_name().to_str().unwrap()) {
                collect(&path, wanted, into);
            }
        } else if wanted(&path)
            && let Ok(text) = fs::read_to_string(&path)
        {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            into.push(Source { name, text });
        }
    }
}

fn sources(extensions: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    let wanted =
        |path: &Path| path.extension().is_some_and(|extension| extensions.contains(&extension.to_str().unwrap()));
    collect(&root(), &wanted, &mut found);
    assert!(!found.is_empty());
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Rust files of the product: no tests, examples, benches or fuzz targets.
fn product() -> Vec<Source> {
    let aside = ["tests", "tests.rs", "testing.rs", "examples", "benches", "fuzz"];
    let is_product = |source: &Source| !source.name.split('/').any(|part| aside.contains(&part));
    sources(&["rs"]).into_iter().filter(is_product).collect()
}

fn before_tests(text: &str) -> Vec<&str> {
    text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).collect()
}

#[test]
fn files_keep_to_their_budget() {
    let over: Vec<_> = product()
        .iter()
        .map(|source| (before_tests(&source.text).len(), source.name.clone()))
        .filter(|(lines, name)| *lines > FILE_BUDGET && !LONG_FILES.iter().any(|(listed, _)| listed == name))
        .collect();
    assert!(over.is_empty(), "over {FILE_BUDGET} lines before the tests: {over:#?}");
}

#[test]
fn functions_keep_to_their_budget() {
    let over: Vec<_> = product()
        .iter()
        .flat_map(long_functions)
        .filter(|name| !LONG_FUNCTIONS.iter().any(|(listed, _)| listed == name))
        .collect();
    assert!(over.is_empty(), "over {FUNCTION_BUDGET} lines: {over:#?}");
}

fn long_functions(source: &Source) -> Vec<String> {
    let lines = before_tests(&source.text);
    let ends = |start: usize, indent: usize| {
        let closing = format!("{}}}", " ".repeat(indent));
        lines.iter().skip(start).position(|line| *line == closing).unwrap_or(0)
    };
    let mut long = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if let Some(name) = function_name(line.trim_start())
            && ends(number, indent) + 1 > FUNCTION_BUDGET
        {
            long.push(format!("{} {name}", source.name));
        }
    }
    long
}

fn function_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let qualifiers = |word: &&str| word.starts_with("pub") || ["const", "async", "unsafe", "in"].contains(word);
    let keyword = words.by_ref().find(|word| !qualifiers(word))?;
    (keyword == "fn").then(|| words.next())?.and_then(|name| name.split(['(', '<']).next())
}

#[test]
fn modules_are_never_named_mod() {
    let named: Vec<_> =
        product().into_iter().map(|source| source.name).filter(|name| name.ends_with("/mod.rs")).collect();
    assert!(named.is_empty(), "{named:?}");
}

#[test]
fn nothing_names_a_developers_machine() {
    let traces = ["/home/", "/root/", "/Users/", concat!("/wo", "rk/"), concat!("/tm", "p/bash")];
    let found: Vec<_> = sources(&["rs", "toml", "md", "snap", "txt", "trycmd", "lock"])
        .iter()
        .filter(|source| source.name != "tests/house_rules.rs")
        .flat_map(|source| source.text.lines().map(|line| (source.name.clone(), line.to_owned())))
        .filter(|(_, line)| traces.iter().any(|trace| line.contains(trace)))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_snapshot_holds_a_pin_block() {
    for source in sources(&["snap", "trycmd"]) {
        assert_eq!(pin_blocks(&source.text), Vec::<String>::new(), "{}", source.name);
    }
}

/// Format 2 blocks in hexadecimal: `2`, the number of digits, the digits, `F` to the end.
fn pin_blocks(text: &str) -> Vec<String> {
    hexadecimal_runs(text).into_iter().filter(|run| run.as_bytes().windows(16).step_by(2).any(is_pin_block)).collect()
}

fn hexadecimal_runs(text: &str) -> Vec<String> {
    let compact: String = text.chars().filter(|c| *c != ' ').collect();
    compact.split(|c: char| !c.is_ascii_hexdigit()).filter(|run| run.len() >= 16).map(str::to_uppercase).collect()
}

fn is_pin_block(block: &[u8]) -> bool {
    let digits = match block {
        [b'2', length, ..] => (*length as char).to_digit(16).unwrap_or(0) as usize,
        _ => return false,
    };
    (4..=12).contains(&digits)
        && block[2..2 + digits].iter().all(u8::is_ascii_digit)
        && block[2 + digits..].iter().all(|nibble| *nibble == b'F')
}

#[test]
fn no_report_shows_a_card_number() {
    for source in sources(&["snap", "trycmd", "md"]) {
        let shown: Vec<_> = report_lines(&source.text).filter(|line| shows_card_number(line)).collect();
        assert!(shown.is_empty(), "{}: {shown:#?}", source.name);
    }
}

/// Everything but the recorded exchanges, which carry what the card sent, and what was asked and answered, which is digits of
/// every kind; the scenarios see to it that the card's number is not among them.
fn report_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with(['>', '<', '?', '=', 'C', 'R']))
}

/// No card number begins with zero; the rest of an AID behind its letter does.
fn shows_card_number(line: &str) -> bool {
    let is_number = |digits: &str| (13..=19).contains(&digits.len()) && !digits.starts_with('0') && luhn(digits);
    line.split(|c: char| !c.is_ascii_digit()).any(is_number)
}

fn luhn(digits: &str) -> bool {
    let double = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let values = digits.bytes().rev().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = values.enumerate().map(|(place, digit)| if place % 2 == 1 { double(digit) } else { digit }).sum();
    sum.is_multiple_of(10)
}

#[test]
fn the_rules_find_what_they_look_for() {
    assert_eq!(pin_blocks("0020008008 241234FFFFFFFFFF").len(), 1);
    assert_eq!(pin_blocks("0020008008 [hidden]").len(), 0);
    assert!(shows_card_number("PAN 4761739001010119"));
    assert!(!shows_card_number("PAN 476173******0119"));
    let source =
        Source { name: "a.rs".into(), text: format!("pub async fn long() {{\n{}}}\n", "    x();\n".repeat(60)) };
    assert_eq!(long_functions(&source), ["a.rs long"]);
}
