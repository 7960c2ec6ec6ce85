//! Commands about bytes.

use std::path::PathBuf;

use clap::Args;
use emvident::{
    apdu::{dictionary::Context, value::date::Date},
    decode::Kind,
    kernel::Reason,
    stripe::Region,
};

/// Say what bytes mean.
#[derive(Args, Debug)]
pub struct Decode {
    /// What to read the input as: a tag, or one of the names below; what it looks like without it
    #[arg(long = "as", value_name = "KIND", value_parser = crate::command::decode::kind)]
    pub kind: Option<Kind>,
    /// Whose tags: emv, visa, mastercard, unionpay, amex, jcb, discover, kernel8 or download
    #[arg(long, value_name = "CONTEXT", value_parser = crate::command::decode::context)]
    pub context: Option<Context>,
    /// The AID, or the RID it starts with: whose tags, and whose CA keys open certificates
    #[arg(long, visible_alias = "rid", value_name = "AID", value_parser = crate::command::decode::aid)]
    pub aid: Option<crate::command::decode::Aid>,
    /// CA key index, where 8F is not in the input
    #[arg(long, value_name = "INDEX", value_parser = crate::command::decode::byte)]
    pub ca_index: Option<u8>,
    /// CA keys (TOML); all built-in keys without it, test keys too
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// The instruction byte that a response or status word answers
    #[arg(long = "ins", value_name = "INS", value_parser = crate::command::decode::byte)]
    pub instruction: Option<u8>,
    /// Hexadecimal digits, a file of them or of bytes, or - for standard input
    #[arg(required = true, value_name = "HEX|FILE|-")]
    pub input: Vec<String>,
}

/// Judge a magnetic stripe.
#[derive(Args, Debug)]
pub struct Stripe {
    /// Track 2 as a stripe reader prints it, of a test card; `-` or nothing for standard input. The track of a real card
    /// does not belong here: the shell's history keeps it, and other users can see it
    pub track: Option<String>,
    /// The day to judge expiry by; today without it
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = crate::command::explain::date)]
    pub date: Option<Date>,
    /// Why the chip failed before, a reason id such as card-no-atr: fall-back
    #[arg(long, value_name = "REASON", value_parser = crate::command::stripe::reason)]
    pub after: Option<Reason>,
    /// Where the terminal is: ISO 3166 number or letters
    #[arg(long, value_name = "COUNTRY", value_parser = crate::command::stripe::country)]
    pub country: Option<Region>,
    /// Nobody attends the terminal
    #[arg(long)]
    pub unattended: bool,
    /// Cash is wanted, not goods
    #[arg(long)]
    pub cash: bool,
    /// Track 2 equivalent data of the chip (tag 57) to compare with; `-` for the last line of standard input
    #[arg(long = "chip-57", value_name = "HEX")]
    pub chip_57: Option<String>,
}
