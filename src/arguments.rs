//! The command line: what can be typed, and its help. The one place that defines it; completions and man pages follow.

mod configuration;
mod decode;
mod page;
mod recording;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use emvident::text::Language;

pub use configuration::{Keys, Lint};
pub use decode::{Decode, Stripe};
pub use page::Page;
pub use recording::{Batch, Diff, Explain, Export, SummaryForm};

/// Heading of the options that every sub-command has.
const OUTPUT: &str = "Output";

/// Run, read and replay EMV chip card transactions, and say why they end as they do.
///
/// Exit status of pay and replay: 0 approved, 1 declined, 2 not completed. Of every command: 3 wrong usage or
/// configuration, 4 a reader or card that does not answer.
#[derive(Debug, Parser)]
#[command(name = "emvident", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Arguments {
    /// Language of reports: en or zh-CN; the environment's without it
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = language, help_heading = OUTPUT)]
    pub lang: Option<Language>,
    /// Data for programs instead of text for people
    #[arg(long, global = true, help_heading = OUTPUT)]
    pub json: bool,
    /// When to use colour: auto, always or never
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN", hide_possible_values = true,
          help_heading = OUTPUT)]
    pub color: Colour,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

fn language(tag: &str) -> Result<Language, String> {
    Language::from_tag(tag).ok_or_else(|| "en or zh-CN needed".to_owned())
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the PC/SC readers and what is in them
    #[command(after_help = "Examples:\n  emvident readers\n  emvident readers --json")]
    Readers,
    /// List the software cards
    #[command(after_help = ALTERATIONS)]
    Cards,
    /// List what the contactless reader tests ask of Entry Point, and what shows that it holds here
    #[command(after_help = "Examples:\n  emvident conformance\n  emvident conformance --json")]
    Conformance,
    /// Read a card with SELECT, GET PROCESSING OPTIONS, READ RECORD and GET DATA alone
    ///
    /// Nothing on the card is changed, but many cards count a GET PROCESSING OPTIONS as a transaction begun.
    #[command(after_help = "Examples:\n  emvident read --reader ACR\n  emvident read --card cda --json")]
    Read(Read),
    /// Pay with a card and say why it ended as it did
    #[command(after_help = PAY_EXAMPLES)]
    Pay(Box<Pay>),
    /// Pay with a contactless card or phone and say why it ended as it did: `pay --contactless`
    #[command(after_help = TAP_EXAMPLES)]
    Tap(Box<Pay>),
    /// Run a recorded transaction again and explain it
    #[command(after_help = "Examples:\n  emvident replay purchase.txt\n  emvident replay purchase.txt --lang zh-CN")]
    Replay(Replay),
    /// Explain a recording of any terminal: whose fault, which bytes, what would have made it pass
    ///
    /// Reads our own recordings, corpus JSON, pasted APDU logs, pcscd --apdu, opensc-tool, scriptor, Proxmark3, cardpeek
    /// and GSMTAP captures.
    #[command(
        after_help = "Examples:\n  emvident explain declined.txt\n  emvident explain - --lang zh-CN < pcscd.log\n  emvident explain declined.txt --html > declined.html\n  emvident explain trace.txt --said \"交易卡认证失败\"\n  emvident explain \
                      trace.pcap --format capture --json"
    )]
    Explain(Explain),
    /// Make a recording fit to be shown to others: nothing in it names a card, its holder or a place
    ///
    /// Card numbers become test numbers, dates move, certificates are signed anew with test keys: the export explains the
    /// same as the original. A manifest on standard error says what was taken away and what is left.
    #[command(
        after_help = "Examples:\n  emvident export declined.txt > for-support.txt\n  emvident export declined.txt --output for-support.txt\n  \
                      emvident explain for-support.txt"
    )]
    Export(Export),
    /// Explain many recordings: one line of JSON for each, a summary by root cause at the end
    ///
    /// Lines go to standard output in the order of the input, the summary to standard error. Exit status: 0 all traces were
    /// read, 1 some could not be.
    #[command(after_help = BATCH_EXAMPLES)]
    Batch(Batch),
    /// Compare two recordings: the first byte and the first decision that differ, and what explains them
    ///
    /// Exit status: 0 both went the same way, 1 a decision differs.
    #[command(
        after_help = "Examples:\n  emvident diff good.txt bad.txt\n  emvident diff shop-a.json shop-b.json --lang zh-CN\n  \
                      emvident diff good.txt bad.txt --json"
    )]
    Diff(Diff),
    /// Say what bytes mean: data objects, commands, answers to reset, bit strings, certificates
    ///
    /// Account numbers are masked, other account data, tracks and PINs not shown.
    #[command(after_help = crate::command::decode::help())]
    Decode(Decode),
    /// Judge a magnetic stripe: what track 2 says, and whether a terminal must refuse it
    ///
    /// Track 2 comes from standard input, as a stripe reader prints it. Exit status: 0 nothing against it, 1 it must be
    /// refused.
    #[command(after_help = STRIPE_EXAMPLES)]
    Stripe(Stripe),
    /// Present a software card to other programs as a card in a virtual PC/SC reader (vpcd)
    #[command(
        after_help = "Examples:\n  emvident serve cda\n  emvident serve sda --port 35964 --alter \"answer gpo sw 6985\""
    )]
    Serve(Serve),
    /// List and check certification authority public keys
    #[command(
        after_help = "Examples:\n  emvident keys\n  emvident keys my-keys.toml\n  emvident keys --rid A000000333"
    )]
    Keys(Keys),
    /// Look for what is likely not meant in terminal configurations, before any card is touched
    ///
    /// Exit status: 0 there is nothing, 1 there is a doubt, 3 a file is wrong.
    #[command(after_help = "Examples:\n  emvident lint terminals/retail.toml\n  emvident lint shop.toml --lang zh-CN")]
    Lint(Lint),
    /// Run scenario files: software card, terminal, people and host in one TOML file
    #[command(after_help = "Examples:\n  emvident scenario vectors/scenarios/cda-online-approved.toml")]
    Scenario(Scenario),
    /// List the corpus of attacks and faults, and run it: under both policies, and with nothing done
    ///
    /// Exit status: 0 all end as they must, 2 some do not.
    #[command(
        after_help = "Examples:\n  emvident scenarios\n  emvident scenarios ATK-05 --lang zh-CN\n  emvident scenarios --json"
    )]
    Scenarios(Scenarios),
    /// Print shell completions
    #[command(
        after_help = "Examples:\n  emvident completions bash > ~/.local/share/bash-completion/completions/emvident"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write man pages into a folder
    #[command(after_help = "Examples:\n  emvident man ~/.local/share/man/man1")]
    Man {
        /// The folder
        folder: PathBuf,
    },
}

