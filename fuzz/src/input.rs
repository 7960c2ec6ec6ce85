//! An input, taken byte by byte.

/// What is left of an input; zeros when it is used up.
#[derive(Debug)]
pub struct Input<'a> {
    bytes: &'a [u8],
}

impl<'a> Input<'a> {
    /// All of it.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.bytes.split_first().map_or((0, &[][..]), |(first, rest)| (*first, rest));
        self.bytes = rest;
        first
    }

    /// As many bytes as the next one says.
    pub fn some(&mut self) -> Vec<u8> {
        let length = usize::from(self.byte()).min(self.bytes.len());
        let (taken, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        taken.to_vec()
    }

    /// Bytes or nothing.
    pub fn optional(&mut self) -> Option<Vec<u8>> {
        (self.byte() > 127).then(|| self.some())
    }

    /// One of several.
    pub fn one_of<'t, T>(&mut self, several: &'t [T]) -> &'t T {
        &several[usize::from(self.byte()) % several.len()]
    }

    /// All that is left.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }
}
