//! What the public key certificates of issuer and card have in common: a key of which as much as fits is inside the
//! certificate and the rest in a remainder next to it (`EMV 4.4 Book 2, 6.3, 6.4 and 7.1`).

use alloc::vec::Vec;

use apdu::{Tag, value::Date};

use crate::{
    crypto::rsa::Exponent,
    finding::{Evidence, Fact, Finding, Reason},
    seeded::{Bug, bug},
};

use super::{
    Chain, RsaKey, keys, method,
    report::Step,
    signed_data::{Kind, Opened},
};

/// Where the fields of one kind of certificate stand, and the reason each check gives when it fails.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub signed: Kind,
    /// Expiry date MMYY; the serial number is next.
    pub expiry_at: usize,
    /// Public key algorithm indicator; lengths of modulus and exponent, then the modulus are next.
    pub key_algorithm_at: usize,
    /// The longest modulus, in bytes.
    pub longest: usize,
    pub remainder: Tag,
    pub exponent: Tag,
    pub reasons: Reasons,
}

/// The reason each check gives when it fails.
#[derive(Clone, Copy)]
pub(super) struct Reasons {
    pub key_algorithm: Reason,
    pub expired: Reason,
    pub too_long: Reason,
    pub unusable: Reason,
    pub remainder: Reason,
    pub remainder_missing: Reason,
    pub exponent: Reason,
    pub exponent_missing: Reason,
}

