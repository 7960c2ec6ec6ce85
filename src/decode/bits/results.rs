//! Card verification results, in the issuer application data (`9F10`). The bits are those of
//! [`apdu::value::issuer_application_data::results`].

use super::{Part, Part::Bits, Part::Choice, Part::Like, Part::Number, Table, field};

const FIRST: &[(u8, &str)] = &[(0, "aac"), (1, "tc"), (2, "arqc")];
const SECOND: &[(u8, &str)] = &[(0, "aac"), (1, "tc"), (2, "not-requested")];

const fn second(byte: u8) -> Part {
    Choice(field("second-cryptogram", byte, 0xC0), SECOND)
}

const fn first(byte: u8) -> Part {
    Choice(field("first-cryptogram", byte, 0x30), FIRST)
}

const fn scripts(byte: u8) -> Part {
    Number(field("script-commands", byte, 0xF0))
}

/// Visa formats 0, 1 and 3, UnionPay and PBOC; the first byte is the length of the others.
pub static SHORT_RESULTS: Table = Table {
    name: "cvr-short",
    length: 4,
    parts: &[
        Number(field("length", 1, 0xFF)),
        second(2),
        first(2),
        Bits(2, 0x0F),
        Bits(3, 0xFF),
        scripts(4),
        Bits(4, 0x0F),
    ],
};

/// Visa formats 2 and 4.
pub static LONG_RESULTS: Table = Table {
    name: "cvr-long",
    length: 5,
    parts: &[
        Choice(
            field("verified-by", 1, 0xF0),
            &[
                (0, "nobody"),
                (1, "by-payment-application"),
                (2, "by-gateway"),
                (3, "by-secure-element"),
                (4, "by-trusted-environment"),
                (5, "by-phone-application"),
                (6, "by-terminal"),
                (7, "by-cloud"),
                (8, "by-phone-system"),
            ],
        ),
        Choice(
            field("verified-with", 1, 0x0F),
            &[
                (0, "nothing"),
                (1, "passcode"),
                (2, "finger"),
                (3, "pattern"),
                (4, "face"),
                (5, "iris"),
                (6, "voice"),
                (7, "palm"),
                (13, "signature"),
                (14, "online-pin"),
            ],
        ),
        second(2),
        first(2),
        Like("cvr-short", 2, 0x09),
        Bits(2, 0x04),
        Like("cvr-short", 3, 0xFF),
        scripts(4),
        Like("cvr-short", 4, 0x0F),
        Bits(5, 0xFF),
    ],
};

/// M/Chip.
pub static M_CHIP_RESULTS: Table = Table {
    name: "cvr-mchip",
    length: 6,
    parts: &[
        second(1),
        first(1),
        Bits(1, 0x0F),
        Bits(2, 0xFC),
        Number(field("issuer-bits", 2, 0x03)),
        scripts(3),
        Number(field("pin-tries-left", 3, 0x0F)),
        Bits(4, 0xFF),
        Bits(5, 0xFF),
        Bits(6, 0xFF),
    ],
};

/// Common core definition (`EMV 4.4 Book 3, Annex C9.3`).
pub static COMMON_RESULTS: Table = Table {
    name: "cvr-common",
    length: 5,
    parts: &[
        second(1),
        first(1),
        Bits(1, 0x0F),
        Number(field("pin-tries-left", 2, 0xF0)),
        Bits(2, 0x0F),
        Bits(3, 0xF0),
        Number(field("issuer-bits", 3, 0x0F)),
        scripts(4),
        Bits(4, 0x0F),
    ],
};
