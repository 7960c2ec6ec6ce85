//! A CCID reader's answers to its driver, message by message.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
};

use super::{
    serial_reader::{Cardholder, Ccid},
    t0_card::T0Card,
    t1_card::T1Card,
};
use crate::transport::Protocol;

/// Message type, length, slot, sequence, three bytes of its own.
pub(super) const HEADER: usize = 10;

const SET_PARAMETERS: u8 = 0x61;
const POWER_ON: u8 = 0x62;
const POWER_OFF: u8 = 0x63;
const SLOT_STATUS: u8 = 0x65;
const SECURE: u8 = 0x69;
pub(super) const ESCAPE: u8 = 0x6B;
const PARAMETERS: u8 = 0x6C;
const RESET_PARAMETERS: u8 = 0x6D;
const TRANSFER: u8 = 0x6F;

const DATA_BLOCK: u8 = 0x80;
const STATUS: u8 = 0x81;
const PARAMETERS_ANSWER: u8 = 0x82;
const ESCAPE_ANSWER: u8 = 0x83;

const FAILED: u8 = 0x40;
const MUTE: u8 = 0xFE;
const PIN_CANCELLED: u8 = 0xEF;
const PIN_TIMEOUT: u8 = 0xF0;
const BAD_LENGTH: u8 = 0x01;
const UNSUPPORTED: u8 = 0x00;

/// Where the PIN block of a PIN verification starts in the Secure message's data.
const PIN_COMMAND: usize = 15;

/// A card over the vpcd protocol, seen from the reader.
pub(super) struct CardLink(pub(super) TcpStream);

impl CardLink {
    fn say(&mut self, body: &[u8]) -> io::Result<()> {
        let length = u16::try_from(body.len()).map_err(|_| io::ErrorKind::InvalidData)?;
        self.0.write_all(&[&length.to_be_bytes(), body].concat())
    }

    fn hear(&mut self) -> io::Result<Vec<u8>> {
        let mut length = [0; 2];
        self.0.read_exact(&mut length)?;
        let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
        self.0.read_exact(&mut body)?;
        Ok(body)
    }

    fn ask(&mut self, body: &[u8]) -> io::Result<Vec<u8>> {
        self.say(body)?;
        self.hear()
    }
}

/// The reader's state.
pub(super) struct Reader {
    kind: Ccid,
    pub(super) card: Option<CardLink>,
    powered: bool,
    protocol: Protocol,
    parameters: [Vec<u8>; 2],
    t0: T0Card,
    t1: T1Card,
}

/// What the reader says: message type, error (0 for none), the byte before the data, data.
struct Answer {
    kind: u8,
    error: Option<u8>,
    extra: u8,
    data: Vec<u8>,
}

impl Answer {
    fn new(kind: u8, data: Vec<u8>) -> Self {
        Self { kind, error: None, extra: 0, data }
    }

    fn error(kind: u8, error: u8) -> Self {
        Self { kind, error: Some(error), extra: 0, data: Vec::new() }
    }
}

impl Reader {
    pub(super) fn new(kind: Ccid) -> Self {
        let t1 = T1Card::new(kind.flaky);
        let parameters = [vec![0x11, 0, 0, 0x0A, 0], vec![0x11, 0x10, 0, 0x4D, 0, 0x20, 0]];
        let protocol = kind.protocol;
        Self { kind, card: None, powered: false, protocol, parameters, t0: T0Card::default(), t1 }
    }

    /// The card left.
    pub(super) fn remove(&mut self) {
        self.card = None;
        self.powered = false;
    }

    /// Answers one message.
    pub(super) fn answer(&mut self, message: &[u8]) -> Vec<u8> {
        let Some(([kind, _, _, _, _, slot, sequence, parameter, _, _], data)) = message.split_first_chunk::<HEADER>()
        else {
            return Vec::new();
        };
        let answer = self.act(*kind, *parameter, data).unwrap_or_else(|_| {
            self.remove();
            Answer::error(DATA_BLOCK, MUTE)
        });
        let status = self.slot_status() | if answer.error.is_some() { FAILED } else { 0 };
        let length = u32::try_from(answer.data.len()).unwrap_or(0).to_le_bytes();
        let tail = [*slot, *sequence, status, answer.error.unwrap_or(0), answer.extra];
        [&[answer.kind][..], &length, &tail, &answer.data].concat()
    }

    fn slot_status(&self) -> u8 {
        match (&self.card, self.powered) {
            (None, _) => 2,
            (Some(_), false) => 1,
            (Some(_), true) => 0,
        }
    }

