//! See `emvident_fuzz::atr::run`.
#![no_main]

use emvident_fuzz::atr::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| run(input));
