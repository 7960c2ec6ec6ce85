//! See `emvident_fuzz::configuration::run`.
#![no_main]

use emvident_fuzz::configuration::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| run(input));
