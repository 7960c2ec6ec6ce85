//! Every check of every certificate and signature, failing for its own reason and no other.

mod chain;
mod fdda;
mod pki;
mod signatures;

use alloc::vec::Vec;

use apdu::{tag, value::Date};
use pki::{Certificate, Frame, PrivateKey};

use super::*;
use crate::finding::Place;
use keys::{CaKeyData, Kind};

const RID: [u8; 5] = [0xA0, 0, 0, 0, 0x03];
const INDEX: u8 = 0x92;
const PAN: [u8; 8] = [0x47, 0x61, 0x73, 0x90, 0x01, 0x01, 0x00, 0x10];
const PAN_FIELD: [u8; 10] = [0x47, 0x61, 0x73, 0x90, 0x01, 0x01, 0x00, 0x10, 0xFF, 0xFF];
const AIP: [u8; 2] = [0x7C, 0x00];
const RECORDS: &[u8] = b"the records that the issuer signed";

/// A card, its terminal and the day, all in order until something is changed.
struct Scene {
    ca: PrivateKey,
    issuer: Certificate,
    icc: Certificate,
    keys: KeyStore,
    revocations: Vec<Revocation>,
    today: Date,
    method: Method,
    /// Changes the card after it is personalised.
    tamper: fn(&mut CardData),
    records: &'static [u8],
}

impl Scene {
    fn new(method: Method) -> Self {
        let mut keys = KeyStore::new();
        keys.load(&ca_key(&PrivateKey::ca())).unwrap();
        Self {
            ca: PrivateKey::ca(),
            issuer: Certificate::new(0x02, &[0x47, 0x61, 0x73, 0xFF], PrivateKey::issuer()),
            icc: Certificate::new(0x04, &PAN_FIELD, PrivateKey::icc()),
            keys,
            revocations: Vec::new(),
            today: Date::new(2030, 12, 31).unwrap(),
            method,
            tamper: |_| {},
            records: RECORDS,
        }
    }

    fn signed_static_data() -> Vec<u8> {
        [RECORDS, &AIP].concat()
    }

    fn card(&self) -> CardData {
        let mut card = CardData::default();
        let mut put = |tag, value: &[u8]| card.put(tag, value, Place::default());
        put(tag::PAN_5A, &PAN);
        put(tag::AIP_82, &AIP);
        put(tag::SDA_TAG_LIST_9F4A, &[0x82]);
        put(tag::CA_PUBLIC_KEY_INDEX_8F, &[INDEX]);
        let issuer = self.issuer.sign(&self.ca, &[]);
        put(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90, &issuer.certificate);
        put(tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32, &issuer.exponent);
        issuer.remainder.iter().for_each(|value| put(tag::ISSUER_PUBLIC_KEY_REMAINDER_92, value));
        let icc = self.icc.sign(&self.issuer.key, &Self::signed_static_data());
        put(tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46, &icc.certificate);
        put(tag::ICC_PUBLIC_KEY_EXPONENT_9F47, &icc.exponent);
        icc.remainder.iter().for_each(|value| put(tag::ICC_PUBLIC_KEY_REMAINDER_9F48, value));
        put(tag::SIGNED_STATIC_APPLICATION_DATA_93, &ssad(&self.issuer.key, &Frame::default(), 3, 1));
        (self.tamper)(&mut card);
        card
    }

    /// Follows the chain as far as the method asks for; what is wrong, and what was checked.
    fn run(&self) -> (Vec<Finding>, ChainReport) {
        let card = self.card();
        let chain = self.chain(&card);
        let mut report = ChainReport::default();
        let static_data = StaticData::new(self.records, None, &card, self.method).unwrap();
        let result = match self.method {
            Method::Sda => chain.authenticate_static_data(&static_data, &mut report).map(|_| ()),
            Method::Dda | Method::Cda => chain.recover_keys(&static_data, &mut report).map(|_| ()),
        };
        (result.err().unwrap_or_default(), report)
    }

    fn chain<'a>(&'a self, card: &'a CardData) -> Chain<'a> {
        Chain {
            card,
            rid: RID,
            keys: &self.keys,
            revocations: &self.revocations,
            today: self.today,
            purpose: Purpose::Authentication(self.method),
        }
    }
}

fn ca_key(key: &PrivateKey) -> CaKeyData<'_> {
    let mut data = CaKeyData {
        rid: RID,
        index: INDEX,
        hash_algorithm: keys::SHA_1,
        key_algorithm: keys::RSA,
        modulus: &key.modulus,
        exponent: &key.exponent,
        checksum: [0; 20],
        expiry: None,
        kind: Kind::Test,
        withdrawn: false,
    };
    data.checksum = data.computed_checksum();
    data
}

fn ssad(key: &PrivateKey, frame: &Frame, format: u8, hash_algorithm: u8) -> Vec<u8> {
    frame.sign(key, &[format, hash_algorithm, 0xDA, 0xC5], &[&Scene::signed_static_data()])
}

fn reasons(findings: &[Finding]) -> Vec<Reason> {
    findings.iter().map(|finding| finding.reason).collect()
}

/// What changed, how, and the reason to give.
type Case = (&'static str, fn(&mut Scene), Reason);

/// Each change alone gives its reason, as the first failed check of the last step, and the bit of the method.
fn assert_each(method: Method, cases: &[Case]) {
    assert_eq!(reasons(&Scene::new(method).run().0), [], "unchanged");
    for (name, change, reason) in cases {
        let mut scene = Scene::new(method);
        change(&mut scene);
        let (findings, report) = scene.run();
        assert_eq!(reasons(&findings), [*reason], "{name}");
        assert!(findings[0].tvr.is_some(), "{name} sets a bit");
        assert!(!findings[0].evidence.is_empty(), "{name} has evidence");
        let failed: Vec<_> = report.steps.iter().flat_map(|step| &step.checks).filter(|check| !check.passed).collect();
        assert!(failed.len() <= 1, "{name}: {failed:?}");
        assert!(report.steps.last().is_none_or(|step| !step.passed()), "{name}: the last step failed");
        assert!(report.steps.iter().rev().skip(1).all(report::Step::passed), "{name}: only the last step can fail");
    }
}
