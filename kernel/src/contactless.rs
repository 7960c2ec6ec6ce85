//! The contactless transaction (`EMV Contactless Books A and B`): the other flow chart. Entry Point's four starts are its
//! boxes, and the kernels are siblings behind the last one.

pub mod entry_point;
pub mod pre_process;
pub mod activate;
pub mod directory;
pub mod candidates;
pub mod select;
pub mod kernel;
pub mod c2;
pub mod c3;
pub mod c7;
mod fast_dda;
pub mod ctq;
pub mod vouch;
pub mod complete;
mod restrain;
pub mod combination;
pub mod kernel_id;
pub mod memory;
pub mod outcome;

use alloc::vec::Vec;

use apdu::Card;

pub use combination::{Autorun, Combination, Contactless};
pub use kernel::{BuiltIn, Kernels};
pub use kernel_id::KernelId;
pub use memory::Memory;
pub use outcome::{Activation, OutcomeKind, Start, TapOutcome, UserInterfaceRequest};

use crate::{
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::{Session, Stop},
    terminal::Terminal,
    transaction::Transaction,
};

use directory::Entry;
use entry_point::EntryPoint;
use outcome::{MessageId, Status};
use pre_process::PreProcessed;

/// A card that asks to be presented again more often than this is refused.
const MAX_ACTIVATIONS: usize = 16;

/// What Entry Point saw of a transaction.
#[derive(Debug, Default)]
pub struct Tap {
    /// The combinations of the transaction type, and what pre-processing made of them.
    pub pre_processed: Vec<PreProcessed>,
    /// What the card's directory lists.
    pub entries: Vec<Entry>,
    /// Every kernel activation, in order.
    pub activations: Vec<Activation>,
    /// The final outcome.
    pub outcome: Option<TapOutcome>,
}

/// Runs one contactless transaction, from pre-processing to what the issuer says. Dropping the future is the cancel key.
pub async fn purchase<C: Card, P: PointOfSale>(
    card: &mut C,
    point_of_sale: &mut P,
    terminal: &Terminal,
    transaction: &Transaction,
    memory: &mut Memory,
) -> Outcome {
    purchase_with(card, point_of_sale, terminal, transaction, memory, &mut BuiltIn).await
}

/// As [`purchase`], with kernels of the caller's.
pub async fn purchase_with<C: Card, P: PointOfSale, K: Kernels>(
    card: &mut C,
    point_of_sale: &mut P,
    terminal: &Terminal,
    transaction: &Transaction,
    memory: &mut Memory,
    kernels: &mut K,
) -> Outcome {
    let transaction = terminal.contactless.autorun.map_or(*transaction, |autorun| autorun.of(transaction));
    let mut session = Session::new(card, point_of_sale, terminal, &transaction);
    let mut out = Outcome { tap: Some(Tap::default()), ..Outcome::default() };
    let ended = flow(&mut session, &mut out, EntryPoint::new(terminal, memory, kernels)).await;
    let ended = ended.and_then(|()| session.ended_within_bounds(&out));
    complete::conclude(&mut session, &mut out, ended);
    out.log = session.into_log();
    out
}

/// The chart: Entry Point to a final outcome, the terminal's part, and again where the outcome says so.
async fn flow<C: Card, P: PointOfSale, K: Kernels>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    mut entry_point: EntryPoint<'_, K>,
) -> Result<(), Stop> {
    let mut pin = None;
    for _ in 0..MAX_ACTIVATIONS {
        let outcome = match entry_point.run(session, out).await {
            Ok(outcome) => outcome,
            // What the issuer said stands, whether the card comes back for it or not.
            Err(_) if out.online => {
                session.go_on_without();
                return Ok(());
            }
            Err(stop) => return Err(stop),
        };
        match complete::complete(session, out, outcome, &mut pin).await? {
            None => return Ok(()),
            Some(restart) => entry_point.restart(restart),
        }
    }
    Err(entry_point.too_often(session))
}

/// What a reader shows while it waits for the terminal to begin: its field is off (`EMV Contactless Book A, 8.1.1.5`). A
/// reader that runs by itself never waits.
///
/// # Errors
/// [`apdu::Fault`] when the reader does not switch its field off.
pub async fn idle<C: Card, P: PointOfSale>(
    card: &mut C,
    point_of_sale: &mut P,
    terminal: &Terminal,
) -> Result<(), apdu::Fault> {
    if terminal.contactless.autorun.is_some() {
        return Ok(());
    }
    card.field_off(core::time::Duration::ZERO).await?;
    point_of_sale.user_interface(&UserInterfaceRequest::new(MessageId::Welcome, Status::Idle));
    Ok(())
}
