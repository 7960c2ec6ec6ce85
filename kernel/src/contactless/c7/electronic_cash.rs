//! Electronic cash (JR/T 0025.12 and 0025.13): what a card says of its balance and its limits. It decides by them itself,
//! inside its answer; the reader only explains. Nothing here is signed.

use apdu::{
    Card, Tag,
    tag::k7,
    value::{CryptogramType, amount::Amount, ttq},
};

use super::initiate::Reader;
use crate::{
    contactless::vouch::vouched,
    finding::{Evidence, Fact, Finding, Place, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
    store::{CardData, TerminalData},
};

/// Offers electronic cash only below the terminal's own limit for it (`9F7B`).
pub fn offer(terminal: &mut TerminalData, amount: u64) {
    let limit = terminal.array(k7::ECASH_TERMINAL_LIMIT_9F7B).and_then(minor_units);
    if limit.is_some_and(|limit| amount >= limit) {
        terminal.put(k7::ECASH_INDICATOR_9F7A, &[0x00], Place::default());
    }
}

fn minor_units(numeric: [u8; 6]) -> Option<u64> {
    Amount::from_numeric(numeric).ok().map(Amount::minor_units)
}

fn amount(card: &CardData, tag: Tag) -> Option<u64> {
    card.array(tag).and_then(minor_units)
}

/// The offline amount the card tells (`9F5D`), minor units.
pub fn available(card: &CardData) -> Option<u64> {
    amount(card, k7::AVAILABLE_OFFLINE_AMOUNT_9F5D)
}

/// Where a card keeps one currency's purse.
struct Purse {
    balances: &'static [Tag],
    single_limit: Tag,
    reset_threshold: Tag,
}

const FIRST: Purse = Purse {
    balances: &[k7::AVAILABLE_OFFLINE_AMOUNT_9F5D, k7::ECASH_BALANCE_9F79],
    single_limit: k7::ECASH_SINGLE_LIMIT_9F78,
    reset_threshold: k7::ECASH_RESET_THRESHOLD_9F6D,
};

const SECOND: Purse = Purse {
    balances: &[k7::SECOND_ECASH_BALANCE_DF79],
    single_limit: k7::SECOND_ECASH_SINGLE_LIMIT_DF78,
    reset_threshold: k7::SECOND_ECASH_RESET_THRESHOLD_DF76,
};

impl Purse {
    /// The purse in this currency; a card that names no currency for its first one has it in this one.
    fn of(card: &CardData, currency: [u8; 2]) -> Option<&'static Self> {
        let first = card.array(k7::ECASH_CURRENCY_9F51).is_none_or(|own: [u8; 2]| own == currency);
        let second = card.array(k7::SECOND_ECASH_CURRENCY_DF71) == Some(currency);
        if first { Some(&FIRST) } else { second.then_some(&SECOND) }
    }

    /// Its balance, minor units, and where it stands.
    fn balance(&self, card: &CardData) -> Option<(Tag, u64)> {
        self.balances.iter().find_map(|tag| Some((*tag, amount(card, *tag)?)))
    }
}

/// Says why a card may not have approved offline what the reader had left to it.
pub fn explain<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    reader: &Reader,
    given: CryptogramType,
) {
    let card = &out.card;
    let left_to_card = !reader.ttq.has(ttq::ONLINE_CRYPTOGRAM_REQUIRED);
    let purse = Purse::of(card, session.terminal.currency).filter(|_| left_to_card && given != CryptogramType::Tc);
    let Some(purse) = purse else { return };
    let severity = if given == CryptogramType::Arqc { Severity::Degraded } else { Severity::Decline };
    let amount = reader.amount;
    for finding in [over_single_limit(purse, card, amount), balance_low(purse, card, amount)].into_iter().flatten() {
        session.report(vouched(finding.severity(severity), out));
    }
}

fn over_single_limit(purse: &Purse, card: &CardData, wanted: u64) -> Option<Finding> {
    let limit = amount(card, purse.single_limit).filter(|limit| wanted > *limit)?;
    let evidence = Evidence::compared(Fact::Limit, limit, wanted).at(card.place(purse.single_limit));
    Some(Finding::new(Reason::C7EcashSingleLimit).with(evidence))
}

/// The balance does not reach, or what would be left of it is below the threshold from which the card goes online.
fn balance_low(purse: &Purse, card: &CardData, wanted: u64) -> Option<Finding> {
    let (holder, balance) = purse.balance(card)?;
    let compared = Evidence::compared(Fact::Amount, balance, wanted).at(card.place(holder));
    let Some(rest) = balance.checked_sub(wanted) else {
        return Some(Finding::new(Reason::C7EcashBalanceLow).with(compared));
    };
    let threshold = amount(card, purse.reset_threshold).filter(|threshold| rest < *threshold)?;
    let limit = Evidence::compared(Fact::Limit, threshold, rest).at(card.place(purse.reset_threshold));
    Some(Finding::new(Reason::C7EcashBalanceLow).with(limit).with(compared))
}

