//! Amounts as people write them.

use apdu::value::currency;
use kernel::Terminal;

/// A currency as amounts are written in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Currency {
    letters: Option<&'static str>,
    exponent: u8,
}

impl Currency {
    /// One nobody told.
    pub const UNKNOWN: Self = Self { letters: None, exponent: 2 };

    /// The terminal's.
    pub fn of(terminal: &Terminal) -> Self {
        let letters = currency::Currency::from_bytes(terminal.currency).map(|currency| currency.alpha);
        Self { letters, exponent: terminal.currency_exponent.min(8) }
    }

    /// The one with this code (`9F42`), with the terminal's exponent where the code is not known.
    pub fn with_code(self, code: Option<[u8; 2]>) -> Self {
        let known = code.and_then(currency::Currency::from_bytes);
        known.map_or(self, |currency| Self { letters: Some(currency.alpha), exponent: currency.exponent })
    }

    /// This one.
    pub fn known(currency: &currency::Currency) -> Self {
        Self { letters: Some(currency.alpha), exponent: currency.exponent }
    }

    /// `units` minor units: `CNY 120.00`.
    pub fn amount(self, units: u64) -> String {
        let exponent = usize::from(self.exponent);
        let digits = format!("{units:0>width$}", width = exponent.saturating_add(1));
        let (whole, part) = digits.split_at_checked(digits.len().saturating_sub(exponent)).unwrap_or((&digits, ""));
        let point = if part.is_empty() { "" } else { "." };
        match self.letters {
            Some(letters) => format!("{letters} {whole}{point}{part}"),
            None => format!("{whole}{point}{part}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        let currency = |letters, exponent| Currency { letters, exponent };
        assert_eq!(currency(Some("CNY"), 2).amount(12_000), "CNY 120.00");
        assert_eq!(currency(Some("CNY"), 2).amount(5), "CNY 0.05");
        assert_eq!(currency(Some("JPY"), 0).amount(500), "JPY 500");
        assert_eq!(currency(None, 3).amount(u64::MAX), "18446744073709551.615");
    }
}
