//! Kernel 2 (Mastercard; `EMV Contactless Book C-2`): its flow chart.

use apdu::Card;

use super::kernel::{Exit, Started};
use crate::{outcome::Outcome, point_of_sale::PointOfSale, session::Session};

/// Runs the kernel.
///
/// # Errors
/// [`Exit`] where the flow leaves before its end.
pub async fn run<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    _: &mut Outcome,
    started: &mut Started<'_>,
) -> Result<super::TapOutcome, Exit> {
    Err(Exit::Stop(super::kernel::unknown(session, started.combination.kernel)))
}
