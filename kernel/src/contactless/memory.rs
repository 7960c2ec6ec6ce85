//! What a reader remembers between taps.

use super::c7::interrupted::Interrupted;

/// What a reader remembers between taps: transactions that were torn, and what to do about them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Memory {
    /// Kernel 2: transactions that were torn at the cryptogram.
    pub torn: super::c2::torn::Log,
    /// Kernel 2: how many checksums of mag-stripe mode failed one after the other.
    pub checksum_failures: u8,
    /// Kernel 7: an offline payment whose last record did not arrive.
    pub interrupted: Option<Interrupted>,
}
