//! The certificates of issuer and card, and SDA.

use super::*;
use crate::finding::{Certainty, Fact, Value};
use apdu::value::tvr;

fn put(card: &mut CardData, tag: Tag, value: &[u8]) {
    card.put(tag, value, Place::default());
}

fn cut(card: &mut CardData, tag: Tag) {
    let value = card.value(tag).unwrap().to_vec();
    put(card, tag, &value[1..]);
}

fn without(card: &mut CardData, tag: Tag) {
    let mut rest = CardData::default();
    card.iter().filter(|(other, _)| *other != tag).for_each(|(tag, value)| rest.put(tag, value, Place::default()));
    *card = rest;
}

fn with_ca_key(scene: &mut Scene, change: fn(&mut CaKeyData<'_>)) {
    let key = PrivateKey::ca();
    let mut data = ca_key(&key);
    change(&mut data);
    scene.keys = KeyStore::new();
    let _ = scene.keys.load(&data);
}

const CA_KEY: &[Case] = &[
    (
        "another index",
        |scene| {
            with_ca_key(scene, |key| {
                key.index = 1;
                key.checksum = key.computed_checksum();
            })
        },
        Reason::OdaCapkNotFound,
    ),
    (
        "another RID",
        |scene| {
            with_ca_key(scene, |key| {
                key.rid[4] = 4;
                key.checksum = key.computed_checksum();
            })
        },
        Reason::OdaCapkNotFound,
    ),
    ("withdrawn", |scene| with_ca_key(scene, |key| key.withdrawn = true), Reason::OdaCapkWithdrawn),
    ("expired", |scene| with_ca_key(scene, |key| key.expiry = Date::new(2030, 12, 30).ok()), Reason::OdaCapkExpired),
    ("checksum", |scene| with_ca_key(scene, |key| key.checksum[0] ^= 1), Reason::OdaCapkChecksum),
    ("algorithm", |scene| with_ca_key(scene, |key| key.key_algorithm = 4), Reason::OdaCapkAlgorithm),
];

const ISSUER: &[Case] = &[
    (
        "length",
        |scene| scene.tamper = |card| cut(card, tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90),
        Reason::OdaIssuerCertLength,
    ),
    ("trailer", |scene| scene.issuer.frame.trailer = 0xCC, Reason::OdaIssuerCertRecover),
    ("header", |scene| scene.issuer.frame.header = 0x4A, Reason::OdaIssuerCertRecover),
    (
        "not below the modulus",
        |scene| scene.tamper = |card| put(card, tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90, &[0xFF; 128]),
        Reason::OdaIssuerCertRecover,
    ),
    ("format", |scene| scene.issuer.format = 0x12, Reason::OdaIssuerCertFormat),
    ("hash algorithm", |scene| scene.issuer.hash_algorithm = 2, Reason::OdaIssuerCertHashAlg),
    ("hash", |scene| scene.issuer.frame.hash_mask = 1, Reason::OdaIssuerCertHash),
    ("issuer identifier", |scene| scene.issuer.holder = [0x47, 0x61, 0x74, 0xFF].into(), Reason::OdaIssuerCertIssuerId),
    (
        "issuer identifier of two digits",
        |scene| scene.issuer.holder = [0x47, 0xFF, 0xFF, 0xFF].into(),
        Reason::OdaIssuerCertIssuerId,
    ),
    ("expiry", |scene| scene.issuer.expiry = [0x11, 0x30], Reason::OdaIssuerCertExpired),
    ("expiry in month 13", |scene| scene.issuer.expiry = [0x13, 0x30], Reason::OdaIssuerCertExpired),
    (
        "revoked",
        |scene| scene.revocations.push(Revocation { rid: RID, index: INDEX, serial: [0, 0, 7] }),
        Reason::OdaIssuerCertRevoked,
    ),
    ("key algorithm", |scene| scene.issuer.key_algorithm = 4, Reason::OdaIssuerCertPkAlg),
    (
        "signed remainder is short",
        |scene| scene.issuer.remainder = Some([1; 19].into()),
        Reason::OdaIssuerCertRemainder,
    ),
    (
        "remainder cut afterwards",
        |scene| scene.tamper = |card| cut(card, tag::ISSUER_PUBLIC_KEY_REMAINDER_92),
        Reason::OdaIssuerCertRemainder,
    ),
    (
        "no remainder",
        |scene| scene.tamper = |card| without(card, tag::ISSUER_PUBLIC_KEY_REMAINDER_92),
        Reason::OdaDataMissing92,
    ),
    ("signed exponent 5", |scene| scene.issuer.key.exponent = [5].into(), Reason::OdaIssuerCertExponent),
    ("exponent length", |scene| scene.issuer.exponent_length = Some(3), Reason::OdaIssuerCertExponent),
    (
        "exponent changed afterwards",
        |scene| scene.tamper = |card| put(card, tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32, &[1, 0, 1]),
        Reason::OdaIssuerCertExponent,
    ),
    ("longer than the CA key", |scene| scene.issuer.length = Some(129), Reason::OdaIssuerKeyTooLong),
    ("even modulus", |scene| scene.issuer.remainder = Some([2; 20].into()), Reason::OdaIssuerKeyUnusable),
    ("hardly a modulus", |scene| scene.issuer.length = Some(39), Reason::OdaIssuerKeyUnusable),
    ("no 8F", |scene| scene.tamper = |card| without(card, tag::CA_PUBLIC_KEY_INDEX_8F), Reason::OdaDataMissing8f),
    (
        "8F of two bytes",
        |scene| scene.tamper = |card| put(card, tag::CA_PUBLIC_KEY_INDEX_8F, &[0, INDEX]),
        Reason::OdaDataMissing8f,
    ),
    (
        "no 90",
        |scene| scene.tamper = |card| without(card, tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90),
        Reason::OdaDataMissing90,
    ),
    (
        "no 9F32",
        |scene| scene.tamper = |card| without(card, tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32),
        Reason::OdaDataMissing9f32,
    ),
    ("no 5A", |scene| scene.tamper = |card| without(card, tag::PAN_5A), Reason::OdaDataMissing5a),
    ("5A without digits", |scene| scene.tamper = |card| put(card, tag::PAN_5A, &[0xAA; 8]), Reason::OdaDataMissing5a),
];

const ICC: &[Case] = &[
    ("length", |scene| scene.tamper = |card| cut(card, tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46), Reason::OdaIccCertLength),
    ("trailer", |scene| scene.icc.frame.trailer = 0xCC, Reason::OdaIccCertRecover),
    ("header", |scene| scene.icc.frame.header = 0x6B, Reason::OdaIccCertRecover),
    ("format", |scene| scene.icc.format = 0x14, Reason::OdaIccCertFormat),
    ("hash algorithm", |scene| scene.icc.hash_algorithm = 0, Reason::OdaIccCertHashAlg),
    ("another PAN", |scene| scene.icc.holder[7] = 0x11, Reason::OdaIccCertPan),
    ("no PAN", |scene| scene.icc.holder = [0xAA; 10].into(), Reason::OdaIccCertPan),
    ("expiry", |scene| scene.icc.expiry = [0x11, 0x30], Reason::OdaIccCertExpired),
    ("key algorithm", |scene| scene.icc.key_algorithm = 0, Reason::OdaIccCertPkAlg),
    ("signed remainder is long", |scene| scene.icc.remainder = Some([1; 27].into()), Reason::OdaIccCertRemainder),
    (
        "no remainder",
        |scene| scene.tamper = |card| without(card, tag::ICC_PUBLIC_KEY_REMAINDER_9F48),
        Reason::OdaDataMissing9f48,
    ),
    ("signed exponent 2", |scene| scene.icc.key.exponent = [2].into(), Reason::OdaIccCertExponent),
    (
        "exponent changed afterwards",
        |scene| scene.tamper = |card| put(card, tag::ICC_PUBLIC_KEY_EXPONENT_9F47, &[1, 0, 1]),
        Reason::OdaIccCertExponent,
    ),
    ("longer than the issuer key", |scene| scene.icc.length = Some(113), Reason::OdaIccKeyTooLong),
    ("even modulus", |scene| scene.icc.remainder = Some([2; 26].into()), Reason::OdaIccKeyUnusable),
    (
        "no 9F46",
        |scene| scene.tamper = |card| without(card, tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46),
        Reason::OdaDataMissing9f46,
    ),
    (
        "no 9F47",
        |scene| scene.tamper = |card| without(card, tag::ICC_PUBLIC_KEY_EXPONENT_9F47),
        Reason::OdaDataMissing9f47,
    ),
];

fn signed_otherwise(card: &mut CardData, frame: &Frame, format: u8, hash_algorithm: u8) {
    let signature = ssad(&PrivateKey::issuer(), frame, format, hash_algorithm);
    put(card, tag::SIGNED_STATIC_APPLICATION_DATA_93, &signature);
}

const SDA: &[Case] = &[
    ("length", |scene| scene.tamper = |card| cut(card, tag::SIGNED_STATIC_APPLICATION_DATA_93), Reason::OdaSsadLength),
    (
        "dummy",
        |scene| scene.tamper = |card| put(card, tag::SIGNED_STATIC_APPLICATION_DATA_93, &[0xFF]),
        Reason::OdaSsadLength,
    ),
    (
        "trailer",
        |scene| scene.tamper = |card| signed_otherwise(card, &Frame { trailer: 0, ..Frame::default() }, 3, 1),
        Reason::OdaSsadRecover,
    ),
    (
        "header",
        |scene| scene.tamper = |card| signed_otherwise(card, &Frame { header: 0, ..Frame::default() }, 3, 1),
        Reason::OdaSsadRecover,
    ),
    ("format", |scene| scene.tamper = |card| signed_otherwise(card, &Frame::default(), 5, 1), Reason::OdaSsadFormat),
    (
        "hash algorithm",
        |scene| scene.tamper = |card| signed_otherwise(card, &Frame::default(), 3, 2),
        Reason::OdaSsadHashAlg,
    ),
    (
        "hash",
        |scene| scene.tamper = |card| signed_otherwise(card, &Frame { hash_mask: 1, ..Frame::default() }, 3, 1),
        Reason::OdaSsadHash,
    ),
    ("AIP", |scene| scene.tamper = |card| put(card, tag::AIP_82, &[0x7C, 0x01]), Reason::OdaSsadHash),
    ("records", |scene| scene.records = b"other records", Reason::OdaSsadHash),
    (
        "no 93",
        |scene| scene.tamper = |card| without(card, tag::SIGNED_STATIC_APPLICATION_DATA_93),
        Reason::OdaDataMissing93,
    ),
];

#[test]
fn each_check_of_the_ca_key_has_its_own_reason() {
    assert_each(Method::Cda, CA_KEY);
}

#[test]
fn each_check_of_the_issuer_certificate_has_its_own_reason() {
    assert_each(Method::Dda, ISSUER);
}

#[test]
fn each_check_of_the_icc_certificate_has_its_own_reason() {
    assert_each(Method::Cda, ICC);
}

#[test]
fn each_check_of_the_static_signature_has_its_own_reason() {
    assert_each(Method::Sda, SDA);
}

#[test]
fn a_failed_check_sets_the_bit_of_the_method_and_a_missing_object_its_own() {
    for (method, bit) in
        [(Method::Sda, tvr::SDA_FAILED), (Method::Dda, tvr::DDA_FAILED), (Method::Cda, tvr::CDA_FAILED)]
    {
        let mut scene = Scene::new(method);
        scene.issuer.format = 0x12;
        assert_eq!(scene.run().0[0].tvr, Some(bit));
        let mut scene = Scene::new(method);
        scene.tamper = |card| without(card, tag::ISSUER_PUBLIC_KEY_REMAINDER_92);
        assert_eq!(scene.run().0[0].tvr, Some(tvr::ICC_DATA_MISSING));
    }
}

#[test]
fn a_changed_record_is_told_apart_from_another_card() {
    let mut scene = Scene::new(Method::Dda);
    scene.records = b"the records that someone changed  ";
    let (findings, _) = scene.run();
    assert_eq!(reasons(&findings), [Reason::OdaIccCertHash, Reason::OdaIccCertStaticDataChanged]);
    assert_eq!(findings[1].certainty, Certainty::Likely);
    scene.icc.holder[6] = 0x99;
    assert_eq!(reasons(&scene.run().0), [Reason::OdaIccCertHash]);
}

#[test]
fn of_a_key_for_another_algorithm_only_the_hash_is_believed() {
    let mut scene = Scene::new(Method::Dda);
    scene.issuer.frame.hash_mask = 1;
    scene.issuer.length = Some(129);
    assert_eq!(reasons(&scene.run().0), [Reason::OdaIssuerKeyTooLong]);
    scene.issuer.key_algorithm = 4;
    assert_eq!(reasons(&scene.run().0), [Reason::OdaIssuerCertHash]);

    let mut scene = Scene::new(Method::Dda);
    scene.records = b"the records that someone changed  ";
    scene.icc.length = Some(113);
    scene.icc.key_algorithm = 4;
    assert_eq!(reasons(&scene.run().0), [Reason::OdaIccCertHash], "no guess about records");
}

#[test]
fn evidence_says_what_was_expected_what_was_found_and_where() {
    let mut scene = Scene::new(Method::Dda);
    scene.issuer.format = 0x12;
    let evidence = &scene.run().0[0].evidence[0];
    assert_eq!(
        (evidence.fact, evidence.place.tag, evidence.place.offset),
        (Fact::Format, Some(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90), Some(1))
    );
    assert_eq!((&evidence.expected, &evidence.found), (&Some(Value::from([0x02])), &Some(Value::from([0x12]))));
    let mut scene = Scene::new(Method::Dda);
    scene.keys = KeyStore::new();
    scene.keys.load(&CaKeyData { index: 0x92, ..ca_key(&PrivateKey::ca()) }).unwrap();
    scene.tamper = |card| put(card, tag::CA_PUBLIC_KEY_INDEX_8F, &[0x05]);
    let finding = &scene.run().0[0];
    assert_eq!(finding.evidence[0].expected, Some(Value::Key(RID, 0x05)));
    assert_eq!(finding.evidence[1].found, Some(Value::from([0x92])));
}

#[test]
fn keys_that_fit_need_no_remainder() {
    let mut scene = Scene::new(Method::Dda);
    scene.issuer.key = PrivateKey::small_issuer();
    scene.icc.key = PrivateKey::small_icc();
    let card = scene.card();
    assert!(!card.has(tag::ISSUER_PUBLIC_KEY_REMAINDER_92), "88 bytes fit into 92");
    assert!(card.has(tag::ICC_PUBLIC_KEY_REMAINDER_9F48), "64 bytes do not fit into 46");
    assert_eq!(reasons(&scene.run().0), []);
    scene.issuer.length = Some(92);
    assert_eq!(reasons(&scene.run().0), [Reason::OdaIccCertLength], "92 bytes do as well, as another key");
}

#[test]
fn a_remainder_nobody_needs_matters_only_when_it_was_not_signed() {
    let mut scene = Scene::new(Method::Dda);
    scene.issuer.key = PrivateKey::small_issuer();
    scene.icc.key = PrivateKey::small_icc();
    scene.issuer.remainder = Some([1, 2].into());
    assert_eq!(reasons(&scene.run().0), []);
    scene.issuer.remainder = None;
    scene.tamper = |card| put(card, tag::ISSUER_PUBLIC_KEY_REMAINDER_92, &[1, 2]);
    assert_eq!(reasons(&scene.run().0), [Reason::OdaIssuerCertRemainder]);
}

#[test]
fn every_key_of_an_index_is_tried_and_the_one_that_came_furthest_reported() {
    let mut scene = Scene::new(Method::Dda);
    let (right, wrong) = (PrivateKey::ca(), PrivateKey::issuer());
    scene.keys = KeyStore::new();
    scene.keys.load(&ca_key(&wrong)).unwrap();
    assert_eq!(reasons(&scene.run().0), [Reason::OdaIssuerCertLength]);
    scene.keys.load(&ca_key(&right)).unwrap();
    let (findings, report) = scene.run();
    assert_eq!(reasons(&findings), []);
    assert_eq!(report.steps.len(), 3, "one CA key, two certificates");
    scene.issuer.expiry = [0x01, 0x20];
    assert_eq!(reasons(&scene.run().0), [Reason::OdaIssuerCertExpired]);
    let card = scene.card();
    let certificate = card.value(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90).unwrap();
    let opening: Vec<_> = scene.keys.keys_that_open(certificate).map(|key| key.modulus().len()).collect();
    assert_eq!(opening, [128]);
    let opening: Vec<_> =
        scene.keys.iter().filter(|key| key.opens(certificate)).map(|key| key.modulus().len()).collect();
    assert_eq!(opening, [128]);
}

#[test]
fn of_keys_that_came_equally_far_the_first_is_reported() {
    let mut scene = Scene::new(Method::Dda);
    scene.keys = KeyStore::new();
    for key in [PrivateKey::issuer(), PrivateKey::icc()] {
        scene.keys.load(&ca_key(&key)).unwrap();
    }
    let (findings, _) = scene.run();
    assert_eq!(reasons(&findings), [Reason::OdaIssuerCertLength]);
    assert_eq!(findings[0].evidence[0].expected, Some(Value::from(112_usize)));
}

#[test]
fn the_presence_of_the_ca_key_can_be_asked_alone() {
    for (name, change, reason) in CA_KEY {
        let mut scene = Scene::new(Method::Cda);
        assert_eq!(issuer::require_ca_key(&scene.chain(&scene.card())), Ok(()));
        change(&mut scene);
        let finding = issuer::require_ca_key(&scene.chain(&scene.card())).unwrap_err();
        assert_eq!((finding.reason, finding.tvr), (*reason, Some(tvr::CDA_FAILED)), "{name}");
    }
}

#[test]
fn the_report_tells_what_was_inside() {
    let (findings, report) = Scene::new(Method::Sda).run();
    assert_eq!(reasons(&findings), []);
    let kinds: Vec<_> = report.steps.iter().map(|step| step.certificate.id()).collect();
    assert_eq!(kinds, ["ca-key", "issuer-certificate", "static-signature"]);
    let issuer = &report.steps[1].recovered;
    assert_eq!((issuer.issuer_identifier, issuer.serial), (Some([0x47, 0x61, 0x73, 0xFF]), Some([0, 0, 7])));
    assert_eq!((issuer.expiry, issuer.key_bits), (Some(Date::new(2030, 12, 31).unwrap()), Some(896)));
    assert_eq!(report.steps[2].recovered.data_authentication_code, Some([0xDA, 0xC5]));
    assert!(report.steps.iter().all(|step| step.passed() && !step.checks.is_empty()));
}
