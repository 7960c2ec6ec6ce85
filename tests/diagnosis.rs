//! The right cause is named: recordings of software cards with exactly one thing wrong, and with nothing wrong. `make
//! diagnose-bench` plays as many as one likes; here each fault is played once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

mod diagnosis {
    pub mod benign;
    pub mod fault;
    pub mod good;
    pub mod line;
    pub mod measure;
    pub mod random;
}

use diagnosis::{fault, measure::measure};

#[test]
fn the_root_is_what_was_made_wrong() {
    let measured = measure(3, fault::all().len());
    assert!(measured.misses_no_target(), "{}\n{}", measured.table(), measured.missed.join("\n"));
}
