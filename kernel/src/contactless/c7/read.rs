//! Read application data (`EMV Contactless Book C-7, 4.2`). A card that pays offline takes the money when its last record
//! is read, and not before: what can stop the payment is looked at as soon as it is there.

use alloc::vec::Vec;

use apdu::{
    Card, Command, tag,
    value::{
        CryptogramType,
        afl::{self, Afl, Cause},
    },
};

use super::{
    CONTEXT,
    initiate::{Initiated, require, unusable, whole_template},
    interrupted::Interrupted,
    outcome, restrict,
};
use crate::{
    contact::read::SignedRecords,
    contactless::{
        kernel::{self, Exit},
        memory::Memory,
    },
    finding::{Evidence, Fact, Finding, Place, Reason},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::{NoReply, Reply, Session},
    store::{CardData, keep::keep_objects},
};

/// How reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// There was nothing to read.
    NoRecords,
    /// Everything was read.
    Complete,
    /// The card has expired, which stopped it.
    Expired,
}

/// One record of the AFL.
#[derive(Clone, Copy, Debug)]
struct Record {
    sfi: u8,
    number: u8,
    signed: bool,
}

/// Reads every record of the AFL, unless the card expires on the way.
///
/// # Errors
/// [`Exit`] when a record cannot be read or used, or something needed is among none of them.
pub async fn read<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    memory: &mut Memory,
    initiated: &Initiated,
) -> Result<Reading, Exit> {
    let offline = initiated.cryptogram == CryptogramType::Tc;
    let Some(records) = records(&out.card) else {
        return enough(session, &out.card, Reading::NoRecords);
    };
    let records = records.map_err(|finding| outcome::ended(session, finding))?;
    let last = records.len().saturating_sub(1);
    for (at, record) in records.into_iter().enumerate().skip(initiated.already.unwrap_or(0)) {
        let reply = session.exchange(&Command::read_record(record.sfi, record.number)).await;
        let reply = match reply {
            Ok(reply) => reply,
            Err(NoReply::L1(_)) if offline && at == last => {
                return Err(torn(session, out, memory, at));
            }
            Err(none) => return Err(Exit::of(none, outcome::try_again)),
        };
        match take_record(&reply, record, out) {
            // A card that has nothing more to say of an interrupted payment is judged by what it had said.
            Err(finding) if initiated.already.is_some() && finding.reason == Reason::RecSw => session.report(finding),
            taken => taken.map_err(|finding| outcome::ended(session, finding))?,
        }
        session.afford(out.signed_records.footprint().saturating_add(out.card.footprint()))?;
        let expired = restrict::is_expired(&out.card, session.transaction.date);
        if expired.map_err(|finding| outcome::ended(session, finding))? {
            return enough(session, &out.card, Reading::Expired);
        }
    }
    enough(session, &out.card, Reading::Complete)
}

/// The records of the AFL, in order; `None` without an AFL.
fn records(card: &CardData) -> Option<Result<Vec<Record>, Finding>> {
    let locator = card.value(tag::AFL_94)?;
    let listed = |afl: Afl| {
        let entries = afl.entries().flat_map(|entry| entry.records().map(move |record| (entry.sfi, record)));
        entries.map(|(sfi, (number, signed))| Record { sfi, number, signed }).collect()
    };
    let wrong = |error: afl::Error| {
        let reason = if error.cause == Cause::Empty { Reason::AflEmpty } else { Reason::AflInvalid };
        let evidence = Evidence::found(Fact::FileLocator, locator).at(card.place(tag::AFL_94));
        Finding::new(reason).with(evidence.offset(error.offset))
    };
    Some(Afl::parse(locator).map(listed).map_err(wrong))
}

/// The card left while the last record was on its way: whether it has paid is not known.
fn torn<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    memory: &mut Memory,
    already: usize,
) -> Exit {
    let interrupted = Interrupted::of(session.transaction, out, already);
    session.report_or_confirm(interrupted.finding(session.terminal.currency));
    memory.interrupted = Some(interrupted);
    outcome::try_again(crate::contactless::outcome::L1::TimeOut).into()
}

fn take_record(reply: &Reply, record: Record, out: &mut Outcome) -> Result<(), Finding> {
    let place = Place { record: Some((record.sfi, record.number)), ..reply.place() };
    if !reply.status().is_ok() {
        return Err(Finding::new(Reason::RecSw).with(Evidence { place, ..reply.evidence() }));
    }
    let value = whole_template(reply, place, tag::READ_RECORD_TEMPLATE_70)?;
    keep_objects(value, place, CONTEXT, &mut out.card).map_err(|failure| unusable(failure, place))?;
    if record.signed {
        sign(&mut out.signed_records, record, value, reply.data());
    }
    Ok(())
}

/// Adds a record to those the certificate signs: of files 11 to 30 with its template (`EMV 4.4 Book 3, 10.3`).
fn sign(signed: &mut SignedRecords, record: Record, value: &[u8], whole: &[u8]) {
    signed.bytes.extend_from_slice(if record.sfi > 10 { whole } else { value });
}

/// Whether there is enough for the host: track 2, wherever it stood; of a card that reading stopped at, a card number.
fn enough<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    card: &CardData,
    reading: Reading,
) -> Result<Reading, Exit> {
    if reading == Reading::Expired && kernel::pan(card).is_some() {
        return Ok(reading);
    }
    let found = require(card, &[tag::TRACK_2_EQUIVALENT_DATA_57]);
    found.map(|()| reading).map_err(|finding| outcome::ended(session, finding))
}
