//! Explaining a recording of any terminal: what happened, whose fault it was, what would have made it pass.

use std::{borrow::Cow, sync::Arc};

use apdu::{tag, value::date::Date};
use kernel::{
    Terminal,
    counterfactual::{Counterfactual, changed_byte, search, weigh},
    diagnosis::unpredictable::{Draw, Pattern, predictable},
    finding::Reason,
    observe::{Observation, Seen, observe},
    oda::{KeyStore, memory::Memory},
};
use readers::trace::{self, Format, Skips, Trace};
use serde::Serialize;

use crate::{
    export::known_keys,
    merchant::Told,
    report::Report,
    run::recorded_source,
    setup::{SetupError, TerminalSource},
    text::{File, Text},
};

/// What is assumed of a terminal nobody knows.
const OBSERVER: &str = include_str!("../terminals/observer.toml");

/// What explaining needs beside a recording: a terminal to compare with, and every key there is.
#[derive(Clone, Debug)]
pub struct Explainer {
    base: Terminal,
    source: TerminalSource,
    known: KeyStore,
    /// The date to assume for recordings that have none.
    pub today: Option<Date>,
    /// Whether reports keep every exchange decoded, as [`Explanation::html`] shows them.
    pub keeps_exchanges: bool,
}

/// A recording and the reports of the attempts in it.
#[derive(Debug)]
pub struct Explanation {
    /// How the recording was written.
    pub format: Format,
    /// How many exchanges it has.
    pub exchanges: usize,
    /// What of it was not used.
    pub skipped: Skips,
    /// How the unpredictable numbers of the attempts could have been predicted, if they could.
    pub predictable: Option<Pattern>,
    /// A report for each attempt, in order.
    pub attempts: Vec<Report>,
}

/// How much is searched for what would have made failed checks pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    Whole,
    LeftOut,
}

