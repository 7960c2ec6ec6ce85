//! What would have made a failed check pass, found on software cards: one card and one failure for each kind of change.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod ca_keys;
mod certificates;
mod dates_and_lengths;
mod hostile;
mod signatures;
mod static_data;
mod transaction;
