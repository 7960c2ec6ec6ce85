//! The EMV Level 2 kernel: it opens nothing, reads no clock, and can always say why.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

pub mod finding;
pub mod store;

pub use finding::{Finding, Phase, Reason};
