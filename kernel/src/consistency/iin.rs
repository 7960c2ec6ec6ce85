//! The payment system of the application against that of the card number. A card that is played as one of another payment
//! system is routed where its issuer does not look ("Card Brand Mixup Attack", Basin, Sasse, Toro-Pozo, USENIX Security
//! 2021).

use core::ops::RangeInclusive;

use apdu::{
    Tag, tag,
    value::{Pan, bcd},
};

use crate::{
    contactless::kernel,
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity},
    store::CardData,
};

/// First four digits of a card number.
type Prefixes = RangeInclusive<u16>;

/// The prefixes that international payment systems have for themselves (ISO/IEC 7812-1 allocates them; the payment systems
/// publish their ranges). What is in none of them is nobody's here.
const KNOWN: &[Prefixes] = &[2221..=2720, 3400..=3499, 3528..=3589, 3700..=3799, 4000..=4999, 5000..=6999];

/// Applications of which the ranges of their numbers are known. Domestic ones, shared debit ones, cash-machine ones and
/// those of systems that take each other's cards (UnionPay, Discover) are not here: any number may be right there.
const APPLICATIONS: &[(&[u8], &[Prefixes])] = &[
    (&[0xA0, 0, 0, 0, 0x03, 0x10, 0x10], VISA),
    (&[0xA0, 0, 0, 0, 0x03, 0x20, 0x10], VISA),
    (&[0xA0, 0, 0, 0, 0x03, 0x20, 0x20], VISA),
    (&[0xA0, 0, 0, 0, 0x04, 0x10, 0x10], MASTERCARD),
    (&[0xA0, 0, 0, 0, 0x04, 0x30, 0x60], MASTERCARD),
    (&[0xA0, 0, 0, 0, 0x25, 0x01], AMERICAN_EXPRESS),
    (&[0xA0, 0, 0, 0, 0x65, 0x10, 0x10], JCB),
];

const VISA: &[Prefixes] = &[4000..=4999];
/// Maestro with it, whose numbers begin with 50 and 56 to 69.
const MASTERCARD: &[Prefixes] = &[2221..=2720, 5000..=6999];
const AMERICAN_EXPRESS: &[Prefixes] = &[3400..=3499, 3700..=3799];
const JCB: &[Prefixes] = &[3528..=3589];

/// A card number that is known to be of another payment system than the application `aid`.
pub fn check(aid: &[u8], card: &CardData) -> Option<Finding> {
    let pan = kernel::pan(card)?;
    let prefix = prefix(&pan)?;
    let is_in = |ranges: &[Prefixes]| ranges.iter().any(|range| range.contains(&prefix));
    let (_, own) = APPLICATIONS.iter().find(|(known, _)| aid.starts_with(known))?;
    if is_in(own) || !is_in(KNOWN) {
        return None;
    }
    let finding = Finding::new(Reason::CardRidIinMismatch).severity(Severity::Info).certainty(Certainty::Likely);
    let number = Evidence::found(Fact::CardNumber, pan).at(card.place(holder(card)));
    Some(finding.with(number).with(Evidence::found(Fact::ApplicationId, aid).in_tag(tag::DF_NAME_84)))
}

/// Where the number stands.
fn holder(card: &CardData) -> Tag {
    if card.has(tag::PAN_5A) { tag::PAN_5A } else { tag::TRACK_2_EQUIVALENT_DATA_57 }
}

fn prefix(pan: &Pan) -> Option<u16> {
    let [first, second, ..] = pan.to_padded();
    bcd::to_number(&[first, second]).and_then(|prefix| u16::try_from(prefix).ok())
}
