//! Traces through the front door: every format gives the purchase that is in it, by itself and when told.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at what is wrong")]

use std::{fs, path::Path, time::Duration};

use emvident_readers::trace::{self, Format, Reason, Trace};

fn sample(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/traces").join(name)).unwrap()
}

/// The sample, read as what it is found to be.
fn read(name: &str) -> Trace {
    trace::read(&sample(name), None).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn upper(bytes: &[u8]) -> String {
    hex::encode_upper(bytes)
}

/// Commands and responses as text, for a message that can be read.
fn apdus(trace: &Trace) -> Vec<String> {
    let response = |exchange: &trace::Exchange| exchange.response.as_deref().map_or("none".to_owned(), upper);
    trace.exchanges.iter().map(|exchange| format!("{} {}", upper(&exchange.command), response(exchange))).collect()
}

fn joined(trace: &Trace) -> Vec<String> {
    let response = |joined: &trace::Joined<'_>| joined.response.as_deref().map_or("none".to_owned(), upper);
    trace.joined().iter().map(|joined| format!("{} {}", upper(&joined.command), response(joined))).collect()
}

const ATR: &str = "3B6500002063CB6800";

#[test]
fn every_format_gives_the_purchase_that_is_in_it() {
    let purchase = apdus(&read("purchase.json"));
    assert_eq!(purchase.len(), 11);
    let samples = [
        ("purchase.json", Format::Json, Some(ATR)),
        ("bare.txt", Format::Text, None),
        ("arrows.log", Format::Text, None),
        ("words.log", Format::Text, Some(ATR)),
        ("one-line.csv", Format::Text, None),
        ("chinese.log", Format::Text, None),
        ("pcscd.log", Format::Pcscd, Some(ATR)),
        ("opensc-tool.txt", Format::OpenSc, None),
        ("opensc-debug.log", Format::OpenSc, None),
        ("scriptor.txt", Format::Scriptor, Some(ATR)),
        ("gscriptor.txt", Format::Scriptor, None),
        ("cardpeek.clf", Format::Cardpeek, Some(ATR)),
    ];
    for (name, format, atr) in samples {
        let bytes = sample(name);
        assert_eq!(Format::detect(&bytes), Some(format), "{name}");
        for trace in [read(name), trace::read(&bytes, Some(format)).unwrap()] {
            assert_eq!(apdus(&trace), purchase, "{name}");
            assert_eq!(trace.atr.as_deref().map(upper).as_deref(), atr, "{name}");
            assert_eq!(trace.format, format);
        }
    }
}

#[test]
fn lines_lead_back_to_the_file() {
    for name in [
        "purchase.json",
        "bare.txt",
        "arrows.log",
        "words.log",
        "chinese.log",
        "pcscd.log",
        "scriptor.txt",
        "opensc-tool.txt",
    ] {
        let text = String::from_utf8(sample(name)).unwrap();
        for exchange in &read(name).exchanges {
            let line: String = text.lines().nth(exchange.line - 1).unwrap().split([' ', ':']).collect();
            assert!(line.to_uppercase().contains(&upper(&exchange.command)), "{name}, line {}", exchange.line);
        }
    }
}

#[test]
fn times_are_told_where_the_trace_has_them() {
    let micros = |name: &str| -> Vec<u128> {
        read(name).exchanges.iter().map(|exchange| exchange.elapsed.map_or(0, |elapsed| elapsed.as_micros())).collect()
    };
    let expected = [31_250, 40_117, 52_001, 28_870, 61_200, 45_310, 60_950, 33_012, 15_420, 80_411, 95_210];
    assert_eq!(micros("arrows.log"), expected);
    assert_eq!(micros("pcscd.log"), expected);
    assert_eq!(micros("purchase.transcript"), expected);
    assert_eq!(micros("one-line.csv"), [0; 11]);
    // The tag answers 20 000 periods of the carrier, or 1.5 ms, after the end of the command, and takes its time to speak.
    let listed = read("proxmark-table.txt");
    assert!(
        listed.exchanges.iter().all(|exchange| exchange.elapsed.is_some_and(|time| time > Duration::from_millis(1)))
    );
}

#[test]
fn nothing_is_dropped_silently() {
    let counts = |name: &str| read(name).skipped.by_reason().collect::<Vec<_>>();
    assert_eq!(counts("bare.txt"), []);
    assert_eq!(counts("chinese.log"), []);
    assert_eq!(counts("arrows.log"), [(Reason::Words, 2)]);
    // The heading, and "Response data: none" twice.
    assert_eq!(counts("words.log"), [(Reason::Comment, 1), (Reason::Words, 2)]);
    assert_eq!(counts("one-line.csv"), [(Reason::Words, 1)]);
    // Two lines at the start, four around every exchange.
    assert_eq!(counts("pcscd.log"), [(Reason::Words, 46)]);
    assert_eq!(counts("opensc-tool.txt"), [(Reason::Words, 1)]);
    assert_eq!(counts("opensc-debug.log"), [(Reason::Words, 33)]);
    // Three lines at the start and RESET.
    assert_eq!(counts("scriptor.txt"), [(Reason::Words, 4)]);
    assert_eq!(counts("gscriptor.txt"), [(Reason::Words, 13)]);
    assert_eq!(counts("cardpeek.clf"), [(Reason::Comment, 3)]);
}

#[test]
fn a_transcript_keeps_everything_but_the_pin() {
    let trace = read("purchase.transcript");
    let purchase = read("purchase.json");
    assert_eq!(trace.format, Format::Transcript);
    assert_eq!(trace.transcript.as_ref().unwrap().header.parameters["amount"], "1000");
    assert_eq!(trace.atr.as_deref().map(upper).as_deref(), Some(ATR));
    for (own, other) in trace.exchanges.iter().zip(&purchase.exchanges) {
        assert_eq!(own.response, other.response);
        if own.command.is_secret() {
            assert_eq!((upper(&own.command).as_str(), own.command.hidden()), ("0020008008", 8));
        } else {
            assert_eq!(own.command, other.command);
        }
    }
    let lines: Vec<usize> = trace.exchanges.iter().map(|exchange| exchange.line).collect();
    assert_eq!(lines, (7..29).step_by(2).collect::<Vec<_>>());
    assert_eq!(trace.skipped.total(), 0);
}

#[test]
fn a_transcript_survives_the_way_through_text() {
    let transcript = read("purchase.transcript").transcript.unwrap();
    let trace = trace::read(transcript.to_string().as_bytes(), None).unwrap();
    assert_eq!(trace.transcript.as_ref(), Some(&transcript));
    assert_eq!(apdus(&trace), apdus(&read("purchase.transcript")));
}

#[test]
fn blocks_of_iso_14443_are_unpacked() {
    // The same commands and responses, as the client's own log and as a plain list have them.
    let expected = apdus(&read("proxmark-emv.txt"));
    assert_eq!(expected.len(), 10);
    assert!(expected[0].starts_with("00A404000E325041592E5359532E444446303100 6F"));
    let table = read("proxmark-table.txt");
    assert_eq!(table.format, Format::Proxmark);
    assert_eq!(apdus(&table), expected);
    assert_eq!(apdus(&read("proxmark-7816.txt")), expected);
    let counts: Vec<_> = table.skipped.by_reason().collect();
    // A command that was not heard, a response asked for again.
    assert_eq!(counts, [(Reason::Words, 7), (Reason::LinkLayer, 19), (Reason::Repeated, 2)]);
}

#[test]
fn a_frame_with_a_wrong_checksum_is_not_used() {
    let text = String::from_utf8(sample("proxmark-table.txt")).unwrap();
    let damaged = text.replacen("02  6F  30", "02  6F  31", 1).replacen("03  6F  2B", "03  6F! 2B", 1);
    assert_ne!(damaged, text);
    let trace = trace::read(damaged.as_bytes(), None).unwrap();
    let missing = trace.exchanges.iter().filter(|exchange| exchange.response.is_none()).count();
    assert!(missing > 0 && trace.exchanges.len() == 10);
    assert!(trace.skipped.by_reason().any(|(reason, _)| reason == Reason::CommandWithoutResponse));
    assert!(trace.skipped.by_reason().any(|(reason, _)| matches!(reason, Reason::Damaged | Reason::LinkLayer)));
}

#[test]
fn captures_hold_t_0_conversations() {
    let expected = apdus(&read("t0.txt"));
    for name in ["gsmtap.pcap", "gsmtap.pcapng"] {
        let trace = read(name);
        assert_eq!(trace.format, Format::Capture, "{name}");
        assert_eq!(trace.atr.as_deref().map(upper).as_deref(), Some(ATR), "{name}");
        assert_eq!(apdus(&trace), expected, "{name}");
    }
    // DNS and the radio interface; protocol selection.
    let counts: Vec<_> = read("gsmtap.pcap").skipped.by_reason().collect();
    assert_eq!(counts, [(Reason::LinkLayer, 1), (Reason::OtherProtocol, 2)]);
}

#[test]
fn a_capture_that_breaks_off_is_read_up_to_there() {
    let bytes = sample("gsmtap.pcap");
    let whole = read("gsmtap.pcap");
    let cut = trace::read(&bytes[..bytes.len() - 300], None).unwrap();
    assert!(cut.exchanges.len() < whole.exchanges.len() && !cut.exchanges.is_empty());
    assert!(cut.skipped.by_reason().any(|(reason, count)| (reason, count) == (Reason::Damaged, 1)));
}

#[test]
fn t_0_conversations_join_to_what_was_meant() {
    let expected: Vec<String> = apdus(&read("purchase.json")).iter().map(|line| without_le(line)).collect();
    for name in ["t0.txt", "t0-wire.txt", "gsmtap.pcap"] {
        let trace = read(name);
        let got: Vec<String> = joined(&trace).iter().map(|line| without_le(line)).collect();
        assert_eq!(got, expected, "{name}");
        let numbers = trace.joined().iter().flat_map(|joined| joined.numbers.clone()).collect::<Vec<_>>();
        assert_eq!(numbers, (1..=trace.exchanges.len()).collect::<Vec<_>>(), "{name}");
    }
    // Where nothing is to be joined, everything stays.
    let plain = read("purchase.json");
    assert_eq!(joined(&plain), apdus(&plain));
}

/// A case 4 command of T=0 goes without Le.
fn without_le(line: &str) -> String {
    let (command, response) = line.split_once(' ').unwrap();
    let bytes = hex::decode(command).unwrap();
    let end = if bytes.len() > 5 { 5 + usize::from(bytes[4]) } else { 4 };
    format!("{} {response}", upper(&bytes[..end]))
}

#[test]
fn a_cardpeek_window_cuts_long_rows_short() {
    let trace = read("cardpeek.log");
    assert_eq!(trace.format, Format::Cardpeek);
    let select = &trace.exchanges[0];
    assert_eq!((upper(&select.command).as_str(), select.response.is_none()), ("00A4040007A000000003101000", true));
    assert!(trace.exchanges.iter().any(|exchange| upper(&exchange.command) == "80CA9F1700"
        && exchange.response.as_deref() == Some(&[0x9F, 0x17, 1, 3, 0x90, 0])));
    assert!(trace.skipped.by_reason().any(|(reason, count)| reason == Reason::Elided && count > 5));
}

#[test]
fn nothing_shown_tells_a_pin_or_a_card_number() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/traces")).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for format in Format::ALL {
            let shown = format!("{:?}", trace::read(&bytes, Some(format)));
            // The PIN block, the card number, in hex and in decimal as a list of bytes prints.
            for secret in ["1234FF", "12 34 FF", "4761739001", "47 61 73", "71, 97, 115", "241234", "36, 18, 52"] {
                assert!(!shown.contains(secret), "{secret} in {shown}");
            }
        }
    }
}

#[test]
fn a_log_of_windows_is_read_too() {
    let text = String::from_utf8(sample("arrows.log")).unwrap().replace('\n', "\r\n");
    let utf_16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(apdus(&trace::read(&utf_16, None).unwrap()), apdus(&read("arrows.log")));
}

#[test]
fn formats_have_names() {
    for format in Format::ALL {
        assert_eq!(Format::parse(format.id()), Some(format));
        assert_eq!(Format::parse(&format.to_string().to_uppercase()), Some(format));
    }
    assert_eq!(Format::parse("xml"), None);
}
