//! Kernel 7 (UnionPay, qPBOC and qUICS; `EMV Contactless Book C-7`): its flow chart. Each box is a module, in the order of
//! the chart; the card may leave after the second. Nothing of it goes into the TVR, which stays zero.

pub mod initiate;
pub mod read;
pub mod restrict;
pub mod authenticate;
pub mod verify_cardholder;
pub mod outcome;
pub mod electronic_cash;
pub mod interrupted;

use apdu::{Card, dictionary::Context, value::CryptogramType};

use super::{
    kernel::{Exit, Started},
    kernel_id::KernelId,
    outcome::{Cvm, TapOutcome},
};
use crate::{finding::Phase, hardened, outcome::Outcome, point_of_sale::PointOfSale, session::Session};

use initiate::{Initiated, Reader};
use read::Reading;

/// Where the meanings of this kernel's tags are looked up.
const CONTEXT: Context = KernelId::C7.context();

/// Where a transaction is going that nothing has declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Course {
    /// The card approved it: it stays offline.
    Offline,
    /// To the issuer.
    Online,
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
    let reader = Reader::new(session, started);
    reader.announce(out);
    session.enter(Phase::TornRecovery);
    let resumed = interrupted::resume(session, out, started).await?;
    session.enter(Phase::Initiation);
    let initiated = match resumed {
        Some(already) => Initiated::again(already),
        None => initiate::initiate(session, out, started, &reader).await?,
    };
    electronic_cash::explain(session, out, &reader, initiated.cryptogram);
    let course = match initiated.cryptogram {
        CryptogramType::Tc => initiate::candidate(session, out, &reader)?,
        CryptogramType::Arqc => Course::Online,
        CryptogramType::Aac | CryptogramType::Rfu => return Err(outcome::declined_by_card(session, out)),
    };

    session.enter(Phase::ReadData);
    let reading = read::read(session, out, started.memory, &initiated).await?;
    outcome::card_read(session);
    let course = match reading {
        Reading::NoRecords => course,
        Reading::Expired => restrict::expired(session, out)?,
        Reading::Complete => {
            hardened::card_number(session, out).map_or(Ok(()), |finding| Err(outcome::ended(session, finding)))?;
            session.enter(Phase::Restrictions);
            restrict::restrict(session, out)?;
            session.enter(Phase::Authentication);
            authenticate::authenticate(session, out, &reader, course)?
        }
    };
    session.enter(Phase::CardholderVerification);
    let cvm = verify_cardholder::verify_cardholder(session, out, &reader, initiated.cryptogram)?;
    // An online PIN is checked by the issuer and by nobody else.
    let course = if cvm == Cvm::OnlinePin { Course::Online } else { course };
    session.enter(Phase::Outcome);
    outcome::complete(session, out, &reader, course, cvm)
}
