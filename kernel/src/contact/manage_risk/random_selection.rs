//! Random transaction selection (`EMV 4.4 Book 3, 10.6.2`).

use crate::{
    point_of_sale::{PointOfSale, RandomPurpose},
    terminal::RandomSelection,
};

/// The numbers drawn are 1 to this.
const NUMBERS: u8 = 99;

/// The largest multiple of [`NUMBERS`] that a byte holds: bytes from here on would prefer small numbers.
const FAIR: u8 = 198;

/// How often bytes are drawn before the source is given up; one draw fails less than once in 100,000 times.
const DRAWS: u8 = 4;

/// The percentage of transactions of this amount to select, in whole percent; `None` when the amount is not under the
/// floor limit, where nothing is selected because all go online anyway.
///
/// Under the threshold the target applies to all. From there to the floor limit it grows in proportion to the amount,
/// from the target to the maximum. The part of a percent that is cut off never decides: random numbers are whole.
pub fn target_percentage(amount: u64, parameters: RandomSelection, floor_limit: u32) -> Option<u8> {
    let (floor_limit, threshold) = (u64::from(floor_limit), u64::from(parameters.threshold));
    if amount >= floor_limit {
        return None;
    }
    let steepness = u64::from(parameters.maximum.saturating_sub(parameters.target));
    let above = amount.saturating_sub(threshold).saturating_mul(steepness);
    let share = above.checked_div(floor_limit.saturating_sub(threshold)).unwrap_or(0);
    Some(u8::try_from(share).unwrap_or(u8::MAX).saturating_add(parameters.target))
}

/// Whether a transaction of this amount is selected by a random number from 1 to 99.
pub fn selected(amount: u64, parameters: RandomSelection, floor_limit: u32, random: u8) -> bool {
    target_percentage(amount, parameters, floor_limit).is_some_and(|target| random <= target)
}

/// Draws a number from 1 to 99, each as likely as the other. A source that gives nothing usable gives 1: whatever can be
/// selected is.
pub(super) fn draw<P: PointOfSale>(point_of_sale: &mut P) -> u8 {
    let mut bytes = [0; 8];
    for _ in 0..DRAWS {
        point_of_sale.random(RandomPurpose::TransactionSelection, &mut bytes);
        if let Some(byte) = bytes.into_iter().find(|byte| *byte < FAIR) {
            return (byte % NUMBERS).saturating_add(1);
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ScriptedPointOfSale;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    const PARAMETERS: RandomSelection = RandomSelection { threshold: 40_00, target: 20, maximum: 60 };

    #[test]
    fn the_target_grows_from_the_threshold_to_the_floor_limit() {
        let cases = [
            (0, Some(20)),
            (39_99, Some(20)),
            (40_00, Some(20)),
            // One percent more each 1.50; part of a percent is none.
            (41_49, Some(20)),
            (41_50, Some(21)),
            (70_00, Some(40)),
            (99_99, Some(59)),
            (10_000, None),
            (u64::MAX, None),
        ];
        for (amount, target) in cases {
            assert_eq!(target_percentage(amount, PARAMETERS, 10_000), target, "{amount}");
        }
    }

    #[test]
    fn a_number_up_to_the_target_selects() {
        for (amount, target) in [(0, 20), (39_99, 20), (70_00, 40), (99_99, 59)] {
            assert!(selected(amount, PARAMETERS, 10_000, 1), "{amount}");
            assert!(selected(amount, PARAMETERS, 10_000, target), "{amount}");
            assert!(!selected(amount, PARAMETERS, 10_000, target + 1), "{amount}");
        }
        assert!(!selected(10_000, PARAMETERS, 10_000, 1));
    }

    #[test]
    fn zero_and_99_percent_are_none_and_all() {
        let all = |target| RandomSelection { threshold: 0, target, maximum: target };
        for number in 1..=99 {
            assert!(!selected(50, all(0), 100, number));
            assert!(selected(50, all(99), 100, number));
        }
    }

    #[test]
    fn parameters_against_the_rules_select_as_their_target_says() {
        // A threshold at or above the floor limit; a maximum under the target.
        let high = RandomSelection { threshold: 200, target: 30, maximum: 90 };
        assert_eq!(target_percentage(99, high, 100), Some(30));
        let equal = RandomSelection { threshold: 100, ..high };
        assert_eq!(target_percentage(99, equal, 100), Some(30));
        let falling = RandomSelection { threshold: 0, target: 30, maximum: 10 };
        assert_eq!(target_percentage(99, falling, 100), Some(30));
        assert_eq!(target_percentage(0, high, 0), None);
    }

    #[test]
    fn every_number_is_as_likely_as_the_others() {
        let mut counts = [0; 100];
        for byte in 0..=u8::MAX {
            // A byte that is not fair is followed by one that is.
            let mut source = ScriptedPointOfSale::drawing([byte, 0, 0, 0, 0, 0, 0, 0]);
            counts[usize::from(draw(&mut source))] += usize::from(byte < FAIR);
        }
        assert_eq!(counts[0], 0);
        assert!(counts[1..].iter().all(|count| *count == 2), "{counts:?}");
    }

    #[test]
    fn a_stuck_source_is_given_up() {
        let mut source = ScriptedPointOfSale::drawing([0xFF]);
        assert_eq!(draw(&mut source), 1);
        let draws: Vec<_> = source.drawn.into_iter().map(|(purpose, _)| purpose).collect();
        assert_eq!(draws, [RandomPurpose::TransactionSelection; 4]);
    }

    proptest! {
        #[test]
        fn any_parameters_are_survived(amount: u64, threshold: u32, target: u8, maximum: u8, floor_limit: u32) {
            let parameters = RandomSelection { threshold, target, maximum };
            let percentage = target_percentage(amount, parameters, floor_limit);
            prop_assert_eq!(percentage.is_some(), amount < u64::from(floor_limit));
            prop_assert!(percentage.is_none_or(|it| (target..=maximum.max(target)).contains(&it)));
        }
    }
}
