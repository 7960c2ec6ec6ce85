//! The card in a PC/SC reader.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Response};
use pcsc::{Context, Disposition, MAX_BUFFER_SIZE_EXTENDED, Protocols, ShareMode, State};
use zeroize::Zeroize;

use super::{Reader, fault::fault_of, pin_pad, watch::watch};
use crate::transport::{self, Protocol};

/// How long the service may take to notice that a card has left: it looks every 400 ms.
const NOTICE: Duration = Duration::from_millis(900);

/// A card in a PC/SC reader, opened for this program alone.
///
/// Dropping it resets the card and frees the reader; [`PcscCard::power_off`] also takes the power away.
pub struct PcscCard {
    context: Context,
    reader: Reader,
    card: pcsc::Card,
    protocol: Protocol,
    atr: Vec<u8>,
    verify_control: Option<u32>,
    buffer: Vec<u8>,
}

impl PcscCard {
    pub(super) fn new(context: Context, reader: Reader, card: pcsc::Card) -> Result<Self, Fault> {
        let (protocol, atr) = identify(&card)?;
        let verify_control = pin_pad::verify_control(&card);
        let buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
        Ok(Self { context, reader, card, protocol, atr, verify_control, buffer })
    }

    /// The protocol reader and card agreed on.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The reader the card is in.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Resets the card without taking its power, and reads its answer to reset again.
    ///
    /// # Errors
    /// What the reader reports, [`Fault::Removed`] and [`Fault::Mute`] among them.
    pub fn reset(&mut self) -> Result<(), Fault> {
        self.card
            .reconnect(ShareMode::Exclusive, Protocols::ANY, Disposition::ResetCard)
            .map_err(|error| self.reason(fault_of(error)))?;
        (self.protocol, self.atr) = identify(&self.card)?;
        Ok(())
    }

    /// Takes the power from the card and frees the reader.
    ///
    /// # Errors
    /// What the reader reports; the reader is free all the same.
    pub fn power_off(self) -> Result<(), Fault> {
        self.card.disconnect(Disposition::UnpowerCard).map_err(|(_, error)| fault_of(error))
    }

    fn exchange(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let Self { card, buffer, protocol, .. } = self;
        let start = Instant::now();
        let response = transport::transmit(*protocol, command, |tpdu| send(card, buffer, tpdu));
        let elapsed = start.elapsed();
        response.map(|response| Exchange { response, elapsed }).map_err(|fault| self.reason(fault))
    }

    fn verify(&mut self, request: &PinPadRequest) -> Result<Exchange, Fault> {
        let control = self.verify_control.ok_or(Fault::Unsupported)?;
        let start = Instant::now();
        let answer = pin_pad::verify(&self.card, control, request);
        let elapsed = start.elapsed();
        answer.map(|response| Exchange { response, elapsed }).map_err(|fault| self.reason(fault))
    }

    /// Why an exchange failed: a lost card shows first as a transmission error, so ask the service what it sees. Once a
    /// card is open, no card means that it left, and a refusal is only the service's connection closing.
    fn reason(&self, fault: Fault) -> Fault {
        match fault {
            Fault::Absent => Fault::Removed,
            Fault::NoPermission => Fault::ServiceDown,
            Fault::Transmission | Fault::Other { .. } | Fault::UnknownReader => self.seen().unwrap_or(fault),
            fault => fault,
        }
    }

    /// What the service knows of a loss: the card, the reader or itself.
    fn seen(&self) -> Option<Fault> {
        let left = watch(&self.context, self.reader.as_c_str(), Some(NOTICE), &mut || false, |state| {
            state.contains(State::EMPTY)
        });
        match left {
            Ok(()) => Some(Fault::Removed),
            Err(Fault::UnknownReader | Fault::Unplugged) => Some(Fault::Unplugged),
            Err(Fault::ServiceDown | Fault::NoReader) => left.err(),
            Err(_) => self.context.is_valid().err().map(|_| Fault::ServiceDown),
        }
    }
}

fn identify(card: &pcsc::Card) -> Result<(Protocol, Vec<u8>), Fault> {
    let status = card.status2_owned().map_err(fault_of)?;
    let protocol = match status.protocol2() {
        Some(pcsc::Protocol::T0) => Protocol::T0,
        Some(pcsc::Protocol::T1) => Protocol::T1,
        Some(pcsc::Protocol::RAW) | None => return Err(Fault::Protocol),
    };
    Ok((protocol, status.atr().to_vec()))
}

/// Passes one TPDU. A card pulled meanwhile shows as success with no bytes, so an answer without a status word is a
/// transmission error.
fn send(card: &pcsc::Card, buffer: &mut [u8], command: &Command) -> Result<Response, Fault> {
    let length = card.transmit2(command.as_bytes(), buffer).map(<[u8]>::len).map_err(|(error, _)| fault_of(error))?;
    let answer = buffer.get_mut(..length).unwrap_or_default();
    let response = parse(answer);
    answer.zeroize();
    response
}

/// An answer as a response.
pub(super) fn parse(answer: &[u8]) -> Result<Response, Fault> {
    Response::from_bytes(answer).map_err(|_| if answer.len() < 2 { Fault::Transmission } else { Fault::Length })
}

impl Card for PcscCard {
    fn transmit(&mut self, command: &Command) -> impl Future<Output = Result<Exchange, Fault>> {
        std::future::ready(self.exchange(command))
    }

    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn has_pin_pad(&self) -> bool {
        self.verify_control.is_some()
    }

    fn verify_on_pin_pad(&mut self, request: &PinPadRequest) -> impl Future<Output = Result<Exchange, Fault>> {
        std::future::ready(self.verify(request))
    }
}
