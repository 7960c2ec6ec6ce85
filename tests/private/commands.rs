//! Every command, in every form it has output in: nothing private comes out, and nothing is left behind.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use super::{
    canary::{Canary, NUMBERS, search},
    session::{NAME, canaries, logs},
};

/// A folder of its own, empty.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("private-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the program in `folder`, as talkative as it can be, and gives all it said.
pub fn said(folder: &Path, arguments: &[&str], input: &str) -> Vec<u8> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_emvident"))
        .current_dir(folder)
        .args(arguments)
        .env("TMPDIR", folder)
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .env("LC_ALL", "C")
        .env("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input is no failure here.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.code().is_some_and(|code| code != 101), "{arguments:?}: {output:?}");
    [output.stdout, output.stderr].concat()
}

fn check(folder: &Path, arguments: &[&str], input: &str, canaries: &[Canary]) -> Vec<String> {
    search(canaries, &arguments.join(" "), &said(folder, arguments, input))
}

#[test]
fn no_command_about_recordings_tells_anything_private() {
    let folder = folder("recordings");
    let mut hits = Vec::new();
    for (number, logs) in logs() {
        let canaries = canaries(number);
        for (format, log) in &logs {
            fs::write(folder.join("log"), log).unwrap();
            let forms: &[&[&str]] = match (*format, number == NUMBERS[2]) {
                ("text", true) => &[
                    &["explain", "log"],
                    &["explain", "log", "--json"],
                    &["explain", "log", "--html"],
                    &["explain", "log", "--lang", "zh-CN", "--color", "always"],
                    &["explain", "log", "--said", "declined 05"],
                    &["batch", "log", "--summary", "json"],
                    &["diff", "log", "log"],
                    &["diff", "log", "log", "--json"],
                    &["export", "log"],
                    &["export", "log", "--json"],
                    &["replay", "log"],
                    &["explain", "log", "--format", "proxmark"],
                    &["explain", "log", "--format", "transcript"],
                ],
                _ => &[&["explain", "log", "--html"], &["explain", "log", "--json"], &["export", "log"]],
            };
            hits.extend(forms.iter().flat_map(|arguments| check(&folder, arguments, log, &canaries)));
        }
    }
    fs::remove_file(folder.join("log")).unwrap();
    let left: Vec<_> = fs::read_dir(&folder).unwrap().collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    assert!(hits.is_empty(), "{}", hits.join("\n"));
}

/// A software card with canaries in its records.
fn altered(number: &str) -> Vec<String> {
    let packed = if number.len().is_multiple_of(2) { number.to_owned() } else { format!("{number}F") };
    let track = format!("{number}D28122018291736450");
    let track = if track.len() % 2 == 0 { track } else { format!("{track}F") };
    vec![format!("set 5A={packed}"), format!("set 57={track}"), format!("set 5F20={}", hex::encode_upper(NAME))]
}

/// The same through the air, where the answer to GET PROCESSING OPTIONS has what contacts find in records.
fn altered_in_the_air(card: &str, number: &str) -> Vec<String> {
    let packed = |digits: String| if digits.len().is_multiple_of(2) { digits } else { digits + "F" };
    let track = packed(format!("{number}D28122018291736450"));
    let name = format!("answer gpo add 5F20={}", hex::encode_upper(NAME));
    match card {
        "c2" => vec![format!("set 57={track}"), format!("set 5A={}", packed(number.to_owned()))],
        "c2-stripe" => vec![
            format!("set 9F6B={track}"),
            format!("set 56={}", hex::encode_upper(format!("B{number}^{NAME}^28122018291736450"))),
        ],
        _ => vec![format!("answer gpo set 57={track}"), name],
    }
}

#[test]
fn no_payment_tells_anything_private() {
    let folder = folder("payments");
    let mut hits = Vec::new();
    for number in NUMBERS {
        let canaries = canaries(number);
        let alterations = altered(number);
        let altered: Vec<&str> = alterations.iter().flat_map(|alteration| ["--alter", alteration.as_str()]).collect();
        let forms: &[&[&str]] = &[
            &["pay", "--card", "cda"],
            &["pay", "--card", "sda", "--pin-entry", "wrong,right", "--json"],
            &["read", "--card", "cda"],
            &["read", "--card", "cda", "--json"],
        ];
        for form in forms {
            let said = said(&folder, &[form, &altered[..]].concat(), "");
            assert!(!String::from_utf8_lossy(&said).contains("no software card"), "{form:?}");
            hits.extend(search(&canaries, &form.join(" "), &said));
        }
    }
    assert!(fs::read_dir(&folder).unwrap().next().is_none());
    assert!(hits.is_empty(), "{}", hits.join("\n"));
}

