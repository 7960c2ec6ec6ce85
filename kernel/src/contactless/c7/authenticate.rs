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
    Course,
    initiate::{Reader, sm_not_announced},
    outcome,
};
use crate::{
    contactless::{
        ctq::{self, Route},
        kernel::Exit,
    },
    finding::{Evidence, Fact, Finding, Place, Reason},
    oda::{
        Chain, ChainReport, IccDynamicNumber, Purpose,
        fdda::{FastDda, SignedFor},
    },
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
        Course::Online => return Ok(course),
    };
    let mut chain = ChainReport::default();
    let result = fast_dda(session, out, signed_for, &mut chain);
    out.chain = chain;
    match result {
        Ok(number) => {
            out.card.put(tag::ICC_DYNAMIC_NUMBER_9F4C, number.as_bytes(), Place::default());
            Ok(course)
        }
        Err(findings) => {
            session.report_all(findings);
            failed(session, &out.card, reader, course)
        }
    }
}

fn fast_dda<C: Card, P: PointOfSale>(
    session: &Session<'_, C, P>,
    out: &Outcome,
    signed_for: SignedFor,
    report: &mut ChainReport,
) -> Result<IccDynamicNumber, Vec<Finding>> {
    if let Some(evidence) = national_certificate(&out.card) {
        let finding = Finding::new(Reason::C7SmNotSupported).with(evidence);
        return Err([finding].into_iter().chain(sm_not_announced(&out.terminal)).collect());
    }
    let terminal = session.terminal;
    let chain = Chain {
        card: &out.card,
        rid: out.aid.first_chunk().copied().unwrap_or_default(),
        keys: &terminal.keys,
        revocations: &terminal.revocations,
        today: session.transaction.date,
        purpose: Purpose::FastDda,
    };
    let (records, uncoded) = (out.signed_records.bytes.as_slice(), out.signed_records.not_a_template);
    let fast_dda = FastDda { chain, terminal: &out.terminal, records, uncoded, related_data: RELATED_DATA, signed_for };
    fast_dda.authenticate(report)
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

/// Authentication has failed (`EMV Contactless Book C-7, 4.3.3`): the card's wish decides, unless the issuer decides anyhow.
fn failed<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    card: &CardData,
    reader: &Reader,
    course: Course,
) -> Result<Course, Exit> {
    let wishes = match card.value(k7::CTQ_9F6C) {
        Some(wishes) => Evidence::found(Fact::DataObject, wishes).at(card.place(k7::CTQ_9F6C)),
        None => Evidence::missing(Fact::DataObject, k7::CTQ_9F6C),
    };
    let finding = Finding::new(Reason::C3FddaFailed).with(wishes);
    match ctq::after_failed_authentication(card, reader.ttq) {
        _ if course == Course::Online => session.report(finding),
        Route::Online => session.report(finding),
        Route::Decline => return Err(outcome::declined(session, finding)),
        Route::OtherInterface => {
            session.report(finding.fatal());
            return Err(outcome::other_interface(reader).into());
        }
    }
    Ok(Course::Online)
}
