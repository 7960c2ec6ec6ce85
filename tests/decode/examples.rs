//! One example for each kind: what it says in English, and that the program finds the kind out by itself where it can.

use emvident::{
    decode::{Decoder, Kind},
    text::Language,
};

use super::{decoded, lines};

/// Kind, bytes, and lines of the page, in order but not all of them.
type Example = (&'static str, &'static str, &'static [&'static str]);

fn holds(examples: &[Example]) {
    for (kind, hex, expected) in examples {
        let found = lines(&decoded(kind, hex), Language::En);
        let mut rest = found.iter();
        for line in *expected {
            assert!(rest.any(|found| found == line), "{kind} {hex}: no \"{line}\" in order in {found:#?}");
        }
    }
}

#[test]
fn terminals_speak_in_bits() {
    holds(&[
        (
            "tvr",
            "8000048000",
            &[
                "95 Terminal verification results (TVR): 8000048000",
                "1.8 Offline data authentication was not performed",
                "3.3 Online verification captured",
                "4.8 Floor limit exceeded",
            ],
        ),
        (
            "tsi",
            "F801",
            &[
                "1.8 Offline data authentication was performed",
                "1.4 Terminal risk management was performed",
                "2.1 reserved, yet set",
            ],
        ),
        (
            "terminal-capabilities",
            "E0B0C8",
            &[
                "1.8 Manual key entry",
                "2.8 Plaintext PIN to the card",
                "2.5 PIN to the card, enciphered with RSA",
                "3.4 CDA",
            ],
        ),
        (
            "additional-terminal-capabilities",
            "F000F0A001",
            &["1.5 Cashback", "3.5 Function keys", "4.8 Prints for the attendant", "5.1 Code table 1"],
        ),
        ("terminal-type", "22", &["operated by: merchant", "environment: attended, offline with online capability"]),
        (
            "ttq",
            "36804000",
            &[
                "1.6 EMV mode supported",
                "2.8 Online cryptogram required",
                "3.7 Verification by the consumer’s device supported",
            ],
        ),
        (
            "ttq-unionpay",
            "66004080",
            &["1.7 Full contactless transaction flow supported", "4.8 fDDA version 1 supported"],
        ),
        (
            "terminal-risk-management-data",
            "6C7A80C000000000",
            &[
                "1.7 Online PIN (contactless)",
                "3.8 Contactless mag-stripe mode not supported",
                "4.7 Exempt from strong customer authentication",
            ],
        ),
        ("reader-capabilities", "C8", &["modes: EMV and mag-stripe mode", "1.4 Cardholder verification required"]),
        (
            "enhanced-reader-capabilities",
            "D8E00003",
            &["1.8 Contact mode supported", "2.6 Signature supported", "kernel version: 2.7 or later"],
        ),
        (
            "outcome-parameter-set",
            "30F0F020A8F0FF00",
            &[
                "outcome: online request",
                "start: not applicable",
                "cardholder verification: online PIN",
                "5.6 Data record present",
                "other interface: not applicable",
            ],
        ),
        ("error-indication", "000300698500", &["card error (L2): status word", "SW1: 69", "SW2: 85"]),
        ("error-indication", "00020000001C", &["message: “Insert, swipe or try another card”"]),
        (
            "user-interface-request",
            "17040000136465656E00000000200000000012340978",
            &[
                "message: “Card read, please remove it”",
                "reader: card read",
                "hold time, in 100 ms: 000013 (13)",
                "languages: 6465656E00000000",
                "language: 6465 (German (de))",
                "language: 656E (English (en))",
                "the value is: 20 (a balance)",
                "value: 000000001234 (1234)",
                "currency: 0978 (Euro (EUR 978))",
            ],
        ),
        (
            "user-interface-request",
            "FFFF0000130000000000000000000000000000000000",
            &["message: not applicable", "reader: not applicable"],
        ),
    ]);
}

