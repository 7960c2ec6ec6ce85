//! The repository itself: no card number that is not for tests, and nothing that talks to a network.

use std::{
    fs,
    path::{Path, PathBuf},
};

use emvident::{apdu::value::Pan, stripe::is_test_number};

/// Folders that hold nothing of ours.
const FOREIGN: &[&str] = &["target", ".git", ".venv", "corpus", "artifacts", "coverage"];

/// Numbers outside the ranges of test cards that may stand here, each with its reason.
const ALLOWED: &[(&str, &str)] = &[
    ("374245455400001", "published for tests of American Express"),
    ("4000000000006", "made up: thirteen digits, nearly all of them zero"),
    ("4111111111111129", "beside a published test number, to show that it is none itself"),
    ("4222222222222", "published for tests, thirteen digits"),
    ("5168624300900697", "made up: an identifier of data storage, cut at both ends"),
];

fn collect(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            if !FOREIGN.contains(&entry.file_name().to_str().unwrap()) {
                collect(&path, into);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            into.push((path, text));
        }
    }
}

/// What could be a card number: digits that stand alone, and the values of 5A and 57 in hexadecimal.
fn suspects(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
        .collect();
    for (at, _) in text.match_indices("5A0").chain(text.match_indices("571")) {
        let value = text.get(at + 4..).unwrap_or_default();
        found.push(value.chars().take_while(char::is_ascii_digit).take(19).collect());
    }
    found.retain(|digits| (13..=19).contains(&digits.len()));
    found
}

fn is_payment_card(number: &str) -> bool {
    let begins = matches!(
        number.as_bytes(),
        [b'4', ..] | [b'5', b'1'..=b'5', ..] | [b'3', b'4' | b'7', ..] | [b'6', b'2' | b'5', ..]
    );
    begins && Pan::from_digits(number).is_ok_and(|pan| pan.luhn_is_valid())
}

#[test]
fn every_card_number_in_the_repository_is_for_tests() {
    let mut files = Vec::new();
    collect(Path::new(env!("CARGO_MANIFEST_DIR")), &mut files);
    assert!(files.len() > 500);
    let mut real = Vec::new();
    for (path, text) in &files {
        let numbers = suspects(text).into_iter().filter(|number| is_payment_card(number));
        let unknown = numbers.filter(|number| !is_test_number(&Pan::from_digits(number).unwrap()));
        let unlisted = unknown.filter(|number| !ALLOWED.iter().any(|(listed, _)| listed == number));
        real.extend(unlisted.map(|number| format!("{}: {}…{}", path.display(), &number[..6], number.len())));
    }
    assert!(real.is_empty(), "{}", real.join("\n"));
}

#[test]
fn the_scanner_finds_a_number_that_is_not_for_tests() {
    // In two parts, or it would find itself.
    let number = ["49927", "398716"].concat() + "00000";
    let digits =
        (0..10).map(|check| format!("{}{check}", &number[..15])).find(|number| is_payment_card(number)).unwrap();
    assert_eq!(suspects(&format!("card {digits}, lost")), std::slice::from_ref(&digits));
    assert_eq!(suspects(&format!("70155A08{digits}F5F24")), std::slice::from_ref(&digits));
    assert!(!is_test_number(&Pan::from_digits(&digits).unwrap()));
}

/// Crates that open connections, by what they are for.
const CONNECTING: [&str; 24] = [
    "reqwest",
    "hyper",
    "ureq",
    "curl",
    "isahc",
    "surf",
    "attohttpc",
    "minreq",
    "tokio",
    "mio",
    "socket2",
    "async-std",
    "smol",
    "quinn",
    "h2",
    "tungstenite",
    "rustls",
    "native-tls",
    "openssl",
    "sentry",
    "opentelemetry",
    "trust-dns-resolver",
    "hickory-resolver",
    "ssh2",
];

#[test]
fn nothing_here_can_talk_to_a_network() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let names: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert!(names.len() > 50);
    let connecting: Vec<_> = names.iter().filter(|name| CONNECTING.contains(name)).collect();
    assert!(connecting.is_empty(), "{connecting:?}");
    // The virtual reader that `serve` is told, and rigs for tests with daemons of their own.
    let mut files = Vec::new();
    ["src", "kernel/src", "apdu/src", "readers/src", "vectors/src"]
        .iter()
        .for_each(|folder| collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files));
    let opening: Vec<_> = files
        .iter()
        .filter(|(_, text)| {
            ["TcpStream", "UdpSocket", "TcpListener", "UnixStream", "UnixListener"]
                .iter()
                .any(|word| text.contains(word))
        })
        .map(|(path, _)| path.file_name().unwrap().to_str().unwrap())
        .collect();
    assert!(
        opening.iter().all(|file| ["vpcd.rs", "rig.rs", "ccid.rs", "daemon.rs", "serial_reader.rs"].contains(file)),
        "{opening:?}"
    );
}
