//! See `emvident_fuzz::trace::run`.
#![no_main]

use emvident_fuzz::trace::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| run(input));
