//! `emvident tap`: one contactless transaction, and why it ended as it did.

use std::process::ExitCode;

use emvident::kernel::Interface;

use super::pay;
use crate::{arguments::Pay, console::Console, failure::Failure};

/// Runs the transaction through the air, reports, and answers with the exit status of its end.
pub fn run(arguments: &Pay, console: &Console) -> Result<ExitCode, Failure> {
    pay::run_through(Interface::Contactless, arguments, console)
}
