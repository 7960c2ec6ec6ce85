//! Initiate application processing (`EMV Contactless Book C-7, 3.2 and 4.1`): one command, whose answer already holds the
//! card's decision.

use alloc::vec::Vec;

use apdu::{
    Bits, Card, Command, Dol, Tag,
    dictionary::lookup,
    tag::{self, k7},
    tlv,
    value::{Cid, CryptogramType, Ttq, terminal_capabilities, ttq},
};

use super::{CONTEXT, Course, electronic_cash, outcome};
use crate::{
    contactless::{
        kernel::{Exit, Started},
        restrain,
        vouch::vouched,
    },
    finding::{Certainty, Evidence, Fact, Finding, Place, Reason, Severity},
    outcome::{Cryptogram, Outcome},
    point_of_sale::PointOfSale,
    session::{Reply, Session},
    store::{
        CardData, TerminalData,
        keep::{Failure, keep_objects},
    },
};

/// The reader's side of every decision.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Terminal transaction qualifiers, as the kernel sends them.
    pub ttq: Ttq,
    /// It reads magnetic stripes as well.
    pub stripe: bool,
    /// Amount authorised, minor units.
    pub amount: u64,
    /// Up to this amount neither PIN nor signature is taken.
    pub cvm_exempt_limit: Option<u64>,
}

impl Reader {
    /// The reader of this transaction. Of the third byte of its qualifiers only the device's own verification counts, and
    /// fDDA is always of version 01 (`EMV Contactless Book C-7, 4.1.1`).
    pub fn new<C: Card, P: PointOfSale>(session: &Session<'_, C, P>, started: &Started<'_>) -> Self {
        let configured = started.indicators.ttq.unwrap_or_default();
        let Bits([first, second, ..]) = configured;
        let mut ttq = Bits([first, second, 0, 0]).with(ttq::FDDA_VERSION_1);
        if configured.has(ttq::CONSUMER_DEVICE_CVM) {
            ttq.set(ttq::CONSUMER_DEVICE_CVM);
        }
        let ttq = restrain::qualifiers(session.terminal.policy, ttq);
        Self {
            ttq,
            stripe: session.terminal.capabilities.has(terminal_capabilities::MAGNETIC_STRIPE),
            amount: session.transaction.amount,
            cvm_exempt_limit: started.combination.options.cvm_exempt_limit,
        }
    }

    /// Puts what the card is told about the reader among the terminal's data.
    pub fn announce(&self, out: &mut Outcome) {
        out.terminal.put(k7::TTQ_9F66, &self.ttq.0, Place::default());
        electronic_cash::offer(&mut out.terminal, self.amount);
    }
}

/// What the card answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Initiated {
    /// Its decision.
    pub cryptogram: CryptogramType,
    /// How many records an interrupted payment had given before; `None` for a payment that was not interrupted.
    pub already: Option<usize>,
}

impl Initiated {
    /// An interrupted payment that goes on; only what was approved offline can be one.
    pub const fn again(already: usize) -> Self {
        Self { cryptogram: CryptogramType::Tc, already: Some(already) }
    }
}

/// Sends GET PROCESSING OPTIONS and takes the card's decision.
///
/// # Errors
/// [`Exit`] when the list of the card, its refusal or its answer end this tap.
pub async fn initiate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &Started<'_>,
    reader: &Reader,
) -> Result<Initiated, Exit> {
    let list = started.selected.value(tag::PDOL_9F38).unwrap_or_default();
    let list = match Dol::parse(list) {
        Ok(list) if list.contains(k7::TTQ_9F66) => list,
        _ => return Err(without_qualifiers(session, started)),
    };
    let mut values = Vec::with_capacity(list.total_length());
    list.fill_in(CONTEXT, &mut values, |tag| out.terminal.value(tag));
    let mut field = Vec::with_capacity(values.len().saturating_add(3));
    tlv::write(&mut field, tag::COMMAND_TEMPLATE_83, &values);
    let command = Command::get_processing_options(&field);
    let reply = session.exchange_built(command, Reason::GpoPdolLength).await;
    let reply = reply.map_err(|none| Exit::of(none, outcome::try_again))?;
    if !reply.status().is_ok() {
        return Err(refused(session, out, reader, &reply, &list));
    }
    let taken = take(&reply, started, &mut out.card).and_then(|()| decide(&out.card, reader));
    let cryptogram = taken.map_err(|finding| outcome::ended(session, finding))?;
    inconsistent(session, out, cryptogram);
    write_down(out, reader, cryptogram);
    Ok(Initiated { cryptogram, already: None })
}

