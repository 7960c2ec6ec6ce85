//! The examples run to their end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

#[path = "../examples/asynchronous.rs"]
mod asynchronous;
#[path = "../examples/blocking.rs"]
mod blocking;
#[path = "../examples/stepped.rs"]
mod stepped;

#[test]
fn the_three_ways_in_end_well() {
    blocking::main().unwrap();
    asynchronous::main().unwrap();
    stepped::main().unwrap();
}
