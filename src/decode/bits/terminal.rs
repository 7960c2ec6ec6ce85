//! Bit strings of terminals.

use super::{Part::Bits, Part::Choice, Part::Like, Part::Number, Table, field};

/// Terminal verification results (`95`), action codes alike.
pub static TVR: Table = Table {
    name: "tvr",
    length: 5,
    parts: &[Bits(1, 0xFF), Bits(2, 0xFB), Bits(3, 0xFF), Bits(4, 0xFF), Bits(5, 0xF6)],
};

/// The same as kernel 2 sets them: the last byte tells of relay resistance.
pub static TVR_MASTERCARD: Table = Table {
    name: "tvr-mastercard",
    length: 5,
    parts: &[
        Like("tvr", 1, 0xFE),
        Like("tvr", 2, 0xF8),
        Like("tvr", 3, 0xFC),
        Like("tvr", 4, 0xF8),
        Like("tvr", 5, 0xF0),
        Bits(5, 0x0C),
        Choice(field("relay-resistance", 5, 0x03), RELAY_RESISTANCE),
    ],
};

/// The same in the format of kernel 8.
pub static TVR_KERNEL8: Table = Table {
    name: "tvr-kernel8",
    length: 5,
    parts: &[
        Bits(1, 0x84),
        Like("tvr", 2, 0xF0),
        Like("tvr", 3, 0xC4),
        Like("tvr", 4, 0x80),
        Bits(5, 0xC0),
        Like("tvr-mastercard", 5, 0x0C),
        Choice(field("relay-resistance", 5, 0x03), RELAY_RESISTANCE),
    ],
};

const RELAY_RESISTANCE: &[(u8, &str)] = &[(1, "not-performed"), (2, "performed")];

/// Transaction status information (`9B`).
pub static TSI: Table = Table { name: "tsi", length: 2, parts: &[Bits(1, 0xFC)] };

/// Terminal capabilities (`9F33`).
pub static CAPABILITIES: Table =
    Table { name: "capabilities", length: 3, parts: &[Bits(1, 0xE0), Bits(2, 0xFF), Bits(3, 0xEC)] };

/// Additional terminal capabilities (`9F40`).
pub static ADDITIONAL_CAPABILITIES: Table = Table {
    name: "additional",
    length: 5,
    parts: &[Bits(1, 0xFF), Bits(2, 0x80), Bits(3, 0xF0), Bits(4, 0xF3), Bits(5, 0xFF)],
};

/// Terminal type (`9F35`).
pub static TERMINAL_TYPE: Table = Table {
    name: "terminal-type",
    length: 1,
    parts: &[
        Choice(field("operated-by", 1, 0xF0), &[(1, "financial-institution"), (2, "merchant"), (3, "cardholder")]),
        Choice(
            field("environment", 1, 0x0F),
            &[
                (1, "attended-online-only"),
                (2, "attended-both"),
                (3, "attended-offline-only"),
                (4, "unattended-online-only"),
                (5, "unattended-both"),
                (6, "unattended-offline-only"),
            ],
        ),
    ],
};

/// Terminal transaction qualifiers (`9F66`). Book A leaves bit 3.4 to kernel 6.
pub static TTQ: Table =
    Table { name: "ttq", length: 4, parts: &[Bits(1, 0xBF), Bits(2, 0xE0), Bits(3, 0xC8), Bits(4, 0x80)] };

/// The same as kernel 7 reads them: bit 1.7 for the full contactless flow.
pub static TTQ_UNIONPAY: Table = Table {
    name: "ttq-unionpay",
    length: 4,
    parts: &[Bits(1, 0x40), Like("ttq", 1, 0x3F), Like("ttq", 2, 0xC0), Like("ttq", 3, 0x40), Like("ttq", 4, 0x80)],
};

/// Terminal risk management data (`9F1D`).
pub static RISK_MANAGEMENT: Table =
    Table { name: "risk", length: 8, parts: &[Bits(1, 0xFF), Bits(2, 0xFE), Bits(3, 0xE0), Bits(4, 0xC0)] };

/// Kernel identifier - terminal (`96`): kernel 8 alone.
pub static KERNEL_8_SUPPORT: Table = Table { name: "kernel8-support", length: 8, parts: &[Bits(1, 0xC0)] };

/// Contactless reader capabilities of American Express (`9F6D`).
pub static AMEX_READER: Table = Table {
    name: "amex-reader",
    length: 1,
    parts: &[
        Choice(
            field("modes", 1, 0xC0),
            &[(0, "old-value"), (1, "mag-stripe-only"), (2, "old-value"), (3, "emv-and-mag-stripe")],
        ),
        Bits(1, 0x08),
        Number(field("terminal-type-bits", 1, 0x37)),
    ],
};

/// Enhanced contactless reader capabilities of American Express (`9F6E`).
pub static AMEX_ENHANCED_READER: Table = Table {
    name: "amex-enhanced",
    length: 4,
    parts: &[
        Bits(1, 0xFC),
        Bits(2, 0xF0),
        Bits(3, 0xC0),
        Bits(4, 0xE0),
        Choice(
            field("kernel-version", 4, 0x07),
            &[(0, "not-stated"), (1, "kernel-2-2"), (2, "kernel-2-4"), (3, "kernel-2-7")],
        ),
    ],
};

/// Terminal interchange profile of JCB (`9F53`).
pub static JCB_PROFILE: Table = Table { name: "jcb-profile", length: 3, parts: &[Bits(1, 0xF7), Bits(2, 0x80)] };

/// Terminal compatibility indicator of JCB (`9F52`).
pub static JCB_COMPATIBILITY: Table = Table { name: "jcb-compatibility", length: 1, parts: &[Bits(1, 0x03)] };
