//! Processing restrictions (`EMV Contactless Book C-7, 4.2.4`): the expiry date while records are read, the exception file
//! after them. There are no others.

use apdu::{
    Card, tag,
    value::{Track2, date::Date},
};

use super::{Course, outcome};
use crate::{
    contactless::{
        ctq,
        kernel::{self, Exit},
        vouch::vouched,
    },
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
    store::CardData,
    terminal::Terminal,
};

/// Whether the last day of the application is over. One the card has not given yet is not.
///
/// # Errors
/// A date that cannot be.
pub fn is_expired(card: &CardData, today: Date) -> Result<bool, Finding> {
    expiration(card).map(|last| last.is_some_and(|last| today > last))
}

fn expiration(card: &CardData) -> Result<Option<Date>, Finding> {
    let tag = tag::APPLICATION_EXPIRATION_DATE_5F24;
    let Some(value) = card.value(tag) else { return Ok(None) };
    let date = card.array(tag).and_then(|yymmdd| Date::from_yymmdd(yymmdd).ok());
    let wrong = || Finding::new(Reason::DataFormat).with(Evidence::found(Fact::DataObject, value).at(card.place(tag)));
    date.map(Some).ok_or_else(wrong)
}

/// The card has expired (`EMV Contactless Book C-7, 4.2.4.5`): it may want to go online for that.
///
/// # Errors
/// [`Exit`] with a decline when it does not.
pub fn expired<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Result<Course, Exit> {
    let place = out.card.place(tag::APPLICATION_EXPIRATION_DATE_5F24);
    let today = Evidence::found(Fact::TransactionDate, session.transaction.date).in_tag(tag::TRANSACTION_DATE_9A);
    let last = expiration(&out.card).ok().flatten().map(|last| Evidence::found(Fact::ExpirationDate, last).at(place));
    // The issuer signed the date, which nobody has looked at yet.
    let finding = vouched(last.into_iter().chain([today]).fold(Finding::new(Reason::C3Expired), Finding::with), out);
    if !ctq::goes_online_if_expired(&out.card) {
        return Err(outcome::declined(session, finding));
    }
    session.report(finding);
    Ok(Course::Online)
}

/// The exception file, where the terminal has one (`EMV Contactless Book C-7, 4.2.4.6`).
///
/// # Errors
/// [`Exit`] with a decline when the card is on it.
pub fn restrict<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Result<(), Exit> {
    session.report_all(other_number(&out.card));
    match on_exception_file(&out.card, session.terminal) {
        Some(finding) => Err(outcome::declined(session, vouched(finding, out))),
        None => Ok(()),
    }
}

/// A card without a sequence number has number 00.
fn on_exception_file(card: &CardData, terminal: &Terminal) -> Option<Finding> {
    let pan = kernel::pan(card)?;
    let mine = card.array(tag::PAN_SEQUENCE_NUMBER_5F34).map_or(0, |[number]| number);
    let is_this = |number: Option<u8>| number.is_none_or(|number| number == mine);
    let listed = terminal.exceptions.iter().any(|(listed, number)| *listed == pan && is_this(*number));
    let evidence = Evidence::found(Fact::CardNumber, pan).at(card.place(tag::PAN_5A));
    listed.then(|| Finding::new(Reason::TrmException).with(evidence))
}

/// Track 2 goes to the host and is often signed by nobody; the card number of the records usually is by the issuer.
fn other_number(card: &CardData) -> Option<Finding> {
    let own = card.value(tag::PAN_5A).and_then(|value| apdu::value::Pan::from_compressed(value).ok())?;
    let track = card.value(tag::TRACK_2_EQUIVALENT_DATA_57).and_then(|value| Track2::from_bytes(value).ok())?;
    let place = card.place(tag::TRACK_2_EQUIVALENT_DATA_57);
    let finding = Finding::new(Reason::CardTrack2PanMismatch).severity(Severity::Info).certainty(Certainty::Likely);
    let differs = own != track.pan;
    differs.then(|| finding.with(Evidence::compared(Fact::CardNumber, own, track.pan).at(place)))
}
