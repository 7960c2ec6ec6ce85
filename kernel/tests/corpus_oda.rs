//! Recorded sessions of real and test cards, checked against what an independent checker found in them.
//!
//! The recordings are not part of the project. They are read from `EMVIDENT_CORPUS`, or from `../shared/corpus` beside
//! the workspace; where there are none this test says so and checks nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf};

use apdu::{Dol, Tag, tag, tlv, value::Date};
use emvident_kernel::{
    Reason,
    crypto::hash::Sha1Value,
    finding::Place,
    oda::{
        Chain, ChainReport, GenerateAc, IccKey, IssuerKey, KeyStore, Method, Purpose, StaticData, cda, dda,
        fdda::{FastDda, SignedFor},
        icc, issuer,
        keys::{CaKey, CaKeyData, Kind, RSA, SHA_1},
        sda,
    },
    store::{CardData, TerminalData},
};
use serde_json::Value;

fn corpus() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus");
    let path = PathBuf::from(std::env::var("EMVIDENT_CORPUS").unwrap_or_else(|_| beside.into()));
    if !path.join("sessions").is_dir() {
        eprintln!("\n*** NOTHING CHECKED: no recordings in {}; set EMVIDENT_CORPUS ***\n", path.display());
        return None;
    }
    Some(path)
}

fn read(path: PathBuf) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

// Keys

struct Published {
    rid: [u8; 5],
    index: u8,
    modulus: Vec<u8>,
    exponents: Vec<Vec<u8>>,
    checksums: Vec<Sha1Value>,
    confirmed: Option<bool>,
}

impl Published {
    fn all(corpus: &std::path::Path) -> Vec<Self> {
        let keys = read(corpus.join("ca-keys.json"));
        keys.as_array().unwrap().iter().map(Self::new).collect()
    }

    fn new(key: &Value) -> Self {
        Self {
            rid: array(&key["rid"]),
            index: array::<1>(&key["index"])[0],
            modulus: bytes(&key["modulus"]),
            exponents: key["exponent"].as_array().unwrap().iter().map(bytes).collect(),
            checksums: key["sha1_published"].as_array().unwrap().iter().map(array).collect(),
            confirmed: key["sha1_ok"].as_bool(),
        }
    }

    fn data<'a>(&'a self, exponent: &'a [u8]) -> CaKeyData<'a> {
        CaKeyData {
            rid: self.rid,
            index: self.index,
            hash_algorithm: SHA_1,
            key_algorithm: RSA,
            modulus: &self.modulus,
            exponent,
            checksum: [0; 20],
            expiry: None,
            kind: Kind::Test,
            withdrawn: false,
        }
    }

    /// Whether some published checksum lets the key load with some exponent it was published with.
    fn loads(&self) -> bool {
        self.exponents.iter().any(|exponent| {
            self.checksums
                .iter()
                .any(|checksum| CaKey::new(&CaKeyData { checksum: *checksum, ..self.data(exponent) }).is_ok())
        })
    }

    /// Not an RSA key as EMV uses them: an exponent other than 3 and 65537 only, or an even modulus.
    fn is_unusable(&self) -> bool {
        let usable = |exponent: &Vec<u8>| exponent == &[3] || exponent == &[1, 0, 1];
        !self.exponents.iter().any(usable) || self.modulus.last().unwrap().is_multiple_of(2)
    }
}

/// Every published key, also those without a checksum: a certificate that verifies confirms its key.
fn key_store(corpus: &std::path::Path) -> KeyStore {
    let mut store = KeyStore::new();
    for key in Published::all(corpus) {
        for exponent in &key.exponents {
            let mut data = key.data(exponent);
            data.checksum = data.computed_checksum();
            let _ = store.load(&data);
        }
    }
    store
}

#[test]
fn published_checksums_decide_which_keys_load() {
    let Some(corpus) = corpus() else { return };
    let keys = Published::all(&corpus);
    let mut counts = (0, 0, 0);
    for key in &keys {
        let name = format!("{}/{:02X}, {} bytes", hex::encode_upper(key.rid), key.index, key.modulus.len());
        match key.confirmed {
            Some(true) if key.is_unusable() => {
                assert!(!key.loads(), "{name}");
                counts.1 += 1;
            }
            Some(confirmed) => {
                assert_eq!(key.loads(), confirmed, "{name}");
                counts.0 += 1;
            }
            None => counts.2 += 1,
        }
    }
    eprintln!("{} keys decided, {} confirmed but unusable, {} without a checksum", counts.0, counts.1, counts.2);
    assert!(counts.0 > 200);
}

// Sessions

/// What happened after one SELECT.
#[derive(Default)]
struct Attempt {
    aid: Vec<u8>,
    /// Commands with their answers, the status word cut off.
    exchanges: Vec<(Vec<u8>, Vec<u8>)>,
    card: CardData,
}