    fn act(&mut self, kind: u8, parameter: u8, data: &[u8]) -> io::Result<Answer> {
        match kind {
            SLOT_STATUS => Ok(Answer::new(STATUS, Vec::new())),
            ESCAPE => Ok(Answer::new(ESCAPE_ANSWER, escape(data))),
            POWER_ON | TRANSFER | SECURE if self.card.is_none() => Ok(Answer::error(DATA_BLOCK, MUTE)),
            _ if self.card.is_none() => Ok(Answer::error(STATUS, MUTE)),
            POWER_ON => self.power_on(),
            POWER_OFF => self.power_off(),
            SET_PARAMETERS => Ok(self.set_parameters(parameter, data)),
            PARAMETERS | RESET_PARAMETERS => Ok(self.parameters()),
            TRANSFER => self.transfer(data),
            SECURE => self.secure(data),
            _ => Ok(Answer::error(STATUS, UNSUPPORTED)),
        }
    }

    fn link(&mut self) -> io::Result<&mut CardLink> {
        self.card.as_mut().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn power_on(&mut self) -> io::Result<Answer> {
        let control = if self.powered { 2 } else { 1 };
        self.link()?.say(&[control])?;
        self.t0 = T0Card::default();
        self.t1 = T1Card::new(self.kind.flaky);
        let atr = self.link()?.ask(&[4])?;
        self.powered = !atr.is_empty();
        Ok(if self.powered { Answer::new(DATA_BLOCK, atr) } else { Answer::error(DATA_BLOCK, MUTE) })
    }

    fn power_off(&mut self) -> io::Result<Answer> {
        self.powered = false;
        self.link()?.say(&[0])?;
        Ok(Answer::new(STATUS, Vec::new()))
    }

    fn set_parameters(&mut self, protocol: u8, data: &[u8]) -> Answer {
        self.protocol = if protocol == 0 { Protocol::T0 } else { Protocol::T1 };
        let [t0, t1] = &mut self.parameters;
        *(if protocol == 0 { t0 } else { t1 }) = data.to_vec();
        self.parameters()
    }

    fn parameters(&self) -> Answer {
        let [t0, t1] = &self.parameters;
        let (extra, data) = if self.protocol == Protocol::T0 { (0, t0) } else { (1, t1) };
        Answer { extra, ..Answer::new(PARAMETERS_ANSWER, data.clone()) }
    }

    fn transfer(&mut self, data: &[u8]) -> io::Result<Answer> {
        if data.first() == Some(&0xFF) {
            return Ok(Answer::new(DATA_BLOCK, data.to_vec())); // PPS: whatever is proposed is accepted
        }
        let card = self.card.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        let mut apdu = |command: &[u8]| card.ask(command);
        let answer = match self.protocol {
            Protocol::T0 => self.t0.answer(data, &mut apdu)?,
            Protocol::T1 => Some(self.t1.answer(data, &mut apdu)?),
        };
        Ok(answer.map_or_else(|| Answer::error(DATA_BLOCK, BAD_LENGTH), |answer| Answer::new(DATA_BLOCK, answer)))
    }

    /// PIN verification: the cardholder's digits go into the command the driver sent.
    fn secure(&mut self, data: &[u8]) -> io::Result<Answer> {
        let digits = match &self.kind.cardholder {
            None => return Ok(Answer::error(DATA_BLOCK, UNSUPPORTED)),
            Some(Cardholder::Cancels) => return Ok(Answer::error(DATA_BLOCK, PIN_CANCELLED)),
            Some(Cardholder::DoesNothing) => return Ok(Answer::error(DATA_BLOCK, PIN_TIMEOUT)),
            Some(Cardholder::Types(digits)) => digits.clone(),
        };
        let Some(command) = verify_command(data, &digits) else {
            return Ok(Answer::error(DATA_BLOCK, UNSUPPORTED));
        };
        let answer = self.link()?.ask(&command)?;
        let wrapped = if self.protocol == Protocol::T1 { self.t1.wrap(answer) } else { answer };
        Ok(Answer::new(DATA_BLOCK, wrapped))
    }
}

/// Vendor command 02 asks for the firmware's name.
fn escape(data: &[u8]) -> Vec<u8> {
    if data.first() == Some(&2) { b"EMULATED-1.00".to_vec() } else { vec![0] }
}

/// VERIFY with a format 2 block; nothing when the driver asks for another format or other lengths of PIN.
fn verify_command(data: &[u8], digits: &str) -> Option<Vec<u8>> {
    let [0, _, 0x89, 0x47, 0x04, max, min, ..] = data else { return None };
    let mut command = data.get(PIN_COMMAND..)?.to_vec();
    let length = u8::try_from(digits.len()).ok().filter(|length| (*min..=*max).contains(length))?;
    let padded = format!("{digits:F<14}");
    let [_, _, _, _, 8, block @ ..] = command.as_mut_slice() else { return None };
    let (control, digits) = block.split_first_mut()?;
    *control |= length;
    hex::decode_to_slice(padded, digits).ok()?;
    Some(command)
}
