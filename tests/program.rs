//! What the program says, word for word, and its exit status.
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
    process::{Command, Output},
};

fn emvident(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_emvident"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .env("LC_ALL", "C")
        .env("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm")
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A file name nobody else uses.
fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = fs::remove_file(&path);
    path
}

#[test]
fn it_says_what_the_files_say() {
    let cases = trycmd::TestCases::new();
    cases.default_bin_name("emvident").env("LC_ALL", "C").env("NO_COLOR", "1");
    cases.env("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm");
    cases.case("tests/program/*.trycmd");
    #[cfg(feature = "pcsc")]
    cases.case("tests/program/pcsc/*.trycmd");
    #[cfg(not(feature = "pcsc"))]
    cases.case("tests/program/without-pcsc/*.trycmd");
}

#[test]
fn the_exit_status_tells_the_end() {
    let status = |arguments: &[&str]| emvident(arguments).status.code();
    assert_eq!(status(&["pay", "--card", "cda"]), Some(0));
    assert_eq!(status(&["pay", "--card", "declines"]), Some(1));
    assert_eq!(status(&["pay", "--card", "card-blocked"]), Some(2));
    assert_eq!(status(&["pay", "--card", "nobody"]), Some(3));
    assert_eq!(status(&["pay", "--card", "cda", "--alter", "answer gac fault removed"]), Some(4));
    assert_eq!(status(&["pay", "--reader", "any", "--yes"]), Some(4));
    assert_eq!(status(&["--help"]), Some(0));
    assert_eq!(status(&["pay", "--nonsense"]), Some(3));
}

#[test]
fn a_recording_is_its_owners_alone_and_replays_to_the_same_report() {
    let file = scratch("recording");
    let name = file.to_str().unwrap();
    let paid = emvident(&["pay", "--card", "online-pin", "--amount", "150", "--record", name]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let replayed = emvident(&["replay", name]);
    assert_eq!(stdout(&replayed), stdout(&paid));
    assert_eq!(replayed.status.code(), paid.status.code());

    let again = emvident(&["pay", "--card", "cda", "--record", name]);
    assert_eq!(again.status.code(), Some(3), "a recording is never replaced");
}

#[test]
fn no_output_holds_a_pin_or_a_whole_card_number() {
    let file = scratch("secrets");
    let pay = ["pay", "--card", "pin-key", "--pin-entry", "wrong,right", "--record", file.to_str().unwrap()];
    for format in [&["--json"][..], &["--color", "always"], &["--lang", "zh-CN"]] {
        let _ = fs::remove_file(&file);
        let output = emvident(&[&pay, format].concat());
        let all = stdout(&output) + &String::from_utf8_lossy(&output.stderr);
        assert!(!all.contains("541333") || all.contains("541333***"), "{all}");
        let recorded = fs::read_to_string(&file).unwrap();
        for pin_block in ["241234FFFFFFFFFF", "249234FFFFFFFFFF"] {
            assert!(!all.contains(pin_block) && !recorded.contains(pin_block));
        }
        assert!(recorded.lines().any(|line| line.starts_with("> 00200088") && line.contains("****")), "{recorded}");
    }
}

#[test]
fn json_is_json() {
    for arguments in [
        &["cards", "--json"][..],
        &["keys", "--json"],
        &["read", "--card", "pse", "--json"],
        &["pay", "--card", "cda", "--json"],
    ] {
        let output = emvident(arguments);
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
        assert!(output.stderr.is_empty(), "standard error holds talk alone");
    }
}

#[test]
fn a_payment_nobody_agreed_to_is_not_begun() {
    #[cfg(feature = "pcsc")]
    {
        let output = emvident(&["pay", "--reader", "any"]);
        assert_eq!(output.status.code(), Some(3));
        assert!(String::from_utf8_lossy(&output.stderr).contains("GENERATE AC"));
    }
}

#[test]
fn man_pages_and_completions_come_from_the_same_definition() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("man-{}", std::process::id()));
    assert!(emvident(&["man", folder.to_str().unwrap()]).status.success());
    let page = fs::read_to_string(folder.join("emvident-pay.1")).unwrap();
    assert!(page.contains("pin\\-entry"), "{page}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(stdout(&emvident(&["completions", shell])).contains("without-card-keys"), "{shell}");
    }
}
