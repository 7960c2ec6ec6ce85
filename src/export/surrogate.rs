//! Card numbers that stand for other card numbers: of the same payment system and length, and nobody's.
//!
//! A surrogate does not follow from the number it stands for but from the order in which numbers are met. So there is
//! nothing to be tried out.

use apdu::value::Pan;

/// A number with fewer digits is replaced where it stands as a card number, and looked for nowhere else.
const LONG: usize = 12;

/// The numbers met so far, each with what stands for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Surrogates {
    pairs: Vec<(Pan, Pan)>,
    keep_bin: bool,
}

impl Surrogates {
    /// `keep_bin`: the first six digits stay.
    pub fn new(keep_bin: bool) -> Self {
        Self { pairs: Vec::new(), keep_bin }
    }

    /// The numbers that must not be seen any more.
    pub fn originals(&self) -> impl Iterator<Item = &Pan> {
        self.pairs.iter().filter(|(original, surrogate)| original != surrogate).map(|(original, _)| original)
    }

    /// What stands for `pan`, if it was met.
    pub fn known(&self, pan: &Pan) -> Option<Pan> {
        self.pairs.iter().find(|(known, _)| known == pan).map(|(_, surrogate)| surrogate.clone())
    }

    /// What stands for `pan`.
    pub fn of(&mut self, pan: &Pan) -> Pan {
        if let Some(surrogate) = self.known(pan) {
            return surrogate;
        }
        let surrogate = (1_u32..1000)
            .filter_map(|number| surrogate(pan, number, self.keep_bin))
            .find(|surrogate| !self.pairs.iter().any(|(_, taken)| taken == surrogate))
            .unwrap_or_else(|| pan.clone());
        self.pairs.push((pan.clone(), surrogate.clone()));
        surrogate
    }

    /// The first digits of a number as an issuer has them in a certificate, replaced if a number met begins with them.
    pub fn prefix(&self, digits: &mut [u8]) {
        let begins = |pan: &Pan| pan.unmask().digits().starts_with(digits);
        let surrogate = self.pairs.iter().find(|(pan, _)| begins(pan)).map(|(_, surrogate)| surrogate.clone());
        match surrogate {
            Some(surrogate) => digits.iter_mut().zip(surrogate.unmask().digits()).for_each(|(to, from)| *to = *from),
            None => digits.fill(9),
        }
    }

    /// The last four digits, replaced if a number met ends with them.
    pub fn last_four(&self, digits: &mut [u8]) {
        let ends = |pan: &Pan| pan.unmask().digits().ends_with(digits);
        let surrogate = self.pairs.iter().find(|(pan, _)| ends(pan)).map(|(_, surrogate)| surrogate.clone());
        let last = |pan: &Pan| pan.unmask().digits().last_chunk::<4>().copied();
        match surrogate.as_ref().and_then(last).filter(|_| digits.len() == 4) {
            Some(last) => digits.copy_from_slice(&last),
            None => digits.fill(0),
        }
    }

    /// Replaces every number met wherever it stands in `bytes`: two digits a byte in either alignment, or one a byte.
    /// How many there were.
    pub fn replace(&self, bytes: &mut [u8]) -> usize {
        let long = self.pairs.iter().filter(|(pan, _)| pan.len() >= LONG);
        long.map(|(pan, surrogate)| {
            let (from, to) = (pan.unmask(), surrogate.unmask());
            replace_halves(bytes, from.digits(), to.digits()) + replace_characters(bytes, from.digits(), to.digits())
        })
        .sum()
    }
}

impl Surrogates {
    /// Makes zeros of seven digits and more that follow each other in a number met. Zeros in front are in amounts too, so a
    /// part has none.
    pub fn cover_parts(&self, bytes: &mut [u8]) -> bool {
        let numbers = self.originals().filter(|pan| pan.len() >= LONG);
        let stands = |part: &[u8; PART]| self.pairs.iter().any(|(_, surrogate)| holds(surrogate, part));
        let parts: Vec<[u8; PART]> = numbers.flat_map(parts).filter(|part| !stands(part)).collect();
        let mut all = halves(bytes);
        let found = cover(&mut all, &parts, |digit| digit);
        if found {
            put_halves(bytes, &all);
        }
        cover(bytes, &parts, |digit| digit | 0x30) || found
    }
}

