//! A recording made fit to be shown to others: what names a card, its holder or a place is replaced, and what the recording
//! explains stays as it was.
//!
//! Card numbers become test numbers, dates move by whole months, and the certificate chain is signed anew with test keys:
//! so checks pass and fail as they did, with findings and outcome the same. The result is a transcript with its terminal,
//! keys included, which explains the same wherever it is opened. [`Manifest`] says what was taken away and what is left.

mod block;
mod calendar;
mod chain;
mod commands;
mod dynamic;
mod facts;
mod header;
mod keys;
mod lines;
mod manifest;
mod rules;
mod surrogate;
mod talk;
mod variants;
mod verdict;
mod walk;

use apdu::{
    tag,
    value::{Pan, Track2, date::Date},
};
use kernel::Terminal;
use readers::{
    Transcript,
    trace::{self, Format, Trace},
};

pub(crate) use header::known_keys;
pub use manifest::{Kind, Manifest, SCHEMA};

use crate::{
    explain::{ExplainError, Explainer},
    setup::{SetupError, TerminalSource},
    text::{File, Text},
};
use calendar::Calendar;
use chain::NewAuthority;
use facts::Facts;
use header::Setup;
use rules::Rules;
use surrogate::Surrogates;
use talk::Talk;
use walk::{Part, look};

/// What an export may keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The first six digits of card numbers.
    pub keep_bin: bool,
}

/// A recording for others.
#[derive(Clone, Debug)]
pub struct Export {
    /// The recording; `Display` writes it.
    pub transcript: Transcript,
    /// What was taken away, and what is left.
    pub manifest: Manifest,
}

impl Export {
    /// The file: the recording, with the manifest at its top.
    pub fn document(&self, text: &Text) -> String {
        let mut transcript = self.transcript.clone();
        transcript.header.comments = vec![text.say(File::Export, "title")];
        transcript.header.comments.extend(self.manifest.lines(text));
        transcript.to_string()
    }
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The recording cannot be read.
    #[error(transparent)]
    Trace(#[from] trace::Error),
    /// Its terminal is wrong.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// It cannot be explained.
    #[error(transparent)]
    Explain(#[from] ExplainError),
    /// A card number was still in it: this is a mistake of this program, and nothing was written.
    #[error("a card number would have been left in the export; nothing was written")]
    Left,
}

/// A recording with its objects replaced, and what signing it anew takes.
struct Unsigned<'a> {
    trace: &'a Trace,
    source: TerminalSource,
    terminal: Terminal,
    was: &'a [Talk],
    talks: Vec<Talk>,
}

impl Unsigned<'_> {
    /// Takes over the commands that the kernel sends now; whether there are any.
    fn is_sent_otherwise(&mut self, transcript: &Transcript) -> bool {
        let sent = talk::of_transcript(transcript);
        let pairs =
            self.talks.iter_mut().zip(&sent).filter(|(talk, sent)| talk.command != sent.command && !talk.is_secret);
        pairs.map(|(talk, sent)| talk.command.clone_from(&sent.command)).count() > 0
    }
}

/// A recording signed anew.
struct Written {
    transcript: Transcript,
    /// It replays, or is none that could.
    is_settled: bool,
    talks: Vec<Talk>,
    setup: Setup,
}

/// How often what the kernel sends is signed again, until it is what was signed.
const MOST_ROUNDS: usize = 4;

/// What an export is made with.
#[derive(Clone, Debug)]
pub struct Exporter {
    explainer: Explainer,
    options: Options,
}

impl Exporter {
    /// One that knows what `explainer` knows.
    pub fn new(explainer: Explainer, options: Options) -> Self {
        Self { explainer, options }
    }

