//! An EMV Level 2 kernel that can always say why: the crates under one name, and what needs several of them.
//!
//! The kernel itself is [`kernel::contact::purchase`]; `examples/` shows its three ways in.
#![forbid(unsafe_code)]

pub use apdu;
pub use kernel;
pub use readers;
pub use vectors;

pub mod batch;
pub mod conformance;
pub mod decode;
pub mod diff;
pub mod display;
pub mod inspect;
pub mod lint;
pub mod merchant;
pub mod explain;
pub mod export;
pub mod fault;
pub mod recorded;
pub mod report;
pub mod run;
pub mod scenario;
pub mod scripted;
pub mod setup;
pub mod stripe;
pub mod text;
