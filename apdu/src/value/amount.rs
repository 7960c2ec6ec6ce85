//! Amounts of money, in tags 9F02, 9F03 (numeric) and 81, 9F04, 9F1B (binary).

use core::fmt;

use super::{bcd, currency::Currency};

/// An amount in minor units of its currency: 12.34 euro is 1234. At most twelve digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(u64);

/// Why something is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// More than twelve digits.
    #[error("{0} has more than twelve digits")]
    TooLarge(u64),
    /// A nibble is no digit.
    #[error("not made of digits")]
    NotDigits,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount twelve digits can say.
    pub const MAX: Self = Self(999_999_999_999);

    /// An amount of minor units.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more than twelve digits.
    pub fn from_minor_units(units: u64) -> Result<Self, Error> {
        if units > Self::MAX.0 { Err(Error::TooLarge(units)) } else { Ok(Self(units)) }
    }

    /// An amount in format n 12.
    ///
    /// # Errors
    /// [`Error::NotDigits`] when a nibble is no digit.
    pub fn from_numeric(bytes: [u8; 6]) -> Result<Self, Error> {
        bcd::to_number(&bytes).map(Self).ok_or(Error::NotDigits)
    }

    /// An amount in binary.
    pub fn from_binary(bytes: [u8; 4]) -> Self {
        Self(u32::from_be_bytes(bytes).into())
    }

    /// The minor units.
    pub fn minor_units(self) -> u64 {
        self.0
    }

    /// The amount in format n 12.
    pub fn to_numeric(self) -> [u8; 6] {
        bcd::from_number(self.0).unwrap_or([0x99; 6])
    }

    /// The amount in four binary bytes; `None` when it does not fit.
    pub fn to_binary(self) -> Option<[u8; 4]> {
        u32::try_from(self.0).ok().map(u32::to_be_bytes)
    }

    /// The sum; `None` beyond twelve digits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(|sum| Self::from_minor_units(sum).ok())
    }

    /// The difference; `None` when `other` is larger.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The amount for people: `EUR 12.34`.
    pub fn in_currency(self, currency: &Currency) -> impl fmt::Display + use<> {
        Shown { amount: self, exponent: currency.exponent, alpha: Some(currency.alpha) }
    }

    /// The amount for people when only the number of decimal places is known: `12.34`.
    pub fn with_exponent(self, exponent: u8) -> impl fmt::Display {
        Shown { amount: self, exponent, alpha: None }
    }
}

struct Shown {
    amount: Amount,
    exponent: u8,
    alpha: Option<&'static str>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(alpha) = self.alpha {
            write!(f, "{alpha} ")?;
        }
        // Twelve digits have at most twelve places; an exponent is one digit (tag 5F36) but may arrive as anything.
        let places = self.exponent.min(12);
        let unit = 10u64.saturating_pow(places.into());
        let whole = self.amount.0.checked_div(unit).unwrap_or_default();
        let rest = self.amount.0.checked_rem(unit).unwrap_or_default();
        match places {
            0 => write!(f, "{whole}"),
            places => write!(f, "{whole}.{rest:0places$}", places = usize::from(places)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_written_with_their_currency() {
        let shown = |units, alpha| {
            let currency = Currency::from_alpha(alpha).unwrap();
            Amount::from_minor_units(units).unwrap().in_currency(currency).to_string()
        };
        assert_eq!(shown(1234, "EUR"), "EUR 12.34");
        assert_eq!(shown(5, "CNY"), "CNY 0.05");
        assert_eq!(shown(1500, "JPY"), "JPY 1500");
        assert_eq!(shown(1_234_567, "KWD"), "KWD 1234.567");
        assert_eq!(Amount::MAX.with_exponent(200).to_string(), "0.999999999999");
    }

    #[test]
    fn thirteen_digits_are_no_amount() {
        assert_eq!(Amount::from_minor_units(1_000_000_000_000), Err(Error::TooLarge(1_000_000_000_000)));
        assert_eq!(Amount::from_numeric([0, 0, 0, 0, 0, 0x0A]), Err(Error::NotDigits));
        assert_eq!(Amount::MAX.to_binary(), None);
        assert_eq!(Amount::MAX.checked_add(Amount(1)), None);
    }

    proptest! {
        #[test]
        fn amounts_round_trip(units in 0u64..=999_999_999_999, binary: [u8; 4]) {
            let amount = Amount::from_minor_units(units).unwrap();
            prop_assert_eq!(Amount::from_numeric(amount.to_numeric()), Ok(amount));
            prop_assert_eq!(Amount::from_binary(binary).to_binary(), Some(binary));
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes: [u8; 6], exponent: u8) {
            if let Ok(amount) = Amount::from_numeric(bytes) {
                prop_assert_eq!(amount.to_numeric(), bytes);
                let _ = amount.with_exponent(exponent).to_string();
            }
        }
    }
}
