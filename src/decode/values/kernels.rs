//! Data objects of one payment system or kernel.

use core::ops::Range;

use apdu::{Tag, dictionary::Context};

use super::{Inside, Reader, Shape, Value, codes, lists, numbers, scripts, text};
use crate::decode::{
    bits::{self, Table},
    node::{Meaning, Node},
};

/// How a kernel reads a data object of all of EMV in its own way.
pub fn own_reading(tag: Tag, context: Context) -> Option<Shape> {
    let table = match (tag.number(), context) {
        (0x82, Context::Mastercard) => &bits::AIP_MASTERCARD,
        (0x82, Context::Kernel8) => &bits::AIP_KERNEL8,
        (0x95 | 0x9F0D..=0x9F0F, Context::Mastercard) => &bits::TVR_MASTERCARD,
        (0x95 | 0x9F0D..=0x9F0F, Context::Kernel8) => &bits::TVR_KERNEL8,
        _ => return None,
    };
    Some(Shape::Bits(table))
}

/// The shape of a payment system's own data object.
pub fn shape(tag: Tag, context: Context) -> Option<Shape> {
    if let Some(table) = bit_string(tag, context) {
        return Some(Shape::Bits(table));
    }
    match context {
        Context::Visa => visa(tag),
        Context::Mastercard => mastercard(tag),
        Context::UnionPay => union_pay(tag),
        Context::Amex => matches!(tag.number(), 0x9F71).then_some(Shape::Read(mobile_verification)),
        Context::Jcb => jcb(tag),
        Context::Download => download(tag),
        _ => None,
    }
}

fn bit_string(tag: Tag, context: Context) -> Option<&'static Table> {
    Some(match (context, tag.number()) {
        (Context::Visa | Context::Discover, 0x9F66) => &bits::TTQ,
        (Context::UnionPay, 0x9F66) => &bits::TTQ_UNIONPAY,
        (Context::Visa | Context::UnionPay, 0x9F6C) => &bits::CTQ,
        (Context::Visa, 0x9F6E) => &bits::FORM_FACTOR,
        (Context::Amex, 0x9F6D) => &bits::AMEX_READER,
        (Context::Amex, 0x9F6E) => &bits::AMEX_ENHANCED_READER,
        (Context::Amex, 0x9F70) => &bits::AMEX_CARD,
        (Context::Jcb, 0x9F52) => &bits::JCB_COMPATIBILITY,
        (Context::Jcb, 0x9F53) => &bits::JCB_PROFILE,
        (Context::Discover, 0x9F71) => &bits::DISCOVER_REQUIREMENTS,
        (Context::Mastercard, 0x9F5D) => &bits::MASTERCARD_CAPABILITIES,
        (Context::Mastercard, 0x9F7E) => &bits::MOBILE_SUPPORT,
        (Context::Mastercard, 0xDF4B) => &bits::CARDHOLDER_INTERACTION,
        (Context::Mastercard, 0xDF8115) | (Context::Kernel8, 0x9F8204) => &bits::ERROR_INDICATION,
        (Context::Mastercard, 0xDF811B) => &bits::KERNEL_2_CONFIGURATION,
        (Context::Mastercard, 0xDF8129) | (Context::Kernel8, 0x9F8210) => &bits::OUTCOME,
        (Context::Mastercard, 0xDF8120..=0xDF8122) => &bits::TVR_MASTERCARD,
        (Context::Kernel8, 0x9F820B | 0x9F820C) => &bits::TVR_KERNEL8,
        (Context::Download, 0xDF11..=0xDF13) => &bits::TVR,
        _ => return None,
    })
}

fn visa(tag: Tag) -> Option<Shape> {
    Some(Shape::Read(match tag.number() {
        0x9F5D | 0x9F6B => numbers::application_amount,
        0x9F69 => authentication_data,
        _ => return None,
    }))
}

