//! A transaction with a software card, and what the search finds in it.

use apdu::{
    Bits, Tag, tag,
    value::{
        Pan, TerminalType, Tvr,
        date::{Date, Time},
    },
};
use emvident_kernel::{
    Interface, Outcome, PointOfSale, Reason, Terminal, Transaction, TransactionKind,
    contactless::{Combination, KernelId, UserInterfaceRequest},
    counterfactual::{self, Change, Counterfactual},
    finding::Certainty,
    oda::keys::{CaKey, CaKeyData, KeyStore, Kind, RSA, SHA_1},
    pin::{BlockFormat, Pin},
    point_of_sale::{
        Answer, Authorisation, AuthorisationRequest, Candidate, Message, OnlinePinEntry, OnlinePinRequest, PinEntry,
        PinRequest, RandomPurpose,
    },
    stepper::blocking,
    terminal::{ApplicationParameters, CdaMode, PinPolicy, RandomSelection, SelectionPolicy},
    transact,
};
use vectors::{CaPublicKey, Profile, SoftwareCard};

/// The RID of the test infrastructure.
pub const TEST_RID: [u8; 5] = [0xF0, 0x00, 0x0E, 0x4D, 0x56];

/// A payment system's.
pub const VISA_RID: [u8; 5] = [0xA0, 0x00, 0x00, 0x00, 0x03];

/// The number that every transaction here draws.
pub const NUMBER: [u8; 4] = [0x11, 0x22, 0x33, 0x44];

/// People who type the right PIN, and a host that approves.
struct People;

impl PointOfSale for People {
    fn random(&mut self, _: RandomPurpose, out: &mut [u8]) {
        out.iter_mut().zip(NUMBER.into_iter().cycle()).for_each(|(place, byte)| *place = byte);
    }

    fn show(&mut self, _: Message) {}

    fn user_interface(&mut self, _: &UserInterfaceRequest) {}

    async fn choose_application(&mut self, _: &[Candidate]) -> Option<usize> {
        Some(0)
    }

    async fn confirm_application(&mut self, _: &Candidate) -> bool {
        true
    }

    async fn enter_pin(&mut self, _: &PinRequest) -> PinEntry {
        PinEntry::Entered(Pin::from_ascii(b"1234").unwrap())
    }

    async fn enter_online_pin(&mut self, _: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        OnlinePinEntry::KeyMissing
    }

    async fn recent_amount(&mut self, _: &Pan, _: Option<u8>) -> u64 {
        0
    }

    async fn authorise(&mut self, _: &AuthorisationRequest<'_>) -> Authorisation {
        Authorisation::Answered(Answer {
            response_code: *b"00",
            issuer_authentication_data: None,
            scripts: Vec::new(),
            authorisation_code: None,
        })
    }

    async fn refer(&mut self) -> bool {
        false
    }
}

/// A merchant's terminal with every CVM and method, every test key, and no action codes.
pub fn terminal() -> Terminal {
    Terminal {
        country: [0x01, 0x56],
        currency: [0x01, 0x56],
        currency_exponent: 2,
        terminal_type: TerminalType(0x22),
        capabilities: Bits([0x60, 0xF8, 0xC8]),
        additional_capabilities: Bits([0x70, 0x00, 0xF0, 0xF0, 0x01]),
        identification: *b"TERM0001",
        ifd_serial_number: *b"IFD00001",
        merchant_identifier: *b"MERCHANT0000001",
        merchant_category_code: [0x59, 0x99],
        merchant_name: String::new(),
        acquirer_identifier: [0; 6],
        selection: SelectionPolicy { use_pse: false, menu: true, confirmation: true },
        pin: PinPolicy { bypass_allowed: true, bypass_is_for_all: false, online_format: BlockFormat::Format0 },
        policy: emvident_kernel::terminal::policy::Policy::EMV,
        limits: emvident_kernel::terminal::Limits::default(),
        cda_mode: CdaMode::Mode1,
        applications: [TEST_RID, VISA_RID, [0xA0, 0, 0, 0, 0x04], [0xA0, 0, 0, 0x03, 0x33]].map(application).into(),
        keys: every_key(),
        revocations: Vec::new(),
        exceptions: Vec::new(),
        contactless: emvident_kernel::contactless::Contactless::default(),
    }
}

fn application(rid: [u8; 5]) -> ApplicationParameters {
    ApplicationParameters {
        aid: rid.into(),
        partial: true,
        name: String::new(),
        version: [0x00, 0x01],
        tac_denial: Tvr::ZERO,
        tac_online: Tvr::ZERO,
        tac_default: Tvr::ZERO,
        floor_limit: 10_000,
        random_selection: RandomSelection { threshold: 0, target: 0, maximum: 0 },
        default_ddol: Some(vec![0x9F, 0x37, 0x04]),
        default_tdol: None,
        risk_management_data: None,
    }
}

