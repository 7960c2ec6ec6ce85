//! A card that lets somebody watch.

use std::{fmt, time::Duration};

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence};

use crate::notation::{ShownCommand, ShownResponse};

/// A card whose every exchange is shown to a watcher, when it starts and when it ends.
///
/// Nothing shown holds a PIN: [`Event`] displays such commands as `00200080 08 [PIN]`.
pub struct Tracer<C, W> {
    card: C,
    watcher: W,
}

/// What a watcher sees. Its `Display` is one line.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A command leaves for the card.
    Command(&'a Command),
    /// The reader's PIN pad is asked to verify a PIN.
    PinPad(&'a PinPadRequest),
    /// The card has answered.
    Answer(&'a Exchange),
    /// There is no answer.
    Fault(Fault),
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(command) => write!(f, "> {}", ShownCommand(command)),
            Self::PinPad(request) => write!(f, "> PIN pad, {} to {} digits", request.min_digits, request.max_digits),
            Self::Answer(exchange) => write!(f, "< {} {}us", ShownResponse(exchange), exchange.elapsed.as_micros()),
            Self::Fault(fault) => write!(f, "! {fault}"),
        }
    }
}

impl<C, W: FnMut(Event<'_>)> Tracer<C, W> {
    /// Lets `watcher` see every exchange with `card`.
    pub fn new(card: C, watcher: W) -> Self {
        Self { card, watcher }
    }

    /// The card again.
    pub fn into_inner(self) -> C {
        self.card
    }

    fn show(&mut self, answer: &Result<Exchange, Fault>) {
        (self.watcher)(match answer {
            Ok(exchange) => Event::Answer(exchange),
            Err(fault) => Event::Fault(*fault),
        });
    }
}

impl<C: Card, W: FnMut(Event<'_>)> Card for Tracer<C, W> {
    async fn activate(&mut self) -> Result<Presence, Fault> {
        self.card.activate().await
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        self.card.field_off(duration).await
    }

    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        (self.watcher)(Event::Command(command));
        let answer = self.card.transmit(command).await;
        self.show(&answer);
        answer
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }

    fn has_pin_pad(&self) -> bool {
        self.card.has_pin_pad()
    }

    async fn verify_on_pin_pad(&mut self, request: &PinPadRequest) -> Result<Exchange, Fault> {
        (self.watcher)(Event::PinPad(request));
        let answer = self.card.verify_on_pin_pad(request).await;
        self.show(&answer);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tape, Transcript, wait};

    #[test]
    fn every_exchange_is_shown_and_no_pin_among_them() {
        let recorded = "emvident transcript 1\npin-pad: yes\n\n\
                        > 00A40400 02 3150 00\n< 6F00 9000 20us\n> 00200080 08 ****************\n< 63C2 30us\n\
                        % 4 12 30000000us\n! removed\n";
        let tape = Tape::new(Transcript::parse(recorded).unwrap());
        let mut lines = Vec::new();
        let mut card = Tracer::new(tape.card(), |event: Event<'_>| lines.push(event.to_string()));
        wait(card.transmit(&Command::select(b"1P").unwrap())).unwrap();
        let verify = [0x24, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        wait(card.transmit(&Command::verify(0x80, &verify).unwrap())).unwrap();
        assert!(card.has_pin_pad());
        assert_eq!(wait(card.verify_on_pin_pad(&PinPadRequest::default())), Err(Fault::Removed));
        let expected = [
            "> 00A40400 02 3150 00",
            "< 6F00 9000 20us",
            "> 00200080 08 [PIN]",
            "< 63C2 30us",
            "> PIN pad, 4 to 12 digits",
            "! the card was removed",
        ];
        assert_eq!(lines, expected);
    }
}
