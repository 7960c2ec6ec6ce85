//! The answer to GENERATE AC, in either format (`EMV 4.4 Book 3, 6.5.5.4`).

use alloc::vec::Vec;

use apdu::{
    Tag, tag, tlv,
    value::cid::{Cid, CryptogramType},
};

use super::Request;
use crate::{
    finding::{Evidence, Fact, Finding, Place, Reason},
    seeded::{Bug, bug},
    session::Reply,
    store::CardData,
};

/// What the card answered.
#[derive(Debug)]
pub struct GeneratedAc {
    /// What was asked for.
    pub request: Request,
    /// Cryptogram information data (`9F27`) as it stands in the clear.
    pub cid: Cid,
    /// Application transaction counter (`9F36`).
    pub atc: [u8; 2],
    /// The application cryptogram (`9F26`), when it stands in the clear.
    pub cryptogram: Option<[u8; 8]>,
    /// The data objects of format 2, for the transaction data hash; empty in format 1.
    pub objects: Vec<u8>,
    /// The objects the kernel keeps.
    pub card: CardData,
    /// Where it came from.
    pub place: Place,
}

impl GeneratedAc {
    /// Reads the answer to `request`.
    ///
    /// # Errors
    /// The finding that says what is wrong with it.
    pub fn parse(reply: &Reply, request: Request) -> Result<Self, Finding> {
        let wrong = |evidence: Evidence| Finding::new(Reason::GenacFormat).with(evidence.at(reply.place()));
        let template = match reply.template() {
            Some(Ok(template)) => template,
            Some(Err(offset)) => return Err(wrong(Evidence::found(Fact::TlvError, reply.data()).offset(offset))),
            None => return Err(wrong(Evidence::missing(Fact::Template, tag::RESPONSE_FORMAT_2_77))),
        };
        let ac = match template.tag {
            tag::RESPONSE_FORMAT_1_80 => Self::format_1(template.value, request, reply.place()),
            tag::RESPONSE_FORMAT_2_77 => Self::format_2(template.value, request, reply.place()),
            other => Err(Evidence::compared(Fact::Template, tag::RESPONSE_FORMAT_2_77, other)),
        };
        ac.and_then(Self::complete).map_err(wrong)
    }

    /// CID, ATC, cryptogram, and up to 32 bytes of issuer application data.
    fn format_1(value: &[u8], request: Request, place: Place) -> Result<Self, Evidence> {
        let [cid, atc1, atc2, rest @ ..] = value else {
            return Err(Evidence::compared(Fact::Length, 11_u64, value.len()));
        };
        let (cryptogram, issuer_data) = match rest.split_first_chunk::<8>() {
            Some((cryptogram, issuer_data)) if issuer_data.len() <= 32 => (cryptogram, issuer_data),
            _ => return Err(Evidence::compared(Fact::Length, 11_u64, value.len())),
        };
        let mut card = CardData::default();
        card.put(tag::CRYPTOGRAM_INFORMATION_DATA_9F27, &[*cid], place);
        card.put(tag::ATC_9F36, &[*atc1, *atc2], place);
        card.put(tag::APPLICATION_CRYPTOGRAM_9F26, cryptogram, place);
        if !issuer_data.is_empty() {
            card.put(tag::ISSUER_APPLICATION_DATA_9F10, issuer_data, place);
        }
        Self::from_objects(card, Vec::new(), request, place)
    }

    fn format_2(value: &[u8], request: Request, place: Place) -> Result<Self, Evidence> {
        let mut card = CardData::default();
        for object in tlv::Reader::strict(value) {
            let object = object.map_err(|error| Evidence::found(Fact::TlvError, value).offset(error.offset))?;
            if ANSWERED.contains(&object.tag) && !card.has(object.tag) {
                card.put(object.tag, object.value, place);
            }
        }
        Self::from_objects(card, value.to_vec(), request, place)
    }

    fn from_objects(card: CardData, objects: Vec<u8>, request: Request, place: Place) -> Result<Self, Evidence> {
        let missing = |tag: Tag| Evidence::missing(Fact::DataObject, tag);
        let [cid] = card
            .array(tag::CRYPTOGRAM_INFORMATION_DATA_9F27)
            .ok_or_else(|| missing(tag::CRYPTOGRAM_INFORMATION_DATA_9F27))?;
        assert!(!bug(Bug::PanicOnShortCounter) || card.array::<2>(tag::ATC_9F36).is_some());
        Ok(Self {
            request,
            cid: Cid(cid),
            atc: card.array(tag::ATC_9F36).ok_or_else(|| missing(tag::ATC_9F36))?,
            cryptogram: card.array(tag::APPLICATION_CRYPTOGRAM_9F26),
            objects,
            card,
            place,
        })
    }

    /// A cryptogram must be in the clear, unless a signature was asked for that would hold it. When that signature is
    /// not there, the check of the signature says so.
    fn complete(self) -> Result<Self, Evidence> {
        let may_be_signed = self.request.signature && self.cid.cryptogram_type() != CryptogramType::Aac;
        if self.cryptogram.is_some() || may_be_signed {
            return Ok(self);
        }
        Err(Evidence::missing(Fact::DataObject, tag::APPLICATION_CRYPTOGRAM_9F26))
    }
}

/// The objects of the answer that the kernel keeps.
const ANSWERED: [Tag; 5] = [
    tag::CRYPTOGRAM_INFORMATION_DATA_9F27,
    tag::ATC_9F36,
    tag::APPLICATION_CRYPTOGRAM_9F26,
    tag::ISSUER_APPLICATION_DATA_9F10,
    tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B,
];
