//! Codes of countries, currencies, languages and merchants.

mod countries;
mod languages;

use apdu::value::{Currency, bcd};

use super::{Inside, Value};
use crate::decode::node::{Meaning, Node};

/// A country by its codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// Numeric code.
    pub number: u16,
    /// Two letters.
    pub alpha2: &'static str,
    /// Three letters.
    pub alpha3: &'static str,
}

/// The first category of each range that one line of business has (ISO 18245), in order.
pub const CATEGORY_RANGES: [u16; 15] =
    [0, 1500, 3000, 3300, 3500, 4000, 4800, 5000, 5600, 5700, 6000, 7000, 7300, 8000, 9000];

/// The country with this numeric code.
pub fn country_by_number(number: u16) -> Option<Country> {
    let at = countries::COUNTRIES.binary_search_by_key(&number, |(number, ..)| *number).ok()?;
    countries::COUNTRIES.get(at).map(|(number, alpha2, alpha3)| Country { number: *number, alpha2, alpha3 })
}

/// The country with these two or three letters, in upper or lower case.
pub fn country_by_letters(letters: &str) -> Option<Country> {
    let same = |known: &str| known.eq_ignore_ascii_case(letters);
    let found = countries::COUNTRIES.iter().find(|(_, alpha2, alpha3)| same(alpha2) || same(alpha3));
    found.and_then(|(number, ..)| country_by_number(*number))
}

/// The two letters of the language with these two or three letters.
pub fn language_by_letters(letters: &str) -> Option<&'static str> {
    let same = |known: &str| known.eq_ignore_ascii_case(letters);
    languages::LANGUAGES.iter().find(|(two, three)| same(two) || same(three)).map(|(two, _)| *two)
}

fn three_digits(bytes: &[u8]) -> Option<u16> {
    let number = <[u8; 2]>::try_from(bytes).ok().and_then(|bytes| bcd::to_number(&bytes))?;
    u16::try_from(number).ok()
}

/// A country by its numeric code.
pub fn country(value: Value<'_>) -> Option<Inside> {
    three_digits(value.bytes).map(|number| Meaning::Country(number).into())
}

/// A country by its letters.
pub fn country_letters(value: Value<'_>) -> Option<Inside> {
    let letters = str::from_utf8(value.bytes).ok()?;
    country_by_letters(letters).map(|country| Meaning::Country(country.number).into())
}

/// A currency by its numeric code.
pub fn currency(value: Value<'_>) -> Option<Inside> {
    three_digits(value.bytes).map(|number| Meaning::Currency(number).into())
}

/// Several currencies.
pub fn currencies(value: Value<'_>) -> Option<Inside> {
    let codes = value.bytes.as_chunks::<2>().0.iter().enumerate();
    let nodes = codes.filter_map(|(index, code)| {
        let at = value.at.saturating_add(index.saturating_mul(2));
        Some(Node::part("currency", at, code).meaning(Meaning::Currency(three_digits(code)?)))
    });
    Some(nodes.collect::<Vec<_>>().into())
}

/// Languages, in the order in which the cardholder likes them.
pub fn languages(value: Value<'_>) -> Option<Inside> {
    let letters = value.bytes.as_chunks::<2>().0.iter().enumerate();
    let nodes = letters.filter_map(|(index, letters)| {
        let at = value.at.saturating_add(index.saturating_mul(2));
        let language = language_by_letters(str::from_utf8(letters).ok()?)?;
        Some(Node::part("language", at, letters).meaning(Meaning::Language(language)))
    });
    Some(nodes.collect::<Vec<_>>().into())
}

/// A merchant category.
pub fn category(value: Value<'_>) -> Option<Inside> {
    three_digits(value.bytes).map(|number| Meaning::Category(number).into())
}

/// The letters and digits of a currency.
pub fn currency_by_letters(letters: &str) -> Option<u16> {
    Currency::from_alpha(letters).map(|currency| currency.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_and_languages_are_found_by_every_code() {
        assert!(countries::COUNTRIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (number, alpha2, alpha3) in countries::COUNTRIES {
            let country = Country { number: *number, alpha2, alpha3 };
            assert_eq!(country_by_number(*number), Some(country));
            assert_eq!(country_by_letters(alpha2), Some(country));
            assert_eq!(country_by_letters(&alpha3.to_lowercase()), Some(country));
        }
        for (two, three) in languages::LANGUAGES {
            assert_eq!(language_by_letters(two), Some(*two));
            assert_eq!(language_by_letters(three), Some(*two));
        }
        assert_eq!(country_by_number(157), None);
        assert_eq!(language_by_letters("zz"), None);
    }
}
