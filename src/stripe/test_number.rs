//! Card numbers that belong to nobody.

use apdu::value::Pan;

/// Published test numbers, and the beginnings of the ranges that test cards and the software cards have.
const BEGINNINGS: [&str; 13] = [
    "36070500001020",
    "371449635398431",
    "378282246310005",
    "3530111333300000",
    "3566002020360505",
    "4012888888881881",
    "4111111111111111",
    "476173",
    "5105105105105100",
    "541333",
    "5555555555554444",
    "6011111111111117",
    "62509470",
];

/// Whether `number` is one that is published for tests, so that it may stand where others can read it.
pub fn is_test_number(number: &Pan) -> bool {
    let unmasked = number.unmask();
    let begins = |beginning: &str| {
        let digits = beginning.bytes().map(|byte| byte & 0x0F);
        digits.eq(unmasked.digits().iter().copied().take(beginning.len()))
    };
    BEGINNINGS.iter().any(|beginning| begins(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_are_known_and_their_neighbours_are_not() {
        let is_test = |number: &str| is_test_number(&Pan::from_digits(number).unwrap());
        assert!(is_test("4761739001010010") && is_test("4111111111111111") && is_test("5413330089020011"));
        assert!(!is_test("4111111111111129") && !is_test("4761") && !is_test("4321987654321098"));
    }
}
