//! Any bytes as BER-TLV: every error is inside the input, nesting is bounded, and what was read writes back to what reads
//! the same.

use emvident::{
    apdu::{dictionary::Context, tlv},
    decode::tlv_tree,
};

/// The target.
pub fn run(input: &[u8]) {
    let mut deepest = 0;
    if let Err(error) = tlv::walk(input, &mut |_, depth| deepest = deepest.max(depth)) {
        assert!(error.offset <= input.len(), "{error}");
    }
    assert!(deepest < tlv::MAX_DEPTH, "{deepest}");
    for object in tlv::Reader::lenient(input).flatten() {
        assert!(object.value_offset() + object.value.len() <= input.len());
        let mut written = Vec::new();
        tlv::write(&mut written, object.tag, object.value);
        let again = tlv::Reader::strict(&written).next().expect("one object was written").expect("and it reads");
        assert_eq!((again.tag, again.value), (object.tag, object.value));
    }
    let _ = tlv_tree(input, Context::Emv);
}
