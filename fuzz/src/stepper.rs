//! The stepper, driven in any order: right answers, wrong ones, none, and more after the end. A step that cannot be taken
//! changes nothing.

use std::{cell::RefCell, rc::Rc, time::Duration};

use emvident::{
    apdu::{Card, Exchange, Fault, Presence, Response},
    kernel::{
        Interface, PointOfSale, Terminal, Transaction,
        pin::{OnlinePinBlock, Pin},
        point_of_sale::{Answer as HostAnswer, Authorisation, DataAnswer, OnlinePinEntry, PinEntry, Unable},
        stepper::{Answer, Ask, Step, StepError, Stepper},
    },
    readers::wait,
    scenario::Purchase,
};

use super::{
    hostile::Hostile,
    input::Input,
    stage::STAGE,
    unruly::{Shared, Unruly},
};

/// More steps than any transaction has, with wrong ones between them.
const MOST_STEPS: usize = 20_000;

/// The target.
pub fn run(bytes: &[u8]) {
    let input = Rc::new(RefCell::new(Input::new(bytes)));
    let mut first = input.borrow_mut();
    let (cards, interface) = match first.byte() % 4 {
        0 => (&STAGE.contact, Interface::Contact),
        1 => (&STAGE.c2, Interface::Contactless),
        2 => (&STAGE.c3, Interface::Contactless),
        _ => (&STAGE.c7, Interface::Contactless),
    };
    let (card, pin_pad) = (first.one_of(cards).clone(), first.byte() > 250);
    let (_, terminal) = first.one_of(&STAGE.terminals);
    let drawn = first.byte();
    drop(first);
    let purchase = Purchase { interface: interface.id().to_owned(), ..Purchase::default() };
    let transaction = purchase.resolve().expect("the transaction is right");
    let card = Hostile { card, input: input.clone(), pin_pad, taken_over_at: u8::MAX };
    Drive { card, input, terminal, transaction, drawn }.finish();
}

struct Drive<'a, 't> {
    card: Hostile<'a>,
    input: Shared<'a>,
    terminal: &'t Terminal,
    transaction: Transaction,
    drawn: u8,
}

impl Drive<'_, '_> {
    fn finish(mut self) {
        let (atr, pin_pad, drawn) = (self.card.atr().to_vec(), self.card.has_pin_pad(), self.drawn);
        let transaction = self.transaction;
        let mut stepper = Stepper::new(self.terminal, &transaction, atr, pin_pad, move |_, out| out.fill(drawn));
        let mut asked: Option<Box<Ask>> = None;
        for _ in 0..MOST_STEPS {
            let wrong = self.input.borrow_mut().byte() > 200;
            let answer = if wrong { self.any() } else { asked.as_deref().map(|ask| self.right(ask)) };
            let given = answer.is_some();
            match stepper.step(answer) {
                Ok(Step::Ask { ask, .. }) => asked = Some(ask),
                Ok(Step::Done { .. }) => {
                    assert!(matches!(stepper.step(self.any()), Err(StepError::Over)));
                    return;
                }
                Err(StepError::NothingAsked) => assert!(asked.is_none() && given),
                Err(StepError::NoAnswer) => assert!(asked.is_some() && !given),
                Err(StepError::WrongAnswer) => assert!(asked.is_some() && given),
                Err(error) => panic!("{error}"),
            }
        }
        panic!("it does not end");
    }

    /// An answer of the kind that was asked for.
    fn right(&mut self, ask: &Ask) -> Answer {
        let mut people = Unruly { input: self.input.clone() };
        match ask {
            Ask::Transmit(command) => Answer::Exchange(wait(self.card.transmit(command))),
            Ask::Activate => Answer::Presence(wait(self.card.activate())),
            Ask::FieldOff(duration) => Answer::Obeyed(wait(self.card.field_off(*duration))),
            Ask::VerifyOnPinPad(request) => Answer::Exchange(wait(self.card.verify_on_pin_pad(request))),
            Ask::ChooseApplication(candidates) => Answer::Chosen(wait(people.choose_application(candidates))),
            Ask::ConfirmApplication(candidate) => Answer::YesOrNo(wait(people.confirm_application(candidate))),
            Ask::EnterPin(request) => Answer::Pin(wait(people.enter_pin(request))),
            Ask::EnterOnlinePin { format, .. } => {
                let block = OnlinePinBlock { format: *format, bytes: self.input.borrow_mut().some() };
                Answer::OnlinePin(OnlinePinEntry::Entered(block))
            }
            Ask::RecentAmount { pan, sequence_number } => {
                Answer::Amount(wait(people.recent_amount(pan, *sequence_number)))
            }
            Ask::Authorise { .. } => Answer::Authorisation(self.authorisation()),
            Ask::ExchangeData(request) => Answer::Data(wait(people.exchange_data(request))),
            _ => Answer::YesOrNo(wait(people.refer())),
        }
    }

    fn authorisation(&mut self) -> Authorisation {
        let mut input = self.input.borrow_mut();
        if input.byte() > 200 {
            return Authorisation::Unable(Unable::NoAnswer);
        }
        Authorisation::Answered(HostAnswer {
            response_code: if input.byte() < 128 { *b"00" } else { [input.byte(), input.byte()] },
            issuer_authentication_data: input.optional(),
            scripts: input.some(),
            authorisation_code: input.optional(),
        })
    }

    /// Any answer, or none.
    fn any(&mut self) -> Option<Answer> {
        let which = self.input.borrow_mut().byte();
        Some(match which % 12 {
            0 => return None,
            1 => Answer::Exchange(Err(Fault::Timeout)),
            2 => {
                let response = Response::from_bytes(&self.input.borrow_mut().some()).map_err(|_| Fault::Length);
                Answer::Exchange(response.map(|response| Exchange { response, elapsed: Duration::ZERO }))
            }
            3 => Answer::Presence(Ok(Presence::Several)),
            4 => Answer::Obeyed(Err(Fault::Unplugged)),
            5 => Answer::Chosen(Some(usize::from(which))),
            6 => Answer::YesOrNo(which > 127),
            7 => Answer::Pin(Pin::from_ascii(b"1234").map_or(PinEntry::Cancelled, PinEntry::Entered)),
            8 => Answer::OnlinePin(OnlinePinEntry::Cancelled),
            9 => Answer::Amount(u64::MAX),
            10 => Answer::Authorisation(self.authorisation()),
            _ => Answer::Data(DataAnswer::TimedOut),
        })
    }
}
