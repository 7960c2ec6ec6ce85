//! Issuer certificates under other CA keys.

use emvident_kernel::{
    Reason,
    counterfactual::Change,
    crypto::rsa::Exponent,
    oda::keys::{CaKey, KeyStore},
};

use crate::transaction::{Case, TEST_RID, VISA_RID, card, every_key, key_data, key_of, made, purchase, terminal};

/// The card's key, `F1` of the test RID.
const INDEX: u8 = 0xF1;

/// The built-in card under a terminal with these keys.
fn case(name: &str, alterations: &[&str], keys: KeyStore) -> Case {
    let mut terminal = terminal();
    terminal.keys = keys;
    Case::with(card(name, alterations), terminal, purchase())
}

fn one(key: CaKey) -> KeyStore {
    let mut keys = KeyStore::new();
    keys.add(key);
    keys
}

fn modulus() -> Vec<u8> {
    key_of(TEST_RID, INDEX).modulus
}

fn damaged(offsets: &[usize]) -> Vec<u8> {
    let mut modulus = modulus();
    offsets.iter().for_each(|at| modulus[*at] ^= 0x10);
    modulus
}

#[test]
fn a_published_key_that_is_not_loaded_is_named() {
    let mut case = case("cda", &[], KeyStore::new());
    assert_eq!(case.search(), []);
    case.known = every_key();
    let change = case.proven(Reason::OdaCapkNotFound);
    assert_eq!(change, Change::KnownCaKey { rid: TEST_RID, index: INDEX });
}

#[test]
fn a_card_that_names_another_index_is_found_out() {
    for (alteration, reason) in [
        ("set 8F=F2", Reason::OdaIssuerCertLength),
        ("set 8F=77", Reason::OdaCapkNotFound),
        ("remove 8F", Reason::OdaDataMissing8f),
    ] {
        let change = case("dda", &[alteration], every_key()).search();
        let [one] = &change[..] else { panic!("{change:?}") };
        let rid = [0xA0, 0, 0, 0, 0x04];
        assert_eq!(one.change, Change::OtherCaKeyIndex { rid, index: INDEX, loaded: true }, "{reason:?}");
        assert!(one.passes.whole_chain);
    }
}

#[test]
fn the_key_of_another_scheme_is_found_under_the_same_index_and_under_any() {
    let same_index = case("cda", &[], one(made(VISA_RID, INDEX, &modulus())));
    let change = same_index.proven(Reason::OdaCapkNotFound);
    assert_eq!(change, Change::OtherCaKeyRid { rid: VISA_RID, index: INDEX, loaded: true });

    let mut other_index = case("cda", &[], KeyStore::new());
    other_index.known = one(made(VISA_RID, 0x12, &modulus()));
    let change = other_index.proven(Reason::OdaCapkNotFound);
    assert_eq!(change, Change::OtherCaKey { rid: VISA_RID, index: 0x12, loaded: false });
}

#[test]
fn a_damaged_key_shows_its_damage_beside_a_known_one() {
    let changed = damaged(&[3, 70]);
    let mut loaded = case("cda", &[], one(made(TEST_RID, INDEX, &changed)));
    loaded.known = every_key();
    let change = loaded.proven(Reason::OdaIssuerCertRecover);
    assert_eq!(change, Change::RepairedCaKey { rid: TEST_RID, index: INDEX, offsets: vec![3, 70] });

    let mut keys = KeyStore::new();
    let checksum = key_of(TEST_RID, INDEX).checksum;
    let mut data = key_data(TEST_RID, INDEX, &changed, &[3]);
    data.checksum = checksum;
    keys.load(&data).unwrap_err();
    let mut refused = case("cda", &[], keys);
    refused.known = every_key();
    let change = refused.proven(Reason::OdaCapkChecksum);
    assert_eq!(change, Change::RepairedCaKey { rid: TEST_RID, index: INDEX, offsets: vec![3, 70] });
}

#[test]
fn another_key_in_its_place_is_no_damage() {
    let other = key_of(VISA_RID, INDEX).modulus;
    let mut case = case("cda", &[], one(made(TEST_RID, INDEX, &other)));
    case.known = every_key();
    let change = case.proven(Reason::OdaIssuerCertRecover);
    assert_eq!(change, Change::KnownCaKey { rid: TEST_RID, index: INDEX });
}

#[test]
fn a_key_that_was_refused_for_its_checksum_alone_or_withdrawn_is_told() {
    let modulus = modulus();
    let mut wrong_checksum = key_data(TEST_RID, INDEX, &modulus, &[3]);
    wrong_checksum.checksum[0] ^= 1;
    let mut keys = KeyStore::new();
    keys.load(&wrong_checksum).unwrap_err();
    let unchecked = Change::UncheckedCaKey { rid: TEST_RID, index: INDEX };
    assert_eq!(case("cda", &[], keys).proven(Reason::OdaCapkChecksum), unchecked);

    let mut withdrawn = key_data(TEST_RID, INDEX, &modulus, &[3]);
    withdrawn.withdrawn = true;
    let keys = one(CaKey::new(&withdrawn).unwrap());
    assert_eq!(case("cda", &[], keys).proven(Reason::OdaCapkWithdrawn), unchecked);
}

#[test]
fn a_key_loaded_with_the_wrong_exponent_is_told() {
    let modulus = modulus();
    let keys = one(CaKey::new(&key_data(TEST_RID, INDEX, &modulus, &[1, 0, 1])).unwrap());
    let change = case("cda", &[], keys).proven(Reason::OdaIssuerCertRecover);
    assert_eq!(change, Change::CaKeyExponent { rid: TEST_RID, index: INDEX, exponent: Exponent::Three });
}

#[test]
fn the_key_for_pins_needs_the_same_ca_key() {
    let mut case = case("pin-key", &[], KeyStore::new());
    case.known = every_key();
    let found = case.search();
    let phases: Vec<_> = found.iter().map(|one| case.outcome.log.findings[one.finding].phase.id()).collect();
    assert_eq!(phases, ["authentication", "cardholder-verification"]);
    assert!(found.iter().all(|one| one.change.id() == "known-ca-key" && one.passes.whole_chain), "{found:?}");
}

#[test]
fn a_certificate_that_no_key_opens_gets_no_answer() {
    let mut case = case("cda", &["flip 90@50=01"], every_key());
    case.known = every_key();
    assert_eq!(case.search(), []);
}

#[test]
fn a_key_that_only_opens_the_certificate_is_likely() {
    let mut case = case("cda", &["sign issuer hash=00"], KeyStore::new());
    case.known = every_key();
    let found = case.search();
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!((one.certainty.id(), one.passes.check.id(), one.passes.whole_chain), ("likely", "header", false));
}
