//! BER-TLV against an independent implementation, `iso7816-tlv`.
//!
//! Where the two disagree the reason has to be one of [`Difference`]; each of them has a test of its own that fails when
//! the other implementation changes its mind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

use emvident_apdu::{
    Tag,
    tlv::{self, Cause, Tlv},
};
use iso7816_tlv::ber;
use proptest::prelude::*;

/// What the other implementation is known to do otherwise. Two more need no name here: it recurses without limit, so
/// input stays short enough for any stack, and takes time that grows with the square of the number of siblings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Difference {
    /// It takes length 80 as zero.
    IndefiniteLength,
    /// It takes lengths of four and five bytes.
    LongLength,
    /// It has no limit of depth.
    Depth,
    /// It knows no 00 padding.
    Padding,
    /// It measures a template's content as if each length inside were the shortest possible.
    LengthNotShortest,
}

/// One data object: depth, tag, and the value of a primitive one.
type Object = (u8, u32, Option<Vec<u8>>);

/// Every object as this crate reads it, or the difference that explains why it refuses where the other does not.
fn ours(input: &[u8]) -> Result<Vec<Object>, Option<Difference>> {
    let mut objects = Vec::new();
    let read = tlv::walk(input, &mut |object: Tlv<'_>, depth| {
        let value = (!object.tag.is_constructed()).then(|| object.value.to_vec());
        objects.push((depth, object.tag.number(), value));
    });
    read.map(|()| objects).map_err(|error| match error.cause {
        Cause::LengthIndefinite => Some(Difference::IndefiniteLength),
        Cause::LengthTooLong => Some(Difference::LongLength),
        Cause::TooDeep => Some(Difference::Depth),
        _ => None,
    })
}

/// Every object as the other implementation reads it.
fn theirs(input: &[u8]) -> Option<Vec<Object>> {
    let mut objects = Vec::new();
    let mut rest = input;
    while !rest.is_empty() {
        let (object, after) = ber::Tlv::parse(rest);
        collect(&object.ok()?, 0, &mut objects);
        rest = after;
    }
    Some(objects)
}

fn collect(object: &ber::Tlv, depth: u8, objects: &mut Vec<Object>) {
    let tag = object.tag().to_bytes().iter().fold(0, |tag, byte| (tag << 8) | u32::from(*byte));
    match object.value() {
        ber::Value::Primitive(value) => objects.push((depth, tag, Some(value.clone()))),
        ber::Value::Constructed(children) => {
            objects.push((depth, tag, None));
            children.iter().for_each(|child| collect(child, depth + 1, objects));
        }
    }
}

/// Why the other implementation refuses what this one reads.
fn why_they_refuse(input: &[u8]) -> Option<Difference> {
    let mut difference = None;
    let mut covered = 0;
    let _ = tlv::walk(input, &mut |object: Tlv<'_>, _| {
        let mut shortest = Vec::new();
        tlv::write(&mut shortest, object.tag, object.value);
        if shortest.len() != object.raw.len() {
            difference = difference.or(Some(Difference::LengthNotShortest));
        }
        let header = object.raw.len() - object.value.len();
        covered += if object.tag.is_constructed() { header } else { object.raw.len() };
    });
    difference.or((covered < input.len()).then_some(Difference::Padding))
}

/// The one difference the two readings of `input` show, none when they agree.
fn compare(input: &[u8]) -> Result<Option<Difference>, String> {
    match (ours(input), theirs(input)) {
        (Ok(ours), Some(theirs)) if ours == theirs => Ok(None),
        (Ok(ours), Some(theirs)) => Err(format!("{input:02X?} reads as {ours:?} and as {theirs:?}")),
        (Err(_), None) => Ok(None),
        (Err(Some(difference)), Some(_)) => Ok(Some(difference)),
        (Err(None), Some(theirs)) => Err(format!("{input:02X?} is refused here and reads as {theirs:?}")),
        (Ok(ours), None) => {
            why_they_refuse(input).map(Some).ok_or(format!("{input:02X?} is refused there and reads as {ours:?}"))
        }
    }
}

