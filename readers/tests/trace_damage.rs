//! What no trace is, what is damaged, what is too much; and whatever comes, no panic.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at what is wrong")]

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use emvident_readers::trace::{
    self, Error, ErrorKind, Format, MAX_EXCHANGES, MAX_INPUT, MAX_LINE, Reason, Trace, read_json_value,
};
use proptest::prelude::*;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

fn error(text: &str, format: Option<Format>) -> Error {
    trace::read(text.as_bytes(), format).unwrap_err()
}

fn skipped(trace: &Trace) -> Vec<(usize, usize, Reason)> {
    trace.skipped.iter().map(|skipped| (skipped.line, skipped.column, skipped.reason)).collect()
}

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/traces");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

#[test]
fn what_is_no_trace_is_said_with_its_place() {
    let cases = [
        (
            "",
            "line 1, column 1: expected a trace: APDUs in hex, JSON with \"exchanges\", a transcript or a capture, found the end",
        ),
        (
            "\n\n   the card was declined\n",
            "line 3, column 4: expected a trace: APDUs in hex, JSON with \"exchanges\", a transcript or a capture, found \"the card was declined\"",
        ),
        (
            "emvident transcript 2\n",
            "line 1, column 1: expected \"emvident transcript 1\", found \"emvident transcript *\"",
        ),
        (
            "emvident transcript 1\n\n> 00B2010C 00\n< 7\n",
            "line 4, column 3: expected a time such as 1234us, found \"*\"",
        ),
        (
            "{\"exchanges\": [{\"c\": \"00B2010C00\",\n  \"r\": 1}]}",
            "line 2, column 8: expected JSON with \"exchanges\": [{\"c\": \"00A4…\", \"r\": \"6F…9000\"}], found invalid type: integer `*`, expected hex",
        ),
        (
            "{\"exchanges\": [",
            "line 1, column 15: expected JSON with \"exchanges\": [{\"c\": \"00A4…\", \"r\": \"6F…9000\"}], found EOF while parsing a list",
        ),
        (
            "{\"name\": 1}",
            "line 1, column 11: expected JSON with \"exchanges\": [{\"c\": \"00A4…\", \"r\": \"6F…9000\"}], found missing field `exchanges`",
        ),
        (
            "a log\n\n  1102 0304\nthe end\n",
            "line 3, column 3: expected commands and responses in hex, such as \"-> 00A40400…\" and \"<- 6F…9000\", found neither command nor response: \"**** ****\"",
        ),
        (
            "<?xml version=\"1.0\"?>\n<cardpeek>\n",
            "line 2, column 1: expected a card log, for the tree of a card's files holds no command, found \"<cardpeek>\"",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(error(text, None).to_string(), message, "{text}");
    }
}

#[test]
fn a_format_that_was_asked_for_and_is_not_there_is_an_error() {
    let said = |text: &str, format: Format| error(text, Some(format)).to_string();
    let hex = "> 00B2010C00\n< 6A83\n";
    assert_eq!(
        said(hex, Format::Transcript),
        "line 1, column 1: expected \"emvident transcript 1\", found \"> **********\""
    );
    assert_eq!(said(hex, Format::Capture), "line 1, column 1: expected a pcap or pcapng file, found \"> ******\"");
    assert_eq!(
        said(hex, Format::Pcscd),
        "line 1, column 1: expected \"APDU: 00 A4 …\" and \"SW: … 90 00\", found no APDU in it: \"> **********\""
    );
    assert!(said(hex, Format::Json).starts_with("line 1, column 1: expected JSON"));
    assert!(said(hex, Format::OpenSc).starts_with("line 1, column 1: expected \"Sending: 00 A4 …\""));
    assert!(said(hex, Format::Proxmark).starts_with("line 1, column 1: expected rows"));
    assert!(said(hex, Format::Cardpeek).starts_with("line 1, column 1: expected a card log"));
    assert_eq!(error("words", Some(Format::Text)).kind, ErrorKind::NoExchange);
    assert_eq!(error("emvident transcript 1\n\n> 00B2010C 00\n\u{0}", None).kind, ErrorKind::Malformed);
    let not_utf_8 = trace::read(b"emvident transcript 1\n# caf\xE9\n", None).unwrap_err();
    assert_eq!(not_utf_8.to_string(), "line 2, column 6: expected UTF-8, found \"\u{FFFD}\"");
}

#[test]
fn limits_are_kept() {
    let large = vec![b' '; MAX_INPUT + 1];
    let error = trace::read(&large, None).unwrap_err();
    assert_eq!(
        (error.kind, error.to_string().as_str()),
        (ErrorKind::InputTooLarge, "line 1, column 1: expected at most 64 MiB, found 67108865 bytes")
    );

    let long = ["> 00B2010C00\n< ".to_owned(), "00".repeat(MAX_LINE / 2), "\n".to_owned()].concat();
    let error = trace::read(long.as_bytes(), None).unwrap_err();
    assert_eq!((error.kind, error.line), (ErrorKind::LineTooLong, 2));

    let most = "> 00B2010C00\n".repeat(MAX_EXCHANGES);
    assert_eq!(trace::read(most.as_bytes(), None).unwrap().exchanges.len(), MAX_EXCHANGES);
    let error = trace::read([most.as_str(), "> 00B2010C00\n"].concat().as_bytes(), None).unwrap_err();
    assert_eq!((error.kind, error.line), (ErrorKind::TooManyExchanges, MAX_EXCHANGES + 1));

    let items = vec!["{\"c\":\"00B2010C00\"}"; MAX_EXCHANGES + 2].join(",");
    let error = trace::read(format!("[{items}]").as_bytes(), None).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooManyExchanges);
}

