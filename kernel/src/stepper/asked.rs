//! Card and point of sale that hand every question out.

use alloc::{rc::Rc, vec::Vec};
use core::{cell::RefCell, time::Duration};

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence, value::pan::Pan};

use super::{
    Answer, Ask,
    mailbox::{Mailbox, ask},
};
use crate::{
    contactless::UserInterfaceRequest,
    point_of_sale::{
        Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry,
        OnlinePinRequest, PinEntry, PinRequest, PointOfSale, RandomPurpose, Unable,
    },
};

pub(super) struct AskedCard {
    mailbox: Rc<RefCell<Mailbox>>,
    atr: Vec<u8>,
    pin_pad: bool,
}

impl AskedCard {
    pub fn new(mailbox: Rc<RefCell<Mailbox>>, atr: Vec<u8>, pin_pad: bool) -> Self {
        Self { mailbox, atr, pin_pad }
    }

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

pub(super) struct AskedPointOfSale<R> {
    mailbox: Rc<RefCell<Mailbox>>,
    random: R,
}

impl<R> AskedPointOfSale<R> {
    pub fn new(mailbox: Rc<RefCell<Mailbox>>, random: R) -> Self {
        Self { mailbox, random }
    }
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
            chip_data: request.chip_data.iter().map(|(tag, value)| (*tag, value.to_vec())).collect(),
            pan: request.pan.clone(),
            sequence_number: request.sequence_number,
            pin: request.pin.cloned(),
        };
        match ask(&self.mailbox, question).await {
            Answer::Authorisation(authorisation) => authorisation,
            _ => Authorisation::Unable(Unable::BadAnswer),
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
