//! The third way in: ask out, answer in. For C, real-time systems, GUI loops and phone callbacks, which cannot wait inside
//! a call.
//!
//! The same transaction runs inside; whenever it would wait, it hands out an [`Ask`] and goes on with the [`Answer`].

mod asked;
mod mailbox;

use alloc::{boxed::Box, rc::Rc, vec::Vec};
use core::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use apdu::{Command, Exchange, Fault, PinPadRequest, Presence, Tag, value::pan::Pan};

use crate::{
    contactless::UserInterfaceRequest,
    outcome::Outcome,
    pin::{BlockFormat, OnlinePinBlock},
    point_of_sale::{
        Authorisation, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry, PinEntry, PinRequest, RandomPurpose,
    },
    terminal::Terminal,
    transact,
    transaction::Transaction,
};

use asked::{AskedCard, AskedPointOfSale};
use mailbox::Mailbox;

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
        let mut card = AskedCard::new(mailbox.clone(), atr, pin_pad);
        let mut point_of_sale = AskedPointOfSale::new(mailbox.clone(), random);
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
