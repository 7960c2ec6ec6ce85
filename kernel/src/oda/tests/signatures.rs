//! What the card signs while the terminal looks, and the PIN.

use super::*;
use apdu::{Dol, tlv, value::tvr};

const NUMBER: [u8; 4] = [0xDE, 0xAD, 0xBE, 0xEF];
const CRYPTOGRAM: [u8; 8] = [0x49, 0xC2, 0x7A, 0x9F, 0x8E, 0x4B, 0xF5, 0x38];
const PDOL: &[u8] = &[0x60, 0x00];
const CDOL1: &[u8] = &[1, 2, 3, 0xDE, 0xAD, 0xBE, 0xEF];
const CDOL2: &[u8] = &[4, 5, 0xDE, 0xAD, 0xBE, 0xEF];

/// What changes, and the reason to give.
type Change<T> = (fn(&mut T), Reason);

fn icc_key() -> IccKey {
    let scene = Scene::new(Method::Cda);
    let card = scene.card();
    let static_data = StaticData::new(RECORDS, None, &card, Method::Cda).unwrap();
    scene.chain(&card).recover_keys(&static_data, &mut ChainReport::default()).unwrap().icc
}

/// A dynamic signature before it is signed.
#[derive(Clone)]
struct Sdad {
    frame: Frame,
    format: u8,
    hash_algorithm: u8,
    length: Option<u8>,
    number: Vec<u8>,
    rest: Vec<u8>,
}

impl Sdad {
    fn new(rest: &[u8]) -> Self {
        let number = [2, 0, 0x2C].into();
        Self { frame: Frame::default(), format: 5, hash_algorithm: 1, length: None, number, rest: rest.into() }
    }

    fn sign(&self, terminal_data: &[u8]) -> Vec<u8> {
        let length = self.length.unwrap_or((self.number.len() + self.rest.len()) as u8);
        let message = [&[self.format, self.hash_algorithm, length][..], &self.number, &self.rest].concat();
        self.frame.sign(&PrivateKey::icc(), &message, &[terminal_data])
    }
}

fn dda(signature: &[u8], terminal_data: &[u8]) -> Result<IccDynamicNumber, Finding> {
    dda::verify(&icc_key(), signature, Place::exchange(9), terminal_data, &mut ChainReport::default())
}

#[test]
fn a_dynamic_signature_gives_the_dynamic_number() {
    let number = dda(&Sdad::new(b"more").sign(&NUMBER), &NUMBER).unwrap();
    assert_eq!(number.as_bytes(), [0, 0x2C]);
}

#[test]
fn each_check_of_the_dynamic_signature_has_its_own_reason() {
    let cases: &[Change<Sdad>] = &[
        (|sdad| sdad.frame.trailer = 0xBB, Reason::OdaSdadRecover),
        (|sdad| sdad.frame.header = 0x6B, Reason::OdaSdadRecover),
        (|sdad| sdad.format = 0x95, Reason::OdaSdadFormat),
        (|sdad| sdad.hash_algorithm = 3, Reason::OdaSdadHashAlg),
        (|sdad| sdad.frame.hash_mask = 1, Reason::OdaSdadHash),
        (|sdad| sdad.length = Some(72), Reason::OdaSdadLdd),
        (|sdad| sdad.length = Some(2), Reason::OdaSdadLdd),
        (|sdad| sdad.length = Some(0), Reason::OdaSdadLdd),
        (|sdad| sdad.number = [1, 7].into(), Reason::OdaSdadLdd),
        (|sdad| sdad.number = [9, 1, 2, 3, 4, 5, 6, 7, 8, 9].into(), Reason::OdaSdadLdd),
    ];
    for (change, reason) in cases {
        let mut sdad = Sdad::new(&[]);
        change(&mut sdad);
        let finding = dda(&sdad.sign(&NUMBER), &NUMBER).unwrap_err();
        assert_eq!((finding.reason, finding.tvr), (*reason, Some(tvr::DDA_FAILED)));
    }
    let signature = Sdad::new(&[]).sign(&NUMBER);
    assert_eq!(dda(&signature[1..], &NUMBER).unwrap_err().reason, Reason::OdaSdadLength);
    assert_eq!(dda(&signature, &[0; 4]).unwrap_err().reason, Reason::OdaSdadHash, "a replayed signature");
    assert_eq!(dda(&signature, &[0; 4]).unwrap_err().evidence[0].place.exchange, Some(9));
}

