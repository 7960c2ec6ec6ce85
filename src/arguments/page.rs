//! The report as a page for a browser.

use clap::Args;

use super::{Command, OUTPUT};

/// A report for a browser.
#[derive(Args, Debug)]
pub struct Page {
    /// One HTML file for a browser instead of text: both languages, every exchange with its bytes, no network
    #[arg(long, conflicts_with = "json", help_heading = OUTPUT)]
    pub html: bool,
}

impl Command {
    /// Whether a page for a browser is asked for.
    pub fn html(&self) -> bool {
        match self {
            Self::Pay(pay) | Self::Tap(pay) => pay.page.html,
            Self::Replay(replay) => replay.page.html,
            Self::Explain(explain) => explain.page.html,
            _ => false,
        }
    }
}
