//! See `emvident_fuzz::stepper::run`.
#![no_main]

use emvident_fuzz::stepper::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| run(input));
