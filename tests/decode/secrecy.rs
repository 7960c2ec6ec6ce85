//! What is never said: account numbers, tracks, PINs, and what a card could do to a screen.

use emvident::{
    apdu::{dictionary::Context, tag, tlv},
    decode::{Decoder, Kind},
    text::{Language, Text},
};
use proptest::prelude::*;

use super::in_both_languages;

/// A test number, and the part of it that is never shown.
const NUMBER: &str = "4761739001010119";
const MIDDLE: &str = "7390010101";

fn everything_said(bytes: &[u8], kind: Option<Kind>) -> String {
    let decoder = Decoder::default();
    let decoded = match kind {
        Some(kind) => decoder.decode(bytes, kind),
        None => decoder.detect(bytes),
    };
    let say = |text: &Text| decoded.text(text, false).replace(['\n', ' '], "") + &decoded.json(text);
    in_both_languages(say).concat()
}

fn leaks(said: &str) -> bool {
    let characters = hex::encode_upper(MIDDLE);
    said.contains(MIDDLE) || said.contains(&characters)
}

#[test]
fn account_data_is_masked_or_counted() {
    let track = format!("5713{NUMBER}D22122011143804400000F");
    for hex in [format!("5A08{NUMBER}"), track.clone(), format!("7017{track}5A"), format!("DF0108{NUMBER}")] {
        let said = everything_said(&hex::decode(&hex).unwrap(), Some(Kind::DataObjects));
        assert!(!leaks(&said), "{said}");
        assert!(!said.contains("11438044"), "the issuer's part of a track: {said}");
    }
    let said = everything_said(&hex::decode(format!("5A08{NUMBER}")).unwrap(), None);
    assert!(said.contains("476173******0119"), "{said}");
    let expiry = everything_said(&[0x5F, 0x24, 0x03, 0x26, 0x12, 0x31], None);
    assert!(!expiry.contains("261231") && !expiry.contains("2026"), "{expiry}");
}

#[test]
fn pins_are_not_shown() {
    let change = "710F860D8424000008241234FFFFFFFFFF";
    for hex in ["0020008008241234FFFFFFFFFF", "0020008009241234FFFFFFFFFF", change, "9908241234FFFFFFFFFF"] {
        let said = everything_said(&hex::decode(hex).unwrap(), None);
        assert!(!said.contains("241234"), "{hex}: {said}");
    }
    let command = everything_said(&hex::decode("0020008008241234FFFFFFFFFF").unwrap(), Kind::from_name("command"));
    assert!(!command.contains("241234") && command.contains("VERIFY"), "{command}");
}

#[test]
fn text_from_cards_moves_no_cursor() {
    let label = b"\x1B[2J\x1B]0;owned\x07\x9B\xC2\x85\n\r\x08";
    let mut bytes = Vec::new();
    tlv::write(&mut bytes, tag::APPLICATION_LABEL_50, label);
    for context in Context::ALL {
        let decoder = Decoder { context: Some(context), ..Decoder::default() };
        let decoded = decoder.decode(&bytes, Kind::DataObjects);
        for language in Language::ALL {
            let page = decoded.text(&Text::new(*language), false);
            let said = decoded.json(&Text::new(*language));
            let harmless = |text: &str| text.chars().all(|character| character == '\n' || !character.is_control());
            assert!(harmless(&page) && harmless(&said), "{page:?}");
        }
    }
}

#[test]
fn characters_of_a_track_are_not_spelled_out() {
    let said = everything_said(format!("B{NUMBER}^A/B^2212201").as_bytes(), Kind::from_name("iso8859-1"));
    assert!(!leaks(&said), "{said}");
}

fn number_in(tag: &[u8], before: &[u8], cut: usize) -> Vec<u8> {
    let number = hex::decode(NUMBER).unwrap();
    let mut bytes = before.to_vec();
    bytes.extend_from_slice(tag);
    bytes.push(u8::try_from(number.len()).unwrap());
    bytes.extend(number);
    bytes.truncate(bytes.len().saturating_sub(cut));
    bytes
}

proptest! {
    #[test]
    fn an_account_number_is_hidden_wherever_it_stands_and_is_cut(
        before in proptest::collection::vec(any::<u8>(), 0..12),
        tag in prop_oneof![Just(vec![0x5A]), Just(vec![0xDF, 0x22]), Just(vec![0x57]), Just(vec![0x9F, 0x1F])],
        cut in 0usize..4,
    ) {
        let bytes = number_in(&tag, &before, cut);
        let clean = before.is_empty();
        let said = everything_said(&bytes, Some(Kind::DataObjects));
        // Random bytes in front may make the number the value of a data object that may be shown, such as a certificate.
        prop_assert!(!clean || !leaks(&said), "{}", said);
    }

    #[test]
    fn a_number_in_a_record_is_hidden_however_the_record_ends(cut in 0usize..12, after in proptest::collection::vec(any::<u8>(), 0..6)) {
        let mut bytes = vec![0x70, 0x12, 0x9F, 0x36, 0x02, 0x00, 0x01];
        bytes.extend(number_in(&[0x5A], &[], 0));
        bytes.truncate(bytes.len() - cut.min(6));
        bytes.extend(after);
        let said = everything_said(&bytes, Some(Kind::DataObjects));
        prop_assert!(!leaks(&said), "{}", said);
        prop_assert!(!leaks(&everything_said(&bytes, None)));
    }
}
