//! Certificates and signatures among data objects, opened with a CA key as far as the keys are known
//! (`EMV 4.4 Book 2, 5 and 6`).
//!
//! For reading, not for trusting: nothing here asks for dates, revocations or the records that were signed. The account
//! number in a card's certificate is masked.

mod fields;
mod signature;

use apdu::{Tag, tag, tlv, value::Pan};
use fields::{Fields, HASH};
use kernel::{
    crypto::{
        hash::sha1,
        rsa::{Exponent, PublicKey},
    },
    oda::{CaKey, KeyStore},
};

use super::{
    node::{Label, Meaning, Node, RECOVERED, Shown},
    problem::Problem,
};

/// Who may have signed the certificates.
#[derive(Clone, Copy, Debug)]
pub struct Authority<'a> {
    /// The CA keys.
    pub keys: &'a KeyStore,
    /// The registered identifier an AID starts with; an AID in the input says so without it.
    pub rid: Option<[u8; 5]>,
    /// The CA key index; `8F` in the input says so without it.
    pub index: Option<u8>,
}

/// A key that opens something.
struct Key {
    modulus: Vec<u8>,
    exponent: Exponent,
}

/// The data objects a chain is made of.
struct Chain<'a> {
    objects: Vec<(Tag, &'a [u8])>,
}

/// Opens what can be opened in `bytes` and puts what comes out below the nodes of the certificates and signatures.
pub(super) fn open(bytes: &[u8], authority: Authority<'_>, nodes: &mut [Node]) {
    let mut chain = Chain { objects: Vec::new() };
    // What comes before an error is worth as much as without it.
    let _ = tlv::walk(bytes, &mut |object, _| chain.objects.push((object.tag, object.value)));
    let mut opened = Vec::new();
    chain.open(authority, &mut opened);
    for (tag, node) in opened {
        attach(nodes, tag, &node);
    }
}

fn attach(nodes: &mut [Node], tag: Tag, recovered: &Node) {
    for node in nodes {
        match node.label {
            Label::Object { tag: found, .. } if found == tag => node.children.push(recovered.clone()),
            _ => attach(&mut node.children, tag, recovered),
        }
    }
}