    /// Makes the recording fit to be shown.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn export(&self, recording: &[u8], format: Option<Format>) -> Result<Export, ExportError> {
        let trace = trace::read(recording, format)?;
        let source = header::source(&trace, &self.explainer)?;
        let terminal = source.terminal()?;
        let was = match lines::replayable(&trace) {
            Some(transcript) => talk::of_transcript(transcript),
            None => talk::of_trace(&trace),
        };
        let mut rules = self.rules(&trace, &terminal, &was);
        let mut talks = was.clone();
        commands::replace(&mut talks, &mut rules);
        let unsigned = Unsigned { trace: &trace, source, terminal, was: &was, talks };
        let (transcript, rules) = self.signed(unsigned, &rules)?;
        self.finish(&trace, transcript, rules)
    }

    /// Signs everything anew and writes it down. What the kernel sends in the place of what was sent is signed in its turn.
    fn signed(&self, mut unsigned: Unsigned<'_>, rules: &Rules) -> Result<(Transcript, Rules), ExportError> {
        for _ in 1..MOST_ROUNDS {
            let (written, own) = self.sign(&unsigned, rules.clone())?;
            if unsigned.is_sent_otherwise(&written.transcript) {
                continue;
            }
            if written.is_settled {
                return Ok((written.transcript, own));
            }
            break;
        }
        let (written, mut own) = self.sign(&unsigned, rules.clone())?;
        let mut plain = || lines::plain(unsigned.trace, &written.talks, &written.setup, &mut own);
        let transcript = if written.is_settled { written.transcript } else { plain() };
        Ok((transcript, own))
    }

    fn sign(&self, unsigned: &Unsigned<'_>, mut rules: Rules) -> Result<(Written, Rules), ExportError> {
        let mut talks = unsigned.talks.clone();
        let authorities = self.resign(&mut talks, unsigned, &mut rules);
        let setup = header::for_others(unsigned.source.clone(), &authorities, &mut rules)?;
        let (transcript, is_settled) = lines::transcript(unsigned.trace, &talks, &setup, &mut rules);
        Ok((Written { transcript, is_settled, talks, setup }, rules))
    }

    /// The recording as it is, but for PINs, with a banner that says so.
    ///
    /// # Errors
    /// [`ExportError`] when it cannot be read.
    pub fn raw(&self, recording: &[u8], format: Option<Format>, text: &Text) -> Result<Transcript, ExportError> {
        let trace = trace::read(recording, format)?;
        let mut transcript = match &trace.transcript {
            Some(own) => own.clone(),
            None => lines::as_it_is(&trace, &talk::of_trace(&trace)),
        };
        let banner = [1, 2, 3].map(|line| text.say(File::Export, &format!("raw-{line}")));
        transcript.header.comments.splice(0..0, banner);
        Ok(transcript)
    }

    fn rules(&self, trace: &Trace, terminal: &Terminal, was: &[Talk]) -> Rules {
        let mut surrogates = Surrogates::new(self.options.keep_bin);
        for range in talk::attempts(was) {
            let attempt = was.get(range).unwrap_or(&[]);
            learn(attempt, &mut surrogates);
            let inside = chain::card_numbers(attempt, (&terminal.keys, self.explainer.known()));
            inside.iter().for_each(|pan| drop(surrogates.of(pan)));
        }
        let calendar = Calendar::anchored(header::today(trace).or_else(|| day(was, self.explainer.today)));
        let mut rules = Rules::new(surrogates, calendar, counted(was));
        rules.manifest.keeps_bin = self.options.keep_bin;
        rules
    }

    fn resign(&self, talks: &mut [Talk], unsigned: &Unsigned<'_>, rules: &mut Rules) -> Vec<NewAuthority> {
        let Unsigned { was, terminal, .. } = unsigned;
        let (mut authorities, mut earlier) = (Vec::new(), Vec::new());
        for range in talk::attempts(was) {
            let sides = (talks.get_mut(range.clone()).unwrap_or(&mut []), was.get(range).unwrap_or(&[]));
            let chain = chain::resign((&mut *sides.0, sides.1), rules, terminal, self.explainer.known());
            dynamic::resign(sides, chain.icc.as_ref(), &mut earlier, rules);
            authorities.extend(chain.authority);
        }
        authorities
    }

    fn finish(&self, trace: &Trace, transcript: Transcript, rules: Rules) -> Result<Export, ExportError> {
        let Rules { mut manifest, surrogates, .. } = rules;
        manifest.differs = verdict::differing(&self.explainer, trace, &transcript)?;
        let text = transcript.to_string();
        if surrogates.originals().any(|pan| verdict::holds(&text, pan)) {
            return Err(ExportError::Left);
        }
        Ok(Export { transcript, manifest })
    }
}

/// Every card number an attempt has in the clear.
fn learn(talks: &[Talk], surrogates: &mut Surrogates) {
    for talk in talks {
        look(talk.answer(), &mut |part, value| {
            let pan = match part {
                Part::Object(tag::PAN_5A) => Pan::from_compressed(value).ok(),
                Part::Object(tag::TRACK_2_EQUIVALENT_DATA_57 | tag::k2::TRACK_2_DATA_9F6B) => {
                    Track2::from_bytes(value).ok().map(|track| track.pan)
                }
                _ => None,
            };
            pan.into_iter().for_each(|pan| drop(surrogates.of(&pan)));
        });
    }
}

/// The day of the first transaction that tells it; else the one to assume, or the card's first or last.
fn day(was: &[Talk], assumed: Option<Date>) -> Option<Date> {
    let attempts = talk::attempts(was);
    let facts: Vec<Facts> = attempts.into_iter().filter_map(|range| was.get(range)).map(Facts::of).collect();
    let date = |value: &[u8]| Date::from_yymmdd(value.try_into().ok()?).ok();
    let sent = facts.iter().flat_map(|facts| facts.sent(tag::TRANSACTION_DATE_9A)).find_map(|value| date(&value));
    let of_card = |tag| facts.iter().filter_map(|facts| facts.value(tag)).find_map(date);
    let first = || of_card(tag::APPLICATION_EFFECTIVE_DATE_5F25);
    sent.or(assumed).or_else(first).or_else(|| of_card(tag::APPLICATION_EXPIRATION_DATE_5F24))
}

/// How much lower all counters can be so that the lowest is one. Where a card was never online, distances count from zero
/// and nothing can.
fn counted(was: &[Talk]) -> u16 {
    let mut lowest = None;
    for talk in was {
        look(talk.answer(), &mut |part, value| {
            if let (Part::Object(tag::ATC_9F36 | tag::LAST_ONLINE_ATC_9F13), Ok(value)) =
                (part, <[u8; 2]>::try_from(value))
            {
                let value = u16::from_be_bytes(value);
                lowest = Some(lowest.map_or(value, |lowest: u16| lowest.min(value)));
            }
        });
    }
    lowest.unwrap_or_default().saturating_sub(1)
}
