//! Commands about recordings of other terminals.

use std::{num::NonZeroUsize, path::PathBuf};

use clap::{Args, ValueEnum};
use emvident::{apdu::value::date::Date, readers::trace::Format};

use super::Page;

/// Explain a recording.
#[derive(Args, Debug)]
pub struct Explain {
    /// The recording; - for standard input
    pub file: PathBuf,
    /// How it is written; found out without it
    #[arg(long, value_name = "NAME", value_parser = crate::command::explain::format)]
    pub format: Option<Format>,
    /// The terminal to compare with (TOML): its action codes and keys
    #[arg(long, value_name = "FILE")]
    pub terminal: Option<PathBuf>,
    /// What the terminal showed or the merchant was told, in any words: a host code, a prompt
    #[arg(long, value_name = "WORDS")]
    pub said: Option<String>,
    /// Words of your own acquirer (TOML, as data/merchant-words.toml), looked up before the built-in ones
    #[arg(long, value_name = "FILE", requires = "said")]
    pub words: Option<PathBuf>,
    /// The date, YYYY-MM-DD, of a recording that has none
    #[arg(long, value_name = "DATE", value_parser = crate::command::explain::date)]
    pub date: Option<Date>,
    #[command(flatten)]
    pub page: Page,
}

/// Make a recording fit to be shown.
#[derive(Args, Debug)]
pub struct Export {
    /// The recording; - for standard input
    pub file: PathBuf,
    /// Where the export goes, readable by nobody else; standard output without it
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How it is written; found out without it
    #[arg(long, value_name = "NAME", value_parser = crate::command::explain::format)]
    pub format: Option<Format>,
    /// The terminal to compare with (TOML), for a recording that brings none
    #[arg(long, value_name = "FILE")]
    pub terminal: Option<PathBuf>,
    /// Leave the first six digits of card numbers as they are
    #[arg(long)]
    pub keep_bin: bool,
    /// Take nothing away but PINs: whoever reads the file can take what he likes from the card's account
    #[arg(long, requires = "i_own_this_card", conflicts_with = "keep_bin")]
    pub unsafe_raw: bool,
    /// The card is mine and I answer for what is in the file
    #[arg(long, requires = "unsafe_raw")]
    pub i_own_this_card: bool,
}

/// Explain many recordings.
#[derive(Args, Debug)]
pub struct Batch {
    /// Folders, files, files of JSON lines (.ndjson, .jsonl); - for JSON lines on standard input
    #[arg(required = true, value_name = "DIR|FILE|-")]
    pub inputs: Vec<PathBuf>,
    /// The summary on standard error: text, json or none
    #[arg(long, value_enum, hide_possible_values = true, value_name = "FORM")]
    pub summary: Option<SummaryForm>,
    /// How many at the same time; as many as there are processors without it
    #[arg(long, short, value_name = "NUMBER")]
    pub jobs: Option<NonZeroUsize>,
    /// How files are written; found out without it
    #[arg(long, value_name = "NAME", value_parser = crate::command::explain::format)]
    pub format: Option<Format>,
    /// The terminal to compare with (TOML): its action codes and keys
    #[arg(long, value_name = "FILE")]
    pub terminal: Option<PathBuf>,
    /// The date, YYYY-MM-DD, of recordings that have none
    #[arg(long, value_name = "DATE", value_parser = crate::command::explain::date)]
    pub date: Option<Date>,
    /// All traces are of one terminal, where they do not say otherwise: are its unpredictable numbers predictable?
    #[arg(long)]
    pub one_terminal: bool,
    /// Do not search for what would have made failed checks pass
    #[arg(long)]
    pub quick: bool,
    /// Traces that cannot be read do not change the exit status
    #[arg(long)]
    pub accept_unreadable: bool,
    /// Remember no RSA operations; slower, and nothing else
    #[arg(long)]
    pub no_cache: bool,
}

/// Compare two recordings.
#[derive(Args, Debug)]
pub struct Diff {
    /// A recording
    pub a: PathBuf,
    /// Another one
    pub b: PathBuf,
    /// The terminal to compare with (TOML): its action codes and keys
    #[arg(long, value_name = "FILE")]
    pub terminal: Option<PathBuf>,
}

/// The form of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SummaryForm {
    /// For people
    Text,
    /// For programs
    Json,
    /// Not at all
    None,
}
