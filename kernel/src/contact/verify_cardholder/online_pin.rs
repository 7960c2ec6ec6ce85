//! Online PIN processing (`EMV 4.4 Book 3, 10.5.2`).

use apdu::{
    Card,
    value::{pan::Pan, tvr},
};

use super::ended::{Ended, cancelled, pin_bypassed, pin_pad_failed, timed_out};
use crate::{
    finding::{Finding, Reason},
    pin::OnlinePinBlock,
    point_of_sale::{Message, OnlinePinEntry, OnlinePinRequest, PointOfSale},
    session::{Session, Stop},
};

/// Collects a PIN for the issuer; no VERIFY is sent, and a PIN that the card has blocked is none of its business. The
/// inner error is a method that failed.
pub(super) async fn online_pin<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    pan: &Pan,
) -> Result<Result<OnlinePinBlock, Ended>, Stop> {
    let policy = session.terminal.pin;
    let request = OnlinePinRequest { pan, format: policy.online_format, bypass_allowed: policy.bypass_allowed };
    session.point_of_sale.show(Message::EnterPin);
    match session.point_of_sale.enter_online_pin(&request).await {
        OnlinePinEntry::Entered(block) => Ok(Ok(block)),
        OnlinePinEntry::Bypassed => pin_bypassed(session).map(Err),
        OnlinePinEntry::Cancelled => Err(cancelled(session, None)),
        OnlinePinEntry::TimedOut => Err(timed_out(session, None)),
        OnlinePinEntry::PinPadBroken => Ok(Err(pin_pad_failed(session))),
        // A PIN pad that cannot encipher is there and does not work.
        OnlinePinEntry::KeyMissing => {
            let finding = Finding::new(Reason::PinOnlineKeyMissing).sets(tvr::PIN_PAD_FAILED);
            Ok(Err(Ended::failed(session, finding)))
        }
    }
}
