//! What the card has for offline data authentication against what it says it can do. Who clears a bit of the profile (`82`)
//! makes a card that signs look like one that does not; what it would sign with is still there.

use apdu::{
    Bits, Tag, tag,
    value::{Aip, CvmList, aip},
};

use crate::{
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity},
    store::CardData,
};

/// What only a card that signs has; a list for the signature (`9F49`) alone is on many a card that does not.
const DYNAMIC: Tag = tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46;
/// What only a card with signed static data has.
const STATIC: Tag = tag::SIGNED_STATIC_APPLICATION_DATA_93;

/// Something for a method that the profile does not offer.
pub fn check(card: &CardData) -> Option<Finding> {
    let profile: Aip = Bits(card.array(tag::AIP_82)?);
    let dynamic = [aip::DDA, aip::CDA].iter().any(|method| profile.has(*method));
    if dynamic {
        return None;
    }
    let signs = card.has(DYNAMIC) && !key_is_for_pins(card);
    let signed = card.has(STATIC) && !profile.has(aip::SDA);
    let artefact = signs.then_some(DYNAMIC).or(signed.then_some(STATIC))?;
    let finding = Finding::new(Reason::OdaDowngrade).severity(Severity::Info).certainty(Certainty::Hint);
    let methods = Evidence::found(Fact::CardMethods, profile.0).at(card.place(tag::AIP_82));
    Some(finding.with(Evidence::found(Fact::DataObject, artefact).at(card.place(artefact))).with(methods))
}

/// The card's key may be there for enciphered PINs alone (`EMV 4.4 Book 2, 7.1`).
fn key_is_for_pins(card: &CardData) -> bool {
    let list = card.value(tag::CVM_LIST_8E).and_then(|list| CvmList::parse(list).ok());
    let enciphered = list.is_some_and(|list| list.rules().any(|rule| rule.method().needs_enciphered_pin()));
    enciphered && !card.has(tag::ICC_PIN_CERTIFICATE_9F2D)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::card_data;

    const CERTIFICATE: (Tag, &str) = (tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46, "00");
    const STATIC_SIGNATURE: (Tag, &str) = (tag::SIGNED_STATIC_APPLICATION_DATA_93, "00");

    fn told(objects: &[(Tag, &str)]) -> bool {
        check(&card_data(objects)).is_some()
    }

    #[test]
    fn a_key_that_is_not_offered_is_told() {
        assert!(told(&[(tag::AIP_82, "5800"), CERTIFICATE]));
        assert!(told(&[(tag::AIP_82, "1800"), CERTIFICATE]));
        assert!(told(&[(tag::AIP_82, "1800"), STATIC_SIGNATURE]));
    }

    #[test]
    fn what_is_offered_or_for_something_else_is_silent() {
        assert!(!told(&[(tag::AIP_82, "7800"), CERTIFICATE, STATIC_SIGNATURE]), "no DDOL, no list of static data");
        assert!(!told(&[(tag::AIP_82, "1980"), CERTIFICATE]));
        assert!(!told(&[(tag::AIP_82, "5800"), STATIC_SIGNATURE, (tag::DDOL_9F49, "9F3704")]));
        assert!(!told(&[(tag::AIP_82, "1800"), (tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90, "00")]), "for a PIN key");
        let for_pins = (tag::CVM_LIST_8E, "000000000000000044031F00");
        assert!(!told(&[(tag::AIP_82, "5800"), CERTIFICATE, for_pins]));
    }
}
