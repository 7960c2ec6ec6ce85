//! The leak harness: nothing that must stay private comes out anywhere, however it is spelled; and the harness finds what it
//! is to find.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

#[path = "private/canary.rs"]
mod canary;
#[path = "private/commands.rs"]
mod commands;
#[path = "private/export.rs"]
mod export;
#[path = "private/injection.rs"]
mod injection;
#[cfg(target_os = "linux")]
#[path = "private/memory.rs"]
mod memory;
#[path = "private/mutants.rs"]
mod mutants;
#[path = "private/repository.rs"]
mod repository;
#[path = "private/seeded.rs"]
mod seeded;
#[path = "private/session.rs"]
mod session;