const BATCH_EXAMPLES: &str = r#"What a line of input is (FILE.ndjson, FILE.jsonl and standard input):
  {"name": "…", "exchanges": [{"c": "00A4…", "r": "6F…9000"}]}
  {"name": "…", "trace": "text of any trace", "terminal": "which terminal, if known"}

Examples:
  emvident batch traces/ > lines.ndjson
  emvident batch - --summary json < traces.ndjson > lines.ndjson
  find traces -type f -print0 | xargs -0 -n 1000 -P 8 emvident batch --jobs 1 --summary none
  parallel --pipe --block 50M emvident batch - --jobs 1 < traces.ndjson"#;

const STRIPE_EXAMPLES: &str = "\
Examples:
  emvident stripe                                   (then swipe; what is read is not shown)
  emvident stripe --country CN < track.txt
  emvident stripe --after card-no-atr --country 250 < track.txt
  emvident stripe --chip-57 - < track-and-tag-57.txt
  emvident stripe --json < track.txt";

const PAY_EXAMPLES: &str = "\
Examples:
  emvident pay --card cda --amount 42.50
  emvident pay --card cda --pin-entry wrong,right
  emvident pay --card sda --alter \"flip 5F24@0=01\" --host \"decline 51\"
  emvident pay --reader ACR --amount 1.00 --currency 156 --record purchase.txt";

const TAP_EXAMPLES: &str = "\
Examples:
  emvident tap --card c3-offline --amount 9.00
  emvident tap --card c2 --field several,one
  emvident tap --card c3-locked-phone --lang zh-CN
  emvident tap --reader ACR122 --amount 1.00 --record tap.txt";

const ALTERATIONS: &str = "\
What --alter of pay, read and serve makes wrong on a software card (TAG and HEX in hexadecimal):
  set TAG=HEX, remove TAG, duplicate TAG   in the record that holds TAG, after signing
  flip TAG@OFFSET=HEX                      the same, some bits of the value
  record SFI.NUMBER EDIT                   one record: as above, or drop, truncate N, append HEX
  sign OBJECT FIELD=HEX                    before signing: issuer, icc, pin, static, dynamic,
                                           first or second, and a field such as expiry or hash
  aip HEX, afl HEX                         what GET PROCESSING OPTIONS announces
  force first|second aac|arqc|tc           which cryptogram the card makes
  answer WHICH sw HEX                      the answer to select, gpo, read, verify, gac:2, ...
  answer WHICH fault NAME                  no answer: removed, timeout, transmission, ...

Examples:
  emvident cards
  emvident pay --card cda --alter \"flip 5F24@0=01\"
  emvident pay --card dda --alter \"answer gac:2 fault removed\"";

/// Which card.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct WhichCard {
    /// A software card (`emvident cards` lists them)
    #[arg(long, value_name = "NAME")]
    pub card: Option<String>,
    /// The reader whose name contains PART
    #[arg(long, value_name = "PART")]
    pub reader: Option<String>,
}

