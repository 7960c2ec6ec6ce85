//! The third way in: ask out, answer in. For C, real-time systems, GUI loops and phone callbacks, which cannot wait inside
//! a call.
//!
//! The same transaction runs inside; whenever it would wait, it hands out an [`Ask`] and goes on with the [`Answer`].

use alloc::{boxed::Box, rc::Rc, vec::Vec};
use core::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence, Tag, value::pan::Pan};

use crate::{
    contactless::UserInterfaceRequest,
    outcome::Outcome,
    pin::{BlockFormat, OnlinePinBlock},
    point_of_sale::{
        Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry,
        OnlinePinRequest, PinEntry, PinRequest, PointOfSale, RandomPurpose,
    },
    terminal::Terminal,
    transact,
    transaction::Transaction,
};

/// Runs a future that never waits, because the card and the point of sale behind it block.
///
/// # Errors
/// [`WouldWait`] when something behind it did wait after all.
pub fn blocking<F: Future>(future: F) -> Result<F::Output, WouldWait> {
    let mut future = core::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err(WouldWait),
    }
}

/// A future that was to run without waiting had to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the card or the point of sale waits: await the transaction instead")]
pub struct WouldWait;

/// What the transaction wants next.
#[derive(Debug)]
#[non_exhaustive]
pub enum Ask {
    /// Send this to the card; answer with [`Answer::Exchange`].
    Transmit(Command),
    /// Switch the field on and wait for a card; answer with [`Answer::Presence`].
    Activate,
    /// Switch the field off for this long; answer with [`Answer::Obeyed`].
    FieldOff(Duration),
    /// Let the reader's PIN pad verify a PIN; answer with [`Answer::Exchange`].
    VerifyOnPinPad(PinPadRequest),
    /// Let the cardholder choose; answer with [`Answer::Chosen`].
    ChooseApplication(Vec<Candidate>),
    /// Let the cardholder confirm; answer with [`Answer::YesOrNo`].
    ConfirmApplication(Candidate),
    /// Collect a PIN for the card; answer with [`Answer::Pin`].
    EnterPin(PinRequest),
    /// Collect a PIN for the issuer; answer with [`Answer::OnlinePin`].
    EnterOnlinePin {
        /// The card number the block format mixes in.
        pan: Pan,
        /// The block format.
        format: BlockFormat,
    },
    /// Look up the most recent approved amount of this card; answer with [`Answer::Amount`].
    RecentAmount {
        /// The card number.
        pan: Pan,
        /// PAN sequence number.
        sequence_number: Option<u8>,
    },
    /// Send the transaction to the issuer; answer with [`Answer::Authorisation`].
    Authorise {
        /// The chip data, in the order of field 55.
        chip_data: Vec<(Tag, Vec<u8>)>,
        /// The card number.
        pan: Pan,
        /// PAN sequence number.
        sequence_number: Option<u8>,
        /// The online PIN, if one was entered.
        pin: Option<OnlinePinBlock>,
    },
    /// Ask the attendant how a referral ended; answer with [`Answer::YesOrNo`].
    Refer,
    /// Exchange data with the terminal's application; answer with [`Answer::Data`].
    ExchangeData(DataRequest),
}

/// An answer to an [`Ask`].
#[derive(Debug)]
pub enum Answer {
    /// What the card, or the reader's PIN pad, answered.
    Exchange(Result<Exchange, Fault>),
    /// What is in the field.
    Presence(Result<Presence, Fault>),
    /// Whether the reader did as it was told.
    Obeyed(Result<(), Fault>),
    /// Which application, as an index; `None` is a refusal.
    Chosen(Option<usize>),
    /// Yes or no.
    YesOrNo(bool),
    /// How PIN entry ended.
    Pin(PinEntry),
    /// How online PIN entry ended.
    OnlinePin(OnlinePinEntry),
    /// An amount in minor units.
    Amount(u64),
    /// What came back from the issuer.
    Authorisation(Authorisation),
    /// What the terminal's application gives.
    Data(DataAnswer),
}

/// Where the transaction stands after a step.
#[derive(Debug)]
pub enum Step {
    /// It wants something.
    Ask {
        /// What.
        ask: Box<Ask>,
        /// Messages to show first, in order.
        messages: Vec<Message>,
        /// What a contactless transaction wants shown first, in order.
        requests: Vec<UserInterfaceRequest>,
    },
    /// It is over.
    Done {
        /// How it ended.
        outcome: Box<Outcome>,
        /// Messages to show, in order.
        messages: Vec<Message>,
        /// What a contactless transaction wants shown, in order.
        requests: Vec<UserInterfaceRequest>,
    },
}

