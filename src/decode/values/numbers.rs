//! Numbers, amounts, dates, and codes of one byte.

use apdu::value::{Amount, Date, Time, bcd};

use super::{Inside, Value};
use crate::decode::node::Meaning;

/// A binary number of up to eight bytes.
pub fn number(value: Value<'_>) -> Option<Inside> {
    let bytes = value.bytes;
    let fits = (1..=8).contains(&bytes.len());
    fits.then(|| Meaning::Number(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))).into())
}

/// A number in decimal digits.
pub fn decimal(value: Value<'_>) -> Option<Inside> {
    bcd::to_number(value.bytes).map(|number| Meaning::Number(number).into())
}

/// Digits that are no number.
pub fn digits(value: Value<'_>) -> Option<Inside> {
    let numeric = bcd::is_numeric(value.bytes) && !value.bytes.is_empty();
    numeric.then(|| Meaning::Digits(hex::encode(value.bytes)).into())
}

/// An amount in format n 12, in the transaction's currency.
pub fn amount(value: Value<'_>) -> Option<Inside> {
    let amount = Amount::from_numeric(value.bytes.try_into().ok()?).ok()?;
    Some(value.around.transaction_amount(amount).into())
}

/// An amount in format n 12, in the application's currency.
pub fn application_amount(value: Value<'_>) -> Option<Inside> {
    let amount = Amount::from_numeric(value.bytes.try_into().ok()?).ok()?;
    Some(value.around.application_amount(amount).into())
}

/// A binary amount, in the transaction's currency.
pub fn binary_amount(value: Value<'_>) -> Option<Inside> {
    let amount = Amount::from_binary(value.bytes.try_into().ok()?);
    Some(value.around.transaction_amount(amount).into())
}

/// A day.
pub fn date(value: Value<'_>) -> Option<Inside> {
    let date = Date::from_yymmdd(value.bytes.try_into().ok()?);
    Some(match date {
        Ok(date) => Meaning::Date(date.to_string()).into(),
        Err(_) => super::Problem::new("no-such-day", value.at).into(),
    })
}

/// A time of day.
pub fn time(value: Value<'_>) -> Option<Inside> {
    let time = Time::from_hhmmss(value.bytes.try_into().ok()?);
    Some(match time {
        Ok(time) => Meaning::Time(time.to_string()).into(),
        Err(_) => super::Problem::new("no-such-time", value.at).into(),
    })
}

/// The word of a byte.
fn word(value: Value<'_>, words: &[(u8, &'static str)]) -> Option<Inside> {
    let [byte] = value.bytes else { return None };
    words.iter().find(|(code, _)| code == byte).map(|(_, word)| Meaning::Word(word).into())
}

/// Transaction type (`9C`): the first two digits of the processing code (ISO 8583).
pub fn transaction_type(value: Value<'_>) -> Option<Inside> {
    word(value, TRANSACTION_TYPES)
}

/// POS entry mode (`9F39`, ISO 8583).
pub fn entry_mode(value: Value<'_>) -> Option<Inside> {
    word(value, ENTRY_MODES)
}

/// Account type (`5F57`, `EMV 4.4 Book 3, Annex G`).
pub fn account_type(value: Value<'_>) -> Option<Inside> {
    word(value, ACCOUNT_TYPES)
}

/// Whether something is there: 00 or 01.
pub fn yes_or_no(value: Value<'_>) -> Option<Inside> {
    word(value, &[(0, "no"), (1, "yes")])
}

const TRANSACTION_TYPES: &[(u8, &str)] = &[
    (0x00, "purchase"),
    (0x01, "cash"),
    (0x09, "purchase-with-cashback"),
    (0x17, "cash-disbursement"),
    (0x20, "refund"),
    (0x21, "deposit"),
    (0x30, "inquiry"),
    (0x31, "balance-inquiry"),
];

const ENTRY_MODES: &[(u8, &str)] = &[
    (0x00, "entry-unknown"),
    (0x01, "entry-manual"),
    (0x02, "entry-stripe"),
    (0x03, "entry-barcode"),
    (0x04, "entry-optical"),
    (0x05, "entry-chip"),
    (0x07, "entry-contactless"),
    (0x10, "entry-on-file"),
    (0x80, "entry-fall-back"),
    (0x90, "entry-whole-stripe"),
    (0x91, "entry-contactless-stripe"),
    (0x95, "entry-chip-unreliable"),
];

const ACCOUNT_TYPES: &[(u8, &str)] =
    &[(0x00, "account-default"), (0x10, "account-savings"), (0x20, "account-cheque"), (0x30, "account-credit")];
