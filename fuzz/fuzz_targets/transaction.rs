//! A whole transaction, by contacts or through the air, against a hostile card and hostile people: no panic, no end without a decision and a reason.
//!
//! The input steers a software card: most answers pass, some are cut, flipped, replaced or withheld, and people and host
//! do what the input says. So the fuzzer reaches the last box of the flow chart and not only the first.
#![no_main]

use std::{sync::LazyLock, time::Duration};

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence, Response, value::pan::Pan};
use emvident::{
    kernel::{
        Decision, Interface, PointOfSale,
        contactless::UserInterfaceRequest,
        diagnosis::diagnose,
        pin::{OnlinePinBlock, Pin},
        point_of_sale::{
            Answer, Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry,
            OnlinePinRequest, PinEntry, PinRequest, RandomPurpose, Unable,
        },
        stepper::blocking,
        transact,
    },
    report::Report,
    scenario::{Purchase, Scenario},
    text::{Language, Text},
    vectors::{self, SoftwareCard},
};
use kernel::{Terminal, Transaction};
use libfuzzer_sys::fuzz_target;

struct Stage {
    cards: Vec<SoftwareCard>,
    terminal: Terminal,
    transaction: Transaction,
}

thread_local! {
    /// Parsed once.
    static TEXTS: Vec<Text> = Language::ALL.iter().map(|language| Text::new(*language)).collect();
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let names = vectors::cards().into_iter().map(|card| card.name).filter(|name| !name.starts_with("rsa-1"));
    let cards = names.map(|name| SoftwareCard::new(&Scenario::of_card(name).profile().unwrap()).unwrap()).collect();
    let mut scenario = Scenario::of_card("cda");
    scenario.transaction = Purchase { amount: 20_000, ..Purchase::default() };
    let table = scenario.lay().unwrap();
    Stage { cards, terminal: table.terminal, transaction: table.transaction }
});

/// The input, taken byte by byte; zeros when it is used up.
struct Input<'a> {
    bytes: &'a [u8],
}

impl Input<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.bytes.split_first().map_or((0, &[][..]), |(first, rest)| (*first, rest));
        self.bytes = rest;
        first
    }

    fn some(&mut self) -> Vec<u8> {
        let length = usize::from(self.byte()).min(self.bytes.len());
        let (taken, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        taken.to_vec()
    }

    fn optional(&mut self) -> Option<Vec<u8>> {
        (self.byte() > 127).then(|| self.some())
    }
}

struct Hostile<'a, 'b> {
    card: SoftwareCard,
    input: &'b std::cell::RefCell<Input<'a>>,
    pin_pad: bool,
}

impl Hostile<'_, '_> {
    fn spoil(&self, response: &Response) -> Result<Response, Fault> {
        let mut input = self.input.borrow_mut();
        let mut bytes = response.as_bytes().to_vec();
        match input.byte() {
            0..=199 => {}
            200..=219 => {
                let (at, mask) = (usize::from(input.byte()), input.byte());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= mask;
                }
            }
            220..=229 => bytes.truncate(usize::from(input.byte())),
            230..=239 => {
                let inserted = input.some();
                let at = usize::from(input.byte()).min(bytes.len());
                bytes.splice(at..at, inserted);
            }
            240..=249 => bytes = input.some(),
            _ => return Err(Fault::Removed),
        }
        Response::from_bytes(&bytes).map_err(|_| Fault::Transmission)
    }
}

impl Card for Hostile<'_, '_> {
    async fn activate(&mut self) -> Result<Presence, Fault> {
        let presence = self.card.activate().await?;
        Ok(if self.input.borrow_mut().byte() > 240 { Presence::Several } else { presence })
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        self.card.field_off(duration).await
    }

    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let Exchange { response, elapsed } = self.card.transmit(command).await?;
        let late = Duration::from_micros(u64::from(self.input.borrow_mut().byte()).saturating_mul(50));
        Ok(Exchange { response: self.spoil(&response)?, elapsed: elapsed.saturating_add(late) })
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }

    fn has_pin_pad(&self) -> bool {
        self.pin_pad
    }

    async fn verify_on_pin_pad(&mut self, _: &PinPadRequest) -> Result<Exchange, Fault> {
        let mut input = self.input.borrow_mut();
        let status = [input.byte(), input.byte()];
        let response = Response::from_bytes(&status).map_err(|_| Fault::Transmission)?;
        Ok(Exchange { response, elapsed: Duration::ZERO })
    }
}

