//! Certificates and signatures of the cards, checked by textbook arithmetic.

use apdu::{Command, Tag, tag, tlv};
use crypto_bigint::{BoxedUint, ConcatenatingMul, ConcatenatingSquare};
use emvident_vectors::{ca_keys, cards, profile};
use sha1::{Digest, Sha1};

use crate::terminal::{Terminal, altered};

struct Key {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl Key {
    /// Multiply and reduce, and nothing else.
    fn recover(&self, signature: &[u8]) -> Vec<u8> {
        assert_eq!(signature.len(), self.modulus.len());
        let modulus = BoxedUint::from_be_slice_vartime(&self.modulus).to_nz().unwrap();
        let base = BoxedUint::from_be_slice_vartime(signature);
        let squarings = if self.exponent == [3] { 1 } else { 16 };
        let power = (0..squarings).fold(base.clone(), |power, _| power.concatenating_square().rem_vartime(&modulus));
        power.concatenating_mul(&base).rem_vartime(&modulus).to_be_bytes_trimmed_vartime().into_vec()
    }

    /// What is between header and hash, when header, trailer and hash are right.
    fn open(&self, signature: &[u8], hashed: &[&[u8]]) -> Option<Vec<u8>> {
        let recovered = self.recover(signature);
        let (message, rest) = recovered.get(1..)?.split_at_checked(self.modulus.len() - 22)?;
        let hash: [u8; 20] = Sha1::digest([message, &hashed.concat()].concat()).into();
        let right = recovered[0] == 0x6A && rest[..20] == hash && rest[20..] == [0xBC];
        right.then(|| message.to_vec())
    }

