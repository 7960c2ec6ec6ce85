//! Cardholder verification (`EMV 4.4 Book 3, 10.5`; Book 4, 6.3.4).

mod enciphered_pin;
mod ended;
mod offline_pin;
mod online_pin;
mod policy;
pub mod rules;
mod story;
mod walk;

use alloc::vec::Vec;

use apdu::{
    Card, tag,
    value::{Aip, CvmList, CvmResults, Tsi, Tvr, aip::CARDHOLDER_VERIFICATION, cvm, tsi, tvr},
};

use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    oda::IccKey,
    pin::OnlinePinBlock,
    point_of_sale::PointOfSale,
    session::{Session, Stop},
    store::CardData,
};

use enciphered_pin::PinKeys;
use rules::Circumstances;
use walk::Walk;

pub use policy::PinRules;
pub use story::{CvmStory, Step, Visit};

/// What cardholder verification came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// CVM results (`9F34`).
    pub results: CvmResults,
    /// The bits it set.
    pub tvr: Tvr,
    /// The bits it set.
    pub tsi: Tsi,
    /// The PIN for the issuer, when one was entered.
    pub online_pin: Option<OnlinePinBlock>,
    /// The cardholder has to sign.
    pub signature: bool,
}

impl Verification {
    /// Verification that did not take place.
    fn not_performed(tvr: Tvr) -> Self {
        Self { results: CvmResults::NOT_PERFORMED, tvr, tsi: Tsi::ZERO, online_pin: None, signature: false }
    }

    /// A list gone through, before any method was performed.
    fn begun() -> Self {
        let tsi = Tsi::ZERO.with(tsi::CV_PERFORMED);
        Self { results: CvmResults::NO_CVM_PERFORMED, tsi, ..Self::not_performed(Tvr::ZERO) }
    }
}

/// Follows the card's CVM list until a method succeeds or the list says to stop.
///
/// `pin_key` recovers the card's key for enciphered PINs when a rule first needs it; of its findings the last one sums
/// up why there is none. `rules` are what the policy makes of PINs. `story` gains every rule visited, also when the transaction ends here.
///
/// # Errors
/// [`Stop`] when the list is cut, PIN entry was cancelled or timed out, the card gave VERIFY an answer that is not its
/// business to give, or none at all.
pub async fn verify_cardholder<C: Card, P: PointOfSale, K>(
    session: &mut Session<'_, C, P>,
    card: &CardData,
    aip: Aip,
    pin_key: K,
    rules: PinRules,
    story: &mut CvmStory,
) -> Result<Verification, Stop>
where
    K: FnOnce() -> Result<IccKey, Vec<Finding>>,
{
    if !aip.has(CARDHOLDER_VERIFICATION) {
        return Ok(Verification::not_performed(Tvr::ZERO));
    }
    let list = match card.value(tag::CVM_LIST_8E).map(CvmList::parse) {
        Some(Ok(list)) if !list.is_empty() => list,
        Some(Err(error)) => return Err(session.stop(list_format(card, error))),
        _ => {
            session.report(list_empty(card));
            return Ok(Verification::not_performed(Tvr::ZERO.with(tvr::ICC_DATA_MISSING)));
        }
    };
    story.amounts = Some((list.x, list.y));
    let circumstances = Circumstances::new(session.terminal, session.transaction, card, list.x, list.y);
    let verification = Verification::begun();
    let keys = PinKeys::new(pin_key);
    let (pin_bypassed, pin_refused) = (false, None);
    let mut walk = Walk { session, card, circumstances, keys, verification, pin_bypassed, pin_refused, policy: rules };
    walk.follow(list, story).await?;
    Ok(walk.verification)
}

fn list_format(card: &CardData, error: cvm::Error) -> Finding {
    let value = card.value(tag::CVM_LIST_8E).unwrap_or(&[]);
    let wanted = match error {
        cvm::Error::AmountsCut(_) => 8,
        _ => value.len().saturating_add(1),
    };
    let place = card.place(tag::CVM_LIST_8E);
    Finding::new(Reason::CvmListFormat)
        .with(Evidence::compared(Fact::Length, wanted, value.len()).at(place))
        .with(Evidence::found(Fact::DataObject, value).at(place))
}

/// No list, or one that holds the two amounts only.
fn list_empty(card: &CardData) -> Finding {
    let evidence = match card.value(tag::CVM_LIST_8E) {
        None => Evidence::missing(Fact::DataObject, tag::CVM_LIST_8E),
        Some(value) => Evidence::compared(Fact::Length, 10_u8, value.len()).at(card.place(tag::CVM_LIST_8E)),
    };
    Finding::new(Reason::CvmListEmpty).sets(tvr::ICC_DATA_MISSING).with(evidence)
}

#[cfg(test)]
mod tests;
