//! The application each scheme starts from.

use std::collections::BTreeMap;

use super::{Application, Authentication, Decision, Format, IssuerAuthentication, Scheme};
use crate::cryptogram::Version;
use crate::pki::KeySpec;
use crate::secret::{Pan, Pin};

/// `9F02 9F03 9F1A 95 5F2A 9A 9C 9F37` with their lengths: what every cryptogram needs.
const CRYPTOGRAM_DATA: [u8; 21] = [
    0x9F, 0x02, 0x06, 0x9F, 0x03, 0x06, 0x9F, 0x1A, 0x02, 0x95, 0x05, 0x5F, 0x2A, 0x02, 0x9A, 0x03, 0x9C, 0x01, 0x9F,
    0x37, 0x04,
];

impl Application {
    /// An application of `scheme` with SDA, DDA and CDA off, plaintext PIN 1234, signature and no CVM.
    #[expect(clippy::expect_used, reason = "the literals are digits; a test makes every one of them")]
    pub fn new(scheme: Scheme) -> Self {
        let pan = Pan::new(scheme.pan()).expect("digits");
        let pin = Pin::new("1234").expect("digits");
        let (pdol, cdol1, cdol2) = scheme.lists();
        Self {
            aid: scheme.aid().to_vec(),
            label: scheme.label().to_owned(),
            preferred_name: None,
            priority: Some(1),
            languages: None,
            blocked: false,
            pan,
            sequence: Some(1),
            cardholder: "TEST/CARD".to_owned(),
            effective: [0x20, 0x01, 0x01],
            expiration: [0x49, 0x12, 0x31],
            country: scheme.country(),
            currency: scheme.country(),
            usage: [0xFF, 0xC0],
            version_number: scheme.version_number(),
            service_code: "201".to_owned(),
            pdol,
            cdol1,
            cdol2,
            ddol: Some(vec![0x9F, 0x37, 0x04]),
            cvm_list: Some(cvm_list(&[0x41, 0x03, 0x5E, 0x03, 0x1F, 0x03])),
            action_codes: Some(scheme.action_codes()),
            offline_limits: None,
            terminal_risk_management: true,
            authentication: Authentication::none(),
            aip_is_signed: true,
            issuer_authentication: scheme.issuer_authentication(),
            issuer_authentication_mandatory: false,
            version: scheme.version(),
            key_index: 1,
            options_format: Format::One,
            dda_format: Format::One,
            cryptogram_format: Format::One,
            pin: Some(pin),
            pin_tries: 3,
            pin_tries_left: 3,
            atc: 0x0021,
            last_online_atc: 0x0020,
            card_offline_limit: None,
            first: Decision::AsAsked,
            second: Decision::AsAsked,
            log: scheme == Scheme::UnionPay,
            contactless: None,
            // The card's own offline limits, as Visa and UnionPay number them.
            data: BTreeMap::from([(0x9F58, vec![0x03]), (0x9F59, vec![0x05])]),
        }
    }

    /// The same with signed static data.
    #[must_use]
    pub fn sda(mut self) -> Self {
        self.authentication.sda = true;
        self
    }

    /// The same with dynamic data authentication.
    #[must_use]
    pub fn dda(mut self) -> Self {
        self.authentication.dda = true;
        self
    }

    /// The same with dynamic and combined data authentication, and answers of format 2.
    #[must_use]
    pub fn cda(mut self) -> Self {
        self.authentication.cda = true;
        self.options_format = Format::Two;
        self.cryptogram_format = Format::Two;
        self.dda()
    }

    /// The same with these keys: the authority's index, then modulus bytes and exponent of issuer and card.
    #[must_use]
    pub fn keys(mut self, authority: u8, issuer: (usize, u32), icc: (usize, u32)) -> Self {
        self.authentication.authority = authority;
        self.authentication.issuer = key("issuer", issuer);
        self.authentication.icc = key("icc", icc);
        self
    }

    /// The same with a PIN encipherment key of its own.
    #[must_use]
    pub fn pin_key(mut self, bytes: usize, exponent: u32) -> Self {
        self.authentication.pin = Some(key("pin", (bytes, exponent)));
        self
    }

    /// The same with these cardholder verification rules, amounts X and Y zero.
    #[must_use]
    pub fn cvm(mut self, rules: &[u8]) -> Self {
        self.cvm_list = Some(cvm_list(rules));
        self
    }
}

fn key(use_of_it: &str, (bytes, exponent): (usize, u32)) -> KeySpec {
    KeySpec::new(&format!("{use_of_it}-{}", bytes.saturating_mul(8)), bytes, exponent)
}

