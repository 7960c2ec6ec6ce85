//! The card in a PC/SC reader.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Response};
use pcsc::{Context, Disposition, MAX_BUFFER_SIZE_EXTENDED, Protocols, ShareMode, State};
use zeroize::Zeroize;

use super::{Reader, deadline::Guarded, fault::fault_of, pin_pad, watch::watch};
use crate::transport::{self, Protocol};

/// The longest one call to the reader may take. A card that needs more time asks for it, and the reader grants it; what is
/// silent for so long is a driver that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the service may take to notice that a card has left: it looks every 400 ms.
const NOTICE: Duration = Duration::from_millis(900);

/// A card in a PC/SC reader, opened for this program alone.
///
/// Dropping it resets the card and frees the reader; [`PcscCard::power_off`] also takes the power away.
pub struct PcscCard {
    context: Context,
    reader: Reader,
    line: Guarded<Line>,
    protocol: Protocol,
    atr: Vec<u8>,
    verify_control: Option<u32>,
}

/// The card as the service knows it, and room for its answers.
struct Line {
    card: pcsc::Card,
    buffer: Vec<u8>,
}

impl PcscCard {
    pub(super) fn new(context: Context, reader: Reader, card: pcsc::Card) -> Result<Self, Fault> {
        let (protocol, atr) = identify(&card)?;
        let verify_control = pin_pad::verify_control(&card);
        let line = Guarded::new(Line { card, buffer: vec![0; MAX_BUFFER_SIZE_EXTENDED] })?;
        Ok(Self { context, reader, line, protocol, atr, verify_control })
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
        let again = self.line.call(PATIENCE, |line| {
            line.card.reconnect(ShareMode::Exclusive, Protocols::ANY, Disposition::ResetCard)?;
            Ok(identify(&line.card))
        });
        let again = again?.map_err(|error: pcsc::Error| self.reason(fault_of(error)))?;
        (self.protocol, self.atr) = again?;
        Ok(())
    }

    /// Takes the power from the card and frees the reader.
    ///
    /// # Errors
    /// What the reader reports; the reader is free all the same.
    pub fn power_off(self) -> Result<(), Fault> {
        let freed =
            self.line.last(PATIENCE, |line| line.card.disconnect(Disposition::UnpowerCard).map_err(|(_, error)| error));
        freed?.map_err(fault_of)
    }

    fn exchange(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let start = Instant::now();
        let response = transport::transmit(self.protocol, command, |tpdu| {
            let tpdu = tpdu.clone();
            self.line.call(PATIENCE, move |line| line.send(&tpdu))?
        });
        let elapsed = start.elapsed();
        response.map(|response| Exchange { response, elapsed }).map_err(|fault| self.reason(fault))
    }

    fn verify(&mut self, request: &PinPadRequest) -> Result<Exchange, Fault> {
        let control = self.verify_control.ok_or(Fault::Unsupported)?;
        let start = Instant::now();
        let (request, limit) = (*request, PATIENCE.saturating_add(request.timeout));
        let answer = self.line.call(limit, move |line| pin_pad::verify(&line.card, control, &request));
        let elapsed = start.elapsed();
        answer.flatten().map(|response| Exchange { response, elapsed }).map_err(|fault| self.reason(fault))
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

impl Line {
    /// Passes one TPDU. A card pulled meanwhile shows as success with no bytes, so an answer without a status word is a
    /// transmission error.
    fn send(&mut self, command: &Command) -> Result<Response, Fault> {
        let answer = self.card.transmit2(command.as_bytes(), &mut self.buffer);
        let length = answer.map(<[u8]>::len).map_err(|(error, _)| fault_of(error))?;
        let answer = self.buffer.get_mut(..length).unwrap_or_default();
        let response = parse(answer);
        answer.zeroize();
        response
    }
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
