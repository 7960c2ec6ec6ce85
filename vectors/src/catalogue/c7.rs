//! Contactless cards for kernel 7.

use super::Entry;

/// The cards.
pub(super) const CARDS: &[Entry] = &[];
