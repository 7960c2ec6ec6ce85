//! Issuer application data (tag `9F10`) in each payment system's layout: what the card remembers of the transaction.

use super::{Kind, Version};

/// How issuer authentication went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IssuerAuthenticationResult {
    /// Not tried.
    #[default]
    NotPerformed,
    /// The issuer's cryptogram was right.
    Passed,
    /// It was not.
    Failed,
}

/// What card verification results tell the issuer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Answer to the first GENERATE AC.
    pub first: Option<Kind>,
    /// Answer to the second GENERATE AC.
    pub second: Option<Kind>,
    /// A PIN was compared.
    pub pin_performed: bool,
    /// It came enciphered.
    pub pin_enciphered: bool,
    /// The last comparison failed.
    pub pin_failed: bool,
    /// PIN tries left.
    pub tries_left: u8,
    /// How issuer authentication went.
    pub issuer_authentication: IssuerAuthenticationResult,
    /// Too many transactions without the issuer: the card's own upper limit is passed.
    pub over_limit: bool,
    /// The terminal could not go online.
    pub unable_online: bool,
    /// INTERNAL AUTHENTICATE was answered.
    pub dda: bool,
    /// A CDA signature is in the answer to the first GENERATE AC.
    pub cda_first: bool,
    /// A CDA signature is in the answer to the second GENERATE AC.
    pub cda_second: bool,
    /// Script commands received.
    pub scripts: u8,
    /// One of them failed.
    pub script_failed: bool,
}

fn bit(condition: bool, mask: u8) -> u8 {
    if condition { mask } else { 0 }
}

impl Facts {
    /// Bits 8 to 5: second cryptogram, first cryptogram; `10` in the second place for not asked.
    fn kinds(&self) -> u8 {
        let second = self.second.map_or(0x80, Kind::bits);
        let first = self.first.map_or(0, Kind::bits);
        second | first >> 2
    }

    fn issuer_failed(&self) -> bool {
        self.issuer_authentication == IssuerAuthenticationResult::Failed
    }

    fn issuer_skipped(&self) -> bool {
        let skipped = self.issuer_authentication == IssuerAuthenticationResult::NotPerformed;
        self.second.is_some() && !self.unable_online && skipped
    }

    /// Four bytes of Visa and UnionPay, the first their length.
    fn visa(&self) -> [u8; 4] {
        let first = self.kinds()
            | bit(self.issuer_failed(), 0x08)
            | bit(self.pin_performed, 0x04)
            | bit(self.pin_failed, 0x02)
            | bit(self.unable_online, 0x01);
        let second = bit(self.tries_left == 0, 0x40) | bit(self.over_limit, 0x20) | bit(self.issuer_skipped(), 0x04);
        let third = self.scripts.min(15) << 4 | bit(self.script_failed, 0x08) | bit(self.dda, 0x02);
        [0x03, first, second, third]
    }

    /// Six bytes of M/Chip.
    fn m_chip(&self) -> [u8; 6] {
        let first = self.kinds()
            | bit(self.pin_performed, 0x04)
            | bit(self.pin_enciphered, 0x02)
            | bit(self.pin_performed && !self.pin_failed, 0x01);
        let second = bit(self.dda, 0x80)
            | bit(self.cda_first, 0x40)
            | bit(self.cda_second, 0x20)
            | bit(self.issuer_authentication != IssuerAuthenticationResult::NotPerformed, 0x10);
        let third = self.scripts.min(15) << 4 | self.tries_left & 0x0F;
        let fourth = bit(self.unable_online, 0x40)
            | bit(!self.pin_performed, 0x20)
            | bit(self.pin_failed, 0x10)
            | bit(self.tries_left == 0, 0x08);
        let fifth = bit(self.over_limit, 0x40)
            | bit(self.issuer_failed(), 0x04)
            | bit(self.scripts > 0, 0x02)
            | bit(self.script_failed, 0x01);
        [first, second, third, fourth, fifth, 0]
    }

