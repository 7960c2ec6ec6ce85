//! What a magnetic stripe says, and whether a terminal must refuse it.
//!
//! [`Track::read`] takes what a stripe reader prints, as far as it can be read: a fault keeps its position and nothing is
//! guessed. [`judge`] holds the track against the rules: format and check digits (ISO/IEC 7811-6, 7812-1, 7813), expiry,
//! service code, the chip's own track data, and fall-back after a failed chip (`EMV 4.4 Book 4, 6.6`, scheme rules). The
//! verdict knows the card number masked and the issuer's part of the track not at all.

mod check;
mod circumstances;
mod fallback;
mod fields;
mod finding;
mod frame;
mod json;
mod page;
mod test_number;
mod track;
mod verdict;

pub use circumstances::{Circumstances, Region};
pub use fallback::Opening;
pub use finding::{Evidence, Finding, Value};
pub use frame::{Check, Fault, FaultKind};
pub use json::SCHEMA;
pub use test_number::is_test_number;
pub use track::{Part, Track, TrackOne};
pub use verdict::{Verdict, judge};
