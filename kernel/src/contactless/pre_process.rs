//! Start A: pre-processing (`EMV Contactless Book B, 3.1.1`). No card is needed for it.

use alloc::vec::Vec;

use apdu::value::{Ttq, ttq};

use super::combination::Combination;
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    terminal::Terminal,
    transaction::Transaction,
};

/// One combination and what pre-processing made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreProcessed {
    /// Which of the terminal's combinations, as an index.
    pub combination: usize,
    /// What was found.
    pub indicators: Indicators,
}

/// The pre-processing indicators (`EMV Contactless Book A, table 5-3`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Indicators {
    /// The amount is one unit, and that asks for an online cryptogram.
    pub status_check_requested: bool,
    /// Contactless is not allowed, and why.
    pub not_allowed: Option<Reason>,
    /// The amount is zero.
    pub zero_amount: bool,
    /// The cardholder is to be verified.
    pub cvm_limit_exceeded: bool,
    /// The transaction is to go online.
    pub floor_limit_exceeded: bool,
    /// Copy of the terminal transaction qualifiers.
    pub ttq: Option<Ttq>,
}

impl Indicators {
    /// What an activation without pre-processing has: nothing found, the qualifiers as they are configured
    /// (`EMV Contactless Book B, 3.2.1.1`).
    pub fn untouched(combination: &Combination) -> Self {
        Self { ttq: combination.ttq, ..Self::default() }
    }
}

/// Every combination of this transaction type, with its indicators.
pub fn pre_process(terminal: &Terminal, transaction: &Transaction) -> Vec<PreProcessed> {
    of_type(terminal, transaction)
        .map(|(combination, of)| PreProcessed {
            combination,
            indicators: indicators(of, transaction.amount, one_unit(terminal)),
        })
        .collect()
}

/// As [`pre_process`], for an activation without pre-processing.
pub fn without(terminal: &Terminal, transaction: &Transaction) -> Vec<PreProcessed> {
    of_type(terminal, transaction)
        .map(|(combination, of)| PreProcessed { combination, indicators: Indicators::untouched(of) })
        .collect()
}

fn of_type<'a>(terminal: &'a Terminal, transaction: &'a Transaction) -> impl Iterator<Item = (usize, &'a Combination)> {
    let combinations = terminal.contactless.combinations.iter().enumerate();
    combinations.filter(|(_, combination)| combination.is_for(transaction.kind))
}

/// One unit of the currency in its minor units.
fn one_unit(terminal: &Terminal) -> u64 {
    10_u64.saturating_pow(u32::from(terminal.currency_exponent))
}

fn indicators(combination: &Combination, amount: u64, one_unit: u64) -> Indicators {
    let limit = combination.floor_limit.or(combination.terminal_floor_limit);
    let mut found = Indicators {
        status_check_requested: combination.status_check == Some(true) && amount == one_unit,
        zero_amount: amount == 0 && combination.zero_amount_offline != Some(true),
        cvm_limit_exceeded: combination.cvm_limit.is_some_and(|limit| amount >= limit),
        floor_limit_exceeded: limit.is_some_and(|limit| amount > limit),
        ..Indicators::untouched(combination)
    };
    let offline_only = combination.ttq.is_some_and(|ttq| ttq.has(ttq::OFFLINE_ONLY));
    if found.zero_amount && combination.zero_amount_allowed == Some(false) {
        (found.zero_amount, found.not_allowed) = (false, Some(Reason::EpZeroAmountNotAllowed));
    } else if found.zero_amount && offline_only {
        found.not_allowed = Some(Reason::EpZeroAmountNotAllowed);
    }
    if combination.transaction_limit.is_some_and(|limit| amount >= limit) {
        found.not_allowed = Some(Reason::EpAmountOverReaderLimit);
    }
    if let Some(ttq) = &mut found.ttq {
        ttq.clear(ttq::ONLINE_CRYPTOGRAM_REQUIRED);
        ttq.clear(ttq::CVM_REQUIRED);
        if found.floor_limit_exceeded || found.status_check_requested || (found.zero_amount && !offline_only) {
            ttq.set(ttq::ONLINE_CRYPTOGRAM_REQUIRED);
        }
        if found.cvm_limit_exceeded {
            ttq.set(ttq::CVM_REQUIRED);
        }
    }
    found
}

/// Why no combination is left, with the limit that was met.
pub fn nothing_allowed(terminal: &Terminal, transaction: &Transaction, pre_processed: &[PreProcessed]) -> Finding {
    let refused = pre_processed.iter().find_map(|one| Some((one.combination, one.indicators.not_allowed?)));
    let Some((combination, reason)) = refused else { return Finding::new(Reason::EpNoCombination) };
    let limit =
        terminal.contactless.combinations.get(combination).and_then(|combination| combination.transaction_limit);
    let amount = match limit {
        Some(limit) if reason == Reason::EpAmountOverReaderLimit => {
            Evidence::compared(Fact::Amount, limit, transaction.amount)
        }
        _ => Evidence::found(Fact::Amount, transaction.amount),
    };
    Finding::new(reason).with(amount.in_tag(apdu::tag::AMOUNT_AUTHORISED_9F02))
}
