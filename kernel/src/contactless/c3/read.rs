//! Read application data (`EMV Contactless Book C-3, 5.3`), and what is checked once the card may go (5.4).

use apdu::{
    Card, Command, Tag,
    dictionary::{FormatFault, lookup},
    tag,
    tag::k3::CTQ_9F6C,
    value::{
        Cid, CryptogramType, Pan, Track2, Ttq,
        afl::{Afl, Cause},
        ttq,
    },
};

use super::{
    CONTEXT, Flow,
    initiate::{keep, msd_alone, only_template, status_error},
    outcome::{end, try_again},
};
use crate::{
    contact::{complete::card_results, read::SignedRecords},
    contactless::{combination::Combination, kernel::Exit, outcome::L2, vouch::vouched},
    finding::{Evidence, Fact, Finding, Place, Reason, Severity},
    outcome::{Cryptogram, Outcome},
    point_of_sale::PointOfSale,
    session::{Reply, Session},
    store::CardData,
};

/// Reads every record of the AFL; without one everything came with the processing options. Gives the first object that
/// came twice; `twice` is the first so far.
///
/// # Errors
/// [`Exit`] with the outcome of an error of transmission, a status word, or a record that cannot be read.
pub(super) async fn read<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    mut twice: Option<Finding>,
) -> Result<Option<Finding>, Exit> {
    let locator = out.card.value(tag::AFL_94).unwrap_or_default().to_vec();
    let afl = match Afl::parse(&locator) {
        Ok(afl) => afl,
        Err(error) if error.cause == Cause::Empty => return Ok(twice),
        Err(error) => {
            let evidence = Evidence::found(Fact::FileLocator, &locator[..]).at(out.card.place(tag::AFL_94));
            let finding = Finding::new(Reason::AflInvalid).with(evidence.offset(error.offset));
            return Err(end(session, finding, L2::ParsingError));
        }
    };
    for entry in afl.entries() {
        for (number, is_signed) in entry.records() {
            let sent = session.exchange(&Command::read_record(entry.sfi, number)).await;
            let reply = sent.map_err(|no_reply| Exit::of(no_reply, try_again))?;
            let signed = is_signed.then_some(&mut out.signed_records);
            let repeated = take(session, &reply, (entry.sfi, number), &mut out.card, signed)?;
            twice = twice.or(repeated);
            session.afford(out.signed_records.footprint().saturating_add(out.card.footprint()))?;
        }
    }
    Ok(twice)
}

/// Takes one record: its objects, and its bytes where they are signed.
fn take<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    reply: &Reply,
    record: (u8, u8),
    card: &mut CardData,
    signed: Option<&mut SignedRecords>,
) -> Result<Option<Finding>, Exit> {
    let place = Place { record: Some(record), ..reply.place() };
    if !reply.status().is_ok() {
        let evidence = Evidence { place, ..reply.evidence() };
        return Err(status_error(session, Finding::new(Reason::RecSw).with(evidence), reply));
    }
    let taken = only_template(reply, tag::READ_RECORD_TEMPLATE_70).and_then(|value| {
        let payment_system_file = record.0 > 10;
        let covered = if payment_system_file { reply.data() } else { value };
        signed.into_iter().for_each(|signed| signed.bytes.extend_from_slice(covered));
        keep(value, place, card)
    });
    taken.map_err(|finding| end(session, finding, L2::ParsingError))
}

/// Without these there is no transaction (`EMV Contactless Book C-3, 5.4.2.1`).
const MANDATORY: [Tag; 5] = [
    tag::AIP_82,
    tag::ATC_9F36,
    tag::APPLICATION_CRYPTOGRAM_9F26,
    tag::ISSUER_APPLICATION_DATA_9F10,
    tag::TRACK_2_EQUIVALENT_DATA_57,
];

/// What the kernel decides by, and therefore wants to be well formed.
const USED: [Tag; 10] = [
    tag::AIP_82,
    tag::ATC_9F36,
    tag::APPLICATION_CRYPTOGRAM_9F26,
    tag::ISSUER_APPLICATION_DATA_9F10,
    tag::TRACK_2_EQUIVALENT_DATA_57,
    tag::PAN_5A,
    tag::PAN_SEQUENCE_NUMBER_5F34,
    tag::APPLICATION_EXPIRATION_DATE_5F24,
    tag::CRYPTOGRAM_INFORMATION_DATA_9F27,
    CTQ_9F6C,
];

/// The checks after reading (`EMV Contactless Book C-3, 5.4.2`), and what the card decided (5.4.3).
///
/// # Errors
/// [`Exit`] when the data cannot be used.
pub(super) fn complete<'a, C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    twice: Option<Finding>,
    combination: &'a Combination,
    reader: Ttq,
) -> Result<Flow<'a>, Exit> {
    mandatory(&out.card).map_err(|finding| end(session, finding, L2::CardDataMissing))?;
    twice.map_or(Ok(()), Err).map_err(|finding| end(session, finding, L2::CardDataError))?;
    let checked = USED.into_iter().try_for_each(|tag| format(&out.card, tag)).and_then(|()| one_card(&out.card));
    let decided = checked.and_then(|()| decision(&out.card));
    let cid = decided.map_err(|finding| end(session, finding, L2::CardDataError))?;
    keep_cryptogram(out, cid, reader);
    let cryptogram = cid.cryptogram_type();
    let decline_required = !matches!(cryptogram, CryptogramType::Tc | CryptogramType::Arqc);
    if decline_required {
        refused(session, out, cid);
    }
    let wanted_online = reader.has(ttq::ONLINE_CRYPTOGRAM_REQUIRED);
    if wanted_online && cryptogram == CryptogramType::Tc {
        session.report(unasked(&out.card, cid, reader));
    }
    let online_required = cryptogram == CryptogramType::Arqc || wanted_online;
    Ok(Flow { combination, reader, cryptogram, online_required, decline_required })
}

