//! The corpus of attacks and faults: that every id is there, that every case ends as its file says under both policies,
//! that its control is clean, and that what it says to be tested elsewhere is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[path = "faults/exhaustive.rs"]
mod exhaustive;
#[path = "faults/ids.rs"]
mod ids;

use std::{
    collections::BTreeSet,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use emvident::fault::{self, Case, Entry, FILES};
use rayon::prelude::*;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn entries() -> Vec<Entry> {
    fault::entries().unwrap_or_else(|error| panic!("{error}"))
}

/// What is wrong with a case, under its name.
fn problems(entry: &Entry, number: usize, case: &Case) -> Vec<String> {
    let played = catch_unwind(AssertUnwindSafe(|| case.verdict()));
    let lines = match played {
        Ok(Ok(verdict)) => verdict.problems,
        Ok(Err(error)) => vec![error.to_string()],
        Err(_) => vec!["panics".to_owned()],
    };
    let name = format!("{} case {number} {}", entry.id, case.title);
    lines.into_iter().map(|line| format!("{name}: {line}")).collect()
}

fn numbered(entry: &Entry) -> impl Iterator<Item = (&Entry, usize, &Case)> {
    (1..).zip(&entry.cases).map(move |(number, case)| (entry, number, case))
}

#[test]
fn every_case_ends_as_its_file_says_and_its_control_is_clean() {
    let entries = entries();
    let cases: Vec<_> = entries.iter().flat_map(numbered).collect();
    let problems = cases.par_iter().flat_map_iter(|(entry, number, case)| problems(entry, *number, case));
    let mut wrong: Vec<String> = problems.collect();
    wrong.sort();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_id_of_the_corpus_has_its_file_and_no_other_has() {
    let files: Vec<_> = FILES.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(files, ids::all());
    let named: Vec<_> = entries().into_iter().map(|entry| entry.id).collect();
    assert_eq!(named, files, "a file holds another id");
    let folder = fs::read_dir(root().join("vectors/faults")).unwrap();
    let found: BTreeSet<_> = folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(found, files.iter().map(|id| format!("{id}.toml")).collect());
}

#[test]
fn every_test_that_is_named_exists() {
    for entry in entries() {
        for test in &entry.tests {
            let (file, name) = test.split_once(": ").unwrap_or_else(|| panic!("{}: {test}", entry.id));
            let text = fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("{}: no {file}", entry.id));
            let found = text.split("#[test]").skip(1).any(|body| body.trim_start().starts_with(&format!("fn {name}(")))
                || text.contains(&format!("    fn {name}("));
            assert!(found, "{}: no test {name} in {file}", entry.id);
        }
    }
}

#[test]
fn the_page_has_the_table_of_the_files() {
    let page = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let (attacks, faults): (Vec<_>, Vec<_>) = entries().into_iter().partition(|entry| entry.id.starts_with("ATK-"));
    let mut wanted = page.clone();
    for (name, entries) in [("attacks", &attacks), ("faults", &faults)] {
        let start = format!("<!-- {name}: made from vectors/faults -->\n");
        let (before, rest) = wanted.split_once(&start).unwrap_or_else(|| panic!("no {start}"));
        let (_, after) = rest.split_once("<!-- end -->").unwrap();
        wanted = format!("{before}{start}{}<!-- end -->{after}", fault::table(entries));
    }
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        fs::write(root().join("docs/security.md"), &wanted).unwrap();
    }
    assert!(page == wanted, "docs/security.md is not what the files say; UPDATE_DOCUMENTS=1 writes it");
}
