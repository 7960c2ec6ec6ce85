//! Static data that are not those that were signed.

use apdu::tag;
use emvident_kernel::{
    Reason,
    counterfactual::{Change, Source},
    finding::{Certainty, Place},
    session::LoggedExchange,
};

use crate::transaction::{Case, hexed};

const CHANGED: Reason = Reason::OdaIccCertStaticDataChanged;

/// A card whose issuer signed this.
fn signed(data: &[u8], more: &[&str]) -> Case {
    let sign = format!("sign icc hashed-data={}", hexed(data));
    Case::of("cda", &[&[sign.as_str()], more].concat())
}

#[test]
fn an_aip_that_is_listed_but_was_not_signed_is_left_out() {
    let change = Case::of("cda", &["with aip-is-signed=no", "record 2.2 add 9F4A=82"]).proven(CHANGED);
    assert_eq!(change, Change::AipLeftOut {});
    let change = Case::of("sda", &["with aip-is-signed=no", "record 2.2 add 9F4A=82"]).proven(Reason::OdaSsadHash);
    assert_eq!(change, Change::AipLeftOut {});
}

#[test]
fn an_aip_that_was_signed_but_is_not_listed_is_added() {
    let unlisted = Case::of("cda", &["with aip-is-signed=no"]);
    let change = signed(&unlisted.static_data(), &["with aip-is-signed=no"]).proven(CHANGED);
    assert_eq!(change, Change::AipAdded {});
}

#[test]
fn a_tag_list_with_more_than_the_aip_is_seen_through() {
    let case = Case::of("cda", &["with aip-is-signed=no", "record 2.2 add 9F4A=8295"]);
    assert_eq!(case.proven(Reason::OdaSdaTagListInvalid), Change::AipLeftOut {});
}

#[test]
fn the_aip_that_was_signed_is_named() {
    let change = Case::of("cda", &["aip 3900"]).proven(CHANGED);
    assert_eq!(change, Change::Aip { signed: [0x3D, 0x00], given: [0x39, 0x00] });
    let change = Case::of("cda", &["aip 3D80"]).proven(CHANGED);
    assert_eq!(change, Change::Aip { signed: [0x3D, 0x00], given: [0x3D, 0x80] });
    // Somebody took CDA and DDA away from a card with SDA, and turned two more bits.
    let change = Case::of("cda", &["with methods=sda+dda+cda", "aip 5000"]).proven(Reason::OdaSsadHash);
    assert_eq!(change, Change::Aip { signed: [0x7D, 0x00], given: [0x50, 0x00] });
}

#[test]
fn a_record_more_or_less_is_told() {
    let change = Case::of("cda", &["afl 080101001001020218010400"]).proven(CHANGED);
    assert_eq!(change, Change::RecordLeftOut { record: (2, 2) });
    let change = Case::of("cda", &["afl 080101001001020018010400"]).proven(CHANGED);
    assert_eq!(change, Change::RecordAdded { record: (2, 1) });
}

#[test]
fn the_order_that_records_were_signed_in_is_found() {
    let both = "afl 080101011001020118010400";
    let case = Case::of("cda", &[both]);
    let track = 2 + case.value(tag::TRACK_2_EQUIVALENT_DATA_57).len() + 3 + case.value(tag::CARDHOLDER_NAME_5F20).len();
    let bytes = &case.outcome.signed_records.bytes;
    let turned = [&bytes[track..], &bytes[..track], &case.value(tag::AIP_82)].concat();
    let change = signed(&turned, &[both]).proven(CHANGED);
    assert_eq!(change, Change::RecordOrder { order: vec![(2, 1), (1, 1)] });
}

#[test]
fn a_template_that_was_signed_too_is_found() {
    let good = Case::of("cda", &[]);
    let records = &good.outcome.signed_records.bytes;
    let whole = [&[0x70, u8::try_from(records.len()).unwrap()], &good.static_data()[..]].concat();
    let change = signed(&whole, &[]).proven(CHANGED);
    assert_eq!(change, Change::RecordForm { record: None, whole: true });

    let both = "afl 080101011001020118010400";
    let case = Case::of("cda", &[both]);
    let bytes = case.static_data();
    let first = bytes.len() - good.static_data().len();
    let one = [&[0x70, u8::try_from(first).unwrap()], &bytes[..]].concat();
    let change = signed(&one, &[both]).proven(CHANGED);
    assert_eq!(change, Change::RecordForm { record: Some((1, 1)), whole: true });
}