#[test]
fn long_lines_cost_no_more_than_they_are_long() {
    // What a reader might look at again and again: were the time quadratic, this would take hours.
    [
        "> ", "->", "<", "a:", "0 ", "00 ", "000 ", "(", "|", "** ", "... ", "> 0 ", "→", "Card ", "Card: 0 ",
        "data 00 ", "\u{1b}[", "6F00 ", "00A4 ", "\\x0",
    ]
    .into_par_iter()
    .for_each(|part| {
        let line = part.repeat(MAX_LINE / part.len());
        let start = Instant::now();
        for format in Format::ALL {
            let _any = trace::read(line.as_bytes(), Some(format));
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{part:?} took {:?}", start.elapsed());
    });
}

#[test]
fn json_is_lenient_about_keys_and_strict_about_hex() {
    let read = |text: &str| trace::read(text.as_bytes(), None).unwrap();
    let trace = read(
        "{\"x\": {\"exchanges\": 1}, \"exchanges\": [\n {\"c\": \"00 b2 01 0c 00\", \"t\": 1, \"r\": \"6A83\"},\n {\"command\": \"\\u00300B2020C00\", \"response\": null},\n {\"c\": \"00B2030C00\"}]}",
    );
    assert_eq!(trace.exchanges.len(), 3);
    assert_eq!(trace.exchanges.iter().map(|exchange| exchange.line).collect::<Vec<_>>(), [2, 2, 4]);
    assert_eq!(trace.exchanges[1].command.as_bytes(), [0, 0xB2, 2, 0x0C, 0]);
    assert!(trace.exchanges[1].response.is_none());

    let trace = read(
        "[{\"c\": \"00B2010C00\", \"r\": \"6A8\"}, {\"c\": \"00B2\", \"r\": \"6A83\"}, {\"c\": \"zz\", \"r\": \"6A83\"}, {\"c\": \"0084000000\", \"r\": \"\"}]",
    );
    assert_eq!(trace.exchanges.len(), 2);
    assert_eq!(trace.exchanges.iter().filter(|exchange| exchange.response.is_some()).count(), 0);
    let reasons: Vec<_> = trace.skipped.by_reason().collect();
    assert_eq!(
        reasons,
        [
            (Reason::OddDigits, 1),
            (Reason::TooShort, 1),
            (Reason::NotAnApdu, 1),
            (Reason::ResponseWithoutCommand, 2),
            (Reason::CommandWithoutResponse, 2)
        ]
    );

    assert_eq!(read("{\"exchanges\": []}").exchanges.len(), 0);
}

#[test]
fn a_json_value_is_read_like_its_text() {
    let text =
        String::from_utf8(samples().into_iter().find(|(name, _)| name.ends_with("purchase.json")).unwrap().1).unwrap();
    let from_text = trace::read(text.as_bytes(), None).unwrap();
    let from_value = read_json_value(&serde_json::from_str(&text).unwrap()).unwrap();
    assert_eq!((from_value.exchanges.len(), &from_value.atr), (11, &from_text.atr));
    for (value, text) in from_value.exchanges.iter().zip(&from_text.exchanges) {
        assert_eq!((&value.command, &value.response, value.line), (&text.command, &text.response, 1));
    }
    let list = serde_json::from_str::<serde_json::Value>(&text).unwrap()["exchanges"].take();
    assert_eq!(read_json_value(&list).unwrap().exchanges.len(), 11);
    assert_eq!(read_json_value(&serde_json::Value::Null).unwrap_err().kind, ErrorKind::Malformed);
}

#[test]
fn damaged_logs_of_programs_lose_only_what_is_damaged() {
    let read = |text: &str, format: Format| {
        let trace = trace::read(text.as_bytes(), None).unwrap();
        assert_eq!(trace.format, format, "{text}");
        (trace.exchanges.iter().map(|exchange| exchange.response.is_some()).collect::<Vec<_>>(), skipped(&trace))
    };
    // The transmission failed: SW is empty.
    let pcscd = "00000007 APDU: 00 B2 01 0C 00 \n00000900 SW: \n00000007 APDU: 00 B2 02 0C 00 \n00000900 SW: 6A 83 \n";
    assert_eq!(
        read(pcscd, Format::Pcscd),
        (vec![false, true], vec![(1, 1, Reason::CommandWithoutResponse), (2, 1, Reason::Words)])
    );
    let opensc = "Sending: 00 B2 01 0C 0\nReceived (SW1=0x6A, SW2=0x83)\nSending: 00 B2 02 0C 00\nReceived (SW1=0x90, SW2=0x00):\n70 01 00 p..\nnot a row\n";
    assert_eq!(
        read(opensc, Format::OpenSc),
        (vec![true], vec![(1, 9, Reason::OddDigits), (2, 1, Reason::ResponseWithoutCommand), (6, 1, Reason::Words)])
    );
    let scriptor = "> 00 B2 01 0C 00\n> 00 B2 02 0C 00\n< 6A 83 : Record not found.\nhello 6A 83\n";
    assert_eq!(
        read(scriptor, Format::Scriptor),
        (vec![false, true], vec![(1, 1, Reason::CommandWithoutResponse), (4, 1, Reason::Words)])
    );
    let clf = "C:00B2010C0:9000:\nC:00B2020C00:6A83:\nC:00B2030C00:9000:7001\nX\n";
    assert_eq!(read(clf, Format::Cardpeek), (vec![true, true], vec![(1, 1, Reason::OddDigits), (4, 1, Reason::Words)]));
    let log = "[+] >>>> 00 b2 01 0c 00 00 \n[+] <<<< 6a 83\n[+] >>>>[sel ] 00 b2 02 0c 00\n[!] Card removed\n";
    assert_eq!(
        read(log, Format::Proxmark),
        (vec![true, false], vec![(3, 1, Reason::CommandWithoutResponse), (4, 1, Reason::Words)])
    );
}

#[test]
fn a_trace_is_not_taken_for_another() {
    let cases = [
        ("[12:00:01] > 00B2010C00\n[12:00:01] < 6A83\n", Format::Text),
        ("{\"exchanges\":[]}", Format::Json),
        (" \n [ {\"c\":\"00\"} ]", Format::Json),
        (">> 00B2010C00\n<< 6A83", Format::Text),
        (">>>> 00B2010C00\n<<<< 6A83", Format::Proxmark),
        ("> 00 B2 01 0C 00\n< 6A 83\n", Format::Text),
        ("> 00 B2 01 0C 00\n< 6A 83 : Record not found.\n", Format::Scriptor),
        ("Sending: 00 B2 01 0C 00\nReceived: 6A 83\n", Format::Text),
        ("Sending: 00 B2 01 0C 00\nReceived (SW1=0x6A, SW2=0x83)\n", Format::OpenSc),
        ("APDU: 00 B2 01 0C 00\nSW: 6A 83\n", Format::Text),
        ("May 14 18:41:50 host pcscd[33]: 00000005 APDU: 00 B2 01 0C 00\n", Format::Pcscd),
        ("C:00B2010C00\nR:6A83\n", Format::Text),
        ("C:00B2010C00:6A83:\n", Format::Cardpeek),
        ("send: 00B2010C00\nRecv: 6A83\n", Format::Text),
        ("INFO send: 00B2010C00 [Case 2S]\nINFO Recv: 6A83  [Error]\n", Format::Cardpeek),
    ];
    for (text, format) in cases {
        assert_eq!(Format::detect(text.as_bytes()), Some(format), "{text}");
    }
    for nothing in ["", "words only", "a:b:c", "\u{0}\u{1}", "emvident"] {
        assert_eq!(Format::detect(nothing.as_bytes()), None, "{nothing}");
    }
}

/// Lines made of the parts of which logs are made.
fn log() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[0-9A-Fa-f ]{0,24}",
        "(00|80)(A4|B2|A8|AE|20|C0)[0-9A-F]{4}(00|02)?",
        "(6F|70|77)[0-9A-F]{0,12}(9000|6A82|6103|6C05)?",
        "(->|<-|>>>>|<<<<|>|<|C-APDU: |R-APDU: |APDU: |SW: |SW1=|SW2=|Data: |CLA: |Lc: |Le: |Sending: |Received \\(SW1=0x|SW2=0x90\\):|C:|R:|:|\\||Rdr|Tag|\\*\\*|\\.\\.\\.)",
        "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})? ",
        "\\PC{0,8}",
    ];
    let line = prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat());
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

