//! See `emvident_fuzz::transaction::c7`.
#![no_main]

use emvident_fuzz::transaction::c7;
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static MEMORY: emvident_fuzz::memory::Counting = emvident_fuzz::memory::Counting;

fuzz_target!(|input: &[u8]| c7(input));