/// A card that does not ask for the reader's qualifiers is none for this kernel.
fn without_qualifiers<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, started: &Started<'_>) -> Exit {
    let evidence = Evidence::missing(Fact::DataObject, k7::TTQ_9F66).in_tag(tag::PDOL_9F38);
    session.report(
        Finding::new(Reason::KMandatoryMissing)
            .with(evidence.at(Place { tag: Some(tag::PDOL_9F38), ..started.selected.reply.place() })),
    );
    outcome::select_next().into()
}

/// What a status word other than 9000 leads to.
fn refused<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    reader: &Reader,
    reply: &Reply,
    list: &Dol<'_>,
) -> Exit {
    let (reason, severity) = match reply.status().0 {
        0x6986 => (Reason::KGpo6986SeePhone, Severity::Degraded),
        0x6984 => (Reason::KGpo6984OtherInterface, Severity::Fatal),
        0x6985 => (Reason::KGpo6985, Severity::Fatal),
        _ => (Reason::GpoSw, Severity::Fatal),
    };
    session.report(Finding::new(reason).severity(severity).with(reply.evidence()));
    if severity == Severity::Degraded {
        return outcome::see_phone().into();
    }
    if list.contains(k7::SM_INDICATOR_DF69) {
        session.report_all(sm_not_announced(&out.terminal).map(|finding| finding.certainty(Certainty::Hint)));
    }
    outcome::other_interface(reader).into()
}

/// The indicator with which a terminal offers the national algorithms, where it does not.
pub(super) fn sm_not_announced(terminal: &TerminalData) -> Option<Finding> {
    let sent = terminal.array::<1>(k7::SM_INDICATOR_DF69);
    let evidence = match sent {
        Some([0x01]) => return None,
        Some(other) => Evidence::compared(Fact::DataObject, [0x01], other),
        None => Evidence::missing(Fact::DataObject, k7::SM_INDICATOR_DF69),
    };
    let finding = Finding::new(Reason::C7SmIndicatorMissing).severity(Severity::Info);
    Some(finding.with(evidence.in_tag(k7::SM_INDICATOR_DF69)))
}

/// The value of the one template `wanted` that makes up the whole answer.
pub(super) fn whole_template(reply: &Reply, place: Place, wanted: Tag) -> Result<&[u8], Finding> {
    let wrong = |evidence: Evidence| Finding::new(Reason::KTemplateError).with(evidence);
    let mut objects = tlv::Reader::strict(reply.data());
    let broken =
        |error: tlv::Error| wrong(Evidence::found(Fact::TlvError, error.offset).at(place).offset(error.offset));
    match (objects.next(), objects.next()) {
        (Some(Ok(template)), None) if template.tag == wanted => Ok(template.value),
        (Some(Ok(template)), Some(_)) if template.tag == wanted => {
            Err(wrong(Evidence::compared(Fact::Length, template.raw.len(), reply.data().len()).at(place)))
        }
        (Some(Ok(other)), _) => Err(wrong(Evidence::compared(Fact::Template, wanted, other.tag).at(place))),
        (Some(Err(error)), _) => Err(broken(error)),
        (None, _) => Err(wrong(Evidence::missing(Fact::Template, wanted).at(place))),
    }
}

/// Keeps what came with SELECT and with the answer.
fn take(reply: &Reply, started: &Started<'_>, card: &mut CardData) -> Result<(), Finding> {
    let place = started.selected.reply.place();
    for tag in [tag::DF_NAME_84, tag::APPLICATION_LABEL_50, tag::LANGUAGE_PREFERENCE_5F2D, tag::PDOL_9F38] {
        started.selected.value(tag).into_iter().for_each(|value| card.put(tag, value, place));
    }
    let value = whole_template(reply, reply.place(), tag::RESPONSE_FORMAT_2_77)?;
    keep_objects(value, reply.place(), CONTEXT, card).map_err(|failure| unusable(failure, reply.place()))
}

