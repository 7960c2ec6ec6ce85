//! Certificates and signatures that are wrong and signed with the right keys: only a check of the field itself finds them.

use emvident::{
    apdu::{Tag, tag},
    kernel::crypto::rsa::{Exponent, PublicKey},
};
use vectors::{Alteration, Profile, SoftwareCard, pki::KeySpec};

use super::{
    super::{baseline::Baseline, tree, verdict::Oda},
    Change,
};

/// What the card signs with: the method that the baseline went by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Static,
    Dynamic,
    Combined,
}

/// Something wrong: which signed object, and what is done to it; after an exclamation mark, to something else.
struct Defect {
    object: &'static str,
    edits: Vec<String>,
}

pub fn count(from: &Baseline) -> usize {
    defects(from).len()
}

pub fn change(from: &Baseline, number: usize) -> Option<Change> {
    let defect = defects(from).swap_remove(number);
    let mut profile = from.scenario.profile().ok()?;
    let texts = defect.edits.iter().map(|edit| match edit.strip_prefix('!') {
        Some(alteration) => alteration.to_owned(),
        None => format!("sign {} {edit}", defect.object),
    });
    let alterations: Result<Vec<Alteration>, _> = texts.map(|text| text.parse()).collect();
    profile.alterations.extend(alterations.unwrap());
    let card = Box::new(SoftwareCard::new(&profile).ok()?);
    let fields = vec![tag_of(defect.object).to_string()];
    Some(Change { card: Some(card), fields, must_fail: true, ..Change::default() })
}

fn tag_of(object: &str) -> Tag {
    match object {
        "issuer" => tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        "icc" => tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        "static" => tag::SIGNED_STATIC_APPLICATION_DATA_93,
        _ => tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B,
    }
}

fn method(from: &Baseline, profile: &Profile) -> Option<Method> {
    let has = &profile.applications.first()?.authentication;
    match from.kernel() {
        _ if from.verdict.oda != Oda::Succeeded => None,
        "C-3" | "C-7" => Some(Method::Dynamic),
        _ if has.cda => Some(Method::Combined),
        _ if has.dda => Some(Method::Dynamic),
        _ => Some(Method::Static),
    }
}

fn defects(from: &Baseline) -> Vec<Defect> {
    let profile = from.scenario.profile().unwrap();
    let Some(method) = method(from, &profile) else { return Vec::new() };
    let mut defects = certificate("issuer", 0x02, "12345678");
    match method {
        Method::Static => defects.extend(frame("static", 0x03)),
        Method::Dynamic => {
            let format = if from.verdict.online && from.kernel() != "contact" { 0x95 } else { 0x05 };
            defects.extend(certificate("icc", 0x04, "6799998900000060019F"));
            defects.extend(dynamic("dynamic", format));
        }
        Method::Combined => {
            defects.extend(certificate("icc", 0x04, "6799998900000060019F"));
            let signed =
                from.exchanges().filter(|(_, command, _)| command[1] == 0xAE && command[2] & 0x10 != 0).count();
            let combined = |(object, cid)| dynamic(object, 0x05).into_iter().chain(transaction(object, cid));
            defects.extend(["first", "second"].into_iter().zip(decisions(from)).take(signed).flat_map(combined));
        }
    }
    if !from.terminal.revocations.is_empty() {
        defects.push(Defect { object: "issuer", edits: vec!["serial=ABCDEF".to_owned()] });
    }
    defects.extend(stale(from, &profile, method));
    defects.extend(tag_list(from, method));
    defects
}

/// The issuer signed another tag list than the one there may be, and the AIP all the same.
fn tag_list(from: &Baseline, method: Method) -> Option<Defect> {
    let profile =
        first_value(from, tag::AIP_82).or_else(|| Some(first_value(from, tag::RESPONSE_FORMAT_1_80)?[..2].to_vec()));
    let list = [0x9F, 0x4A, 0x01, 0x82];
    let record = from.exchanges().map(|(_, _, response)| &response[..response.len() - 2]);
    let mut record = record.into_iter().find(|data| data.windows(4).any(|bytes| bytes == list))?[..].to_vec();
    let at = record.windows(4).position(|bytes| bytes == list)?;
    record[at + 3] = 0x83;
    let signed = tree::objects(&record).swap_remove(0).value;
    let signed = [&record[signed], &profile?].concat();
    let object = if method == Method::Static { "static" } else { "icc" };
    Some(Defect {
        object,
        edits: vec![format!("hashed-data={}", hex::encode_upper(signed)), "!set 9F4A=83".to_owned()],
    })
}

fn each(object: &'static str, edits: impl IntoIterator<Item = String>) -> Vec<Defect> {
    edits.into_iter().map(|edit| Defect { object, edits: vec![edit] }).collect()
}

/// Every bit of a byte, one at a time.
fn bits(field: &str, right: u8) -> impl Iterator<Item = String> + use<> {
    let field = field.to_owned();
    (0..8).map(move |bit| format!("{field}={:02X}", right ^ (1 << bit)))
}