/// More digits than may be shown of a number in one row.
const PART: usize = 7;

/// Every row of so many digits in it that is not half made of one digit.
fn parts(pan: &Pan) -> Vec<[u8; PART]> {
    let unmasked = pan.unmask();
    let rows = unmasked.digits().windows(PART).filter_map(|row| <[u8; PART]>::try_from(row).ok());
    let tells = |row: &[u8; PART]| {
        let distinct = (0..=9).filter(|digit| row.contains(digit)).count();
        row.first() != Some(&0) && distinct > 2
    };
    rows.filter(tells).collect()
}

fn holds(pan: &Pan, part: &[u8; PART]) -> bool {
    pan.unmask().digits().windows(PART).any(|row| row == part)
}

/// Puts zeros where one of `parts` stands, as `spelled`.
fn cover(places: &mut [u8], parts: &[[u8; PART]], spelled: impl Fn(u8) -> u8) -> bool {
    let rows: Vec<[u8; PART]> = parts.iter().map(|part| part.map(&spelled)).collect();
    let hits: Vec<usize> = places
        .windows(PART)
        .enumerate()
        .filter(|(_, row)| rows.iter().any(|part| part == row))
        .map(|(at, _)| at)
        .collect();
    for at in &hits {
        places.iter_mut().skip(*at).take(PART).for_each(|place| *place = spelled(0));
    }
    !hits.is_empty()
}

fn replace_halves(bytes: &mut [u8], from: &[u8], to: &[u8]) -> usize {
    let mut halves = halves(bytes);
    let count = replace_run(&mut halves, from, to);
    if count > 0 {
        put_halves(bytes, &halves);
    }
    count
}

fn replace_characters(bytes: &mut [u8], from: &[u8], to: &[u8]) -> usize {
    let ascii = |digits: &[u8]| digits.iter().map(|digit| digit | 0x30).collect::<Vec<u8>>();
    replace_run(bytes, &ascii(from), &ascii(to))
}

fn replace_run(haystack: &mut [u8], from: &[u8], to: &[u8]) -> usize {
    let mut count = 0_usize;
    let mut start = 0;
    while let Some(at) = haystack.get(start..).and_then(|rest| find(rest, from)) {
        let begin = start.saturating_add(at);
        start = begin.saturating_add(from.len());
        haystack.get_mut(begin..start).into_iter().for_each(|place| place.copy_from_slice(to));
        count = count.saturating_add(1);
    }
    count
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len().max(1)).position(|window| window == needle)
}

/// The half bytes of `bytes`, high ones first.
pub(super) fn halves(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).collect()
}

/// Puts half bytes back.
pub(super) fn put_halves(bytes: &mut [u8], halves: &[u8]) {
    bytes.iter_mut().zip(halves.chunks_exact(2)).for_each(|(byte, pair)| {
        if let [high, low] = pair {
            *byte = (high << 4) | (low & 0x0F);
        }
    });
}

/// The surrogate with this number; the check digit is right where that of `pan` is, and wrong where it is wrong.
fn surrogate(pan: &Pan, number: u32, keep_bin: bool) -> Option<Pan> {
    let unmasked = pan.unmask();
    let length = pan.len();
    let issuer = if keep_bin { unmasked.digits().get(..6).map(<[u8]>::to_vec) } else { None };
    let issuer = issuer.unwrap_or_else(|| test_issuer(unmasked.digits()));
    let account = length.checked_sub(1)?.saturating_sub(issuer.len());
    if account < 3 {
        return short(length, number);
    }
    let text: String = issuer.iter().map(|digit| char::from(digit | 0x30)).collect();
    let body = format!("{text}{number:0account$}");
    (0..=9_u8)
        .filter_map(|check| Pan::from_digits(&format!("{body}{check}")).ok())
        .find(|found| found.luhn_is_valid() == pan.luhn_is_valid())
}

/// Too short for an issuer and an account.
fn short(length: usize, number: u32) -> Option<Pan> {
    let digits = "9".repeat(length.saturating_sub(1));
    Pan::from_digits(&format!("{digits}{}", number % 10)).ok()
}

