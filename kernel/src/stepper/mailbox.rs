//! What lies between the transaction inside and the caller outside.

use alloc::{boxed::Box, vec::Vec};
use core::{cell::RefCell, future::poll_fn, task::Poll};

use super::{Answer, Ask, Step, StepError};
use crate::{contactless::UserInterfaceRequest, point_of_sale::Message};

/// The open question, its answer, and what is to be shown with the next one.
#[derive(Default)]
pub(super) struct Mailbox {
    ask: Option<Ask>,
    expects: Option<Kind>,
    answer: Option<Answer>,
    pub messages: Vec<Message>,
    pub requests: Vec<UserInterfaceRequest>,
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

impl Mailbox {
    pub fn post(&mut self, answer: Option<Answer>) -> Result<(), StepError> {
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

    pub fn collect(&mut self) -> Result<Step, StepError> {
        let ask = self.ask.take().ok_or(StepError::NoAnswer)?;
        self.expects = Some(ask.expects());
        let (messages, requests) = self.shown();
        Ok(Step::Ask { ask: Box::new(ask), messages, requests })
    }

    pub fn shown(&mut self) -> (Vec<Message>, Vec<UserInterfaceRequest>) {
        (core::mem::take(&mut self.messages), core::mem::take(&mut self.requests))
    }
}

/// Hands `ask` out and waits for its answer.
pub(super) async fn ask(mailbox: &RefCell<Mailbox>, ask: Ask) -> Answer {
    mailbox.borrow_mut().ask = Some(ask);
    poll_fn(|_| mailbox.borrow_mut().answer.take().map_or(Poll::Pending, Poll::Ready)).await
}
