//! Why a command could not do its work, and the exit status that tells.

use std::{fmt, process::ExitCode};

/// A command's end other than doing its work.
#[derive(Debug)]
pub enum Failure {
    /// Wrong usage or configuration.
    Usage(String),
    /// The card answered and did not let the command do its work.
    NotCompleted(String),
    /// A reader or card that does not answer.
    Reader(String),
    /// Whoever reads the output went away.
    NobodyListens,
}

impl Failure {
    /// Wrong usage or configuration, from anything that can say what is wrong.
    pub fn usage(problem: impl fmt::Display) -> Self {
        Self::Usage(problem.to_string())
    }

    /// The exit status.
    pub fn status(&self) -> ExitCode {
        match self {
            Self::NobodyListens => ExitCode::SUCCESS,
            Self::NotCompleted(_) => ExitCode::from(2),
            Self::Usage(_) => ExitCode::from(3),
            Self::Reader(_) => ExitCode::from(4),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(problem) | Self::NotCompleted(problem) | Self::Reader(problem) => f.write_str(problem),
            Self::NobodyListens => Ok(()),
        }
    }
}
