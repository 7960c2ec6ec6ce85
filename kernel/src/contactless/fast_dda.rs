//! Fast DDA with what a tap has gathered: what kernels 3 and 7 share.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use apdu::{Card, tag};

use crate::{
    contact::authenticate::chain,
    finding::{Finding, Place},
    oda::{
        Purpose,
        fdda::{FastDda, SignedFor},
    },
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
};

/// Verifies the signature the card gave for a decision of the kind `signed_for`; `related_data` is how long the card's
/// related data (`9F69`) may be.
///
/// # Errors
/// What failed; no TVR bit is set for it.
pub(super) fn authenticate<C: Card, P: PointOfSale>(
    session: &Session<'_, C, P>,
    out: &mut Outcome,
    related_data: RangeInclusive<usize>,
    signed_for: SignedFor,
) -> Result<(), Vec<Finding>> {
    let today = session.transaction.date;
    let fast_dda = FastDda {
        chain: chain(session.terminal, &out.card, &out.aid, today, Purpose::FastDda),
        terminal: &out.terminal,
        records: &out.signed_records.bytes,
        uncoded: out.signed_records.not_a_template,
        related_data,
        signed_for,
    };
    let result = fast_dda.authenticate(&mut out.chain);
    if let Some(index) = out.card.value(tag::CA_PUBLIC_KEY_INDEX_8F) {
        out.terminal.put(tag::CA_PUBLIC_KEY_INDEX_TERMINAL_9F22, index, Place::default());
    }
    let place = out.card.place(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    let number = result?;
    out.card.put(tag::ICC_DYNAMIC_NUMBER_9F4C, number.as_bytes(), place);
    Ok(())
}
