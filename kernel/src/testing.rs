//! A scripted card and a scripted point of sale for the tests inside this crate.

use alloc::{
    collections::VecDeque,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::{
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use apdu::{
    Bits, Card, Command, Exchange, Fault, PinPadRequest, Response, Tag,
    value::{
        TerminalType, Tvr,
        date::{Date, Time},
        pan::Pan,
    },
};

use crate::{
    contactless::UserInterfaceRequest,
    finding::{Place, Reason},
    pin::{BlockFormat, Pin},
    point_of_sale::{
        Authorisation, AuthorisationRequest, Candidate, Message, OnlinePinEntry, OnlinePinRequest, PinEntry,
        PinRequest, PointOfSale, RandomPurpose, Unable,
    },
    session::Log,
    store::CardData,
    terminal::{ApplicationParameters, CdaMode, PinPolicy, RandomSelection, SelectionPolicy, Terminal},
    transaction::{Transaction, TransactionKind},
};

/// The result of a future that never waits.
pub fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a scripted future waits"),
    }
}

/// A merchant's attended terminal, online capable, with every CVM, in country and currency 0156.
pub fn terminal() -> Terminal {
    Terminal {
        country: [0x01, 0x56],
        currency: [0x01, 0x56],
        currency_exponent: 2,
        terminal_type: TerminalType(0x22),
        capabilities: Bits([0xE0, 0xF8, 0xC8]),
        additional_capabilities: Bits([0x70, 0x00, 0xF0, 0xF0, 0x01]),
        identification: *b"TERM0001",
        ifd_serial_number: *b"IFD00001",
        merchant_identifier: *b"MERCHANT0000001",
        merchant_category_code: [0x59, 0x99],
        merchant_name: String::new(),
        acquirer_identifier: [0; 6],
        selection: SelectionPolicy { use_pse: true, menu: true, confirmation: true },
        pin: PinPolicy { bypass_allowed: true, bypass_is_for_all: false, online_format: BlockFormat::Format0 },
        policy: crate::terminal::policy::Policy::EMV,
        limits: crate::terminal::Limits::default(),
        cda_mode: CdaMode::Mode1,
        applications: vec![application()],
        contactless: crate::contactless::Contactless::default(),
        keys: crate::oda::keys::KeyStore::default(),
        revocations: Vec::new(),
        exceptions: Vec::new(),
    }
}

/// An application with a floor limit of 100.00 and no random selection.
pub fn application() -> ApplicationParameters {
    ApplicationParameters {
        aid: vec![0xA0, 0x00, 0x00, 0x00, 0x03],
        partial: true,
        name: String::new(),
        version: [0x00, 0x8C],
        tac_denial: Tvr::ZERO,
        tac_online: Tvr::ZERO,
        tac_default: Tvr::ZERO,
        floor_limit: 10_000,
        random_selection: RandomSelection { threshold: 0, target: 0, maximum: 0 },
        default_ddol: None,
        default_tdol: None,
        risk_management_data: None,
    }
}

/// A purchase of 50.00 on 15 June 2026.
pub fn transaction() -> Transaction {
    Transaction {
        amount: 50_00,
        amount_other: 0,
        kind: TransactionKind::Purchase,
        date: Date::new(2026, 6, 15).unwrap(),
        time: Time::new(12, 0, 0).unwrap(),
        sequence_counter: 1,
        forced_online: false,
        interface: crate::Interface::Contact,
    }
}

/// What a card gave, from tags and hexadecimal values.
pub fn card_data(objects: &[(Tag, &str)]) -> CardData {
    let mut card = CardData::default();
    for (tag, value) in objects {
        card.put(*tag, &bytes(value), Place::default());
    }
    card
}

/// Bytes from hexadecimal digits; spaces are skipped.
pub fn bytes(digits: &str) -> Vec<u8> {
    hex::decode(digits.replace(' ', "")).unwrap()
}

/// The reasons of a log's findings, in order.
pub fn reasons(log: &Log) -> Vec<Reason> {
    log.findings.iter().map(|finding| finding.reason).collect()
}

/// A card that expects exactly these commands, and gives these responses.
#[derive(Debug, Default)]
pub struct ScriptedCard {
    steps: VecDeque<(String, String)>,
    /// Statuses of a reader with a PIN pad; `None` when the reader has none.
    pub pin_pad: Option<VecDeque<u16>>,
}

impl ScriptedCard {
    /// Commands and responses in hexadecimal digits; spaces are skipped, and a command that ends in `..` may go on.
    pub fn new<'s>(steps: impl IntoIterator<Item = (&'s str, &'s str)>) -> Self {
        let steps = steps.into_iter().map(|(command, response)| (command.replace(' ', ""), response.to_string()));
        Self { steps: steps.collect(), pin_pad: None }
    }

    /// Whether every step was taken.
    pub fn is_done(&self) -> bool {
        self.steps.is_empty() && self.pin_pad.iter().flatten().next().is_none()
    }
}

