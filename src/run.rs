//! A transaction run and written down, and run again from what was written.

use std::{collections::BTreeMap, hint::black_box};

use apdu::Card;
use kernel::{Outcome, PointOfSale, Terminal, Transaction, transact};
use readers::{
    Recording, Tape, Transcript,
    replay::Difference,
    transcript::{Configuration, Header},
    wait,
};
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use crate::{
    recorded::{self, Recorded, Replayed},
    scenario::{Purchase, Table},
    setup::{SetupError, TerminalSource},
};

/// Header key: whether the software cards' CA keys were given to the terminal, and what was done to them.
const CARD_KEYS: &str = "card-keys";

/// A transaction and what is written of it.
#[derive(Debug)]
pub struct Run {
    /// How it ended, and why.
    pub outcome: Outcome,
    /// What happened.
    pub transcript: Transcript,
    /// The terminal it ran on.
    pub terminal: Terminal,
    /// What it was about.
    pub transaction: Transaction,
}

/// Runs a transaction and writes it down. Blocks while card and people block.
pub fn record<C: Card, P: PointOfSale>(
    card: C,
    point_of_sale: P,
    terminal: Terminal,
    transaction: Transaction,
    header: Header,
) -> Run {
    let recording = Recording::new(header);
    let mut card = recording.card(card);
    let mut point_of_sale = Recorded::new(point_of_sale, recording.clone());
    let below = Below(&recording);
    let outcome = wait(transact(&mut card, &mut point_of_sale, &terminal, &transaction));
    drop(below);
    let transcript = recording.transcript();
    Run { outcome, transcript, terminal, transaction }
}

/// The stack below a transaction: where a PIN was entered, it is overwritten when the transaction is over, whether it ended or
/// panicked.
struct Below<'a>(&'a Recording);

impl Drop for Below<'_> {
    fn drop(&mut self) {
        if self.0.transcript().lines.iter().any(recorded::is_entered_pin) {
            overwrite_stack();
        }
    }
}

/// How deep below its caller a transaction may have been.
const DEPTH: usize = 256 << 10;

/// Overwrites what calls that have ended left below on the stack: a PIN that was moved was copied there, and only the last
/// copy wipes itself.
#[inline(never)]
fn overwrite_stack() {
    let mut below = [0xFF_u8; DEPTH];
    below.zeroize();
    black_box(&mut below);
}

impl Table {
    /// Runs the transaction on this table and writes it down.
    pub fn run(self, purchase: &Purchase) -> Run {
        let header = header(&self.source, purchase);
        record(self.card, self.point_of_sale, self.terminal, self.transaction, header)
    }
}

/// What a transcript says at its start, so that it can be run again with nothing else.
pub fn header(source: &TerminalSource, purchase: &Purchase) -> Header {
    let mut parameters = purchase.parameters();
    parameters.insert(CARD_KEYS.to_owned(), source.describe_card_keys());
    let configuration = Configuration {
        name: source.name.clone(),
        hash: hex::encode(Sha256::digest(&source.text)),
        text: Some(source.text.clone()),
    };
    Header { configuration: Some(configuration), parameters, ..Header::default() }
}

/// A transaction run again.
#[derive(Debug)]
pub struct Replay {
    /// The run.
    pub run: Run,
    /// Where it left the transcript, if it did.
    pub difference: Option<Difference>,
    /// Whether it used all of the transcript.
    pub complete: bool,
}

/// Runs a transcript again.
///
/// # Errors
/// [`SetupError`] when the transcript does not say enough to begin, or says it wrong.
pub fn replay(transcript: &Transcript) -> Result<Replay, SetupError> {
    let source = recorded_source(&transcript.header)?;
    replay_with(transcript, &source)
}

/// Runs a transcript again with another terminal.
///
/// # Errors
/// [`SetupError`] when the transcript's transaction or `source` is wrong.
pub fn replay_with(transcript: &Transcript, source: &TerminalSource) -> Result<Replay, SetupError> {
    let terminal = source.terminal()?;
    let purchase = Purchase::from_parameters(&transcript.header.parameters)?;
    let transaction = purchase.resolve()?;
    let tape = Tape::new(transcript.clone());
    let point_of_sale = Replayed::new(tape.clone());
    let run = record(tape.card(), point_of_sale, terminal, transaction, header(source, &purchase));
    Ok(Replay { run, difference: tape.difference(), complete: tape.is_at_end() })
}

/// The terminal a transcript was made with.
///
/// # Errors
/// [`SetupError`] when the transcript holds none.
pub fn recorded_source(header: &Header) -> Result<TerminalSource, SetupError> {
    let configuration = header.configuration.as_ref();
    let named = configuration.and_then(|known| Some((known.name.clone(), known.text.clone()?)));
    let (name, text) =
        named.ok_or_else(|| SetupError::value("terminal", "", "a transcript with its terminal, or --terminal"))?;
    let source = TerminalSource { name, text, card_keys: false, key_changes: Vec::new() };
    source.with_card_keys(keys_parameter(&header.parameters))
}

fn keys_parameter(parameters: &BTreeMap<String, String>) -> &str {
    parameters.get(CARD_KEYS).map_or("no", String::as_str)
}
