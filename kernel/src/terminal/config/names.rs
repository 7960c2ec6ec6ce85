//! The names of capability bits.

use apdu::{
    Bit,
    value::{additional_terminal_capabilities as additional, terminal_capabilities as capability},
};

/// The names of the bits of the terminal capabilities (`9F33`).
pub const CAPABILITIES: &[(&str, Bit)] = &[
    ("manual-key-entry", capability::MANUAL_KEY_ENTRY),
    ("magnetic-stripe", capability::MAGNETIC_STRIPE),
    ("ic-with-contacts", capability::IC_WITH_CONTACTS),
    ("plaintext-pin", capability::PLAINTEXT_OFFLINE_PIN),
    ("online-pin", capability::ONLINE_PIN),
    ("signature", capability::SIGNATURE),
    ("enciphered-pin", capability::ENCIPHERED_OFFLINE_PIN_RSA),
    ("no-cvm", capability::NO_CVM),
    ("sda", capability::SDA),
    ("dda", capability::DDA),
    ("cda", capability::CDA),
    ("card-capture", capability::CARD_CAPTURE),
];

/// The names of the bits of the additional terminal capabilities (`9F40`).
pub const ADDITIONAL_CAPABILITIES: &[(&str, Bit)] = &[
    ("cash", additional::CASH),
    ("goods", additional::GOODS),
    ("services", additional::SERVICES),
    ("cashback", additional::CASHBACK),
    ("inquiry", additional::INQUIRY),
    ("transfer", additional::TRANSFER),
    ("payment", additional::PAYMENT),
    ("administrative", additional::ADMINISTRATIVE),
    ("cash-deposit", additional::CASH_DEPOSIT),
    ("numeric-keys", additional::NUMERIC_KEYS),
    ("alphabetic-keys", additional::ALPHABETIC_KEYS),
    ("command-keys", additional::COMMAND_KEYS),
    ("function-keys", additional::FUNCTION_KEYS),
    ("print-attendant", additional::PRINT_ATTENDANT),
    ("print-cardholder", additional::PRINT_CARDHOLDER),
    ("display-attendant", additional::DISPLAY_ATTENDANT),
    ("display-cardholder", additional::DISPLAY_CARDHOLDER),
    ("code-table-1", additional::CODE_TABLE_1),
    ("code-table-2", additional::CODE_TABLE_2),
    ("code-table-3", additional::CODE_TABLE_3),
    ("code-table-4", additional::CODE_TABLE_4),
    ("code-table-5", additional::CODE_TABLE_5),
    ("code-table-6", additional::CODE_TABLE_6),
    ("code-table-7", additional::CODE_TABLE_7),
    ("code-table-8", additional::CODE_TABLE_8),
    ("code-table-9", additional::CODE_TABLE_9),
    ("code-table-10", additional::CODE_TABLE_10),
];

/// The bit with this name.
pub(super) fn bit(names: &[(&str, Bit)], name: &str) -> Option<Bit> {
    names.iter().find(|(known, _)| *known == name).map(|(_, bit)| *bit)
}
