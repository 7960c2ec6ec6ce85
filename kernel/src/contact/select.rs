//! Application selection (`EMV 4.4 Book 1, 12`).

mod candidates;
mod directory;
pub mod fci;
mod list_of_aids;

use alloc::vec::Vec;

use apdu::{Card, Command};

pub use candidates::Candidates;
use fci::Fci;

use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    point_of_sale::{Candidate, PointOfSale},
    session::{Reply, Session, Stop},
    store::CardData,
};

/// The application the transaction runs with.
#[derive(Debug)]
pub struct Application {
    /// The candidate it was.
    pub candidate: Candidate,
    /// The DF name (`84`), which is also the terminal's AID (`9F06`) from here on.
    pub name: Vec<u8>,
    /// What the FCI gave.
    pub card: CardData,
}

/// Builds the candidate list: from the payment system environment, else by trying every AID of the terminal.
///
/// # Errors
/// [`Stop`] when the card is blocked or answers no more.
pub async fn candidates<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) -> Result<Candidates, Stop> {
    if session.terminal.selection.use_pse
        && let Some(found) = directory::candidates(session).await?
    {
        return Ok(found);
    }
    list_of_aids::candidates(session).await
}

/// Final selection (`EMV 4.4 Book 1, 12.4`): picks a candidate and selects it, until one works.
///
/// # Errors
/// [`Stop`] when nothing is left to pick, or the cardholder refuses.
pub async fn choose<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    candidates: &mut Candidates,
) -> Result<Application, Stop> {
    loop {
        let candidate = candidates.pick(session).await?;
        match select(session, candidate).await? {
            Ok(application) => return Ok(application),
            Err((refused, finding)) => candidates.drop_refused(session, &refused.name, finding)?,
        }
    }
}

/// Selects `candidate`; gives it back, with the reason, when the card does not let it be used.
async fn select<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    candidate: Candidate,
) -> Result<Result<Application, (Candidate, Finding)>, Stop> {
    let reply = session.transmit_built(Command::select(&candidate.name), Reason::SelFinalFailed).await?;
    Ok(match accept(&reply, &candidate) {
        Ok(card) => Ok(Application { name: candidate.name.clone(), candidate, card }),
        Err(finding) => Err((candidate, finding)),
    })
}

/// The FCI of the final SELECT, when everything about it is right.
fn accept(reply: &Reply, candidate: &Candidate) -> Result<CardData, Finding> {
    let failed = |reason| Finding::new(reason).with(reply.evidence());
    if !reply.status().is_ok() {
        return Err(match reply.status().0 {
            0x6283 => failed(Reason::SelAppBlocked),
            0x6A81 => failed(Reason::SelCardBlocked),
            _ => failed(Reason::SelFinalFailed),
        });
    }
    let fci = Fci::parse(reply.data()).map_err(|error| error.finding(Reason::SelFciFormat, reply))?;
    // No rule says what to do when the card names another application than the one selected: treated as a failure, so
    // that 9F06 is always the name the terminal asked for.
    if fci.df_name != candidate.name {
        let names = Evidence::compared(Fact::ApplicationId, candidate.name.as_slice(), fci.df_name);
        return Err(failed(Reason::SelFinalFailed).with(names.at(reply.place()).in_tag(apdu::tag::DF_NAME_84)));
    }
    Ok(fci.store(reply.place()))
}

#[cfg(test)]
mod tests;
