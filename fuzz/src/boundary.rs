//! The line between the kernel and everybody else, for [`super::memory`]: what happens beyond it does not count.

use std::time::Duration;

use emvident::{
    apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence, value::pan::Pan},
    kernel::{
        PointOfSale,
        contactless::UserInterfaceRequest,
        point_of_sale::{
            Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry,
            OnlinePinRequest, PinEntry, PinRequest, RandomPurpose,
        },
    },
    readers::wait,
};

use super::memory::outside;

/// A card, or people and hosts, beyond the line.
#[derive(Debug)]
pub struct Beyond<T>(pub T);

fn answer_size(answer: &Result<Exchange, Fault>) -> usize {
    answer.as_ref().map_or(0, |exchange| exchange.response.as_bytes().len())
}

impl<C: Card> Card for Beyond<C> {
    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        outside(|| wait(self.0.transmit(command)), answer_size)
    }

    fn atr(&self) -> &[u8] {
        self.0.atr()
    }

    async fn activate(&mut self) -> Result<Presence, Fault> {
        outside(|| wait(self.0.activate()), |_| 0)
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        outside(|| wait(self.0.field_off(duration)), |_| 0)
    }

    fn has_pin_pad(&self) -> bool {
        self.0.has_pin_pad()
    }

    async fn verify_on_pin_pad(&mut self, request: &PinPadRequest) -> Result<Exchange, Fault> {
        outside(|| wait(self.0.verify_on_pin_pad(request)), answer_size)
    }
}

impl<P: PointOfSale> PointOfSale for Beyond<P> {
    fn random(&mut self, purpose: RandomPurpose, out: &mut [u8]) {
        outside(|| self.0.random(purpose, out), |()| 0);
    }

    fn show(&mut self, message: Message) {
        outside(|| self.0.show(message), |()| 0);
    }

    fn user_interface(&mut self, request: &UserInterfaceRequest) {
        outside(|| self.0.user_interface(request), |()| 0);
    }

    async fn choose_application(&mut self, candidates: &[Candidate]) -> Option<usize> {
        outside(|| wait(self.0.choose_application(candidates)), |_| 0)
    }

    async fn confirm_application(&mut self, candidate: &Candidate) -> bool {
        outside(|| wait(self.0.confirm_application(candidate)), |_| 0)
    }

    async fn enter_pin(&mut self, request: &PinRequest) -> PinEntry {
        outside(|| wait(self.0.enter_pin(request)), |_| 0)
    }

    async fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        outside(|| wait(self.0.enter_online_pin(request)), |_| 0)
    }

    async fn recent_amount(&mut self, pan: &Pan, sequence_number: Option<u8>) -> u64 {
        outside(|| wait(self.0.recent_amount(pan, sequence_number)), |_| 0)
    }

    async fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> Authorisation {
        outside(
            || wait(self.0.authorise(request)),
            |answer| match answer {
                Authorisation::Answered(answer) => {
                    answer.scripts.len() + answer.issuer_authentication_data.as_ref().map_or(0, Vec::len)
                }
                Authorisation::Unable(_) => 0,
            },
        )
    }

    async fn refer(&mut self) -> bool {
        outside(|| wait(self.0.refer()), |_| 0)
    }

    async fn exchange_data(&mut self, request: &DataRequest) -> DataAnswer {
        outside(
            || wait(self.0.exchange_data(request)),
            |answer| match answer {
                DataAnswer::Data(data) => data.iter().map(|(_, value)| value.len()).sum(),
                _ => 0,
            },
        )
    }
}
