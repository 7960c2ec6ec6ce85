//! What the card transaction qualifiers (`9F6C`) decide in kernels 3 and 7 alike (`EMV Contactless Book C-3, 5.6 and 5.7`;
//! Book C-7, 3 and 4).
//!
//! Nobody signs the qualifiers themselves; only their copy in the card authentication related data (`9F69`) is covered by
//! the signature of fDDA.

use apdu::{
    Bits, tag,
    tag::k7::{CARD_AUTHENTICATION_RELATED_DATA_9F69, CTQ_9F6C},
    value::{CryptogramType, Ctq, Ttq, ctq, ttq},
};

use super::outcome::Cvm;
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    store::CardData,
};

/// The card's qualifiers; `None` when it gave none, or none of two bytes.
pub fn qualifiers(card: &CardData) -> Option<Ctq> {
    card.array(CTQ_9F6C).map(Bits)
}

/// Where a transaction goes that cannot stay offline as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// To the issuer.
    Online,
    /// To the contacts.
    OtherInterface,
    /// Nowhere.
    Decline,
}

/// The card's wish after offline data authentication has failed, as far as the reader can follow it. Without qualifiers
/// there is no wish.
pub fn after_failed_authentication(card: &CardData, reader: Ttq) -> Route {
    let wishes = qualifiers(card).unwrap_or_default();
    if wishes.has(ctq::ONLINE_IF_ODA_FAILS) && !reader.has(ttq::OFFLINE_ONLY) {
        Route::Online
    } else if wishes.has(ctq::OTHER_INTERFACE_IF_ODA_FAILS) && reader.has(ttq::CONTACT_CHIP) {
        Route::OtherInterface
    } else {
        Route::Decline
    }
}

/// The card's wish when it has expired. Whether the reader can go online is asked later.
pub fn goes_online_if_expired(card: &CardData) -> bool {
    qualifiers(card).is_some_and(|wishes| wishes.has(ctq::ONLINE_IF_EXPIRED))
}

/// The method of cardholder verification, by the card's qualifiers and what the reader can do.
///
/// # Errors
/// Why no method is possible that has to be, or the one the card claims cannot be believed: the transaction is to be
/// declined.
pub fn verification(card: &CardData, reader: Ttq, cryptogram: CryptogramType) -> Result<Cvm, Finding> {
    let required = reader.has(ttq::CVM_REQUIRED);
    let Some(wishes) = qualifiers(card) else {
        return if required { by_reader_alone(card, reader) } else { Ok(Cvm::NoCvm) };
    };
    if wishes.has(ctq::ONLINE_PIN) && reader.has(ttq::ONLINE_PIN) {
        Ok(Cvm::OnlinePin)
    } else if wishes.has(ctq::CONSUMER_DEVICE_CVM) {
        by_device(card, wishes, cryptogram)
    } else if wishes.has(ctq::SIGNATURE) && reader.has(ttq::SIGNATURE) {
        Ok(Cvm::ObtainSignature)
    } else if required {
        Err(not_possible(card, reader))
    } else {
        Ok(Cvm::NoCvm)
    }
}

/// A card that says nothing about verification: the reader takes what it has, a signature first.
fn by_reader_alone(card: &CardData, reader: Ttq) -> Result<Cvm, Finding> {
    if reader.has(ttq::SIGNATURE) {
        Ok(Cvm::ObtainSignature)
    } else if reader.has(ttq::ONLINE_PIN) {
        Ok(Cvm::OnlinePin)
    } else {
        Err(not_possible(card, reader))
    }
}

/// The cardholder's own device says that it has verified the cardholder. Where there is a signed copy of the qualifiers it
/// has to say so too; where there is none, only the issuer can believe it.
fn by_device(card: &CardData, wishes: Ctq, cryptogram: CryptogramType) -> Result<Cvm, Finding> {
    let Some(related) = card.value(CARD_AUTHENTICATION_RELATED_DATA_9F69) else {
        return match cryptogram {
            CryptogramType::Arqc => Ok(Cvm::ConfirmationCodeVerified),
            _ => {
                Err(mismatch(card, wishes, Evidence::missing(Fact::DataObject, CARD_AUTHENTICATION_RELATED_DATA_9F69)))
            }
        };
    };
    let copy = related.get(COPY_OF_CTQ..).and_then(|rest| rest.first_chunk::<2>()).copied();
    if copy == Some(wishes.0) {
        return Ok(Cvm::ConfirmationCodeVerified);
    }
    let place = card.place(CARD_AUTHENTICATION_RELATED_DATA_9F69);
    let evidence = match copy {
        Some(copy) => Evidence::compared(Fact::DataObject, copy, wishes.0),
        None => Evidence::found(Fact::Length, related.len()),
    };
    Err(mismatch(card, wishes, evidence.at(place).offset(COPY_OF_CTQ)))
}