#[test]
fn each_difference_is_still_there() {
    let difference = |hex: &str| compare(&hex::decode(hex).unwrap()).unwrap();
    assert_eq!(difference("9F8000"), None);
    assert_eq!(difference("8280"), Some(Difference::IndefiniteLength));
    assert_eq!(difference("8283000001AA"), Some(Difference::LongLength));
    assert_eq!(difference("82010000"), Some(Difference::Padding));
    assert_eq!(difference("70048281 01AA".replace(' ', "").as_str()), Some(Difference::LengthNotShortest));
    let nested = (0..9).fold(Vec::new(), |inside, _| {
        let mut outside = Vec::new();
        tlv::write(&mut outside, Tag::new(0x70), &inside);
        outside
    });
    assert_eq!(compare(&nested).unwrap(), Some(Difference::Depth));
    // Their writer takes two bytes for the length 127, which one can say.
    let tag = ber::Tag::try_from(0x82_u8).unwrap();
    let long = ber::Tlv::new(tag, ber::Value::Primitive(vec![0; 127])).unwrap().to_vec();
    assert_eq!(&long[..3], [0x82, 0x81, 0x7F]);
}

/// A tree of data objects, no deeper than this crate reads.
#[derive(Clone, Debug)]
enum Tree {
    Primitive(u32, Vec<u8>),
    Template(u32, Vec<Tree>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let primitive = prop_oneof![Just(0x5A), Just(0x82), Just(0x9F36), Just(0x5F24), Just(0xDF8129), 0x9F01..=0x9F7Fu32];
    let template = prop_oneof![Just(0x70), Just(0x77), Just(0xA5), Just(0xBF0C), Just(0xFF8105)];
    let value = proptest::collection::vec(any::<u8>(), 0..140);
    let leaf = (primitive, value).prop_map(|(tag, value)| Tree::Primitive(tag, value));
    leaf.prop_recursive(6, 40, 5, move |inner| {
        (template.clone(), proptest::collection::vec(inner, 0..5)).prop_map(|(tag, inner)| Tree::Template(tag, inner))
    })
}

fn written_here(tree: &Tree) -> Vec<u8> {
    let mut out = Vec::new();
    match tree {
        Tree::Primitive(tag, value) => tlv::write(&mut out, Tag::new(*tag), value),
        Tree::Template(tag, inner) => {
            let inside: Vec<u8> = inner.iter().flat_map(written_here).collect();
            tlv::write(&mut out, Tag::new(*tag), &inside);
        }
    }
    out
}

fn objects(tree: &Tree, depth: u8) -> Vec<Object> {
    match tree {
        Tree::Primitive(tag, value) => vec![(depth, *tag, Some(value.clone()))],
        Tree::Template(tag, inner) => {
            let children = inner.iter().flat_map(|tree| objects(tree, depth + 1));
            std::iter::once((depth, *tag, None)).chain(children).collect()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn both_read_what_this_crate_writes(tree in tree()) {
        let written = written_here(&tree);
        let meant = objects(&tree, 0);
        prop_assert_eq!(ours(&written), Ok(meant.clone()));
        prop_assert_eq!(theirs(&written), Some(meant));
    }

    #[test]
    fn damage_is_judged_alike(tree in tree(), at in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>()) {
        let mut damaged = written_here(&tree);
        let place = at.index(damaged.len());
        damaged[place] = byte;
        damaged.truncate(cut.index(damaged.len()) + 1);
        prop_assert!(compare(&damaged).is_ok(), "{:?}", compare(&damaged));
    }

    #[test]
    fn any_bytes_are_judged_alike(input in proptest::collection::vec(any::<u8>(), 0..120)) {
        prop_assert!(compare(&input).is_ok(), "{:?}", compare(&input));
    }

    #[test]
    fn bytes_that_look_like_data_objects_are_judged_alike(
        input in proptest::collection::vec(prop_oneof![Just(0x70u8), Just(0x9F), Just(0x82), Just(0x81), Just(0x00), 0u8..8], 0..60),
    ) {
        prop_assert!(compare(&input).is_ok(), "{:?}", compare(&input));
    }
}
