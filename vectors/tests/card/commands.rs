//! Each command: what it does and how it refuses.

use apdu::{Command, tag};
use emvident_vectors::profile;

use crate::terminal::{Terminal, bytes};

#[test]
fn select_by_whole_and_partial_name_and_next() {
    let mut terminal = Terminal::named("two-applications");
    let name = |fci: &[u8]| hex::encode_upper(&fci[4..4 + usize::from(fci[3])]);
    let (fci, status) = terminal.send_hex("00A4040005A000000333");
    assert_eq!((name(&fci).as_str(), status), ("A000000333010101", 0x9000));
    assert_eq!(terminal.status("00A4040205A000000333"), 0x6A82);
    let (fci, _) = terminal.send_hex("00A4040007A000000003101000");
    assert_eq!(name(&fci), "A0000000031010");
    assert_eq!(terminal.status("00A4040005A000000004"), 0x6A82);
    assert_eq!(terminal.status("00A4040004A0000003"), 0x6A82);
    assert_eq!(terminal.status("00A4000002 3F00"), 0x6A86);
    assert_eq!(terminal.status("00A40401 05A000000333"), 0x6A86);
}

#[test]
fn the_directory_lists_the_applications() {
    let mut terminal = Terminal::named("two-applications");
    let (fci, status) = terminal.send_hex("00A404000E315041592E5359532E444446303100");
    assert_eq!(hex::encode_upper(&fci), "6F1C840E315041592E5359532E4444463031A50A8801015F2D047A68656E");
    assert_eq!(status, 0x9000);
    let (record, _) = terminal.send_hex("00B2010C00");
    assert_eq!(hex::encode_upper(&record), "701B61194F08A000000333010101500A50424F43204445424954870101");
    assert_eq!(terminal.status("00B2020C00"), 0x9000);
    assert_eq!(terminal.status("00B2030C00"), 0x6A83);
    assert_eq!(terminal.status("80A800000283 00"), 0x6985);
    assert_eq!(Terminal::named("cda").status("00A404000E315041592E5359532E444446303100"), 0x6A82);
}

#[test]
fn blocked_cards_and_applications_say_so() {
    let select = "00A4040007F0000E4D56000100";
    assert_eq!(Terminal::named("card-blocked").status(select), 0x6A81);
    let mut terminal = Terminal::named("application-blocked");
    let (fci, status) = terminal.send_hex(select);
    assert_eq!((fci[0], status), (0x6F, 0x6283));
    assert_eq!(terminal.status("80A80000088306 E0F0C8 0156 22 00"), 0x9000);
    let cdol = terminal.profile.applications[0].cdol1.clone();
    terminal.values.insert(tag::CDOL1_8C, cdol);
    terminal.first_ac(0x40);
    assert_eq!(terminal.cid(), 0x00);
}

#[test]
fn processing_options_move_the_counter_once_per_selection() {
    let mut terminal = Terminal::named("cda");
    assert_eq!(terminal.status("80A80000088306E0F0C801562200"), 0x6985);
    terminal.select();
    assert_eq!(terminal.send_hex("80CA9F3600").0, bytes("9F36020021"));
    for (refused, status) in [
        ("80A8000002830000", 0x6700),
        ("80A80000088305E0F0C801562200", 0x6700),
        ("80A8000003810100", 0x6A80),
        ("80A80100088306E0F0C801562200", 0x6A86),
        ("00A80000088306E0F0C801562200", 0x6E00),
    ] {
        assert_eq!(terminal.status(refused), status, "{refused}");
    }
    let (options, status) = terminal.send_hex("80A80000088306E0F0C801562200");
    assert_eq!(
        (hex::encode_upper(options), status),
        ("77128202 3D00 940C 08010100 10010201 18010400".replace(' ', ""), 0x9000)
    );
    assert_eq!(terminal.status("80A80000088306E0F0C801562200"), 0x6985);
    assert_eq!(terminal.send_hex("80CA9F3600").0, bytes("9F36020022"));
    let mut terminal = Terminal::named("sda");
    terminal.select();
    assert_eq!(terminal.send_hex("80A800000283 0000").0, bytes("800E 5C00 08010100 10010201 18010300"));
}