/// An opened certificate with what stands next to it.
pub(super) struct Certificate<'a> {
    pub opened: Opened,
    layout: &'static Layout,
    chain: &'a Chain<'a>,
    remainder: Option<&'a [u8]>,
    exponent: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// What stands next to the certificate is fetched here.
    pub fn new(opened: Opened, layout: &'static Layout, chain: &'a Chain<'a>) -> Result<Self, Finding> {
        let exponent = chain.require(layout.exponent, layout.reasons.exponent_missing)?;
        Ok(Self { opened, layout, chain, remainder: chain.card.value(layout.remainder), exponent })
    }

    /// What the hash covers outside the certificate, before static data.
    pub fn parts(&self) -> [&'a [u8]; 2] {
        [self.remainder.unwrap_or(&[]), self.exponent]
    }

    /// The hash. A remainder or exponent that cannot be right explains a wrong hash better than the hash itself does.
    pub fn check_hash<'p>(
        &self,
        step: &mut Step,
        parts: impl IntoIterator<Item = &'p [u8]>,
        key: &Result<RsaKey, Finding>,
    ) -> Result<(), Finding> {
        let result = self.opened.check_hash(step, parts);
        match (result, key) {
            (Err(_), Err(cause)) if self.has_known_key_algorithm() => Err(cause.clone()),
            (Err(hash), _) if self.has_unasked_remainder() => {
                Err(hash.evidence.into_iter().fold(self.remainder_finding(), Finding::with))
            }
            (result, _) => result,
        }
    }

    /// The expiry date; the certificate is good up to and including the last day of that month.
    pub fn check_expiry(&self, step: &mut Step) -> Result<Date, Finding> {
        let field: [u8; 2] = self.opened.array(self.layout.expiry_at);
        let today = self.chain.today;
        let expiry = Date::from_mmyy(field).ok();
        step.recovered.expiry = expiry;
        let evidence = match expiry {
            Some(expiry) => self.opened.compared(Fact::CertificateExpiry, self.layout.expiry_at, today, expiry),
            None => self.opened.compared(Fact::CertificateExpiry, self.layout.expiry_at, today, field),
        };
        let finding = || Finding::new(self.layout.reasons.expired).with(evidence);
        let good = expiry.is_some_and(|expiry| today <= expiry) || bug(Bug::SkipCertificateExpiry);
        step.check(Fact::CertificateExpiry, good, finding)?;
        Ok(expiry.unwrap_or(today))
    }

    /// The serial number.
    pub fn serial(&self) -> [u8; 3] {
        self.opened.array(self.layout.expiry_at.saturating_add(2))
    }

    /// The algorithm the key inside is for.
    pub fn check_key_algorithm(&self, step: &mut Step) -> Result<(), Finding> {
        if bug(Bug::SkipKeyAlgorithm) {
            return Ok(());
        }
        let at = self.layout.key_algorithm_at;
        self.opened.check_byte(Fact::KeyAlgorithm, at, keys::RSA, self.layout.reasons.key_algorithm, step)
    }

    /// Puts the key together, for [`Certificate::check_key`] to use when everything else is right.
    pub fn assemble_key(&self) -> Result<RsaKey, Finding> {
        self.check_modulus_length()?;
        let exponent = self.usable_exponent()?;
        let modulus = self.modulus()?;
        RsaKey::new(modulus, exponent).map_err(|_| {
            let evidence =
                self.opened.compared(Fact::KeyLength, self.modulus_length_at(), "odd-modulus", self.length());
            Finding::new(self.layout.reasons.unusable).with(evidence)
        })
    }

    /// Keeps in `step` whether the key is good: its length, remainder and exponent.
    pub fn check_key(&self, step: &mut Step, key: Result<RsaKey, Finding>) -> Result<RsaKey, Finding> {
        step.recovered.key_bits = Some(self.length().saturating_mul(8));
        match key {
            Ok(key) => {
                step.recovered.modulus = Some(key.modulus().to_vec());
                step.check(Fact::KeyLength, true, || Finding::new(self.layout.reasons.unusable))?;
                Ok(key)
            }
            Err(finding) => {
                let fact = finding.evidence.first().map_or(Fact::KeyLength, |evidence| evidence.fact);
                step.check(fact, false, || finding.clone())?;
                Err(finding)
            }
        }
    }

    fn check_modulus_length(&self) -> Result<(), Finding> {
        let limit = self.layout.longest.min(self.opened.bytes().len());
        if self.length() <= limit {
            return Ok(());
        }
        let evidence = self.opened.compared(Fact::KeyLength, self.modulus_length_at(), limit, self.length());
        Err(Finding::new(self.layout.reasons.too_long).with(evidence))
    }

    fn usable_exponent(&self) -> Result<Exponent, Finding> {
        let at = self.modulus_length_at().saturating_add(1);
        let stated = usize::from(self.opened.byte(at));
        let exponent = Exponent::from_bytes(self.exponent)
            .filter(|_| stated == self.exponent.len() || bug(Bug::AnyExponentLength));
        exponent.ok_or_else(|| {
            let place = self.chain.card.place(self.layout.exponent);
            Finding::new(self.layout.reasons.exponent)
                .with(Evidence::found(Fact::Exponent, self.exponent).at(place))
                .with(self.opened.compared(Fact::Length, at, stated, self.exponent.len()))
        })
    }

    /// The leftmost part inside the certificate, and the remainder when the key does not fit.
    fn modulus(&self) -> Result<Vec<u8>, Finding> {
        let field = self.field();
        let Some(rest) = self.length().checked_sub(field.len()).filter(|rest| *rest > 0) else {
            return Ok(field.get(..self.length()).unwrap_or(field).to_vec());
        };
        match self.remainder {
            None => Err(self.remainder_missing(rest)),
            Some(remainder) if remainder.len() != rest => Err(self.remainder_finding()),
            Some(remainder) => Ok([field, remainder].concat()),
        }
    }

    fn remainder_missing(&self, rest: usize) -> Finding {
        let finding = method::missing(self.layout.remainder, self.layout.reasons.remainder_missing);
        finding.with(Evidence::missing(Fact::Remainder, rest).in_tag(self.layout.remainder))
    }

    fn remainder_finding(&self) -> Finding {
        let expected = self.length().saturating_sub(self.field().len());
        let found = self.remainder.map_or(0, <[u8]>::len);
        let place = self.chain.card.place(self.layout.remainder);
        Finding::new(self.layout.reasons.remainder).with(Evidence::compared(Fact::Remainder, expected, found).at(place))
    }

    fn has_unasked_remainder(&self) -> bool {
        self.length() <= self.field().len() && self.remainder.is_some_and(|remainder| !remainder.is_empty())
    }

    fn has_known_key_algorithm(&self) -> bool {
        self.opened.byte(self.layout.key_algorithm_at) == keys::RSA
    }

    fn field(&self) -> &[u8] {
        self.opened.up_to_hash(self.layout.key_algorithm_at.saturating_add(3))
    }

    fn length(&self) -> usize {
        usize::from(self.opened.byte(self.modulus_length_at()))
    }

    fn modulus_length_at(&self) -> usize {
        self.layout.key_algorithm_at.saturating_add(1)
    }
}