#[test]
fn a_data_object_list_has_to_ask_for_the_terminals_number() {
    let card = |list: &[u8]| {
        let mut card = CardData::default();
        card.put(tag::DDOL_9F49, list, Place::default());
        card
    };
    let default: &[u8] = &[0x9F, 0x37, 0x04];
    let own = card(&[0x9F, 0x02, 0x06, 0x9F, 0x37, 0x04]);
    assert_eq!(dda::choose_ddol(&own, Some(default)).unwrap().total_length(), 10);
    let none = CardData::default();
    assert_eq!(dda::choose_ddol(&none, Some(default)).unwrap().total_length(), 4);
    let reason = |card: &CardData, default| dda::choose_ddol(card, default).unwrap_err().reason;
    assert_eq!(reason(&none, None), Reason::OdaDdolNoDefault);
    assert_eq!(reason(&none, Some(&[0x9F, 0x02, 0x06])), Reason::OdaDdolMissingUn);
    assert_eq!(
        reason(&card(&[0x9F, 0x02, 0x06]), Some(default)),
        Reason::OdaDdolMissingUn,
        "not replaced by the default"
    );
    assert_eq!(reason(&card(&[0x9F, 0x37]), Some(default)), Reason::OdaDdolMissingUn, "no list at all");
}

/// A combined signature and the answer around it.
struct Answer {
    sdad: Sdad,
    cid: u8,
    signed_cid: u8,
    second: bool,
}

impl Answer {
    fn new() -> Self {
        Self { sdad: Sdad::new(&[]), cid: 0x80, signed_cid: 0x80, second: false }
    }

    fn clear(&self) -> Vec<u8> {
        let mut response = Vec::new();
        tlv::write(&mut response, tag::CRYPTOGRAM_INFORMATION_DATA_9F27, &[self.cid]);
        tlv::write(&mut response, tag::ATC_9F36, &[0, 6]);
        response
    }

    /// The answer: the signature stands before the last object, so that leaving it out is more than cutting the end.
    fn response(&self) -> Vec<u8> {
        let mut tail = Vec::new();
        tlv::write(&mut tail, tag::ISSUER_APPLICATION_DATA_9F10, &[1, 2, 3]);
        let cdol2 = if self.second { CDOL2 } else { &[] };
        let hash = crate::crypto::hash::sha1([PDOL, CDOL1, cdol2, &self.clear(), &tail]);
        let mut sdad = self.sdad.clone();
        if sdad.rest.is_empty() {
            sdad.rest = [&[self.signed_cid][..], &CRYPTOGRAM, &hash].concat();
        }
        let mut response = self.clear();
        tlv::write(&mut response, tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, &sdad.sign(&NUMBER));
        [response, tail].concat()
    }
}

fn command<'a>(response: &'a [u8]) -> GenerateAc<'a> {
    GenerateAc {
        pdol_values: PDOL,
        cdol1_values: CDOL1,
        cdol2_values: None,
        list: Dol::parse(&[0x9F, 0x37, 0x04]).ok(),
        unpredictable_number: NUMBER,
        response,
        place: Place::exchange(12),
    }
}

fn cda(command: &GenerateAc<'_>) -> Result<CombinedAuthentication, Reason> {
    cda::verify(&icc_key(), command, &mut ChainReport::default()).map_err(|finding| {
        assert_eq!(finding.tvr, Some(tvr::CDA_FAILED));
        finding.reason
    })
}

#[test]
fn a_combined_signature_gives_the_cryptogram() {
    let signed = cda(&command(&Answer::new().response())).unwrap();
    assert_eq!((signed.cid.0, signed.cryptogram), (0x80, CRYPTOGRAM));
    assert_eq!(signed.icc_dynamic_number.as_bytes(), [0, 0x2C]);
}

