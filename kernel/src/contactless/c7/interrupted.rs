//! Interrupted payments (JR/T 0025.12: a card that is only flashed past the reader). The card takes the money when its last
//! record is read; if that record never arrives, nobody knows whether it did. The same card, presented again soon, tells by
//! its counter and its balance, and is not charged twice.
//!
//! Counter and balance of GET DATA are signed by nobody. They only decide whether the payment that was begun goes on: its
//! signature is checked then like that of any other, over everything it needs.

use alloc::vec::Vec;

use apdu::{
    Card, Command, Tag, tag,
    value::date::{Date, Time},
};

use super::{
    electronic_cash::{self, Taken},
    outcome,
};
use crate::{
    contact::read::SignedRecords,
    contactless::kernel::{Exit, Started},
    finding::{Certainty, Evidence, Fact, Finding, Place, Reason, Severity},
    outcome::{Cryptogram, Outcome},
    point_of_sale::PointOfSale,
    session::Session,
    store::{CardData, Store, TerminalData},
    transaction::Transaction,
};

/// For how many seconds a card that comes back is taken for the one that left.
const RETRY_WITHIN: u32 = 10;

/// A payment that the card had approved offline and whose last record did not arrive.
#[derive(Clone, Debug)]
pub struct Interrupted {
    aid: Vec<u8>,
    card: CardData,
    terminal: TerminalData,
    signed: SignedRecords,
    cryptogram: Option<Cryptogram>,
    /// Records that had arrived.
    already: usize,
    /// Minor units.
    amount: u64,
    date: Date,
    time: Time,
}

impl Interrupted {
    /// What is known of the payment when the card leaves.
    pub(super) fn of(transaction: &Transaction, out: &Outcome, already: usize) -> Self {
        Self {
            aid: out.aid.clone(),
            card: copy(&out.card),
            terminal: copy(&out.terminal),
            signed: out.signed_records.clone(),
            cryptogram: out.cryptograms.last().cloned(),
            already,
            amount: transaction.amount,
            date: transaction.date,
            time: transaction.time,
        }
    }

    /// What there is to reconcile.
    pub(super) fn finding(&self, currency: [u8; 2]) -> Finding {
        let counter = Evidence::found(Fact::TransactionCounter, self.counter()).at(self.card.place(tag::ATC_9F36));
        let amount = Evidence::found(Fact::Amount, self.amount).in_tag(tag::AMOUNT_AUTHORISED_9F02);
        let finding = Finding::new(Reason::C7TornTransaction).certainty(Certainty::Likely).with(counter).with(amount);
        let balance = electronic_cash::balance(&self.card, currency);
        let balance = balance.map(|(tag, balance)| Evidence::found(Fact::Amount, balance).at(self.card.place(tag)));
        balance.into_iter().fold(finding, Finding::with)
    }

    fn counter(&self) -> [u8; 2] {
        self.card.array(tag::ATC_9F36).unwrap_or_default()
    }

    /// Whether the payment now asked for can be the same one.
    fn is_same_payment(&self, transaction: &Transaction, name: &[u8]) -> bool {
        let seconds = |time: Time| {
            let [hours, minutes, seconds] = [time.hour(), time.minute(), time.second()].map(u32::from);
            hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60)).saturating_add(seconds)
        };
        let since = seconds(transaction.time).checked_sub(seconds(self.time));
        let recent = self.date == transaction.date && since.is_some_and(|since| since <= RETRY_WITHIN);
        recent && self.amount == transaction.amount && self.aid == name
    }

    /// Puts everything back where it was.
    fn restore(self, out: &mut Outcome) -> usize {
        (out.card, out.terminal, out.signed_records) = (self.card, self.terminal, self.signed);
        if out.cryptograms.is_empty() {
            out.cryptograms.extend(self.cryptogram);
        }
        self.already
    }
}

fn copy<Side>(store: &Store<Side>) -> Store<Side> {
    let mut copied = Store::default();
    store.iter().for_each(|(tag, value)| copied.put(tag, value, store.place(tag)));
    copied
}

/// Asks a card that comes back what became of the interrupted payment. `Some` with the number of records it had given
/// when it has paid: then that payment goes on.
///
/// # Errors
/// [`Exit`] when the card leaves again, or does not tell: then it is not charged either.
pub async fn resume<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &mut Started<'_>,
) -> Result<Option<usize>, Exit> {
    let Some(interrupted) = started.memory.interrupted.take() else { return Ok(None) };
    if !interrupted.is_same_payment(session.transaction, &started.selected.name) {
        session.report(interrupted.finding(session.terminal.currency).severity(Severity::Info));
        return Ok(None);
    }
    let told = match ask(session, &interrupted).await {
        Ok(told) => told,
        Err(exit) => {
            started.memory.interrupted = Some(interrupted);
            return Err(exit);
        }
    };
    let finding = told.finding(&interrupted);
    match told.taken {
        _ if told.counter != Some(interrupted.counter()) => {
            session.report_or_confirm(finding);
            Ok(None)
        }
        Taken::All => {
            session.report_or_confirm(finding);
            Ok(Some(interrupted.restore(out)))
        }
        Taken::Nothing => {
            session.report_or_confirm(finding);
            Ok(None)
        }
        Taken::Unknown => Err(outcome::ended(session, finding)),
    }
}

/// What a card that came back tells.
struct Told {
    counter: Option<[u8; 2]>,
    before: Option<u64>,
    after: Option<u64>,
    taken: Taken,
    place: Place,
}

/// The counter first: a card with another one is another card, or has paid elsewhere since.
async fn ask<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    interrupted: &Interrupted,
) -> Result<Told, Exit> {
    let currency = session.terminal.currency;
    let (counter, place) = get_data(session, tag::ATC_9F36).await?;
    let counter = counter.and_then(|counter| counter.try_into().ok());
    let before = electronic_cash::balance(&interrupted.card, currency).map(|(_, balance)| balance);
    let mut told = Told { counter, before, after: None, taken: Taken::Unknown, place };
    let same = counter == Some(interrupted.counter());
    if let Some(balance) = electronic_cash::balance_tag(&interrupted.card, currency).filter(|_| same) {
        let (value, place) = get_data(session, balance).await?;
        told.after = electronic_cash::told(value.as_deref());
        told.taken = Taken::of(before, told.after, interrupted.amount);
        told.place = place;
    }
    Ok(told)
}

async fn get_data<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    tag: Tag,
) -> Result<(Option<Vec<u8>>, Place), Exit> {
    let command = Command::get_data(u16::try_from(tag.number()).unwrap_or_default());
    let reply = session.exchange(&command).await.map_err(|none| Exit::of(none, outcome::try_again))?;
    Ok((reply.object(tag).map(<[u8]>::to_vec), reply.place().tag(tag)))
}

impl Told {
    fn finding(&self, interrupted: &Interrupted) -> Finding {
        let counter = match self.counter {
            Some(counter) => Evidence::compared(Fact::TransactionCounter, interrupted.counter(), counter),
            None => Evidence::missing(Fact::TransactionCounter, interrupted.counter()),
        };
        let finding = Finding::new(Reason::C7TornTransaction).certainty(Certainty::Likely).with(counter);
        match (self.before, self.after) {
            (Some(before), Some(after)) => finding.with(Evidence::compared(Fact::Amount, before, after).at(self.place)),
            _ => finding,
        }
    }
}