fn mastercard(tag: Tag) -> Option<Shape> {
    Some(Shape::Read(match tag.number() {
        0x9F51 | 0x9F5B | 0x9F69 | 0xDF811A => lists::data_object_list,
        0x9F50 | 0xDF8104 | 0xDF8105 | 0xDF8123..=0xDF8126 => numbers::amount,
        0x9F6E => third_party_data,
        0x9F53 => text::plain,
        0xDF8116 => user_interface_request,
        0xDF812D => numbers::decimal,
        0xDF8106 | 0xDF8112 => lists::tags,
        0xDF810C | 0xDF811C | 0xDF811D | 0xDF8127 | 0xDF8130 | 0xDF8132..=0xDF8137 => numbers::number,
        _ => return None,
    }))
}

fn union_pay(tag: Tag) -> Option<Shape> {
    Some(Shape::Read(match tag.number() {
        0x9F5D | 0x9F6D | 0x9F77 | 0x9F78 | 0x9F79 | 0x9F7B => numbers::application_amount,
        0xDF62 | 0xDF63 | 0xDF76..=0xDF79 => numbers::application_amount,
        0x9F51 | 0xDF71 => codes::currency,
        0x9F69 => authentication_data,
        0x9F74 => text::plain,
        0x9F7A | 0xDF60 | 0xDF69 => numbers::yes_or_no,
        0xDF31 => scripts::results,
        0xDF4D => lists::log_entry,
        0xDF4F => lists::data_object_list,
        _ => return None,
    }))
}

fn jcb(tag: Tag) -> Option<Shape> {
    Some(Shape::Read(match tag.number() {
        0x9F50 => jcb_verification,
        0x9F5F => numbers::application_amount,
        0x9F60 => issuer_update,
        _ => return None,
    }))
}

fn download(tag: Tag) -> Option<Shape> {
    Some(Shape::Read(match tag.number() {
        0xDF14 => lists::data_object_list,
        0xDF15 => numbers::binary_amount,
        0xDF16 | 0xDF17 => numbers::decimal,
        0xDF19 | 0xDF20 | 0xDF21 | 0x9F7B => numbers::amount,
        0xDF01 => application_selection,
        0xDF18 => numbers::yes_or_no,
        _ => return None,
    }))
}

fn word(value: Value<'_>, words: &[(u8, &'static str)]) -> Option<Inside> {
    let [byte] = value.bytes else { return None };
    let known = words.iter().find(|(code, _)| code == byte);
    Some(Meaning::Word(known.map_or("reserved", |(_, word)| *word)).into())
}

fn jcb_verification(value: Value<'_>) -> Option<Inside> {
    word(value, &[(0x00, "no-cvm"), (0x10, "signature"), (0x20, "online-pin"), (0x30, "on-device")])
}

fn issuer_update(value: Value<'_>) -> Option<Inside> {
    word(value, &[(0, "none"), (1, "present-and-hold"), (2, "two-presentments")])
}

/// Application selection indicator of a parameter download: 00 lets the card's AID be longer.
fn application_selection(value: Value<'_>) -> Option<Inside> {
    word(value, &[(0, "partial-match"), (1, "exact-match")])
}

/// Mobile CVM results of American Express (`9F71`).
fn mobile_verification(value: Value<'_>) -> Option<Inside> {
    let [performed, condition, result] = value.bytes else { return None };
    let at = |offset: usize| value.at.saturating_add(offset);
    let performed = match performed {
        0x01 => "mobile-verification-performed",
        0x3F => "no-method-performed",
        _ => "reserved",
    };
    let result = match result {
        0 => "unknown",
        1 => "failed",
        2 => "successful",
        3 => "blocked",
        _ => "reserved",
    };
    Some(
        vec![
            Node::group("method", at(0), 1, Vec::new()).meaning(Meaning::Word(performed)),
            Node::part("condition", at(1), &[*condition]),
            Node::group("result", at(2), 1, Vec::new()).meaning(Meaning::Word(result)),
        ]
        .into(),
    )
}