#[test]
fn cards_speak_in_bits() {
    holds(&[
        (
            "aip",
            "5C00",
            &[
                "1.7 SDA supported",
                "1.5 Cardholder verification supported",
                "1.4 Terminal risk management to be performed",
                "1.3 Issuer authentication by EXTERNAL AUTHENTICATE",
            ],
        ),
        (
            "auc",
            "FF80",
            &["1.8 Valid for domestic cash", "1.1 Valid at terminals other than ATMs", "2.8 Domestic cashback allowed"],
        ),
        ("cid", "80", &["cryptogram: ARQC: go online", "reason: no information"]),
        ("cid", "0A", &["cryptogram: AAC: declined", "1.4 Advice required", "reason: PIN try limit exceeded"]),
        (
            "ctq",
            "B080",
            &[
                "1.8 Online PIN required",
                "1.5 Use the contact chip if offline data authentication fails",
                "2.8 The consumer’s device verified its holder",
            ],
        ),
        (
            "form-factor",
            "23880000",
            &[
                "version: 1",
                "form factor: phone",
                "2.8 Can take a passcode",
                "2.4 Two-way messaging",
                "technology: contactless",
            ],
        ),
        (
            "third-party-data",
            "0840003031310102",
            &[
                "country: 0840 (United States of America (US 840))",
                "identifier: 0030",
                "device type: 3131 (\"11\")",
                "payment system’s own data: 0102",
            ],
        ),
        (
            "kernel-identifier",
            "83015600",
            &["kind of kernel: domestic, in EMVCo’s format", "kernel: 3", "extended identifier: 0156"],
        ),
        (
            "card-processing-requirements",
            "8044",
            &["1.8 Online PIN required", "2.7 Go online if CDA failed", "2.3 Decline if the application has expired"],
        ),
        ("87", "82", &["1.8 Cardholder must confirm", "priority: 2"]),
    ]);
}

#[test]
fn issuers_are_told_by_the_card() {
    holds(&[
        (
            "iad",
            "06010A03A4B802",
            &[
                "9F10 Issuer application data: 06010A03A4B802 (Visa format 0, 1 or 3)",
                "version: 10",
                "second cryptogram: not asked for",
                "first cryptogram: ARQC: go online",
                "2.3 Offline PIN was verified",
                "3.8 Last online transaction not completed",
                "3.4 Issuer authentication failed in the last online transaction",
                "4.2 DDA was performed",
            ],
        ),
        (
            "iad",
            "1F220100A00000008008000000000000000000000000000000000000000000FF",
            &["(Visa format 2 or 4)", "format: 2", "verified by: nobody", "first cryptogram: ARQC: go online"],
        ),
        (
            "iad",
            "0110A04003240000000000000000000000FF",
            &[
                "session key: Mastercard session key",
                "card verification results (CVR): A04003240000",
                "2.7 CDA signature with the first cryptogram",
                "PIN tries left: 3",
                "4.6 No offline PIN was verified",
                "4.3 International transaction",
            ],
        ),
        (
            "iad",
            "0FA501A23000000000000000000000000F000000000000000000000000000000",
            &["cipher: Triple DES", "1.2 Issuer authentication was not performed", "PIN tries left: 3"],
        ),
        (
            "iad",
            "07010103A0A010010A010000000000A1B2C3D4",
            &[
                "9F10 Issuer application data: 07010103A0A010010A010000000000A1B2C3D4 (UnionPay or PBOC)",
                "script commands: 1",
                "algorithm: 01 (Triple DES)",
                "issuer’s own data: 010000000000A1B2C3D4",
            ],
        ),
        (
            "91",
            "11223344556677883030",
            &["response cryptogram (ARPC): 1122334455667788", "response code: 3030 (\"00\")"],
        ),
    ]);
}