fn mandatory(card: &CardData) -> Result<(), Finding> {
    if let Some(finding) = msd_alone(card) {
        return Err(finding);
    }
    let missing = MANDATORY.into_iter().filter(|tag| !card.has(*tag));
    let evidence = missing.map(|tag| Evidence::missing(Fact::DataObject, tag));
    let finding = evidence.fold(Finding::new(Reason::KMandatoryMissing), Finding::with);
    if finding.evidence.is_empty() { Ok(()) } else { Err(finding) }
}

fn format(card: &CardData, tag: Tag) -> Result<(), Finding> {
    let (Some(value), Some(entry)) = (card.value(tag), lookup(tag, CONTEXT)) else { return Ok(()) };
    entry.check(value).map_err(|error| {
        let offset = match error.fault {
            FormatFault::NotDigits { offset }
            | FormatFault::NotCompressed { offset }
            | FormatFault::Character { offset } => offset,
            _ => 0,
        };
        let evidence = Evidence::found(Fact::Length, value.len()).at(card.place(tag));
        Finding::new(Reason::DataFormat).with(evidence.offset(offset))
    })
}

/// Track 2 and the card number beside it are of one card.
fn one_card(card: &CardData) -> Result<(), Finding> {
    let place = card.place(tag::TRACK_2_EQUIVALENT_DATA_57);
    let track = card.value(tag::TRACK_2_EQUIVALENT_DATA_57).unwrap_or_default();
    let length = || Evidence::found(Fact::Length, track.len()).at(place);
    let track = Track2::from_bytes(track).map_err(|_| Finding::new(Reason::DataFormat).with(length()))?;
    let Some(pan) = card.value(tag::PAN_5A) else { return Ok(()) };
    match Pan::from_compressed(pan) {
        Ok(pan) if pan == track.pan => Ok(()),
        Ok(pan) => {
            let evidence = Evidence::compared(Fact::CardNumber, pan, track.pan).at(place);
            Err(Finding::new(Reason::CardTrack2PanMismatch).with(evidence))
        }
        Err(_) => {
            let evidence = Evidence::found(Fact::CardNumber, "not-a-card-number").at(card.place(tag::PAN_5A));
            Err(Finding::new(Reason::DataFormat).with(evidence))
        }
    }
}

/// Where the card's decision stands in the issuer application data of Visa's layouts, and what it is moved by.
const DECISION_AT: usize = 4;

/// The cryptogram information, or what it would be by the issuer application data (`EMV Contactless Book C-3, 5.4.3.1`).
fn decision(card: &CardData) -> Result<Cid, Finding> {
    if let Some([cid]) = card.array(tag::CRYPTOGRAM_INFORMATION_DATA_9F27) {
        return Ok(Cid(cid));
    }
    let data = card.value(tag::ISSUER_APPLICATION_DATA_9F10).unwrap_or_default();
    let results = data.get(DECISION_AT).ok_or_else(|| {
        let evidence = Evidence::found(Fact::Length, data.len()).at(card.place(tag::ISSUER_APPLICATION_DATA_9F10));
        Finding::new(Reason::DataFormat)
            .with(evidence)
            .with(Evidence::missing(Fact::DataObject, tag::CRYPTOGRAM_INFORMATION_DATA_9F27))
    })?;
    Ok(Cid((results & 0x30) << 2))
}

/// Keeps the cryptogram. The card decides by itself: what it was asked for is what the terminal transaction qualifiers
/// say.
fn keep_cryptogram(out: &mut Outcome, cid: Cid, reader: Ttq) {
    let wanted_online = reader.has(ttq::ONLINE_CRYPTOGRAM_REQUIRED);
    let asked = if wanted_online { CryptogramType::Arqc } else { CryptogramType::Tc };
    out.cryptograms.push(Cryptogram {
        asked,
        signature_asked: false,
        cid,
        cryptogram: out.card.array(tag::APPLICATION_CRYPTOGRAM_9F26),
        atc: out.card.array(tag::ATC_9F36).unwrap_or_default(),
        issuer_data: out.card.value(tag::ISSUER_APPLICATION_DATA_9F10).unwrap_or_default().to_vec(),
    });
}

/// The card's own decline, and what its results say about it.
fn refused<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome, cid: Cid) {
    let given = Evidence::found(Fact::CryptogramGiven, [cid.0]).at(place_of_decision(&out.card));
    let finding = Finding::new(Reason::CardDeclinedFirstGac).severity(Severity::Decline).with(given);
    session.report(vouched(finding, out));
    let told = out.cryptograms.last().map(|last| card_results::reasons(last, &out.aid)).unwrap_or_default();
    told.into_iter().for_each(|finding| session.report_or_confirm(finding));
}

fn place_of_decision(card: &CardData) -> Place {
    let own = tag::CRYPTOGRAM_INFORMATION_DATA_9F27;
    if card.has(own) { card.place(own) } else { card.place(tag::ISSUER_APPLICATION_DATA_9F10) }
}

/// A TC where only an online cryptogram was acceptable: the transaction goes online with it.
fn unasked(card: &CardData, cid: Cid, reader: Ttq) -> Finding {
    let given = Evidence::found(Fact::CryptogramGiven, [cid.0]).at(place_of_decision(card));
    let asked = Evidence::found(Fact::TerminalMethods, reader.0).in_tag(tag::k3::TTQ_9F66);
    Finding::new(Reason::KCidInconsistent).severity(Severity::Info).with(given).with(asked)
}