/// Commands and answers with the transport of T=0 folded away.
fn exchanges(session: &Value) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut result: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for exchange in session["exchanges"].as_array().unwrap() {
        let (command, response) = (bytes(&exchange["c"]), bytes(&exchange["r"]));
        let pending = result.last().is_some_and(|(_, last)| matches!(last[..], [0x61 | 0x6C, _]));
        match result.last_mut().filter(|_| pending) {
            Some((_, last)) => *last = response,
            None => result.push((command, response)),
        }
    }
    result
}

fn attempts(session: &Value) -> Vec<Attempt> {
    let mut result: Vec<Attempt> = Vec::new();
    for (command, mut response) in exchanges(session) {
        if response.len() < 2 || response.split_off(response.len() - 2) != [0x90, 0x00] {
            continue;
        }
        if command.starts_with(&[0x00, 0xA4, 0x04, 0x00]) {
            let aid = command[5..5 + usize::from(command[4])].to_vec();
            result.push(Attempt { aid, ..Attempt::default() });
        }
        if let Some(attempt) = result.last_mut() {
            attempt.take(&command, &response);
            attempt.exchanges.push((command, response));
        }
    }
    result.retain(|attempt| attempt.card.has(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90));
    result
}

impl Attempt {
    fn take(&mut self, command: &[u8], response: &[u8]) {
        if command[1] == 0xA8 && response[0] == 0x80 {
            self.card.put(tag::AIP_82, &response[2..4], Place::default());
            self.card.put(tag::AFL_94, &response[4..], Place::default());
        } else if matches!(command[1], 0xA4 | 0xA8 | 0xB2) {
            let card = &mut self.card;
            let _ = tlv::walk(response, &mut |object, _| {
                if !object.tag.is_constructed() {
                    card.put(object.tag, object.value, Place::default());
                }
            });
        }
    }

    fn response(&self, ins: u8, accept: impl Fn(&[u8]) -> bool) -> Option<(&[u8], &[u8])> {
        let mut found = self.exchanges.iter().filter(|(command, _)| command[1] == ins && accept(command));
        found.next().map(|(command, response)| (&command[..], &response[..]))
    }

    /// The records the AFL marks, as they are signed; `None` when the recording lacks one.
    fn signed_records(&self) -> Option<Vec<u8>> {
        let afl = self.card.value(tag::AFL_94).unwrap_or(&[]);
        let mut records = Vec::new();
        for entry in afl.chunks(4) {
            for number in (entry[1]..).take(usize::from(entry[3])) {
                let reads = |command: &[u8]| command[2] == number && command[3] == entry[0] | 0x04;
                let (_, response) = self.response(0xB2, reads)?;
                let template = tlv::find(response, tag::READ_RECORD_TEMPLATE_70).ok()??;
                records.extend_from_slice(if entry[0] >> 3 <= 10 { template.value } else { response });
            }
        }
        Some(records)
    }

    fn chain<'a>(&'a self, keys: &'a KeyStore) -> Chain<'a> {
        Chain {
            card: &self.card,
            rid: self.aid[..5].try_into().unwrap(),
            keys,
            revocations: &[],
            today: Date::new(2012, 1, 1).unwrap(),
            purpose: Purpose::Authentication(Method::Cda),
        }
    }
}

fn data_sent(command: &[u8]) -> &[u8] {
    &command[5..5 + usize::from(command[4])]
}

/// The value of `tag` in an answer, or the whole value of an answer in format 1.
fn answered(response: &[u8], tag: Tag) -> Vec<u8> {
    let outer = tlv::Reader::strict(response).next().unwrap().unwrap();
    let value = if outer.tag == tag::RESPONSE_FORMAT_1_80 {
        outer.value
    } else {
        tlv::find(outer.value, tag).unwrap().unwrap().value
    };
    value.to_vec()
}

fn check_issuer(attempt: &mut Attempt, keys: &KeyStore, known: &Value, name: &str) -> IssuerKey {
    if !attempt.card.has(tag::PAN_5A) && known["icc_pan"].is_string() {
        attempt.card.put(tag::PAN_5A, &bytes(&known["icc_pan"]), Place::default());
    }
    let identifier: [u8; 4] = array(&known["issuer_id"]);
    let mut result = issuer::recover(&attempt.chain(keys), &mut ChainReport::default());
    let reason = result.as_ref().err().map(|finding| finding.reason);
    if reason == Some(Reason::OdaIssuerCertIssuerId) {
        // The checker did not compare the identifier. One card has a certificate for other card numbers: with such a
        // number everything after that check is seen too.
        assert!(
            !known["pan"].as_str().unwrap().starts_with(known["issuer_id"].as_str().unwrap().trim_end_matches('f'))
        );
        attempt.card.put(tag::PAN_5A, &identifier, Place::default());
        result = issuer::recover(&attempt.chain(keys), &mut ChainReport::default());
    }
    let issuer = result.unwrap_or_else(|finding| panic!("{name}: {finding:?}"));
    assert_eq!(issuer.identifier, identifier, "{name}");
    assert_eq!(issuer.expiry.to_mmyy(), array(&known["issuer_exp"]), "{name}");
    assert_eq!(issuer.key.bits() as u64, known["issuer_bits"].as_u64().unwrap(), "{name}");
    issuer
}

