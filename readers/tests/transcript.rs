//! Transcripts through the front door: what is written is read, what is wrong is named, what ran runs again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at what is wrong")]

use std::{collections::BTreeMap, time::Duration};

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Response, StatusWord};
use emvident_readers::{
    Recording, Tape, Transcript,
    transcript::{Configuration, Header, Line, RecordedCommand},
    wait,
};
use proptest::prelude::*;

const PURCHASE: &str = "\
emvident transcript 1
# a purchase that ends early
terminal: demo
terminal-hash: 5a1f
| [terminal]
|
| country = 156
atr: 3B600000
pin-pad: yes
amount: 1000
currency: 156

: Please wait
> 00A40400 07 A0000000041010 00
< 6F03880101 9000 1234us
> 00200080 08 ****************
< 63C2 50211us
? choose-application 1:CREDIT 2:借记卡
= 1
# the reader's own pad
% 4 12 30000000us
< 6401 5000us
> 80CA9F36 00
! removed
";

/// One answer for every kind of call, from the tape.
fn run(card: &mut impl Card, tape: &Tape, recording: &Recording) -> Result<(), Fault> {
    tape.notice("Please wait")?;
    recording.notice("Please wait");
    wait(card.transmit(&Command::select(&[0xA0, 0, 0, 0, 4, 0x10, 0x10]).unwrap()))?;
    wait(card.transmit(&Command::verify(0x80, &[0x24, 0x56, 0x78, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).unwrap()))?;
    let question = "choose-application 1:CREDIT 2:借记卡";
    recording.question(question);
    recording.answer(&tape.answer(question)?);
    recording.comment("the reader's own pad");
    wait(card.verify_on_pin_pad(&PinPadRequest::default()))?;
    wait(card.transmit(&Command::get_data(0x9F36))).map(|_| ())
}

#[test]
fn a_transcript_reads_as_it_is_written() {
    let transcript = Transcript::parse(PURCHASE).unwrap();
    assert_eq!(transcript.to_string(), PURCHASE);
    let configuration = transcript.header.configuration.unwrap();
    assert_eq!(configuration.text.as_deref(), Some("[terminal]\n\ncountry = 156"));
    assert_eq!(transcript.header.atr, [0x3B, 0x60, 0, 0]);
    assert_eq!(transcript.lines[7], Line::Comment("the reader's own pad".to_owned()));
}

#[test]
fn a_replay_recorded_again_gives_the_same_bytes() {
    let tape = Tape::new(Transcript::parse(PURCHASE).unwrap());
    let recording = Recording::new(tape.header());
    let mut card = recording.card(tape.card());
    assert!(card.has_pin_pad());
    assert_eq!(run(&mut card, &tape, &recording), Err(Fault::Removed));
    assert!(tape.is_at_end());
    assert_eq!(recording.transcript().to_string(), PURCHASE);
}

#[test]
fn another_command_is_a_difference_for_good() {
    let tape = Tape::new(Transcript::parse(PURCHASE).unwrap());
    tape.notice("Please wait").unwrap();
    let other = wait(tape.card().transmit(&Command::get_data(0x9F17)));
    assert_eq!(other, Err(Fault::RecordingDiffers));
    let difference = tape.difference().unwrap();
    assert_eq!(difference.to_string(), "event 2: recorded \"> 00A40400 07 A0000000041010 00\", now \"> 80CA9F17 00\"");
    let right = wait(tape.card().transmit(&Command::select(&[0xA0, 0, 0, 0, 4, 0x10, 0x10]).unwrap()));
    assert_eq!(right, Err(Fault::RecordingDiffers));
    assert!(!tape.is_at_end());
}

#[test]
fn a_difference_never_shows_a_pin() {
    let tape = Tape::new(Transcript::parse(PURCHASE).unwrap());
    let verify = Command::verify(0x80, &[0x24, 0x56, 0x78, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).unwrap();
    assert_eq!(wait(tape.card().transmit(&verify)), Err(Fault::RecordingDiffers));
    assert_eq!(tape.difference().unwrap().wanted, "> 00200080 08 ****************");
}

#[test]
fn the_same_header_with_another_length_is_another_command() {
    let text = "emvident transcript 1\n\n> 00200088 02 ****\n< 9000 1us\n";
    let play = |data: &[u8]| {
        let tape = Tape::new(Transcript::parse(text).unwrap());
        wait(tape.card().transmit(&Command::verify(0x88, data).unwrap())).map(|exchange| exchange.response.status())
    };
    assert_eq!(play(&[1, 2]), Ok(StatusWord::OK));
    assert_eq!(play(&[1, 2, 3]), Err(Fault::RecordingDiffers));
}

#[test]
fn questions_and_the_end_are_checked_too() {
    let tape = |text: &str| Tape::new(Transcript::parse(&format!("emvident transcript 1\n\n{text}")).unwrap());
    assert_eq!(tape("? pin\n= yes\n").answer("amount"), Err(Fault::RecordingDiffers));
    assert_eq!(tape("? pin\n").answer("pin"), Err(Fault::RecordingEnds));
    assert_eq!(tape("? pin\n: so\n").answer("pin"), Err(Fault::RecordingDiffers));
    assert_eq!(tape("# only words\n").notice("hello"), Err(Fault::RecordingEnds));
    assert!(tape("# only words\n").is_at_end());
    let cut = wait(tape("> 80CA9F36 00\n").card().transmit(&Command::get_data(0x9F36)));
    assert_eq!(cut, Err(Fault::RecordingEnds));
}

#[test]
fn a_pin_in_a_file_is_not_kept() {
    let text = "emvident transcript 1\n\n> 0020008008241234FFFFFFFFFF\n> 8C24000004AABBCCDD\n";
    let written = Transcript::parse(text).unwrap().to_string();
    assert_eq!(written, "emvident transcript 1\n\n> 00200080 08 ****************\n> 8C240000 04 ********\n");
}

#[test]
fn errors_say_where_and_what() {
    let cases = [
        ("", "line 1, column 1: expected \"emvident transcript 1\", found the end of the line"),
        (
            "emvident transcript 2\n",
            "line 1, column 1: expected \"emvident transcript 1\", found \"emvident transcript 2\"",
        ),
        (
            "+> 00A4",
            "line 2, column 1: expected \"key: value\", or an empty line before the first event, found \"> 00A4\"",
        ),
        (
            "+| [terminal]",
            "line 2, column 1: expected \"terminal: NAME\" before the terminal's text, found \"| [terminal]\"",
        ),
        ("+atr: 3G", "line 2, column 6: expected two hexadecimal digits, found \"3G\""),
        ("+pin-pad: no", "line 2, column 9: expected \"yes\", found \" no\""),
        ("+amount: 1\namount: 2", "line 3, column 1: expected a key that was not there before, found \"amount: 2\""),
        ("+\n> 00A404000", "line 3, column 11: expected two hexadecimal digits, found \"0\""),
        (
            "+\n> 00A4040002AA",
            "line 3, column 2: expected a command of 4 to 261 bytes whose Lc fits, found \" 00A4040002AA\"",
        ),
        (
            "+\n> 0020**80 01 ** **",
            "line 3, column 2: expected a command of 4 to 261 bytes whose Lc fits, found \" 0020**80 01 ** **\"",
        ),
        ("+\n< 9000", "line 3, column 3: expected a time such as 1234us, found \"9000\""),
        ("+\n< 90 12us", "line 3, column 2: expected 2 to 258 bytes of response, found \" 90 \""),
        ("+\n< ** 9000 12us", "line 3, column 2: expected bytes that are not masked, found \" ** 9000 \""),
        ("+\n% 4 999 1us", "line 3, column 5: expected a number of digits, found \"999\""),
        ("+\n! gone", "line 3, column 2: expected a fault's name, found \" gone\""),
        ("+\n?no space", "line 3, column 2: expected a space, found \"no space\""),
        ("+\n= 借\\x", "line 3, column 4: expected one of the escapes \\\\ \\n \\t \\u{…}, found \"\\\\x\""),
        ("+\n\n$ 1", "line 4, column 1: expected one of > < ! % ? = : #, found \"$ 1\""),
    ];
    for (text, message) in cases {
        let text = text.replace('+', "emvident transcript 1\n");
        assert_eq!(Transcript::parse(&text).unwrap_err().to_string(), message, "{text:?}");
    }
}

#[test]
fn awkward_text_stays_on_its_line_and_visible() {
    let transcript = |text: &str| Transcript { lines: vec![Line::Answer(text.to_owned())], ..Transcript::default() };
    let written = |text: &str| transcript(text).to_string().replace("emvident transcript 1\n\n", "");
    assert_eq!(written(""), "=\n");
    assert_eq!(written("a b "), "= a b\\u{20}\n");
    assert_eq!(written("C:\\pos\n\t\r"), "= C:\\\\pos\\n\\t\\u{d}\n");
    assert_eq!(written("\u{1b}[2J\u{202e}évil\u{2028}"), "= \\u{1b}[2J\\u{202e}évil\\u{2028}\n");
}

#[test]
fn a_parameter_never_passes_for_a_header_key() {
    let parameters = BTreeMap::from([("atr", "x"), ("Point of: sale", "7"), ("", "nameless")]);
    let parameters = parameters.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let transcript = Transcript { header: Header { parameters, ..Header::default() }, lines: Vec::new() };
    let text = transcript.to_string();
    assert!(text.contains("\n\\u{61}tr: x\n"), "{text}");
    assert_eq!(Transcript::parse(&text).unwrap(), transcript);
}

fn command() -> impl Strategy<Value = Command> {
    let data = prop::collection::vec(any::<u8>(), 0..=255);
    (any::<[u8; 4]>(), data, any::<Option<u8>>())
        .prop_map(|(header, data, le)| Command::new(header, &data, le).unwrap())
}

fn exchange() -> impl Strategy<Value = Exchange> {
    let bytes = prop::collection::vec(any::<u8>(), 2..=258);
    (bytes, any::<u64>()).prop_map(|(bytes, micros)| Exchange {
        response: Response::from_bytes(&bytes).unwrap(),
        elapsed: Duration::from_micros(micros),
    })
}

fn fault() -> impl Strategy<Value = Fault> {
    use Fault::*;
    let named = vec![
        ServiceDown,
        NoReader,
        UnknownReader,
        Unplugged,
        Busy,
        NoPermission,
        Absent,
        Mute,
        Unpowered,
        BadAtr,
        Reset,
        Removed,
        Protocol,
        Transmission,
        Timeout,
        Cancelled,
        BufferShort,
        Length,
        Internal,
        RecordingEnds,
        RecordingDiffers,
        Unsupported,
    ];
    prop_oneof![prop::sample::select(named), any::<u32>().prop_map(|code| Other { code })]
}

fn line() -> impl Strategy<Value = Line> {
    let pin_pad = (any::<u8>(), any::<u8>(), any::<u64>()).prop_map(|(min_digits, max_digits, micros)| PinPadRequest {
        min_digits,
        max_digits,
        timeout: Duration::from_micros(micros),
    });
    prop_oneof![
        command().prop_map(|command| Line::Command(RecordedCommand::from(&command))),
        pin_pad.prop_map(Line::PinPad),
        exchange().prop_map(Line::Response),
        fault().prop_map(Line::Fault),
        any::<String>().prop_map(Line::Question),
        any::<String>().prop_map(Line::Answer),
        any::<String>().prop_map(Line::Notice),
        any::<String>().prop_map(Line::Comment),
    ]
}

fn header() -> impl Strategy<Value = Header> {
    let configuration = (any::<String>(), any::<String>(), any::<Option<String>>())
        .prop_map(|(name, hash, text)| Configuration { name, hash, text });
    let parameters = prop::collection::btree_map(any::<String>(), any::<String>(), 0..4);
    let comments = prop::collection::vec(any::<String>(), 0..3);
    (comments, prop::option::of(configuration), any::<Vec<u8>>(), any::<bool>(), parameters).prop_map(
        |(comments, configuration, atr, pin_pad, parameters)| Header {
            comments,
            configuration,
            atr,
            pin_pad,
            parameters,
        },
    )
}

proptest! {
    #[test]
    fn whatever_is_recorded_is_read_again(header in header(), lines in prop::collection::vec(line(), 0..8)) {
        let transcript = Transcript { header, lines };
        let text = transcript.to_string();
        prop_assert_eq!(&Transcript::parse(&text).unwrap(), &transcript);
        prop_assert_eq!(Transcript::parse(&text.replace('\n', "\r\n")).unwrap(), transcript);
    }

    #[test]
    fn no_text_brings_the_reader_down(text in any::<String>()) {
        let _ = Transcript::parse(&text);
        let _ = Transcript::parse(&format!("emvident transcript 1\n{text}"));
        let _ = Transcript::parse(&format!("emvident transcript 1\n\n{text}"));
    }

    #[test]
    fn no_event_brings_the_reader_down(text in "\n[><!%?=:#] ?([0-9A-Fa-f*]{2} ?|[ a-z0-9\\\\{}]){0,24}") {
        if let Ok(transcript) = Transcript::parse(&format!("emvident transcript 1\n{text}")) {
            prop_assert_eq!(Transcript::parse(&transcript.to_string()).unwrap(), transcript);
        }
    }
}
