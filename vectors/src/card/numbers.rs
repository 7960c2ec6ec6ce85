//! Numbers a card draws: unpredictable to a terminal, the same on every run.

use sha2::{Digest, Sha256};

/// A stream of numbers that follows from a seed.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    seed: u64,
    stream: u64,
    drawn: u64,
}

impl Numbers {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self { seed, stream, drawn: 0 }
    }

    /// The next eight bytes.
    pub(super) fn draw(&mut self) -> [u8; 8] {
        self.drawn = self.drawn.wrapping_add(1);
        let state = [self.seed, self.stream, self.drawn].map(u64::to_be_bytes).concat();
        let digest = <[u8; 32]>::from(Sha256::digest(state));
        digest.first_chunk().copied().unwrap_or_default()
    }
}
