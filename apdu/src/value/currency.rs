//! Currencies by their numeric code (ISO 4217): what tags 5F2A and 9F42 mean on paper.

/// One currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    /// Numeric code, as the decimal number it is read as: 156 for tag value `0156`.
    pub code: u16,
    /// Three-letter code.
    pub alpha: &'static str,
    /// Digits after the decimal point.
    pub exponent: u8,
}

impl Currency {
    /// The currency with this numeric code, when it is one of the common ones.
    pub fn from_code(code: u16) -> Option<&'static Self> {
        let at = CURRENCIES.binary_search_by_key(&code, |currency| currency.code).ok()?;
        CURRENCIES.get(at)
    }

    /// The currency of a format n 3 value such as tag 5F2A.
    pub fn from_bytes(bytes: [u8; 2]) -> Option<&'static Self> {
        super::bcd::to_number(&bytes).and_then(|code| u16::try_from(code).ok()).and_then(Self::from_code)
    }

    /// The currency with this three-letter code, in upper or lower case.
    pub fn from_alpha(alpha: &str) -> Option<&'static Self> {
        CURRENCIES.iter().find(|currency| currency.alpha.eq_ignore_ascii_case(alpha))
    }

    /// The code in format n 3, as in tag 5F2A.
    pub fn to_bytes(&self) -> [u8; 2] {
        super::bcd::from_number(self.code.into()).unwrap_or([0; 2])
    }
}

const fn currency(code: u16, alpha: &'static str, exponent: u8) -> Currency {
    Currency { code, alpha, exponent }
}

/// Sorted by code.
static CURRENCIES: &[Currency] = &[
    currency(12, "DZD", 2),
    currency(32, "ARS", 2),
    currency(36, "AUD", 2),
    currency(48, "BHD", 3),
    currency(50, "BDT", 2),
    currency(116, "KHR", 2),
    currency(124, "CAD", 2),
    currency(144, "LKR", 2),
    currency(152, "CLP", 0),
    currency(156, "CNY", 2),
    currency(170, "COP", 2),
    currency(203, "CZK", 2),
    currency(208, "DKK", 2),
    currency(344, "HKD", 2),
    currency(348, "HUF", 2),
    currency(352, "ISK", 0),
    currency(356, "INR", 2),
    currency(360, "IDR", 2),
    currency(376, "ILS", 2),
    currency(392, "JPY", 0),
    currency(398, "KZT", 2),
    currency(400, "JOD", 3),
    currency(404, "KES", 2),
    currency(410, "KRW", 0),
    currency(414, "KWD", 3),
    currency(418, "LAK", 2),
    currency(446, "MOP", 2),
    currency(458, "MYR", 2),
    currency(484, "MXN", 2),
    currency(496, "MNT", 2),
    currency(504, "MAD", 2),
    currency(512, "OMR", 3),
    currency(524, "NPR", 2),
    currency(554, "NZD", 2),
    currency(566, "NGN", 2),
    currency(578, "NOK", 2),
    currency(586, "PKR", 2),
    currency(604, "PEN", 2),
    currency(608, "PHP", 2),
    currency(634, "QAR", 2),
    currency(643, "RUB", 2),
    currency(682, "SAR", 2),
    currency(702, "SGD", 2),
    currency(704, "VND", 0),
    currency(710, "ZAR", 2),
    currency(752, "SEK", 2),
    currency(756, "CHF", 2),
    currency(764, "THB", 2),
    currency(784, "AED", 2),
    currency(788, "TND", 3),
    currency(818, "EGP", 2),
    currency(826, "GBP", 2),
    currency(840, "USD", 2),
    currency(901, "TWD", 2),
    currency(946, "RON", 2),
    currency(949, "TRY", 2),
    currency(975, "BGN", 2),
    currency(978, "EUR", 2),
    currency(980, "UAH", 2),
    currency(985, "PLN", 2),
    currency(986, "BRL", 2),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_currency_is_found_by_each_of_its_codes() {
        for currency in CURRENCIES {
            assert_eq!(Currency::from_code(currency.code), Some(currency));
            assert_eq!(Currency::from_alpha(currency.alpha), Some(currency));
            assert_eq!(Currency::from_bytes(currency.to_bytes()), Some(currency));
        }
        assert!(CURRENCIES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn codes_are_read_as_digits() {
        assert_eq!(Currency::from_bytes([0x01, 0x56]).unwrap().alpha, "CNY");
        assert_eq!(Currency::from_alpha("eur").unwrap().code, 978);
        assert_eq!(Currency::from_bytes([0x0A, 0x56]), None);
        assert_eq!(Currency::from_code(0), None);
    }
}
