//! What a product leaves when it is divided by a modulus: long division, a word of the quotient at a time (Knuth, The Art of
//! Computer Programming 2, 4.3.1, algorithm D).
//!
//! For one cube with a key that does not come again, this costs a fraction of preparing the key.

use crypto_bigint::{Uint, WideWord, Word};

/// `base` to the power of three modulo `modulus`, which is greater than `base`.
pub(super) fn cube<const LIMBS: usize>(base: &Uint<LIMBS>, modulus: &Uint<LIMBS>) -> Uint<LIMBS> {
    // The quotient is guessed from the first words, and the guess is good when the first bit of the divisor is set. A factor
    // that all of the numbers have is a factor of the remainder.
    let shift = modulus.leading_zeros_vartime();
    let divisor = modulus.wrapping_shl_vartime(shift);
    let square = remainder(base.wrapping_shl_vartime(shift).widening_mul(base), &divisor);
    remainder(square.widening_mul(base), &divisor).wrapping_shr_vartime(shift)
}

/// The remainder of a product, of which the upper half is smaller than `divisor`.
fn remainder<const LIMBS: usize>((lower, upper): (Uint<LIMBS>, Uint<LIMBS>), divisor: &Uint<LIMBS>) -> Uint<LIMBS> {
    let mut rest = upper.to_words();
    lower.as_words().iter().rev().for_each(|word| take_word(&mut rest, *word, divisor.as_words()));
    Uint::from_words(rest)
}

/// Puts `word` behind `rest`, which is smaller than `divisor`, and leaves the remainder of that.
fn take_word(rest: &mut [Word], word: Word, divisor: &[Word]) {
    let mut left = subtract(rest, word, divisor, guess(rest, divisor));
    // The guess is never too small, and at most two too great.
    while left < 0 {
        left = left.wrapping_add(i128::from(add(rest, divisor)));
    }
}

/// How often `divisor` goes into `rest` and one more word, by the first two words of one and the first of the other.
fn guess(rest: &[Word], divisor: &[Word]) -> Word {
    let ([.., second, first], [.., by]) = (rest, divisor) else { return 0 };
    let dividend = WideWord::from(*first) << Word::BITS | WideWord::from(*second);
    let quotient = dividend.checked_div(WideWord::from(*by)).unwrap_or_default();
    Word::try_from(quotient).unwrap_or(Word::MAX)
}

/// `rest` and `word` less `times` times `divisor`; what is left in the word before the first, below zero when it was too
/// much.
fn subtract(rest: &mut [Word], word: Word, divisor: &[Word], times: Word) -> i128 {
    let (mut before, mut carry) = (word, 0);
    for (place, part) in rest.iter_mut().zip(divisor) {
        // A product of two words and two words more is no more than two words.
        let product = WideWord::from(times).wrapping_mul(WideWord::from(*part)).wrapping_add(carry);
        let (difference, borrow) = before.overflowing_sub(product as Word);
        carry = (product >> Word::BITS).wrapping_add(WideWord::from(borrow));
        before = core::mem::replace(place, difference);
    }
    i128::from(before).wrapping_sub(i128::try_from(carry).unwrap_or(i128::MAX))
}

/// Adds `divisor` to `rest`; whether that carries into the word before the first.
fn add(rest: &mut [Word], divisor: &[Word]) -> bool {
    let mut carry = false;
    for (place, part) in rest.iter_mut().zip(divisor) {
        let (sum, first) = place.overflowing_add(*part);
        let (sum, second) = sum.overflowing_add(Word::from(carry));
        (*place, carry) = (sum, first | second);
    }
    carry
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use crypto_bigint::{U256, U512};
    use proptest::prelude::*;

    /// Words where guesses go wrong: the least and the greatest there are, and those next to them.
    fn word() -> impl Strategy<Value = Word> {
        prop_oneof![Just(0), Just(1), Just(Word::MAX), Just(Word::MAX - 1), Just(1 << (Word::BITS - 1)), any::<Word>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn cubes_are_those_of_the_library(
            base in proptest::collection::vec(word(), U256::LIMBS),
            modulus in proptest::collection::vec(word(), U256::LIMBS),
        ) {
            let number = |words: Vec<Word>| U256::from_words(words.try_into().unwrap());
            let modulus = number(modulus) | U256::ONE;
            let by = crypto_bigint::NonZero::new(modulus).unwrap();
            let base = number(base).rem_vartime(&by);
            let square = U256::rem_wide_vartime(base.widening_square(), &by);
            let expected = U256::rem_wide_vartime(square.widening_mul(&base), &by);
            prop_assert_eq!(cube(&base, &modulus), expected);
        }
    }

    #[test]
    fn guesses_that_are_two_too_great_are_put_right() {
        let modulus = U512::MAX.wrapping_shr_vartime(1).wrapping_sub(&U512::from(4_u8));
        let base = modulus.wrapping_sub(&U512::from(2_u8));
        assert_eq!(cube(&base, &modulus), modulus.wrapping_sub(&U512::from(8_u8)), "the cube of -2");
    }
}
