//! The forms a value can have in the file.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use apdu::value::{Date, bcd, currency::Currency};
use toml::de::DeValue;

/// A whole number, plain or in quotes.
pub(super) fn number<T: TryFrom<u64> + PartialOrd>(value: &DeValue<'_>, range: RangeInclusive<T>) -> Option<T> {
    let digits = digits(value)?;
    let number = T::try_from(digits.parse::<u64>().ok()?).ok()?;
    range.contains(&number).then_some(number)
}

/// Decimal digits, plain or in quotes.
pub(super) fn digits<'v>(value: &'v DeValue<'_>) -> Option<&'v str> {
    let digits = match value {
        DeValue::String(text) => text.as_ref(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
        _ => return None,
    };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then_some(digits)
}

/// Digits as BCD, filled with zeros from the left.
pub(super) fn numeric<const N: usize>(value: &DeValue<'_>) -> Option<[u8; N]> {
    bcd::from_number(digits(value)?.parse().ok()?)
}

/// Bytes as hexadecimal digits in quotes.
pub(super) fn bytes(value: &DeValue<'_>) -> Option<Vec<u8>> {
    hex::decode(value.as_str()?).ok()
}

/// Exactly `N` bytes as hexadecimal digits in quotes.
pub(super) fn array<const N: usize>(value: &DeValue<'_>) -> Option<[u8; N]> {
    bytes(value)?.try_into().ok()
}

/// Exactly `N` characters, filled with spaces from the right.
pub(super) fn characters<const N: usize>(value: &DeValue<'_>) -> Option<[u8; N]> {
    let text = value.as_str()?;
    let printable = text.len() <= N && text.bytes().all(|byte| matches!(byte, 0x20..=0x7E));
    let mut filled = [b' '; N];
    filled.iter_mut().zip(text.bytes()).for_each(|(slot, byte)| *slot = byte);
    printable.then_some(filled)
}

/// A currency by letters or number.
pub(super) fn currency(value: &DeValue<'_>) -> Option<&'static Currency> {
    let letters = value.as_str().and_then(Currency::from_alpha);
    letters.or_else(|| Currency::from_code(number(value, 1..=999)?))
}

/// An amount in major units, in quotes: `"500.00"`, in minor units. At most `exponent` digits after the point, and no
/// more than four bytes hold.
pub(super) fn amount(value: &DeValue<'_>, exponent: u8) -> Option<u32> {
    long_amount(value, exponent).and_then(|amount| u32::try_from(amount).ok())
}

/// As [`amount`], of at most twelve digits.
pub(super) fn long_amount(value: &DeValue<'_>, exponent: u8) -> Option<u64> {
    let text = value.as_str()?;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let missing = usize::from(exponent).checked_sub(part.len())?;
    let all_digits = whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits || text.ends_with('.') {
        return None;
    }
    let mut digits = whole.bytes().chain(part.bytes()).chain(core::iter::repeat_n(b'0', missing));
    let amount = digits.try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit & 0x0F)));
    amount.filter(|amount| *amount <= 999_999_999_999)
}

/// A date, plain or in quotes: `2028-12-31`.
pub(super) fn date(value: &DeValue<'_>) -> Option<Date> {
    if let Some(date) = value.as_datetime().filter(|value| value.time.is_none()).and_then(|value| value.date) {
        return Date::new(date.year, date.month, date.day).ok();
    }
    let mut parts = value.as_str()?.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `true` or `false`.
pub(super) fn flag(value: &DeValue<'_>) -> Option<bool> {
    value.as_bool()
}
