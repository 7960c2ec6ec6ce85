//! Any bytes as BER-TLV: no panic, every error inside the input, and what was read writes back to what reads the same.
#![no_main]

use apdu::{dol::Dol, tlv};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Err(error) = tlv::walk(input, &mut |_, _| {}) {
        assert!(error.offset <= input.len());
    }
    for object in tlv::Reader::lenient(input).flatten() {
        let mut written = Vec::new();
        tlv::write(&mut written, object.tag, object.value);
        let again = tlv::Reader::strict(&written).next().expect("one object was written").expect("and it reads");
        assert_eq!((again.tag, again.value), (object.tag, object.value));
    }
    if let Ok(list) = Dol::parse(input) {
        let mut filled = Vec::new();
        list.fill(&mut filled, |_| Some(input));
        assert_eq!(filled.len(), list.total_length());
    }
});
