//! The sub-commands, one file each.

mod amount;
pub mod batch;
pub mod cards;
pub mod completions;
pub mod conformance;
pub mod decode;
pub mod diff;
pub mod explain;
pub mod export;
pub mod keys;
pub mod lint;
pub mod man;
pub mod pay;
mod present;
mod private_file;
pub mod read;
pub mod readers;
mod record;
pub mod replay;
pub mod scenario;
pub mod scenarios;
pub mod serve;
pub mod stripe;
pub mod tap;

use emvident::{setup::TerminalSource, vectors::Alteration};

use crate::{arguments::WhichTerminal, failure::Failure};

/// Alterations from the command line.
fn alterations(texts: &[String]) -> Result<Vec<Alteration>, Failure> {
    texts.iter().map(|text| text.parse().map_err(|error| Failure::usage(format!("--alter {error}")))).collect()
}

/// The terminal to use: the one named, or the one for tests. Only for software cards does it know their CA keys.
fn source(which: &WhichTerminal, software_card: bool) -> Result<TerminalSource, Failure> {
    let source = match &which.terminal {
        Some(path) => TerminalSource::from_file(path).map_err(Failure::usage)?,
        None => TerminalSource::for_tests(),
    };
    Ok(TerminalSource { card_keys: software_card && !which.without_card_keys, ..source })
}

/// The terminal with another currency.
fn in_currency(source: TerminalSource, currency: Option<&str>) -> Result<TerminalSource, Failure> {
    let Some(currency) = currency else { return Ok(source) };
    let value = match currency.parse::<i64>() {
        Ok(number) => toml::Value::from(number),
        Err(_) => toml::Value::from(currency.to_uppercase()),
    };
    let terminal = toml::Table::from_iter([("currency".to_owned(), value)]);
    let overrides = toml::Table::from_iter([("terminal".to_owned(), toml::Value::from(terminal))]);
    let source = source.with(&overrides).map_err(Failure::usage)?;
    let known = source.terminal().map(|_| source);
    known.map_err(|_| Failure::Usage(format!("--currency {currency}: a currency such as CNY or 156 needed")))
}