#[test]
fn no_tap_tells_anything_private() {
    let folder = folder("taps");
    let mut hits = Vec::new();
    for number in NUMBERS {
        let canaries = canaries(number);
        for (card, form) in
            [("c2", "--json"), ("c2-stripe", "--html"), ("c3-offline", "--html"), ("c7-debit", "--json")]
        {
            let alterations = altered_in_the_air(card, number);
            let altered = alterations.iter().flat_map(|alteration| ["--alter", alteration.as_str()]);
            for form in [&["tap", "--card", card][..], &["tap", "--card", card, form]] {
                let said = said(&folder, &form.iter().copied().chain(altered.clone()).collect::<Vec<_>>(), "");
                let text = String::from_utf8_lossy(&said);
                assert!(text.contains("PROCESSING OPTIONS") || text.contains("\"80A8"), "{form:?}: {text}");
                hits.extend(search(&canaries, &form.join(" "), &said));
            }
        }
    }
    assert!(fs::read_dir(&folder).unwrap().next().is_none());
    assert!(hits.is_empty(), "{}", hits.join("\n"));
}

/// Scenarios, terminal configurations and software cards that others talk to: what a person wrote into the files, and what
/// the cards of the corpus have on them.
#[test]
fn no_command_about_files_tells_anything_private() {
    let folder = folder("files");
    let number = NUMBERS[2];
    let canaries = canaries(number);
    // Without the row of zeros in the second, which registered application providers have as well.
    let of_software_cards = ["4761739001010010", "6799998900"].map(|number| Canary::account("card number", number));
    let altered: Vec<String> = altered(number).into_iter().map(|alteration| format!("\"{alteration}\"")).collect();
    let scenario = format!(
        "title = \"Canary\"\ncard = \"cda\"\nalterations = [{}]\n[expect]\ndecision = \"approved\"\nby = \"issuer\"\n\
         tvr = \"\"\ntsi = \"\"\n",
        altered.join(", ")
    );
    fs::write(folder.join("scenario.toml"), scenario).unwrap();
    let terminal = format!("{}\n[[exception]]\npan = \"{number}\"\n", include_str!("../../terminals/retail.toml"));
    fs::write(folder.join("terminal.toml"), &terminal).unwrap();
    fs::write(folder.join("wrong.toml"), terminal.replace("\npan =", "\npam =")).unwrap();
    let mut hits = Vec::new();
    for (arguments, shown) in [
        (&["scenario", "scenario.toml"][..], "******5171"),
        (&["scenario", "scenario.toml", "--json"], "******5171"),
        (&["lint", "terminal.toml", "wrong.toml"], "exception"),
        (&["lint", "terminal.toml", "--json"], "lint-no-ca-key"),
        (&["keys", "terminal.toml"], "A000000003"),
        (&["pay", "--card", "cda", "--terminal", "terminal.toml"], "******0018"),
        (&["pay", "--card", "cda", "--terminal", "wrong.toml"], "exception"),
        (&["scenarios", "ATK-05"], "ATK-05"),
        (&["scenarios", "CVM-01", "--json"], "CVM-01"),
        (&["cards"], "cda"),
        (&["conformance"], "2EA"),
        (&["readers"], "reader"),
        (&["completions", "bash"], "emvident"),
        (&["man", "pages"], ""),
    ] {
        let said = said(&folder, arguments, "");
        let text = String::from_utf8_lossy(&said);
        assert!(text.contains(shown), "{arguments:?}: {text}");
        hits.extend(search(&canaries, &arguments.join(" "), &said));
        hits.extend(search(&of_software_cards, &arguments.join(" "), &said));
    }
    assert!(hits.is_empty(), "{}", hits.join("\n"));
}