fn check_sda(
    attempt: &Attempt,
    keys: &KeyStore,
    issuer: &IssuerKey,
    signed: &StaticData<'_>,
    known: &Value,
    name: &str,
) {
    let result = sda::verify(&attempt.chain(keys), issuer, signed, &mut ChainReport::default());
    match known["sda"].as_bool() {
        Some(true) => assert_eq!(result.unwrap(), array(&known["dac"]), "{name}"),
        Some(false) => assert_eq!(result.unwrap_err().reason, Reason::OdaSsadHash, "{name}"),
        None => {}
    }
}

fn check_icc(
    attempt: &Attempt,
    keys: &KeyStore,
    issuer: &IssuerKey,
    signed: &StaticData<'_>,
    known: &Value,
    name: &str,
) -> Option<IccKey> {
    let mut report = ChainReport::default();
    let result = icc::recover(&attempt.chain(keys), issuer, signed, &mut report);
    match known["icc_cert"].as_bool()? {
        false => {
            let reasons: Vec<_> = result.unwrap_err().iter().map(|finding| finding.reason).collect();
            if known["why"].as_str().is_some_and(|why| why.starts_with("hash mismatch (header/format ok)")) {
                assert_eq!(reasons, [Reason::OdaIccCertHash, Reason::OdaIccCertStaticDataChanged], "{name}");
            }
            None
        }
        true => {
            let icc = result.unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
            let pan = report.steps[0].recovered.pan.as_ref().unwrap().to_padded();
            assert_eq!(pan, array(&known["icc_pan"]), "{name}");
            assert_eq!(icc.expiry.to_mmyy(), array(&known["icc_exp"]), "{name}");
            assert_eq!(icc.key.bits() as u64, known["icc_bits"].as_u64().unwrap(), "{name}");
            Some(icc)
        }
    }
}

fn check_dda(attempt: &Attempt, icc: &IccKey, known: &Value, name: &str) {
    if known["sdad"] != "DDA-ok" {
        return;
    }
    let (command, response) = attempt.response(0x88, |_| true).unwrap();
    let signature = answered(response, tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    let number = dda::verify(icc, &signature, Place::default(), data_sent(command), &mut ChainReport::default());
    assert_eq!(number.unwrap().as_bytes(), bytes(&known["idn"]), "{name}");
}

fn check_cda(attempt: &Attempt, icc: &IccKey, known: &Value, name: &str) {
    if (&known["sdad"], &known["txn_hash"]) != (&"CDA-sig-ok".into(), &"pdol+cdoln".into()) {
        return;
    }
    let (gpo, _) = attempt.response(0xA8, |_| true).unwrap();
    let pdol = tlv::find(data_sent(gpo), tag::COMMAND_TEMPLATE_83).unwrap().unwrap();
    let (command, response) = attempt.response(0xAE, |command| command[2] & 0x10 != 0).unwrap();
    let list = Dol::parse(attempt.card.value(tag::CDOL1_8C).unwrap()).unwrap();
    let number = list.range_of(tag::UNPREDICTABLE_NUMBER_9F37).unwrap();
    let generate_ac = GenerateAc {
        pdol_values: pdol.value,
        cdol1_values: data_sent(command),
        cdol2_values: None,
        list: Some(list),
        unpredictable_number: data_sent(command)[number].try_into().unwrap(),
        response: tlv::find(response, tag::RESPONSE_FORMAT_2_77).unwrap().unwrap().value,
        place: Place::default(),
    };
    let signed = cda::verify(icc, &generate_ac, &mut ChainReport::default()).unwrap();
    assert_eq!(signed.icc_dynamic_number.as_bytes(), bytes(&known["idn"]), "{name}");
    assert_eq!([signed.cid.0], array(&known["cid"]), "{name}");
    assert_eq!(signed.cryptogram, array(&known["ac"]), "{name}");
    check_tampering(icc, generate_ac, name);
}

/// The same signature with one thing changed at a time.
fn check_tampering(icc: &IccKey, command: GenerateAc<'_>, name: &str) {
    let reason = |command: GenerateAc<'_>| {
        cda::verify(icc, &command, &mut ChainReport::default()).map_err(|finding| finding.reason).unwrap_err()
    };
    let other_amount: Vec<u8> = command.cdol1_values.iter().map(|byte| byte ^ 1).collect();
    assert_eq!(reason(GenerateAc { cdol1_values: &other_amount, ..command }), Reason::OdaCdaTdhc, "{name}");
    assert_eq!(reason(GenerateAc { unpredictable_number: [0; 4], ..command }), Reason::OdaSdadHash, "{name}");
    let mut other_decision = command.response.to_vec();
    other_decision[3] ^= 0xC0;
    assert_eq!(command.response[..3], [0x9F, 0x27, 0x01], "{name}");
    assert_eq!(reason(GenerateAc { response: &other_decision, ..command }), Reason::OdaCdaCidMismatch, "{name}");
}