impl Card for ScriptedCard {
    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let sent = hex::encode_upper(command.as_bytes());
        let (expected, response) = self.steps.pop_front().unwrap_or_else(|| panic!("no step left for {sent}"));
        match expected.strip_suffix("..") {
            Some(start) => assert!(sent.starts_with(start), "{sent} does not start with {start}"),
            None => assert_eq!(sent, expected),
        }
        let response = Response::from_bytes(&bytes(&response)).map_err(|_| Fault::Removed)?;
        Ok(Exchange { response, elapsed: Duration::ZERO })
    }

    fn atr(&self) -> &[u8] {
        &[]
    }

    fn has_pin_pad(&self) -> bool {
        self.pin_pad.is_some()
    }

    async fn verify_on_pin_pad(&mut self, _: &PinPadRequest) -> Result<Exchange, Fault> {
        let status = self.pin_pad.as_mut().and_then(VecDeque::pop_front).ok_or(Fault::Unsupported)?;
        Ok(Exchange { response: Response::status_only(apdu::StatusWord(status)), elapsed: Duration::ZERO })
    }
}

/// A point of sale that answers from lists and keeps what it was asked.
#[derive(Debug, Default)]
pub struct ScriptedPointOfSale {
    /// Answers for offline PIN entry.
    pub pins: VecDeque<PinEntry>,
    /// Answers for online PIN entry.
    pub online_pins: VecDeque<OnlinePinEntry>,
    /// Random bytes, given again from the start when they run out; zeros when there are none.
    pub random: Vec<u8>,
    /// What random bytes were drawn for, and how many.
    pub drawn: Vec<(RandomPurpose, usize)>,
    /// Which application the cardholder chooses.
    pub choice: Option<usize>,
    /// Whether the cardholder confirms.
    pub confirms: bool,
    /// The issuer's answers; without one there is no network.
    pub authorisations: VecDeque<Authorisation>,
    /// How a referral ends.
    pub refers: bool,
    /// The amount of the most recent transaction of any card.
    pub recent: u64,
    /// What was shown.
    pub shown: Vec<Message>,
    /// What a contactless transaction wanted shown.
    pub requested: Vec<UserInterfaceRequest>,
    /// Requests for offline PINs.
    pub requests: Vec<PinRequest>,
    /// Requests for online PINs.
    pub online_requests: Vec<(Pan, BlockFormat)>,
    next_random: usize,
}

impl ScriptedPointOfSale {
    /// One whose random bytes are these, over and over.
    pub fn drawing(random: impl Into<Vec<u8>>) -> Self {
        Self { random: random.into(), ..Self::default() }
    }

    /// One whose cardholder chooses this application and confirms any.
    pub fn choosing(choice: usize) -> Self {
        Self { choice: Some(choice), confirms: true, ..Self::default() }
    }

    /// One that types these, in order.
    pub fn typing(pins: impl IntoIterator<Item = PinEntry>) -> Self {
        Self { pins: pins.into_iter().collect(), ..Self::default() }
    }

    /// One that answers these for online PINs, in order.
    pub fn typing_online(online_pins: impl IntoIterator<Item = OnlinePinEntry>) -> Self {
        Self { online_pins: online_pins.into_iter().collect(), ..Self::default() }
    }
}

/// A PIN typed.
pub fn typed(digits: &str) -> PinEntry {
    PinEntry::Entered(Pin::from_ascii(digits.as_bytes()).unwrap())
}

impl PointOfSale for ScriptedPointOfSale {
    fn random(&mut self, purpose: RandomPurpose, out: &mut [u8]) {
        self.drawn.push((purpose, out.len()));
        for byte in out {
            *byte = self.random.get(self.next_random % self.random.len().max(1)).copied().unwrap_or(0);
            self.next_random += 1;
        }
    }

    fn show(&mut self, message: Message) {
        self.shown.push(message);
    }

    fn user_interface(&mut self, request: &UserInterfaceRequest) {
        self.requested.push(*request);
    }

    async fn choose_application(&mut self, _: &[Candidate]) -> Option<usize> {
        self.choice
    }

    async fn confirm_application(&mut self, _: &Candidate) -> bool {
        self.confirms
    }

    async fn enter_pin(&mut self, request: &PinRequest) -> PinEntry {
        self.requests.push(*request);
        self.pins.pop_front().expect("an answer for PIN entry")
    }

    async fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        self.online_requests.push((request.pan.clone(), request.format));
        self.online_pins.pop_front().expect("an answer for online PIN entry")
    }

    async fn recent_amount(&mut self, _: &Pan, _: Option<u8>) -> u64 {
        self.recent
    }

    async fn authorise(&mut self, _: &AuthorisationRequest<'_>) -> Authorisation {
        self.authorisations.pop_front().unwrap_or(Authorisation::Unable(Unable::NoLink))
    }

    async fn refer(&mut self) -> bool {
        self.refers
    }
}
