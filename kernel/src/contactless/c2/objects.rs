//! What of a card's answers is kept (`EMV Contactless Book C-2, 4.5`): objects the kernel knows, in their template and of
//! their length, each once.

use apdu::{
    Tag,
    dictionary::{Entry, Source, lookup},
    tag,
    tlv::{self, Reader, Tlv},
};

use super::{CONTEXT, TerminalStore, outcome::Failure};
use crate::{
    contactless::outcome::L2,
    finding::{Evidence, Fact, Finding, Place, Reason},
    store::{CardData, TerminalData},
};

/// How deep templates stand in each other at most.
const DEPTH: u8 = 8;

/// The objects all of EMV shares that the kernel knows too; every other one is unknown to it.
const SHARED: [Tag; 57] = [
    tag::APPLICATION_LABEL_50,
    tag::TRACK_1_DATA_56,
    tag::TRACK_2_EQUIVALENT_DATA_57,
    tag::PAN_5A,
    tag::AIP_82,
    tag::DF_NAME_84,
    tag::APPLICATION_PRIORITY_INDICATOR_87,
    tag::CDOL1_8C,
    tag::CVM_LIST_8E,
    tag::CA_PUBLIC_KEY_INDEX_8F,
    tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
    tag::ISSUER_PUBLIC_KEY_REMAINDER_92,
    tag::AFL_94,
    tag::TVR_95,
    tag::TRANSACTION_DATE_9A,
    tag::TRANSACTION_TYPE_9C,
    tag::APPLICATION_EXPIRATION_DATE_5F24,
    tag::APPLICATION_EFFECTIVE_DATE_5F25,
    tag::ISSUER_COUNTRY_CODE_5F28,
    tag::TRANSACTION_CURRENCY_CODE_5F2A,
    tag::LANGUAGE_PREFERENCE_5F2D,
    tag::PAN_SEQUENCE_NUMBER_5F34,
    tag::TRANSACTION_CURRENCY_EXPONENT_5F36,
    tag::AMOUNT_AUTHORISED_9F02,
    tag::AMOUNT_OTHER_9F03,
    tag::APPLICATION_USAGE_CONTROL_9F07,
    tag::APPLICATION_VERSION_CARD_9F08,
    tag::APPLICATION_VERSION_TERMINAL_9F09,
    tag::IAC_DEFAULT_9F0D,
    tag::IAC_DENIAL_9F0E,
    tag::IAC_ONLINE_9F0F,
    tag::ISSUER_APPLICATION_DATA_9F10,
    tag::ISSUER_CODE_TABLE_INDEX_9F11,
    tag::APPLICATION_PREFERRED_NAME_9F12,
    tag::TERMINAL_COUNTRY_CODE_9F1A,
    tag::IFD_SERIAL_NUMBER_9F1E,
    tag::TRANSACTION_TIME_9F21,
    tag::PAYMENT_ACCOUNT_REFERENCE_9F24,
    tag::APPLICATION_CRYPTOGRAM_9F26,
    tag::CRYPTOGRAM_INFORMATION_DATA_9F27,
    tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32,
    tag::TERMINAL_CAPABILITIES_9F33,
    tag::CVM_RESULTS_9F34,
    tag::TERMINAL_TYPE_9F35,
    tag::ATC_9F36,
    tag::UNPREDICTABLE_NUMBER_9F37,
    tag::PDOL_9F38,
    tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40,
    tag::APPLICATION_CURRENCY_CODE_9F42,
    tag::APPLICATION_CURRENCY_EXPONENT_9F44,
    tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
    tag::ICC_PUBLIC_KEY_EXPONENT_9F47,
    tag::ICC_PUBLIC_KEY_REMAINDER_9F48,
    tag::SDA_TAG_LIST_9F4A,
    tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B,
    tag::ICC_DYNAMIC_NUMBER_9F4C,
    tag::LOG_ENTRY_9F4D,
];

/// The one object that is a whole answer, and whose tag has to be one of `wanted`.
pub(super) fn whole<'a>(answer: &'a [u8], wanted: &[Tag], place: Place) -> Result<Tlv<'a>, Failure> {
    let mut objects = Reader::strict(answer);
    let object = match objects.next() {
        Some(object) => object.map_err(|error| broken(answer, error, place))?,
        None => return Err(parsing(Evidence::missing(Fact::Template, wanted.to_vec()).at(place))),
    };
    if !wanted.contains(&object.tag) {
        return Err(parsing(Evidence::compared(Fact::Template, wanted.to_vec(), object.tag).at(place)));
    }
    match objects.next() {
        None => Ok(object),
        Some(_) => {
            let evidence = Evidence::compared(Fact::Length, object.raw.len(), answer.len()).at(place);
            Err(parsing(evidence.offset(object.raw.len())))
        }
    }
}

/// Keeps what stands in `template`.
pub(super) fn keep(
    template: Tlv<'_>,
    place: Place,
    card: &mut CardData,
    terminal: &TerminalData,
) -> Result<(), Failure> {
    Keeper { place, card, terminal }.template(template, DEPTH)
}

struct Keeper<'k> {
    place: Place,
    card: &'k mut CardData,
    terminal: &'k TerminalData,
}

