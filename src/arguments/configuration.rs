//! What a terminal is configured with.

use std::path::PathBuf;

use clap::Args;

/// List and check CA keys.
#[derive(Args, Debug)]
pub struct Keys {
    /// Key file (TOML); the built-in keys without it
    pub file: Option<PathBuf>,
    /// Only keys of this RID
    #[arg(long, value_name = "RID")]
    pub rid: Option<String>,
    /// Also the published test keys
    #[arg(long)]
    pub test_keys: bool,
}

/// Look for what is likely not meant.
#[derive(Args, Debug)]
pub struct Lint {
    /// Terminal configurations (TOML)
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}
