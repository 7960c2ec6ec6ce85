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
    /// The currency with this numeric code, when a country uses it.
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
    currency(8, "ALL", 2),
    currency(12, "DZD", 2),
    currency(32, "ARS", 2),
    currency(36, "AUD", 2),
    currency(44, "BSD", 2),
    currency(48, "BHD", 3),
    currency(50, "BDT", 2),
    currency(51, "AMD", 2),
    currency(52, "BBD", 2),
    currency(60, "BMD", 2),
    currency(64, "BTN", 2),
    currency(68, "BOB", 2),
    currency(72, "BWP", 2),
    currency(84, "BZD", 2),
    currency(90, "SBD", 2),
    currency(96, "BND", 2),
    currency(104, "MMK", 2),
    currency(108, "BIF", 0),
    currency(116, "KHR", 2),
    currency(124, "CAD", 2),
    currency(132, "CVE", 2),
    currency(136, "KYD", 2),
    currency(144, "LKR", 2),
    currency(152, "CLP", 0),
    currency(156, "CNY", 2),
    currency(170, "COP", 2),
    currency(174, "KMF", 0),
    currency(188, "CRC", 2),
    currency(192, "CUP", 2),
    currency(203, "CZK", 2),
    currency(208, "DKK", 2),
    currency(214, "DOP", 2),
    currency(222, "SVC", 2),
    currency(230, "ETB", 2),
    currency(232, "ERN", 2),
    currency(238, "FKP", 2),
    currency(242, "FJD", 2),
    currency(262, "DJF", 0),
    currency(270, "GMD", 2),
    currency(292, "GIP", 2),
    currency(320, "GTQ", 2),
    currency(324, "GNF", 0),
    currency(328, "GYD", 2),
    currency(332, "HTG", 2),
    currency(340, "HNL", 2),
    currency(344, "HKD", 2),
    currency(348, "HUF", 2),
    currency(352, "ISK", 0),
    currency(356, "INR", 2),
    currency(360, "IDR", 2),
    currency(364, "IRR", 2),
    currency(368, "IQD", 3),
    currency(376, "ILS", 2),
    currency(388, "JMD", 2),
    currency(392, "JPY", 0),
    currency(398, "KZT", 2),
    currency(400, "JOD", 3),
    currency(404, "KES", 2),
    currency(408, "KPW", 2),
    currency(410, "KRW", 0),
    currency(414, "KWD", 3),
    currency(417, "KGS", 2),
    currency(418, "LAK", 2),
    currency(422, "LBP", 2),
    currency(426, "LSL", 2),
    currency(430, "LRD", 2),
    currency(434, "LYD", 3),
    currency(446, "MOP", 2),
    currency(454, "MWK", 2),
    currency(458, "MYR", 2),
    currency(462, "MVR", 2),
    currency(480, "MUR", 2),
    currency(484, "MXN", 2),
    currency(496, "MNT", 2),
    currency(498, "MDL", 2),
    currency(504, "MAD", 2),
    currency(512, "OMR", 3),
    currency(516, "NAD", 2),
    currency(524, "NPR", 2),
    currency(532, "XCG", 2),
    currency(533, "AWG", 2),
    currency(548, "VUV", 0),
    currency(554, "NZD", 2),
    currency(558, "NIO", 2),
    currency(566, "NGN", 2),
    currency(578, "NOK", 2),
    currency(586, "PKR", 2),
    currency(590, "PAB", 2),
    currency(598, "PGK", 2),
    currency(600, "PYG", 0),
    currency(604, "PEN", 2),
    currency(608, "PHP", 2),
    currency(634, "QAR", 2),
    currency(643, "RUB", 2),
    currency(646, "RWF", 0),
    currency(654, "SHP", 2),
    currency(682, "SAR", 2),
    currency(690, "SCR", 2),
    currency(702, "SGD", 2),
    currency(704, "VND", 0),
    currency(706, "SOS", 2),
    currency(710, "ZAR", 2),
    currency(728, "SSP", 2),
    currency(748, "SZL", 2),
    currency(752, "SEK", 2),
    currency(756, "CHF", 2),
    currency(760, "SYP", 2),
    currency(764, "THB", 2),
    currency(776, "TOP", 2),
    currency(780, "TTD", 2),
    currency(784, "AED", 2),
    currency(788, "TND", 3),
    currency(800, "UGX", 0),
    currency(807, "MKD", 2),
    currency(818, "EGP", 2),
    currency(826, "GBP", 2),
    currency(834, "TZS", 2),
    currency(840, "USD", 2),
    currency(858, "UYU", 2),
    currency(860, "UZS", 2),
    currency(882, "WST", 2),
    currency(886, "YER", 2),
    currency(901, "TWD", 2),
    currency(924, "ZWG", 2),
    currency(925, "SLE", 2),
    currency(926, "VED", 2),
    currency(928, "VES", 2),
    currency(929, "MRU", 2),
    currency(930, "STN", 2),
    currency(933, "BYN", 2),
    currency(934, "TMT", 2),
    currency(936, "GHS", 2),
    currency(938, "SDG", 2),
    currency(940, "UYI", 0),
    currency(941, "RSD", 2),
    currency(943, "MZN", 2),
    currency(944, "AZN", 2),
    currency(946, "RON", 2),
    currency(949, "TRY", 2),
    currency(950, "XAF", 0),
    currency(951, "XCD", 2),
    currency(952, "XOF", 0),
    currency(953, "XPF", 0),
    currency(967, "ZMW", 2),
    currency(968, "SRD", 2),
    currency(969, "MGA", 2),
    currency(971, "AFN", 2),
    currency(972, "TJS", 2),
    currency(973, "AOA", 2),
    currency(975, "BGN", 2),
    currency(976, "CDF", 2),
    currency(977, "BAM", 2),
    currency(978, "EUR", 2),
    currency(980, "UAH", 2),
    currency(981, "GEL", 2),
    currency(985, "PLN", 2),
    currency(986, "BRL", 2),
    currency(999, "XXX", 0),
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
