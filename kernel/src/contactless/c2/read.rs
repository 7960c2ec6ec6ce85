//! Reading records: states S4 to S6, and S7 in mag-stripe mode (`EMV Contactless Book C-2, 6.6 to 6.9`).

use apdu::{
    Card, Command, tag,
    value::afl::{Afl, AflEntry},
};

use super::{
    configuration::{TerminalStore, kernel_configuration::MAG_STRIPE_NOT_SUPPORTED},
    data_exchange::DataExchange,
    mode::Mode,
    objects,
    outcome::{Failure, x2, x4},
};
use crate::{
    contact::read::SignedRecords,
    contactless::{kernel::Exit, outcome::L2},
    finding::{Evidence, Fact, Finding, Phase, Place, Reason},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::{Reply, Session},
};

/// The entry that cards of both modes put first for mag-stripe mode: one record of the first file, not signed.
const MAG_STRIPE_ENTRY: [u8; 4] = [0x08, 0x01, 0x01, 0x00];

/// Reads the records of this mode, with what the terminal wants read in between.
pub(super) async fn read<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    mode: Mode,
    exchange: &mut DataExchange,
) -> Result<SignedRecords, Exit> {
    session.enter(Phase::ReadData);
    let locator = active(out, mode).map_err(|failure| failure.leave(session, x2()))?;
    let mut signed = SignedRecords::default();
    for entry in locator.entries() {
        for (number, is_signed) in entry.records() {
            exchange.read_wanted(session, out).await?;
            let reply = session.exchange(&Command::read_record(entry.sfi, number)).await;
            let reply = reply.map_err(|none| Exit::of(none, x4))?;
            let place = Place { record: Some((entry.sfi, number)), ..reply.place() };
            let taken = take(&reply, place, entry, out, is_signed.then_some(&mut signed));
            taken.map_err(|failure| failure.leave(session, x2()))?;
            session.afford(signed.footprint().saturating_add(out.card.footprint()))?;
        }
    }
    exchange.read_wanted(session, out).await?;
    Ok(signed)
}

/// The active AFL of this mode.
fn active(out: &Outcome, mode: Mode) -> Result<Afl, Failure> {
    let locator = out.card.value(tag::AFL_94).unwrap_or(&[]);
    let (first, rest) = locator.split_at_checked(4).unwrap_or((locator, &[]));
    let for_both = first == MAG_STRIPE_ENTRY;
    let active = match mode {
        Mode::Emv if for_both && !out.terminal.configured(MAG_STRIPE_NOT_SUPPORTED) => rest,
        Mode::MagStripe if for_both => first,
        _ => locator,
    };
    Afl::parse(active).map_err(|error| {
        let evidence = Evidence::found(Fact::FileLocator, locator).at(out.card.place(tag::AFL_94));
        let finding = Finding::new(Reason::KAflMissing).with(evidence.offset(error.offset));
        Failure::new(finding, L2::CardDataError)
    })
}

fn take(
    reply: &Reply,
    place: Place,
    entry: AflEntry,
    out: &mut Outcome,
    signed: Option<&mut SignedRecords>,
) -> Result<(), Failure> {
    if !reply.status().is_ok() {
        return Err(Failure::status(Reason::RecSw, reply));
    }
    let record = objects::whole(reply.data(), &[tag::READ_RECORD_TEMPLATE_70], place);
    if entry.sfi > 10 {
        // Somebody else's file: only what is signed of it matters.
        if let Some(signed) = signed {
            match record {
                Ok(_) => signed.bytes.extend_from_slice(reply.data()),
                Err(_) => signed.not_a_template = signed.not_a_template.or(Some(place)),
            }
        }
        return Ok(());
    }
    let record = record?;
    if let Some(signed) = signed {
        signed.bytes.extend_from_slice(record.value);
    }
    objects::keep(record, place, &mut out.card, &out.terminal)
}
