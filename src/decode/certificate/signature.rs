//! What is inside the signatures over static and dynamic data.

use super::fields::{Fields, HASH};
use crate::decode::node::{Meaning, Node};

/// Signed static application data (`EMV 4.4 Book 2, Table 7`).
pub fn static_data(block: &[u8]) -> Node {
    let mut fields = Fields::new(block);
    let format = fields.frame();
    fields.algorithm("hash-algorithm");
    fields.plain("data-authentication-code", 2);
    fields.rest("padding");
    fields.hash();
    fields.trailer();
    fields.node(format == Some(0x03))
}

/// Signed dynamic application data (`EMV 4.4 Book 2, Tables 17 and 22`). Format 95 is what some Visa cards sign.
pub fn dynamic_data(block: &[u8]) -> Node {
    let mut fields = Fields::new(block);
    let format = fields.frame();
    fields.algorithm("hash-algorithm");
    let length = fields.number("dynamic-data-length");
    let start = fields.taken();
    let number = fields.number("dynamic-number-length");
    fields.plain("icc-dynamic-number", number.min(8));
    let end = start.saturating_add(length);
    if end.saturating_sub(fields.taken()) >= 29 {
        let cid = fields.peek(1).first().copied().unwrap_or(0);
        fields.take("cryptogram-information", 1, Some(Meaning::Word(cryptogram(cid))));
        fields.plain("application-cryptogram", 8);
        fields.plain("transaction-data-hash", HASH);
    }
    fields.rest("padding");
    fields.hash();
    fields.trailer();
    fields.node(matches!(format, Some(0x05 | 0x95)))
}

fn cryptogram(cid: u8) -> &'static str {
    match cid >> 6 {
        0 => "aac",
        1 => "tc",
        2 => "arqc",
        _ => "reserved",
    }
}
