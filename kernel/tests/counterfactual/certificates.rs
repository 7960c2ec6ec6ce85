//! Remainders and exponents.

use apdu::tag;
use emvident_kernel::{Reason, counterfactual::Change, crypto::rsa::Exponent};

use crate::transaction::{Case, hexed};

#[test]
fn a_remainder_that_must_not_be_there_is_left_out() {
    let change = Case::of("cda", &["with issuer-key=96/3", "with icc-key=80/65537", "record 3.1 add 92=0102"])
        .proven(Reason::OdaIssuerCertRemainder);
    assert_eq!(change, Change::RemainderLeftOut { tag: tag::ISSUER_PUBLIC_KEY_REMAINDER_92 });
    let change =
        Case::of("cda", &["with icc-key=96/3", "record 3.4 add 9F48=0102"]).proven(Reason::OdaIccCertRemainder);
    assert_eq!(change, Change::RemainderLeftOut { tag: tag::ICC_PUBLIC_KEY_REMAINDER_9F48 });
}

#[test]
fn a_remainder_with_bytes_too_many_is_cut() {
    let change = Case::of("cda", &["extend 92=BBBB"]).proven(Reason::OdaIssuerCertRemainder);
    assert_eq!(change, Change::RemainderTrimmed { tag: tag::ISSUER_PUBLIC_KEY_REMAINDER_92, start: 0, length: 36 });
    let right = hexed(Case::of("cda", &[]).value(tag::ICC_PUBLIC_KEY_REMAINDER_9F48));
    let change = Case::of("cda", &[&format!("set 9F48=0707{right}")]).proven(Reason::OdaIccCertRemainder);
    assert_eq!(change, Change::RemainderTrimmed { tag: tag::ICC_PUBLIC_KEY_REMAINDER_9F48, start: 2, length: 26 });
}

#[test]
fn a_remainder_under_another_tag_is_found() {
    let remainder = hexed(Case::of("cda", &[]).value(tag::ISSUER_PUBLIC_KEY_REMAINDER_92));
    let moved = ["remove 92", &format!("record 3.1 add 9F2F={remainder}")];
    let change = Case::of("cda", &moved).proven(Reason::OdaDataMissing92);
    let expected =
        Change::RemainderElsewhere { tag: tag::ISSUER_PUBLIC_KEY_REMAINDER_92, from: tag::ICC_PIN_REMAINDER_9F2F };
    assert_eq!(change, expected);
    assert_eq!(Case::of("cda", &["remove 92"]).search(), [], "nothing stands for it");
}

#[test]
fn the_other_exponent_is_tried_where_one_is_wrong_or_missing() {
    let cases = [
        ("set 9F32=010001", tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32, Reason::OdaIssuerCertExponent),
        ("remove 9F32", tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32, Reason::OdaDataMissing9f32),
        ("set 9F47=010001", tag::ICC_PUBLIC_KEY_EXPONENT_9F47, Reason::OdaIccCertExponent),
        ("set 9F47=0003", tag::ICC_PUBLIC_KEY_EXPONENT_9F47, Reason::OdaIccCertExponent),
        ("remove 9F47", tag::ICC_PUBLIC_KEY_EXPONENT_9F47, Reason::OdaDataMissing9f47),
    ];
    for (alteration, tag, reason) in cases {
        let change = Case::of("cda", &[alteration]).proven(reason);
        assert_eq!(change, Change::Exponent { tag, exponent: Exponent::Three }, "{alteration}");
    }
    let change = Case::of("rsa-896", &["set 9F32=03"]).proven(Reason::OdaIssuerCertExponent);
    assert_eq!(change, Change::Exponent { tag: tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32, exponent: Exponent::F4 });
}

#[test]
fn the_key_for_pins_has_its_own_remainder_and_exponent() {
    let found = Case::of("pin-key", &["set 9F2E=010001"]).search();
    assert_eq!(found[0].change, Change::Exponent { tag: tag::ICC_PIN_EXPONENT_9F2E, exponent: Exponent::Three });
    let found = Case::of("pin-key", &["extend 9F2F=00"]).search();
    assert_eq!(found[0].change, Change::RemainderTrimmed { tag: tag::ICC_PIN_REMAINDER_9F2F, start: 0, length: 26 });
    assert!(found[0].passes.whole_chain);
}

#[test]
fn a_certificate_with_a_wrong_hash_gets_no_answer() {
    for alteration in ["sign issuer hash=00", "sign icc hash=00", "sign issuer remainder=0102"] {
        assert_eq!(Case::of("cda", &[alteration]).search(), [], "{alteration}");
    }
}
