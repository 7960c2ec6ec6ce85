//! People and hosts who do what the input says.

use std::{cell::RefCell, rc::Rc};

use emvident::{
    apdu::value::pan::Pan,
    kernel::{
        PointOfSale,
        contactless::UserInterfaceRequest,
        pin::{OnlinePinBlock, Pin},
        point_of_sale::{
            Answer, Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry,
            OnlinePinRequest, PinEntry, PinRequest, RandomPurpose, Unable,
        },
    },
};

use super::input::Input;

/// An input that card and people share.
pub type Shared<'a> = Rc<RefCell<Input<'a>>>;

/// The people.
#[derive(Debug)]
pub struct Unruly<'a> {
    /// What they do.
    pub input: Shared<'a>,
}

impl Unruly<'_> {
    fn byte(&self) -> u8 {
        self.input.borrow_mut().byte()
    }
}

fn pin(digits: &[u8]) -> PinEntry {
    PinEntry::Entered(Pin::from_ascii(digits).expect("these are digits"))
}

impl PointOfSale for Unruly<'_> {
    fn random(&mut self, _: RandomPurpose, out: &mut [u8]) {
        out.fill(self.byte());
    }

    fn show(&mut self, _: Message) {}

    fn user_interface(&mut self, _: &UserInterfaceRequest) {}

    async fn exchange_data(&mut self, request: &DataRequest) -> DataAnswer {
        match self.byte() {
            0..=200 => {
                let mut input = self.input.borrow_mut();
                DataAnswer::Data(request.needed.iter().map(|tag| (*tag, input.some())).collect())
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
            0..=150 => pin(b"1234"),
            151..=200 => pin(b"999999999999"),
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