fn cvm_list(rules: &[u8]) -> Vec<u8> {
    [&[0; 8], rules].concat()
}

impl Authentication {
    fn none() -> Self {
        Self {
            sda: false,
            dda: false,
            cda: false,
            authority: 0xF1,
            issuer: key("issuer", (144, 3)),
            icc: key("icc", (128, 3)),
            pin: None,
            issuer_expiry: [0x12, 0x49],
            icc_expiry: [0x12, 0x49],
        }
    }
}

impl Scheme {
    fn aid(self) -> &'static [u8] {
        match self {
            Self::Test => &[0xF0, 0x00, 0x0E, 0x4D, 0x56, 0x00, 0x01],
            Self::Visa => &[0xA0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10],
            Self::Mastercard => &[0xA0, 0x00, 0x00, 0x00, 0x04, 0x10, 0x10],
            Self::UnionPay => &[0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01],
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Test => "TEST CARD",
            Self::Visa => "VISA CREDIT",
            Self::Mastercard => "MASTERCARD",
            Self::UnionPay => "PBOC DEBIT",
        }
    }

    /// Published test numbers.
    fn pan(self) -> &'static str {
        match self {
            Self::Test => "6799998900000060018",
            Self::Visa => "4761739001010010",
            Self::Mastercard => "5413330089020011",
            Self::UnionPay => "6250947000000014",
        }
    }

    /// ISO 3166 and ISO 4217 give these the same numbers.
    fn country(self) -> [u8; 2] {
        match self {
            Self::UnionPay | Self::Test => [0x01, 0x56],
            Self::Visa | Self::Mastercard => [0x08, 0x40],
        }
    }

    fn version_number(self) -> [u8; 2] {
        match self {
            Self::Visa => [0x00, 0x8C],
            Self::Mastercard => [0x00, 0x02],
            Self::UnionPay => [0x00, 0x30],
            Self::Test => [0x00, 0x01],
        }
    }

    fn version(self) -> Version {
        match self {
            Self::Test => Version::Common,
            Self::Visa => Version::Visa10,
            Self::Mastercard => Version::MChip10,
            Self::UnionPay => Version::UnionPay1,
        }
    }

    fn issuer_authentication(self) -> IssuerAuthentication {
        match self {
            Self::Mastercard => IssuerAuthentication::SecondGenerateAc,
            _ => IssuerAuthentication::Command,
        }
    }

    /// Denial, online, default.
    fn action_codes(self) -> [[u8; 5]; 3] {
        match self {
            Self::Mastercard => [[0; 5], [0xF4, 0x50, 0xBC, 0x98, 0x00], [0xB4, 0x50, 0x84, 0x80, 0x00]],
            _ => [[0x00, 0x10, 0x00, 0x00, 0x00], [0xDC, 0x60, 0xBC, 0xF8, 0x00], [0xDC, 0x60, 0x9C, 0xA8, 0x00]],
        }
    }

    /// PDOL, CDOL1, CDOL2.
    fn lists(self) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
        let data = CRYPTOGRAM_DATA;
        match self {
            Self::Visa => (Vec::new(), data.to_vec(), with_code(&data)),
            Self::Test => (vec![0x9F, 0x33, 0x03, 0x9F, 0x1A, 0x02, 0x9F, 0x35, 0x01], data.to_vec(), with_code(&data)),
            Self::UnionPay => {
                let pdol = vec![0x9F, 0x7A, 0x01, 0x9F, 0x02, 0x06, 0x5F, 0x2A, 0x02, 0xDF, 0x69, 0x01];
                let more = [&data[..], &[0x9F, 0x21, 0x03, 0x9F, 0x4E, 0x14]].concat();
                (pdol, more.clone(), with_code(&more))
            }
            Self::Mastercard => {
                let more = [0x9F, 0x35, 0x01, 0x9F, 0x45, 0x02, 0x9F, 0x4C, 0x08, 0x9F, 0x34, 0x03];
                let second = vec![0x91, 0x0A, 0x8A, 0x02, 0x95, 0x05, 0x9F, 0x37, 0x04, 0x9F, 0x4C, 0x08];
                (Vec::new(), [&data[..], &more].concat(), second)
            }
        }
    }
}

/// CDOL2: the authorisation response code, then what CDOL1 has.
fn with_code(cdol1: &[u8]) -> Vec<u8> {
    [&[0x8A, 0x02], cdol1].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_number_has_its_check_digit() {
        for scheme in [Scheme::Test, Scheme::Visa, Scheme::Mastercard, Scheme::UnionPay] {
            assert!(Application::new(scheme).pan.check_digit_holds(), "{scheme:?}");
        }
    }
}
