//! The terminal's configuration: what it is, what it may do, which applications and keys it knows.

#[cfg(feature = "config")]
pub mod config;
pub mod data;
mod limits;
pub mod policy;

use alloc::{string::String, vec::Vec};

use apdu::value::{
    Tvr, additional_terminal_capabilities::AdditionalTerminalCapabilities, pan::Pan,
    terminal_capabilities::TerminalCapabilities, terminal_type::TerminalType,
};

use crate::{
    contactless::Contactless,
    oda::keys::{KeyStore, Revocation},
};

pub use limits::Limits;

/// Everything a terminal is configured with.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// Terminal country code (`9F1A`), BCD.
    pub country: [u8; 2],
    /// Transaction currency code (`5F2A`), BCD.
    pub currency: [u8; 2],
    /// Transaction currency exponent (`5F36`).
    pub currency_exponent: u8,
    /// Terminal type (`9F35`).
    pub terminal_type: TerminalType,
    /// Terminal capabilities (`9F33`).
    pub capabilities: TerminalCapabilities,
    /// Additional terminal capabilities (`9F40`).
    pub additional_capabilities: AdditionalTerminalCapabilities,
    /// Terminal identification (`9F1C`), 8 characters.
    pub identification: [u8; 8],
    /// IFD serial number (`9F1E`), 8 characters.
    pub ifd_serial_number: [u8; 8],
    /// Merchant identifier (`9F16`), 15 characters.
    pub merchant_identifier: [u8; 15],
    /// Merchant category code (`9F15`), BCD.
    pub merchant_category_code: [u8; 2],
    /// Merchant name and location (`9F4E`).
    pub merchant_name: String,
    /// Acquirer identifier (`9F01`), BCD.
    pub acquirer_identifier: [u8; 6],
    /// How applications are chosen.
    pub selection: SelectionPolicy,
    /// PIN entry.
    pub pin: PinPolicy,
    /// What it asks beyond EMV.
    pub policy: policy::Policy,
    /// What one transaction may take.
    pub limits: Limits,
    /// When a CDA signature is asked for (`EMV 4.4 Book 2, Annex D4`).
    pub cda_mode: CdaMode,
    /// The applications this terminal accepts.
    pub applications: Vec<ApplicationParameters>,
    /// What it does with contactless cards.
    pub contactless: Contactless,
    /// Certification authority public keys.
    pub keys: KeyStore,
    /// Revoked issuer certificates.
    pub revocations: Vec<Revocation>,
    /// Cards on the stop list, with the PAN sequence number when it matters.
    pub exceptions: Vec<(Pan, Option<u8>)>,
}

/// How applications are chosen (`EMV 4.4 Book 1, 12`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelectionPolicy {
    /// Try the payment system environment before the list of AIDs.
    pub use_pse: bool,
    /// The cardholder can choose from a list.
    pub menu: bool,
    /// The cardholder can confirm one application.
    pub confirmation: bool,
}

/// PIN entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinPolicy {
    /// The merchant or cardholder may skip PIN entry.
    pub bypass_allowed: bool,
    /// A bypass also counts for the PIN rules that follow.
    pub bypass_is_for_all: bool,
    /// The block format online PINs leave this terminal in.
    pub online_format: crate::pin::BlockFormat,
}

/// When a CDA signature is asked for (`EMV 4.4 Book 2, Annex D4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CdaMode {
    /// On an ARQC, and on a TC after going online.
    Mode1,
    /// On an ARQC only.
    Mode2,
    /// Neither.
    Mode3,
    /// On a TC after going online only.
    Mode4,
}

impl CdaMode {
    /// Whether a first GENERATE AC for an ARQC asks for a signature.
    pub const fn signs_arqc(self) -> bool {
        matches!(self, Self::Mode1 | Self::Mode2)
    }

    /// Whether a second GENERATE AC for a TC after going online asks for a signature.
    pub const fn signs_final_tc(self) -> bool {
        matches!(self, Self::Mode1 | Self::Mode4)
    }
}

/// One application the terminal accepts, with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationParameters {
    /// AID, 5 to 16 bytes.
    pub aid: Vec<u8>,
    /// Longer names that start with the AID are accepted too.
    pub partial: bool,
    /// A name for people.
    pub name: String,
    /// Application version number (`9F09`).
    pub version: [u8; 2],
    /// Terminal action code, denial.
    pub tac_denial: Tvr,
    /// Terminal action code, online.
    pub tac_online: Tvr,
    /// Terminal action code, default.
    pub tac_default: Tvr,
    /// Floor limit (`9F1B`) in minor units.
    pub floor_limit: u32,
    /// Random selection.
    pub random_selection: RandomSelection,
    /// Default DDOL, when the card has none.
    pub default_ddol: Option<Vec<u8>>,
    /// Default TDOL, when the card has none.
    pub default_tdol: Option<Vec<u8>>,
    /// Terminal risk management data (`9F1D`).
    pub risk_management_data: Option<Vec<u8>>,
}

impl ApplicationParameters {
    /// An application with nothing configured but its AID: no action codes, no limits, no defaults.
    pub fn of(aid: &[u8]) -> Self {
        Self {
            aid: aid.to_vec(),
            partial: false,
            name: String::new(),
            version: [0; 2],
            tac_denial: Tvr::ZERO,
            tac_online: Tvr::ZERO,
            tac_default: Tvr::ZERO,
            floor_limit: 0,
            random_selection: RandomSelection { threshold: 0, target: 0, maximum: 0 },
            default_ddol: None,
            default_tdol: None,
            risk_management_data: None,
        }
    }
}

/// Random transaction selection (`EMV 4.4 Book 3, 10.6.2`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomSelection {
    /// Threshold for biased selection in minor units, below the floor limit.
    pub threshold: u32,
    /// Target percentage, 0 to 99.
    pub target: u8,
    /// Maximum target percentage for biased selection, at least `target`.
    pub maximum: u8,
}
