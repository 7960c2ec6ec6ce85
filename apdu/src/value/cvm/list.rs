//! CVM list, tag 8E (`EMV 4.4 Book 3, 10.5`).

use alloc::vec::Vec;

use super::code::{CvmCondition, CvmMethod};

/// A checked CVM list: two amounts and rules of two bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CvmList<'a> {
    /// Amount X, in minor units of the application currency.
    pub x: u32,
    /// Amount Y, in minor units of the application currency.
    pub y: u32,
    rules: &'a [u8],
}

/// What is wrong with a CVM list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Fewer than the eight bytes of the two amounts.
    #[error("{0} bytes do not hold the amounts X and Y (8 bytes)")]
    AmountsCut(usize),
    /// The last rule has one byte.
    #[error("{0} bytes after the amounts are not whole rules of two bytes")]
    RuleCut(usize),
}

/// One rule of a CVM list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CvmRule {
    /// The method byte: bit 7 says what to do on failure, bits 6 to 1 are the code.
    pub method_byte: u8,
    /// The condition byte.
    pub condition_byte: u8,
}

impl<'a> CvmList<'a> {
    /// Checks the shape of a list. A list without rules is well-formed; it counts as absent
    /// (`EMV 4.4 Book 3, 10.5`).
    ///
    /// # Errors
    /// [`Error`] when the amounts or the last rule are cut.
    pub fn parse(value: &'a [u8]) -> Result<Self, Error> {
        let cut = Error::AmountsCut(value.len());
        let (x, rest) = value.split_first_chunk::<4>().ok_or(cut)?;
        let (y, rules) = rest.split_first_chunk::<4>().ok_or(cut)?;
        if rules.len() % 2 != 0 {
            return Err(Error::RuleCut(rules.len()));
        }
        Ok(Self { x: u32::from_be_bytes(*x), y: u32::from_be_bytes(*y), rules })
    }

    /// Whether it holds no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// How many rules it holds.
    pub fn len(&self) -> usize {
        self.rules.len() / 2
    }

    /// The rules, in the order to try them.
    pub fn rules(&self) -> impl Iterator<Item = CvmRule> + use<'a> {
        self.rules.as_chunks::<2>().0.iter().map(|[method, condition]| CvmRule::new(*method, *condition))
    }

    /// Appends the list as tag 8E holds it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.x.to_be_bytes());
        out.extend_from_slice(&self.y.to_be_bytes());
        out.extend_from_slice(self.rules);
    }
}

impl CvmRule {
    /// The rule these two bytes make.
    pub const fn new(method_byte: u8, condition_byte: u8) -> Self {
        Self { method_byte, condition_byte }
    }

    /// The method's code, 00 to 3F.
    pub fn code(self) -> u8 {
        self.method_byte & 0x3F
    }

    /// Whether the next rule is tried when this one fails.
    pub fn continue_on_failure(self) -> bool {
        self.method_byte & 0x40 != 0
    }

    /// How to verify the cardholder.
    pub fn method(self) -> CvmMethod {
        CvmMethod::from_code(self.method_byte)
    }

    /// When the rule holds.
    pub fn condition(self) -> CvmCondition {
        CvmCondition::from_code(self.condition_byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_and_rules_are_read_in_order() {
        let value = [0, 0, 0x10, 0, 0, 0, 0, 0x20, 0x42, 0x01, 0x1E, 0x03, 0x1F, 0x06];
        let list = CvmList::parse(&value).unwrap();
        assert_eq!((list.x, list.y, list.len()), (0x1000, 0x20, 3));
        let rules: Vec<_> = list.rules().collect();
        assert_eq!(rules[0].method(), CvmMethod::OnlinePin);
        assert_eq!(rules[0].condition(), CvmCondition::UnattendedCash);
        assert!(rules[0].continue_on_failure());
        assert!(!rules[1].continue_on_failure());
        assert_eq!(rules[2].condition(), CvmCondition::UnderX);
    }

    #[test]
    fn shapes_that_are_no_list() {
        assert_eq!(CvmList::parse(&[0; 7]), Err(Error::AmountsCut(7)));
        assert_eq!(CvmList::parse(&[0; 9]), Err(Error::RuleCut(1)));
        assert!(CvmList::parse(&[0; 8]).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn a_list_writes_back_to_its_bytes(value in proptest::collection::vec(any::<u8>(), 0..260)) {
            if let Ok(list) = CvmList::parse(&value) {
                let mut out = Vec::new();
                list.write(&mut out);
                prop_assert_eq!(list.rules().count(), list.len());
                prop_assert_eq!(out, value);
            } else {
                prop_assert!(value.len() < 8 || value.len() % 2 == 1);
            }
        }
    }
}
