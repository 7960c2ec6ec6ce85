//! The examples run to their end.

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