/// A purchase of 50.00 on 15 June 2026.
pub fn purchase() -> Transaction {
    Transaction {
        amount: 50_00,
        amount_other: 0,
        kind: TransactionKind::Purchase,
        date: Date::new(2026, 6, 15).unwrap(),
        time: Time::new(12, 0, 0).unwrap(),
        sequence_counter: 1,
        forced_online: false,
        interface: Interface::Contact,
    }
}

/// A key as a key set states it, with the right checksum.
pub fn key_data<'a>(rid: [u8; 5], index: u8, modulus: &'a [u8], exponent: &'static [u8]) -> CaKeyData<'a> {
    let mut data = CaKeyData {
        rid,
        index,
        hash_algorithm: SHA_1,
        key_algorithm: RSA,
        modulus,
        exponent,
        checksum: [0; 20],
        expiry: None,
        kind: Kind::Test,
        withdrawn: false,
    };
    data.checksum = data.computed_checksum();
    data
}

pub fn key_of(rid: [u8; 5], index: u8) -> CaPublicKey {
    vectors::ca_keys().into_iter().find(|key| (key.rid, key.index) == (rid, index)).unwrap()
}

pub fn made(rid: [u8; 5], index: u8, modulus: &[u8]) -> CaKey {
    CaKey::new(&key_data(rid, index, modulus, &[3])).unwrap()
}

/// Every key of the test infrastructure.
pub fn every_key() -> KeyStore {
    let exponent = |key: &CaPublicKey| if key.exponent == [3] { &[3][..] } else { &[1, 0, 1] };
    let mut keys = KeyStore::new();
    for key in vectors::ca_keys() {
        keys.load(&key_data(key.rid, key.index, &key.modulus, exponent(&key))).unwrap();
    }
    keys
}

/// A built-in card with alterations.
pub fn card(name: &str, alterations: &[&str]) -> Profile {
    let profile = vectors::profile(name).unwrap();
    alterations.iter().fold(profile, |profile, alteration| profile.altered(alteration.parse().unwrap()))
}

/// A transaction that has ended, with what it was made from.
pub struct Case {
    pub outcome: Outcome,
    pub terminal: Terminal,
    pub transaction: Transaction,
    pub known: KeyStore,
}

impl Case {
    /// The standard terminal, which knows what there is to know.
    pub fn of(name: &str, alterations: &[&str]) -> Self {
        Self::with(card(name, alterations), terminal(), purchase())
    }

    pub fn with(profile: Profile, terminal: Terminal, transaction: Transaction) -> Self {
        let mut card = SoftwareCard::new(&profile).unwrap();
        let outcome = blocking(transact(&mut card, &mut People, &terminal, &transaction)).unwrap();
        Self { outcome, terminal, transaction, known: KeyStore::new() }
    }

    /// The same through the air, with kernel 3.
    pub fn of_tap(name: &str, alterations: &[&str]) -> Self {
        let mut terminal = terminal();
        let mut combination = Combination::new(&VISA_RID, KernelId::C3);
        combination.ttq = Some(Bits([0x36, 0x00, 0x40, 0x80]));
        terminal.contactless.combinations.push(combination);
        let transaction = Transaction { interface: Interface::Contactless, ..purchase() };
        Self::with(card(name, alterations), terminal, transaction)
    }

    pub fn search(&self) -> Vec<Counterfactual> {
        counterfactual::search(&self.outcome, &self.terminal, &self.transaction, &self.known)
    }

    pub fn changed_byte(&self) -> Option<Counterfactual> {
        let found = counterfactual::search(&self.outcome, &self.terminal, &self.transaction, &self.known);
        counterfactual::changed_byte(&self.outcome, &self.terminal, &self.transaction, &self.known, &found)
    }

    /// The only answer: proven, for this finding, and with it everything passes.
    pub fn proven(&self, reason: Reason) -> Change {
        let found = self.search();
        let [one] = &found[..] else { panic!("{found:#?} for {:?}", self.reasons()) };
        assert_eq!(self.outcome.log.findings[one.finding].reason, reason);
        assert_eq!((one.certainty, one.passes.whole_chain), (Certainty::Proven, true), "{one:?}");
        one.change.clone()
    }

    pub fn reasons(&self) -> Vec<Reason> {
        self.outcome.log.findings.iter().map(|finding| finding.reason).collect()
    }

    /// The value of a card's object.
    pub fn value(&self, tag: Tag) -> Vec<u8> {
        self.outcome.card.value(tag).unwrap().to_vec()
    }

    /// The data of the command with this instruction, the first that there is.
    pub fn data(&self, ins: u8) -> Vec<u8> {
        let command = &self.outcome.log.exchanges.iter().find(|exchange| exchange.command[1] == ins).unwrap().command;
        command[5..5 + usize::from(command[4])].to_vec()
    }

    /// What the issuer signs on this card.
    pub fn static_data(&self) -> Vec<u8> {
        [&self.outcome.signed_records.bytes[..], &self.value(tag::AIP_82)].concat()
    }
}

/// Hexadecimal digits, as alterations take them.
pub fn hexed(bytes: impl AsRef<[u8]>) -> String {
    hex::encode_upper(bytes)
}
