//! The transaction of a scenario or a recording: plain values that are easy to write down.

use std::collections::BTreeMap;

use apdu::value::date::{Date, Time};
use kernel::{Interface, Transaction, TransactionKind};
use serde::Deserialize;

use crate::setup::SetupError;

/// A transaction in plain values.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Purchase {
    /// Amount in minor units, cashback included.
    pub amount: u64,
    /// Cashback in minor units.
    pub cashback: u64,
    /// Transaction type.
    pub kind: String,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// `HH:MM:SS`.
    pub time: String,
    /// Transaction sequence counter.
    pub counter: u32,
    /// The merchant wants it online.
    pub forced_online: bool,
    /// `contact` or `contactless`.
    pub interface: String,
}

impl Default for Purchase {
    fn default() -> Self {
        Self {
            amount: 1000,
            cashback: 0,
            kind: TransactionKind::Purchase.id().to_owned(),
            date: "2026-03-14".to_owned(),
            time: "09:26:53".to_owned(),
            counter: 1,
            forced_online: false,
            interface: Interface::Contact.id().to_owned(),
        }
    }
}

impl Purchase {
    /// The transaction.
    ///
    /// # Errors
    /// [`SetupError::Value`] names the field that is wrong.
    pub fn resolve(&self) -> Result<Transaction, SetupError> {
        let kind = TransactionKind::from_id(&self.kind);
        let interface = Interface::from_id(&self.interface);
        Ok(Transaction {
            amount: self.amount,
            amount_other: self.cashback,
            kind: kind.ok_or_else(|| SetupError::value("kind", &self.kind, "a transaction type such as purchase"))?,
            date: date(&self.date).ok_or_else(|| SetupError::value("date", &self.date, "a date as YYYY-MM-DD"))?,
            time: time(&self.time).ok_or_else(|| SetupError::value("time", &self.time, "a time as HH:MM:SS"))?,
            sequence_counter: self.counter,
            forced_online: self.forced_online,
            interface: interface
                .ok_or_else(|| SetupError::value("interface", &self.interface, "contact or contactless"))?,
        })
    }

    /// As the header of a recording.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        let pairs = [
            ("amount", self.amount.to_string()),
            ("cashback", self.cashback.to_string()),
            ("counter", self.counter.to_string()),
            ("date", self.date.clone()),
            ("forced-online", self.forced_online.to_string()),
            ("kind", self.kind.clone()),
            ("time", self.time.clone()),
        ];
        // A recording without the interface is of a contact transaction.
        let contactless = (self.interface != Interface::Contact.id()).then(|| ("interface", self.interface.clone()));
        pairs.into_iter().chain(contactless).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// From the header of a recording; what it does not say is as in the default.
    ///
    /// # Errors
    /// [`SetupError::Value`] names the parameter that is wrong.
    pub fn from_parameters(parameters: &BTreeMap<String, String>) -> Result<Self, SetupError> {
        let mut purchase = Self::default();
        let text = |name: &str| parameters.get(name).cloned();
        purchase.amount = number(parameters, "amount", purchase.amount)?;
        purchase.cashback = number(parameters, "cashback", purchase.cashback)?;
        purchase.counter = number(parameters, "counter", purchase.counter)?;
        purchase.forced_online = text("forced-online").is_some_and(|flag| flag == "true");
        purchase.kind = text("kind").unwrap_or(purchase.kind);
        purchase.interface = text("interface").unwrap_or(purchase.interface);
        purchase.date = text("date").unwrap_or(purchase.date);
        purchase.time = text("time").unwrap_or(purchase.time);
        Ok(purchase)
    }
}

fn number<T: std::str::FromStr>(
    parameters: &BTreeMap<String, String>,
    name: &'static str,
    default: T,
) -> Result<T, SetupError> {
    let Some(text) = parameters.get(name) else { return Ok(default) };
    text.parse().map_err(|_| SetupError::value(name, text, "a whole number"))
}

fn date(text: &str) -> Option<Date> {
    let [year, month, day] = three(text, '-')?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn time(text: &str) -> Option<Time> {
    let [hour, minute, second] = three(text, ':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?).ok()
}

fn three(text: &str, separator: char) -> Option<[&str; 3]> {
    let parts: Vec<_> = text.split(separator).collect();
    parts.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_gives_the_transaction_back() {
        let purchase = Purchase { amount: 4250, forced_online: true, kind: "cash".into(), ..Purchase::default() };
        assert_eq!(Purchase::from_parameters(&purchase.parameters()).unwrap(), purchase);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |purchase: Purchase| purchase.resolve().unwrap_err().to_string();
        let date = Purchase { date: "2026-02-30".into(), ..Purchase::default() };
        assert_eq!(wrong(date), "date = \"2026-02-30\": a date as YYYY-MM-DD needed");
        let kind = Purchase { kind: "gift".into(), ..Purchase::default() };
        assert_eq!(wrong(kind), "kind = \"gift\": a transaction type such as purchase needed");
    }
}