#[test]
fn records_are_there_or_not() {
    let mut terminal = Terminal::named("cda");
    assert_eq!(terminal.status("00B2010C00"), 0x6985);
    terminal.select();
    let (record, status) = terminal.send_hex("00B2010C00");
    assert_eq!((record[0], status), (0x70, 0x9000));
    assert_eq!(terminal.status("00B2020C00"), 0x6A83);
    assert_eq!(terminal.status("00B2012400"), 0x6A82);
    assert_eq!(terminal.status("00B2000C00"), 0x6A86);
    assert_eq!(terminal.status("00B2010D00"), 0x6A86);
}

#[test]
fn get_data_gives_counters_and_the_issuer_s_objects() {
    let mut terminal = Terminal::named("unionpay");
    terminal.select();
    assert_eq!(terminal.send_hex("80CA9F3600").0, bytes("9F36020021"));
    assert_eq!(terminal.send_hex("80CA9F1300").0, bytes("9F13020020"));
    assert_eq!(terminal.send_hex("80CA9F1700").0, bytes("9F170103"));
    assert_eq!(terminal.send_hex("80CA9F4F00").0[..3], bytes("9F4F19"));
    assert_eq!(terminal.send_hex("80CA9F5800").0, bytes("9F580103"));
    assert_eq!(terminal.status("80CA9F7900"), 0x6A88);
    assert_eq!(terminal.status("80CA005A00"), 0x6A88);
}

#[test]
fn a_plaintext_pin_is_counted_down_and_back() {
    let mut terminal = Terminal::named("cda");
    terminal.select();
    let (right, wrong) = ("0020008008241234FFFFFFFFFF", "0020008008249999FFFFFFFFFF");
    assert_eq!(terminal.status(right), 0x6985);
    assert_eq!(terminal.status("80A80000088306E0F0C801562200"), 0x9000);
    assert_eq!((terminal.status(wrong), terminal.status(right)), (0x63C2, 0x9000));
    assert_eq!(terminal.status("0020008008141234FFFFFFFFFF"), 0x6A80);
    assert_eq!(terminal.status("0020008108241234FFFFFFFFFF"), 0x6A86);
    assert_eq!(terminal.send_hex("80CA9F1700").0, bytes("9F170103"));
    assert_eq!([wrong, wrong, wrong, right].map(|pin| terminal.status(pin)), [0x63C2, 0x63C1, 0x63C0, 0x6983]);
    // Power off and on: still blocked. A new card: not.
    terminal.card.reset();
    terminal.select();
    assert_eq!(terminal.send_hex("80CA9F1700").0, bytes("9F170100"));
    assert_eq!(terminal.send_hex("80CA9F3600").0, bytes("9F36020022"));
    terminal.card.fresh();
    terminal.select();
    assert_eq!(terminal.send_hex("80CA9F1700").0, bytes("9F170103"));
    assert_eq!(terminal.send_hex("80CA9F3600").0, bytes("9F36020021"));
}

#[test]
fn challenges_differ_and_repeat_only_on_a_fresh_card() {
    let mut terminal = Terminal::named("cda");
    terminal.select();
    let (first, second) = (terminal.send_hex("0084000000").0, terminal.send_hex("0084000000").0);
    assert_ne!(first, second);
    terminal.card.fresh();
    terminal.select();
    assert_eq!(terminal.send_hex("0084000000").0, first);
}

#[test]
fn internal_authenticate_refuses_wrong_lengths_and_times() {
    let mut terminal = Terminal::named("dda");
    terminal.select();
    assert_eq!(terminal.status("00880000040102030400"), 0x6985);
    let mut terminal = terminal.start();
    assert_eq!(terminal.status("008800000301020300"), 0x6700);
    assert_eq!(terminal.status("00880000040102030400"), 0x9000);
    terminal.first_ac(0x80);
    assert_eq!(terminal.status("00880000040102030400"), 0x6985);
    assert_eq!(Terminal::named("sda").start().status("00880000040102030400"), 0x6D00);
}

#[test]
fn generate_ac_is_asked_twice_at_most() {
    let mut terminal = Terminal::named("cda").start();
    assert_eq!(terminal.status("80AE800003010203"), 0x6700);
    assert_eq!(terminal.send(&Command::generate_ac(0xC0, &[0; 29]).unwrap()).1, 0x6A86);
    terminal.first_ac(0x80);
    assert_eq!(terminal.cid(), 0x80);
    terminal.values.insert(tag::AUTHORISATION_RESPONSE_CODE_8A, b"00".to_vec());
    terminal.second_ac(0x40);
    assert_eq!(terminal.cid(), 0x40);
    let data = terminal.fill(&terminal.values[&tag::CDOL2_8D]);
    assert_eq!(terminal.send(&Command::generate_ac(0x40, &data).unwrap()).1, 0x6985);
    // A TC or AAC at once ends it as well.
    let mut terminal = Terminal::named("cda").start();
    terminal.first_ac(0x40);
    assert_eq!(terminal.cid(), 0x40);
    assert_eq!(terminal.send(&Command::generate_ac(0x40, &data).unwrap()).1, 0x6985);
    let mut terminal = Terminal::named("cda");
    terminal.select();
    assert_eq!(terminal.send(&Command::generate_ac(0x40, &data).unwrap()).1, 0x6985);
}

