//! CVM results, tag 9F34 (`EMV 4.4 Book 4, Annex A4`).

use core::fmt;

use super::{
    code::{CvmCondition, CvmMethod},
    list::CvmRule,
};

/// CVM results, tag 9F34: the rule performed last, and how it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CvmResults(pub [u8; 3]);

/// How cardholder verification went, as far as the terminal knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CvmResult {
    /// Unknown, as for a signature or an online PIN.
    Unknown,
    /// Failed.
    Failed,
    /// Successful.
    Successful,
    /// A code the rules reserve.
    Rfu(u8),
}

impl CvmResults {
    /// No cardholder verification took place: the card has none, or no rules for it.
    pub const NOT_PERFORMED: Self = Self([0x3F, 0x00, 0x00]);
    /// The list was gone through and no method was performed.
    pub const NO_CVM_PERFORMED: Self = Self([0x3F, 0x00, 0x01]);

    /// The results of one rule.
    pub fn of(rule: CvmRule, result: CvmResult) -> Self {
        Self([rule.method_byte, rule.condition_byte, result.code()])
    }

    /// The rule performed last; its code 3F says there was none.
    pub fn rule(self) -> CvmRule {
        let [method, condition, _] = self.0;
        CvmRule::new(method, condition)
    }

    /// Whether a method was performed at all.
    pub fn performed(self) -> bool {
        self.rule().code() != 0x3F
    }

    /// The method performed last.
    pub fn method(self) -> Option<CvmMethod> {
        self.performed().then(|| self.rule().method())
    }

    /// The condition under which it was performed.
    pub fn condition(self) -> CvmCondition {
        self.rule().condition()
    }

    /// How it went.
    pub fn result(self) -> CvmResult {
        let [.., result] = self.0;
        match result {
            0 => CvmResult::Unknown,
            1 => CvmResult::Failed,
            2 => CvmResult::Successful,
            code => CvmResult::Rfu(code),
        }
    }
}

impl CvmResult {
    /// The byte that says this result.
    pub fn code(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Failed => 1,
            Self::Successful => 2,
            Self::Rfu(code) => code,
        }
    }
}

impl fmt::Display for CvmResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_not_performed_names_no_method() {
        assert_eq!(CvmResults::NOT_PERFORMED.method(), None);
        assert_eq!(CvmResults::NOT_PERFORMED.result(), CvmResult::Unknown);
        assert_eq!(CvmResults::NO_CVM_PERFORMED.result(), CvmResult::Failed);
        let online = CvmResults::of(CvmRule::new(0x42, 0x03), CvmResult::Unknown);
        assert_eq!(online.0, [0x42, 0x03, 0x00]);
        assert_eq!(online.method(), Some(CvmMethod::OnlinePin));
    }

    proptest! {
        #[test]
        fn results_are_made_of_their_parts(bytes: [u8; 3]) {
            let results = CvmResults(bytes);
            prop_assert_eq!(CvmResults::of(results.rule(), results.result()), results);
        }
    }
}