/// Which terminal.
#[derive(Args, Debug)]
pub struct WhichTerminal {
    /// Terminal configuration (TOML); a built-in one for tests without it
    #[arg(long, value_name = "FILE")]
    pub terminal: Option<PathBuf>,
    /// Do not give the terminal the CA keys of the software cards
    #[arg(long)]
    pub without_card_keys: bool,
}

/// Read a card without changing it.
#[derive(Args, Debug)]
pub struct Read {
    #[command(flatten)]
    pub which: WhichCard,
    #[command(flatten)]
    pub terminal: WhichTerminal,
    #[command(flatten)]
    pub altered: Altered,
}

/// What is different about a software card.
#[derive(Args, Debug)]
pub struct Altered {
    /// Make something wrong on the software card (`emvident cards --help` says how); may be repeated
    #[arg(long = "alter", value_name = "ALTERATION", requires = "card")]
    pub alterations: Vec<String>,
}

/// Pay with a card.
#[derive(Args, Debug)]
pub struct Pay {
    #[command(flatten)]
    pub which: WhichCard,
    /// Amount, cashback included, in units of the currency
    #[arg(long, default_value = "10.00", value_name = "AMOUNT")]
    pub amount: String,
    /// Cashback in it
    #[arg(long, default_value = "0", value_name = "AMOUNT")]
    pub cashback: String,
    /// Currency, ISO 4217 letters or number; the terminal's without it
    #[arg(long, value_name = "CURRENCY")]
    pub currency: Option<String>,
    /// Transaction type
    #[arg(long = "type", default_value = "purchase", value_name = "TYPE",
          value_parser = ["purchase", "purchase-with-cashback", "cash", "manual-cash", "refund", "inquiry"])]
    pub kind: String,
    /// Transaction date; today without it
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    /// Transaction time; now without it
    #[arg(long, value_name = "HH:MM:SS")]
    pub time: Option<String>,
    /// The merchant wants this one to go online
    #[arg(long)]
    pub force_online: bool,
    #[command(flatten)]
    pub terminal: WhichTerminal,
    #[command(flatten)]
    pub altered: Altered,
    /// Through the air, not through the contacts
    #[arg(long)]
    pub contactless: bool,
    /// What a contactless reader finds before the software card is alone in its field, one look after the other: several,
    /// none or one
    #[arg(long, value_delimiter = ',', requires = "card", value_name = "SEEN")]
    pub field: Vec<String>,
    /// How the issuer host behaves: approve, "decline 51", silent, referral, wrong-arpc, "script put-data", ...
    #[arg(long, default_value = "approve", value_name = "BEHAVIOUR")]
    pub host: String,
    /// What happens at PIN entry with a software card, one entry after the other: right, wrong, bypass, cancel, timeout
    /// or broken
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_delimiter = ',',
        default_value = "right",
        value_name = "ENTRY"
    )]
    pub pin_entry: Vec<PinEntry>,
    /// Keep the recording in FILE (made for its owner alone; holds card data)
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    #[command(flatten)]
    pub page: Page,
    /// Do not ask before commands that change a real card
    #[arg(long)]
    pub yes: bool,
}

/// What happens at PIN entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PinEntry {
    /// The card's PIN
    Right,
    /// Another PIN
    Wrong,
    /// PIN entry is skipped
    Bypass,
    /// The cardholder cancels
    Cancel,
    /// Nobody types
    Timeout,
    /// The PIN pad does not work
    Broken,
}

/// Replay a recording.
#[derive(Args, Debug)]
pub struct Replay {
    /// The recording
    pub file: PathBuf,
    /// Terminal configuration (TOML) in place of the recording's
    #[arg(long, value_name = "FILE")]
    pub terminal: Option<PathBuf>,
    /// Take the CA keys of the software cards from the terminal
    #[arg(long)]
    pub without_card_keys: bool,
    #[command(flatten)]
    pub page: Page,
}

/// Serve a software card.
#[derive(Args, Debug)]
pub struct Serve {
    /// The software card
    pub card: String,
    /// Where the virtual reader listens
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    pub host: String,
    /// Its port
    #[arg(long, default_value_t = 35963, value_name = "PORT")]
    pub port: u16,
    /// Make something wrong on the card (`emvident cards --help` says how); may be repeated
    #[arg(long = "alter", value_name = "ALTERATION")]
    pub alterations: Vec<String>,
}

/// Run the corpus of attacks and faults.
#[derive(Debug, Args)]
pub struct Scenarios {
    /// Ids to run and report at length, such as ATK-05; without one, all in a line each
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
}

/// Run scenario files.
#[derive(Args, Debug)]
pub struct Scenario {
    /// Scenario files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}
