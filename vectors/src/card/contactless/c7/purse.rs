//! Electronic cash of a card (JR/T 0025.13): balance and limits are objects of GET DATA, in minor units as twelve digits.

use apdu::{Tag, tag, tag::k7};

use crate::card::chip::Application;
use crate::dol::Values;
use crate::template::object;

/// What is to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Payment {
    amount: u64,
    currency: [u8; 2],
}

impl Payment {
    /// As the reader says it. A reader that says no amount cannot be paid.
    pub(super) fn of(values: &Values) -> Self {
        let currency = values.get(&tag::TRANSACTION_CURRENCY_CODE_5F2A);
        Self {
            amount: values.get(&tag::AMOUNT_AUTHORISED_9F02).map_or(u64::MAX, |digits| minor_units(digits)),
            currency: currency.and_then(|code| code.as_slice().try_into().ok()).unwrap_or_default(),
        }
    }
}

fn minor_units(digits: &[u8]) -> u64 {
    let nibbles = digits.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    nibbles.fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit)))
}

fn numeric(amount: u64) -> Vec<u8> {
    hex::decode(format!("{:012}", amount % 1_000_000_000_000)).unwrap_or_default()
}

fn number(tag: Tag) -> u16 {
    u16::try_from(tag.number()).unwrap_or_default()
}

fn amount(application: &Application, tag: Tag) -> Option<u64> {
    application.data.get(&number(tag)).map(|digits| minor_units(digits))
}

/// Whether the purse reaches: in its currency, up to the single limit, and without going below the reset threshold.
pub(super) fn allows(application: &Application, payment: &Payment) -> bool {
    let rest = amount(application, k7::ECASH_BALANCE_9F79).and_then(|balance| balance.checked_sub(payment.amount));
    let single_limit = amount(application, k7::ECASH_SINGLE_LIMIT_9F78).unwrap_or(u64::MAX);
    let threshold = amount(application, k7::ECASH_RESET_THRESHOLD_9F6D).unwrap_or(0);
    let own = payment.currency == application.profile.currency;
    own && payment.amount <= single_limit && rest.is_some_and(|rest| rest >= threshold)
}

/// Takes the money.
pub(super) fn take(application: &mut Application, values: &Values) {
    let balance = amount(application, k7::ECASH_BALANCE_9F79);
    let rest = balance.and_then(|balance| balance.checked_sub(Payment::of(values).amount));
    if let Some(rest) = rest {
        application.data.insert(number(k7::ECASH_BALANCE_9F79), numeric(rest));
    }
}

/// What the card tells of its purse with its decision: what there is to spend, as it was before, and its limits.
pub(super) fn told(application: &Application) -> Vec<Vec<u8>> {
    let told = [
        (k7::AVAILABLE_OFFLINE_AMOUNT_9F5D, k7::ECASH_BALANCE_9F79),
        (k7::ECASH_SINGLE_LIMIT_9F78, k7::ECASH_SINGLE_LIMIT_9F78),
        (k7::ECASH_RESET_THRESHOLD_9F6D, k7::ECASH_RESET_THRESHOLD_9F6D),
    ];
    told.iter().filter_map(|(tag, kept)| Some(object(*tag, application.data.get(&number(*kept))?))).collect()
}