/// Card authentication related data (`9F69`): version, the card's unpredictable number, a copy of the card transaction
/// qualifiers.
fn authentication_data(value: Value<'_>) -> Option<Inside> {
    let (version, rest) = value.bytes.split_first()?;
    let (number, rest) = rest.split_at_checked(4)?;
    let at = |offset: usize| value.at.saturating_add(offset);
    let mut nodes = vec![
        Node::part("version", at(0), &[*version]).meaning(Meaning::Number(u64::from(*version))),
        Node::part("unpredictable-number", at(1), number),
    ];
    if let Some((qualifiers, rest)) = rest.split_at_checked(2) {
        nodes.push(
            Node::part("card-transaction-qualifiers", at(5), qualifiers)
                .with_children(bits::CTQ.read(qualifiers, at(5))),
        );
        if !rest.is_empty() {
            nodes.push(Node::part("proprietary", at(7), rest));
        }
    }
    Some(nodes.into())
}

/// User interface request data of kernel 2 (`DF8116`): message, status, hold time, languages, and a value with what it is
/// and its currency. Languages and value are left out where there are none.
fn user_interface_request(value: Value<'_>) -> Option<Inside> {
    let bytes: &[u8; 22] = value.bytes.try_into().ok()?;
    let mut nodes = bits::USER_INTERFACE.read(&bytes[..2], value.at);
    let mut part = |name, range: Range<usize>, read: Reader| {
        let part = Value {
            bytes: bytes.get(range.clone()).unwrap_or_default(),
            at: value.at.saturating_add(range.start),
            ..value
        };
        let inside = read(part).unwrap_or_default();
        nodes.push(Node::part(name, part.at, part.bytes).meaning(inside.meaning).with_children(inside.children));
    };
    part("hold-time", 2..5, numbers::decimal);
    if bytes[5..13] != [0; 8] {
        part("languages", 5..13, codes::languages);
    }
    if bytes[13] != 0 {
        part("value-qualifier", 13..14, value_qualifier);
        part("value", 14..20, numbers::decimal);
        part("currency", 20..22, codes::currency);
    }
    Some(nodes.into())
}

fn value_qualifier(value: Value<'_>) -> Option<Inside> {
    word(value, &[(0x10, "amount"), (0x20, "balance")])
}

/// Third party data of Mastercard (`9F6E`): country, identifier, device type when the identifier has it, data.
fn third_party_data(value: Value<'_>) -> Option<Inside> {
    let (country, rest) = value.bytes.split_at_checked(2)?;
    let (identifier, rest) = rest.split_at_checked(2)?;
    let at = |offset: usize| value.at.saturating_add(offset);
    let number = apdu::value::bcd::to_number(country).and_then(|number| u16::try_from(number).ok());
    let mut nodes = vec![
        Node::part("country", at(0), country).meaning(number.map(Meaning::Country)),
        Node::part("identifier", at(2), identifier),
    ];
    let has_device = identifier.first().is_some_and(|first| first & 0x80 == 0);
    let (device, rest, start) = match rest.split_at_checked(2) {
        Some((device, rest)) if has_device => (Some(device), rest, 6),
        _ => (None, rest, 4),
    };
    nodes.extend(device.map(|device| {
        let text = text::characters(device, text::Characters::Iso8859(1)).map(Meaning::Text);
        Node::part("device-type", at(4), device).meaning(text)
    }));
    if !rest.is_empty() {
        nodes.push(Node::part("proprietary", at(start), rest));
    }
    Some(nodes.into())
}

/// Kernel identifier (`9F2A`).
pub fn identifier(value: Value<'_>) -> Option<Inside> {
    let mut nodes = bits::KERNEL_IDENTIFIER.read(value.bytes.get(..1)?, value.at);
    if let Some(extended) = value.bytes.get(1..3) {
        nodes.push(Node::part("extended-identifier", value.at.saturating_add(1), extended));
    }
    if let Some(rest) = value.bytes.get(3..).filter(|rest| !rest.is_empty()) {
        nodes.push(Node::part("proprietary", value.at.saturating_add(3), rest));
    }
    Some(nodes.into())
}