struct Unruly<'a, 'b> {
    input: &'b std::cell::RefCell<Input<'a>>,
}

impl Unruly<'_, '_> {
    fn byte(&self) -> u8 {
        self.input.borrow_mut().byte()
    }
}

impl PointOfSale for Unruly<'_, '_> {
    fn random(&mut self, _: RandomPurpose, out: &mut [u8]) {
        out.fill(self.byte());
    }

    fn show(&mut self, _: Message) {}

    fn user_interface(&mut self, _: &UserInterfaceRequest) {}

    async fn exchange_data(&mut self, request: &DataRequest) -> DataAnswer {
        match self.byte() {
            0..=200 => {
                let mut input = self.input.borrow_mut();
                let wanted = request.needed.iter().map(|tag| (*tag, input.some())).collect();
                DataAnswer::Data(wanted)
            }
            201..=230 => DataAnswer::Stop,
            _ => DataAnswer::TimedOut,
        }
    }

    async fn choose_application(&mut self, _: &[Candidate]) -> Option<usize> {
        Some(usize::from(self.byte())).filter(|index| *index < 250)
    }

    async fn confirm_application(&mut self, _: &Candidate) -> bool {
        self.byte() < 200
    }

    async fn enter_pin(&mut self, _: &PinRequest) -> PinEntry {
        match self.byte() {
            0..=150 => PinEntry::Entered(Pin::from_ascii(b"1234").unwrap()),
            151..=200 => PinEntry::Entered(Pin::from_ascii(b"999999999999").unwrap()),
            201..=210 => PinEntry::OnReader,
            211..=220 => PinEntry::Bypassed,
            221..=230 => PinEntry::Cancelled,
            231..=240 => PinEntry::TimedOut,
            _ => PinEntry::PinPadBroken,
        }
    }

    async fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        match self.byte() {
            0..=150 => OnlinePinEntry::Entered(OnlinePinBlock { format: request.format, bytes: vec![0; 8] }),
            151..=200 => OnlinePinEntry::Bypassed,
            _ => OnlinePinEntry::KeyMissing,
        }
    }

    async fn recent_amount(&mut self, _: &Pan, _: Option<u8>) -> u64 {
        if self.byte() > 240 { u64::MAX } else { 0 }
    }

    async fn authorise(&mut self, _: &AuthorisationRequest<'_>) -> Authorisation {
        let mut input = self.input.borrow_mut();
        if input.byte() > 230 {
            return Authorisation::Unable(Unable::NoAnswer);
        }
        let response_code = if input.byte() < 128 { *b"00" } else { [input.byte(), input.byte()] };
        Authorisation::Answered(Answer {
            response_code,
            issuer_authentication_data: input.optional(),
            scripts: input.some(),
            authorisation_code: input.optional(),
        })
    }

    async fn refer(&mut self) -> bool {
        self.byte() > 127
    }
}

fuzz_target!(|bytes: &[u8]| {
    let input = std::cell::RefCell::new(Input { bytes });
    let stage = &*STAGE;
    let which = usize::from(input.borrow_mut().byte());
    let pin_pad = input.borrow_mut().byte() > 250;
    let interface = if input.borrow_mut().byte() < 128 { Interface::Contact } else { Interface::Contactless };
    let Some(card) = stage.cards.get(which % stage.cards.len()) else { return };
    let transaction = Transaction { interface, ..stage.transaction };
    let mut card = Hostile { card: card.clone(), input: &input, pin_pad };
    let mut people = Unruly { input: &input };
    let outcome = blocking(transact(&mut card, &mut people, &stage.terminal, &transaction)).unwrap();
    if outcome.decision == Decision::NotCompleted {
        assert!(!outcome.log.findings.is_empty(), "it ended without a reason");
    }
    let _ = diagnose(&outcome);
    let report = Report::new(&outcome, &stage.terminal, &transaction);
    TEXTS.with(|texts| texts.iter().for_each(|text| drop(report.text(text, false))));
});
