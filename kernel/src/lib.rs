//! EMV bytes and their meaning.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;
