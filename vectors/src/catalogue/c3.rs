//! Contactless cards for kernel 3.

use super::Entry;

/// The cards.
pub(super) const CARDS: &[Entry] = &[];
