//! What the merchant wants from the card: the inputs of one transaction.

use apdu::value::date::{Date, Time};

/// One transaction, as asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Amount authorised in minor units, cashback included.
    pub amount: u64,
    /// The cashback part of it in minor units.
    pub amount_other: u64,
    /// What kind of transaction.
    pub kind: TransactionKind,
    /// Local date.
    pub date: Date,
    /// Local time.
    pub time: Time,
    /// Transaction sequence counter (`9F41`), 1 to 99,999,999.
    pub sequence_counter: u32,
    /// The merchant wants this one to go online.
    pub forced_online: bool,
    /// How the card is reached.
    pub interface: Interface,
}

/// How the card is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Interface {
    /// Through its contacts.
    #[default]
    Contact,
    /// Through the air.
    Contactless,
}

impl Interface {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Contactless => "contactless",
        }
    }

    /// The interface with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Contact, Self::Contactless].into_iter().find(|interface| interface.id() == id)
    }
}

/// Transaction type, tag `9C`, and what the card's usage control and CVM conditions make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransactionKind {
    /// Purchase of goods or services.
    Purchase,
    /// Purchase with cashback.
    PurchaseWithCashback,
    /// Cash from a machine or at a counter.
    Cash,
    /// Manual cash at a bank counter.
    ManualCash,
    /// Refund.
    Refund,
    /// Inquiry.
    Inquiry,
    /// Another type, known by its code alone.
    Other(u8),
}

impl TransactionKind {
    /// The value of tag `9C`.
    pub const fn code(self) -> u8 {
        match self {
            Self::Purchase => 0x00,
            Self::Cash => 0x01,
            Self::PurchaseWithCashback => 0x09,
            Self::ManualCash => 0x17,
            Self::Refund => 0x20,
            Self::Inquiry => 0x30,
            Self::Other(code) => code,
        }
    }

    /// Whether money is handed out and nothing is bought.
    pub const fn is_cash(self) -> bool {
        matches!(self, Self::Cash | Self::ManualCash)
    }

    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::PurchaseWithCashback => "purchase-with-cashback",
            Self::Cash => "cash",
            Self::ManualCash => "manual-cash",
            Self::Refund => "refund",
            Self::Inquiry => "inquiry",
            Self::Other(_) => "other",
        }
    }

    /// The kind with this value of tag `9C`.
    pub fn from_code(code: u8) -> Self {
        Self::ALL.iter().copied().find(|kind| kind.code() == code).unwrap_or(Self::Other(code))
    }

    /// All kinds that have a name.
    pub const ALL: &'static [Self] =
        &[Self::Purchase, Self::PurchaseWithCashback, Self::Cash, Self::ManualCash, Self::Refund, Self::Inquiry];

    /// The kind with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.id() == id)
    }
}