/// Why a recording cannot be explained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// It cannot be read.
    #[error(transparent)]
    Trace(#[from] trace::Error),
    /// It brings a terminal, and that is wrong.
    #[error(transparent)]
    Setup(#[from] SetupError),
}

/// Name and version of the JSON form of an explanation.
pub const SCHEMA: &str = "emvident.explanation/1";

#[derive(Serialize)]
struct Document<R, S> {
    schema: &'static str,
    format: &'static str,
    exchanges: usize,
    skipped: Vec<SkippedLines>,
    #[serde(skip_serializing_if = "Option::is_none")]
    predictable_numbers: Option<&'static str>,
    /// What the merchant was told, held against the last attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<S>,
    attempts: Vec<R>,
}

#[derive(Serialize)]
struct SkippedLines {
    reason: &'static str,
    lines: usize,
}

impl Explanation {
    /// The explanation for people.
    pub fn text(&self, text: &Text, colour: bool) -> String {
        let (exchanges, skipped) = (self.exchanges.to_string(), self.skipped.total().to_string());
        let read = [("format", self.format.id()), ("exchanges", exchanges.as_str()), ("skipped", skipped.as_str())];
        let id = if self.skipped.total() == 0 { "format" } else { "format-skipped" };
        let mut page = text.say_with(File::Explain, id, &read);
        page.push('\n');
        for skipped in self.skipped.iter() {
            let (line, reason) = (skipped.line.to_string(), skipped.reason.to_string());
            let told = text.say_with(File::Explain, "skipped", &[("line", &line), ("reason", &reason)]);
            page.push_str(&format!("  {told}\n"));
        }
        if let Some(pattern) = self.predictable {
            let how = text.say(File::Batch, &format!("pattern-{}", pattern.id()));
            let reason = Reason::TerminalUnWeak;
            page.push_str(&format!("  {}  {}: {how}\n", text.title(reason), reason.id()));
        }
        for attempt in &self.attempts {
            page.push('\n');
            page.push_str(&attempt.text(text, colour));
        }
        page
    }

    /// The explanation for programs: JSON of the schema [`SCHEMA`], with a report for each attempt.
    pub fn json(&self, text: &Text) -> String {
        self.json_of(None, text)
    }

    /// As [`Explanation::json`], with what the merchant was told held against the last attempt.
    pub fn json_of(&self, told: Option<Told<'_>>, text: &Text) -> String {
        let skipped = self.skipped.by_reason().map(|(reason, lines)| SkippedLines { reason: reason.id(), lines });
        let document = Document {
            schema: SCHEMA,
            format: self.format.id(),
            exchanges: self.exchanges,
            skipped: skipped.collect(),
            predictable_numbers: self.predictable.map(|pattern| pattern.id()),
            said: told.zip(self.attempts.last()).map(|(told, last)| last.said_document(told, text)),
            attempts: self.attempts.iter().map(|attempt| attempt.document(text)).collect(),
        };
        // Everything in it has a JSON form; an error would be an empty document.
        serde_json::to_string_pretty(&document).unwrap_or_default()
    }
}

impl Explainer {
    /// One that knows every published key and nothing of the terminal.
    ///
    /// # Errors
    /// [`SetupError`] when the terminal's text is wrong.
    pub fn new() -> Result<Self, SetupError> {
        let text = OBSERVER.to_owned();
        Self::with_terminal(&TerminalSource {
            name: "observer".to_owned(),
            text,
            card_keys: true,
            key_changes: Vec::new(),
        })
    }

    /// One that compares with this terminal: its action codes, its keys.
    ///
    /// # Errors
    /// [`SetupError`] when the terminal's text is wrong.
    pub fn with_terminal(source: &TerminalSource) -> Result<Self, SetupError> {
        let published = [KeyStore::live(), KeyStore::test(), KeyStore::unconfirmed()];
        let published = published.into_iter().filter_map(Result::ok);
        let mut known = KeyStore::new();
        published.for_each(|keys| known.extend(keys));
        Ok(Self { base: source.terminal()?, source: source.clone(), known, today: None, keeps_exchanges: false })
    }

    /// Explains a recording.
    ///
    /// # Errors
    /// [`ExplainError`] when it cannot be read.
    pub fn explain(&self, recording: &[u8], format: Option<Format>) -> Result<Explanation, ExplainError> {
        let trace = trace::read(recording, format)?;
        self.knowing(&trace).explain_trace(trace)
    }

    fn explain_trace(&self, trace: Trace) -> Result<Explanation, ExplainError> {
        let own = self.own_terminal(&trace)?;
        let base = own.as_ref().unwrap_or(&self.base);
        let mut attempts = self.observe(&trace, base);
        let last = attempts.len();
        let draws: Vec<Draw> = attempts.iter().filter_map(draw).collect();
        let joined = if self.keeps_exchanges { trace.joined() } else { Vec::new() };
        let reports = (1..).zip(&mut attempts).map(|(at, attempt)| {
            let report = self.report(attempt, (at, last));
            if self.keeps_exchanges { report.with_recording(attempt, &joined) } else { report }
        });
        Ok(Explanation {
            format: trace.format,
            exchanges: trace.exchanges.len(),
            attempts: reports.collect(),
            predictable: predictable(&draws),
            skipped: trace.skipped,
        })
    }

    /// Our own recordings bring their terminal along.
    pub(crate) fn own_terminal(&self, trace: &Trace) -> Result<Option<Terminal>, SetupError> {
        let header = trace.transcript.as_ref().map(|transcript| &transcript.header);
        let source = header.and_then(|header| recorded_source(header).ok());
        source.map(|source| source.terminal()).transpose()
    }

    /// What is compared with when a recording brings no terminal of its own.
    pub fn base(&self) -> &Terminal {
        &self.base
    }

    /// What [`Explainer::base`] was made from.
    pub fn source(&self) -> &TerminalSource {
        &self.source
    }

    /// The same, with the keys that a recording of ours says are known.
    pub(crate) fn knowing(&self, trace: &Trace) -> Cow<'_, Self> {
        let keys = trace.transcript.as_ref().map(|transcript| known_keys(&transcript.header)).unwrap_or_default();
        if keys.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut knowing = self.clone();
        knowing.known.extend(keys);
        Cow::Owned(knowing)
    }

    /// Every key there is.
    pub(crate) fn known(&self) -> &KeyStore {
        &self.known
    }

    /// Remembers from now on what RSA operations came to: for many recordings.
    pub fn remember_with(&mut self, memory: &Arc<dyn Memory>) {
        self.base.keys.remember_with(memory.clone());
        self.known.remember_with(memory.clone());
    }

    /// What the attempts in a recording came to, each held against `base`.
    pub fn observe(&self, trace: &Trace, base: &Terminal) -> Vec<Observation> {
        let joined = trace.joined();
        let seen: Vec<Seen<'_>> = joined
            .iter()
            .map(|exchange| Seen {
                number: u32::try_from(*exchange.numbers.start()).unwrap_or(u32::MAX),
                command: exchange.command.as_bytes(),
                response: exchange.response.as_deref(),
                elapsed: exchange.elapsed.unwrap_or_default(),
            })
            .collect();
        observe(&seen, base, self.today)
    }

    /// Every single change that would have made a failed check pass; nothing is searched where nothing failed.
    pub fn would_pass(&self, observation: &Observation) -> Vec<Counterfactual> {
        if observation.outcome.log.findings.is_empty() {
            return Vec::new();
        }
        let Observation { outcome, terminal, transaction, .. } = observation;
        let mut found = search(outcome, terminal, transaction, &self.known);
        found.extend(changed_byte(outcome, terminal, transaction, &self.known, &found));
        found
    }

    fn report(&self, observation: &mut Observation, place: (usize, usize)) -> Report {
        let would_pass = self.weighed(observation, Search::Whole);
        Report::of_observation(observation, &would_pass, place)
    }

    /// Searches for what would have made failed checks pass, and lets the findings say what that proves: only then is it
    /// known which of them is the root.
    pub(crate) fn weighed(&self, observation: &mut Observation, search: Search) -> Vec<Counterfactual> {
        let would_pass = match search {
            Search::Whole => self.would_pass(observation),
            Search::LeftOut => Vec::new(),
        };
        weigh(&mut observation.outcome, &would_pass);
        observation.take_overlooked(&would_pass);
        would_pass
    }
}

/// The unpredictable number of an attempt, as the card was given it first.
pub(crate) fn draw(observation: &Observation) -> Option<Draw> {
    let number = observation.recovered.data.array(tag::UNPREDICTABLE_NUMBER_9F37)?;
    let first = observation.outcome.cryptograms.first();
    Some(Draw { number, cryptogram: first.and_then(|first| first.cryptogram) })
}