#[test]
fn lists_are_taken_apart() {
    holds(&[
        (
            "dol",
            "9F02069F1A0295059F3704",
            &[
                "9F02 Amount, authorised (numeric): 6 bytes",
                "95 Terminal verification results (TVR): 5 bytes",
                "9F37 Unpredictable number: 4 bytes",
            ],
        ),
        (
            "tag-list",
            "829F36",
            &["82 Application interchange profile (AIP)", "9F36 Application transaction counter (ATC)"],
        ),
        (
            "afl",
            "0801010010010301",
            &[
                "records 1: 08010100",
                "short file identifier: 1",
                "records 2: 10010301",
                "last record: 3",
                "signed records: 1",
            ],
        ),
        (
            "cvm-list",
            "000003E8000000004103420E1F00",
            &[
                "amount X: 000003E8 (1000 minor units)",
                "method: PIN to the card in the clear",
                "if it fails: next rule",
                "method: No verification needed",
                "if it fails: verification fails",
            ],
        ),
        ("cvm-results", "420300", &["method: PIN to the issuer", "when: if the terminal can do it", "result: unknown"]),
        ("cvm-results", "3F0001", &["method: no method performed", "result: failed"]),
        ("5F2D", "7A68656E", &["language: 7A68 (Chinese (zh))", "language: 656E (English (en))"]),
        ("script-results", "2000000001", &["result: successful", "script identifier: 00000001"]),
    ]);
}

#[test]
fn plain_values_are_said_plainly() {
    holds(&[
        ("date", "251231", &["9A Transaction date: 251231 (2025-12-31)"]),
        ("time", "235958", &["9F21 Transaction time: 235958 (23:59:58)"]),
        ("amount", "000000012345", &["9F02 Amount, authorised (numeric): 000000012345 (12345 minor units)"]),
        ("transaction-type", "09", &["9C Transaction type: 09 (purchase with cashback)"]),
        ("entry-mode", "05", &["9F39 Point-of-service (POS) entry mode: 05 (chip)"]),
        ("merchant-category", "5411", &["9F15 Merchant category code: 5411 (Grocery shops and supermarkets (5411))"]),
        ("merchant-category", "3001", &["9F15 Merchant category code: 3001 (Airlines, one code each (3001))"]),
        (
            "service-code",
            "0201",
            &["5F30 Service code: 0201 (201)", "use: international", "has a chip: yes", "PIN: no PIN needed"],
        ),
        ("response-code", "3035", &["8A Authorisation response code: 3035 (\"05\" do not honour)"]),
        (
            "response-code",
            "5933",
            &["8A Authorisation response code: 5933 (\"Y3\" unable to go online, approved offline)"],
        ),
        ("aid", "A0000003330101", &["9F06 Application identifier (AID) - terminal: A0000003330101 (UnionPay)"]),
        ("5F28", "0156", &["5F28 Issuer country code: 0156 (China (CN 156))"]),
        ("5F2A", "0978", &["5F2A Transaction currency code: 0978 (Euro (EUR 978))"]),
        ("9F36", "00FF", &["9F36 Application transaction counter (ATC): 00FF (255)"]),
        ("iso8859-5", "BCB8C0", &["characters: BCB8C0 (\"МИР\")"]),
        ("gb18030", "D2F8C1AA", &["characters: D2F8C1AA (\"银联\")"]),
    ]);
}

#[test]
fn codes_are_looked_up_by_letters_and_digits() {
    let said = |kind: Kind, text: &str| lines(&Decoder::default().decode_text(text, kind), Language::En).join("; ");
    assert_eq!(said(Kind::Country, "de"), "input: Germany (DE 276)");
    assert_eq!(said(Kind::Country, "DEU"), "input: Germany (DE 276)");
    assert_eq!(said(Kind::Country, "276"), "input: Germany (DE 276)");
    assert_eq!(said(Kind::Currency, "CNY"), "input: Chinese yuan (CNY 156)");
    assert_eq!(said(Kind::Language, "zho"), "input: Chinese (zh)");
    assert!(said(Kind::Currency, "XYZ").contains("no such code is known"));
}