impl Keeper<'_> {
    fn template(&mut self, template: Tlv<'_>, depth: u8) -> Result<(), Failure> {
        let depth = depth.checked_sub(1).ok_or_else(|| {
            let evidence = Evidence::found(Fact::Template, template.tag).at(self.place);
            parsing(evidence)
        })?;
        for object in template.children() {
            let object = object.map_err(|error| broken(template.value, error, self.place))?;
            match object.tag {
                tag if is_template(tag) => self.template(object, depth)?,
                tag if tag.is_constructed() => {}
                _ => self.primitive(object, template.tag)?,
            }
        }
        Ok(())
    }

    fn primitive(&mut self, object: Tlv<'_>, template: Tag) -> Result<(), Failure> {
        match known(object.tag) {
            Some(entry) if entry.source == Source::Card => self.known(entry, object, template),
            // What belongs to the terminal is an error; in the private class it is nothing.
            Some(_) if is_private(object.tag) => Ok(()),
            Some(entry) => Err(parsing(Evidence::found(Fact::DataObject, entry.tag).at(self.place.tag(entry.tag)))),
            // What is unknown is kept when the terminal asked for it by an empty object.
            None if self.terminal.asked_for(object.tag) => {
                self.card.put(object.tag, object.value, self.place);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn known(&mut self, entry: &Entry, object: Tlv<'_>, template: Tag) -> Result<(), Failure> {
        let place = self.place.tag(entry.tag);
        if !entry.templates.contains(&template) {
            return Err(parsing(Evidence::compared(Fact::Template, entry.templates.to_vec(), template).at(place)));
        }
        if !entry.length.allows(object.value.len()) {
            return Err(parsing(Evidence::found(Fact::Length, object.value.len()).at(place)));
        }
        if self.card.value(entry.tag).is_some_and(|value| !value.is_empty()) {
            let first = Evidence::found(Fact::DataObject, entry.tag).at(self.card.place(entry.tag));
            let finding = Finding::new(Reason::KDuplicateTag);
            let finding = finding.with(Evidence::found(Fact::DataObject, entry.tag).at(place)).with(first);
            return Err(Failure::new(finding, L2::ParsingError));
        }
        self.card.put(entry.tag, object.value, self.place);
        Ok(())
    }
}

fn is_template(tag: Tag) -> bool {
    matches!(
        tag,
        tag::APPLICATION_TEMPLATE_61
            | tag::FCI_TEMPLATE_6F
            | tag::READ_RECORD_TEMPLATE_70
            | tag::RESPONSE_FORMAT_2_77
            | tag::FCI_PROPRIETARY_TEMPLATE_A5
            | tag::FCI_ISSUER_DISCRETIONARY_DATA_BF0C
    )
}

/// What the kernel's own dictionary says about a tag.
fn known(tag: Tag) -> Option<&'static Entry> {
    lookup(tag, CONTEXT).filter(|entry| entry.context == CONTEXT || SHARED.contains(&tag))
}

fn is_private(tag: Tag) -> bool {
    tag.bytes().as_ref().first().is_some_and(|byte| byte & 0xC0 == 0xC0)
}

pub(super) fn parsing(evidence: Evidence) -> Failure {
    Failure::new(Finding::new(Reason::KTemplateError).with(evidence), L2::ParsingError)
}

fn broken(value: &[u8], error: tlv::Error, place: Place) -> Failure {
    parsing(Evidence::found(Fact::TlvError, value.len()).at(place).offset(error.offset))
}

/// An object that has to be there and is not.
pub(super) fn missing(tag: Tag) -> Failure {
    let evidence = Evidence::missing(Fact::DataObject, tag).in_tag(tag);
    Failure::new(Finding::new(Reason::KMandatoryMissing).with(evidence), L2::CardDataMissing)
}

/// The values of objects that have to be there and not be empty.
pub(super) fn require(card: &CardData, tag: Tag) -> Result<&[u8], Failure> {
    card.value(tag).filter(|value| !value.is_empty()).ok_or_else(|| missing(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(answer: &str) -> Result<CardData, Reason> {
        let answer = hex::decode(answer).unwrap();
        let mut card = CardData::default();
        let mut terminal = TerminalData::default();
        terminal.set(Tag::new(0x9F19), &[]);
        let wanted = [tag::READ_RECORD_TEMPLATE_70, tag::FCI_TEMPLATE_6F];
        let kept = whole(&answer, &wanted, Place::default())
            .and_then(|template| keep(template, Place::default(), &mut card, &terminal));
        kept.map(|()| card).map_err(|failure| failure.reason())
    }

    #[test]
    fn known_objects_are_kept_where_they_belong() {
        let card = kept("700E 5A084761739001010010 5F340101".replace(' ', "").as_str()).unwrap();
        assert!(card.has(tag::PAN_5A) && card.has(tag::PAN_SEQUENCE_NUMBER_5F34));
        assert!(kept("6F1084 05A000000004A5079F380483009F0200".get(..0).unwrap_or("")).is_err());
        let fci = kept("6F108405A000000004A5079F38049F02069A").unwrap();
        assert_eq!(fci.value(tag::PDOL_9F38), Some(&[0x9F, 0x02, 0x06, 0x9A][..]));
    }

    #[test]
    fn what_is_wrong_is_a_parsing_error() {
        assert_eq!(kept("70065F240212315A00").unwrap_err(), Reason::KTemplateError, "length");
        assert_eq!(kept("700A5F34010100005F340102").unwrap_err(), Reason::KDuplicateTag);
        assert_eq!(kept("70048202 1980".replace(' ', "").as_str()).unwrap_err(), Reason::KTemplateError, "template");
        assert_eq!(kept("70099F0206000000000100").unwrap_err(), Reason::KTemplateError, "the terminal's own");
        assert_eq!(kept("7003 9A0101 00".replace(' ', "").as_str()).unwrap_err(), Reason::KTemplateError);
        assert_eq!(kept("70005A").unwrap_err(), Reason::KTemplateError, "something behind");
    }

    #[test]
    fn what_is_unknown_is_nobodys_business_unless_it_was_asked_for() {
        let card = kept("70129F1906000000000001 8D029A03 E1039A0101".replace(' ', "").as_str()).unwrap();
        assert!(card.has(Tag::new(0x9F19)));
        assert_eq!(card.iter().count(), 1);
    }
}
