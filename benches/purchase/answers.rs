//! A card and a point of sale that give the answers of one real run again, with next to no work of their own.

use apdu::{Card, Command, Exchange, Fault, value::pan::Pan};
use emvident::kernel::{
    PointOfSale,
    contactless::UserInterfaceRequest,
    pin::Pin,
    point_of_sale::{
        Authorisation, AuthorisationRequest, Candidate, Message, OnlinePinEntry, OnlinePinRequest, PinEntry,
        PinRequest, RandomPurpose, Unable,
    },
};

/// What a card answered, in order.
#[derive(Clone, Default)]
pub struct Answers {
    atr: Vec<u8>,
    exchanges: Vec<Exchange>,
}

/// A card that is listened to.
pub struct Listening<C> {
    card: C,
    heard: Answers,
}

impl<C: Card> Listening<C> {
    pub fn new(card: C) -> Self {
        let heard = Answers { atr: card.atr().to_vec(), exchanges: Vec::new() };
        Self { card, heard }
    }

    pub fn into_answers(self) -> Answers {
        self.heard
    }
}

impl<C: Card> Card for Listening<C> {
    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let exchange = self.card.transmit(command).await?;
        self.heard.exchanges.push(exchange.clone());
        Ok(exchange)
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }
}

/// A card that answers from a list, whatever it is asked.
pub struct Answering<'a> {
    answers: &'a Answers,
    next: usize,
}

impl<'a> Answering<'a> {
    pub fn new(answers: &'a Answers) -> Self {
        Self { answers, next: 0 }
    }
}

impl Card for Answering<'_> {
    async fn transmit(&mut self, _: &Command) -> Result<Exchange, Fault> {
        let exchange = self.answers.exchanges.get(self.next).cloned().ok_or(Fault::RecordingEnds)?;
        self.next += 1;
        Ok(exchange)
    }

    fn atr(&self) -> &[u8] {
        &self.answers.atr
    }
}

/// People and a host that always do the same.
pub struct Constant {
    pub authorisation: Option<Authorisation>,
}

impl PointOfSale for Constant {
    fn random(&mut self, _: RandomPurpose, out: &mut [u8]) {
        out.fill(0x5A);
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
        Pin::from_ascii(b"1234").map_or(PinEntry::PinPadBroken, PinEntry::Entered)
    }

    async fn enter_online_pin(&mut self, _: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        OnlinePinEntry::KeyMissing
    }

    async fn recent_amount(&mut self, _: &Pan, _: Option<u8>) -> u64 {
        0
    }

    async fn authorise(&mut self, _: &AuthorisationRequest<'_>) -> Authorisation {
        self.authorisation.clone().unwrap_or(Authorisation::Unable(Unable::NoLink))
    }

    async fn refer(&mut self) -> bool {
        false
    }
}

/// [`Constant`] with the host of another point of sale, whose answer is kept.
pub struct Asking<P> {
    pub host: P,
    pub constant: Constant,
}

impl<P: PointOfSale> PointOfSale for Asking<P> {
    fn random(&mut self, purpose: RandomPurpose, out: &mut [u8]) {
        self.constant.random(purpose, out);
    }

    fn show(&mut self, _: Message) {}

    fn user_interface(&mut self, _: &UserInterfaceRequest) {}

    async fn choose_application(&mut self, candidates: &[Candidate]) -> Option<usize> {
        self.constant.choose_application(candidates).await
    }

    async fn confirm_application(&mut self, candidate: &Candidate) -> bool {
        self.constant.confirm_application(candidate).await
    }

    async fn enter_pin(&mut self, request: &PinRequest) -> PinEntry {
        self.constant.enter_pin(request).await
    }

    async fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        self.constant.enter_online_pin(request).await
    }

    async fn recent_amount(&mut self, pan: &Pan, number: Option<u8>) -> u64 {
        self.constant.recent_amount(pan, number).await
    }

    async fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> Authorisation {
        let authorisation = self.host.authorise(request).await;
        self.constant.authorisation = Some(authorisation.clone());
        authorisation
    }

    async fn refer(&mut self) -> bool {
        self.constant.refer().await
    }
}
