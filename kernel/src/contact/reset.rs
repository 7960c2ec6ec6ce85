//! The answer to reset (`EMV Contact Interface Specification 1.0`).

use apdu::{Atr, Card, atr::Violation};

use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    point_of_sale::PointOfSale,
    session::Session,
};

/// Reports every rule that the answer to reset breaks. The reader has accepted the card already, so this never ends a
/// transaction: it explains what may follow.
pub fn check_answer<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) {
    let bytes = session.atr();
    if bytes.is_empty() {
        return;
    }
    let invalid = || Finding::new(Reason::CardAtrInvalid).with(Evidence::found(Fact::AnswerToReset, bytes));
    let finding = match Atr::parse(bytes) {
        Err(_) => Some(invalid()),
        Ok(atr) if atr.is_contactless_storage_or_ats() => None,
        Ok(atr) => {
            let broken = atr.check_emv(true).into_iter().find(|violation| !violation.rule.is_note());
            broken.map(|violation| invalid().with(violated(violation)))
        }
    };
    if let Some(finding) = finding {
        session.report(finding);
    }
}

fn violated(violation: Violation) -> Evidence {
    match violation.found {
        Some(byte) => Evidence::found(Fact::AnswerToReset, [byte]),
        None => Evidence::missing(Fact::AnswerToReset, "interface-character"),
    }
}
