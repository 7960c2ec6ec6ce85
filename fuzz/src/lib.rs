//! What every fuzz target does with an input, as plain functions: libFuzzer calls them through `fuzz_targets/`, and
//! `tests/fuzzed.rs` calls them with the saved inputs of `seeds/` on every test run.

pub mod atr;
pub mod boundary;
pub mod configuration;
pub mod dol;
pub mod explain;
pub mod hostile;
pub mod input;
pub mod memory;
pub mod stage;
pub mod stepper;
pub mod tlv;
pub mod trace;
pub mod transaction;
pub mod unruly;

/// A target: its name and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 11] = [
    ("tlv", tlv::run),
    ("dol", dol::run),
    ("atr", atr::run),
    ("trace", trace::run),
    ("configuration", configuration::run),
    ("contact", transaction::contact),
    ("c2", transaction::c2),
    ("c3", transaction::c3),
    ("c7", transaction::c7),
    ("stepper", stepper::run),
    ("explain", explain::run),
];
