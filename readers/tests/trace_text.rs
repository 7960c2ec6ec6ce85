//! Logs as people paste them: what is an exchange, and what happens to everything else.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at what is wrong")]

use emvident_readers::trace::{self, Format, Reason, Trace};

fn read(text: &str) -> Trace {
    trace::read(text.as_bytes(), Some(Format::Text)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Commands and responses, `-` for none.
fn apdus(text: &str) -> Vec<(String, String)> {
    let response = |bytes: &[u8]| hex::encode_upper(bytes);
    let pair = |exchange: &trace::Exchange| {
        (hex::encode_upper(&*exchange.command), exchange.response.as_deref().map_or("-".to_owned(), response))
    };
    read(text).exchanges.iter().map(pair).collect()
}

fn skipped(text: &str) -> Vec<(usize, Reason)> {
    read(text).skipped.iter().map(|skipped| (skipped.line, skipped.reason)).collect()
}

const SELECT: &str = "00A4040007A000000003101000";
const FCI: &str = "6F098407A00000000310109000";
const READ: &str = "00B2010C00";
const NO_RECORD: &str = "6A83";

fn select_and_read() -> Vec<(String, String)> {
    [(SELECT, FCI), (READ, NO_RECORD)].map(|(command, response)| (command.to_owned(), response.to_owned())).to_vec()
}

#[test]
fn one_log_in_many_shapes() {
    let logs = [
        // One hex line each way, in many spellings.
        "00A4040007A000000003101000\n6F098407A00000000310109000\n00B2010C00\n6A83\n",
        "00 a4 04 00 07 a0 00 00 00 03 10 10 00\r\n6f 09 84 07 a0 00 00 00 03 10 10 90 00\r\n\r\n00 b2 01 0c 00\r\n6a 83\r\n",
        "00:A4:04:00:07:A0:00:00:00:03:10:10:00\n6F:09:84:07:A0:00:00:00:03:10:10:90:00\n00:B2:01:0C:00\n6A:83",
        "0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10, 0x00\n6F-09-84-07-A0-00-00-00-03-10-10-90-00\n0x00B2010C00\n0x6A83\n",
        "00A40400 07 A0000000031010 00\n6F098407A0000000031010 9000\n00B2010C 00\n6A83\n",
        // Arrows.
        "-> 00A4040007A000000003101000\n<- 6F098407A00000000310109000\n-> 00B2010C00\n<- 6A83\n",
        ">> 00A4040007A000000003101000\n<< 6F098407A00000000310109000\n>> 00B2010C00\n<< 6A83\n",
        "> 00A4040007A000000003101000\n< 6F098407A00000000310109000\n> 00B2010C00\n< 6A83\n",
        "--> 00A4040007A000000003101000 (SELECT)\n<-- 6F098407A00000000310109000 [OK]\n--> 00B2010C00 (READ RECORD)\n<-- 6A83 record not found\n",
        "=> 00A4040007A000000003101000\n<= 6F098407A00000000310109000 12 ms\n=> 00B2010C00\n<= 6A83 7 ms\n",
        "→ 00A4040007A000000003101000\n← 6F098407A00000000310109000\n→ 00B2010C00\n← 6A83\n",
        "Terminal -> Card: 00A4040007A000000003101000\nCard -> Terminal: 6F098407A00000000310109000\nTerminal -> Card: 00B2010C00\nCard -> Terminal: 6A83\n",
        // Words.
        "C-APDU: 00A4040007A000000003101000\nR-APDU: 6F098407A00000000310109000\nC-APDU: 00B2010C00\nR-APDU: 6A83\n",
        "send: 00A4040007A000000003101000\nresp: 6F098407A00000000310109000\nsend: 00B2010C00\nresp: 6A83\n",
        "Tx 00A4040007A000000003101000\nRx 6F098407A00000000310109000\nTx 00B2010C00\nRx 6A83\n",
        "TX (13): [00 A4 04 00 07 A0 00 00 00 03 10 10 00]\nRX (13): [6F 09 84 07 A0 00 00 00 03 10 10 90 00]\nTX (5): [00 B2 01 0C 00]\nRX (2): [6A 83]\n",
        "APDU: 00A4040007A000000003101000\nSW: 6F098407A00000000310109000\nAPDU: 00B2010C00\nSW: 6A83\n",
        "Request = {0x00,0xA4,0x04,0x00,0x07,0xA0,0x00,0x00,0x00,0x03,0x10,0x10,0x00}\nReply = {0x6F,0x09,0x84,0x07,0xA0,0x00,0x00,0x00,0x03,0x10,0x10,0x90,0x00}\nRequest = {0x00,0xB2,0x01,0x0C,0x00}\nReply = {0x6A,0x83}\n",
        "发送：00A4040007A000000003101000\n接收：6F098407A00000000310109000\n发送：00B2010C00\n接收：6A83\n",
        "I/EmvKernel( 1234): 12:00:01.100 Command APDU (SELECT): 00A4040007A000000003101000\nI/EmvKernel( 1234): 12:00:01.150 Response APDU (13 bytes): 6F098407A00000000310109000\nI/EmvKernel( 1234): 12:00:02.000 Command APDU (READ RECORD): 00B2010C00\nI/EmvKernel( 1234): 12:00:02.020 Response APDU (2 bytes): 6A83\n",
        "2024-05-01 12:00:01,100 INFO pos - sending 13 bytes to card: 00A4040007A000000003101000\n2024-05-01 12:00:01,150 INFO pos - received 13 bytes from card: 6F098407A00000000310109000\n2024-05-01 12:00:02,100 INFO pos - sending 5 bytes to card: 00B2010C00\n2024-05-01 12:00:02,150 INFO pos - received 2 bytes from card: 6A83\n",
        // Label and hex on lines of their own.
        "Command:\n00A4040007A000000003101000\nResponse:\n6F098407A00000000310109000\nCommand:\n00B2010C00\nResponse:\n6A83\n",
        // Data and status word apart.
        "-> 00A4040007A000000003101000\nData: 6F098407A0000000031010\nSW: 9000\n-> 00B2010C00\nSW: 6A83\n",
        "-> 00A4040007A000000003101000\nData: 6F098407A0000000031010 SW: 9000\n-> 00B2010C00\nData: SW: 6A83\n",
        "-> 00A4040007A000000003101000\n<- 6F098407A0000000031010, SW1=90, SW2=00\n-> 00B2010C00\n<- SW1=6A, SW2=83\n",
        "-> 00A4040007A000000003101000\n<- 6F098407A00000000310109000\n   SW: 9000\n-> 00B2010C00\n<- 6A83\n   SW1 SW2: 6A83\n",
        // Both on one line.
        "00A4040007A000000003101000 -> 6F098407A00000000310109000\n00B2010C00 -> 6A83\n",
        "00A4040007A000000003101000;6F098407A00000000310109000\n00B2010C00;6A83\n",
        "00A4040007A000000003101000 6F098407A00000000310109000\n00B2010C00 6A83\n",
        "00A4040007A000000003101000,6F098407A00000000310109000\n00B2010C00,6A83\n",
        "C: 00A4040007A000000003101000 R: 6F098407A00000000310109000\nC: 00B2010C00 R: 6A83\n",
        "#1 APDU=00A4040007A000000003101000 SW=6F098407A00000000310109000\n#2 APDU=00B2010C00 SW=6A83\n",
        "<exchange><command>00A4040007A000000003101000</command><response>6F098407A00000000310109000</response></exchange>\n<exchange><command>00B2010C00</command><response>6A83</response></exchange>\n",
        // A command in fields.
        "CLA: 00 INS: A4 P1: 04 P2: 00 Lc: 07 Data: A0000000031010 Le: 00\nResponse: 6F098407A00000000310109000\nCLA: 00 INS: B2 P1: 01 P2: 0C Le: 00\nResponse: 6A83\n",
        "CLA = 00\nINS = A4\nP1 = 04\nP2 = 00\nLc = 07\nData = A0000000031010\nLe = 00\nResponse: 6F098407A00000000310109000\n> 00B2010C00\n< 6A83\n",
        // Long lines wrapped.
        "-> 00 A4 04 00 07 A0 00 00\n   00 03 10 10 00\n<- 6F 09 84 07 A0 00 00 00\n   03 10 10 90 00\n-> 00 B2 01 0C 00\n<- 6A 83\n",
        "00A4040007A000\n000003101000\n6F098407A0000000031010\n9000\n00B2010C00\n6A83\n",
        // Names of commands in front, no sign of direction.
        "SELECT VISA 00A4040007A000000003101000\n6F098407A00000000310109000\nREAD RECORD 00B2010C00\n6A83\n",
        "[12:00:01.123] 00A4040007A000000003101000\n[12:00:01.223] 6F098407A00000000310109000\n[12:00:02.123] 00B2010C00\n[12:00:02.223] 6A83\n",
        // Colours.
        "\u{1b}[34m> 00A4040007A000000003101000\u{1b}[0m\n\u{1b}[32m< 6F098407A00000000310109000\u{1b}[0m\n> 00B2010C00\n< 6A83\n",
    ];
    for log in logs {
        assert_eq!(apdus(log), select_and_read(), "{log}");
        assert_eq!(Format::detect(log.as_bytes()), Some(Format::Text), "{log}");
    }
}

#[test]
fn a_labelled_command_counts_however_broken() {
    // Lc too large: what the terminal did wrong is what matters.
    let log = "-> 80A8000008830401560156\n<- 6700\n-> 80AE\n<- 6700\n-> 80AE8000\n<- 6700\n";
    assert_eq!(
        apdus(log),
        [("80A8000008830401560156".to_owned(), "6700".to_owned()), ("80AE8000".to_owned(), "6700".to_owned())]
    );
    assert_eq!(skipped(log), [(3, Reason::TooShort), (4, Reason::ResponseWithoutCommand)]);
}

#[test]
fn a_cut_response_is_kept_as_it_is() {
    let log = "-> 00B2010C00\n<- 70819381\n-> 00B2020C00\n<- 6A83\n";
    assert_eq!(apdus(log)[0], ("00B2010C00".to_owned(), "70819381".to_owned()));
    assert_eq!(read(log).exchanges[0].status().unwrap().0, 0x9381);
    assert_eq!(read(log).exchanges.len(), 2);
}

#[test]
fn what_is_not_used_is_counted_with_the_reason() {
    let cases = [
        (
            "> 00B2010C00\n< 6A83\n# done\n; done\n// done\n",
            vec![(3, Reason::Comment), (4, Reason::Comment), (5, Reason::Comment)],
        ),
        ("start of log\n> 00B2010C00\n< 6A83\nend 12:30\n", vec![(1, Reason::Words), (4, Reason::Words)]),
        (
            "> 00B2010C00\n< 6A8\n> 00B2020C00\n< 6A83\n",
            vec![(1, Reason::CommandWithoutResponse), (2, Reason::OddDigits)],
        ),
        (
            "> 00B2010C00\n< 7003 9F3 9000\n> 00B2020C00\n< 6A83\n",
            vec![(1, Reason::CommandWithoutResponse), (2, Reason::OddDigits)],
        ),
        (
            "> 00B2010C0\n< 6A83\n> 00B2020C00\n< 6A83\n",
            vec![(1, Reason::OddDigits), (2, Reason::ResponseWithoutCommand)],
        ),
        ("> 00B2010C00\n> 00B2020C00\n< 6A83\n", vec![(1, Reason::CommandWithoutResponse)]),
        ("> 00B2010C00\n< 6A83\n< 6A83\n", vec![(3, Reason::ResponseWithoutCommand)]),
        ("> 00B2010C00\n< 90\n", vec![(1, Reason::CommandWithoutResponse), (2, Reason::TooShort)]),
        (
            "> 00A404000E3250...\n< 6A83\n> 00B2020C00\n< 6A83\n",
            vec![(1, Reason::Elided), (2, Reason::ResponseWithoutCommand)],
        ),
        (
            "> 00B2010C00\n< 70 5A 08 ** ** ** 01 19 90 00\n",
            vec![(1, Reason::CommandWithoutResponse), (2, Reason::Masked)],
        ),
        ("00B2010C00\n6A83\n0102030405060708\n", vec![(3, Reason::NotAnApdu)]),
        ("00B2010C00\n6A83\n6A83\n", vec![(3, Reason::ResponseWithoutCommand)]),
        ("> 00B2010C00\n< 70039F01009000\nData: 9F0100\n", vec![(3, Reason::Repeated)]),
        ("> 00B2010C00\n< 6A83\nAID A0000000031010 selected, TVR 0000008000\n", vec![(3, Reason::Words)]),
    ];
    for (log, expected) in cases {
        assert_eq!(skipped(log), expected, "{log}");
    }
}

#[test]
fn what_is_skipped_shows_where_and_no_digit() {
    let trace = read("> 00B2010C00\n< 6A83\n→ 0020008008 24123 FF\n> 00B2020C00\n");
    let odd = &trace.skipped[0];
    assert_eq!(
        (odd.line, odd.column, odd.reason, odd.excerpt.as_str()),
        (3, 13, Reason::OddDigits, "→ ********** ***** FF")
    );
    let lonely = &trace.skipped[1];
    assert_eq!((lonely.line, lonely.reason, lonely.excerpt.as_str()), (4, Reason::CommandWithoutResponse, "00B2020C"));
    let trace = read("< 70035A01479000\n> 00B2020C00\n< 6A83\n");
    assert_eq!((trace.skipped[0].reason, trace.skipped[0].excerpt.as_str()), (Reason::ResponseWithoutCommand, "9000"));
}

#[test]
fn a_pin_that_the_log_hides_is_known_to_be_hidden() {
    for log in [
        "> 00200080 08 ****************\n< 9000\n",
        "> 00 20 00 80 08 ** ** ** ** ** ** ** **\n< 9000\n",
        "> 0020008008XXXXXXXXXXXXXXXX\n< 9000\n",
        "> 00200080 08 [PIN]\n< 9000 1234us\n",
    ] {
        let trace = read(log);
        assert_eq!(
            (trace.exchanges[0].command.hidden(), trace.exchanges.len(), trace.skipped.total()),
            (8, 1, 0),
            "{log}"
        );
        assert_eq!(trace.exchanges[0].status().unwrap().0, 0x9000);
    }
}

#[test]
fn prose_does_not_become_an_apdu() {
    let log = "C-APDU: 80A8000002830000\nPDOL data: 8300\nR-APDU: 7700 9000\nStatus of TVR: 0000008000\nTrack 2 data: 4761739001010119D2812201\n";
    assert_eq!(apdus(log), [("80A8000002830000".to_owned(), "77009000".to_owned())]);
    let log = "Card inserted\n00B2010C00\n6A83\nCard removed\n";
    assert_eq!(apdus(log), [(READ.to_owned(), NO_RECORD.to_owned())]);
}

#[test]
fn procedure_bytes_are_exchanges_of_their_own() {
    let log =
        "Tx: 00A4040007\nRx: A4\nTx: A0000000031010\nRx: 610B\nTx: 00C000000B\nRx: C06F098407A00000000310109000\n";
    let trace = read(log);
    assert_eq!(trace.exchanges.len(), 3);
    let joined = trace.joined();
    assert_eq!(joined.len(), 1);
    assert_eq!(hex::encode_upper(&**joined[0].command), "00A4040007A0000000031010");
    assert_eq!(joined[0].response.as_deref().map(hex::encode_upper).as_deref(), Some(FCI));
    assert_eq!((joined[0].numbers.clone(), joined[0].line), (1..=3, 1));
}

#[test]
fn a_pin_behind_a_procedure_byte_is_secret_too() {
    let trace = read("Tx: 0020008008\nRx: 20\nTx: 241234FFFFFFFFFF\nRx: 9000\n");
    assert!(trace.exchanges[1].command.is_secret());
    assert!(!format!("{trace:?}").contains("1234"));
    assert!(trace.joined()[0].command.is_secret());
    assert!(!format!("{:?}", trace.joined()).contains("1234"));
}

#[test]
fn other_conversations_join_as_the_books_say() {
    let cases: [(&str, &[(&str, &str)]); 6] = [
        // 61xx twice.
        (
            "> 00B2010C00\n< 6103\n> 00C0000003\n< 7002009F6102\n> 00C0000002\n< 01029000\n",
            &[("00B2010C00", "7002009F01029000")],
        ),
        // 6Cxx, asked again; then a wrong length that nobody follows.
        (
            "> 00B2010C00\n< 6C03\n> 00B2010C03\n< 7001009000\n> 00B2020C00\n< 6C05\n> 80CA9F1700\n< 6A88\n",
            &[("00B2010C00", "7001009000"), ("00B2020C00", "6C05"), ("80CA9F1700", "6A88")],
        ),
        // 6Cxx to GET RESPONSE.
        (
            "> 80A80000028300\n< 6110\n> 00C0000010\n< 6C04\n> 00C0000004\n< 800200009000\n",
            &[("80A80000028300", "800200009000")],
        ),
        // A warning with data behind it stays the status word.
        ("> 00A4040002A000\n< 6283\n> 00C0000000\n< 6F009000\n", &[("00A4040002A000", "6F006283")]),
        // GET RESPONSE that fails ends the command.
        ("> 00A4040002A000\n< 6110\n> 00C0000010\n< 6F00\n", &[("00A4040002A000", "6F00")]),
        // GET RESPONSE that nobody asked for stays.
        ("> 00A4040002A000\n< 9000\n> 00C0000010\n< 6985\n", &[("00A4040002A000", "9000"), ("00C0000010", "6985")]),
    ];
    for (log, expected) in cases {
        let trace = read(log);
        let joined = trace.joined();
        let got: Vec<(String, String)> = joined
            .iter()
            .map(|joined| {
                (hex::encode_upper(&**joined.command), hex::encode_upper(joined.response.as_deref().unwrap()))
            })
            .collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(got, expected, "{log}");
    }
}
