//! People and host, as the recording shows they behaved.

use alloc::{rc::Rc, vec};
use core::cell::RefCell;

use apdu::{
    Tag,
    command::ins,
    tag,
    value::{cid::CryptogramType, pan::Pan, tvr},
};

use super::{Recovered, card::Tape};
use crate::{
    contactless::UserInterfaceRequest,
    pin::{BlockFormat, OnlinePinBlock, Pin},
    point_of_sale::{
        Answer, Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry,
        OnlinePinRequest, PinEntry, PinRequest, PointOfSale, RandomPurpose, Unable,
    },
};

/// Any four digits: the recorded answer to VERIFY is what counts, not what was typed.
const ANY_PIN: &[u8] = b"0000";

pub(super) struct Inferred<'a, 'r> {
    tape: Rc<RefCell<Tape<'a>>>,
    recovered: &'r Recovered,
}

impl<'a, 'r> Inferred<'a, 'r> {
    pub(super) fn new(tape: &Rc<RefCell<Tape<'a>>>, recovered: &'r Recovered) -> Self {
        Self { tape: tape.clone(), recovered }
    }

    /// The response code the card was given, or the plainest one that explains what the card was asked next.
    fn response_code(&self) -> Option<[u8; 2]> {
        let second = self.recovered.requests.get(1).map(|(p1, _)| CryptogramType::from_bits(*p1));
        let inferred = match second {
            Some(CryptogramType::Tc) => *b"00",
            Some(_) => *b"05",
            // Data of the issuer were used, so there was an answer, whatever it was.
            None if self.recovered.issuer_authentication_data.is_some() => *b"00",
            None => return None,
        };
        Some(self.recovered.response_code.unwrap_or(inferred))
    }
}

impl PointOfSale for Inferred<'_, '_> {
    fn random(&mut self, purpose: RandomPurpose, out: &mut [u8]) {
        let number = self.recovered.data.value(tag::UNPREDICTABLE_NUMBER_9F37).unwrap_or(&[]);
        match purpose {
            RandomPurpose::UnpredictableNumber if number.len() == out.len() => out.copy_from_slice(number),
            // Draws 1, which selects whenever anything is to be selected.
            _ => out.fill(0),
        }
    }

    fn show(&mut self, _: Message) {}

    fn user_interface(&mut self, _: &UserInterfaceRequest) {}

    async fn choose_application(&mut self, candidates: &[Candidate]) -> Option<usize> {
        candidates.iter().position(|candidate| candidate.name == self.recovered.aid)
    }

    async fn confirm_application(&mut self, _: &Candidate) -> bool {
        true
    }

    async fn enter_pin(&mut self, _: &PinRequest) -> PinEntry {
        match Pin::from_ascii(ANY_PIN) {
            Ok(pin) if self.tape.borrow().has_unused(ins::VERIFY) => PinEntry::Entered(pin),
            _ if self.recovered.had(tvr::PIN_PAD_FAILED) => PinEntry::PinPadBroken,
            _ => PinEntry::Bypassed,
        }
    }

    async fn enter_online_pin(&mut self, _: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        if self.recovered.had(tvr::PIN_NOT_ENTERED) {
            return OnlinePinEntry::Bypassed;
        }
        if self.recovered.had(tvr::PIN_PAD_FAILED) {
            return OnlinePinEntry::PinPadBroken;
        }
        OnlinePinEntry::Entered(OnlinePinBlock { format: BlockFormat::Format0, bytes: vec![0; 8] })
    }

    async fn recent_amount(&mut self, _: &Pan, _: Option<u8>) -> u64 {
        0
    }

    async fn authorise(&mut self, _: &AuthorisationRequest<'_>) -> Authorisation {
        let Some(response_code) = self.response_code() else { return Authorisation::Unable(Unable::NoAnswer) };
        if matches!(&response_code, b"Y3" | b"Z3") {
            return Authorisation::Unable(Unable::NoConnection);
        }
        Authorisation::Answered(Answer {
            response_code,
            issuer_authentication_data: self.recovered.issuer_authentication_data.clone(),
            scripts: self.recovered.scripts.clone(),
            authorisation_code: None,
        })
    }

    /// What the terminal's application was asked for is in what the card was sent afterwards.
    async fn exchange_data(&mut self, request: &DataRequest) -> DataAnswer {
        let sent = |tag: &Tag| match *tag {
            tag::k2::PROCEED_TO_FIRST_WRITE_DF8110 => Some(vec![0x01]),
            tag => self.recovered.data.value(tag).map(<[u8]>::to_vec),
        };
        DataAnswer::Data(request.needed.iter().filter_map(|tag| Some((*tag, sent(tag)?))).collect())
    }

    async fn refer(&mut self) -> bool {
        let second = self.recovered.requests.get(1);
        second.is_some_and(|(p1, _)| CryptogramType::from_bits(*p1) == CryptogramType::Tc)
    }
}
