//! Bit strings of contactless kernels and of cards that only one payment system has.

use super::{Part::Bits, Part::Byte, Part::Choice, Part::Number, Table, field};
use super::{card, results, terminal};

/// Card interface and payment capabilities of American Express (`9F70`).
pub static AMEX_CARD: Table =
    Table { name: "amex-card", length: 2, parts: &[Bits(1, 0xFC), Number(field("limit-set", 2, 0x0F))] };

/// Card processing requirements of Discover (`9F71`).
pub static DISCOVER_REQUIREMENTS: Table =
    Table { name: "discover-requirements", length: 2, parts: &[Bits(1, 0xD0), Bits(2, 0xFF)] };

/// Application capabilities information of Mastercard (`9F5D`).
pub static MASTERCARD_CAPABILITIES: Table = Table {
    name: "mastercard-capabilities",
    length: 3,
    parts: &[
        Number(field("data-storage-version", 1, 0x0F)),
        Bits(2, 0x07),
        Number(field("standalone-data-storage", 3, 0xFF)),
    ],
};

/// Kernel configuration of kernel 2 (`DF811B`).
pub static KERNEL_2_CONFIGURATION: Table = Table { name: "kernel2-configuration", length: 1, parts: &[Bits(1, 0xFC)] };

/// Mobile support indicator of Mastercard (`9F7E`).
pub static MOBILE_SUPPORT: Table = Table { name: "mobile-support", length: 1, parts: &[Bits(1, 0x03)] };

/// POS cardholder interaction information of Mastercard (`DF4B`).
pub static CARDHOLDER_INTERACTION: Table =
    Table { name: "interaction", length: 3, parts: &[Number(field("version", 1, 0xFF)), Bits(2, 0x1F)] };

/// Outcome parameter set of kernel 2 (`DF8129`) and kernel 8 (`9F8210`).
pub static OUTCOME: Table = Table {
    name: "outcome",
    length: 8,
    parts: &[
        Choice(
            field("outcome-status", 1, 0xF0),
            &[
                (1, "approved"),
                (2, "declined"),
                (3, "online-request"),
                (4, "end-application"),
                (5, "select-next"),
                (6, "try-another-interface"),
                (7, "try-again"),
                (15, "not-applicable"),
            ],
        ),
        Choice(
            field("start", 2, 0xF0),
            &[(0, "start-a"), (1, "start-b"), (2, "start-c"), (3, "start-d"), (15, "not-applicable")],
        ),
        Choice(field("online-response-data", 3, 0xF0), &[(15, "not-applicable")]),
        Choice(
            field("verification", 4, 0xF0),
            &[(0, "no-cvm"), (1, "signature"), (2, "online-pin"), (3, "on-device"), (15, "not-applicable")],
        ),
        Bits(5, 0xF8),
        Choice(
            field("other-interface", 6, 0xF0),
            &[(1, "contact-chip"), (2, "magnetic-stripe"), (15, "not-applicable")],
        ),
        Number(field("field-off-tenths", 7, 0xFF)),
        Number(field("removal-tenths", 8, 0xFF)),
    ],
};

/// Error indication of kernel 2 (`DF8115`).
pub static ERROR_INDICATION: Table = Table {
    name: "error-indication",
    length: 6,
    parts: &[
        Choice(
            field("error-link", 1, 0xFF),
            &[(0, "none"), (1, "time-out"), (2, "transmission-error"), (3, "protocol-error")],
        ),
        Choice(
            field("error-card", 2, 0xFF),
            &[
                (0, "none"),
                (1, "card-data-missing"),
                (2, "authentication-failed"),
                (3, "status-bytes"),
                (4, "parsing-error"),
                (5, "limit-exceeded"),
                (6, "card-data-error"),
                (7, "mag-stripe-not-supported"),
                (8, "no-ppse"),
                (9, "ppse-fault"),
                (10, "no-candidate"),
                (11, "storage-read-error"),
                (12, "storage-write-error"),
                (13, "storage-data-error"),
                (14, "storage-no-matching-cryptogram"),
                (15, "terminal-data-error"),
                (16, "decryption-failed"),
                (18, "iad-mac-failed"),
                (19, "eda-mac-failed"),
            ],
        ),
        Choice(
            field("error-terminal", 3, 0xFF),
            &[(0, "none"), (1, "time-out"), (2, "stopped"), (3, "amount-missing")],
        ),
        Byte(field("status-word-1", 4, 0xFF)),
        Byte(field("status-word-2", 5, 0xFF)),
        Choice(field("message-identifier", 6, 0xFF), MESSAGES),
    ],
};

