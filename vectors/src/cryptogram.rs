//! Application cryptograms by cryptogram version: which key, which data, which padding (`EMV 4.4 Book 2, 8.1`, Annex A1.2,
//! and the payment systems' own choices).
//!
//! Card and host share this module; that it is right is proven against `pyemv`.

mod issuer_application_data;
mod issuer_authentication;

use apdu::{Tag, tag};

pub use issuer_application_data::{Facts, IssuerAuthenticationResult, issuer_application_data};
pub use issuer_authentication::{Approval, issuer_authentication_data, verify_issuer_authentication};

use crate::dol::Values;
use crate::symmetric::Key;
use crate::symmetric::derivation::{
    MasterKeyOption, common_session_key, counter_diversifier, mastercard_session_key, unionpay_session_key,
};
use crate::symmetric::secure_messaging::Style;
use crate::symmetric::tdes::{Block, pad_00, pad_80};

/// What a cryptogram says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Application authentication cryptogram: declined.
    Aac,
    /// Authorisation request cryptogram: go online.
    Arqc,
    /// Transaction certificate: approved.
    Tc,
}

impl Kind {
    /// Bits 8 and 7 of the reference control parameter or of the CID; `None` for the value that is not assigned.
    pub fn from_bits(byte: u8) -> Option<Self> {
        match byte & 0xC0 {
            0x00 => Some(Self::Aac),
            0x40 => Some(Self::Tc),
            0x80 => Some(Self::Arqc),
            _ => None,
        }
    }

    /// The bits of the cryptogram information data.
    pub fn bits(self) -> u8 {
        match self {
            Self::Aac => 0x00,
            Self::Tc => 0x40,
            Self::Arqc => 0x80,
        }
    }
}

/// How a card computes its cryptograms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Visa cryptogram version 10: no session key.
    Visa10,
    /// Visa cryptogram version 18: common session key, whole issuer application data.
    Visa18,
    /// M/Chip `10`: Mastercard's session key.
    MChip10,
    /// M/Chip `14`: common session key.
    MChip14,
    /// UnionPay `01`: Triple DES.
    UnionPay1,
    /// Common core definition, cryptogram version 5 (`A5`).
    Common,
}

/// The terminal's data objects in a cryptogram, in order.
const TERMINAL_DATA: [Tag; 8] = [
    tag::AMOUNT_AUTHORISED_9F02,
    tag::AMOUNT_OTHER_9F03,
    tag::TERMINAL_COUNTRY_CODE_9F1A,
    tag::TVR_95,
    tag::TRANSACTION_CURRENCY_CODE_5F2A,
    tag::TRANSACTION_DATE_9A,
    tag::TRANSACTION_TYPE_9C,
    tag::UNPREDICTABLE_NUMBER_9F37,
];

impl Version {
    /// The version that issuer application data (tag `9F10`) announces.
    pub fn announced_by(issuer_application_data: &[u8]) -> Option<Self> {
        match issuer_application_data {
            [0x06, _, 0x0A, 0x03, ..] => Some(Self::Visa10),
            [0x06, _, 0x12, 0x03, ..] => Some(Self::Visa18),
            [0x07, _, 0x01, 0x03, ..] => Some(Self::UnionPay1),
            [0x0F, 0xA5, ..] if issuer_application_data.len() == 32 => Some(Self::Common),
            [_, 0x10, ..] if issuer_application_data.len() == 18 => Some(Self::MChip10),
            [_, 0x14, ..] if issuer_application_data.len() == 18 => Some(Self::MChip14),
            _ => None,
        }
    }

    /// How card keys are derived.
    pub fn master_key_option(self) -> MasterKeyOption {
        match self {
            Self::Visa10 | Self::MChip10 | Self::MChip14 | Self::UnionPay1 => MasterKeyOption::A,
            Self::Visa18 | Self::Common => MasterKeyOption::B,
        }
    }

    /// How scripts are secured.
    pub fn messaging(self) -> Style {
        match self {
            Self::Visa10 | Self::Visa18 => Style::Visa,
            Self::MChip10 | Self::MChip14 => Style::Mastercard,
            Self::UnionPay1 => Style::UnionPay,
            Self::Common => Style::Common,
        }
    }

    /// The key of the cryptogram; `None` when the counter or the unpredictable number it needs is not among `values`.
    pub fn session_key(self, master: &Key, values: &Values) -> Option<Key> {
        let atc = fixed::<2>(values, tag::ATC_9F36)?;
        Some(match self {
            Self::Visa10 => master.clone(),
            Self::Visa18 | Self::MChip14 | Self::Common => common_session_key(master, counter_diversifier(atc)),
            Self::MChip10 => mastercard_session_key(master, atc, fixed::<4>(values, tag::UNPREDICTABLE_NUMBER_9F37)?),
            Self::UnionPay1 => unionpay_session_key(master, atc),
        })
    }

    /// What of the issuer application data goes into the cryptogram.
    fn signed_part(self, issuer_application_data: &[u8]) -> Option<&[u8]> {
        match self {
            Self::Visa10 | Self::UnionPay1 => issuer_application_data.get(3..7),
            Self::MChip10 | Self::MChip14 => issuer_application_data.get(2..8),
            Self::Visa18 | Self::Common => Some(issuer_application_data),
        }
    }

    /// The cryptogram over `values`, which hold the terminal's data and tags `82`, `9F36`, `9F10`; objects of the terminal
    /// that are absent count as empty. `None` when the card's own objects are absent or too short.
    pub fn cryptogram(self, master: &Key, values: &Values) -> Option<Block> {
        let key = self.session_key(master, values)?;
        let mut input: Vec<u8> = TERMINAL_DATA.iter().filter_map(|tag| values.get(tag)).flatten().copied().collect();
        input.extend(values.get(&tag::AIP_82)?);
        input.extend(values.get(&tag::ATC_9F36)?);
        input.extend(self.signed_part(values.get(&tag::ISSUER_APPLICATION_DATA_9F10)?)?);
        let padded = if self == Self::Visa10 { pad_00(&input) } else { pad_80(&input) };
        Some(key.mac(&padded))
    }
}

fn fixed<const N: usize>(values: &Values, tag: Tag) -> Option<[u8; N]> {
    values.get(&tag)?.as_slice().try_into().ok()
}
