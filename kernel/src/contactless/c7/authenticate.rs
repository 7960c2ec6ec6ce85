//! Offline data authentication (`EMV Contactless Book C-7, 4.3`): fDDA of version 01 with RSA. For an online authorisation
//! it is for the reader's own use and changes nothing.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use apdu::{
    Card,
    tag::{self, k7},
    value::ttq,
};

use super::{
    Course, electronic_cash,
    initiate::{Reader, sm_not_announced},
    outcome,
};
use crate::{
    contactless::{
        ctq::{Route, after_failed_authentication},
        fast_dda,
        kernel::Exit,
        restrain,
    },
    finding::{Evidence, Fact, Finding, Reason, Severity},
    oda::fdda::SignedFor,
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
    store::CardData,
};

/// How long card authentication related data (`9F69`) are with this kernel.
const RELATED_DATA: RangeInclusive<usize> = 8..=16;

/// Authenticates the card, and says where the transaction goes then.
///
/// # Errors
/// [`Exit`] when authentication has failed and the card's wishes lead to the contacts or nowhere.
pub fn authenticate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    reader: &Reader,
    course: Course,
) -> Result<Course, Exit> {
    let signed = out.card.has(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    let signed_for = match course {
        Course::Offline => SignedFor::OfflineApproval,
        Course::Online if signed && reader.ttq.has(ttq::ODA_FOR_ONLINE) => SignedFor::OnlineAuthorisation,
        Course::Online => {
            restrain::online_unsigned(session);
            return Ok(course);
        }
    };
    match (fast_dda(session, out, signed_for), course) {
        (Ok(()), _) => authenticated(session, out, course),
        // The result is for whoever runs the reader, such as a gate: the transaction goes its way.
        (Err(findings), Course::Online) => {
            session.report_all(findings.into_iter().map(|finding| finding.severity(Severity::Info)));
            restrain::failed(session, true).map_or(Ok(course), |finding| Err(outcome::declined(session, finding)))
        }
        (Err(findings), Course::Offline) => failed(session, out, reader, findings),
    }
}

/// What the policy makes of a card whose signature is right.
fn authenticated<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    course: Course,
) -> Result<Course, Exit> {
    if let Some(finding) = restrain::keys(session, out) {
        return Err(outcome::declined(session, finding));
    }
    match restrain::offline_approval(session).filter(|_| course == Course::Offline) {
        // A purse has paid already: the issuer is not asked for the same money once more.
        Some(finding) if electronic_cash::available(&out.card).is_some() => Err(outcome::declined(session, finding)),
        Some(finding) => {
            session.report(finding);
            Ok(Course::Online)
        }
        None => Ok(course),
    }
}

fn fast_dda<C: Card, P: PointOfSale>(
    session: &Session<'_, C, P>,
    out: &mut Outcome,
    signed_for: SignedFor,
) -> Result<(), Vec<Finding>> {
    if let Some(evidence) = national_certificate(&out.card) {
        let finding = Finding::new(Reason::C7SmNotSupported).with(evidence);
        return Err([finding].into_iter().chain(sm_not_announced(&out.terminal)).collect());
    }
    fast_dda::authenticate(session, out, RELATED_DATA, signed_for)
}

/// Format byte and length of an issuer certificate of the national algorithms (JR/T 0025.7).
const NATIONAL_CERTIFICATE: (u8, usize) = (0x12, 142);

/// The issuer certificate (`90`), where it is one of the national algorithms: those are not encrypted, so that their format
/// can be seen.
fn national_certificate(card: &CardData) -> Option<Evidence> {
    let certificate = card.value(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90)?;
    let format = *certificate.first()?;
    let is_national = (format, certificate.len()) == NATIONAL_CERTIFICATE;
    is_national.then(|| {
        let evidence = Evidence::found(Fact::KeyAlgorithm, [format]);
        evidence.at(card.place(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90)).offset(0)
    })
}

/// Authentication has failed (`EMV Contactless Book C-7, 4.3.3`): the card's wish decides.
fn failed<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    reader: &Reader,
    findings: Vec<Finding>,
) -> Result<Course, Exit> {
    let refused = restrain::failed(session, false);
    let route = match refused {
        Some(_) => Route::Decline,
        None => after_failed_authentication(&out.card, reader.ttq),
    };
    let severity = match route {
        Route::Online => Severity::Degraded,
        Route::OtherInterface => Severity::Fatal,
        Route::Decline => Severity::Decline,
    };
    let finding = summary(&out.card, reader);
    session.report_all(findings.into_iter().map(|finding| match finding.severity {
        Severity::Info => finding,
        _ => finding.severity(severity),
    }));
    match route {
        Route::Online => {
            session.report(finding);
            Ok(Course::Online)
        }
        Route::OtherInterface => {
            session.report(finding.fatal());
            Err(outcome::other_interface(reader).into())
        }
        Route::Decline => {
            session.report_all(refused.map(|finding| finding.severity(Severity::Decline)));
            Err(outcome::declined(session, finding))
        }
    }
}

/// That fDDA failed, with what decided where to go then.
fn summary(card: &CardData, reader: &Reader) -> Finding {
    let wishes = match card.value(k7::CTQ_9F6C) {
        Some(wishes) => Evidence::found(Fact::DataObject, wishes).at(card.place(k7::CTQ_9F6C)),
        None => Evidence::missing(Fact::DataObject, k7::CTQ_9F6C),
    };
    let reader = Evidence::found(Fact::TerminalMethods, reader.ttq.0).in_tag(k7::TTQ_9F66);
    Finding::new(Reason::C3FddaFailed).with(wishes).with(reader)
}
