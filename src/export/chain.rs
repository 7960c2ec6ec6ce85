//! The certificate chain, signed anew with test keys: what was right is right, what was wrong is wrong in the same way.

use apdu::{Tag, tag, value::Pan};
use kernel::{Terminal, crypto::rsa::Exponent, oda::KeyStore};

use super::{
    block::Message,
    facts::Facts,
    keys::{Signer, TestKey, opened, signer, unopenable},
    manifest::Kind,
    rules::Rules,
    surrogate::{halves, put_halves},
    talk::Talk,
    variants,
    walk::{Part, walk},
};

/// Where the fields of a certificate stand.
struct Layout {
    role: &'static str,
    identifier: (usize, usize),
    expiry: usize,
    serial: usize,
    key_length: usize,
    key: usize,
}

const ISSUER: Layout = Layout { role: "issuer", identifier: (2, 4), expiry: 6, serial: 8, key_length: 13, key: 15 };
const ICC: Layout = Layout { role: "icc", identifier: (2, 10), expiry: 12, serial: 14, key_length: 19, key: 21 };

/// The tags of a certificate and what belongs to it.
struct Tags {
    certificate: Tag,
    remainder: Tag,
    exponent: Tag,
}

const ISSUER_TAGS: Tags = Tags {
    certificate: tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
    remainder: tag::ISSUER_PUBLIC_KEY_REMAINDER_92,
    exponent: tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32,
};
const ICC_TAGS: Tags = Tags {
    certificate: tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
    remainder: tag::ICC_PUBLIC_KEY_REMAINDER_9F48,
    exponent: tag::ICC_PUBLIC_KEY_EXPONENT_9F47,
};
const PIN_TAGS: Tags = Tags {
    certificate: tag::ICC_PIN_CERTIFICATE_9F2D,
    remainder: tag::ICC_PIN_REMAINDER_9F2F,
    exponent: tag::ICC_PIN_EXPONENT_9F2E,
};

/// Values shorter than this hide nothing: dummies.
const DUMMY: usize = 4;

/// A key as it was, and the one in its place.
pub(super) struct Replaced {
    pub modulus: Vec<u8>,
    pub exponent: Exponent,
    pub test: TestKey,
}

/// An authority's test key that has to be known to follow the chain.
pub(super) struct NewAuthority {
    pub signer: Signer,
    pub modulus: Vec<u8>,
}

/// What signing anew came to.
#[derive(Default)]
pub(super) struct Chain {
    /// The card's key.
    pub icc: Option<Replaced>,
    /// Whoever signed the issuer's certificate, when the terminal does not have that key yet.
    pub authority: Option<NewAuthority>,
}

/// The card numbers inside the certificates of an attempt.
pub(super) fn card_numbers(was: &[Talk], keys: (&KeyStore, &KeyStore)) -> Vec<Pan> {
    let facts = Facts::of(was);
    let Some((_, block)) = issuer_certificate(&facts, keys) else { return Vec::new() };
    let remainder = facts.value_or_nothing(ISSUER_TAGS.remainder);
    let modulus = modulus(&Message::new(block), &ISSUER, remainder);
    let Some(exponent) = exponent(&facts, &ISSUER_TAGS) else { return Vec::new() };
    let certificates = [&ICC_TAGS, &PIN_TAGS].into_iter().filter_map(|tags| facts.value(tags.certificate));
    let inside = certificates.filter_map(|certificate| opened(&modulus, exponent, certificate));
    inside.filter_map(|block| Pan::from_compressed(block.get(2..12)?).ok()).collect()
}

fn issuer_certificate(facts: &Facts, keys: (&KeyStore, &KeyStore)) -> Option<(Signer, Vec<u8>)> {
    let index = facts.value(tag::CA_PUBLIC_KEY_INDEX_8F).and_then(<[u8]>::first).copied();
    signer(facts.value(ISSUER_TAGS.certificate)?, facts.rid().zip(index), keys)
}

fn exponent(facts: &Facts, tags: &Tags) -> Option<Exponent> {
    Exponent::from_bytes(facts.value(tags.exponent)?)
}

