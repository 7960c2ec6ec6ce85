//! The command itself: where bytes come from, and what it says and ends with when they are wrong.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use emvident::decode::Kind;

fn decode(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emvident"));
    command.arg("decode").args(arguments).env("LC_ALL", "C");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The program may end without reading.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn bytes_come_from_arguments_files_and_standard_input() {
    let expected = said(&decode(&["9F36020001"], b""));
    assert!(expected.0.contains("9F36 Application transaction counter (ATC): 0001 (1)"), "{}", expected.0);
    assert_eq!(expected.2, Some(0));
    assert_eq!(said(&decode(&["9F", "36", "02", "00", "01"], b"")), expected);
    assert_eq!(said(&decode(&["-"], b"9f36 02 # the counter\n0001\n")), expected);
    assert_eq!(said(&decode(&["-"], &[0x9F, 0x36, 0x02, 0x00, 0x01])), expected, "bytes themselves");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("decode-{}", std::process::id()));
    fs::write(&file, "9F:36:02:00:01").unwrap();
    assert_eq!(said(&decode(&[file.to_str().unwrap()], b"")), expected);
    fs::remove_file(&file).unwrap();
}

#[test]
fn what_can_be_read_is_printed_with_what_is_wrong() {
    let (page, complaint, status) = said(&decode(&["--as", "tlv", "9F360200019F0206"], b""));
    assert!(page.contains("0001 (1)") && page.contains("9F02 Amount, authorised (numeric)"), "{page}");
    assert_eq!(complaint, "emvident: byte 8: the value needs 6 bytes and 0 are there\n");
    assert_eq!(status, Some(3));
}

#[test]
fn input_that_is_none_is_refused_in_one_line() {
    let refused = |arguments: &[&str], complaint: &str| {
        let (page, said, status) = said(&decode(arguments, b""));
        assert_eq!((page.as_str(), status), ("", Some(3)), "{arguments:?}");
        assert!(said.contains(complaint), "{said}");
    };
    refused(&["9F3"], "neither hexadecimal digits nor a file: 3 digits are no whole bytes");
    refused(&["nothing-of-that-name"], "neither hexadecimal digits nor a file: line 1, character 1: 'n' is no");
    refused(&["-"], "-: no hexadecimal digit");
    refused(&["--as", "tvrs", "00"], "a tag or one of the names in `emvident decode --help` needed");
    refused(&["--context", "maestro", "00"], "one of emv, visa, mastercard");
    refused(&["--aid", "A000", "00"], "10 to 32 hexadecimal digits needed");
    refused(&["--ins", "B", "00"], "two hexadecimal digits needed");
}

#[test]
fn options_decide_how_bytes_are_read() {
    let page = |arguments: &[&str]| said(&decode(arguments, b"")).0;
    assert!(page(&["--ins", "B2", "6A83"]).contains("the record is not there"));
    assert!(page(&["--context", "mastercard", "9F6E", "--as", "9F6E", "08400000303100"]).contains("country"));
    assert!(page(&["--rid", "A000000003", "--as", "9F6E", "20800000"]).contains("form factor: card"));
    assert!(page(&["--as", "currency", "EUR"]).contains("Euro (EUR 978)"));
    assert!(page(&["--lang", "zh-CN", "--as", "tvr", "8000000000"]).contains("终端验证结果（TVR）"));
    let json: serde_json::Value = serde_json::from_str(&page(&["--json", "8000048000"])).unwrap();
    assert_eq!(json["kind"], "tvr");
    assert_eq!(json["detected"], true);
    assert_eq!(json["nodes"][0]["children"][0]["bit"], "1.8");
    assert_eq!(json["nodes"][0]["children"][0]["table"], "tvr");
}

#[test]
fn certificates_of_software_cards_are_opened_with_the_keys_that_come_with_the_program() {
    let (objects, _) = super::chain::objects_of("sda");
    let (page, _, status) = said(&decode(&["-"], hex::encode(objects).as_bytes()));
    assert_eq!(status, Some(0), "{page}");
    for words in ["recovered with the key", "issuer identifier: ", "data authentication code: "] {
        assert!(page.contains(words), "no \"{words}\" in {page}");
    }
}

#[test]
fn help_names_every_kind() {
    let (help, _, status) = said(&decode(&["--help"], b""));
    assert_eq!(status, Some(0));
    let words: String = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for name in Kind::names() {
        assert!(words.contains(name), "{name}");
    }
    assert!(words.contains("Examples:"));
}
