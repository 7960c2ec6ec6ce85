//! `emvident scenario`: scenario files.

use emvident::scenario::Scenario;

use super::present;
use crate::{arguments, console::Console, failure::Failure};

/// Runs each file and reports it under its title.
pub fn run(arguments: &arguments::Scenario, console: &Console) -> Result<(), Failure> {
    for path in &arguments.files {
        let scenario = Scenario::from_file(path).map_err(Failure::usage)?;
        let run = scenario.lay().map_err(Failure::usage)?.run(&scenario.transaction);
        if !console.json {
            console.print(&format!("{}\n\n", scenario.title))?;
        }
        console.print(&present::run(&run, console))?;
    }
    Ok(())
}