impl<'a> Chain<'a> {
    fn value(&self, tag: Tag) -> Option<&'a [u8]> {
        self.objects.iter().find(|(found, _)| *found == tag).map(|(_, value)| *value)
    }

    fn open(&self, authority: Authority<'_>, opened: &mut Vec<(Tag, Node)>) {
        let Some(certificate) = self.value(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90) else { return };
        let (ca_key, hint) = self.ca_key(authority, certificate);
        let block = ca_key.and_then(|key| key.apply(certificate).ok());
        let Some(block) = block else {
            let problem = hint.unwrap_or_else(|| Problem::new("ca-key-unknown", 0));
            let node = Node::new(Label::Part(RECOVERED), 0..0, Shown::InChildren).with_problem(problem);
            return opened.push((tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90, node));
        };
        let (node, issuer) = self.certificate(&ISSUER, &block);
        opened.push((tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90, node.with_problem(hint)));
        let Some(issuer) = issuer else { return };
        self.signed(tag::SIGNED_STATIC_APPLICATION_DATA_93, &issuer, signature::static_data, opened);
        self.signed_by_issuer(&ICC_PIN, &issuer, opened);
        if let Some(card) = self.signed_by_issuer(&ICC, &issuer, opened) {
            self.signed(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, &card, signature::dynamic_data, opened);
        }
    }

    /// The CA key that is named, or else the one that opens the certificate, which is a problem worth telling.
    fn ca_key<'k>(&self, authority: Authority<'k>, certificate: &[u8]) -> (Option<&'k CaKey>, Option<Problem>) {
        let index = authority.index.or_else(|| self.value(tag::CA_PUBLIC_KEY_INDEX_8F)?.first().copied());
        let rid = authority.rid.or_else(|| self.rid());
        let fits =
            |key: &&CaKey| rid.is_none_or(|rid| key.rid() == rid) && index.is_none_or(|index| key.index() == index);
        let named = || authority.keys.iter().filter(fits);
        if let Some(key) = named().find(|key| key.opens(certificate)) {
            return (Some(key), None);
        }
        let other = authority.keys.iter().find(|key| key.opens(certificate));
        let problem = match (other, named().next()) {
            (Some(key), _) => Problem::new("ca-key-other", 0).with("key", name(key)),
            (None, Some(key)) => Problem::new("ca-key-wrong", 0).with("key", name(key)),
            (None, None) => Problem::new("ca-key-unknown", 0),
        };
        (other, Some(problem))
    }

    fn rid(&self) -> Option<[u8; 5]> {
        let names = [tag::ADF_NAME_4F, tag::DF_NAME_84, tag::AID_TERMINAL_9F06];
        let aids = names.iter().filter_map(|tag| self.value(*tag));
        aids.filter(|aid| matches!(aid, [0xA0 | 0xD2, ..])).find_map(|aid| aid.first_chunk().copied())
    }

    fn signed_by_issuer(&self, layout: &Layout, issuer: &Key, opened: &mut Vec<(Tag, Node)>) -> Option<Key> {
        let block = apply(issuer, self.value(layout.tag)?)?;
        let (node, key) = self.certificate(layout, &block);
        opened.push((layout.tag, node));
        key
    }

    fn signed(&self, tag: Tag, key: &Key, read: fn(&[u8]) -> Node, opened: &mut Vec<(Tag, Node)>) {
        if let Some(block) = self.value(tag).and_then(|value| apply(key, value)) {
            opened.push((tag, read(&block)));
        }
    }

    /// What a certificate says, and the key in it when it is whole.
    fn certificate(&self, layout: &Layout, block: &[u8]) -> (Node, Option<Key>) {
        let mut fields = Fields::new(block);
        let format = fields.frame();
        layout.subject(&mut fields);
        fields.date("certificate-expiry");
        fields.plain("serial-number", 3);
        fields.algorithm("hash-algorithm");
        fields.algorithm("key-algorithm");
        let length = fields.number("key-length");
        fields.number("exponent-length");
        let modulus = fields.key_part(length);
        let hash = fields.hash();
        fields.trailer();
        let exponent = self.value(layout.exponent).and_then(Exponent::from_bytes);
        let key = exponent.and_then(|exponent| {
            let modulus = self.modulus(layout, length, &modulus)?;
            Some(Key { modulus, exponent })
        });
        let node = fields.node(format == Some(layout.format));
        (node.with_problem(self.hash_problem(layout, block, &hash)), key)
    }

    /// The part in the certificate and the remainder next to it.
    fn modulus(&self, layout: &Layout, length: usize, part: &[u8]) -> Option<Vec<u8>> {
        match length.checked_sub(part.len()) {
            None | Some(0) => part.get(..length).map(<[u8]>::to_vec),
            Some(rest) => {
                let remainder = self.value(layout.remainder).filter(|remainder| remainder.len() == rest)?;
                Some([part, remainder].concat())
            }
        }
    }

    /// The hash of a card's certificate also covers records of which nobody here knows which were signed.
    fn hash_problem(&self, layout: &Layout, block: &[u8], hash: &[u8]) -> Option<Problem> {
        let message = block.get(1..block.len().saturating_sub(HASH.saturating_add(1)))?;
        let parts = [layout.remainder, layout.exponent].map(|tag| self.value(tag).unwrap_or(&[]));
        let right = sha1([message, parts[0], parts[1]])[..] == *hash;
        (!layout.covers_records && !right).then(|| Problem::new("hash-wrong", 0))
    }
}

fn name(key: &CaKey) -> String {
    format!("{}/{:02X}", hex::encode_upper(key.rid()), key.index())
}

fn apply(key: &Key, value: &[u8]) -> Option<Vec<u8>> {
    let block = PublicKey::new(&key.modulus, key.exponent).ok()?.apply(value).ok()?;
    Some(block.to_vec())
}

/// What tells one kind of certificate from another.
struct Layout {
    tag: Tag,
    format: u8,
    remainder: Tag,
    exponent: Tag,
    covers_records: bool,
}

const ISSUER: Layout = Layout {
    tag: tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
    format: 0x02,
    remainder: tag::ISSUER_PUBLIC_KEY_REMAINDER_92,
    exponent: tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32,
    covers_records: false,
};

const ICC: Layout = Layout {
    tag: tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
    format: 0x04,
    remainder: tag::ICC_PUBLIC_KEY_REMAINDER_9F48,
    exponent: tag::ICC_PUBLIC_KEY_EXPONENT_9F47,
    covers_records: true,
};

const ICC_PIN: Layout = Layout {
    tag: tag::ICC_PIN_CERTIFICATE_9F2D,
    format: 0x04,
    remainder: tag::ICC_PIN_REMAINDER_9F2F,
    exponent: tag::ICC_PIN_EXPONENT_9F2E,
    covers_records: false,
};

impl Layout {
    /// Whom the certificate is for: an issuer by the first digits of its cards, or a card.
    fn subject(&self, fields: &mut Fields<'_>) {
        match self.format {
            0x02 => {
                let digits = hex::encode(fields.peek(4)).trim_end_matches('f').to_owned();
                fields.take("issuer-identifier", 4, Some(Meaning::Digits(digits)));
            }
            _ => {
                let pan = Pan::from_compressed(fields.peek(10)).ok().map(|pan| Meaning::Account(pan.to_string()));
                fields.take("account-number", 10, pan);
                fields.hide_last();
            }
        }
    }
}