#[test]
fn commands_and_responses_are_taken_apart() {
    holds(&[
        (
            "command",
            "00A4040007A000000003101000",
            &[
                "command: SELECT",
                "P1: 04 (by name)",
                "84 Dedicated file (DF) name: A0000000031010 (Visa credit/debit)",
                "Le: 00 (256 bytes)",
            ],
        ),
        ("command", "00B2011400", &["command: READ RECORD", "P1: 01 (1)", "P2: 14 (file 2)"]),
        ("command", "80CA9F1700", &["command: GET DATA", "9F17 PIN try counter"]),
        ("command", "80AE500002AABB00", &["command: GENERATE APPLICATION CRYPTOGRAM", "P1: 50 (TC: approved, signed)"]),
        (
            "response",
            "77099F2701409F360200019000",
            &["77 Response message template format 2: 9 bytes", "cryptogram: TC: approved", "status word: 9000 (done)"],
        ),
        (
            "response",
            "800E1C000801010010010100180104009000",
            &[
                "82 Application interchange profile (AIP): 1C00",
                "94 Application file locator (AFL): 080101001001010018010400",
            ],
        ),
        (
            "",
            "00000000000140025009781407250090009000",
            &["data: 0000000000014002500978140725009000", "status word: 9000 (done)"],
        ),
        ("status", "6A82", &["status word: 6A82 (file or application not found)"]),
    ]);
    let read_record = Decoder { instruction: Some(0xB2), ..Decoder::default() };
    let said = lines(&read_record.decode(&[0x6A, 0x83], Kind::StatusWord), Language::En);
    assert_eq!(said, ["status word: 6A83 (the record is not there; in a directory, the end)"]);
}

#[test]
fn answers_to_reset_are_read_character_by_character() {
    holds(&[
        (
            "atr",
            "3B6500002063CB6800",
            &[
                "TS: 3B (direct convention)",
                "T0: 65 (5 historical bytes)",
                "TB1: 00 (no programming voltage)",
                "extra guard time N: 0",
                "historical bytes: 2063CB6800",
            ],
        ),
        ("atr", "3B901100", &["clock rate conversion F: 372", "baud rate adjustment D: 1", "TD1: 00 (T=0)"]),
        (
            "atr",
            "3B6401000001020304",
            &["TB1: 01 (programming voltage)", "! breaks a rule: TB1 has to be there with 00 after a cold reset"],
        ),
        (
            "atr",
            "3B8F8001804F0CA000000306030001000000006A",
            &["historical bytes: 804F0CA00000030603000100000000 (MIFARE Classic 1K)", "TCK: 6A (right)"],
        ),
        ("atr", "3BE0000081", &["! ends before TD2, which was announced"]),
    ]);
}

#[test]
fn data_objects_are_read_with_their_surroundings() {
    holds(&[
        (
            "",
            "9F02060000000012349F03060000000000005F2A020156",
            &["9F02 Amount, authorised (numeric): 000000001234 (CNY 12.34)"],
        ),
        ("", "8407A00000000410109F6E0708400000303100", &["9F6E Third party data: 08400000303100"]),
        ("", "9F6604B6204000", &["9F66 Terminal transaction qualifiers (TTQ) (Visa): B6204000"]),
        (
            "",
            "71139F180411223344860A8418000005AABBCCDD11",
            &[
                "71 Issuer script template 1: 19 bytes",
                "9F18 Issuer script identifier: 11223344",
                "86 Issuer script command: 8418000005AABBCCDD11 (APPLICATION UNBLOCK)",
                "class: 84 (with secure messaging)",
            ],
        ),
    ]);
}