/// Where the copy of the qualifiers stands in the card authentication related data: after version and number.
const COPY_OF_CTQ: usize = 5;

fn mismatch(card: &CardData, wishes: Ctq, evidence: Evidence) -> Finding {
    let own = Evidence::found(Fact::DataObject, wishes.0).at(card.place(CTQ_9F6C));
    Finding::new(Reason::C3CtqMismatch).with(evidence).with(own)
}

/// What both sides have does not meet.
fn not_possible(card: &CardData, reader: Ttq) -> Finding {
    let own = match card.value(CTQ_9F6C) {
        Some(value) => Evidence::found(Fact::DataObject, value).at(card.place(CTQ_9F6C)),
        None => Evidence::missing(Fact::DataObject, CTQ_9F6C),
    };
    let reader = Evidence::found(Fact::TerminalMethods, reader.0).in_tag(tag::k7::TTQ_9F66);
    Finding::new(Reason::C3CvmNotPossible).with(reader).with(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::card_data;

    const ONLINE_CAPABLE: u8 = 0x36;
    const REQUIRED: u8 = 0x40;

    fn card(qualifiers: Option<&str>, related: Option<&str>) -> CardData {
        let objects = [(CTQ_9F6C, qualifiers), (CARD_AUTHENTICATION_RELATED_DATA_9F69, related)];
        let objects: alloc::vec::Vec<_> = objects.into_iter().filter_map(|(tag, value)| Some((tag, value?))).collect();
        card_data(&objects)
    }

    #[test]
    fn a_failed_authentication_goes_where_both_sides_agree() {
        let route =
            |qualifiers, reader: u8| after_failed_authentication(&card(qualifiers, None), Bits([reader, 0, 0, 0]));
        assert_eq!(route(Some("3000"), ONLINE_CAPABLE), Route::Online);
        assert_eq!(route(Some("3000"), ONLINE_CAPABLE | 0x08), Route::OtherInterface, "the reader is offline only");
        assert_eq!(route(Some("2000"), ONLINE_CAPABLE | 0x08), Route::Decline);
        assert_eq!(route(Some("1000"), ONLINE_CAPABLE), Route::OtherInterface);
        assert_eq!(route(Some("1000"), ONLINE_CAPABLE & !0x10), Route::Decline, "the reader has no contacts");
        assert_eq!(route(None, ONLINE_CAPABLE), Route::Decline);
    }

    #[test]
    fn the_methods_have_an_order() {
        let cvm = |qualifiers, reader: [u8; 2]| {
            let reader = Bits([reader[0], reader[1], 0, 0]);
            verification(&card(qualifiers, None), reader, CryptogramType::Arqc).map_err(|finding| finding.reason)
        };
        assert_eq!(cvm(Some("C080"), [0x36, 0]), Ok(Cvm::OnlinePin));
        assert_eq!(cvm(Some("C080"), [0x32, 0]), Ok(Cvm::ConfirmationCodeVerified));
        assert_eq!(cvm(Some("C000"), [0x32, 0]), Ok(Cvm::ObtainSignature));
        assert_eq!(cvm(Some("C000"), [0x30, 0]), Ok(Cvm::NoCvm), "nobody insists");
        assert_eq!(cvm(Some("C000"), [0x30, REQUIRED]), Err(Reason::C3CvmNotPossible));
        assert_eq!(cvm(Some("0000"), [0x36, REQUIRED]), Err(Reason::C3CvmNotPossible));
        assert_eq!(cvm(None, [0x36, REQUIRED]), Ok(Cvm::ObtainSignature));
        assert_eq!(cvm(None, [0x34, REQUIRED]), Ok(Cvm::OnlinePin));
        assert_eq!(cvm(None, [0x30, REQUIRED]), Err(Reason::C3CvmNotPossible));
        assert_eq!(cvm(None, [0x36, 0]), Ok(Cvm::NoCvm));
    }

    #[test]
    fn a_device_is_believed_when_the_signed_copy_says_so_too() {
        let cvm = |related, cryptogram| {
            verification(&card(Some("0080"), related), Bits([0x36, 0, 0, 0]), cryptogram).map_err(|found| found.reason)
        };
        let verified = Ok(Cvm::ConfirmationCodeVerified);
        let mismatch = Err(Reason::C3CtqMismatch);
        assert_eq!(cvm(Some("01 11223344 0080 00"), CryptogramType::Tc), verified);
        assert_eq!(cvm(Some("01 11223344 0000 00"), CryptogramType::Tc), mismatch);
        assert_eq!(cvm(Some("01 11223344 0000 00"), CryptogramType::Arqc), mismatch);
        assert_eq!(cvm(Some("01 11223344 00"), CryptogramType::Arqc), mismatch, "too short for a copy");
        assert_eq!(cvm(None, CryptogramType::Arqc), verified, "the issuer decides");
        assert_eq!(cvm(None, CryptogramType::Tc), mismatch);
    }
}
