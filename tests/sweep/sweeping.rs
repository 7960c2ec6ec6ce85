//! The soundness sweep: transactions changed in every place, one change at a time, and what has to hold for each
//! (`docs/security.md`, Soundness).

pub mod allowed;
pub mod baseline;
pub mod crew;
pub mod engine;
pub mod feeds;
pub mod labels;
pub mod mutant;
pub mod properties;
pub mod recording;
pub mod silent;
pub mod tree;
pub mod verdict;
