//! Cardholder verification (`EMV Contactless Book C-7, 4.4`): by the card's qualifiers, and not for small amounts where
//! merchant and issuers have agreed on that.

use apdu::{
    Card, tag,
    value::{CryptogramType, ttq},
};

use super::{initiate::Reader, outcome};
use crate::{
    contactless::{ctq, kernel::Exit, kernel_id::KernelId, outcome::Cvm, restrain, vouch::vouched},
    finding::{Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
};

/// The method the terminal has to perform.
///
/// # Errors
/// [`Exit`] with a decline when there has to be one and is none, or the card's claim cannot be believed.
pub fn verify_cardholder<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    reader: &Reader,
    cryptogram: CryptogramType,
) -> Result<Cvm, Exit> {
    let wanted = ctq::verification(&out.card, reader.ttq, cryptogram);
    if let Some(exemption) = exemption(reader, &wanted) {
        session.report(exemption);
        return Ok(Cvm::NoCvm);
    }
    match wanted.and_then(|cvm| restrain::believe(session, KernelId::C7, out, reader.ttq, cvm)) {
        Ok(Cvm::NoCvm) => Ok(Cvm::NotApplicable),
        Ok(cvm) => Ok(cvm),
        Err(finding) => Err(outcome::declined(session, vouched(finding, out))),
    }
}

/// Small amounts without PIN and signature: what the terminal would have to take is not taken. A claim of the cardholder's
/// device that cannot be believed stays one.
fn exemption(reader: &Reader, wanted: &Result<Cvm, Finding>) -> Option<Finding> {
    let limit = reader.cvm_exempt_limit.filter(|limit| reader.amount <= *limit)?;
    let would = match wanted {
        Ok(cvm @ (Cvm::OnlinePin | Cvm::ObtainSignature)) => cvm.id(),
        Err(finding) if finding.reason == Reason::C3CvmNotPossible => finding.reason.id(),
        _ => return None,
    };
    let amount = Evidence::compared(Fact::Limit, limit, reader.amount).in_tag(tag::AMOUNT_AUTHORISED_9F02);
    let required = Evidence::found(Fact::CvmRule, would);
    let asked = Evidence::found(Fact::TerminalMethods, reader.ttq.0).in_tag(tag::k7::TTQ_9F66);
    let finding = Finding::new(Reason::CvmExemptLimit).severity(Severity::Info).with(amount).with(required);
    Some(if reader.ttq.has(ttq::CVM_REQUIRED) { finding.with(asked) } else { finding })
}
