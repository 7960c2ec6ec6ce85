//! Contactless cards for kernel 2.

use super::Entry;

/// The cards.
pub(super) const CARDS: &[Entry] = &[];
