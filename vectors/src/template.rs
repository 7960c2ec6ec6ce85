//! Data objects put together.

use apdu::{Tag, tlv};

/// One data object.
pub(crate) fn object(tag: Tag, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len().saturating_add(6));
    tlv::write(&mut out, tag, value);
    out
}

/// A template around objects that are already coded.
pub(crate) fn template(tag: Tag, objects: &[Vec<u8>]) -> Vec<u8> {
    object(tag, &objects.concat())
}
