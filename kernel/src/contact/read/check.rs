//! What must be among the records, and what they must look like (`EMV 4.4 Book 3, 7.2 and 7.5`).

use alloc::vec::Vec;

use apdu::{
    Tag,
    dictionary::{Context, FormatFault, lookup},
    tag,
    value::{date::Date, pan::Pan, track2::Track2},
};

use super::{Records, SignedRecords};
use crate::{
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity, Value},
    store::CardData,
};

/// Without these the transaction ends.
const MANDATORY: [(Tag, Reason); 4] = [
    (tag::APPLICATION_EXPIRATION_DATE_5F24, Reason::RecMandatoryMissing5f24),
    (tag::PAN_5A, Reason::RecMandatoryMissing5a),
    (tag::CDOL1_8C, Reason::RecMandatoryMissing8c),
    (tag::CDOL2_8D, Reason::RecMandatoryMissing8d),
];

/// The data elements that the kernel itself uses: a wrong format there ends the transaction. Format errors elsewhere
/// are not met in normal processing. The CVM list and the objects of data authentication have checks of their own.
const USED: [Tag; 13] = [
    tag::PAN_5A,
    tag::APPLICATION_EXPIRATION_DATE_5F24,
    tag::APPLICATION_EFFECTIVE_DATE_5F25,
    tag::ISSUER_COUNTRY_CODE_5F28,
    tag::PAN_SEQUENCE_NUMBER_5F34,
    tag::APPLICATION_USAGE_CONTROL_9F07,
    tag::APPLICATION_VERSION_CARD_9F08,
    tag::IAC_DEFAULT_9F0D,
    tag::IAC_DENIAL_9F0E,
    tag::IAC_ONLINE_9F0F,
    tag::LOWER_CONSECUTIVE_OFFLINE_LIMIT_9F14,
    tag::UPPER_CONSECUTIVE_OFFLINE_LIMIT_9F23,
    tag::APPLICATION_CURRENCY_CODE_9F42,
];

/// Checks the records and takes out of them what every later phase needs.
pub(super) fn records(card: &CardData, signed: SignedRecords) -> Result<Records, Finding> {
    for (tag, reason) in MANDATORY {
        // An object without a value says as much as one that is not there.
        if card.value(tag).is_none_or(<[u8]>::is_empty) {
            return Err(Finding::new(reason).with(Evidence::missing(Fact::DataObject, tag)));
        }
    }
    USED.into_iter().try_for_each(|tag| format(card, tag))?;
    if card.has(tag::APPLICATION_EFFECTIVE_DATE_5F25) {
        date(card, tag::APPLICATION_EFFECTIVE_DATE_5F25)?;
    }
    Ok(Records {
        pan: pan(card).ok_or_else(|| wrong(card, tag::PAN_5A, 0))?,
        sequence_number: card.array(tag::PAN_SEQUENCE_NUMBER_5F34).map(|[number]| number),
        expiration: date(card, tag::APPLICATION_EXPIRATION_DATE_5F24)?,
        signed,
    })
}

fn pan(card: &CardData) -> Option<Pan> {
    card.value(tag::PAN_5A).and_then(|value| Pan::from_compressed(value).ok())
}

fn format(card: &CardData, tag: Tag) -> Result<(), Finding> {
    let Some(value) = card.value(tag) else { return Ok(()) };
    let Some(entry) = lookup(tag, Context::Emv) else { return Ok(()) };
    entry.check(value).map_err(|error| match error.fault {
        FormatFault::NotDigits { offset }
        | FormatFault::NotCompressed { offset }
        | FormatFault::Character { offset } => wrong(card, tag, offset),
        FormatFault::Length { .. } => {
            Finding::new(Reason::DataFormat).with(Evidence::found(Fact::Length, value.len()).at(card.place(tag)))
        }
        _ => wrong(card, tag, 0),
    })
}

fn date(card: &CardData, tag: Tag) -> Result<Date, Finding> {
    card.array(tag).and_then(|yymmdd| Date::from_yymmdd(yymmdd).ok()).ok_or_else(|| wrong(card, tag, 0))
}

/// An impossible value; the card number masks itself.
fn wrong(card: &CardData, tag: Tag, offset: usize) -> Finding {
    let value = card.value(tag).unwrap_or(&[]);
    let found = if tag == tag::PAN_5A { Value::from(value.len()) } else { Value::from(value) };
    let fact = if tag == tag::PAN_5A { Fact::Length } else { Fact::DataObject };
    Finding::new(Reason::DataFormat).with(Evidence::found(fact, found).at(card.place(tag)).offset(offset))
}

/// What no rule forbids and an investigator wants to know: the track 2 image against the chip's own data.
pub(super) fn observations(card: &CardData) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut observe = |reason, evidence| {
        let finding = Finding::new(reason).severity(Severity::Info).certainty(Certainty::Likely);
        findings.push(finding.with(evidence));
    };
    let Some(pan) = pan(card) else { return findings };
    if !pan.luhn_is_valid() {
        observe(Reason::CardLuhnFailed, Evidence::found(Fact::CardNumber, pan.clone()).at(card.place(tag::PAN_5A)));
    }
    let place = card.place(tag::TRACK_2_EQUIVALENT_DATA_57);
    let track2 = card.value(tag::TRACK_2_EQUIVALENT_DATA_57).and_then(|value| Track2::from_bytes(value).ok());
    let Some(track2) = track2 else { return findings };
    if track2.pan != pan {
        let evidence = Evidence::compared(Fact::CardNumber, pan, track2.pan.clone());
        observe(Reason::CardTrack2PanMismatch, evidence.at(place));
    }
    let chip_expiry = card.array::<3>(tag::APPLICATION_EXPIRATION_DATE_5F24);
    if let Some([year, month, _]) = chip_expiry
        && [year, month] != track2.expiry
    {
        let evidence = Evidence::compared(Fact::ExpirationDate, [year, month], track2.expiry);
        observe(Reason::CardTrack2ExpiryMismatch, evidence.at(place));
    }
    findings
}
