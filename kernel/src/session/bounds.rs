//! What one transaction may cost. The card decides how much there is to read, so each bound that is reached is a finding
//! of its own: never a crash, never an approval.

use alloc::vec::Vec;
use core::{mem::size_of, time::Duration};

use apdu::Card;

use super::{LoggedExchange, Session, Stop};
use crate::{
    finding::{Evidence, Fact, Finding, Reason, Severity, Value},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    transaction::Interface,
};

/// No transaction needs more exchanges than this; a card that wants more is refused.
pub const MAX_EXCHANGES: u16 = 1024;

/// The most a transaction keeps of what the card sends, in bytes: exchanges, findings, candidates, records to be
/// authenticated. A card whose records are all as long as they can be, and all signed, has room for 500 of them.
///
/// It is half of the 1 MiB that `docs/security.md` promises: the other half is for buffers that grow, and for what lives
/// only while a step is worked on.
pub const MAX_KEPT: usize = 512 * 1024;

/// What a transaction has cost so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spent {
    /// The time the card took for its answers.
    time: Duration,
    /// Bytes kept.
    kept: usize,
    /// A finding was not taken because there was no room for it.
    overfull: bool,
}

impl<C: Card, P: PointOfSale> Session<'_, C, P> {
    /// Whether the transaction is still within its bounds.
    ///
    /// # Errors
    /// [`Stop`] with the bound that was reached.
    pub fn within_bounds(&mut self) -> Result<(), Stop> {
        self.afford(0)
    }

    /// Whether the transaction that came to its end did so within its bounds. What an issuer has decided stands.
    ///
    /// # Errors
    /// [`Stop`] with the bound that was reached.
    pub(crate) fn ended_within_bounds(&mut self, out: &Outcome) -> Result<(), Stop> {
        if out.online { Ok(()) } else { self.within_bounds() }
    }

    /// Whether there is room for `held` bytes that a step of the chart holds beside what the session keeps.
    ///
    /// # Errors
    /// [`Stop`] with the bound that was reached.
    pub fn afford(&mut self, held: usize) -> Result<(), Stop> {
        let Spent { time, kept, overfull } = self.spent;
        let limit = self.time_limit();
        if time > limit {
            let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
            let evidence = Evidence::compared(Fact::CardTime, milliseconds(limit), milliseconds(time));
            return Err(self.stop(Finding::new(Reason::BoundTime).with(evidence)));
        }
        if overfull || kept.saturating_add(held) > MAX_KEPT {
            let evidence = Evidence::found(Fact::Limit, MAX_KEPT);
            return Err(self.stop(Finding::new(Reason::BoundMemory).with(evidence)));
        }
        Ok(())
    }

    /// Whether another command may go out.
    pub(super) fn check_budget(&mut self) -> Result<(), Stop> {
        if self.log.exchanges.len() >= usize::from(MAX_EXCHANGES) {
            let evidence = Evidence::found(Fact::Limit, u64::from(MAX_EXCHANGES));
            return Err(self.stop(Finding::new(Reason::BoundExchanges).with(evidence)));
        }
        self.within_bounds()
    }

    fn time_limit(&self) -> Duration {
        match self.transaction.interface {
            Interface::Contact => self.terminal.limits.contact,
            Interface::Contactless => self.terminal.limits.contactless,
        }
    }
}

impl Spent {
    /// Counts the time the card took for an answer. What a cardholder types at the reader meanwhile is none of the card's.
    pub fn time(&mut self, elapsed: Duration) {
        self.time = self.time.saturating_add(elapsed);
    }

    /// Counts an exchange that is kept.
    pub fn exchange(&mut self, exchange: &LoggedExchange) {
        let bytes =
            exchange.command.len().saturating_add(exchange.response.as_ref().map_or(0, |response| response.len()));
        self.kept = self.kept.saturating_add(bytes).saturating_add(size_of::<LoggedExchange>());
    }

    /// Whether there is room for a finding, which is counted. There always is for the one that ends the transaction.
    pub fn has_room_for(&mut self, finding: &Finding) -> bool {
        let bytes = evidence_bytes(&finding.evidence).saturating_add(size_of::<Finding>());
        self.takes(bytes) || finding.severity == Severity::Fatal
    }

    /// As [`Spent::has_room_for`] for more evidence of a finding that is there.
    pub fn has_room_for_evidence(&mut self, evidence: &[Evidence]) -> bool {
        self.takes(evidence.iter().map(heap_bytes).fold(size_of_val(evidence), usize::saturating_add))
    }

    fn takes(&mut self, bytes: usize) -> bool {
        let kept = self.kept.saturating_add(bytes);
        let fits = kept <= MAX_KEPT;
        self.overfull |= !fits;
        self.kept = if fits { kept } else { self.kept };
        fits
    }
}

fn evidence_bytes(evidence: &Vec<Evidence>) -> usize {
    let own = evidence.capacity().saturating_mul(size_of::<Evidence>());
    evidence.iter().map(heap_bytes).fold(own, usize::saturating_add)
}

fn heap_bytes(evidence: &Evidence) -> usize {
    let values = [&evidence.expected, &evidence.found].into_iter().flatten();
    values.map(value_bytes).fold(0, usize::saturating_add)
}

fn value_bytes(value: &Value) -> usize {
    match value {
        Value::Bytes(bytes) => bytes.len(),
        Value::Tags(tags) => size_of_val(tags.as_slice()),
        _ => 0,
    }
}
