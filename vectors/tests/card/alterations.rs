//! Alterations after signing and on the way.

use apdu::{Command, Fault, tag};
use emvident_vectors::{Alteration, SoftwareCard, profile};

use crate::terminal::{Terminal, altered, bytes};

#[test]
fn records_change_where_their_tags_are() {
    let terminal = altered("cda", &["set 9F08=0099", "duplicate 5F24", "record 1.1 remove 5F20"]).start();
    assert_eq!(terminal.values[&tag::APPLICATION_VERSION_CARD_9F08], bytes("0099"));
    assert!(!terminal.values.contains_key(&tag::CARDHOLDER_NAME_5F20));
    let date = bytes("5F2403491231");
    assert_eq!(terminal.static_data.windows(6).filter(|window| **window == date).count(), 2);
    assert_eq!(altered("cda", &["record 2.1 drop"]).start_status(2, 1), 0x6A83);
    assert_eq!(altered("cda", &["record 2.1 template 77"]).read(2, 1)[0], 0x77);
    assert_eq!(altered("cda", &["record 2.1 truncate 1"]).read(2, 1).last(), Some(&0x01));
    assert_eq!(altered("cda", &["record 2.1 replace AB"]).read(2, 1), [0xAB]);
    assert_eq!(altered("cda", &["record 11.1 replace 8001AB"]).read(11, 1), bytes("8001AB"));
}

impl Terminal {
    fn start_status(&mut self, sfi: u8, number: u8) -> u16 {
        self.select();
        self.send(&Command::read_record(sfi, number)).1
    }

    fn read(mut self, sfi: u8, number: u8) -> Vec<u8> {
        self.select();
        self.done(&Command::read_record(sfi, number))
    }
}

#[test]
fn selection_and_options_announce_what_they_are_told_to() {
    let mut terminal =
        altered("pse", &["fci set A5/50=58", "fci remove 9F38", "pse set 88=0B", "directory 1 remove 50"]);
    assert_eq!(terminal.select(), bytes("6F11 8407F0000E4D560001 A506 500158 870101"));
    let pse = terminal.send_hex("00A404000E315041592E5359532E444446303100").0;
    assert!(pse.windows(3).any(|window| window == [0x88, 0x01, 0x0B]));
    assert_eq!(terminal.send_hex("00B2010C00").0, bytes("700E 610C 4F07F0000E4D560001 870101"));
    let mut terminal = altered("sda", &["aip FFFF", "afl 08010100"]);
    terminal.select();
    assert_eq!(terminal.send_hex("80A8000002830000").0, bytes("8006FFFF08010100"));
}

#[test]
fn an_announced_aip_is_not_the_one_the_card_counts_with() {
    let honest = Terminal::named("sda").start().first_ac(0x80);
    let mut lying = altered("sda", &["aip 7C00"]).start();
    assert_eq!(lying.first_ac(0x80), honest);
    assert_eq!(lying.values[&tag::AIP_82], bytes("7C00"));
}

#[test]
fn answers_change_by_number_and_by_command() {
    let mut terminal = altered("cda", &["answer #1 sw 6A82"]);
    assert_eq!(terminal.status("00A4040007F0000E4D56000100"), 0x6A82);
    assert_eq!(terminal.status("00A4040007F0000E4D56000100"), 0x9000);
    let mut terminal = altered("cda", &["answer gac:2 sw 6F00"]).start();
    terminal.first_ac(0x80);
    let data = terminal.fill(&terminal.values[&tag::CDOL2_8D]);
    assert_eq!(terminal.send(&Command::generate_ac(0x40, &data).unwrap()), (vec![], 0x6F00));
    let mut terminal = altered("cda", &["answer select status 6283", "answer select truncate 3"]);
    let (fci, status) = terminal.send_hex("00A4040007F0000E4D56000100");
    assert_eq!((fci.len(), status), (Terminal::named("cda").select().len() - 3, 0x6283));
    let mut terminal = altered("cda", &["answer gac remove 9F4B"]).start();
    terminal.first_ac(0x90);
    assert!(!terminal.values.contains_key(&tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B));
    let mut terminal = altered("cda", &["answer challenge replace 01020304"]);
    terminal.select();
    assert_eq!(terminal.send_hex("0084000000").0, bytes("01020304"));
}

#[test]
fn a_card_can_be_pulled_at_any_command() {
    let mut terminal = altered("cda", &["answer gpo fault removed"]);
    terminal.select();
    let command = Command::get_processing_options(&bytes("8306E0F0C8015622")).unwrap();
    assert_eq!(terminal.card.answer(&command), Err(Fault::Removed));
}

#[test]
fn an_alteration_that_applies_to_nothing_is_an_error() {
    for (text, missing) in [
        ("remove 9F46", "record with 9F46"),
        ("record 9.1 drop", "record 9.1"),
        ("record 1.1 remove 9F46", "record 1.1 with 9F46"),
        ("directory 1 drop", "record 1 in a payment system directory"),
        ("pse remove 88", "FCI with 88 of a payment system directory"),
        ("ppse remove 84", "FCI with 84 of a contactless directory"),
        ("fci remove 9F46", "FCI with 9F46 of an application"),
    ] {
        let card = profile("no-oda").unwrap().altered(text.parse().unwrap());
        let error = SoftwareCard::new(&card).unwrap_err().to_string();
        assert_eq!(error, format!("nothing on this card to alter: no {missing}"), "{text}");
    }
}

#[test]
fn alterations_deserialise_from_their_text() {
    use serde::Deserialize;
    use serde::de::value::{Error, StrDeserializer};
    let read = |text: &str| Alteration::deserialize(StrDeserializer::<Error>::new(text));
    assert_eq!(read("remove 5A").unwrap(), "remove 5A".parse().unwrap());
    assert!(read("remove 5").unwrap_err().to_string().ends_with("a tag is two, four or six hexadecimal digits"));
}

#[test]
fn a_card_personalised_otherwise_still_holds_together() {
    let features = [
        "with label=TWO WORDS",
        "with methods=sda+dda",
        "with issuer-key=143/3",
        "with icc-key=128/3",
        "with authority=E5",
        "with cdol1=9F02069F37049F3303",
        "with expiration=301231",
        "with pan=4111111111111111",
        "with formats=222",
        "with first=at-most-arqc",
        "with data=9F79:000000010000",
    ];
    let mut terminal = altered("cda", &features).start();
    assert_eq!(terminal.values[&tag::APPLICATION_LABEL_50], b"TWO WORDS");
    assert_eq!(terminal.values[&tag::AIP_82], bytes("7C00"));
    assert_eq!(terminal.values[&tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90].len(), 143);
    assert_eq!(terminal.values[&tag::SIGNED_STATIC_APPLICATION_DATA_93].len(), 143);
    assert_eq!(terminal.values[&tag::APPLICATION_EXPIRATION_DATE_5F24], bytes("301231"));
    assert_eq!(terminal.values[&tag::TRACK_2_EQUIVALENT_DATA_57][..10], bytes("4111111111111111D301"));
    assert_eq!(terminal.send_hex("80CA9F7900").0, bytes("9F7906000000010000"));
    let challenge = Command::internal_authenticate(&[1, 2, 3, 4]).unwrap();
    assert_eq!(terminal.done(&challenge)[0], 0x77);
    terminal.first_ac(0x40);
    assert_eq!(terminal.cid(), 0x80);
}