#[test]
fn the_second_signature_covers_what_both_commands_sent() {
    let answer = Answer { cid: 0x40, signed_cid: 0x40, second: true, ..Answer::new() }.response();
    let second = GenerateAc { cdol2_values: Some(CDOL2), ..command(&answer) };
    assert_eq!(cda(&second).unwrap().cid.0, 0x40);
    assert_eq!(cda(&command(&answer)), Err(Reason::OdaCdaTdhc), "without CDOL2");
    assert_eq!(cda(&GenerateAc { cdol1_values: &[], ..second }), Err(Reason::OdaCdaTdhc), "without CDOL1");
    assert_eq!(cda(&GenerateAc { pdol_values: &[], ..second }), Err(Reason::OdaCdaTdhc), "without the PDOL");
}

#[test]
fn each_check_of_the_combined_signature_has_its_own_reason() {
    let cases: &[Change<Answer>] = &[
        (|answer| answer.sdad.frame.trailer = 0, Reason::OdaSdadRecover),
        (|answer| answer.sdad.format = 0x15, Reason::OdaSdadFormat),
        (|answer| answer.sdad.hash_algorithm = 2, Reason::OdaSdadHashAlg),
        (|answer| answer.sdad.rest = [0x80; 28].into(), Reason::OdaSdadLdd),
        (|answer| answer.sdad.length = Some(200), Reason::OdaSdadLdd),
        (|answer| answer.cid = 0x40, Reason::OdaCdaCidMismatch),
        (|answer| answer.sdad.frame.hash_mask = 1, Reason::OdaSdadHash),
        (|answer| answer.sdad.rest = [0x80; 29].into(), Reason::OdaCdaTdhc),
    ];
    for (change, reason) in cases {
        let mut answer = Answer::new();
        change(&mut answer);
        assert_eq!(cda(&command(&answer.response())), Err(*reason));
    }
    let answer = Answer::new();
    assert_eq!(cda(&command(&answer.clear())), Err(Reason::OdaCdaNoSdad));
    assert_eq!(cda(&command(&[])), Err(Reason::OdaCdaNoSdad));
}

#[test]
fn a_number_that_was_not_sent_is_named_instead_of_the_hash() {
    let response = Answer::new().response();
    let other = GenerateAc { unpredictable_number: [0; 4], ..command(&response) };
    assert_eq!(cda(&other), Err(Reason::OdaSdadHash));
    let unasked = Dol::parse(&[0x9F, 0x02, 0x06]).ok();
    assert_eq!(cda(&GenerateAc { list: unasked, ..other }), Err(Reason::OdaCdaUnMissing));
    assert!(cda(&GenerateAc { list: unasked, ..command(&response) }).is_ok(), "only when the check fails");
}

// The key for PINs

fn with_pin_key(card: &mut CardData, key: PrivateKey, change: fn(&mut Certificate)) {
    let mut certificate = Certificate::new(0x04, &PAN_FIELD, key);
    change(&mut certificate);
    let signed = certificate.sign(&PrivateKey::issuer(), &[]);
    card.put(tag::ICC_PIN_CERTIFICATE_9F2D, &signed.certificate, Place::default());
    card.put(tag::ICC_PIN_EXPONENT_9F2E, &signed.exponent, Place::default());
    signed.remainder.iter().for_each(|value| card.put(tag::ICC_PIN_REMAINDER_9F2F, value, Place::default()));
}

fn pin_key(card: &CardData, records: Option<&[u8]>) -> Result<usize, Vec<Reason>> {
    let scene = Scene::new(Method::Sda);
    let static_data = records.map(|records| StaticData::new(records, None, card, Method::Sda).unwrap());
    pin_key::recover(&scene.chain(card), static_data.as_ref(), &mut ChainReport::default())
        .map(|key| key.key.length())
        .map_err(|findings| {
            assert!(findings.iter().all(|finding| finding.tvr.is_none()), "no bit of offline data authentication");
            reasons(&findings)
        })
}

#[test]
fn the_key_for_pins_comes_before_the_cards_own() {
    let mut card = Scene::new(Method::Sda).card();
    assert_eq!(pin_key(&card, Some(RECORDS)), Ok(96), "the card's own");
    with_pin_key(&mut card, PrivateKey::small_icc(), |_| {});
    assert_eq!(pin_key(&card, Some(b"changed")), Ok(64), "which covers no static data");
    assert_eq!(pin_key(&card, None), Ok(64));
    with_pin_key(&mut card, PrivateKey::small_issuer(), |_| {});
    assert_eq!(pin_key(&card, None), Ok(88), "with an exponent of its own");
}

