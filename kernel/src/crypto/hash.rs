//! Hash functions over byte strings that stand in several places, so that nothing is copied together to be hashed.

use sha1::Digest;

/// A SHA-1 hash value.
pub type Sha1Value = [u8; 20];

/// SHA-1 over data given piece by piece.
#[derive(Clone, Default)]
pub struct Sha1(sha1::Sha1);

impl Sha1 {
    /// A hash of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same hash, going on over `bytes`.
    #[must_use]
    pub fn and(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes);
        self
    }

    /// The hash value of everything given so far.
    pub fn value(self) -> Sha1Value {
        self.0.finalize().into()
    }
}

/// SHA-1 over the concatenation of `parts`.
pub fn sha1<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Sha1Value {
    parts.into_iter().fold(Sha1::new(), Sha1::and).value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hash_as_their_concatenation() {
        let known = "a9993e364706816aba3e25717850c26c9cd0d89d"; // FIPS 180-4, "abc"
        assert_eq!(hex::encode(sha1([b"a".as_slice(), b"", b"bc"])), known);
    }
}
