//! Bit strings of cards.

use super::{Part::Bits, Part::Choice, Part::Like, Part::Number, Table, field};

/// The kinds of cryptogram, as two bits say them.
const CRYPTOGRAMS: &[(u8, &str)] = &[(0, "aac"), (1, "tc"), (2, "arqc")];

/// Application interchange profile (`82`), with the bits that contactless kernels read.
pub static AIP: Table = Table { name: "aip", length: 2, parts: &[Bits(1, 0xFF), Bits(2, 0xE0)] };

/// The same as kernel 2 reads it.
pub static AIP_MASTERCARD: Table = Table { name: "aip", length: 2, parts: &[Bits(1, 0xFF), Bits(2, 0xE1)] };

/// The same as kernel 8 reads it.
pub static AIP_KERNEL8: Table = Table {
    name: "aip-kernel8",
    length: 2,
    parts: &[
        Like("aip", 1, 0xFE),
        Bits(1, 0x01),
        Bits(2, 0x08),
        Like("aip", 2, 0x01),
        Choice(
            field("iad-mac-copy", 2, 0x06),
            &[(0, "not-copied"), (1, "copied-to-default-place"), (2, "copied-to-stated-place")],
        ),
    ],
};

/// Application usage control (`9F07`).
pub static AUC: Table = Table { name: "auc", length: 2, parts: &[Bits(1, 0xFF), Bits(2, 0xC0)] };

/// Application priority indicator (`87`).
pub static PRIORITY: Table =
    Table { name: "priority", length: 1, parts: &[Bits(1, 0x80), Number(field("priority", 1, 0x0F))] };

/// Cryptogram information data (`9F27`).
pub static CID: Table = Table {
    name: "cid",
    length: 1,
    parts: &[
        Choice(field("cryptogram", 1, 0xC0), CRYPTOGRAMS),
        Number(field("payment-system-bits", 1, 0x30)),
        Bits(1, 0x08),
        Choice(
            field("reason", 1, 0x07),
            &[
                (0, "no-reason"),
                (1, "service-not-allowed"),
                (2, "pin-try-limit-exceeded"),
                (3, "issuer-authentication-failed"),
            ],
        ),
    ],
};

/// Card transaction qualifiers (`9F6C`).
pub static CTQ: Table = Table { name: "ctq", length: 2, parts: &[Bits(1, 0xFF), Bits(2, 0xC0)] };

/// Form factor indicator of Visa (`9F6E`).
pub static FORM_FACTOR: Table = Table {
    name: "form-factor",
    length: 4,
    parts: &[
        Number(field("version", 1, 0xE0)),
        Choice(
            field("form-factor", 1, 0x1F),
            &[
                (0, "form-card"),
                (1, "form-mini-card"),
                (2, "form-other-than-card"),
                (3, "form-phone"),
                (4, "form-wrist"),
            ],
        ),
        Bits(2, 0xFE),
        Choice(field("technology", 4, 0x0F), &[(0, "contactless")]),
    ],
};
