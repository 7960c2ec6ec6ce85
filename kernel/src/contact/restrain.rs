//! Where the hardened policy has its say in this chart, box by box. Under EMV nothing here changes anything.

use apdu::{
    Card, tag,
    value::{Aip, CryptogramType, aip, tvr},
};

use super::{
    authenticate::Authentication,
    generate_ac::{Answered, Request},
    go_online::{IssuerAuthentication, Online},
};
use crate::{
    consistency,
    finding::{Evidence, Fact, Finding, Reason, Severity},
    hardened::{self, Instead},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::{Session, Stop},
    terminal::policy::Switch,
};

/// Read application data: what does not fit together is told, and a card number of another payment system may end it.
pub(super) fn read_data<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Result<(), Stop> {
    hardened::card_number(session, out).map_or(Ok(()), |finding| Err(session.stop(finding)))
}

/// Terminal action analysis: what the first GENERATE AC asks for.
pub(super) fn first_request<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    authentication: &Authentication,
    wanted: CryptogramType,
) -> Request {
    let terminal = session.terminal;
    let instead = if terminal.terminal_type.offline_only() { Instead::Decline } else { Instead::Online };
    let restrained = hardened::restrain(terminal.policy, out, wanted, authentication.can_sign(), instead);
    session.report_all(restrained.findings);
    authentication.first_request(restrained.cryptogram, terminal.cda_mode)
}

/// The same when going online was not possible.
pub(super) fn without_issuer<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    authentication: &Authentication,
    wanted: CryptogramType,
) -> Request {
    let signed = authentication.can_sign();
    let restrained = hardened::restrain(session.terminal.policy, out, wanted, signed, Instead::Decline);
    session.report_all(restrained.findings);
    match restrained.cryptogram {
        CryptogramType::Tc => Request::tc(signed),
        _ => Request::aac(),
    }
}

/// The first GENERATE AC: whether the card's own results contradict the terminal's, so that it is not trusted.
pub(super) fn contradicts<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    first: &Answered,
) -> bool {
    let Some(mismatch) = consistency::cvr::check(out) else { return false };
    let declines = session.terminal.policy.has(Switch::DeclineOnCvrMismatch);
    let declines = declines && matches!(first.decision, CryptogramType::Tc | CryptogramType::Arqc);
    let evidence = mismatch.evidence.clone();
    session.report(mismatch);
    if declines {
        session.report(Finding { evidence, ..Finding::new(Reason::PolicyCvrMismatch) }.severity(Severity::Decline));
    }
    declines
}

/// Completion: whether what the issuer approved is to be confirmed by the card.
pub(super) fn approves<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    profile: Aip,
    online: &Online,
    authenticated: &IssuerAuthentication,
) -> bool {
    let required = session.terminal.policy.has(Switch::NoApprovalWithoutIssuerAuthentication);
    if !online.approves() || !required {
        return online.approves();
    }
    let asks = out.card.value(tag::CDOL2_8D).and_then(|list| apdu::Dol::parse(list).ok());
    let in_list = asks.is_some_and(|list| list.contains(tag::ISSUER_AUTHENTICATION_DATA_91));
    let given = online.answer().is_some_and(|answer| answer.issuer_authentication_data.is_some());
    let can_check = profile.has(aip::ISSUER_AUTHENTICATION) || in_list;
    let failed = authenticated.tvr.has(tvr::ISSUER_AUTHENTICATION_FAILED);
    if !can_check || (given && !failed) {
        return true;
    }
    let seen = Evidence::found(Fact::VerificationBits, (out.tvr | authenticated.tvr).0).in_tag(tag::TVR_95);
    let data = tag::ISSUER_AUTHENTICATION_DATA_91;
    let seen = if given { seen } else { Evidence::missing(Fact::DataObject, data).in_tag(data) };
    session.report(Finding::new(Reason::PolicyIssuerNotAuthenticated).with(seen).severity(Severity::Decline));
    false
}