/// What GET PROCESSING OPTIONS sent for the card's list.
fn terminal_data(attempt: &Attempt) -> TerminalData {
    let (gpo, _) = attempt.response(0xA8, |_| true).unwrap();
    let mut values = tlv::find(data_sent(gpo), tag::COMMAND_TEMPLATE_83).unwrap().unwrap().value;
    let mut terminal = TerminalData::default();
    for entry in Dol::parse(attempt.card.value(tag::PDOL_9F38).unwrap()).unwrap().entries() {
        let (value, rest) = values.split_at(usize::from(entry.length));
        terminal.put(entry.tag, value, Place::default());
        values = rest;
    }
    terminal
}

fn check_fdda(attempt: &Attempt, keys: &KeyStore, records: &[u8], known: &Value, name: &str) {
    if known["sdad"] != "fDDA v01 UN+amt+cur+9F69" {
        return;
    }
    let by_format = [SignedFor::OfflineApproval, SignedFor::OnlineAuthorisation];
    let [offline, online] = by_format.map(|signed_for| {
        let fdda = FastDda {
            chain: Chain { purpose: Purpose::FastDda, ..attempt.chain(keys) },
            terminal: &terminal_data(attempt),
            records,
            uncoded: None,
            related_data: 5..=16,
            signed_for,
        };
        fdda.authenticate(&mut ChainReport::default())
    });
    let (signed, other) = if known["sdad_format"] == "95" { (online, offline) } else { (offline, online) };
    assert_eq!(signed.unwrap().as_bytes(), bytes(&known["idn"]), "{name}");
    assert_eq!(other.unwrap_err()[0].reason, Reason::OdaSdadFormat, "{name}: for the other kind of cryptogram");
}

fn check_attempt(mut attempt: Attempt, keys: &KeyStore, known: &Value, name: &str) {
    if known["issuer_cert"] == false {
        assert!(issuer::recover(&attempt.chain(keys), &mut ChainReport::default()).is_err(), "{name}");
        return;
    }
    let issuer = check_issuer(&mut attempt, keys, known, name);
    let Some(records) = attempt.signed_records() else { return eprintln!("{name}: a signed record was not recorded") };
    let signed = StaticData::new(&records, None, &attempt.card, Method::Cda).unwrap();
    assert_eq!(signed.record_length() as u64, known["oda_len"].as_u64().unwrap(), "{name}");
    check_sda(&attempt, keys, &issuer, &signed, known, name);
    let Some(icc) = check_icc(&attempt, keys, &issuer, &signed, known, name) else { return };
    known["dda"].as_array().into_iter().flatten().for_each(|known| check_dda(&attempt, &icc, known, name));
    known["cda"].as_array().into_iter().flatten().for_each(|known| check_cda(&attempt, &icc, known, name));
    check_fdda(&attempt, keys, &records, &known["fdda"], name);
}

#[test]
fn recorded_cards_authenticate_as_an_independent_checker_found() {
    let Some(corpus) = corpus() else { return };
    let keys = key_store(&corpus);
    let mut checked = 0;
    for entry in fs::read_dir(corpus.join("sessions")).unwrap() {
        let session = read(entry.unwrap().path());
        let name = session["name"].as_str().unwrap();
        let known = session["known"].as_array().unwrap();
        let with_certificate: Vec<_> = known.iter().filter(|known| known["issuer_cert"].is_boolean()).collect();
        let mut attempts = attempts(&session);
        for known in with_certificate {
            let is_it = |attempt: &Attempt| hex::encode_upper(&attempt.aid) == known["aid"].as_str().unwrap();
            let Some(at) = attempts.iter().position(is_it) else {
                eprintln!("{name}: no certificate seen after selecting {}", known["aid"]);
                continue;
            };
            check_attempt(attempts.remove(at), &keys, known, name);
            checked += 1;
        }
    }
    eprintln!("{checked} certificate chains checked");
    assert!(checked >= 8);
}