/// Signs everything below the authority anew, in place.
pub(super) fn resign(
    (talks, was): (&mut [Talk], &[Talk]),
    rules: &mut Rules,
    terminal: &Terminal,
    known: &KeyStore,
) -> Chain {
    let old = Facts::of(was);
    let mut work = Work { talks, old, rules, terminal };
    let mut chain = Chain::default();
    match issuer_certificate(&work.old, (&terminal.keys, known)) {
        Some((signer, block)) => work.follow(signer, block, &mut chain),
        None => work.cover(&[&ISSUER_TAGS, &ICC_TAGS, &PIN_TAGS]),
    }
    chain
}

struct Work<'a> {
    talks: &'a mut [Talk],
    old: Facts,
    rules: &'a mut Rules,
    terminal: &'a Terminal,
}

impl Work<'_> {
    fn follow(&mut self, signer: Signer, block: Vec<u8>, chain: &mut Chain) {
        let authority = signer.substitute();
        let is_revoked = |serial: &[u8]| {
            let here = |revoked: &&kernel::oda::Revocation| (revoked.rid, revoked.index) == (signer.rid, signer.index);
            self.terminal.revocations.iter().filter(here).any(|revoked| revoked.serial == *serial)
        };
        let keeps_serial = is_revoked(block.get(8..11).unwrap_or(&[]));
        let issuer = self.certify(block, (&ISSUER, &ISSUER_TAGS), (&authority.key, keeps_serial));
        if authority.is_new {
            chain.authority = Some(NewAuthority { signer, modulus: authority.key.modulus.clone() });
        }
        self.sign_below(&issuer, chain);
    }

    fn sign_below(&mut self, issuer: &Replaced, chain: &mut Chain) {
        self.sign_static_data(issuer);
        for tags in [&PIN_TAGS, &ICC_TAGS] {
            let certificate = self.old.value(tags.certificate).unwrap_or(&[]).to_vec();
            match opened(&issuer.modulus, issuer.exponent, &certificate) {
                Some(block) => {
                    let replaced = self.certify(block, (&ICC, tags), (&issuer.test, false));
                    chain.icc = Some(replaced);
                }
                None => self.cover(&[tags]),
            }
        }
    }

    /// One certificate and what stands beside it. What it certifies is the key that is returned.
    fn certify(
        &mut self,
        block: Vec<u8>,
        (layout, tags): (&Layout, &Tags),
        (signer, keeps_serial): (&TestKey, bool),
    ) -> Replaced {
        let mut message = Message::new(block);
        let exponent = exponent(&self.old, tags).unwrap_or(Exponent::Three);
        let remainder = self.old.value_or_nothing(tags.remainder).to_vec();
        let was = modulus(&message, layout, &remainder);
        let test = TestKey::new(layout.role, usize::from(message.byte(layout.key_length)), exponent);
        let rest = put_modulus(&mut message, layout, (&test.modulus, &was), remainder.len());
        self.put_names(&mut message, layout, keeps_serial);
        self.install(tags.remainder, &remainder, &rest);
        let covered = self.covered(tags);
        message.seal(&covered);
        let old = self.old.value_or_nothing(tags.certificate).to_vec();
        self.install(tags.certificate, &old, &signer.sign(&message.new));
        Replaced { modulus: was, exponent, test }
    }

    /// Whom it is for, until when, and its number.
    fn put_names(&mut self, message: &mut Message, layout: &Layout, keeps_serial: bool) {
        let (at, length) = layout.identifier;
        if length == 4 {
            let field = message.field(at, length);
            let mut digits = halves(field);
            let count = digits.iter().take_while(|digit| **digit <= 9).count();
            digits.get_mut(..count).into_iter().for_each(|digits| self.rules.surrogates.prefix(digits));
            put_halves(field, &digits);
        } else {
            self.rules.card_number(message.field(at, length));
        }
        if let Ok(month) = <&mut [u8; 2]>::try_from(message.field(layout.expiry, 2)) {
            self.rules.calendar.month(month);
        }
        if !keeps_serial {
            message.field(layout.serial, 3).fill(0);
        }
    }

    /// What the hash of a certificate covers besides what is inside, as it was and as it is now: what the rules say first,
    /// then other things that may have been signed.
    fn covered(&self, tags: &Tags) -> Vec<(Vec<u8>, Vec<u8>)> {
        let new = Facts::of(self.talks);
        let beside = variants::beside(tags.remainder, tags.exponent);
        let is_own = tags.certificate == ICC_TAGS.certificate;
        let of = |facts: &Facts| {
            let statics = if is_own { variants::static_data(facts) } else { vec![Vec::new()] };
            let besides = beside(facts);
            let given = besides.first().cloned().unwrap_or_default();
            let all = statics.iter().map(|data| [&given[..], data].concat());
            let first = statics.first().cloned().unwrap_or_default();
            all.chain(besides.iter().skip(1).map(|other| [&other[..], &first].concat())).collect::<Vec<_>>()
        };
        of(&self.old).into_iter().zip(of(&new)).collect()
    }

    fn sign_static_data(&mut self, issuer: &Replaced) {
        let tag = tag::SIGNED_STATIC_APPLICATION_DATA_93;
        let signature = self.old.value_or_nothing(tag).to_vec();
        let Some(block) = opened(&issuer.modulus, issuer.exponent, &signature) else {
            return self.cover_object(tag);
        };
        let mut message = Message::new(block);
        let new = Facts::of(self.talks);
        let pairs = variants::static_data(&self.old).into_iter().zip(variants::static_data(&new));
        message.seal(&pairs.collect::<Vec<_>>());
        self.install(tag, &signature, &issuer.test.sign(&message.new));
    }

    /// Certificates that nobody here can open: nobody else shall.
    fn cover(&mut self, all: &[&Tags]) {
        for tags in all {
            self.cover_object(tags.certificate);
            self.cover_object(tags.remainder);
        }
        if all.len() > 1 {
            self.cover_object(tag::SIGNED_STATIC_APPLICATION_DATA_93);
        }
    }

    fn cover_object(&mut self, tag: Tag) {
        self.install(tag, &[], &[]);
    }

    /// Puts `new` where `old` stood; any other value of the same object is made unopenable.
    fn install(&mut self, wanted: Tag, old: &[u8], new: &[u8]) {
        let rules = &mut *self.rules;
        for talk in self.talks.iter_mut() {
            walk(talk.answer_mut(), &mut |part, value| {
                if part != Part::Object(wanted) || value.len() <= DUMMY && value != old {
                    return;
                }
                let is_old = value == old && new.len() == value.len();
                let other = unopenable_as(value);
                value.copy_from_slice(if is_old { new } else { &other });
                rules.manifest.count(Kind::Certificate);
            });
        }
    }
}

