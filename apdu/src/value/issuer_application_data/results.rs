//! Card verification results: what the card remembers of the transaction and tells the issuer.

use super::{Layout, cryptogram};
use crate::{
    bits::{Bit, Bits},
    value::cid::CryptogramType,
};

pub mod common;
pub mod m_chip;
pub mod visa;

/// Card verification results in the layout of a payment system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Results {
    /// Visa formats 0, 1 and 3, UnionPay and PBOC: four bytes, the first of which is the length of the others.
    Short(Bits<4>),
    /// Visa formats 2 and 4: five bytes, the three in the middle as in the short layout.
    Long(Bits<5>),
    /// M/Chip.
    MChip(Bits<6>),
    /// Common core definition (`EMV 4.4 Book 3, Annex C9.3`).
    Common(Bits<5>),
}

/// Where a layout keeps what all of them have.
struct Places {
    /// The byte of both cryptogram types.
    cryptograms: u8,
    unable_online: Bit,
    issuer_authentication_failed: Bit,
    pin_failed: Bit,
    script_failed: Bit,
    /// The byte whose upper digit counts script commands.
    scripts: u8,
    pin_try_limit: Bit,
    lower_limits: &'static [Bit],
    /// Of a layout that has one bit for both, that bit.
    upper_limits: &'static [Bit],
}

impl Results {
    /// The results in `field`; bytes that are missing count as zero.
    pub(super) fn new(layout: Layout, field: &[u8]) -> Self {
        match layout {
            Layout::VisaShort | Layout::UnionPay => Self::Short(padded(field)),
            Layout::VisaLong => Self::Long(padded(field)),
            Layout::MChip => Self::MChip(padded(field)),
            Layout::Common => Self::Common(padded(field)),
        }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short(bits) => &bits.0,
            Self::Long(bits) | Self::Common(bits) => &bits.0,
            Self::MChip(bits) => &bits.0,
        }
    }

    /// Whether `bit` is set.
    pub fn has(&self, bit: Bit) -> bool {
        self.as_bytes().get(bit.index()).is_some_and(|byte| byte & bit.mask() != 0)
    }

    /// The answer to the first GENERATE AC, contactless to GET PROCESSING OPTIONS.
    pub fn first_cryptogram(&self) -> CryptogramType {
        cryptogram(self.byte(self.places().cryptograms) >> 4 & 0x03)
    }

    /// The answer to the second GENERATE AC; `None` when there was none.
    pub fn second_cryptogram(&self) -> Option<CryptogramType> {
        match self.byte(self.places().cryptograms) >> 6 {
            0b10 => None,
            bits => Some(cryptogram(bits)),
        }
    }

    /// Whether the terminal could not go online.
    pub fn unable_to_go_online(&self) -> bool {
        self.has(self.places().unable_online)
    }

    /// Whether the issuer's cryptogram was wrong.
    pub fn issuer_authentication_failed(&self) -> bool {
        self.has(self.places().issuer_authentication_failed)
    }

    /// Whether the issuer's cryptogram was wrong in this very transaction. M/Chip keeps the bit of an earlier one until
    /// the next success, but says whether there was anything to check now.
    pub fn issuer_authentication_failed_now(&self) -> bool {
        let tried = !matches!(self, Self::MChip(_)) || self.has(m_chip::ISSUER_AUTHENTICATION_PERFORMED);
        tried && self.issuer_authentication_failed()
    }

    /// Whether the issuer was asked and its answer brought nothing to authenticate it by. M/Chip does not say.
    pub fn issuer_authentication_left_out(&self) -> bool {
        match self {
            Self::Short(_) | Self::Long(_) => self.has(visa::ISSUER_AUTHENTICATION_NOT_PERFORMED),
            Self::Common(_) => self.has(common::ISSUER_AUTHENTICATION_NOT_PERFORMED),
            Self::MChip(_) => false,
        }
    }

    /// Whether no PIN tries are left.
    pub fn pin_try_limit_exceeded(&self) -> bool {
        self.has(self.places().pin_try_limit)
    }

    /// The bits of limits of the card's own that were passed: counts, amounts, days.
    pub fn limits_passed(&self) -> impl Iterator<Item = Bit> + '_ {
        let Places { lower_limits, upper_limits, .. } = self.places();
        lower_limits.iter().chain(upper_limits.iter()).copied().filter(|bit| self.has(*bit))
    }

    /// Whether a limit was passed beyond which the card declines what it cannot take online.
    pub fn has_passed_an_upper_limit(&self) -> bool {
        self.places().upper_limits.iter().any(|bit| self.has(*bit))
    }

    /// Whether the last offline PIN was wrong. A long Visa layout does not say.
    pub fn offline_pin_failed(&self) -> bool {
        !matches!(self, Self::Long(_)) && self.has(self.places().pin_failed)
    }

    /// Whether the card verified an offline PIN and found it right; `None` where the layout does not say.
    pub fn offline_pin_verified(&self) -> Option<bool> {
        let performed = match self {
            Self::Short(_) => visa::VERIFICATION_PERFORMED,
            Self::MChip(_) => m_chip::OFFLINE_PIN_PERFORMED,
            Self::Common(_) => common::OFFLINE_PIN_PERFORMED,
            Self::Long(_) => return None,
        };
        Some(self.has(performed) && !self.offline_pin_failed())
    }

    /// Whether the cardholder's device verified its holder; only a long Visa layout says.
    pub fn device_verified_holder(&self) -> Option<bool> {
        matches!(self, Self::Long(_)).then(|| self.has(visa::VERIFICATION_PERFORMED))
    }

    /// Whether an issuer script failed.
    pub fn script_failed(&self) -> bool {
        self.has(self.places().script_failed)
    }

    /// How many script commands the card counted, as far as four bits can.
    pub fn script_commands(&self) -> u8 {
        self.byte(self.places().scripts) >> 4
    }

    /// PIN tries left, as far as four bits can; `None` where the layout does not say.
    pub fn pin_tries_left(&self) -> Option<u8> {
        match self {
            Self::Short(_) | Self::Long(_) => None,
            Self::MChip(_) => Some(self.byte(3) & 0x0F),
            Self::Common(_) => Some(self.byte(2) >> 4),
        }
    }

    fn byte(&self, number: u8) -> u8 {
        self.as_bytes().get(usize::from(number).saturating_sub(1)).copied().unwrap_or(0)
    }

    fn places(&self) -> &'static Places {
        match self {
            Self::Short(_) | Self::Long(_) => &visa::PLACES,
            Self::MChip(_) => &m_chip::PLACES,
            Self::Common(_) => &common::PLACES,
        }
    }
}

