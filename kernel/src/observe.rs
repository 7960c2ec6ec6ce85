//! Observing a transaction that another terminal ran: its recording goes through this kernel again.
//!
//! The card answers from the recording, people and host behave as the recording shows they did, and the terminal is
//! configured with what the other terminal told the card: amount, currency, country, date, capabilities. So everything that
//! can be recomputed is: certificates and signatures, restrictions, the CVM list, action analysis. Where this kernel would
//! have sent something else, the recording goes on as it was, and the difference is kept.
#![cfg(feature = "explain")]

mod assumption;
mod attempts;
mod card;
mod class;
mod contactless;
mod difference;
mod overlooked;
mod people;
mod recovered;
mod supposed;
mod unrecorded;

use alloc::vec::Vec;
use core::time::Duration;

use apdu::{Card, value::Tvr};

use crate::{
    contactless::{self as contactless_kernel, Memory},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    stepper::blocking,
    terminal::Terminal,
    transact,
    transaction::{Interface, Transaction},
};

pub use assumption::Assumption;
pub use class::{Class, Gap};
pub use difference::Difference;
pub use recovered::Recovered;

/// One exchange of a recording, with the transport's own steps already joined.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Its number in the recording, from 1.
    pub number: u32,
    /// The command.
    pub command: &'a [u8],
    /// The response with its status word; `None` when the recording has none.
    pub response: Option<&'a [u8]>,
    /// The time it took, if the recording tells.
    pub elapsed: Duration,
}

impl Seen<'_> {
    fn ins(&self) -> u8 {
        self.command.get(1).copied().unwrap_or_default()
    }

    fn p1(&self) -> u8 {
        self.command.get(2).copied().unwrap_or_default()
    }

    /// The data field, without Lc and Le.
    fn data(&self) -> &[u8] {
        match self.command {
            [_, _, _, _, lc, rest @ ..] => rest.get(..usize::from(*lc)).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// The response data when the status word is `9000`.
    fn answer(&self) -> Option<&[u8]> {
        match self.response?.split_last_chunk::<2>() {
            Some((data, [0x90, 0x00])) => Some(data),
            _ => None,
        }
    }
}

/// What one attempt of a recording came to.
#[derive(Debug)]
pub struct Observation {
    /// The transaction as this kernel sees it.
    pub outcome: Outcome,
    /// What the other terminal used, as it told the card.
    pub recovered: Recovered,
    /// Where this kernel would have done otherwise, in order.
    pub differences: Vec<Difference>,
    /// The other terminal, as far as it is known.
    pub terminal: Terminal,
    /// What was asked for.
    pub transaction: Transaction,
    /// Numbers of the exchanges that are no part of the transaction.
    pub unused: Vec<u32>,
}

/// Observes every attempt in a recording. `base` gives what no recording tells: keys, action codes, policy. `today` is the
/// date to assume when the recording has none.
pub fn observe(seen: &[Seen<'_>], base: &Terminal, today: Option<apdu::value::date::Date>) -> Vec<Observation> {
    let mut memory = Memory::default();
    attempts::split(seen).into_iter().map(|attempt| observe_one(attempt, base, today, &mut memory)).collect()
}

/// Observes one attempt; what a contactless reader remembers of it goes into the next.
fn observe_one(
    seen: &[Seen<'_>],
    base: &Terminal,
    today: Option<apdu::value::date::Date>,
    memory: &mut Memory,
) -> Observation {
    let recovered = Recovered::from(seen, base, today);
    let mut terminal = recovered.terminal(base, seen);
    let transaction = recovered.transaction();
    let mut played = play(seen, &recovered, &terminal, &transaction, memory);
    let fewer = recovered.without_pins(terminal.capabilities, played.only_ours());
    if let Some(capabilities) = fewer {
        terminal.capabilities = capabilities;
        played = play(seen, &recovered, &terminal, &transaction, memory);
    }
    for other in supposed::terminals(&recovered, &terminal, &played.outcome) {
        let again = play(seen, &recovered, &other, &transaction, memory);
        if let Some(outcome) = supposed::agreeing(&recovered, &played.outcome, again.outcome) {
            (terminal, played) = (other, Played { outcome, ..again });
            break;
        }
    }
    let Played { outcome, differences, unused, remembered } = played;
    *memory = remembered;
    let mut observation = Observation { outcome, recovered, differences, terminal, transaction, unused };
    unrecorded::take_back(&mut observation);
    observation
}

/// A recording that went through this kernel.
struct Played {
    outcome: Outcome,
    differences: Vec<Difference>,
    unused: Vec<u32>,
    remembered: Memory,
}

impl Played {
    /// The bits that only this kernel set.
    fn only_ours(&self) -> Tvr {
        let bits = self.differences.iter().find_map(|difference| match difference {
            Difference::VerificationBits { only_ours, .. } => Some(*only_ours),
            _ => None,
        });
        bits.unwrap_or_default()
    }
}

fn play(
    seen: &[Seen<'_>],
    recovered: &Recovered,
    terminal: &Terminal,
    transaction: &Transaction,
    memory: &Memory,
) -> Played {
    let mut remembered = memory.clone();
    let tape = card::Tape::new(seen, recovered);
    let mut card = card::RecordedCard::new(&tape);
    let mut people = people::Inferred::new(&tape, recovered);
    // Neither side ever waits.
    let mut outcome =
        blocking(run(&mut card, &mut people, (terminal, transaction), &mut remembered)).unwrap_or_default();
    let (mut differences, numbers, unused) = card::finish(tape);
    renumber(&mut outcome, &numbers);
    differences.extend(difference::of_results(&outcome, recovered));
    differences.sort_by_key(Difference::exchange);
    difference::settle_requests(&mut outcome, &differences, recovered);
    difference::blame_lengths(&mut outcome, &differences);
    Played { outcome, differences, unused, remembered }
}

async fn run<C: Card, P: PointOfSale>(
    card: &mut C,
    people: &mut P,
    (terminal, transaction): (&Terminal, &Transaction),
    memory: &mut Memory,
) -> Outcome {
    match transaction.interface {
        Interface::Contact => transact(card, people, terminal, transaction).await,
        Interface::Contactless => contactless_kernel::purchase(card, people, terminal, transaction, memory).await,
    }
}

/// Gives exchanges the numbers they have in the recording, and takes out those that are not there, or that this kernel
/// asked for twice where the recording has them once.
fn renumber(outcome: &mut Outcome, numbers: &[u32]) {
    let recorded = |number: u16| {
        let at = usize::from(number).checked_sub(1)?;
        numbers.get(at).filter(|number| **number > 0).and_then(|number| u16::try_from(*number).ok())
    };
    let mut told = Vec::with_capacity(outcome.log.exchanges.len());
    outcome.log.exchanges.retain_mut(|exchange| {
        let number = recorded(exchange.number).filter(|number| !told.contains(number));
        exchange.number = number.unwrap_or_default();
        told.extend(number);
        number.is_some()
    });
    for evidence in outcome.log.findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
        evidence.place.exchange = evidence.place.exchange.and_then(recorded);
    }
}