#[test]
fn a_payment_system_is_guessed_by_what_fits_and_not_against_it() {
    holds(&[
        ("tlv", "DF4F03123456", &["DF4F unknown data object: 123456"]),
        ("tlv", "DF4F039F3704", &["DF4F Electronic cash load log format (UnionPay): 9F3704"]),
        (
            "tlv",
            "9F5B0A20000000012000000002",
            &["9F5B Issuer script results: 20000000012000000002", "result: successful"],
        ),
        ("tlv", "9F5B039F3704", &["9F5B DSDOL (Mastercard): 9F3704", "9F37 Unpredictable number: 4 bytes"]),
    ]);
    assert_eq!(decoded("tlv", "DF4F03123456").problem(), None);
}

#[test]
fn kinds_are_found_out() {
    let found = |hex: &str| decoded("", hex).kind.name();
    assert_eq!(found("3B6500002063CB6800"), "atr");
    assert_eq!(found("00A4040007A000000003101000"), "command");
    assert_eq!(found("0084000000"), "command", "GET CHALLENGE is no empty data object");
    assert_eq!(found("9F3602001A9000"), "response", "90 00 is no empty certificate");
    assert_eq!(found("9F3602001A"), "tlv");
    assert_eq!(found("800E1C00080101001001010018010400"), "tlv");
    assert_eq!(found("9F02069F03069F1A0295055F2A029A039C019F3704"), "dol");
    assert_eq!(found("9F1A"), "tag-list");
    assert_eq!(found("6A82"), "status");
    assert_eq!(found("8000048000"), "tvr");
    assert_eq!(found("E0B0C8"), "terminal-capabilities");
    assert_eq!(found("5C00"), "aip");
    assert_eq!(found("22"), "terminal-type");
    assert_eq!(found("06010A03A0A000"), "iad");
    assert_eq!(found("080101001001010018010400"), "afl");
    assert_eq!(found("000000000000000042031E031F00"), "cvm-list");
    assert_eq!(found("A0000000031010"), "aid");
    assert_eq!(found("4761739001010119D22122011143804400000F"), "track2");
    assert_eq!(found("70819081"), "tlv", "a cut record is no bit string");
    assert!(decoded("", "8000048000").alternatives.contains(&Kind::from_name("9F40").unwrap()));
}

#[test]
fn wrong_input_is_read_as_far_as_possible_and_placed() {
    let cut = decoded("tlv", "70129F36020001950500000080009F0206000000");
    let problem = cut.problem().unwrap();
    assert_eq!((problem.offset, problem.key), (17, "value-cut"));
    let said = lines(&cut, Language::En);
    assert!(said.contains(&"! the value needs 6 bytes and 3 are there".to_owned()), "{said:#?}");
    assert!(said.contains(&"9F02 Amount, authorised (numeric): 000000".to_owned()), "{said:#?}");
    assert!(said.contains(&"9F36 Application transaction counter (ATC): 0001 (1)".to_owned()), "{said:#?}");
    let problem = |kind, hex| decoded(kind, hex).problem().map(|problem| (problem.key, problem.offset));
    assert_eq!(problem("tvr", "80000480"), Some(("length-exact", 0)));
    assert_eq!(problem("tlv", "9A0325133195050000000000"), Some(("no-such-day", 2)));
    assert_eq!(problem("tlv", "9F360200019F"), Some(("tag-cut", 5)));
    assert_eq!(problem("tlv", "9F368000"), Some(("length-indefinite", 2)));
    assert_eq!(problem("dol", "9F02069F37"), Some(("list-length-missing", 5)));
    assert_eq!(problem("afl", "08010100F80101"), Some(("afl-length", 0)));
    assert_eq!(problem("afl", "08010100F8010100"), Some(("afl-sfi", 4)));
    assert_eq!(problem("command", "00A4040007A000"), Some(("command-length", 4)));
    assert_eq!(problem("cvm-list", "000000"), Some(("cvm-amounts", 0)));
    assert_eq!(problem("response", "90"), Some(("response-short", 1)));
    assert_eq!(problem("tvr", "8000048000"), None);
    assert_eq!(problem("atr", "3B6401000001020304"), None, "a broken rule is a remark");
}
