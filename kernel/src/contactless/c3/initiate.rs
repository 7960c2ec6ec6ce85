//! Initiate application processing (`EMV Contactless Book C-3, 4.1, 4.4 and 5.2`).

use alloc::vec::Vec;

use apdu::{Bit, Bits, Card, Command, Dol, Tag, tag, tlv, value::Aip};

use super::{
    CONTEXT,
    outcome::{end, try_again, try_another_interface},
};
use crate::{
    contactless::{
        kernel::Exit,
        outcome::{AlternateInterface, L2, MessageId, OutcomeKind, Start, Status, TapOutcome},
    },
    finding::{Evidence, Fact, Finding, Place, Reason},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::{Reply, Session},
    store::{
        CardData,
        keep::{Failure, keep_objects},
    },
    terminal::data::dol_values_in,
};

/// For how long the field goes off when the cardholder is to look at the phone, in units of 100 ms; 10 to 20 may be.
const SEE_PHONE_FIELD_OFF: u8 = 13;

/// The card can do magnetic stripe data, the mode that was withdrawn from the Book.
const MSD: Bit = Bit::new(2, 8);

/// Keeps the objects of the FCI. What cannot be read has been refused by Entry Point.
pub(super) fn keep_fci(reply: &Reply, card: &mut CardData) {
    let fci = reply.object(tag::FCI_TEMPLATE_6F).unwrap_or_default();
    // The FCI's own repetitions decide nothing here.
    let _ = keep_objects(fci, reply.place(), CONTEXT, card);
}

/// Sends GET PROCESSING OPTIONS and keeps what the card answers; gives the first object that came twice, which is looked
/// at when the card has been read.
///
/// # Errors
/// [`Exit`] with the outcome of an error of transmission, a status word, or an answer that cannot be read.
pub(super) async fn initiate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
) -> Result<Option<Finding>, Exit> {
    let values = match pdol_values(out) {
        Ok(values) => values,
        Err(finding) => return Err(end(session, finding, L2::ParsingError)),
    };
    let mut field = Vec::with_capacity(values.len().saturating_add(3));
    tlv::write(&mut field, tag::COMMAND_TEMPLATE_83, &values);
    let sent = session.exchange_built(Command::get_processing_options(&field), Reason::GpoPdolLength).await;
    let reply = sent.map_err(|no_reply| Exit::of(no_reply, try_again))?;
    if !reply.status().is_ok() {
        return Err(refused(session, &reply, values.len()));
    }
    take(&reply, &mut out.card).map_err(|finding| end(session, finding, L2::ParsingError))
}

/// What the PDOL asks for; zeros for what is not known.
fn pdol_values(out: &Outcome) -> Result<Vec<u8>, Finding> {
    let list = out.card.value(tag::PDOL_9F38).unwrap_or_default();
    let dol = Dol::parse(list).map_err(|error| {
        let evidence = Evidence::found(Fact::DataObjectList, list).at(out.card.place(tag::PDOL_9F38));
        Finding::new(Reason::KTemplateError).with(evidence.offset(error.offset))
    })?;
    Ok(dol_values_in(CONTEXT, &dol, &out.terminal, None))
}

/// What each status word means (`EMV Contactless Book C-3, 5.2.2`).
fn refused<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, reply: &Reply, sent: usize) -> Exit {
    let finding = |reason| Finding::new(reason).with(reply.evidence());
    match reply.status().0 {
        0x6984 => {
            session.report(finding(Reason::KGpo6984OtherInterface).fatal());
            try_another_interface(MessageId::InsertOrSwipe, AlternateInterface::NotApplicable).into()
        }
        0x6985 => {
            session.report(finding(Reason::KGpo6985));
            TapOutcome::new(OutcomeKind::SelectNext).start(Start::C).into()
        }
        0x6986 => {
            session.report(finding(Reason::KGpo6986SeePhone));
            see_phone().into()
        }
        0x6700 | 0x6A80 => {
            let length = Evidence::found(Fact::Length, sent).in_tag(tag::PDOL_9F38);
            status_error(session, finding(Reason::GpoPdolLength).with(length), reply)
        }
        _ => status_error(session, finding(Reason::GpoSw), reply),
    }
}

