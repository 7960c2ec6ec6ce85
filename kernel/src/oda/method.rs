//! Choosing the method of offline data authentication (`EMV 4.4 Book 3, 10.3`).

use alloc::vec::Vec;

use apdu::{
    Bit, Tag, tag,
    value::{Aip, TerminalCapabilities, aip, terminal_capabilities, tvr},
};

use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    store::CardData,
};

/// A method of offline data authentication that uses RSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Static: the issuer's signature over the card's records.
    Sda,
    /// Dynamic: the card signs what the terminal sends.
    Dda,
    /// Combined: the card signs the cryptogram with the transaction.
    Cda,
}

impl Method {
    /// The strongest method that card and terminal have in common.
    ///
    /// # Errors
    /// [`Reason::OdaNoCommonMethod`] when there is none; it sets "offline data authentication was not performed".
    pub fn choose(card: &Aip, terminal: &TerminalCapabilities) -> Result<Self, Finding> {
        let common = [
            (Self::Cda, aip::CDA, terminal_capabilities::CDA),
            (Self::Dda, aip::DDA, terminal_capabilities::DDA),
            (Self::Sda, aip::SDA, terminal_capabilities::SDA),
        ];
        let found = common.into_iter().find(|(_, offered, supported)| card.has(*offered) && terminal.has(*supported));
        found.map(|(method, ..)| method).ok_or_else(|| no_common_method(card, terminal))
    }

    /// The TVR bit that says this method failed.
    pub const fn failed_bit(self) -> Bit {
        match self {
            Self::Sda => tvr::SDA_FAILED,
            Self::Dda => tvr::DDA_FAILED,
            Self::Cda => tvr::CDA_FAILED,
        }
    }

    /// The TVR bit that says this method was selected; only SDA has one.
    pub const fn selected_bit(self) -> Option<Bit> {
        match self {
            Self::Sda => Some(tvr::SDA_SELECTED),
            Self::Dda | Self::Cda => None,
        }
    }

    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Sda => "sda",
            Self::Dda => "dda",
            Self::Cda => "cda",
        }
    }

    /// One finding for each data object that this method needs and the card did not give. Each sets "ICC data missing";
    /// with any of them the method has failed too (`EMV 4.4 Book 3, 7.5`).
    ///
    /// Key remainders are not among them: only the certificate says whether there has to be one.
    pub fn missing_data(self, card: &CardData) -> Vec<Finding> {
        let needed = COMMON.iter().chain(self.own_data());
        needed.filter(|(tag, _)| !card.has(*tag)).map(|(tag, reason)| missing(*tag, *reason)).collect()
    }

    const fn own_data(self) -> &'static [(Tag, Reason)] {
        match self {
            Self::Sda => SIGNED_STATIC_DATA,
            Self::Dda | Self::Cda => ICC_CERTIFICATE,
        }
    }
}

const COMMON: &[(Tag, Reason)] = &[
    (tag::CA_PUBLIC_KEY_INDEX_8F, Reason::OdaDataMissing8f),
    (tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90, Reason::OdaDataMissing90),
    (tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32, Reason::OdaDataMissing9f32),
    (tag::PAN_5A, Reason::OdaDataMissing5a),
];

const SIGNED_STATIC_DATA: &[(Tag, Reason)] = &[(tag::SIGNED_STATIC_APPLICATION_DATA_93, Reason::OdaDataMissing93)];

const ICC_CERTIFICATE: &[(Tag, Reason)] = &[
    (tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46, Reason::OdaDataMissing9f46),
    (tag::ICC_PUBLIC_KEY_EXPONENT_9F47, Reason::OdaDataMissing9f47),
];

/// The finding for a data object that is not there.
pub(super) fn missing(tag: Tag, reason: Reason) -> Finding {
    Finding::new(reason).sets(tvr::ICC_DATA_MISSING).with(Evidence::missing(Fact::DataObject, tag).in_tag(tag))
}

fn no_common_method(card: &Aip, terminal: &TerminalCapabilities) -> Finding {
    Finding::new(Reason::OdaNoCommonMethod)
        .sets(tvr::ODA_NOT_PERFORMED)
        .with(Evidence::found(Fact::CardMethods, card.0).in_tag(tag::AIP_82))
        .with(Evidence::found(Fact::TerminalMethods, terminal.0).in_tag(tag::TERMINAL_CAPABILITIES_9F33))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;
    use apdu::Bits;

    #[test]
    fn the_strongest_common_method_is_chosen() {
        let choose = |card: u8, terminal: u8| {
            Method::choose(&Bits([card, 0]), &Bits([0, 0, terminal])).map_err(|finding| finding.reason)
        };
        assert_eq!(choose(0x61, 0xC8), Ok(Method::Cda));
        assert_eq!(choose(0x61, 0xC0), Ok(Method::Dda));
        assert_eq!(choose(0x60, 0xC8), Ok(Method::Dda));
        assert_eq!(choose(0x61, 0x80), Ok(Method::Sda));
        assert_eq!(choose(0x40, 0x48), Err(Reason::OdaNoCommonMethod));
        assert_eq!(choose(0x80, 0xCC), Err(Reason::OdaNoCommonMethod), "XDA alone is no method here");
    }

    #[test]
    fn only_sda_tells_that_it_was_chosen() {
        let told = [Method::Sda, Method::Dda, Method::Cda].map(|method| (method.id(), method.selected_bit()));
        assert_eq!(told, [("sda", Some(tvr::SDA_SELECTED)), ("dda", None), ("cda", None)]);
    }

    #[test]
    fn every_missing_object_has_its_own_finding() {
        let mut card = CardData::default();
        let reasons = |card: &CardData, method: Method| {
            method.missing_data(card).iter().map(|finding| finding.reason).collect::<Vec<_>>()
        };
        assert_eq!(reasons(&card, Method::Sda).len(), 5);
        assert!(Method::Sda.missing_data(&card).iter().all(|finding| finding.tvr == Some(tvr::ICC_DATA_MISSING)));
        for (tag, _) in COMMON {
            card.put(*tag, &[1], Place::default());
        }
        assert_eq!(reasons(&card, Method::Sda), [Reason::OdaDataMissing93]);
        assert_eq!(reasons(&card, Method::Cda), [Reason::OdaDataMissing9f46, Reason::OdaDataMissing9f47]);
    }
}