/// The first two bytes of user interface request data of kernel 2 (`DF8116`).
pub static USER_INTERFACE: Table = Table {
    name: "user-interface",
    length: 2,
    parts: &[
        Choice(field("message-identifier", 1, 0xFF), MESSAGES),
        Choice(
            field("reader-status", 2, 0xFF),
            &[
                (0, "not-ready"),
                (1, "idle"),
                (2, "ready-to-read"),
                (3, "processing"),
                (4, "card-read"),
                (5, "processing-error"),
                (0xFF, "not-applicable"),
            ],
        ),
    ],
};

/// Message identifiers (`EMV Contactless Book A, table 9-5`).
const MESSAGES: &[(u8, &str)] = &[
    (0x03, "message-approved"),
    (0x07, "message-not-authorised"),
    (0x09, "message-enter-pin"),
    (0x0F, "processing-error"),
    (0x10, "message-remove-card"),
    (0x14, "message-welcome"),
    (0x15, "message-present-card"),
    (0x16, "processing"),
    (0x17, "message-card-read"),
    (0x18, "message-insert-or-swipe"),
    (0x19, "message-present-one-card"),
    (0x1A, "message-approved-please-sign"),
    (0x1B, "message-authorising"),
    (0x1C, "message-try-another-card"),
    (0x1D, "message-insert-card"),
    (0x1E, "message-clear-display"),
    (0x20, "message-see-phone"),
    (0x21, "message-present-card-again"),
    (0xFF, "not-applicable"),
];

/// Kernel identifier (`9F2A`), its first byte.
pub static KERNEL_IDENTIFIER: Table = Table {
    name: "kernel-identifier",
    length: 1,
    parts: &[
        Choice(
            field("kernel-kind", 1, 0xC0),
            &[(0, "kernel-international"), (2, "kernel-domestic"), (3, "kernel-proprietary")],
        ),
        Number(field("kernel-number", 1, 0x3F)),
    ],
};

/// Every table.
pub static ALL: &[&Table] = &[
    &card::AIP,
    &card::AIP_MASTERCARD,
    &card::AIP_KERNEL8,
    &card::AUC,
    &card::PRIORITY,
    &card::CID,
    &card::CTQ,
    &card::FORM_FACTOR,
    &results::SHORT_RESULTS,
    &results::LONG_RESULTS,
    &results::M_CHIP_RESULTS,
    &results::COMMON_RESULTS,
    &terminal::TVR,
    &terminal::TVR_MASTERCARD,
    &terminal::TVR_KERNEL8,
    &terminal::TSI,
    &terminal::CAPABILITIES,
    &terminal::ADDITIONAL_CAPABILITIES,
    &terminal::TERMINAL_TYPE,
    &terminal::TTQ,
    &terminal::TTQ_UNIONPAY,
    &terminal::RISK_MANAGEMENT,
    &terminal::KERNEL_8_SUPPORT,
    &terminal::AMEX_READER,
    &terminal::AMEX_ENHANCED_READER,
    &terminal::JCB_PROFILE,
    &terminal::JCB_COMPATIBILITY,
    &AMEX_CARD,
    &DISCOVER_REQUIREMENTS,
    &MASTERCARD_CAPABILITIES,
    &KERNEL_2_CONFIGURATION,
    &USER_INTERFACE,
    &MOBILE_SUPPORT,
    &CARDHOLDER_INTERACTION,
    &OUTCOME,
    &ERROR_INDICATION,
    &KERNEL_IDENTIFIER,
];
