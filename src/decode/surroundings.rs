//! What stands around a data object and decides how it is read: the payment system, currencies, the table of characters.

use apdu::{
    Tag,
    dictionary::{self, Context, Entry},
    tag, tlv,
    value::{Amount, Currency, bcd},
};

use super::node::Meaning;

/// What is known about the rest of the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whose tags they are.
    pub context: Context,
    /// Transaction currency code (`5F2A`).
    pub currency: Option<[u8; 2]>,
    /// Transaction currency exponent (`5F36`).
    pub exponent: Option<u8>,
    /// Application currency code (`9F42`).
    pub application_currency: Option<[u8; 2]>,
    /// Issuer code table index (`9F11`).
    pub code_table: Option<u8>,
}

/// The contexts to look in for a tag that all of EMV does not know, where the payment system is not known.
const GUESSES: [Context; 8] = [
    Context::Visa,
    Context::Mastercard,
    Context::UnionPay,
    Context::Amex,
    Context::Jcb,
    Context::Discover,
    Context::Kernel8,
    Context::Download,
];

impl Surroundings {
    /// What `input`, data objects, says about itself. `context` counts before an AID in it.
    pub fn of(input: &[u8], context: Option<Context>) -> Self {
        let mut found = Self::default();
        let mut from_aid = None;
        // What comes before an error is worth as much as without it.
        let _ = tlv::walk(input, &mut |object, _| {
            let two = || object.value.try_into().ok();
            let one = || object.value.first().copied();
            match object.tag {
                tag::ADF_NAME_4F | tag::DF_NAME_84 | tag::AID_TERMINAL_9F06 => {
                    from_aid = from_aid.or(Some(Context::from_aid(object.value)).filter(|at| *at != Context::Emv));
                }
                tag::TRANSACTION_CURRENCY_CODE_5F2A => found.currency = two(),
                tag::TRANSACTION_CURRENCY_EXPONENT_5F36 => found.exponent = one(),
                tag::APPLICATION_CURRENCY_CODE_9F42 => found.application_currency = two(),
                tag::ISSUER_CODE_TABLE_INDEX_9F11 => found.code_table = one().and_then(bcd::from_two_digits),
                _ => {}
            }
        });
        Self { context: context.or(from_aid).unwrap_or_default(), ..found }
    }

    /// What the data dictionary says about `tag`. Where the payment system is not known, any that has such a tag with
    /// values of `length` bytes counts.
    pub fn lookup(&self, tag: Tag, length: usize) -> Option<&'static Entry> {
        self.lookup_where(tag, |entry| entry.length.allows(length))
    }

    /// What the payment system at hand, or all of EMV, says about `tag`.
    pub fn lookup_own(&self, tag: Tag) -> Option<&'static Entry> {
        dictionary::lookup(tag, self.context)
    }

    /// Whether `entry` is that of another payment system, because the one at hand is not known.
    pub fn is_guess(&self, entry: &Entry) -> bool {
        entry.context != Context::Emv && entry.context != self.context
    }

    /// As [`Surroundings::lookup`] for a value of unknown length.
    pub fn lookup_any(&self, tag: Tag) -> Option<&'static Entry> {
        self.lookup_where(tag, |_| true)
    }

    fn lookup_where(&self, tag: Tag, fits: impl Fn(&Entry) -> bool) -> Option<&'static Entry> {
        let own = self.lookup_own(tag);
        if self.context != Context::Emv || own.is_some_and(&fits) {
            return own;
        }
        GUESSES.iter().filter_map(|context| dictionary::lookup(tag, *context)).find(|entry| fits(entry)).or(own)
    }

    /// An amount in the transaction's currency.
    pub(super) fn transaction_amount(&self, amount: Amount) -> Meaning {
        self.amount(amount, self.currency)
    }

    /// An amount in the application's currency.
    pub(super) fn application_amount(&self, amount: Amount) -> Meaning {
        Self { exponent: None, ..*self }.amount(amount, self.application_currency)
    }

    fn amount(&self, amount: Amount, currency: Option<[u8; 2]>) -> Meaning {
        let exponent = self.exponent.filter(|exponent| *exponent <= 9);
        match (currency.and_then(Currency::from_bytes), exponent) {
            (Some(currency), _) => Meaning::Amount(amount.in_currency(currency).to_string()),
            (None, Some(exponent)) => Meaning::Amount(amount.with_exponent(exponent).to_string()),
            (None, None) => Meaning::MinorUnits(amount.minor_units()),
        }
    }
}