#[test]
fn a_date_that_track_2_still_has_is_put_back() {
    let case = Case::of("cda", &["set 5F24=481130"]);
    let found = case.search();
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!(case.outcome.log.findings[one.finding].reason, CHANGED);
    let Change::Object { tag, record, offsets, source, .. } = &one.change else { panic!("{one:?}") };
    assert_eq!((*tag, *record), (tag::APPLICATION_EXPIRATION_DATE_5F24, Some((2, 1))));
    assert_eq!((&offsets[..], *source), (&[0, 1, 2][..], Source::Track2));
    assert!(one.passes.whole_chain);
}

#[test]
fn a_card_number_is_put_back_from_track_2_or_out_of_the_certificate() {
    let change = Case::of("cda", &["flip 5A@6=11"]).proven(Reason::OdaIccCertHash);
    let Change::Object { tag: tag::PAN_5A, offsets, source, value, .. } = &change else { panic!("{change:?}") };
    assert_eq!((&offsets[..], *source), (&[6][..], Source::Track2));
    let shown = format!("{value:?}");
    assert!(shown.contains("679999") && !shown.contains("6799998900000060018"), "{shown}");

    // As in a log whose card numbers were masked.
    let change = Case::of("cda", &["flip 5A@6=11", "flip 57@6=11"]).proven(Reason::OdaIccCertHash);
    let Change::Object { source, .. } = &change else { panic!("{change:?}") };
    assert_eq!(*source, Source::Certificate);
}

#[test]
fn a_track_is_put_back_from_the_objects_beside_it() {
    let both = "afl 080101011001020118010400";
    let good = Case::of("cda", &[both]).static_data();
    let change = signed(&good, &[both, "flip 57@10=01"]).proven(CHANGED);
    let Change::Object { tag: tag::TRACK_2_EQUIVALENT_DATA_57, value, source, .. } = &change else {
        panic!("{change:?}")
    };
    assert_eq!((value, *source), (&None, Source::ExpirationDate));
}

#[test]
fn an_object_is_put_back_from_another_answer() {
    let mut case = Case::of("cda", &["set 5F28=0840"]);
    assert_eq!(case.search(), []);
    let number = u16::try_from(case.outcome.log.exchanges.len() + 1).unwrap();
    let response = Some(vec![0x5F, 0x28, 0x02, 0x01, 0x56, 0x90, 0x00].into());
    let copy = LoggedExchange { number, response, ..case.outcome.log.exchanges[0].clone() };
    case.outcome.log.exchanges.push(copy);
    let change = case.proven(CHANGED);
    let Change::Object { tag: tag::ISSUER_COUNTRY_CODE_5F28, offsets, source, .. } = &change else {
        panic!("{change:?}")
    };
    assert_eq!((&offsets[..], *source), (&[0, 1][..], Source::Exchange(number)));
}

#[test]
fn a_sequence_number_signed_in_two_bytes_is_seen() {
    let good = Case::of("cda", &[]).static_data();
    let at = good.windows(4).position(|window| window == [0x5F, 0x34, 0x01, 0x01]).unwrap();
    let long = [&good[..at], &[0x5F, 0x34, 0x02, 0x00, 0x01], &good[at + 4..]].concat();
    let change = signed(&long, &[]).proven(CHANGED);
    assert_eq!(change, Change::SequenceNumberLength { length: 2 });
}

#[test]
fn a_changed_byte_is_located() {
    for (name, reason) in [("cda", CHANGED), ("sda", Reason::OdaSsadHash)] {
        let case = Case::of(name, &["flip 9F0F@1=04"]);
        assert_eq!(case.search(), []);
        let found = case.changed_byte().unwrap();
        assert_eq!(case.outcome.log.findings[found.finding].reason, reason);
        assert!(found.passes.whole_chain);
        let Change::Byte { place, signed, found } = found.change else { panic!("{found:?}") };
        assert_eq!((place.tag, place.offset, place.record), (Some(tag::IAC_ONLINE_9F0F), Some(1), Some((2, 1))));
        assert_eq!((signed, found), (Some(0x60), Some(0x64)));
    }
}