/// First digits that issuers give to test cards, of the same payment system as far as the first digits tell it, and of none
/// where they tell none.
fn test_issuer(digits: &[u8]) -> Vec<u8> {
    let prefix =
        digits.iter().take(4).fold(0_u16, |number, digit| number.saturating_mul(10).saturating_add((*digit).into()));
    match (prefix, digits) {
        (4000..=4999, _) => vec![4, 7, 6, 1, 7, 3],
        (2221..=2720 | 5100..=5599, _) => vec![5, 4, 1, 3, 3, 3],
        (3400..=3499 | 3700..=3799, _) => vec![3, 7, 8, 2, 8, 2],
        (3528..=3589, _) => vec![3, 5, 3, 0, 1, 1],
        (6011, _) => vec![6, 0, 1, 1, 1, 1],
        (6200..=6299, _) => vec![6, 2, 5, 0, 9, 4],
        (2200..=2220, _) => vec![2, 0, 9, 9, 9, 9],
        (_, [first, second, ..]) => vec![*first, *second, 9, 9, 9, 9],
        _ => vec![9; 6],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pan(text: &str) -> Pan {
        Pan::from_digits(text).unwrap()
    }

    fn shown(pan: &Pan) -> String {
        pan.unmask().to_string()
    }

    #[test]
    fn surrogates_are_valid_of_the_same_length_and_system_and_tell_numbers_apart() {
        let mut surrogates = Surrogates::new(false);
        for (text, begins) in [
            ("4111111111111111", "476173000"),
            ("5555555555554444", "541333000"),
            ("378282246310005", "378282000"),
            ("3530111333300000", "353011000"),
            ("6250947000000022003", "625094000"),
            ("4222222222222", "476173000"),
        ] {
            let surrogate = surrogates.of(&pan(text));
            assert_eq!(surrogate.luhn_is_valid(), pan(text).luhn_is_valid(), "{text}");
            assert_eq!(surrogate.len(), text.len());
            assert!(shown(&surrogate).starts_with(begins), "{}", shown(&surrogate));
            assert_eq!(surrogates.of(&pan(text)), surrogate, "the same again");
        }
        assert_ne!(surrogates.of(&pan("4012888888881881")), surrogates.of(&pan("4111111111111111")));
        assert!(!surrogates.of(&pan("4111111111111112")).luhn_is_valid(), "a wrong check digit stays wrong");
    }

    #[test]
    fn a_number_that_is_a_surrogate_stands_for_itself() {
        let first = Surrogates::new(false).of(&pan("4111111111111111"));
        let mut again = Surrogates::new(false);
        assert_eq!(again.of(&first), first);
        assert_eq!(again.originals().count(), 0);
    }

    #[test]
    fn parts_of_a_number_are_covered_and_amounts_are_not() {
        let mut surrogates = Surrogates::new(false);
        surrogates.of(&pan("6250947000000014"));
        let covered = |hex: &str| {
            let mut bytes = hex::decode(hex).unwrap();
            surrogates.cover_parts(&mut bytes);
            hex::encode_upper(bytes)
        };
        assert_eq!(covered("9F6250947F"), "9F0000000F");
        assert_eq!(covered("36323530393437"), "30303030303030");
        assert_eq!(covered("000000000014"), "000000000014");
    }

    #[test]
    fn the_issuer_stays_only_when_asked_for() {
        assert!(shown(&Surrogates::new(true).of(&pan("5105105105105100"))).starts_with("510510000"));
    }

    #[test]
    fn numbers_are_replaced_in_every_alignment() {
        let mut surrogates = Surrogates::new(false);
        let to = shown(&surrogates.of(&pan("4111111111111111")));
        for (hex, expected) in [
            ("FF4111111111111111D2", format!("FF{to}D2")),
            ("A4111111111111111F", format!("A{to}F")),
            ("34313131313131313131313131313131", hex::encode(&to)),
        ] {
            let mut bytes = hex::decode(hex).unwrap();
            assert_eq!(surrogates.replace(&mut bytes), 1, "{hex}");
            assert_eq!(hex::encode(bytes), expected.to_lowercase());
        }
    }
}
