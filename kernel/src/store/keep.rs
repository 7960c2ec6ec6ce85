//! Which objects of a card's answer are kept (`EMV 4.4 Book 3, 7.5`; `EMV Contactless Book B, 3.6`).

use apdu::{
    Tag,
    dictionary::{Context, Source, lookup},
    tag, tlv,
};

use super::CardData;
use crate::finding::{Evidence, Fact, Finding, Place, Reason};

/// Why objects could not be kept.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure {
    /// They are no TLV.
    Tlv(tlv::Error),
    /// One is there twice; where it was first.
    Twice(Tag, Place),
}

impl Failure {
    /// The finding that says so: `not_tlv` for the one, `twice` for the other.
    pub(crate) fn finding(self, not_tlv: Reason, twice: Reason, place: Place) -> Finding {
        match self {
            Self::Tlv(error) => {
                Finding::new(not_tlv).with(Evidence::found(Fact::TlvError, error.offset).at(place).offset(error.offset))
            }
            Self::Twice(tag, first) => Finding::new(twice)
                .with(Evidence::found(Fact::DataObject, tag).at(place.tag(tag)))
                .with(Evidence::found(Fact::DataObject, tag).at(first)),
        }
    }
}

/// Keeps the primitive objects inside `value` that a card may give, as `context` names them. Objects that are the
/// terminal's or the issuer's, and unknown ones, are not kept; a second copy of a kept one is an error.
pub(crate) fn keep_objects(value: &[u8], place: Place, context: Context, card: &mut CardData) -> Result<(), Failure> {
    let mut twice = None;
    tlv::walk(value, &mut |object, _| {
        let is_card_data = lookup(object.tag, context).is_some_and(|entry| entry.source == Source::Card);
        if object.tag.is_constructed() || !is_card_data {
            return;
        }
        if !card.has(object.tag) {
            card.put(object.tag, object.value, place);
        } else if !from_fci(object.tag) {
            twice = twice.or(Some((object.tag, card.place(object.tag))));
        }
    })
    .map_err(Failure::Tlv)?;
    twice.map_or(Ok(()), |(tag, first)| Err(Failure::Twice(tag, first)))
}

/// Objects that also stand in the FCI: a record may say them again, and the first one stays.
fn from_fci(tag: Tag) -> bool {
    matches!(
        tag,
        tag::DF_NAME_84
            | tag::APPLICATION_LABEL_50
            | tag::APPLICATION_PRIORITY_INDICATOR_87
            | tag::LANGUAGE_PREFERENCE_5F2D
            | tag::ISSUER_CODE_TABLE_INDEX_9F11
            | tag::APPLICATION_PREFERRED_NAME_9F12
            | tag::PDOL_9F38
            | tag::LOG_ENTRY_9F4D
    )
}