#[test]
fn a_changed_byte_beside_a_certificate_is_located() {
    let case = Case::of("cda", &["flip 9F48@3=01"]);
    let found = case.changed_byte().unwrap();
    assert_eq!(case.outcome.log.findings[found.finding].reason, CHANGED);
    assert!(found.passes.whole_chain);
    let Change::Byte { place, signed, found } = found.change else { panic!("{found:?}") };
    assert_eq!((place.tag, place.offset), (Some(tag::ICC_PUBLIC_KEY_REMAINDER_9F48), Some(3)));
    assert_eq!(signed.map(|byte| byte ^ 1), found);
}

#[test]
fn a_changed_byte_of_a_card_number_keeps_its_digits() {
    let good = Case::of("cda", &["afl 080101011001020118010400"]).static_data();
    let case = Case::of(
        "cda",
        &[&format!("sign icc hashed-data={}", hexed(good)), "afl 080101011001020118010400", "flip 57@16=01"],
    );
    let found = case.changed_byte().unwrap();
    let Change::Byte { place, signed, found } = found.change else { panic!("{found:?}") };
    assert_eq!((place.tag, place.offset), (Some(tag::TRACK_2_EQUIVALENT_DATA_57), Some(16)));
    assert_eq!((signed, found), (None, None));
}

#[test]
fn two_changes_are_more_than_one() {
    let case = Case::of("cda", &["flip 9F0F@1=04", "flip 9F07@0=01"]);
    assert_eq!(case.search(), []);
    assert_eq!(case.changed_byte(), None);
}

#[test]
fn a_place_without_a_record_is_that_of_the_aip() {
    let case = Case::of("cda", &["aip 3D12"]);
    let found = case.changed_byte().unwrap();
    let Change::Byte { place, .. } = found.change else { panic!("{found:?}") };
    assert_eq!(place, Place { tag: Some(tag::AIP_82), offset: Some(1), ..Place::default() });
}

/// The source of the card number that is put back.
fn number_from(case: &Case, reason: Reason) -> (Source, Certainty, bool) {
    let found = case.search();
    let [one] = &found[..] else { panic!("{found:?} for {:?}", case.reasons()) };
    assert_eq!(case.outcome.log.findings[one.finding].reason, reason);
    let Change::Object { tag: tag::PAN_5A, source, .. } = one.change else { panic!("{one:?}") };
    (source, one.certainty, one.passes.whole_chain)
}

#[test]
fn a_card_number_of_another_issuer_is_put_back() {
    let case = Case::of("cda", &["flip 5A@0=11"]);
    let reason = Reason::OdaIssuerCertIssuerId;
    assert_eq!(number_from(&case, reason), (Source::Track2, Certainty::Proven, true));
    let case = Case::of("cda", &["flip 5A@0=11", "flip 57@0=11"]);
    assert_eq!(number_from(&case, reason), (Source::Certificate, Certainty::Proven, true));
    let case = Case::of("sda", &["flip 5A@0=11"]);
    assert_eq!(number_from(&case, reason), (Source::Track2, Certainty::Proven, true));
}

#[test]
fn a_card_number_outside_the_signed_records_is_compared_with_the_certificate() {
    let unsigned = "afl 080101001001020018010400";
    let hashed = "sign icc hashed-data=3D00";
    let case = Case::of("cda", &[unsigned, hashed, "flip 5A@6=11"]);
    assert_eq!(number_from(&case, Reason::OdaIccCertPan), (Source::Track2, Certainty::Proven, true));
    // Every place says the other number, and only the certificate the one it was made for.
    let case = Case::of("cda", &[unsigned, hashed, "flip 5A@6=11", "flip 57@6=11"]);
    assert_eq!(number_from(&case, Reason::OdaIccCertPan), (Source::Certificate, Certainty::Proven, true));
}

#[test]
fn certificates_of_another_card_are_likely_only_by_their_number() {
    // The identifier is the issuer's choice, and below it the card is good for its own number.
    let case = Case::of("cda", &["sign issuer identifier=679998FF"]);
    assert_eq!(case.search(), [], "{:?}", case.reasons());
}
