//! What one transaction may take of a terminal's time.

use core::time::Duration;

/// The most time a card may take for all its answers in one transaction, as the reader measures it. People and hosts are
/// not in it: a cardholder may look for the PIN, an issuer may think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A card with contacts.
    pub contact: Duration,
    /// A contactless card, over all its taps.
    pub contactless: Duration,
}

impl Limits {
    /// No bound: a recording is read whatever its card took.
    pub const NONE: Self = Self { contact: Duration::MAX, contactless: Duration::MAX };
}

impl Default for Limits {
    /// The slowest honest card has about a hundred exchanges at 9,600 baud and a handful of RSA operations, half a minute
    /// in all: twice that is 60 seconds. A tap is to be over in half a second; 15 seconds are enough for a reader's sixteen
    /// activations and an issuer's scripts, and nobody holds a card there longer.
    fn default() -> Self {
        Self { contact: Duration::from_secs(60), contactless: Duration::from_secs(15) }
    }
}