/// Nothing that is read may break what the reader promises.
fn check(bytes: &[u8]) {
    for format in Format::ALL.map(Some).into_iter().chain([None]) {
        let Ok(trace) = trace::read(bytes, format) else { continue };
        let mut numbers = 1;
        for joined in trace.joined() {
            assert_eq!(*joined.numbers.start(), numbers);
            numbers = joined.numbers.end() + 1;
        }
        assert_eq!(numbers, trace.exchanges.len() + 1);
        assert!(trace.exchanges.windows(2).all(|pair| pair[0].line <= pair[1].line));
        assert!(trace.skipped.iter().all(|skipped| skipped.line > 0 && skipped.column > 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_breaks_a_reader(text in log()) {
        check(text.as_bytes());
    }

    #[test]
    fn no_bytes_break_a_reader(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn no_damage_breaks_a_reader(which: prop::sample::Index, at: prop::sample::Index, value: u8, cut: prop::sample::Index, shorten: bool) {
        let samples = samples();
        let (_, sample) = which.get(&samples);
        let mut bytes = sample.clone();
        let at = at.index(bytes.len());
        bytes[at] = value;
        if shorten {
            bytes.truncate(cut.index(bytes.len()));
        }
        check(&bytes);
    }

    /// What is written in hex comes back, whatever it is, if it is labelled.
    #[test]
    fn labelled_bytes_come_back(pairs in prop::collection::vec((prop::collection::vec(any::<u8>(), 4..64), prop::collection::vec(any::<u8>(), 2..64)), 1..8), spaced: bool) {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(if spaced { " " } else { "" });
        let text: String = pairs.iter().map(|(command, response)| format!("-> {}\n<- {}\n", hex(command), hex(response))).collect();
        let trace = trace::read(text.as_bytes(), Some(Format::Text)).unwrap();
        prop_assert_eq!(trace.exchanges.len(), pairs.len());
        for (exchange, (command, response)) in trace.exchanges.iter().zip(&pairs) {
            prop_assert_eq!(exchange.command.as_bytes(), command);
            prop_assert_eq!(exchange.response.as_deref(), Some(&response[..]));
        }
        prop_assert_eq!(trace.skipped.total(), 0);
    }
}