/// A step that cannot be taken. The transaction stands where it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The answer is of another kind than the question.
    #[error("the answer is of another kind than the question")]
    WrongAnswer,
    /// An answer came and nothing was asked.
    #[error("nothing was asked")]
    NothingAsked,
    /// A question is open and no answer came.
    #[error("the last question is not answered")]
    NoAnswer,
    /// The transaction is over.
    #[error("the transaction is over")]
    Over,
}

/// One transaction, taken step by step. Dropping it is the cancel key.
pub struct Stepper<'a> {
    transaction: Option<Pin<Box<dyn Future<Output = Outcome> + 'a>>>,
    mailbox: Rc<RefCell<Mailbox>>,
}

/// Between the transaction inside and the caller outside.
#[derive(Default)]
struct Mailbox {
    ask: Option<Ask>,
    expects: Option<Kind>,
    answer: Option<Answer>,
    messages: Vec<Message>,
    requests: Vec<UserInterfaceRequest>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Exchange,
    Presence,
    Obeyed,
    Chosen,
    YesOrNo,
    Pin,
    OnlinePin,
    Amount,
    Authorisation,
    Data,
}

impl Answer {
    fn kind(&self) -> Kind {
        match self {
            Self::Exchange(_) => Kind::Exchange,
            Self::Presence(_) => Kind::Presence,
            Self::Obeyed(_) => Kind::Obeyed,
            Self::Chosen(_) => Kind::Chosen,
            Self::YesOrNo(_) => Kind::YesOrNo,
            Self::Pin(_) => Kind::Pin,
            Self::OnlinePin(_) => Kind::OnlinePin,
            Self::Amount(_) => Kind::Amount,
            Self::Authorisation(_) => Kind::Authorisation,
            Self::Data(_) => Kind::Data,
        }
    }
}

impl Ask {
    fn expects(&self) -> Kind {
        match self {
            Self::Transmit(_) | Self::VerifyOnPinPad(_) => Kind::Exchange,
            Self::Activate => Kind::Presence,
            Self::FieldOff(_) => Kind::Obeyed,
            Self::ChooseApplication(_) => Kind::Chosen,
            Self::ConfirmApplication(_) | Self::Refer => Kind::YesOrNo,
            Self::EnterPin(_) => Kind::Pin,
            Self::EnterOnlinePin { .. } => Kind::OnlinePin,
            Self::RecentAmount { .. } => Kind::Amount,
            Self::Authorise { .. } => Kind::Authorisation,
            Self::ExchangeData(_) => Kind::Data,
        }
    }
}

impl<'a> Stepper<'a> {
    /// A transaction that has not begun. `atr` is the card's answer to reset, `pin_pad` whether the reader has a PIN pad of
    /// its own, `random` the source of random bytes.
    pub fn new(
        terminal: &'a Terminal,
        transaction: &'a Transaction,
        atr: Vec<u8>,
        pin_pad: bool,
        random: impl FnMut(RandomPurpose, &mut [u8]) + 'a,
    ) -> Self {
        let mailbox = Rc::new(RefCell::new(Mailbox::default()));
        let mut card = AskedCard { mailbox: mailbox.clone(), atr, pin_pad };
        let mut point_of_sale = AskedPointOfSale { mailbox: mailbox.clone(), random };
        let future = async move { transact(&mut card, &mut point_of_sale, terminal, transaction).await };
        Self { transaction: Some(Box::pin(future)), mailbox }
    }

    /// Begins the transaction (`None`), or goes on with the answer to the last question.
    ///
    /// # Errors
    /// [`StepError`] when the answer does not fit; the question stays open.
    pub fn step(&mut self, answer: Option<Answer>) -> Result<Step, StepError> {
        let transaction = self.transaction.as_mut().ok_or(StepError::Over)?;
        self.mailbox.borrow_mut().post(answer)?;
        match transaction.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => self.mailbox.borrow_mut().collect(),
            Poll::Ready(outcome) => {
                self.transaction = None;
                let (messages, requests) = self.mailbox.borrow_mut().shown();
                Ok(Step::Done { outcome: Box::new(outcome), messages, requests })
            }
        }
    }
}

impl Mailbox {
    fn post(&mut self, answer: Option<Answer>) -> Result<(), StepError> {
        match (self.expects, &answer) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(StepError::NothingAsked),
            (Some(_), None) => Err(StepError::NoAnswer),
            (Some(kind), Some(given)) if kind != given.kind() => Err(StepError::WrongAnswer),
            (Some(_), Some(_)) => {
                self.expects = None;
                self.answer = answer;
                Ok(())
            }
        }
    }

    fn collect(&mut self) -> Result<Step, StepError> {
        let ask = self.ask.take().ok_or(StepError::NoAnswer)?;
        self.expects = Some(ask.expects());
        let (messages, requests) = self.shown();
        Ok(Step::Ask { ask: Box::new(ask), messages, requests })
    }

    fn shown(&mut self) -> (Vec<Message>, Vec<UserInterfaceRequest>) {
        (core::mem::take(&mut self.messages), core::mem::take(&mut self.requests))
    }
}