/// Why objects of an answer could not be kept.
pub(super) fn unusable(failure: Failure, place: Place) -> Finding {
    failure.finding(Reason::KTemplateError, Reason::KDuplicateTag, place)
}

/// What has to be in the answer whatever was decided (`EMV Contactless Book C-7, 4.1`, table M).
const MANDATORY: [Tag; 4] =
    [tag::AIP_82, tag::ATC_9F36, tag::APPLICATION_CRYPTOGRAM_9F26, tag::ISSUER_APPLICATION_DATA_9F10];

/// The card's decision, when everything it needs is there and has its format.
fn decide(card: &CardData, reader: &Reader) -> Result<CryptogramType, Finding> {
    require(card, &MANDATORY).map_err(|finding| other_mode(finding, card, reader))?;
    let cryptogram = announced(card).cryptogram_type();
    match cryptogram {
        CryptogramType::Tc if !card.has(tag::AFL_94) => {
            Err(Finding::new(Reason::KAflMissing).with(Evidence::missing(Fact::FileLocator, tag::AFL_94)))
        }
        CryptogramType::Tc => Ok(cryptogram),
        _ => require(card, &[tag::TRACK_2_EQUIVALENT_DATA_57]).map(|()| cryptogram),
    }
}

/// Those of `tags` that are missing, or have a format they cannot have.
pub(super) fn require(card: &CardData, tags: &[Tag]) -> Result<(), Finding> {
    tags.iter().try_for_each(|tag| {
        let missing = || Finding::new(Reason::KMandatoryMissing).with(Evidence::missing(Fact::DataObject, *tag));
        let value = card.value(*tag).ok_or_else(missing)?;
        let right = lookup(*tag, CONTEXT).is_none_or(|entry| entry.check(value).is_ok());
        let evidence = || Evidence::found(Fact::Length, value.len()).at(card.place(*tag));
        if right { Ok(()) } else { Err(Finding::new(Reason::DataFormat).with(evidence())) }
    })
}

/// An answer without a cryptogram is one to another mode than this kernel's.
fn other_mode(finding: Finding, card: &CardData, reader: &Reader) -> Finding {
    if card.has(tag::APPLICATION_CRYPTOGRAM_9F26) || reader.ttq.has(ttq::EMV_MODE) {
        return finding;
    }
    let evidence = Evidence::found(Fact::TerminalMethods, reader.ttq.0).in_tag(k7::TTQ_9F66);
    Finding { reason: Reason::KModeNotSupported, ..finding }.with(evidence)
}

/// The cryptogram information data: the card's own, or made from its verification results.
fn announced(card: &CardData) -> Cid {
    let own = card.array(tag::CRYPTOGRAM_INFORMATION_DATA_9F27).map(|[byte]| Cid(byte));
    own.or_else(|| from_results(card)).unwrap_or(Cid(0))
}

/// Where the card's decision stands.
pub(super) fn place_of_decision(card: &CardData) -> Place {
    if card.has(tag::CRYPTOGRAM_INFORMATION_DATA_9F27) {
        card.place(tag::CRYPTOGRAM_INFORMATION_DATA_9F27)
    } else {
        Place { offset: Some(4), ..card.place(tag::ISSUER_APPLICATION_DATA_9F10) }
    }
}

/// Bits 6 and 5 of the second byte of the card verification results say which cryptogram came first.
fn from_results(card: &CardData) -> Option<Cid> {
    let data = card.value(tag::ISSUER_APPLICATION_DATA_9F10)?;
    data.get(4).map(|results| Cid((results << 2) & 0xC0))
}

/// The decision the card announces is covered by nothing; its verification results are, by the cryptogram. That both say
/// the same can be seen here already.
fn inconsistent<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome, cryptogram: CryptogramType) {
    let told = from_results(&out.card).filter(|told| told.cryptogram_type() != cryptogram);
    let own = out.card.array::<1>(tag::CRYPTOGRAM_INFORMATION_DATA_9F27);
    if let (Some(told), Some(own)) = (told, own) {
        let evidence = Evidence::compared(Fact::CryptogramInformation, [told.0], own);
        let finding = Finding::new(Reason::KCidInconsistent).with(evidence.at(place_of_decision(&out.card)));
        session.report(vouched(finding, out));
    }
}

