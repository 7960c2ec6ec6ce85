//! What EMV asks of an answer to reset (`EMV Contact Interface Specification, 8.2 and 8.3`).

use alloc::vec::Vec;

use super::{Atr, Character, Group};

/// One rule broken by one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{character}: {rule}")]
pub struct Violation {
    /// The character.
    pub character: Character,
    /// What it holds; `None` when it is missing.
    pub found: Option<u8>,
    /// The rule.
    pub rule: Rule,
}

/// The rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// TB1 is there and 00 after a cold reset.
    #[error("must be 00 after a cold reset")]
    ProgrammingVoltage,
    /// TA1 is 11 to 13 in specific mode.
    #[error("must be 11, 12 or 13 in specific mode")]
    Speed,
    /// TC1 is 00 or FF. A note: newer rules may ask for this, older cards use other values.
    #[error("other values than 00 and FF are unusual")]
    ExtraGuardTime,
    /// The first protocol is T=0 or T=1.
    #[error("the first protocol must be T=0 or T=1")]
    FirstProtocol,
    /// TA2 leaves the speed to TA1 (bit 5 is 0).
    #[error("specific mode must take its speed from TA1")]
    ImplicitSpeed,
    /// TA2 names the first protocol offered.
    #[error("specific mode must use the first protocol offered")]
    SpecificProtocol,
    /// TB2 is not there.
    #[error("must not be there")]
    SecondProgrammingVoltage,
    /// TC2 is 0A for T=0.
    #[error("must be 0A for T=0")]
    WorkWaitingTime,
    /// TD2 names T=1, or T=14 after T=0.
    #[error("must name T=1, or T=14 after T=0")]
    SecondProtocol,
    /// TA3 is 10 to FE for T=1.
    #[error("must be 10 to FE for T=1")]
    InformationFieldSize,
    /// TB3 is there for T=1, with BWI up to 4 and CWI up to 5.
    #[error("must be there for T=1, with BWI 0 to 4 and CWI 0 to 5")]
    WaitingTimes,
    /// The character waiting time of TB3 is long enough for the guard time of TC1.
    #[error("the character waiting time is shorter than the guard time of TC1")]
    WaitingTimeBelowGuardTime,
    /// TC3 is 00 for T=1: LRC.
    #[error("must be 00 (LRC) for T=1")]
    ErrorDetection,
    /// TCK is there unless T=0 is the only protocol.
    #[error("must be there, since another protocol than T=0 is offered")]
    CheckMissing,
    /// TCK is not there when T=0 is the only protocol.
    #[error("must not be there, since only T=0 is offered")]
    CheckUnexpected,
    /// TCK fits.
    #[error("does not fit the characters before it")]
    CheckWrong,
}

impl Rule {
    /// Whether breaking it is worth a note and no reason to refuse the card.
    pub fn is_note(self) -> bool {
        self == Self::ExtraGuardTime
    }
}

impl Atr {
    /// The rules of EMV this answer breaks, in the order of its characters; `cold` when it answers the first reset.
    ///
    /// Nothing is checked for an answer that a reader made up for a contactless card.
    pub fn check_emv(&self, cold: bool) -> Vec<Violation> {
        if self.is_contactless_storage_or_ats() {
            return Vec::new();
        }
        let (first, second, third) = (self.group(1), self.group(2), self.group(3));
        let protocol = first.td.map_or(0, |td| td & 0x0F);
        let broken = first_group(first, second, cold).into_iter().chain(second_group(second, protocol));
        let t1 = (protocol == 1).then(|| third_group(third, first.tc));
        broken.chain(t1.into_iter().flatten()).chain([check_character(self)]).flatten().collect()
    }
}

fn broken(is_broken: bool, character: Character, found: Option<u8>, rule: Rule) -> Option<Violation> {
    is_broken.then_some(Violation { character, found, rule })
}

fn first_group(Group { ta, tb, tc, td }: Group, second: Group, cold: bool) -> [Option<Violation>; 4] {
    let slow_or_fast = ta.is_some_and(|ta| !(0x11..=0x13).contains(&ta));
    let foreign = td.is_some_and(|td| td & 0x0F > 1);
    [
        broken(second.ta.is_some() && slow_or_fast, Character::Ta(1), ta, Rule::Speed),
        broken(cold && tb != Some(0x00), Character::Tb(1), tb, Rule::ProgrammingVoltage),
        broken(tc.is_some_and(|tc| tc != 0x00 && tc != 0xFF), Character::Tc(1), tc, Rule::ExtraGuardTime),
        broken(foreign, Character::Td(1), td, Rule::FirstProtocol),
    ]
}

fn second_group(Group { ta, tb, tc, td }: Group, protocol: u8) -> [Option<Violation>; 5] {
    let unlike_first = ta.is_some_and(|ta| ta & 0x0F != protocol);
    let unfit_second = td.is_some_and(|td| !matches!((protocol, td & 0x0F), (_, 1) | (0, 14)));
    [
        broken(ta.is_some_and(|ta| ta & 0x10 != 0), Character::Ta(2), ta, Rule::ImplicitSpeed),
        broken(unlike_first, Character::Ta(2), ta, Rule::SpecificProtocol),
        broken(tb.is_some(), Character::Tb(2), tb, Rule::SecondProgrammingVoltage),
        broken(protocol == 0 && tc.is_some_and(|tc| tc != 0x0A), Character::Tc(2), tc, Rule::WorkWaitingTime),
        broken(unfit_second, Character::Td(2), td, Rule::SecondProtocol),
    ]
}