/// Hands `ask` out and waits for its answer.
async fn ask(mailbox: &RefCell<Mailbox>, ask: Ask) -> Answer {
    mailbox.borrow_mut().ask = Some(ask);
    poll_fn(|_| mailbox.borrow_mut().answer.take().map_or(Poll::Pending, Poll::Ready)).await
}

struct AskedCard {
    mailbox: Rc<RefCell<Mailbox>>,
    atr: Vec<u8>,
    pin_pad: bool,
}

impl AskedCard {
    /// The stepper lets only an answer of the right kind in; any other would be its own mistake.
    async fn exchange(&self, question: Ask) -> Result<Exchange, Fault> {
        match ask(&self.mailbox, question).await {
            Answer::Exchange(exchange) => exchange,
            _ => Err(Fault::Internal),
        }
    }
}

impl Card for AskedCard {
    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        self.exchange(Ask::Transmit(command.clone())).await
    }

    async fn activate(&mut self) -> Result<Presence, Fault> {
        match ask(&self.mailbox, Ask::Activate).await {
            Answer::Presence(presence) => presence,
            _ => Err(Fault::Internal),
        }
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        match ask(&self.mailbox, Ask::FieldOff(duration)).await {
            Answer::Obeyed(obeyed) => obeyed,
            _ => Err(Fault::Internal),
        }
    }

    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn has_pin_pad(&self) -> bool {
        self.pin_pad
    }

    async fn verify_on_pin_pad(&mut self, request: &PinPadRequest) -> Result<Exchange, Fault> {
        self.exchange(Ask::VerifyOnPinPad(*request)).await
    }
}

struct AskedPointOfSale<R> {
    mailbox: Rc<RefCell<Mailbox>>,
    random: R,
}

impl<R: FnMut(RandomPurpose, &mut [u8])> PointOfSale for AskedPointOfSale<R> {
    fn random(&mut self, purpose: RandomPurpose, out: &mut [u8]) {
        (self.random)(purpose, out);
    }

    fn show(&mut self, message: Message) {
        self.mailbox.borrow_mut().messages.push(message);
    }

    fn user_interface(&mut self, request: &UserInterfaceRequest) {
        self.mailbox.borrow_mut().requests.push(*request);
    }

    async fn choose_application(&mut self, candidates: &[Candidate]) -> Option<usize> {
        match ask(&self.mailbox, Ask::ChooseApplication(candidates.to_vec())).await {
            Answer::Chosen(chosen) => chosen,
            _ => None,
        }
    }

    async fn confirm_application(&mut self, candidate: &Candidate) -> bool {
        matches!(ask(&self.mailbox, Ask::ConfirmApplication(candidate.clone())).await, Answer::YesOrNo(true))
    }

    async fn enter_pin(&mut self, request: &PinRequest) -> PinEntry {
        match ask(&self.mailbox, Ask::EnterPin(*request)).await {
            Answer::Pin(entry) => entry,
            _ => PinEntry::PinPadBroken,
        }
    }

    async fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        let question = Ask::EnterOnlinePin { pan: request.pan.clone(), format: request.format };
        match ask(&self.mailbox, question).await {
            Answer::OnlinePin(entry) => entry,
            _ => OnlinePinEntry::PinPadBroken,
        }
    }

    async fn recent_amount(&mut self, pan: &Pan, sequence_number: Option<u8>) -> u64 {
        match ask(&self.mailbox, Ask::RecentAmount { pan: pan.clone(), sequence_number }).await {
            Answer::Amount(amount) => amount,
            _ => 0,
        }
    }

    async fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> Authorisation {
        let question = Ask::Authorise {
            chip_data: request.chip_data.clone(),
            pan: request.pan.clone(),
            sequence_number: request.sequence_number,
            pin: request.pin.cloned(),
        };
        match ask(&self.mailbox, question).await {
            Answer::Authorisation(authorisation) => authorisation,
            _ => Authorisation::Unable(crate::point_of_sale::Unable::BadAnswer),
        }
    }

    async fn refer(&mut self) -> bool {
        matches!(ask(&self.mailbox, Ask::Refer).await, Answer::YesOrNo(true))
    }

    async fn exchange_data(&mut self, request: &DataRequest) -> DataAnswer {
        match ask(&self.mailbox, Ask::ExchangeData(request.clone())).await {
            Answer::Data(answer) => answer,
            _ => DataAnswer::TimedOut,
        }
    }
}
