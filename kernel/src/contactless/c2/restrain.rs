//! Where the hardened policy has its say in this kernel. Under EMV nothing here changes anything.

use apdu::{
    Card, tag,
    value::{CryptogramType, TerminalType, aip, tvr},
};

use super::{
    authenticate::Authentication,
    configuration::TerminalStore,
    initiate::Options,
    outcome::{Failure, x2},
};
use crate::{
    contactless::{kernel::Exit, outcome::L2},
    finding::{Evidence, Fact, Finding, Reason},
    hardened::{self, Instead},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
    terminal::policy::Switch,
};

/// Mag-stripe mode is not taken.
pub(super) fn mag_stripe<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Result<(), Exit> {
    if !session.terminal.policy.has(Switch::NoMsd) {
        return Ok(());
    }
    let profile = Evidence::found(Fact::CardMethods, super::mode::aip_of(&out.card).0).at(out.card.place(tag::AIP_82));
    Err(Failure::new(Finding::new(Reason::PolicyMsd).with(profile), L2::MagStripeNotSupported).leave(session, x2()))
}

/// Whether relay resistance is performed though the reader is not configured for it.
pub(super) fn wants_distance<C: Card, P: PointOfSale>(session: &Session<'_, C, P>, options: &Options) -> bool {
    let required = session.terminal.policy.has(Switch::RrpRequiredWhenSupported);
    required && options.aip.has(aip::RELAY_RESISTANCE)
}

/// A card number of another payment system is told, and may end it.
pub(super) fn card_number<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Result<(), Exit> {
    let refused = hardened::card_number(session, out);
    refused.map_or(Ok(()), |finding| Err(Failure::new(finding, L2::CardDataError).leave(session, x2())))
}

/// What the card is asked for.
pub(super) fn request<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    authentication: &Authentication,
    wanted: CryptogramType,
) -> CryptogramType {
    let signed = authentication.cda && !out.tvr.has(tvr::CDA_FAILED);
    let offline_only = TerminalType(out.terminal.byte(tag::TERMINAL_TYPE_9F35)).offline_only();
    let instead = if offline_only { Instead::Decline } else { Instead::Online };
    let restrained = hardened::restrain(session.terminal.policy, out, wanted, signed, instead);
    session.report_all(restrained.findings);
    restrained.cryptogram
}

/// The card's keys, which are opened when it may leave.
pub(super) fn keys<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Result<(), Failure> {
    let policy = session.terminal.policy;
    session.report_all(hardened::keys::warnings(policy, &out.chain));
    let weak = hardened::keys::too_weak(policy, &out.chain);
    weak.map_or(Ok(()), |finding| Err(Failure::new(finding, L2::CamFailed)))
}
