//! Kernel 3 (Visa; `EMV Contactless Book C-3`): its flow chart.

mod authenticate;
mod initiate;
mod issuer_update;
mod outcome;
mod read;
mod restrict;
#[cfg(test)]
mod tests;
mod verify_cardholder;

use apdu::{
    Bits, Card,
    dictionary::Context,
    tag::k3::TTQ_9F66,
    value::{CryptogramType, Ttq, ttq},
};

use super::{
    combination::Combination,
    kernel::{Exit, Started},
    outcome::{L2, MessageId, Status, TapOutcome, UserInterfaceRequest},
    restrain,
};
use crate::{
    finding::{Phase, Place},
    hardened,
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
    terminal::policy::Policy,
};

/// Where this kernel looks tags up, whatever RID a card with it has.
const CONTEXT: Context = Context::Visa;

/// What the kernel keeps from box to box once the card has been read.
#[derive(Clone, Copy, Debug)]
struct Flow<'a> {
    /// The reader's limits and options.
    combination: &'a Combination,
    /// Terminal transaction qualifiers, as they were sent.
    reader: Ttq,
    /// What the card decided.
    cryptogram: CryptogramType,
    /// Online Required by Reader.
    online_required: bool,
    /// Decline Required by Reader.
    decline_required: bool,
}

impl Flow<'_> {
    /// Neither online nor declined so far: the reader decides itself.
    fn is_offline(&self) -> bool {
        !self.online_required && !self.decline_required
    }
}

/// Runs the kernel.
///
/// # Errors
/// [`Exit`] where the flow leaves before its end.
pub async fn run<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &mut Started<'_>,
) -> Result<TapOutcome, Exit> {
    let reader = prepare(session.terminal.policy, out, started);
    if let Some(answer) = started.issuer {
        return issuer_update::update(session, out, answer).await;
    }
    let twice = initiate::initiate(session, out).await?;
    session.enter(Phase::ReadData);
    let twice = read::read(session, out, twice).await?;
    let card_read = UserInterfaceRequest::new(MessageId::CardReadOk, Status::CardReadSuccessfully);
    session.point_of_sale.user_interface(&card_read);
    let mut flow = read::complete(session, out, twice, started.combination, reader)?;
    if let Some(finding) = hardened::card_number(session, out) {
        return Err(outcome::end(session, finding, L2::CardDataError));
    }
    session.enter(Phase::Restrictions);
    restrict::restrict(session, out, &mut flow)?;
    session.enter(Phase::Authentication);
    authenticate::authenticate(session, out, &mut flow)?;
    session.enter(Phase::CardholderVerification);
    let cvm = verify_cardholder::verify(session, out, &mut flow);
    session.enter(Phase::Outcome);
    Ok(outcome::decide(session, out, &flow, cvm))
}

/// Takes what the FCI says, and the terminal transaction qualifiers: this kernel always knows fDDA version 1.
fn prepare(policy: Policy, out: &mut Outcome, started: &Started<'_>) -> Ttq {
    initiate::keep_fci(&started.selected.reply, &mut out.card);
    let reader: Ttq = Bits(out.terminal.array(TTQ_9F66).unwrap_or_default());
    let reader = restrain::qualifiers(policy, reader.with(ttq::FDDA_VERSION_1));
    out.terminal.put(TTQ_9F66, &reader.0, Place::default());
    reader
}
