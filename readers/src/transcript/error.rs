//! Why a transcript could not be read.

/// What does not belong in a transcript, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: expected {expected}, found {found}")]
pub struct Error {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// What would have been right.
    pub expected: &'static str,
    /// The start of what is there.
    pub found: String,
}