    /// The key inside a certificate whose modulus starts at `offset` of the message.
    fn certified(
        &self,
        terminal: &Terminal,
        tags: [Tag; 3],
        offset: usize,
        static_data: &[u8],
    ) -> Option<(Key, Vec<u8>)> {
        let value = |tag| terminal.values.get(&tag).map_or(&[][..], Vec::as_slice);
        let (certificate, exponent, remainder) = (value(tags[0]), value(tags[1]), value(tags[2]));
        let message = self.open(certificate, &[remainder, exponent, static_data])?;
        let length = usize::from(message[offset - 2]);
        assert_eq!(usize::from(message[offset - 1]), exponent.len());
        assert_eq!(message[offset - 4..offset - 2], [1, 1]);
        let modulus: Vec<u8> = [&message[offset..], remainder].concat().into_iter().take(length).collect();
        Some((Key { modulus, exponent: exponent.to_vec() }, message))
    }
}

fn authority(terminal: &Terminal) -> Key {
    let index = terminal.values[&tag::CA_PUBLIC_KEY_INDEX_8F][0];
    let rid = &terminal.profile.applications[0].aid[..5];
    let found = ca_keys().into_iter().find(|key| key.rid == rid && key.index == index).unwrap();
    Key { modulus: found.modulus, exponent: found.exponent }
}

fn issuer(terminal: &Terminal) -> Option<Key> {
    let tags = [
        tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32,
        tag::ISSUER_PUBLIC_KEY_REMAINDER_92,
    ];
    let (key, message) = authority(terminal).certified(terminal, tags, 14, &[])?;
    assert_eq!(message[0], 0x02);
    Some(key)
}

const ICC: [Tag; 3] =
    [tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46, tag::ICC_PUBLIC_KEY_EXPONENT_9F47, tag::ICC_PUBLIC_KEY_REMAINDER_9F48];

fn icc(terminal: &Terminal) -> Option<Key> {
    let (key, message) = issuer(terminal)?.certified(terminal, ICC, 20, &terminal.static_data)?;
    assert_eq!(message[0], 0x04);
    let pan = terminal.profile.applications[0].pan.packed(10);
    assert_eq!(message[1..11], pan);
    Some(key)
}

fn static_data_holds(terminal: &Terminal) -> bool {
    let signature = &terminal.values[&tag::SIGNED_STATIC_APPLICATION_DATA_93];
    let message = issuer(terminal).and_then(|key| key.open(signature, &[&terminal.static_data]));
    message.is_some_and(|message| message[..4] == [0x03, 0x01, 0xDA, 0xC1])
}

/// Dynamic data of INTERNAL AUTHENTICATE or GENERATE AC, when the signature holds.
fn dynamic_data(key: &Key, signature: &[u8], hashed: &[u8]) -> Option<Vec<u8>> {
    let message = key.open(signature, &[hashed])?;
    assert_eq!(message[..2], [0x05, 0x01]);
    let length = usize::from(message[2]);
    assert!(message[3 + length..].iter().all(|byte| *byte == 0xBB));
    Some(message[3..3 + length].to_vec())
}

fn dda_holds(terminal: &mut Terminal) -> bool {
    let challenge = terminal.values[&tag::UNPREDICTABLE_NUMBER_9F37].clone();
    let answer = terminal.done(&Command::internal_authenticate(&challenge).unwrap());
    let format_1 = tlv::find(&answer, tag::RESPONSE_FORMAT_1_80).unwrap();
    let inside = tlv::find(&answer, tag::RESPONSE_FORMAT_2_77).unwrap();
    let signature = inside.map_or_else(
        || format_1.unwrap().value,
        |inside| tlv::find(inside.value, tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B).unwrap().unwrap().value,
    );
    let data = icc(terminal).and_then(|key| dynamic_data(&key, signature, &challenge));
    data.is_some_and(|data| data.len() == 9 && data[0] == 8)
}

/// Checks a signed GENERATE AC answer and learns the cryptogram inside.
fn cda_holds(terminal: &mut Terminal, answer: &[u8], lists: &[Tag]) -> bool {
    let inside = tlv::find(answer, tag::RESPONSE_FORMAT_2_77).unwrap().unwrap();
    let objects: Vec<_> = tlv::Reader::strict(inside.value).map(Result::unwrap).collect();
    let signature = tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B;
    let others: Vec<u8> =
        objects.iter().filter(|object| object.tag != signature).flat_map(|object| object.raw).copied().collect();
    let sent: Vec<u8> = lists.iter().flat_map(|list| terminal.fill(&terminal.values[list])).collect();
    let hash: [u8; 20] = Sha1::digest([&terminal.pdol_values[..], &sent, &others].concat()).into();
    let signed = terminal.values[&signature].clone();
    let number = terminal.values[&tag::UNPREDICTABLE_NUMBER_9F37].clone();
    let Some(data) = icc(terminal).and_then(|key| dynamic_data(&key, &signed, &number)) else { return false };
    terminal.values.insert(tag::APPLICATION_CRYPTOGRAM_9F26, data[10..18].to_vec());
    data[9] == terminal.cid() && data[18..] == hash
}

#[test]
fn every_card_s_certificates_and_signatures_hold() {
    let (mut static_count, mut dynamic_count, mut combined_count) = (0, 0, 0);
    for card in cards() {
        let application = profile(card.name).unwrap().applications[0].clone();
        let (methods, contacts) = (application.authentication, application.contactless.is_none());
        let out_of_reach = ["card-blocked", "application-blocked", "unknown-authority", "altered", "wedge"];
        if out_of_reach.contains(&card.name) || !contacts {
            continue;
        }
        let mut terminal = Terminal::named(card.name).start();
        if methods.sda {
            assert!(static_data_holds(&terminal), "{}", card.name);
            static_count += 1;
        }
        if methods.dda {
            assert!(dda_holds(&mut terminal), "{}", card.name);
            dynamic_count += 1;
        }
        if methods.cda && card.name != "declines" {
            let answer = terminal.first_ac(0x90);
            assert!(cda_holds(&mut terminal, &answer, &[tag::CDOL1_8C]), "{}", card.name);
            combined_count += 1;
        }
    }
    assert!(
        (static_count, dynamic_count, combined_count) >= (2, 30, 25),
        "{static_count} {dynamic_count} {combined_count}"
    );
}

#[test]
fn electronic_cash_signs_what_it_pays() {
    let terminal = Terminal::named("c7-electronic-cash").start();
    let value = |tag: Tag| terminal.values[&tag].clone();
    let number = value(tag::UNPREDICTABLE_NUMBER_9F37);
    let [amount, currency] = [tag::AMOUNT_AUTHORISED_9F02, tag::TRANSACTION_CURRENCY_CODE_5F2A].map(&value);
    let related = value(tag::k7::CARD_AUTHENTICATION_RELATED_DATA_9F69);
    assert_eq!((related[0], related.len()), (1, 8));
    let signature = value(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    let covered = [number, amount, currency, related].concat();
    let data = icc(&terminal).and_then(|key| dynamic_data(&key, &signature, &covered));
    assert_eq!(data.unwrap(), [&[2][..], &value(tag::ATC_9F36)].concat());
}

#[test]
fn the_second_cda_signature_covers_both_lists() {
    let mut terminal = Terminal::named("online-only").start();
    let answer = terminal.first_ac(0x50);
    assert_eq!(terminal.cid(), 0x80);
    assert!(cda_holds(&mut terminal, &answer, &[tag::CDOL1_8C]));
    terminal.values.insert(tag::AUTHORISATION_RESPONSE_CODE_8A, b"00".to_vec());
    let answer = terminal.second_ac(0x50);
    assert_eq!(terminal.cid(), 0x40);
    assert!(cda_holds(&mut terminal, &answer, &[tag::CDOL1_8C, tag::CDOL2_8D]));
}

#[test]
fn a_record_changed_after_signing_breaks_the_certificate() {
    let terminal = Terminal::named("altered").start();
    assert!(issuer(&terminal).is_some());
    assert!(icc(&terminal).is_none());
    assert!(!static_data_holds(&altered("sda", &["flip 5F28@1=01"]).start()));
}

#[test]
fn a_wedge_cannot_change_the_cid_unnoticed() {
    let mut terminal = Terminal::named("wedge").start();
    let answer = terminal.first_ac(0x50);
    assert_eq!(terminal.cid(), 0x40);
    assert!(!cda_holds(&mut terminal, &answer, &[tag::CDOL1_8C]));
}

/// Each wrong field shows in the recovered message at its place, and the hash still holds.
#[test]
fn fields_made_wrong_before_signing_are_signed_as_wrong() {
    let message = |alteration: &str| {
        let terminal = altered("cda", &[alteration]).start();
        let static_data = terminal.static_data.clone();
        let exponent = terminal.values[&tag::ICC_PUBLIC_KEY_EXPONENT_9F47].clone();
        let remainder = terminal.values.get(&tag::ICC_PUBLIC_KEY_REMAINDER_9F48).cloned().unwrap_or_default();
        let certificate = &terminal.values[&tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46];
        issuer(&terminal).unwrap().open(certificate, &[&remainder, &exponent, &static_data])
    };
    assert_eq!(message("sign icc format=05").unwrap()[0], 0x05);
    assert_eq!(message("sign icc identifier=4761739001010010FFFF").unwrap()[1..4], [0x47, 0x61, 0x73]);
    assert_eq!(message("sign icc expiry=0120").unwrap()[11..13], [0x01, 0x20]);
    assert_eq!(message("sign icc serial=ABCDEF").unwrap()[13..16], [0xAB, 0xCD, 0xEF]);
    assert_eq!(message("sign icc hash-algorithm=02").unwrap()[16], 0x02);
    assert_eq!(message("sign icc key-algorithm=02").unwrap()[17], 0x02);
    assert_eq!(message("sign icc key-length=7F").unwrap()[18], 0x7F);
    assert_eq!(message("sign icc exponent-length=03").unwrap()[19], 0x03);
    assert_eq!(message("sign icc exponent=010001").unwrap()[19], 0x03);
    assert!(message("sign icc remainder=0102").is_some());
    for broken in ["header=6B", "trailer=BD", "hash=0000000000000000000000000000000000000000", "hashed-data=00"] {
        assert_eq!(message(&format!("sign icc {broken}")), None, "{broken}");
    }
}

#[test]
fn signatures_made_wrong_are_wrong() {
    for broken in ["header=6B", "trailer=BD", "hash=00", "hashed-data=00"] {
        assert!(!dda_holds(&mut altered("dda", &[&format!("sign dynamic {broken}")]).start()), "{broken}");
        assert!(!static_data_holds(&altered("sda", &[&format!("sign static {broken}")]).start()), "{broken}");
        assert!(issuer(&altered("sda", &[&format!("sign issuer {broken}")]).start()).is_none(), "{broken}");
    }
    for broken in ["cid=40", "transaction-hash=0000000000000000000000000000000000000000", "hashed-data=00"] {
        let mut terminal = altered("online-only", &[&format!("sign first {broken}")]).start();
        let answer = terminal.first_ac(0x50);
        assert!(!cda_holds(&mut terminal, &answer, &[tag::CDOL1_8C]), "{broken}");
    }
}

#[test]
fn the_pin_key_is_certified_without_static_data() {
    let terminal = Terminal::named("pin-key").start();
    let tags = [tag::ICC_PIN_CERTIFICATE_9F2D, tag::ICC_PIN_EXPONENT_9F2E, tag::ICC_PIN_REMAINDER_9F2F];
    let (key, message) = issuer(&terminal).unwrap().certified(&terminal, tags, 20, &[]).unwrap();
    assert_eq!((message[0], key.modulus.len()), (0x04, 128));
}

/// A PIN block enciphered under a key from the card.
fn enciphered(terminal: &mut Terminal, tags: [Tag; 3], static_data: &[u8], block: [u8; 8]) -> Vec<u8> {
    let (challenge, status) = terminal.send_hex("0084000000");
    assert_eq!((challenge.len(), status), (8, 0x9000));
    let (key, _) = issuer(terminal).unwrap().certified(terminal, tags, 20, static_data).unwrap();
    let filler = vec![0xA5; key.modulus.len() - 17];
    let plain = [&[0x7F], &block[..], &challenge, &filler].concat();
    let sealed = key.recover(&plain);
    [vec![0; key.modulus.len() - sealed.len()], sealed].concat()
}

#[test]
fn an_enciphered_pin_is_deciphered_and_counted() {
    let right = *b"\x24\x12\x34\xFF\xFF\xFF\xFF\xFF";
    let wrong = *b"\x24\x12\x35\xFF\xFF\xFF\xFF\xFF";
    let pin_tags = [tag::ICC_PIN_CERTIFICATE_9F2D, tag::ICC_PIN_EXPONENT_9F2E, tag::ICC_PIN_REMAINDER_9F2F];
    for (name, tags) in [("enciphered-pin", ICC), ("pin-key", pin_tags)] {
        let mut terminal = Terminal::named(name).start();
        let static_data = if tags == ICC { terminal.static_data.clone() } else { Vec::new() };
        for (block, status) in
            [(wrong, 0x63C2), (right, 0x9000), (wrong, 0x63C2), (wrong, 0x63C1), (wrong, 0x63C0), (right, 0x6983)]
        {
            let data = enciphered(&mut terminal, tags, &static_data, block);
            assert_eq!(terminal.send(&Command::verify(0x88, &data).unwrap()).1, status, "{name}");
        }
    }
}

#[test]
fn an_enciphered_pin_needs_a_challenge_of_its_own() {
    let mut terminal = Terminal::named("enciphered-pin").start();
    let static_data = terminal.static_data.clone();
    let right = *b"\x24\x12\x34\xFF\xFF\xFF\xFF\xFF";
    let data = enciphered(&mut terminal, ICC, &static_data, right);
    let verify = Command::verify(0x88, &data).unwrap();
    assert_eq!(terminal.send(&verify).1, 0x9000);
    assert_eq!(terminal.send(&verify).1, 0x6985);
    assert_eq!(terminal.send_hex("0084000000").1, 0x9000);
    assert_eq!(terminal.send(&verify).1, 0x6984);
}