/// The first byte of a certificate of the national algorithms, which is signed beside its text (`JR/T 0025.7`).
const NATIONAL: u8 = 0x12;

/// Nothing that opens, of the kind that `certificate` is.
fn unopenable_as(certificate: &[u8]) -> Vec<u8> {
    let mut other = unopenable(certificate.len());
    let kind = certificate.first().filter(|first| **first == NATIONAL);
    other.first_mut().zip(kind).into_iter().for_each(|(first, kind)| *first = *kind);
    other
}

/// The key inside a certificate, as far as it is there.
fn modulus(message: &Message, layout: &Layout, remainder: &[u8]) -> Vec<u8> {
    let length = usize::from(message.byte(layout.key_length));
    let field = message.was(layout.key, message.end().saturating_sub(layout.key));
    let mut modulus = [field.get(..length.min(field.len())).unwrap_or(field), remainder].concat();
    modulus.truncate(length);
    modulus
}

/// Puts the test key in; what does not fit is returned, as long as the remainder was.
fn put_modulus(message: &mut Message, layout: &Layout, (test, was): (&[u8], &[u8]), remainder: usize) -> Vec<u8> {
    let mut modulus = test.to_vec();
    // An even modulus is no key, and shall be none.
    let is_even = was.last().is_some_and(|byte| byte % 2 == 0);
    modulus.last_mut().filter(|_| is_even).into_iter().for_each(|last| *last &= 0xFE);
    let room = message.end().saturating_sub(layout.key);
    let (inside, rest) = modulus.split_at(room.min(modulus.len()));
    message.field(layout.key, inside.len()).copy_from_slice(inside);
    let fill = unopenable(remainder);
    rest.iter().chain(fill.get(rest.len()..).unwrap_or(&[])).copied().take(remainder).collect()
}