/// A TC where the reader wanted an ARQC is not taken: no record is read, so that nothing is taken from the card either.
///
/// # Errors
/// [`Exit`] with a decline.
pub(super) fn candidate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    reader: &Reader,
) -> Result<Course, Exit> {
    if !reader.ttq.has(ttq::ONLINE_CRYPTOGRAM_REQUIRED) {
        return Ok(Course::Offline);
    }
    let [asked, given] = [CryptogramType::Arqc, CryptogramType::Tc].map(|kind| [kind.bits()]);
    let evidence = Evidence::compared(Fact::CryptogramGiven, asked, given).at(place_of_decision(&out.card));
    outcome::card_read(session);
    Err(outcome::declined(session, vouched(Finding::new(Reason::KCidInconsistent).with(evidence), out)))
}

/// Keeps the cryptogram; the issuer gets the decision also where the card left it to be derived.
pub(super) fn write_down(out: &mut Outcome, reader: &Reader, cryptogram: CryptogramType) {
    let online = reader.ttq.has(ttq::ONLINE_CRYPTOGRAM_REQUIRED);
    let cid = announced(&out.card);
    if !out.card.has(tag::CRYPTOGRAM_INFORMATION_DATA_9F27) {
        out.terminal.put(tag::CRYPTOGRAM_INFORMATION_DATA_9F27, &[cryptogram.bits()], Place::default());
    }
    out.cryptograms.push(Cryptogram {
        asked: if online { CryptogramType::Arqc } else { CryptogramType::Tc },
        signature_asked: false,
        cid,
        cryptogram: out.card.array(tag::APPLICATION_CRYPTOGRAM_9F26),
        atc: out.card.array(tag::ATC_9F36).unwrap_or_default(),
        issuer_data: out.card.value(tag::ISSUER_APPLICATION_DATA_9F10).unwrap_or_default().to_vec(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::card_data;

    fn reader(ttq: [u8; 4]) -> Reader {
        Reader { ttq: Bits(ttq), stripe: false, amount: 0, cvm_exempt_limit: None }
    }

    fn decided(objects: &[(Tag, &str)]) -> Result<CryptogramType, Reason> {
        let mut card = card_data(&[
            (tag::AIP_82, "2000"),
            (tag::ATC_9F36, "0001"),
            (tag::APPLICATION_CRYPTOGRAM_9F26, "1122334455667788"),
        ]);
        let more = card_data(objects);
        more.iter().for_each(|(tag, value)| card.put(tag, value, Place::default()));
        decide(&card, &reader([0x36, 0, 0, 0x80])).map_err(|finding| finding.reason)
    }

    #[test]
    fn the_verification_results_stand_in_for_a_decision_that_is_not_told() {
        let track = (tag::TRACK_2_EQUIVALENT_DATA_57, "6250947000000014D4912201");
        let of =
            |results: &str| decided(&[(tag::ISSUER_APPLICATION_DATA_9F10, results), track, (tag::AFL_94, "10010100")]);
        assert_eq!(of("07010103900000 01"), Ok(CryptogramType::Tc));
        assert_eq!(of("07010103A00000 01"), Ok(CryptogramType::Arqc));
        assert_eq!(of("07010103800000 01"), Ok(CryptogramType::Aac));
    }

    #[test]
    fn each_decision_needs_objects_of_its_own() {
        let (tc, arqc) = ("0701010390000001", "07010103A0000001");
        let data = |results| (tag::ISSUER_APPLICATION_DATA_9F10, results);
        assert_eq!(decided(&[]), Err(Reason::KMandatoryMissing));
        assert_eq!(decided(&[data(tc)]), Err(Reason::KAflMissing));
        assert_eq!(
            decided(&[data(tc), (tag::AFL_94, "10010100")]),
            Ok(CryptogramType::Tc),
            "track 2 may be in a record"
        );
        assert_eq!(decided(&[data(arqc)]), Err(Reason::KMandatoryMissing), "track 2 has to be here");
        let own = (tag::CRYPTOGRAM_INFORMATION_DATA_9F27, "C0");
        let track = (tag::TRACK_2_EQUIVALENT_DATA_57, "6250947000000014D4912201");
        assert_eq!(decided(&[data(arqc), own, track]), Ok(CryptogramType::Rfu), "the card's own word counts");
    }
}
