//! See `emvident_fuzz::tlv::run`.
#![no_main]

use emvident_fuzz::tlv::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| run(input));