    /// Five bytes of the common core definition.
    fn common(&self) -> [u8; 5] {
        let first = self.kinds()
            | bit(self.cda_first || self.cda_second, 0x08)
            | bit(self.dda, 0x04)
            | bit(self.issuer_skipped(), 0x02)
            | bit(self.issuer_failed(), 0x01);
        let second = (self.tries_left & 0x0F) << 4
            | bit(self.pin_performed, 0x08)
            | bit(self.pin_failed, 0x04)
            | bit(self.tries_left == 0, 0x02);
        let third = bit(self.over_limit, 0x40);
        let fourth = self.scripts.min(15) << 4 | bit(self.script_failed, 0x08) | bit(self.unable_online, 0x01);
        [first, second, third, fourth, 0]
    }
}

/// The issuer application data of a card with this key index.
pub fn issuer_application_data(version: Version, key_index: u8, facts: &Facts) -> Vec<u8> {
    match version {
        Version::Visa10 => [&[0x06, key_index, 0x0A], &facts.visa()[..]].concat(),
        Version::Visa18 => [&[0x06, key_index, 0x12], &facts.visa()[..]].concat(),
        Version::UnionPay1 => [&[0x07, key_index, 0x01], &facts.visa()[..], &[0x01]].concat(),
        Version::MChip10 => [&[key_index, 0x10], &facts.m_chip()[..], &[0; 10]].concat(),
        Version::MChip14 => [&[key_index, 0x14], &facts.m_chip()[..], &[0; 10]].concat(),
        Version::Common => [&[0x0F, 0xA5, key_index], &facts.common()[..], &[0; 8], &[0x0F], &[0; 15]].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layout_announces_its_version() {
        let versions =
            [Version::Visa10, Version::Visa18, Version::UnionPay1, Version::MChip10, Version::MChip14, Version::Common];
        for version in versions {
            let data = issuer_application_data(version, 1, &Facts::default());
            assert_eq!(Version::announced_by(&data), Some(version));
        }
        assert_eq!(Version::announced_by(&[]), None);
    }

    #[test]
    fn visa_results_show_both_cryptograms_and_the_pin() {
        let mut facts = Facts { first: Some(Kind::Arqc), tries_left: 3, ..Facts::default() };
        assert_eq!(hex::encode_upper(issuer_application_data(Version::Visa10, 1, &facts)), "06010A03A00000");
        facts = Facts { pin_performed: true, second: Some(Kind::Tc), dda: true, scripts: 1, ..facts };
        facts.issuer_authentication = IssuerAuthenticationResult::Passed;
        assert_eq!(hex::encode_upper(issuer_application_data(Version::UnionPay1, 1, &facts)), "0701010364001201");
        facts = Facts { pin_failed: true, tries_left: 0, over_limit: true, second: Some(Kind::Aac), ..facts };
        facts.unable_online = true;
        assert_eq!(hex::encode_upper(issuer_application_data(Version::Visa18, 1, &facts)), "06011203276012");
    }

    #[test]
    fn m_chip_and_common_results_show_signatures_and_tries() {
        let mut facts = Facts { first: Some(Kind::Arqc), tries_left: 2, cda_first: true, ..Facts::default() };
        facts = Facts { pin_performed: true, pin_enciphered: true, ..facts };
        assert_eq!(hex::encode_upper(&issuer_application_data(Version::MChip14, 1, &facts)[..8]), "0114A74002000000");
        assert_eq!(hex::encode_upper(&issuer_application_data(Version::Common, 1, &facts)[..8]), "0FA501A828000000");
        facts =
            Facts { second: Some(Kind::Aac), pin_failed: true, dda: true, script_failed: true, scripts: 2, ..facts };
        facts.issuer_authentication = IssuerAuthenticationResult::Failed;
        assert_eq!(hex::encode_upper(&issuer_application_data(Version::MChip10, 1, &facts)[..8]), "011026D022100700");
        assert_eq!(hex::encode_upper(&issuer_application_data(Version::Common, 1, &facts)[..8]), "0FA5012D2C002800");
    }
}
