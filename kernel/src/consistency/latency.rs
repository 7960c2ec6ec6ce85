//! How long answers take against what they cost. A relay adds the same time to every exchange, also to those a card answers
//! from its memory ("Keep your enemies close", Drimer, Murdoch, USENIX Security 2007; NFCGate and its descendants). A slow
//! card or phone is slow where it computes.
//!
//! The times that go over the wire are taken off first: at 9600 bit/s a byte of T=0 takes 12 bits and a pause, 1.3 ms
//! (ISO/IEC 7816-3); through the air at 106 kbit/s it takes 0.1 ms (ISO/IEC 14443-3). Phones that emulate a card answer in
//! 20 to 60 ms (published measurements of host card emulation), so that the limits stand well above.

use core::time::Duration;

use alloc::vec::Vec;

use apdu::command::ins::{GET_CHALLENGE, GET_DATA, READ_RECORD};

use crate::{
    finding::{Certainty, Evidence, Fact, Finding, Place, Reason, Severity},
    session::{Log, LoggedExchange},
};

/// Answered from memory.
const CHEAP: [u8; 3] = [READ_RECORD, GET_DATA, GET_CHALLENGE];

/// Fewer cheap answers than this tell nothing.
const ENOUGH: usize = 3;

/// Every cheap answer takes at least this long beyond its transmission,
const EACH: Duration = Duration::from_millis(40);
/// and one in the middle this long.
const MIDDLE: Duration = Duration::from_millis(120);

/// The time a byte takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Contacts.
    Contacts,
    /// The air.
    Air,
}

impl Wire {
    const fn per_byte(self) -> Duration {
        match self {
            Self::Contacts => Duration::from_micros(1300),
            Self::Air => Duration::from_micros(100),
        }
    }
}

/// Answers from memory that all take as long as one over a relay.
pub fn check(log: &Log, wire: Wire) -> Option<Finding> {
    let cheap = log.exchanges.iter().filter(|exchange| is_cheap(exchange));
    let mut times: Vec<(Duration, u16)> =
        cheap.map(|exchange| (beyond_transmission(exchange, wire), exchange.number)).collect();
    times.sort_unstable();
    let (least, _) = times.first().copied().filter(|_| times.len() >= ENOUGH)?;
    let (middle, exchange) = times.get(times.len() / 2).copied()?;
    (least >= EACH && middle >= MIDDLE).then(|| told(least, middle, exchange))
}

fn is_cheap(exchange: &LoggedExchange) -> bool {
    let instruction = exchange.command.get(1);
    exchange.response.is_some() && instruction.is_some_and(|instruction| CHEAP.contains(instruction))
}

fn beyond_transmission(exchange: &LoggedExchange, wire: Wire) -> Duration {
    let response = exchange.response.as_ref().map_or(0, |response| response.len());
    let bytes = u32::try_from(exchange.command.len().saturating_add(response)).unwrap_or(u32::MAX);
    exchange.elapsed.saturating_sub(wire.per_byte().saturating_mul(bytes))
}

/// Milliseconds: the fastest and the one in the middle, each against its limit.
fn told(least: Duration, middle: Duration, exchange: u16) -> Finding {
    let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let compared = |limit, found| Evidence::compared(Fact::Limit, milliseconds(limit), milliseconds(found));
    let finding = Finding::new(Reason::TransportRelaySuspected).severity(Severity::Info).certainty(Certainty::Hint);
    finding.with(compared(MIDDLE, middle).at(Place::exchange(exchange))).with(compared(EACH, least))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Phase;

    /// Exchanges by instruction, bytes of the answer, and milliseconds.
    fn told(wire: Wire, exchanges: &[(u8, usize, u64)]) -> bool {
        let logged = |(at, (instruction, bytes, time)): (usize, &(u8, usize, u64))| LoggedExchange {
            number: u16::try_from(at).unwrap() + 1,
            phase: Phase::ReadData,
            command: [0x00, *instruction, 0x01, 0x0C, 0x00][..].into(),
            response: Some(alloc::vec![0; *bytes].into()),
            elapsed: Duration::from_millis(*time),
        };
        let exchanges = exchanges.iter().enumerate().map(logged).collect();
        check(&Log { exchanges, ..Log::default() }, wire).is_some()
    }

    #[test]
    fn a_relay_is_slow_everywhere() {
        let relayed = [(READ_RECORD, 100, 190), (READ_RECORD, 30, 150), (READ_RECORD, 200, 210), (0xAE, 60, 300)];
        assert!(told(Wire::Air, &relayed));
        assert!(!told(Wire::Air, &relayed[..2]), "too few to tell");
    }

    #[test]
    fn slow_phones_and_slow_wires_are_silent() {
        let phone = [(READ_RECORD, 100, 45), (READ_RECORD, 30, 60), (READ_RECORD, 200, 55), (0xAE, 60, 400)];
        assert!(!told(Wire::Air, &phone));
        let contacts = [(READ_RECORD, 220, 310), (READ_RECORD, 100, 150), (READ_RECORD, 240, 330)];
        assert!(!told(Wire::Contacts, &contacts));
        let one_pause = [(READ_RECORD, 100, 20), (READ_RECORD, 30, 2000), (READ_RECORD, 200, 2000)];
        assert!(!told(Wire::Air, &one_pause), "the card moved");
    }
}
