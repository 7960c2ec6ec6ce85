//! Any bytes are read as anything, nothing is lost, and places are where they are said to be.

use emvident::{
    apdu::{Tag, dictionary::Context},
    decode::{Decoded, Decoder, Kind, Node, Shown, kinds, tlv_tree, value},
    text::Text,
};
use proptest::prelude::*;

use super::{every_node, in_both_languages};

fn any_kind() -> impl Strategy<Value = Kind> {
    let names: Vec<&'static str> = Kind::names().collect();
    proptest::sample::select(names).prop_map(|name| Kind::from_name(name).unwrap())
}

fn any_context() -> impl Strategy<Value = Context> {
    proptest::sample::select(Context::ALL.to_vec())
}

/// Bytes that are often data objects.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let tag = proptest::sample::select(vec![
        vec![0x70],
        vec![0x77],
        vec![0x6F],
        vec![0xA5],
        vec![0x80],
        vec![0x82],
        vec![0x8E],
        vec![0x94],
        vec![0x95],
        vec![0x9F, 0x10],
        vec![0x9F, 0x66],
        vec![0x9F, 0x6E],
        vec![0x5A],
        vec![0x57],
        vec![0x86],
        vec![0x9F, 0x4A],
        vec![0x8C],
        vec![0xDF, 0x81, 0x29],
        vec![0xBF, 0x0C],
        vec![0x90],
        vec![0x8F],
        vec![0x9F, 0x46],
        vec![0x61],
    ]);
    let object = (tag, proptest::collection::vec(any::<u8>(), 0..40)).prop_map(|(mut tag, value)| {
        tag.push(u8::try_from(value.len()).unwrap());
        tag.extend(value);
        tag
    });
    let objects = proptest::collection::vec(object, 0..6).prop_map(|objects| objects.concat());
    prop_oneof![objects, proptest::collection::vec(any::<u8>(), 0..120)]
}

fn check_places(node: &Node, outer: std::ops::Range<usize>) -> Result<(), TestCaseError> {
    prop_assert!(node.place.start >= outer.start && node.place.end <= outer.end, "{:?} outside {:?}", node, outer);
    prop_assert!(node.value().start <= node.place.end);
    let inner = if node.is_recovered() { 0..usize::MAX } else { node.place.clone() };
    node.children.iter().filter(|child| !child.is_recovered()).try_for_each(|child| check_places(child, inner.clone()))
}

/// `bytes` are those decoded: what a message would show of itself may stand in them, to be shown as characters.
fn says_everything(decoded: &Decoded, bytes: &[u8]) -> Result<(), TestCaseError> {
    in_both_languages(|text| says_everything_in(decoded, bytes, text)).into_iter().collect()
}

fn says_everything_in(decoded: &Decoded, bytes: &[u8], text: &Text) -> Result<(), TestCaseError> {
    let page = decoded.text(text, false);
    let characters = String::from_utf8_lossy(bytes);
    for raw in ["part-", "word-", "bit-", "problem-", "kind-", "context-", "{ $", "{$"] {
        prop_assert!(!page.contains(raw) || characters.contains(raw), "{}", page);
    }
    let json: serde_json::Value = serde_json::from_str(&decoded.json(text)).unwrap();
    prop_assert_eq!(json["schema"].as_str(), Some("emvident.decode/1"));
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read_as_any_kind(bytes in any_bytes(), kind in any_kind(), context in any_context(), ins: Option<u8>) {
        let decoder = Decoder { context: Some(context), instruction: ins, authority: None };
        let decoded = decoder.decode(&bytes, kind);
        says_everything(&decoded, &bytes)?;
        let whole = 0..bytes.len().max(String::from_utf8_lossy(&bytes).len());
        decoded.nodes.iter().try_for_each(|node| check_places(node, whole.clone()))?;
    }

    #[test]
    fn any_bytes_look_like_something(bytes in any_bytes()) {
        prop_assert!(!kinds(&bytes, None).is_empty());
        let decoded = Decoder::default().detect(&bytes);
        prop_assert!(!decoded.alternatives.contains(&decoded.kind));
        says_everything(&decoded, &bytes)?;
    }

    #[test]
    fn no_byte_of_data_objects_is_lost(bytes in any_bytes(), context in any_context()) {
        let mut end = 0;
        for node in tlv_tree(&bytes, context) {
            prop_assert_eq!(node.place.start, end);
            end = node.place.end;
        }
        prop_assert_eq!(end, bytes.len());
    }

    #[test]
    fn shown_bytes_are_those_of_the_place(bytes in any_bytes()) {
        let decoded = Decoder::default().decode(&bytes, Kind::DataObjects);
        for node in every_node(&decoded) {
            if let Shown::Bytes(shown) = &node.bytes {
                prop_assert_eq!(Some(shown.as_slice()), bytes.get(node.value()), "{:?}", node);
            }
        }
    }

    #[test]
    fn any_value_of_any_tag_is_read(number in 0u32..0x1_0000, bytes in proptest::collection::vec(any::<u8>(), 0..40), context in any_context()) {
        let tag = Tag::new(number);
        if let Some(node) = value(tag, &bytes, context) {
            prop_assert_eq!(node.place, 0..bytes.len());
        }
    }
}

/// `{$` as characters of the card's own, which is no message that was not filled in.
#[test]
fn a_card_may_say_what_looks_like_a_message() {
    let decoded = Decoder::default().decode(b"{$", Kind::from_name("gb18030").unwrap());
    says_everything(&decoded, b"{$").unwrap();
}