/// What every signed object has.
fn frame(object: &'static str, format: u8) -> Vec<Defect> {
    let formats = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x93, 0x95].into_iter().filter(|other| *other != format);
    let edits = bits("header", 0x6A).chain(bits("trailer", 0xBC)).chain(bits("hash-algorithm", 0x01));
    let edits = edits.chain(formats.map(|format| format!("format={format:02X}")));
    let hashes = ["00".repeat(20), "BB".repeat(20)].map(|hash| format!("hash={hash}"));
    each(object, edits.chain(hashes))
}

fn certificate(object: &'static str, format: u8, other: &str) -> Vec<Defect> {
    let edits =
        ["expiry=0120", "expiry=1349", "key-length=00", "key-length=FF", "exponent-length=00"].map(str::to_owned);
    let more = ["exponent-length=02", "exponent=05", "exponent=010000"].map(str::to_owned);
    let edits = edits.into_iter().chain(more).chain([format!("identifier={other}")]);
    let mut defects = frame(object, format);
    defects.extend(each(object, edits.chain(bits("key-algorithm", 0x01))));
    defects
}

fn dynamic(object: &'static str, format: u8) -> Vec<Defect> {
    let edits = ["data-length=FF", "data-length=00", "number=AA", "number=AABBCCDDEEFF001122", "hashed-data=00000000"];
    let mut defects = frame(object, format);
    defects.extend(each(object, edits.map(str::to_owned)));
    defects
}

/// What a signature over a cryptogram has besides.
fn transaction(object: &'static str, right: u8) -> Vec<Defect> {
    let cids = [0x00, 0x40, 0x80, 0xC0].into_iter().filter(|cid| *cid != right).map(|cid| format!("cid={cid:02X}"));
    let hash = format!("transaction-hash={}", "00".repeat(20));
    each(object, cids.chain([hash]))
}

/// What the card decided, each time.
fn decisions(from: &Baseline) -> Vec<u8> {
    let answers = from.exchanges().filter(|(_, command, _)| command[1] == 0xAE).map(|(_, _, response)| response);
    let decision = |response: &[u8]| {
        let objects = tree::objects(&response[..response.len() - 2]);
        let cid = objects.into_iter().find(|object| object.tag == tag::CRYPTOGRAM_INFORMATION_DATA_9F27);
        cid.map(|cid| response[cid.value.start])
    };
    answers.filter_map(decision).collect()
}

/// The filler changed under the old hash: only a hash over what was recovered finds it.
fn stale(from: &Baseline, profile: &Profile, method: Method) -> Vec<Defect> {
    let Some(keys) = profile.applications.first().map(|application| &application.authentication) else {
        return Vec::new();
    };
    let authority = vectors::ca_keys().into_iter().find(|key| key.index == keys.authority);
    let Some(authority) = authority else { return Vec::new() };
    let ca = Key { modulus: authority.modulus.clone(), exponent: authority.exponent.clone() };
    let mut defects = Vec::new();
    if ca.modulus.len() - 36 > keys.issuer.bytes {
        defects.extend(stale_one(from, "issuer", &ca));
    }
    let issuer = Key::of(&keys.issuer);
    if method != Method::Static && keys.issuer.bytes - 42 > keys.icc.bytes {
        defects.extend(stale_one(from, "icc", &issuer));
    }
    match method {
        Method::Static => defects.extend(stale_one(from, "static", &issuer)),
        Method::Dynamic => defects.extend(stale_one(from, "dynamic", &Key::of(&keys.icc))),
        Method::Combined => defects.extend(stale_one(from, "first", &Key::of(&keys.icc))),
    }
    defects
}

struct Key {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl Key {
    fn of(spec: &KeySpec) -> Self {
        let exponent = if spec.exponent == 3 { vec![3] } else { vec![1, 0, 1] };
        Self { modulus: spec.modulus().unwrap(), exponent }
    }
}

fn stale_one(from: &Baseline, object: &'static str, key: &Key) -> Option<Defect> {
    let signature = first_value(from, tag_of(object))?;
    let exponent = Exponent::from_bytes(&key.exponent)?;
    let opened = PublicKey::new(&key.modulus, exponent).ok()?.apply(&signature).ok()?;
    let hash = &opened[opened.len() - 21..opened.len() - 1];
    let edits = vec![format!("padding={}", "AA".repeat(8)), format!("hash={}", hex::encode_upper(hash))];
    Some(Defect { object, edits })
}

/// The first value of `tag` that the card gave; the signature of format 1 has no tag.
fn first_value(from: &Baseline, tag: Tag) -> Option<Vec<u8>> {
    from.exchanges().find_map(|(_, command, response)| {
        let data = &response[..response.len() - 2];
        let found = tree::objects(data).into_iter().find(|object| object.tag == tag);
        let format_1 =
            || (command[1] == 0x88 && data.first() == Some(&0x80)).then(|| tree::objects(data).swap_remove(0));
        found
            .or_else(format_1)
            .filter(|_| command[1] != 0x88 || tag == tag_of("dynamic"))
            .map(|object| data[object.value].to_vec())
    })
}
