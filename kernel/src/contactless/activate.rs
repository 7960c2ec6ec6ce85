//! Start B: protocol activation (`EMV Contactless Book B, 3.2.1`).

use apdu::{Card, Presence};

use super::outcome::{MessageId, Status, UserInterfaceRequest};
use crate::{
    finding::{Finding, Phase, Reason, Severity},
    point_of_sale::PointOfSale,
    session::{Session, Stop},
};

/// How often a reader that sees several cards looks again before it gives up.
const MAX_LOOKS: usize = 16;

/// Asks for a card and waits until exactly one is active. `request` is what to show first: what an earlier outcome wants
/// shown at the restart, or the invitation to present a card.
///
/// # Errors
/// [`Stop`] when no card comes, the reader gives up, or several cards stay in the field.
pub async fn activate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    request: Option<UserInterfaceRequest>,
) -> Result<(), Stop> {
    session.enter(Phase::Activation);
    let invitation = UserInterfaceRequest::new(MessageId::PresentCard, Status::ReadyToRead);
    session.point_of_sale.user_interface(&request.unwrap_or(invitation));
    let mut collision = false;
    for _ in 0..MAX_LOOKS {
        match session.activate().await? {
            Presence::Several if collision => {}
            Presence::Several => {
                session.report(Finding::new(Reason::EpCollision).severity(Severity::Info));
                one_card_only(session, Status::ProcessingError);
                collision = true;
            }
            found => {
                if core::mem::take(&mut collision) {
                    one_card_only(session, Status::ReadyToRead);
                } else if found == Presence::None {
                    return Err(session.stop(Finding::new(Reason::EpNoCard)));
                }
                if found == Presence::One {
                    return Ok(());
                }
            }
        }
    }
    Err(session.stop(Finding::new(Reason::EpCollision)))
}

/// Several cards have to leave; when they have, one may be presented.
fn one_card_only<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, status: Status) {
    session.point_of_sale.user_interface(&UserInterfaceRequest::new(MessageId::PresentOneCard, status));
}
