//! `emvident completions`: shell completions from the definition of the command line.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{arguments::Arguments, console::Console, failure::Failure};

/// Prints the completions for `shell`.
pub fn run(shell: Shell, console: &Console) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "emvident", &mut script);
    console.print(&String::from_utf8_lossy(&script))
}
