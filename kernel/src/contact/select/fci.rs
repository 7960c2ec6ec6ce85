//! File control information of a payment application or directory (`EMV 4.4 Book 1, 11.3.4`).

use apdu::{Tag, tag, tlv};

use crate::{
    finding::{Evidence, Fact, Finding, Place, Reason},
    session::Reply,
    store::CardData,
};

/// The parts of an FCI, borrowed from the response.
#[derive(Debug)]
pub struct Fci<'a> {
    /// DF name (`84`).
    pub df_name: &'a [u8],
    /// The value of the proprietary template (`A5`).
    proprietary: &'a [u8],
}

/// What is wrong with an FCI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FciError {
    /// The bytes are no TLV.
    Tlv(tlv::Error),
    /// A mandatory object is missing.
    Missing(Tag),
}

impl FciError {
    /// The finding that says so, about `reply`.
    pub fn finding(self, reason: Reason, reply: &Reply) -> Finding {
        let evidence = match self {
            Self::Tlv(error) => Evidence::found(Fact::TlvError, reply.data()).offset(error.offset),
            Self::Missing(tag) => Evidence::missing(Fact::DataObject, tag),
        };
        Finding::new(reason)
            .with(Evidence { place: Place { offset: evidence.place.offset, ..reply.place() }, ..evidence })
    }
}

/// The objects of an FCI that the kernel keeps, wherever in the template they stand.
const KEPT: &[Tag] = &[
    tag::APPLICATION_LABEL_50,
    tag::APPLICATION_PRIORITY_INDICATOR_87,
    tag::LANGUAGE_PREFERENCE_5F2D,
    tag::ISSUER_CODE_TABLE_INDEX_9F11,
    tag::APPLICATION_PREFERRED_NAME_9F12,
    tag::PDOL_9F38,
    tag::LOG_ENTRY_9F4D,
];

impl<'a> Fci<'a> {
    /// Reads an FCI: `6F` with `84` and `A5`.
    ///
    /// # Errors
    /// [`FciError`] when it is no TLV or a mandatory object is missing.
    pub fn parse(data: &'a [u8]) -> Result<Self, FciError> {
        let template = mandatory(data, tag::FCI_TEMPLATE_6F)?;
        let df_name = mandatory(template, tag::DF_NAME_84)?;
        let proprietary = mandatory(template, tag::FCI_PROPRIETARY_TEMPLATE_A5)?;
        tlv::Reader::strict(proprietary).try_for_each(|object| object.map(drop)).map_err(FciError::Tlv)?;
        Ok(Self { df_name, proprietary })
    }

    /// An object of the proprietary template.
    pub fn value(&self, tag: Tag) -> Option<&'a [u8]> {
        tlv::find(self.proprietary, tag).ok().flatten().map(|object| object.value)
    }

    /// Keeps what the kernel uses.
    pub fn store(&self, place: Place) -> CardData {
        let mut card = CardData::default();
        card.put(tag::DF_NAME_84, self.df_name, place);
        for tag in KEPT {
            if let Some(value) = self.value(*tag) {
                card.put(*tag, value, place);
            }
        }
        card
    }
}

fn mandatory(data: &[u8], tag: Tag) -> Result<&[u8], FciError> {
    match tlv::find(data, tag) {
        Ok(Some(object)) => Ok(object.value),
        Ok(None) => Err(FciError::Missing(tag)),
        Err(error) => Err(FciError::Tlv(error)),
    }
}