fn padded<const N: usize>(field: &[u8]) -> Bits<N> {
    let mut bytes = [0; N];
    bytes.iter_mut().zip(field).for_each(|(slot, byte)| *slot = *byte);
    Bits(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_online_decline_is_read_from_every_layout() {
        let results = [
            Results::Short(Bits([0x03, 0x2F, 0x00, 0x28])),
            Results::MChip(Bits([0x20, 0, 0x22, 0x50, 0x05, 0])),
            Results::Common(Bits([0x21, 0x24, 0, 0x29, 0])),
        ];
        for results in results {
            assert_eq!(results.first_cryptogram(), CryptogramType::Arqc, "{results:?}");
            assert_eq!(results.second_cryptogram(), Some(CryptogramType::Aac), "{results:?}");
            assert!(results.unable_to_go_online() && results.issuer_authentication_failed(), "{results:?}");
            assert!(results.offline_pin_failed() && results.script_failed(), "{results:?}");
            assert_eq!(results.script_commands(), 2, "{results:?}");
        }
        assert_eq!(Results::MChip(Bits([0, 0, 0x13, 0, 0, 0])).pin_tries_left(), Some(3));
        assert_eq!(Results::Common(Bits([0, 0x30, 0, 0, 0])).pin_tries_left(), Some(3));
    }

    #[test]
    fn nothing_set_is_nothing_failed() {
        let results = Results::Long(Bits([0x12, 0xA2, 0, 0, 0]));
        assert_eq!((results.first_cryptogram(), results.second_cryptogram()), (CryptogramType::Arqc, None));
        assert!(!results.offline_pin_failed(), "the bit is reserved in the long layout");
        assert_eq!(results.pin_tries_left(), None);
    }
}
