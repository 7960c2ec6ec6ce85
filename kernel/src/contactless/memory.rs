//! What a reader remembers between taps.

/// What a reader remembers between taps: transactions that were torn, and what to do about them.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Memory {}
