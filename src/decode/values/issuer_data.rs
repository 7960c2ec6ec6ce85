//! Issuer application data and issuer authentication data.

use apdu::{
    dictionary::Context,
    value::{
        IssuerApplicationData,
        issuer_application_data::{Field, Layout, Results},
    },
};

use super::{Inside, Value, characters, text::Characters};
use crate::decode::{
    bits::{COMMON_RESULTS, LONG_RESULTS, M_CHIP_RESULTS, SHORT_RESULTS, Table},
    node::{Meaning, Node},
};

/// Issuer application data (`9F10`), where the layout is publicly known.
pub fn read(value: Value<'_>) -> Option<Inside> {
    let data = IssuerApplicationData::parse(value.bytes, value.around.context)?;
    let children = data.fields().filter_map(|(field, range)| {
        let bytes = value.bytes.get(range.clone())?;
        let at = value.at.saturating_add(range.start);
        Some(
            Node::part(name(field), at, bytes)
                .meaning(meaning(field, bytes))
                .with_children(inside(field, &data, bytes, at)),
        )
    });
    Some(Inside { meaning: Some(Meaning::Word(layout(data.layout()))), children: children.collect(), problem: None })
}

fn layout(layout: Layout) -> &'static str {
    match layout {
        Layout::VisaShort => "layout-visa-short",
        Layout::VisaLong => "layout-visa-long",
        Layout::UnionPay => "layout-unionpay",
        Layout::MChip => "layout-mchip",
        Layout::Common => "layout-common",
    }
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Length => "length",
        Field::KeyIndex => "key-index",
        Field::CryptogramVersion => "cryptogram-version",
        Field::Results => "card-verification-results",
        Field::Algorithm => "algorithm",
        Field::SignatureCode => "signature-code",
        Field::Counters => "counters",
        Field::LastOnlineCounter => "last-online-counter",
        Field::DiscretionaryOption => "discretionary-option",
        Field::Discretionary => "discretionary",
    }
}

fn meaning(field: Field, bytes: &[u8]) -> Option<Meaning> {
    let number = bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    match (field, bytes) {
        (Field::Length, _) | (Field::LastOnlineCounter, _) => Some(Meaning::Number(number)),
        (Field::Algorithm, [0x01]) => Some(Meaning::Word("triple-des")),
        (Field::Algorithm, [0x04]) => Some(Meaning::Word("sm4")),
        _ => None,
    }
}

fn inside(field: Field, data: &IssuerApplicationData<'_>, bytes: &[u8], at: usize) -> Vec<Node> {
    match (field, data.layout(), bytes) {
        (Field::Results, ..) => table(data.results()).read(bytes, at),
        (Field::CryptogramVersion, Layout::Common, [version]) => common_version(*version, at),
        (Field::CryptogramVersion, Layout::VisaShort | Layout::VisaLong, [version]) => {
            let format = Meaning::Number(u64::from(version >> 4));
            vec![digit("format", at, format), digit("version", at, Meaning::Number(u64::from(*version)))]
        }
        (Field::CryptogramVersion, Layout::MChip, [version]) => m_chip_version(*version, at),
        _ => Vec::new(),
    }
}

fn digit(name: &'static str, at: usize, meaning: Meaning) -> Node {
    Node::group(name, at, 1, Vec::new()).meaning(meaning)
}

/// The cipher is in the lower digit (`EMV 4.4 Book 3, Annex C9.2`).
fn common_version(version: u8, at: usize) -> Vec<Node> {
    let cipher = match version & 0x0F {
        5 => "triple-des",
        6 => "aes",
        _ => "reserved",
    };
    vec![digit("cipher", at, Meaning::Word(cipher))]
}

fn m_chip_version(version: u8, at: usize) -> Vec<Node> {
    let session_key = match version & 0x06 {
        0x00 => "mastercard-session-key",
        0x04 => "common-session-key",
        _ => "reserved",
    };
    let counters = if version & 0x01 != 0 { "yes" } else { "no" };
    vec![
        digit("session-key", at, Meaning::Word(session_key)),
        digit("counters-in-cryptogram", at, Meaning::Word(counters)),
    ]
}

/// The bits of card verification results.
fn table(results: Results) -> &'static Table {
    match results {
        Results::Short(_) => &SHORT_RESULTS,
        Results::Long(_) => &LONG_RESULTS,
        Results::MChip(_) => &M_CHIP_RESULTS,
        Results::Common(_) => &COMMON_RESULTS,
    }
}

/// Issuer authentication data (`91`): eight bytes of cryptogram and a response code (`EMV 4.4 Book 2, 8.2.1`), or four of
/// cryptogram, the card status update, and what the payment system adds (8.2.2).
pub fn authentication(value: Value<'_>) -> Option<Inside> {
    match value.bytes.split_at_checked(8)? {
        (cryptogram, code @ [_, _]) if code.iter().all(u8::is_ascii_alphanumeric) => {
            let at = value.at.saturating_add(8);
            let text = characters(code, Characters::Iso8859(1)).map(Meaning::Text);
            Some(
                vec![
                    Node::part("response-cryptogram", value.at, cryptogram),
                    Node::part("response-code", at, code).meaning(text),
                ]
                .into(),
            )
        }
        _ if value.around.context == Context::Mastercard => None,
        (first, rest) => {
            let (cryptogram, update) = first.split_at_checked(4)?;
            let mut nodes = vec![
                Node::part("response-cryptogram", value.at, cryptogram),
                Node::part("card-status-update", value.at.saturating_add(4), update),
            ];
            if !rest.is_empty() {
                nodes.push(Node::part("proprietary", value.at.saturating_add(8), rest));
            }
            Some(nodes.into())
        }
    }
}
