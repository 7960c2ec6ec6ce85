//! Whole cards, seen from a terminal of a few lines that shares no code with them but commands and TLV.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod alterations;
mod authentication;
mod commands;
mod hostile;
mod issuer;
mod terminal;