#[test]
fn a_bad_key_for_pins_is_not_replaced_but_an_incomplete_one_is() {
    let mut card = Scene::new(Method::Sda).card();
    with_pin_key(&mut card, PrivateKey::small_icc(), |certificate| certificate.format = 5);
    assert_eq!(pin_key(&card, Some(RECORDS)), Err([Reason::OdaIccCertFormat, Reason::PinKeyRecoveryFailed].into()));
    let mut card = Scene::new(Method::Sda).card();
    with_pin_key(&mut card, PrivateKey::icc(), |certificate| certificate.remainder = Some([1; 25].into()));
    assert_eq!(pin_key(&card, Some(RECORDS)).map_err(|reasons| reasons[0]), Err(Reason::OdaIccCertRemainder));
    let mut card = Scene::new(Method::Sda).card();
    with_pin_key(&mut card, PrivateKey::icc(), |_| {});
    let mut rest = CardData::default();
    let kept = card.iter().filter(|(tag, _)| *tag != tag::ICC_PIN_REMAINDER_9F2F);
    kept.for_each(|(tag, value)| rest.put(tag, value, Place::default()));
    assert_eq!(pin_key(&rest, Some(RECORDS)), Ok(96));
}

#[test]
fn without_a_key_there_is_no_enciphered_pin() {
    let scene = Scene::new(Method::Sda);
    assert_eq!(pin_key(&CardData::default(), Some(RECORDS)), Err([Reason::PinKeyMissing].into()));
    let mut whole = scene.card();
    with_pin_key(&mut whole, PrivateKey::icc(), |_| {});
    let halves = [
        tag::ICC_PIN_CERTIFICATE_9F2D,
        tag::ICC_PIN_EXPONENT_9F2E,
        tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        tag::ICC_PUBLIC_KEY_EXPONENT_9F47,
    ];
    for half in halves {
        let mut card = CardData::default();
        let kept = whole.iter().filter(|(tag, _)| *tag == half || !halves.contains(tag));
        kept.for_each(|(tag, value)| card.put(tag, value, Place::default()));
        assert_eq!(pin_key(&card, Some(RECORDS)), Err([Reason::PinKeyMissing].into()), "{half} alone");
    }
    let changed = pin_key(&scene.card(), Some(b"changed")).unwrap_err();
    assert_eq!((changed[0], changed.last()), (Reason::OdaIccCertHash, Some(&Reason::PinKeyRecoveryFailed)));
    assert_eq!(pin_key(&scene.card(), None), Err([Reason::PinKeyRecoveryFailed].into()));
}

#[test]
fn track_2_does_not_stand_in_for_the_card_number_of_a_pin_key() {
    let whole = Scene::new(Method::Sda).card();
    let mut card = CardData::default();
    let kept = whole.iter().filter(|(tag, _)| *tag != tag::PAN_5A);
    kept.for_each(|(tag, value)| card.put(tag, value, Place::default()));
    let track = [&PAN[..], &[0xD3, 0x01, 0x22, 0x01]].concat();
    card.put(tag::TRACK_2_EQUIVALENT_DATA_57, &track, Place::default());
    let missing = [Reason::OdaDataMissing5a, Reason::PinKeyRecoveryFailed];
    assert_eq!(pin_key(&card, Some(RECORDS)), Err(missing.into()));
}

#[test]
fn the_card_reads_the_pin_block_it_was_sent() {
    let (pin_block, challenge) = ([0x24, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [7; 8]);
    let key = icc_key();
    let random: Vec<u8> = (0..pin_key::random_length(&key)).map(|i| i as u8).collect();
    let enciphered = pin_key::encipher(&key, &pin_block, &challenge, &random).unwrap();
    let plain = PrivateKey::icc().sign(&enciphered);
    assert_eq!(plain, [&[0x7F][..], &pin_block, &challenge, &random].concat());
    let error = pin_key::encipher(&key, &pin_block, &challenge, &random[1..]).unwrap_err();
    assert_eq!(error, pin_key::EncipherError::RandomLength { expected: 79, found: 78 });
}
