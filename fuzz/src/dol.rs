//! Any bytes as a data object list: what is filled in is as long as the list says, and each object stands in its range.

use emvident::apdu::{Tag, dictionary::Context, dol::Dol};

use super::input::Input;

/// The target. The first bytes of the input are the values to fill in with.
pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let (odd, value) = (input.byte() & 1 == 1, input.some());
    let Ok(list) = Dol::parse(input.rest()) else { return };
    for context in [Context::Emv, Context::from_aid(&[0xA0, 0, 0, 0, 3])] {
        let mut filled = Vec::new();
        list.fill_in(context, &mut filled, |tag| (tag.number() & 1 == u32::from(odd)).then_some(&value[..]));
        assert_eq!(filled.len(), list.total_length());
    }
    let tags: Vec<Tag> = list.entries().map(|entry| entry.tag).collect();
    for tag in tags {
        let range = list.range_of(tag).expect("the tag is in the list");
        assert!(range.end <= list.total_length());
    }
}
