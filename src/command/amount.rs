//! Amounts as people write them.

use crate::failure::Failure;

/// The most that tag `9F02` can hold, in minor units.
const MOST: u64 = 999_999_999_999;

/// `12.34` in minor units of a currency with `exponent` decimals.
pub fn minor_units(option: &str, text: &str, exponent: u8) -> Result<u64, Failure> {
    parse(text, usize::from(exponent)).filter(|units| *units <= MOST).ok_or_else(|| {
        Failure::Usage(format!("{option} {text}: an amount with at most {exponent} decimals needed, such as 12.34"))
    })
}

fn parse(text: &str, exponent: usize) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = !whole.is_empty() && digits(whole) && digits(fraction) && fraction.len() <= exponent;
    let all = format!("{whole}{fraction:0<exponent$}");
    fits.then(|| all.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_minor_units() {
        assert_eq!(parse("12.34", 2), Some(1234));
        assert_eq!(parse("12", 2), Some(1200));
        assert_eq!(parse("12.3", 2), Some(1230));
        assert_eq!(parse("12", 0), Some(12));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "-1", "1,00", "1.234", ".5", "1e3", "99999999999999999999"] {
            assert_eq!(parse(text, 2), None, "{text}");
        }
        assert!(minor_units("--amount", "10000000000.00", 2).is_err());
    }
}