/// End Application, with the status word behind it.
pub(super) fn status_error<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    finding: Finding,
    reply: &Reply,
) -> Exit {
    let mut exit = end(session, finding, L2::StatusBytes);
    if let Exit::Outcome(outcome) = &mut exit {
        outcome.error.status = Some(reply.status());
    }
    exit
}

/// The phone wants its owner's consent first.
fn see_phone() -> TapOutcome {
    TapOutcome {
        field_off: Some(SEE_PHONE_FIELD_OFF),
        ..TapOutcome::new(OutcomeKind::TryAgain)
            .start(Start::B)
            .shows(MessageId::SeePhone, Status::ProcessingError)
            .shows_on_restart(MessageId::SeePhone, Status::ReadyToRead)
    }
}

/// Keeps the objects of the answer; only format 2 is known here.
fn take(reply: &Reply, card: &mut CardData) -> Result<Option<Finding>, Finding> {
    let answer = only_template(reply, tag::RESPONSE_FORMAT_2_77).map_err(|error| old_mode(reply).unwrap_or(error))?;
    keep(answer, reply.place(), card)
}

/// Keeps the objects of `value`; gives the first one that was there before.
pub(super) fn keep(value: &[u8], place: Place, card: &mut CardData) -> Result<Option<Finding>, Finding> {
    let finding = |failure: Failure| failure.finding(Reason::KTemplateError, Reason::KDuplicateTag, place);
    match keep_objects(value, place, CONTEXT, card) {
        Ok(()) => Ok(None),
        Err(twice @ Failure::Twice(..)) => Ok(Some(finding(twice))),
        Err(failure @ Failure::Tlv(_)) => Err(finding(failure)),
    }
}

/// The value of the template that the whole answer is.
pub(super) fn only_template(reply: &Reply, wanted: Tag) -> Result<&[u8], Finding> {
    let wrong = |evidence: Evidence| Finding::new(Reason::KTemplateError).with(evidence.at(reply.place()));
    let mut objects = tlv::Reader::strict(reply.data());
    match objects.next() {
        Some(Ok(template)) if template.tag != wanted => {
            Err(wrong(Evidence::compared(Fact::Template, wanted, template.tag)))
        }
        Some(Ok(template)) if objects.next().is_none() => Ok(template.value),
        Some(Ok(template)) => {
            let lengths = Evidence::compared(Fact::Length, template.raw.len(), reply.data().len());
            Err(wrong(lengths.offset(template.raw.len())))
        }
        Some(Err(error)) => Err(wrong(Evidence::found(Fact::TlvError, reply.data()).offset(error.offset))),
        None => Err(wrong(Evidence::missing(Fact::Template, wanted))),
    }
}

/// An answer of format 1 from a card that can do magnetic stripe data.
fn old_mode(reply: &Reply) -> Option<Finding> {
    let profile: Aip = Bits(*reply.object(tag::RESPONSE_FORMAT_1_80)?.first_chunk()?);
    profile.has(MSD).then(|| msd(profile, Evidence::found(Fact::Template, tag::RESPONSE_FORMAT_1_80).at(reply.place())))
}

/// The finding for a card that answers with magnetic stripe data alone, when its profile says that this is what it does.
pub(super) fn msd_alone(card: &CardData) -> Option<Finding> {
    let profile: Aip = Bits(card.array(tag::AIP_82)?);
    let has_no_cryptogram = !card.has(tag::APPLICATION_CRYPTOGRAM_9F26);
    let missing = Evidence::missing(Fact::DataObject, tag::APPLICATION_CRYPTOGRAM_9F26);
    (profile.has(MSD) && has_no_cryptogram).then(|| msd(profile, missing))
}

fn msd(profile: Aip, evidence: Evidence) -> Finding {
    let methods = Evidence::found(Fact::CardMethods, profile.0).in_tag(tag::AIP_82);
    Finding::new(Reason::C3MsdNotSupported).with(methods).with(evidence)
}
