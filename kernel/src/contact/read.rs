//! Read application data (`EMV 4.4 Book 3, 10.2`).

mod check;

use alloc::vec::Vec;

use apdu::{
    Card, Command,
    dictionary::Context,
    tag, tlv,
    value::{
        afl::{Afl, Cause},
        date::Date,
        pan::Pan,
    },
};

use crate::{
    finding::{Evidence, Fact, Finding, Place, Reason},
    point_of_sale::PointOfSale,
    seeded::{Bug, bug},
    session::{Reply, Session, Stop},
    store::{
        CardData,
        keep::{Failure, keep_objects},
    },
};

/// What the records gave beside the data objects themselves.
#[derive(Debug)]
pub struct Records {
    /// The card number (`5A`).
    pub pan: Pan,
    /// PAN sequence number (`5F34`).
    pub sequence_number: Option<u8>,
    /// The application's last day (`5F24`).
    pub expiration: Date,
    /// The records to be authenticated, one after the other as the rules cut them.
    pub signed: SignedRecords,
}

/// The records to be authenticated (`EMV 4.4 Book 3, 10.3`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedRecords {
    /// Their bytes: of files 1 to 10 what is inside template 70, of the others the whole record.
    pub bytes: Vec<u8>,
    /// The first of them that is not in a template 70: then authentication has failed.
    pub not_a_template: Option<Place>,
}

impl SignedRecords {
    /// The bytes it takes, twice: the outcome keeps a copy.
    pub(crate) fn footprint(&self) -> usize {
        self.bytes.capacity().saturating_mul(2)
    }
}

/// Reads every record of the AFL.
///
/// # Errors
/// [`Stop`] when the AFL is wrong, a record cannot be read or used, or mandatory data is missing.
pub async fn read<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    card: &mut CardData,
) -> Result<Records, Stop> {
    let locator = card.value(tag::AFL_94).unwrap_or(&[]);
    let afl = match Afl::parse(locator) {
        Ok(afl) => afl,
        Err(error) => {
            let reason = if error.cause == Cause::Empty { Reason::AflEmpty } else { Reason::AflInvalid };
            let evidence = Evidence::found(Fact::FileLocator, locator).at(card.place(tag::AFL_94));
            return Err(session.stop(Finding::new(reason).with(evidence.offset(error.offset))));
        }
    };
    let mut signed = SignedRecords::default();
    for entry in afl.entries() {
        for (record, is_signed) in entry.records() {
            let reply = session.transmit(&Command::read_record(entry.sfi, record)).await?;
            let place = Place { record: Some((entry.sfi, record)), ..reply.place() };
            let taken = take_record(&reply, place, card, is_signed.then_some(&mut signed));
            taken.map_err(|finding| session.stop(finding))?;
            session.afford(signed.footprint().saturating_add(card.footprint()))?;
        }
    }
    check::observations(card).into_iter().for_each(|finding| session.report(finding));
    check::records(card, signed).map_err(|finding| session.stop(finding))
}

fn take_record(
    reply: &Reply,
    place: Place,
    card: &mut CardData,
    signed: Option<&mut SignedRecords>,
) -> Result<(), Finding> {
    if !reply.status().is_ok() {
        let mut evidence = reply.evidence();
        evidence.place = place;
        return Err(Finding::new(Reason::RecSw).with(evidence));
    }
    let payment_system_file = place.record.is_some_and(|(sfi, _)| sfi > 10);
    let template = template_70(reply.data());
    match (&template, signed) {
        (Ok(value), Some(signed)) if !payment_system_file => signed.bytes.extend_from_slice(value),
        (Ok(_), Some(signed)) => signed.bytes.extend_from_slice(reply.data()),
        (Err(_), Some(signed)) if payment_system_file => signed.not_a_template = signed.not_a_template.or(Some(place)),
        _ => {}
    }
    match template {
        Ok(value) => keep_objects(value, place, context(card), card).or_else(|failure| match failure {
            // What files 11 to 30 hold is their owner's business: unreadable content is no error.
            Failure::Tlv(_) if payment_system_file => Ok(()),
            _ => Err(failure.finding(Reason::RecParse, Reason::RecDuplicateTag, place)),
        }),
        Err(_) if payment_system_file => Ok(()),
        Err(finding) => Err(finding.at(place)),
    }
}

/// Why a record is not one template 70 of exactly its length.
struct NotATemplate(Finding);

impl NotATemplate {
    fn at(mut self, place: Place) -> Finding {
        self.0.evidence.iter_mut().for_each(|evidence| {
            evidence.place = Place { offset: evidence.place.offset, ..place };
        });
        self.0
    }
}

/// The value of the template 70 that makes up the whole record.
fn template_70(record: &[u8]) -> Result<&[u8], NotATemplate> {
    let fail = |reason, evidence| NotATemplate(Finding::new(reason).with(evidence));
    let mut objects = tlv::Reader::strict(record);
    match objects.next() {
        Some(Ok(template)) if template.tag == tag::READ_RECORD_TEMPLATE_70 || bug(Bug::AnyRecordTemplate) => {
            match objects.next() {
                None => Ok(template.value),
                Some(_) => {
                    let evidence = Evidence::compared(Fact::Length, template.raw.len(), record.len());
                    Err(fail(Reason::RecTemplate, evidence.offset(template.raw.len())))
                }
            }
        }
        Some(Err(error)) if record.starts_with(&[0x70]) => {
            Err(fail(Reason::RecParse, Evidence::found(Fact::TlvError, record).offset(error.offset)))
        }
        Some(Ok(other)) => {
            Err(fail(Reason::RecTemplate, Evidence::compared(Fact::Template, tag::READ_RECORD_TEMPLATE_70, other.tag)))
        }
        _ => Err(fail(Reason::RecTemplate, Evidence::missing(Fact::Template, tag::READ_RECORD_TEMPLATE_70))),
    }
}

/// Where the meanings of this card's tags are looked up.
pub(super) fn context(card: &CardData) -> Context {
    card.value(tag::DF_NAME_84).map_or(Context::Emv, Context::from_aid)
}
