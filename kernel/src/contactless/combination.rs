//! Combinations: which AID with which kernel, and the reader's limits for it (`EMV Contactless Book A, 5.2 to 5.4`).

use alloc::vec::Vec;

use apdu::{Tag, value::Ttq};

use super::kernel_id::{BookVersion, KernelId};
use crate::transaction::{Transaction, TransactionKind};

/// What a terminal does with contactless cards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contactless {
    /// The combinations.
    pub combinations: Vec<Combination>,
    /// Which version of Book B is followed where the versions differ.
    pub book_version: BookVersion,
    /// The reader polls for cards by itself, and every transaction is this one.
    pub autorun: Option<Autorun>,
}

/// What a reader that runs by itself takes every transaction to be (`EMV Contactless Book A, 8.1.1.6`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Autorun {
    /// Amount in minor units, cashback included.
    pub amount: u64,
    /// The cashback part of it in minor units.
    pub amount_other: u64,
    /// Transaction type.
    pub kind: TransactionKind,
}

impl Autorun {
    /// `transaction` with what is fixed.
    pub fn of(self, transaction: &Transaction) -> Transaction {
        Transaction { amount: self.amount, amount_other: self.amount_other, kind: self.kind, ..*transaction }
    }
}

/// An AID, a kernel, and the limits for them. What is absent is a value of its own: no check is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// AID, 5 to 16 bytes; a card's name may be longer.
    pub aid: Vec<u8>,
    /// The kernel.
    pub kernel: KernelId,
    /// The transaction types it is for; none for all.
    pub kinds: Vec<TransactionKind>,
    /// An amount of one unit of the currency asks for an online cryptogram.
    pub status_check: Option<bool>,
    /// Zero amounts are allowed.
    pub zero_amount_allowed: Option<bool>,
    /// Zero amounts are allowed offline, as any other amount.
    pub zero_amount_offline: Option<bool>,
    /// Reader contactless transaction limit, minor units: from here on contactless is not allowed.
    pub transaction_limit: Option<u64>,
    /// Reader contactless floor limit, minor units: above it the transaction goes online.
    pub floor_limit: Option<u64>,
    /// Terminal floor limit (`9F1B`), minor units, where there is no reader contactless floor limit.
    pub terminal_floor_limit: Option<u64>,
    /// Reader CVM required limit, minor units: from here on the cardholder is verified.
    pub cvm_limit: Option<u64>,
    /// Terminal transaction qualifiers (`9F66`), for kernels that use them.
    pub ttq: Option<Ttq>,
    /// The name selected is extended by what the card announces in `9F29`.
    pub extended_selection: Option<bool>,
    /// The kernel's own data objects.
    pub data: Vec<(Tag, Vec<u8>)>,
    /// What only some kernels know.
    pub options: Options,
}

/// What only some kernels know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Kernel 3: cash is checked against the application usage control.
    pub cash_check: bool,
    /// Kernel 3: cashback is checked against the application usage control.
    pub cashback_check: bool,
    /// Kernels 3 and 7: the balance the card tells is shown.
    pub show_balance: bool,
    /// Kernel 7: up to this amount, in minor units, a PIN or signature the card asks for is not taken.
    pub cvm_exempt_limit: Option<u64>,
}

impl Combination {
    /// A combination with nothing configured.
    pub fn new(aid: &[u8], kernel: KernelId) -> Self {
        Self {
            aid: aid.to_vec(),
            kernel,
            kinds: Vec::new(),
            status_check: None,
            zero_amount_allowed: None,
            zero_amount_offline: None,
            transaction_limit: None,
            floor_limit: None,
            terminal_floor_limit: None,
            cvm_limit: None,
            ttq: None,
            extended_selection: None,
            data: Vec::new(),
            options: Options::default(),
        }
    }

    /// Whether it is for transactions of this type.
    pub fn is_for(&self, kind: TransactionKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}
