//! See `emvident_fuzz::explain::run`.
#![no_main]

use emvident_fuzz::explain::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| run(input));