#[test]
fn cards_never_answer_higher_than_asked_unless_told_to() {
    let first = |name: &str, reference| {
        let mut terminal = Terminal::named(name).start();
        terminal.first_ac(reference);
        terminal.cid()
    };
    let asked = [0x00, 0x80, 0x40];
    assert_eq!(asked.map(|reference| first("cda", reference)), [0x00, 0x80, 0x40]);
    assert_eq!(asked.map(|reference| first("online-only", reference)), [0x00, 0x80, 0x80]);
    assert_eq!(asked.map(|reference| first("declines", reference)), [0x00, 0x00, 0x00]);
    let mut forced = crate::terminal::altered("cda", &["force first tc"]).start();
    forced.first_ac(0x00);
    assert_eq!(forced.cid(), 0x40);
}

#[test]
fn the_offline_card_goes_online_after_its_limit() {
    let mut card = Terminal::named("offline");
    let kinds = [(); 5].map(|()| {
        let mut terminal = Terminal::named("offline");
        std::mem::swap(&mut terminal.card, &mut card.card);
        let mut terminal = terminal.start();
        terminal.first_ac(0x40);
        std::mem::swap(&mut terminal.card, &mut card.card);
        terminal.cid()
    });
    assert_eq!(kinds, [0x40, 0x40, 0x80, 0x80, 0x80]);
}

#[test]
fn both_formats_carry_the_same_objects() {
    let mut one = Terminal::named("sda").start();
    assert_eq!(one.first_ac(0x80)[..2], bytes("8012"));
    let mut two = Terminal::named("visa-18").start();
    assert_eq!(two.first_ac(0x80)[..1], bytes("77"));
    for terminal in [one, two] {
        assert_eq!(terminal.values[&tag::ATC_9F36], bytes("0022"));
        assert_eq!(terminal.values[&tag::APPLICATION_CRYPTOGRAM_9F26].len(), 8);
        assert_eq!(terminal.values[&tag::ISSUER_APPLICATION_DATA_9F10].len(), 7);
    }
}

#[test]
fn approved_transactions_are_logged_newest_first() {
    let mut terminal = Terminal::named("unionpay").start();
    assert_eq!(terminal.status("00B2015C00"), 0x6A82);
    terminal.first_ac(0x40);
    let (record, status) = terminal.send_hex("00B2015C00");
    let format_length = emvident_vectors::dol::length(&terminal.send_hex("80CA9F4F00").0[3..]);
    assert_eq!((record.len(), status), (format_length, 0x9000));
    assert_eq!(record[..12], bytes("261122 000000 000000001000"));
    assert_eq!(record[record.len() - 2..], bytes("0022"));
}

#[test]
fn unknown_instructions_and_classes_are_refused() {
    let mut terminal = Terminal::named("cda");
    terminal.select();
    assert_eq!(terminal.status("00700000"), 0x6D00);
    assert_eq!(terminal.status("80840000"), 0x6E00);
    assert_eq!(terminal.status("80B2010C00"), 0x6E00);
    assert_eq!(terminal.status("00AE4000"), 0x6E00);
    assert_eq!(terminal.status("00820000080102030405060708"), 0x6985);
}

#[test]
fn the_same_commands_give_the_same_bytes() {
    let run = || {
        let mut terminal = Terminal::new(profile("cda").unwrap()).start();
        (terminal.done(&Command::internal_authenticate(&[1, 2, 3, 4]).unwrap()), terminal.first_ac(0x90))
    };
    assert_eq!(run(), run());
}

#[test]
fn a_signature_that_fits_no_response_is_the_card_s_own_error() {
    let mut terminal = crate::terminal::altered("rsa-1976", &["with methods=dda+cda"]).start();
    let data = terminal.fill(&terminal.values[&tag::CDOL1_8C]);
    assert_eq!(terminal.send(&Command::generate_ac(0x90, &data).unwrap()), (vec![], 0x6F00));
}
