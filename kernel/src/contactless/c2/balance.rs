//! Offline balance (`9F50`): states S16 and S17 (`EMV Contactless Book C-2, 6.14`).

use apdu::{Card, Command, Tag, tag::k2};

use super::{capabilities::BALANCE_READING, configuration::TerminalStore, outcome::x4};
use crate::{
    contactless::kernel::Exit,
    finding::{Finding, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::{NoReply, Session},
};

/// S16: before the cryptogram, where the configuration has a place for it.
pub(super) async fn before_ac<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
) -> Result<(), Exit> {
    read(session, out, k2::BALANCE_BEFORE_AC_DF8104).await.map_err(|none| Exit::of(none, x4))
}

/// S17: after it. That the card has left by then is no matter.
pub(super) async fn after_ac<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
) -> Result<(), Exit> {
    match read(session, out, k2::BALANCE_AFTER_AC_DF8105).await {
        Err(NoReply::Stop(stop)) => Err(stop.into()),
        Ok(()) | Err(NoReply::L1(_)) => Ok(()),
    }
}

async fn read<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    into: Tag,
) -> Result<(), NoReply> {
    let capabilities: apdu::Bits<3> =
        out.card.array(k2::APPLICATION_CAPABILITIES_INFORMATION_9F5D).map(apdu::Bits).unwrap_or_default();
    if !capabilities.has(BALANCE_READING) || !out.terminal.has(into) {
        return Ok(());
    }
    let wanted = k2::OFFLINE_ACCUMULATOR_BALANCE_9F50;
    let reply = session.exchange(&Command::get_data(0x9F50)).await?;
    match reply.object(wanted).filter(|value| value.len() == 6) {
        Some(balance) => out.terminal.set(into, balance),
        None => {
            let finding = Finding::new(Reason::KBalanceReadFailed).severity(Severity::Info);
            session.report(finding.with(reply.evidence()));
        }
    }
    Ok(())
}