/// What the card had before and what it has after, for a payment of `wanted`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Exactly the amount is gone.
    All,
    /// Nothing is gone.
    Nothing,
    /// Something else, or nobody knows.
    Unknown,
}

impl Taken {
    /// Compares two balances.
    pub fn of(before: Option<u64>, after: Option<u64>, wanted: u64) -> Self {
        match (before, after) {
            (Some(before), Some(after)) if before == after => Self::Nothing,
            (Some(before), Some(after)) if before.checked_sub(wanted) == Some(after) => Self::All,
            _ => Self::Unknown,
        }
    }
}

/// The balance in `card`, minor units, in this currency, and the object that says it.
pub fn balance(card: &CardData, currency: [u8; 2]) -> Option<(Tag, u64)> {
    Purse::of(card, currency)?.balance(card)
}

/// The object that keeps the balance in this currency, to be asked for.
pub fn balance_tag(card: &CardData, currency: [u8; 2]) -> Option<Tag> {
    Purse::of(card, currency)?.balances.last().copied()
}

/// An amount as an answer to GET DATA has it.
pub fn told(value: Option<&[u8]>) -> Option<u64> {
    value.and_then(|value| value.try_into().ok()).and_then(minor_units)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::card_data;

    const YUAN: [u8; 2] = [0x01, 0x56];
    const HONG_KONG_DOLLAR: [u8; 2] = [0x03, 0x44];

    #[test]
    fn a_second_currency_has_a_purse_of_its_own() {
        let card = card_data(&[
            (k7::ECASH_CURRENCY_9F51, "0156"),
            (k7::ECASH_BALANCE_9F79, "000000001000"),
            (k7::SECOND_ECASH_CURRENCY_DF71, "0344"),
            (k7::SECOND_ECASH_BALANCE_DF79, "000000002000"),
            (k7::SECOND_ECASH_SINGLE_LIMIT_DF78, "000000001500"),
        ]);
        assert_eq!(balance(&card, YUAN), Some((k7::ECASH_BALANCE_9F79, 1000)));
        assert_eq!(balance(&card, HONG_KONG_DOLLAR), Some((k7::SECOND_ECASH_BALANCE_DF79, 2000)));
        assert_eq!(balance(&card, [0x08, 0x40]), None);
        let purse = Purse::of(&card, HONG_KONG_DOLLAR).unwrap();
        assert!(over_single_limit(purse, &card, 1500).is_none());
        assert_eq!(over_single_limit(purse, &card, 1501).unwrap().reason, Reason::C7EcashSingleLimit);
        assert!(balance_low(purse, &card, 2000).is_none());
        assert_eq!(balance_low(purse, &card, 2001).unwrap().reason, Reason::C7EcashBalanceLow);
    }

    #[test]
    fn electronic_cash_is_offered_below_the_terminals_limit_only() {
        let offered = |amount| {
            let mut terminal = TerminalData::default();
            terminal.put(k7::ECASH_INDICATOR_9F7A, &[0x01], Place::default());
            terminal.put(k7::ECASH_TERMINAL_LIMIT_9F7B, &[0x00, 0x00, 0x00, 0x00, 0x10, 0x00], Place::default());
            offer(&mut terminal, amount);
            terminal.array(k7::ECASH_INDICATOR_9F7A)
        };
        assert_eq!([offered(999), offered(1000), offered(1001)], [Some([0x01]), Some([0x00]), Some([0x00])]);
    }

    #[test]
    fn two_balances_tell_whether_the_amount_is_gone() {
        assert_eq!(Taken::of(Some(1000), Some(900), 100), Taken::All);
        assert_eq!(Taken::of(Some(1000), Some(1000), 100), Taken::Nothing);
        assert_eq!(Taken::of(Some(1000), Some(1000), 0), Taken::Nothing);
        for (before, after) in [(Some(1000), Some(899)), (Some(50), Some(0)), (None, Some(900)), (Some(1000), None)] {
            assert_eq!(Taken::of(before, after, 100), Taken::Unknown);
        }
    }

    #[test]
    fn an_amount_with_a_letter_is_none() {
        assert_eq!(told(Some(&[0x00, 0x00, 0x00, 0x00, 0x10, 0x0A])), None);
        assert_eq!(told(Some(&[0x10, 0x00])), None);
        assert_eq!(told(Some(&[0x00, 0x00, 0x00, 0x00, 0x10, 0x00])), Some(1000));
    }
}
