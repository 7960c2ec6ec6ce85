//! What a card is personalised with: plain fields, each with a sensible value to start from.

mod defaults;

use std::collections::BTreeMap;
use std::time::Duration;

use apdu::Presence;

use super::alteration::Alteration;
use super::contactless::Contactless;
use crate::cryptogram::{Kind, Version};
use crate::pki::KeySpec;
use crate::secret::{Pan, Pin};

/// A whole card.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What it is called.
    pub name: String,
    /// Answer to reset.
    pub atr: Vec<u8>,
    /// How long every command takes.
    pub elapsed: Duration,
    /// What its random numbers follow from.
    pub seed: u64,
    /// The card is blocked: SELECT answers `6A81`.
    pub blocked: bool,
    /// The payment system directory, when it has one.
    pub directory: Option<Directory>,
    /// Its applications, in the order SELECT finds them.
    pub applications: Vec<Application>,
    /// What is wrong with it.
    pub alterations: Vec<Alteration>,
    /// What a contactless reader finds in its field, one activation after the other; then this card alone.
    pub field: Vec<Presence>,
}

/// The payment system directory (`1PAY.SYS.DDF01`).
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Language preference, such as `zhen`.
    pub languages: Option<String>,
    /// Issuer code table index.
    pub code_table: Option<u8>,
    /// SELECT answers `6283`.
    pub blocked: bool,
}

/// Whose rules an application follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// None: the RID of the test infrastructure.
    Test,
    /// Visa-like.
    Visa,
    /// Mastercard-like.
    Mastercard,
    /// UnionPay-like.
    UnionPay,
}

/// Layout of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Tag `80`, values alone.
    One,
    /// Tag `77`, data objects.
    Two,
}

/// Offline data authentication of an application.
#[derive(Clone, Debug)]
pub struct Authentication {
    /// Static data are signed, and the AIP says so.
    pub sda: bool,
    /// The card signs for INTERNAL AUTHENTICATE, and the AIP says so.
    pub dda: bool,
    /// The card signs for GENERATE AC, and the AIP says so.
    pub cda: bool,
    /// Index of the authority's key, tag `8F`.
    pub authority: u8,
    /// The issuer's key.
    pub issuer: KeySpec,
    /// The card's key.
    pub icc: KeySpec,
    /// The card's key for enciphered PINs, when it has one of its own.
    pub pin: Option<KeySpec>,
    /// Expiry of the issuer certificate, MMYY in BCD.
    pub issuer_expiry: [u8; 2],
    /// Expiry of the card certificates, MMYY in BCD.
    pub icc_expiry: [u8; 2],
}

/// How the issuer authenticates itself to the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerAuthentication {
    /// EXTERNAL AUTHENTICATE, and the AIP says so.
    Command,
    /// Tag `91` in CDOL2.
    SecondGenerateAc,
    /// Not at all.
    None,
}

/// What the card answers to GENERATE AC, within what its own checks allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// What is asked.
    AsAsked,
    /// What is asked, but nothing higher than this.
    AtMost(Kind),
    /// This, even when less was asked.
    Always(Kind),
}

/// One application.
#[derive(Clone, Debug)]
pub struct Application {
    /// DF name.
    pub aid: Vec<u8>,
    /// Application label.
    pub label: String,
    /// Application preferred name, in the code table with this index.
    pub preferred_name: Option<(String, u8)>,
    /// Application priority indicator.
    pub priority: Option<u8>,
    /// Language preference.
    pub languages: Option<String>,
    /// SELECT answers `6283`.
    pub blocked: bool,
    /// Card number.
    pub pan: Pan,
    /// PAN sequence number in BCD.
    pub sequence: Option<u8>,
    /// Cardholder name.
    pub cardholder: String,
    /// Effective date, YYMMDD in BCD.
    pub effective: [u8; 3],
    /// Expiration date, YYMMDD in BCD.
    pub expiration: [u8; 3],
    /// Issuer country code.
    pub country: [u8; 2],
    /// Application currency code.
    pub currency: [u8; 2],
    /// Application usage control.
    pub usage: [u8; 2],
    /// Application version number.
    pub version_number: [u8; 2],
    /// Service code, three digits as they stand in track 2.
    pub service_code: String,
    /// PDOL, empty for none.
    pub pdol: Vec<u8>,
    /// CDOL1.
    pub cdol1: Vec<u8>,
    /// CDOL2.
    pub cdol2: Vec<u8>,
    /// DDOL, when the card has one.
    pub ddol: Option<Vec<u8>>,
    /// CVM list; `None` clears the AIP bit too.
    pub cvm_list: Option<Vec<u8>>,
    /// Issuer action codes: denial, online, default.
    pub action_codes: Option<[[u8; 5]; 3]>,
    /// Lower and upper consecutive offline limit for the terminal, tags `9F14` and `9F23`.
    pub offline_limits: Option<(u8, u8)>,
    /// Terminal risk management is to be performed, in the AIP.
    pub terminal_risk_management: bool,
    /// Offline data authentication.
    pub authentication: Authentication,
    /// Tag `9F4A` names the AIP, and the AIP is signed.
    pub aip_is_signed: bool,
    /// Issuer authentication.
    pub issuer_authentication: IssuerAuthentication,
    /// Without it an online approval becomes an AAC.
    pub issuer_authentication_mandatory: bool,
    /// Cryptograms.
    pub version: Version,
    /// Derivation key index in tag `9F10`.
    pub key_index: u8,
    /// Response layout of GET PROCESSING OPTIONS.
    pub options_format: Format,
    /// Response layout of INTERNAL AUTHENTICATE.
    pub dda_format: Format,
    /// Response layout of GENERATE AC without a signature.
    pub cryptogram_format: Format,
    /// Offline PIN.
    pub pin: Option<Pin>,
    /// PIN tries after a right PIN.
    pub pin_tries: u8,
    /// PIN tries left.
    pub pin_tries_left: u8,
    /// Application transaction counter.
    pub atc: u16,
    /// Its value at the last transaction online.
    pub last_online_atc: u16,
    /// More transactions than this since the last one online, and the card goes online.
    pub card_offline_limit: Option<u16>,
    /// Answer to the first GENERATE AC.
    pub first: Decision,
    /// Answer to the second GENERATE AC.
    pub second: Decision,
    /// Approved transactions are logged in SFI 11.
    pub log: bool,
    /// How it behaves through the air; an application of contacts otherwise.
    pub contactless: Option<Contactless>,
    /// Objects of GET DATA that PUT DATA may change.
    pub data: BTreeMap<u16, Vec<u8>>,
}

impl Profile {
    /// A card with this application and no directory.
    pub fn new(name: &str, application: Application) -> Self {
        Self {
            name: name.to_owned(),
            // T=1 with a block checksum and information fields of 254 bytes.
            atr: vec![0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14],
            elapsed: Duration::ZERO,
            seed: 1,
            blocked: false,
            directory: None,
            applications: vec![application],
            alterations: Vec::new(),
            field: Vec::new(),
        }
    }

    /// The same with one more application.
    #[must_use]
    pub fn and(mut self, application: Application) -> Self {
        self.applications.push(application);
        self
    }

    /// The same with a payment system directory.
    #[must_use]
    pub fn with_directory(mut self) -> Self {
        self.directory = Some(Directory { languages: Some("zhen".to_owned()), ..Directory::default() });
        self
    }

    /// The same with something wrong.
    #[must_use]
    pub fn altered(mut self, alteration: Alteration) -> Self {
        self.alterations.push(alteration);
        self
    }
}
