//! Offline data authentication by fDDA (`EMV Contactless Book C-3, 5.6`).

use apdu::{
    Card, Tag, tag,
    tag::k3::CTQ_9F6C,
    value::{CryptogramType, ttq},
};

use super::{Flow, outcome::try_another_interface};
use crate::{
    contactless::{
        ctq::{Route, after_failed_authentication},
        fast_dda,
        kernel::Exit,
        outcome::{AlternateInterface, MessageId},
        restrain,
        vouch::Voucher,
    },
    finding::{Evidence, Fact, Finding, Reason, Severity},
    oda::fdda::SignedFor,
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
};

/// How many bytes the card authentication related data may have (`EMV Contactless Book C-3, Annex A`).
const RELATED_DATA: core::ops::RangeInclusive<usize> = 5..=16;

/// Authenticates a card that is to be approved offline (5.6.1), and on a reader for special purposes one that goes online
/// (5.6.2), with whatever it says it signed: also a TC where only an ARQC was acceptable, or a wedge that turns one into the
/// other would spare the card its signature.
///
/// # Errors
/// [`Exit`] where a card that failed wants to be read through its contacts.
pub(super) fn authenticate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    flow: &mut Flow<'_>,
) -> Result<(), Exit> {
    if flow.is_offline() {
        return match fast_dda::authenticate(session, out, RELATED_DATA, SignedFor::OfflineApproval) {
            Ok(()) => {
                authenticated_offline(session, out, flow);
                Ok(())
            }
            Err(findings) => failed(session, out, findings, flow),
        };
    }
    if !flow.reader.has(ttq::ODA_FOR_ONLINE) {
        return Ok(());
    }
    let signed_for = match flow.cryptogram {
        CryptogramType::Arqc => SignedFor::OnlineAuthorisation,
        CryptogramType::Tc => SignedFor::OfflineApproval,
        _ => return Ok(()),
    };
    match out.card.has(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B) {
        true if !flow.decline_required => for_issuer(session, out, flow, signed_for),
        true => {}
        false => restrain::online_unsigned(session),
    }
    Ok(())
}

/// The result is for whoever runs the reader, such as a gate: the transaction goes its way, unless the policy minds.
fn for_issuer<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    flow: &mut Flow<'_>,
    signed_for: SignedFor,
) {
    let result = fast_dda::authenticate(session, out, RELATED_DATA, signed_for);
    let objection = match result {
        Ok(()) => restrain::keys(session, out),
        Err(findings) => {
            session.report_all(findings.into_iter().map(|finding| finding.severity(Severity::Info)));
            restrain::failed(session, true)
        }
    };
    decline_for(session, flow, objection);
}

/// What the policy makes of a card whose signature is right.
fn authenticated_offline<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome, flow: &mut Flow<'_>) {
    let weak = restrain::keys(session, out);
    decline_for(session, flow, weak);
    if let Some(finding) = restrain::offline_approval(session).filter(|_| flow.is_offline()) {
        flow.online_required = true;
        session.report(finding);
    }
}

fn decline_for<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    flow: &mut Flow<'_>,
    objection: Option<Finding>,
) {
    flow.decline_required |= objection.is_some();
    session.report_all(objection.map(|finding| finding.severity(Severity::Decline)));
}

/// What a failure leads to, by what card and reader want (5.6.1).
fn failed<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    findings: alloc::vec::Vec<Finding>,
    flow: &mut Flow<'_>,
) -> Result<(), Exit> {
    let refused = restrain::failed(session, false);
    let route = match refused {
        Some(_) => Route::Decline,
        None => after_failed_authentication(&out.card, flow.reader),
    };
    let severity = match route {
        Route::Online => Severity::Degraded,
        Route::OtherInterface => Severity::Fatal,
        Route::Decline => Severity::Decline,
    };
    session.report_all(findings.into_iter().map(|finding| finding.severity(severity)));
    session.report(summary(out, flow).severity(severity));
    session.report_all(refused.map(|finding| finding.severity(Severity::Decline)));
    match route {
        Route::Online => flow.online_required = true,
        Route::Decline => flow.decline_required = true,
        Route::OtherInterface => {
            return Err(try_another_interface(MessageId::InsertCard, AlternateInterface::ContactChip).into());
        }
    }
    Ok(())
}

/// That fDDA failed, with what decided where to go then.
fn summary(out: &Outcome, flow: &Flow<'_>) -> Finding {
    let own = |tag: Tag| match out.card.value(tag) {
        Some(value) => Evidence::found(Fact::DataObject, value).at(out.card.place(tag)),
        None => Evidence::missing(Fact::DataObject, tag),
    };
    let reader = Evidence::found(Fact::TerminalMethods, flow.reader.0).in_tag(tag::k3::TTQ_9F66);
    let voucher = Evidence::found(Fact::VouchedBy, Voucher::of(out, CTQ_9F6C).id());
    Finding::new(Reason::C3FddaFailed).with(own(CTQ_9F6C)).with(voucher).with(reader)
}
