//! Whether bytes of which nobody knows what they are could hold an account number.
//!
//! Data objects of the dictionary say how much care they need. For all others the digits themselves have to tell: as two
//! digits a byte in either alignment, and as characters.

use apdu::value::Pan;

/// Fewer digits than this are seldom an account number, and often amounts and dates.
const SHORTEST: usize = 13;
/// More digits than this are no account number.
const LONGEST: usize = 19;
/// As many digits of a cut account number may be shown: those that name the issuer.
const ISSUER: usize = 6;

/// Whether `bytes` could hold a whole account number, by its check digit.
pub(crate) fn may_hold_account(bytes: &[u8]) -> bool {
    runs(bytes).iter().any(|run| has_account(run))
}

/// Whether `bytes`, which a terminal put together of many values, hold an account number that stands by itself. Amounts,
/// dates and counters in a row look like one far too often.
pub(super) fn holds_account_alone(bytes: &[u8]) -> bool {
    let runs = runs(bytes).into_iter().map(|run| run.into_iter().skip_while(|digit| *digit == 0).collect());
    runs.into_iter().any(|run: Vec<u8>| (SHORTEST..=LONGEST).contains(&run.len()) && is_account(&run))
}

/// Whether `bytes`, which are cut or of unknown form, could hold part of an account number.
pub(super) fn may_hold_part_of_account(bytes: &[u8]) -> bool {
    let counts = |run: &Vec<u8>| run.iter().skip_while(|digit| **digit == 0).count() > ISSUER;
    runs(bytes).iter().any(counts)
}

/// Every run of digits, two to a byte or one a byte.
fn runs(bytes: &[u8]) -> Vec<Vec<u8>> {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    let characters = bytes.iter().map(|byte| if byte.is_ascii_digit() { byte & 0x0F } else { u8::MAX });
    let mut found = split(nibbles);
    found.extend(split(characters));
    found
}

fn split(values: impl Iterator<Item = u8>) -> Vec<Vec<u8>> {
    let mut runs = vec![Vec::new()];
    for value in values {
        match (value <= 9, runs.last_mut()) {
            (true, Some(run)) => run.push(value),
            _ => runs.push(Vec::new()),
        }
    }
    runs
}

fn has_account(run: &[u8]) -> bool {
    (SHORTEST..=LONGEST).any(|length| run.windows(length).any(is_account))
}

fn is_account(digits: &[u8]) -> bool {
    let text: String = digits.iter().map(|digit| char::from(b'0'.saturating_add(*digit))).collect();
    begins_like_one(digits) && Pan::from_digits(&text).is_ok_and(|pan| pan.luhn_is_valid())
}

/// The beginnings that payment cards have (ISO/IEC 7812-1).
fn begins_like_one(digits: &[u8]) -> bool {
    matches!(digits, [4..=6 | 9, ..] | [2, 2..=7, ..] | [3, 0 | 5..=9, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(hex: &str) -> bool {
        may_hold_account(&hex::decode(hex).unwrap())
    }

    #[test]
    fn account_numbers_are_found_in_every_alignment() {
        assert!(holds("4761739001010119"));
        assert!(holds("A4761739001010119F"), "shifted by a digit");
        assert!(holds("34373631373339303031303130313139"), "characters");
        assert!(holds("DF0147617390010101195F"));
    }

    #[test]
    fn amounts_and_binary_data_are_none() {
        assert!(!holds("000000012345"));

        assert!(!holds("0102030405060708"));
        assert!(!holds("A1B2C3D4E5F60718"));
        assert!(!holds(""));
    }

    #[test]
    fn digits_in_a_row_are_no_account_number() {
        let alone = |hex: &str| holds_account_alone(&hex::decode(hex).unwrap());
        assert!(!alone("0000000010000000000000000710000000000007101302120012345678"), "data for GENERATE AC");
        assert!(alone("A04761739001010119FF"));
    }

    #[test]
    fn a_cut_number_is_one_where_the_form_is_unknown() {
        assert!(may_hold_part_of_account(&[0x47, 0x61, 0x73, 0x90]));
        assert!(!may_hold_part_of_account(&[0x47, 0x61, 0x73]));
        assert!(!may_hold_part_of_account(&[0x00, 0x00, 0x00, 0x00, 0x12, 0x34]));
    }
}
