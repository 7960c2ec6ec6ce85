//! What is inside a certificate or signature, changed, with its hash as right or as wrong as it was.

use kernel::crypto::hash::{Sha1, Sha1Value};

const HASH: usize = 20;

/// A message recovered from a signature, and what stands in its place.
pub(super) struct Message {
    old: Vec<u8>,
    pub new: Vec<u8>,
}

impl Message {
    pub fn new(block: Vec<u8>) -> Self {
        Self { new: block.clone(), old: block }
    }

    /// The byte at `at`, as it was.
    pub fn byte(&self, at: usize) -> u8 {
        self.old.get(at).copied().unwrap_or_default()
    }

    /// Where the field from `at` to the hash ends.
    pub fn end(&self) -> usize {
        self.old.len().saturating_sub(HASH + 1)
    }

    /// `length` bytes from `at`, to be changed; fewer when the hash comes first.
    pub fn field(&mut self, at: usize, length: usize) -> &mut [u8] {
        let end = at.saturating_add(length).min(self.end());
        self.new.get_mut(at.min(end)..end).unwrap_or(&mut [])
    }

    /// As it was.
    pub fn was(&self, at: usize, length: usize) -> &[u8] {
        let end = at.saturating_add(length).min(self.end());
        self.old.get(at.min(end)..end).unwrap_or(&[])
    }

    /// Makes the hash what it has to be for what is now inside. `covered` are guesses at what it covers besides: each as it
    /// was, and as it is now. The first one that was right is right again; when none was, the first stays wrong.
    pub fn seal(&mut self, covered: &[(Vec<u8>, Vec<u8>)]) {
        let end = self.end();
        let signed: Sha1Value = array(&self.old, end);
        let right = covered.iter().find(|(was, _)| hash(&self.old, end, was) == signed);
        let Some((was, is)) = right.or(covered.first()) else { return };
        let wrong = difference(signed, hash(&self.old, end, was));
        let sealed = difference(hash(&self.new, end, is), wrong);
        put(&mut self.new, end, &sealed);
    }

    /// As [`Message::seal`], for a hash that stands at `at` and covers nothing of the message itself.
    pub fn put_hash(&mut self, at: usize, covered: &[(Vec<u8>, Vec<u8>)]) {
        let signed: Sha1Value = array(&self.old, at);
        let plain = |bytes: &[u8]| Sha1::new().and(bytes).value();
        let right = covered.iter().find(|(was, _)| plain(was) == signed);
        let Some((was, is)) = right.or(covered.first()) else { return };
        let sealed = difference(plain(is), difference(signed, plain(was)));
        put(&mut self.new, at, &sealed);
    }
}

/// The hash of what is between header and hash, and of `covered`.
fn hash(block: &[u8], end: usize, covered: &[u8]) -> Sha1Value {
    Sha1::new().and(block.get(1..end).unwrap_or(&[])).and(covered).value()
}

fn array(bytes: &[u8], at: usize) -> Sha1Value {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default()
}

fn put(bytes: &mut [u8], at: usize, value: &Sha1Value) {
    let place = bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut);
    place.into_iter().for_each(|place| *place = *value);
}

fn difference(mut a: Sha1Value, b: Sha1Value) -> Sha1Value {
    a.iter_mut().zip(b).for_each(|(a, b)| *a ^= b);
    a
}