/// What `serve` says while another program reads the card through a virtual reader, which is played here.
#[test]
fn a_card_that_others_read_is_not_told_of() {
    let folder = folder("served");
    let number = NUMBERS[2];
    let reader = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = reader.local_addr().unwrap().port().to_string();
    let alterations = altered(number);
    let altered = alterations.iter().flat_map(|alteration| ["--alter", alteration.as_str()]);
    let talk = thread::spawn(move || {
        let (mut card, _) = reader.accept().unwrap();
        let mut ask = |message: &[u8], answers: bool| {
            card.write_all(&[&u16::try_from(message.len()).unwrap().to_be_bytes()[..], message].concat()).unwrap();
            let mut answer = Vec::new();
            if answers {
                let mut length = [0; 2];
                card.read_exact(&mut length).unwrap();
                answer.resize(usize::from(u16::from_be_bytes(length)), 0);
                card.read_exact(&mut answer).unwrap();
            }
            answer
        };
        ask(&[1], false);
        assert_eq!(ask(&[4], true)[0], 0x3B, "an answer to reset");
        ask(&hex::decode("00A4040005F0000E4D5600").unwrap(), true);
        let records = (1..4).map(|record| ask(&[0x00, 0xB2, record, 0x0C, 0x00], true));
        records.collect::<Vec<_>>().concat()
    });
    let arguments: Vec<&str> = ["serve", "cda", "--port", &port].into_iter().chain(altered).collect();
    let said = said(&folder, &arguments, "");
    let read = talk.join().unwrap();
    assert!(hex::encode(&read).contains(number), "the card was not read: {}", hex::encode(read));
    let hits = search(&canaries(number), "serve", &said);
    assert!(hits.is_empty(), "{}", hits.join("\n"));
}

#[test]
fn a_recording_that_was_asked_for_holds_no_pin() {
    let folder = folder("pins");
    let mut hits = Vec::new();
    for card in ["sda", "pin-key"] {
        let file = folder.join(card);
        let name = file.to_str().unwrap();
        said(&folder, &["pay", "--card", card, "--pin-entry", "wrong,right", "--record", name], "");
        let recorded = fs::read(&file).unwrap();
        let blocks = ["241234FFFFFFFFFF", "249234FFFFFFFFFF"].map(|block| Canary::bytes("PIN block", block));
        hits.extend(search(&blocks, card, &recorded));
        assert!(String::from_utf8_lossy(&recorded).contains("**"), "{card}: no PIN was sent");
    }
    assert!(hits.is_empty(), "{}", hits.join("\n"));
}

#[test]
fn bytes_and_stripes_are_judged_without_telling_them() {
    let folder = folder("bytes");
    let mut hits = Vec::new();
    for number in NUMBERS {
        let canaries = canaries(number);
        let packed = if number.len() % 2 == 0 { number.to_owned() } else { format!("{number}F") };
        let length = packed.len() / 2;
        for input in [
            format!("5A{length:02X}{packed}"),
            format!("DF01{length:02X}{packed}"),
            format!("70{:02X}5A{length:02X}{packed}", length + 3),
            format!("5A{:02X}{packed}", length + 4),
            "0020008008249182FFFFFFFFFF".to_owned(),
            hex::encode(format!("B{number}^{NAME}^2812201")),
        ] {
            hits.extend(check(&folder, &["decode", "-"], &input, &canaries));
            hits.extend(check(&folder, &["decode", "-", "--json"], &input, &canaries));
        }
        for track in [format!(";{number}=28122018291736450?"), format!("{number}=2812"), format!(";{number}")] {
            hits.extend(check(&folder, &["stripe"], &track, &canaries));
            hits.extend(check(&folder, &["stripe", "--json"], &track, &canaries));
        }
    }
    assert!(hits.is_empty(), "{}", hits.join("\n"));
}

#[test]
fn no_option_takes_a_pin_or_a_key() {
    let folder = folder("help");
    let commands =
        ["pay", "tap", "read", "explain", "export", "batch", "diff", "decode", "stripe", "serve", "replay", "scenario"];
    for command in commands {
        let help = String::from_utf8(said(&folder, &[command, "--help"], "")).unwrap();
        for line in help.lines().map(str::trim_start).filter(|line| line.starts_with('-')) {
            let option = line.split("  ").next().unwrap().to_lowercase();
            // What happens at PIN entry, and files of public keys.
            let harmless =
                ["--pin-entry", "--keys <file>", "--without-card-keys"].iter().any(|known| option.contains(known));
            assert!(harmless || !(option.contains("pin") || option.contains("key")), "{command}: {line}");
        }
    }
}
