//! `emvident man`: man pages from the definition of the command line.

use std::{fs, path::Path};

use clap::CommandFactory;

use crate::{arguments::Arguments, console::say, failure::Failure};

/// Writes one page for the program and one for each sub-command into `folder`.
pub fn run(folder: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::usage(format!("{}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Arguments::command(), folder).map_err(failed)?;
    say(&format!("Man pages are in {}.", folder.display()));
    Ok(())
}
