//! Cardholder verification (`EMV Contactless Book C-3, 5.7`).

use apdu::{Card, value::ttq};

use super::Flow;
use crate::{
    contactless::{ctq, kernel_id::KernelId, outcome::Cvm, restrain, vouch::vouched},
    finding::Severity,
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
};

/// The method for what is not declined (5.7.1). At an ATM the PIN goes online whatever the card says.
pub(super) fn verify<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    flow: &mut Flow<'_>,
) -> Cvm {
    if flow.decline_required {
        return Cvm::NoCvm;
    }
    let terminal = session.terminal;
    let is_atm = terminal.terminal_type.is_atm(terminal.additional_capabilities);
    let decided = match is_atm && flow.reader.has(ttq::ONLINE_PIN) {
        true => Ok(Cvm::OnlinePin),
        false => ctq::verification(&out.card, flow.reader, flow.cryptogram),
    };
    let decided = decided.and_then(|cvm| restrain::believe(session, KernelId::C3, out, flow.reader, cvm));
    match decided {
        Ok(cvm) => {
            flow.online_required |= cvm == Cvm::OnlinePin;
            cvm
        }
        Err(finding) => {
            flow.decline_required = true;
            session.report(vouched(finding.severity(Severity::Decline), out));
            Cvm::NoCvm
        }
    }
}
