//! Unpredictable numbers (`9F37`) of one terminal over several transactions: whether somebody who has seen some could have
//! told the next (`EMV 4.4 Book 4, 6.5.6`; [`Reason::TerminalUnWeak`](crate::finding::Reason::TerminalUnWeak)).
//!
//! Each pattern comes in good numbers with a chance below one in a million, so what is said here is said rarely in error.
//! Good numbers cannot be told from those of a generator that only looks good.

use alloc::vec::Vec;

/// How many of the latest numbers are looked at.
pub const MOST: usize = 64;

/// A counter or a clock shows when all of so many steps are small.
const SMALL_STEP: u32 = 1 << 22;

/// The unpredictable number of one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The number.
    pub number: [u8; 4],
    /// What the card made of it, to tell a transaction that was recorded twice from a number that came twice.
    pub cryptogram: Option<[u8; 8]>,
}

/// Why numbers are predictable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Always the same number.
    Constant([u8; 4]),
    /// Each number is the one before and this much, modulo 2^32.
    Counter(u32),
    /// Each number is a little above the one before: a counter, or a clock, that others use too.
    Rising,
    /// A number came more than once.
    Repeated([u8; 4]),
    /// These bytes (a bit each, the first byte highest) never change.
    FixedBytes(u8),
    /// All digits are decimal.
    Decimal,
}

impl Pattern {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Constant(_) => "constant",
            Self::Counter(_) => "counter",
            Self::Rising => "rising",
            Self::Repeated(_) => "repeated",
            Self::FixedBytes(_) => "fixed-bytes",
            Self::Decimal => "decimal",
        }
    }
}

/// The pattern in the latest [`MOST`] of one terminal's numbers, in the order of the transactions.
pub fn predictable(draws: &[Draw]) -> Option<Pattern> {
    let latest = draws.get(draws.len().saturating_sub(MOST)..)?;
    let numbers = each_transaction_once(latest);
    constant(&numbers)
        .or_else(|| counter(&numbers))
        .or_else(|| repeated(&numbers))
        .or_else(|| rising(&numbers))
        .or_else(|| fixed_bytes(&numbers))
        .or_else(|| decimal(&numbers))
}

fn each_transaction_once(draws: &[Draw]) -> Vec<[u8; 4]> {
    let mut kept: Vec<&Draw> = Vec::with_capacity(draws.len());
    for draw in draws {
        if draw.cryptogram.is_none() || !kept.contains(&draw) {
            kept.push(draw);
        }
    }
    kept.into_iter().map(|draw| draw.number).collect()
}

fn constant(numbers: &[[u8; 4]]) -> Option<Pattern> {
    let (first, others) = numbers.split_first()?;
    let is_constant = !others.is_empty() && others.iter().all(|other| other == first);
    is_constant.then_some(Pattern::Constant(*first))
}

fn steps(numbers: &[[u8; 4]]) -> impl Iterator<Item = u32> {
    let value = |number: &[u8; 4]| u32::from_be_bytes(*number);
    numbers.iter().zip(numbers.iter().skip(1)).map(move |(one, next)| value(next).wrapping_sub(value(one)))
}

fn counter(numbers: &[[u8; 4]]) -> Option<Pattern> {
    let step = steps(numbers).next()?;
    let counts = numbers.len() >= 3 && steps(numbers).all(|other| other == step);
    counts.then_some(Pattern::Counter(step))
}

fn rising(numbers: &[[u8; 4]]) -> Option<Pattern> {
    let rises = numbers.len() >= 4 && steps(numbers).all(|step| step < SMALL_STEP);
    rises.then_some(Pattern::Rising)
}

fn repeated(numbers: &[[u8; 4]]) -> Option<Pattern> {
    let again = |(at, number): (usize, &[u8; 4])| numbers.iter().take(at).any(|earlier| earlier == number);
    let found = numbers.iter().enumerate().find(|(at, number)| again((*at, number)));
    found.map(|(_, number)| Pattern::Repeated(*number))
}

