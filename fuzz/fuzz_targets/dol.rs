//! See `emvident_fuzz::dol::run`.
#![no_main]

use emvident_fuzz::dol::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| run(input));
