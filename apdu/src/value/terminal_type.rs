//! Terminal type, tag 9F35 (`EMV 4.4 Book 4, Annex A1`).

use core::fmt;

use super::additional_terminal_capabilities::{AdditionalTerminalCapabilities, CASH};

/// Terminal type, tag 9F35: who controls the terminal in the first digit, where it works in the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TerminalType(pub u8);

impl TerminalType {
    fn operator(self) -> u8 {
        self.0 >> 4
    }

    fn environment(self) -> u8 {
        self.0 & 0x0F
    }

    /// Whether the rules know this type. A cardholder's own terminal is always unattended.
    pub fn is_valid(self) -> bool {
        match self.operator() {
            1 | 2 => matches!(self.environment(), 1..=6),
            3 => matches!(self.environment(), 4..=6),
            _ => false,
        }
    }

    /// Whether every transaction goes online.
    pub fn online_only(self) -> bool {
        matches!(self.environment(), 1 | 4)
    }

    /// Whether no transaction goes online.
    pub fn offline_only(self) -> bool {
        matches!(self.environment(), 3 | 6)
    }

    /// Whether it can go online: online only, or offline with online capability.
    pub fn online_capable(self) -> bool {
        matches!(self.environment(), 1 | 2 | 4 | 5)
    }

    /// Whether an attendant is there.
    pub fn attended(self) -> bool {
        matches!(self.environment(), 1..=3)
    }

    /// Whether nobody but the cardholder is there.
    pub fn unattended(self) -> bool {
        matches!(self.environment(), 4..=6)
    }

    /// Whether a financial institution runs it.
    pub fn financial_institution_controlled(self) -> bool {
        self.operator() == 1
    }

    /// Whether a merchant runs it.
    pub fn merchant_controlled(self) -> bool {
        self.operator() == 2
    }

    /// Whether the cardholder runs it.
    pub fn cardholder_controlled(self) -> bool {
        self.operator() == 3
    }

    /// Whether it is an ATM: a financial institution's unattended terminal that hands out cash.
    pub fn is_atm(self, additional: AdditionalTerminalCapabilities) -> bool {
        self.financial_institution_controlled() && self.unattended() && additional.has(CASH)
    }
}

impl fmt::Display for TerminalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_falls_into_exactly_one_box() {
        for value in 0..=u8::MAX {
            let terminal = TerminalType(value);
            if terminal.is_valid() {
                assert_ne!(terminal.attended(), terminal.unattended(), "{terminal}");
                assert_ne!(terminal.online_capable(), terminal.offline_only(), "{terminal}");
                assert!(!terminal.online_only() || terminal.online_capable(), "{terminal}");
            }
        }
        let valid = (0..=u8::MAX).filter(|value| TerminalType(*value).is_valid()).count();
        assert_eq!(valid, 15);
    }

    #[test]
    fn an_atm_is_a_banks_unattended_terminal_with_cash() {
        let cash = AdditionalTerminalCapabilities::ZERO.with(CASH);
        assert!(TerminalType(0x14).is_atm(cash));
        assert!(TerminalType(0x16).is_atm(cash));
        assert!(!TerminalType(0x14).is_atm(AdditionalTerminalCapabilities::ZERO));
        assert!(!TerminalType(0x11).is_atm(cash));
        assert!(!TerminalType(0x24).is_atm(cash));
        assert!(!TerminalType(0x1A).is_atm(cash));
    }
}
