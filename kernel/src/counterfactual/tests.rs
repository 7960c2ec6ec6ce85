//! The bound of the search, measured. What it finds is tested from outside.

use alloc::{format, vec::Vec};

use vectors::SoftwareCard;

use super::*;
use crate::{
    contact,
    crypto::rsa::counted,
    oda::keys::{CaKey, CaKeyData, Kind, RSA, SHA_1},
    stepper::blocking,
    testing::{ScriptedPointOfSale, application, terminal, transaction, typed},
};

const TEST_RID: [u8; 5] = [0xF0, 0x00, 0x0E, 0x4D, 0x56];

/// A key of 144 bytes that nobody has, larger than every certificate.
fn strange(rid: [u8; 5], index: u8, number: u16) -> CaKey {
    let mut modulus = [0xFF; 144];
    modulus[70..72].copy_from_slice(&number.to_be_bytes());
    made(rid, index, &modulus, &[3])
}

fn made(rid: [u8; 5], index: u8, modulus: &[u8], exponent: &[u8]) -> CaKey {
    let mut data = CaKeyData {
        rid,
        index,
        hash_algorithm: SHA_1,
        key_algorithm: RSA,
        modulus,
        exponent,
        checksum: [0; 20],
        expiry: None,
        kind: Kind::Test,
        withdrawn: false,
    };
    data.checksum = data.computed_checksum();
    CaKey::new(&data).unwrap()
}

fn right_keys() -> KeyStore {
    let mut keys = KeyStore::new();
    keys.extend(vectors::ca_keys().iter().map(|key| made(key.rid, key.index, &key.modulus, &key.exponent)));
    keys
}

/// What a search spent, and what it really did.
fn spent(name: &str, alterations: &[&str], keys: KeyStore, known: &KeyStore) -> (usize, usize, Vec<Counterfactual>) {
    let profile = vectors::profile(name).unwrap();
    let profile = alterations.iter().fold(profile, |profile, text| profile.altered(text.parse().unwrap()));
    let mut card = SoftwareCard::new(&profile).unwrap();
    let mut terminal = Terminal { keys, ..terminal() };
    terminal.applications = Vec::from([TEST_RID, [0xA0, 0, 0, 0, 0x04]].map(|rid| {
        let aid = rid.to_vec();
        crate::terminal::ApplicationParameters { aid, ..application() }
    }));
    let mut people = ScriptedPointOfSale::typing([typed("1234")]);
    people.choice = Some(0);
    let outcome = blocking(contact::purchase(&mut card, &mut people, &terminal, &transaction())).unwrap();
    assert!(!outcome.log.findings.is_empty());

    let transaction = transaction();
    let case = Case::new(&outcome, &terminal, &transaction, known);
    let before = counted::operations();
    let found = Question::all(&case).iter().flat_map(answer).collect();
    (MAX_RSA_OPERATIONS - case.operations_left(), counted::operations() - before, found)
}

#[test]
fn no_set_of_keys_makes_the_search_longer_than_its_bound() {
    let mut many = KeyStore::new();
    many.extend((0..300).map(|number| strange(TEST_RID, 0xF1, number)));
    let mut others = KeyStore::new();
    others.extend((300..900).map(|number| strange([0xA0, 0, 0, 0, 0x04], 0x77, number)));
    for name in ["cda", "pin-key", "enciphered-pin"] {
        for (keys, known) in [(&many, &others), (&others, &many), (&KeyStore::new(), &others)] {
            let (spent, done, found) = spent(name, &[], keys.clone(), known);
            assert!(done <= spent && spent <= MAX_RSA_OPERATIONS, "{done} done, {spent} spent");
            assert_eq!(found, []);
        }
    }
    let (_, done, _) = spent("cda", &[], KeyStore::new(), &others);
    assert!(done > 200, "it does search: {done}");
}

#[test]
fn near_keys_are_tried_before_the_budget_ends() {
    let mut known = KeyStore::new();
    known.extend((0..600).map(|number| strange([0xA0, 0, 0, 0, 0x04], 0x77, number)));
    known.extend(right_keys());
    let (.., found) = spent("cda", &[], KeyStore::new(), &known);
    assert_eq!(found.iter().map(|one| one.change.id()).collect::<Vec<_>>(), ["known-ca-key"]);
}

#[test]
fn what_is_spent_covers_what_is_done() {
    let cases: [(&str, &[&str]); 16] = [
        ("cda", &["aip 3900"]),
        ("cda", &["flip 9F0F@1=04"]),
        ("sda", &["aip 5800"]),
        ("cda", &["remove 92"]),
        ("cda", &["extend 9F48=00"]),
        ("cda", &["sign icc hash=00"]),
        ("dda", &["sign dynamic hashed-data=00"]),
        ("dda", &["sign dynamic format=95"]),
        ("cda", &["sign first transaction-hash=00"]),
        ("cda", &["sign first hashed-data=00"]),
        ("wedge", &[]),
        ("expired", &["sign issuer expiry=0120"]),
        ("certificate-expired", &["with cvm-list=00000000000000004403"]),
        ("pin-key", &["set 9F2E=010001"]),
        ("enciphered-pin", &["set 8F=77"]),
        ("enciphered-pin", &["aip 3900"]),
    ];
    for (name, alterations) in cases {
        let (spent, done, _) = spent(name, alterations, right_keys(), &right_keys());
        let told = format!("{name} {alterations:?}: {done} done, {spent} spent");
        assert!(done <= spent && spent <= MAX_RSA_OPERATIONS, "{told}");
    }
}