/// Two bytes or more, whichever they are.
fn fixed_bytes(numbers: &[[u8; 4]]) -> Option<Pattern> {
    let (first, others) = numbers.split_first()?;
    let changes = others.iter().fold([0; 4], |changes: [u8; 4], other| {
        let mut changes = changes;
        changes.iter_mut().zip(first.iter().zip(other)).for_each(|(change, (one, other))| *change |= one ^ other);
        changes
    });
    let fixed = changes.iter().fold(0, |fixed: u8, change| (fixed << 1) | u8::from(*change == 0));
    (numbers.len() >= 3 && fixed.count_ones() >= 2).then_some(Pattern::FixedBytes(fixed))
}

fn decimal(numbers: &[[u8; 4]]) -> Option<Pattern> {
    let is_decimal = |byte: &u8| byte >> 4 <= 9 && byte & 0x0F <= 9;
    (numbers.len() >= 5 && numbers.as_flattened().iter().all(is_decimal)).then_some(Pattern::Decimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[u32]) -> Option<Pattern> {
        let draw = |(at, number): (usize, &u32)| Draw {
            number: number.to_be_bytes(),
            cryptogram: Some((at as u64).to_be_bytes()),
        };
        predictable(&numbers.iter().enumerate().map(draw).collect::<Vec<_>>())
    }

    #[test]
    fn predictable_numbers_are_told_by_their_pattern() {
        assert_eq!(of(&[7, 7]), Some(Pattern::Constant([0, 0, 0, 7])));
        assert_eq!(of(&[0xFFFF_FFFF, 0, 1]), Some(Pattern::Counter(1)));
        assert_eq!(of(&[0x4000_0000, 0x3000_0000, 0x2000_0000]), Some(Pattern::Counter(0xF000_0000)));
        assert_eq!(of(&[0xFFFF_FF00, 0xFFFF_FFA0, 0x10, 0x1234]), Some(Pattern::Rising));
        assert_eq!(of(&[0x9F31_00AB, 0x12C4_8BDE, 0x9F31_00AB]), Some(Pattern::Repeated([0x9F, 0x31, 0, 0xAB])));
        assert_eq!(of(&[0x0000_9ABC, 0x0000_01DE, 0x0000_77F1]), Some(Pattern::FixedBytes(0b1100)));
        assert_eq!(of(&[0x3F12_E1C7, 0xB012_44C7, 0x7A12_90C7]), Some(Pattern::FixedBytes(0b0101)));
        assert_eq!(of(&[0x1234_5678, 0x9081_7263, 0x5544_9910, 0x0099_1177, 0x3141_5926]), Some(Pattern::Decimal));
    }

    #[test]
    fn too_few_numbers_say_nothing() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[0]), None);
        assert_eq!(of(&[0, 1]), None);
        assert_eq!(of(&[0x1234_5678, 0x9081_7263, 0x5544_9910, 0x0099_1177]), None);
    }

    #[test]
    fn good_numbers_have_no_pattern() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            ((mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 32) as u32
        };
        for length in (2..=MOST).cycle().take(20_000) {
            let numbers: Vec<u32> = (0..length).map(|_| next()).collect();
            assert_eq!(of(&numbers), None, "{numbers:08X?}");
        }
    }

    #[test]
    fn a_transaction_recorded_twice_is_no_repeat() {
        let draw = |number: u32, cryptogram: u64| Draw {
            number: number.to_be_bytes(),
            cryptogram: Some(cryptogram.to_be_bytes()),
        };
        assert_eq!(predictable(&[draw(0x9F31_00AB, 1), draw(0x9F31_00AB, 1)]), None);
        assert!(predictable(&[draw(0x9F31_00AB, 1), draw(0x9F31_00AB, 2)]).is_some());
    }

    #[test]
    fn only_the_latest_numbers_count() {
        let numbers: Vec<u32> = (0..10_000_u32).map(|at| at.wrapping_mul(at).wrapping_mul(0x9E37_79B1)).collect();
        let draws: Vec<Draw> =
            numbers.iter().map(|number| Draw { number: number.to_be_bytes(), cryptogram: None }).collect();
        assert_eq!(predictable(&draws), predictable(&draws[draws.len() - MOST..]));
    }
}