/// The group of T=1.
fn third_group(Group { ta, tb, tc, .. }: Group, guard_time: Option<u8>) -> [Option<Violation>; 4] {
    let small_or_reserved = ta.is_some_and(|ta| !(0x10..=0xFE).contains(&ta));
    let in_range = |tb: u8| tb >> 4 <= 4 && tb & 0x0F <= 5;
    let too_short = tb.is_some_and(|tb| in_range(tb) && waits_too_short(tb & 0x0F, guard_time.unwrap_or(0)));
    [
        broken(small_or_reserved, Character::Ta(3), ta, Rule::InformationFieldSize),
        broken(!tb.is_some_and(in_range), Character::Tb(3), tb, Rule::WaitingTimes),
        broken(too_short, Character::Tb(3), tb, Rule::WaitingTimeBelowGuardTime),
        broken(tc.is_some_and(|tc| tc != 0x00), Character::Tc(3), tc, Rule::ErrorDetection),
    ]
}

/// Whether characters sent as far apart as TC1 asks would come too late for the waiting time.
///
/// The waiting time is 11 + 2^CWI etu and the distance 12 + N etu, N = FF meaning -1. Sources differ on whether both may
/// be equal. Equal is accepted here: the last moment still counts by ISO/IEC 7816-3, readers run such cards, and a
/// diagnosis that blames a working card is worse than one that keeps silent about a margin of zero.
fn waits_too_short(cwi: u8, guard_time: u8) -> bool {
    let extra = guard_time.wrapping_add(1);
    1u16.checked_shl(cwi.into()).is_some_and(|waiting| waiting < u16::from(extra))
}

fn check_character(atr: &Atr) -> Option<Violation> {
    let rule = match (atr.needs_tck(), atr.tck()) {
        (true, None) => Rule::CheckMissing,
        (false, Some(_)) => Rule::CheckUnexpected,
        (true, Some(_)) if !atr.tck_is_right() => Rule::CheckWrong,
        _ => return None,
    };
    Some(Violation { character: Character::Tck, found: atr.tck(), rule })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules broken by an answer whose check character is set right when there is one.
    fn broken_by(hex: &str, cold: bool) -> Vec<Rule> {
        let mut bytes = hex::decode(hex).unwrap();
        if Atr::parse(&bytes).unwrap().needs_tck() {
            bytes.push(bytes.iter().skip(1).fold(0, |sum, byte| sum ^ byte));
        }
        Atr::parse(&bytes).unwrap().check_emv(cold).iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn the_basic_answers_break_nothing() {
        assert_eq!(broken_by("3B6500002063CB6800", true), []);
        assert_eq!(broken_by("3F600000", true), []);
        assert_eq!(broken_by("3BE000008131FE45", true), []);
        assert_eq!(broken_by("3BE800008131FE450073C84013009000", false), []);
    }

    #[test]
    fn each_rule_is_broken_by_its_own_character() {
        assert_eq!(broken_by("3B40 00".replace(' ', "").as_str(), true), [Rule::ProgrammingVoltage]);
        assert_eq!(broken_by("3B602500", true), [Rule::ProgrammingVoltage]);
        assert_eq!(broken_by("3B602500", false), []);
        assert_eq!(broken_by("3B60001F", true), [Rule::ExtraGuardTime]);
        assert_eq!(broken_by("3BF0940000 1000".replace(' ', "").as_str(), true), [Rule::Speed]);
        assert_eq!(broken_by("3B70940000", true), []);
        assert_eq!(broken_by("3BE0000002", true), [Rule::FirstProtocol]);
        assert_eq!(broken_by("3BE000001010", true), [Rule::ImplicitSpeed]);
        assert_eq!(broken_by("3BE000001001", true), [Rule::SpecificProtocol]);
        assert_eq!(broken_by("3BE000002000", true), [Rule::SecondProgrammingVoltage]);
        assert_eq!(broken_by("3BE000004000", true), [Rule::WorkWaitingTime]);
        assert_eq!(broken_by("3BE00000400A", true), []);
        assert_eq!(broken_by("3BE00000800E", true), []);
        assert_eq!(broken_by("3BE000008002", true), [Rule::SecondProtocol]);
        assert_eq!(broken_by("3BE0000081310F45", true), [Rule::InformationFieldSize]);
        assert_eq!(broken_by("3BE000008131FF45", true), [Rule::InformationFieldSize]);
        assert_eq!(broken_by("3BE000008131FE55", true), [Rule::WaitingTimes]);
        assert_eq!(broken_by("3BE000008131FE46", true), [Rule::WaitingTimes]);
        assert_eq!(broken_by("3BE000008111FE", true), [Rule::WaitingTimes]);
        assert_eq!(broken_by("3BE000008171FE4501", true), [Rule::ErrorDetection]);
    }

    #[test]
    fn the_waiting_time_may_equal_the_guard_time_and_not_be_below() {
        assert!(!waits_too_short(0, 0x00));
        assert!(waits_too_short(0, 0x01));
        assert!(!waits_too_short(1, 0x01));
        assert!(!waits_too_short(0, 0xFF));
        assert!(waits_too_short(5, 0x20));
    }

    #[test]
    fn the_check_character_is_there_when_it_should_be_and_right() {
        let check = |hex: &str| {
            let atr = Atr::parse(&hex::decode(hex).unwrap()).unwrap();
            atr.check_emv(true).last().map(|violation| (violation.rule, violation.found))
        };
        assert_eq!(check("3BE000008131FE45"), Some((Rule::CheckMissing, None)));
        assert_eq!(check("3BE000008131FE4500"), Some((Rule::CheckWrong, Some(0x00))));
        assert_eq!(check("3B600000AA"), Some((Rule::CheckUnexpected, Some(0xAA))));
    }

    #[test]
    fn contactless_answers_are_not_judged_by_contact_rules() {
        assert_eq!(broken_by("3B808001", true), []);
    }
}
