//! From traces to lines.

use std::{
    fs::File,
    io::{self, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use apdu::tag;
use kernel::{
    Terminal,
    crypto::rsa::{Block, Error},
    diagnosis::unpredictable::Draw,
    observe::Observation,
    oda::memory::{Key, Memory, Operations},
};
use readers::trace::{self, MAX_INPUT, Record, Trace};

use super::{
    Batch,
    line::{Attempt, Body, Broken, Line, Verdict},
    source::{Chunk, Item},
    summary::Tally,
};
use crate::{
    explain::{Explainer, Search, draw},
    run::recorded_source,
    setup::{SetupError, TerminalSource},
};

/// How many terminals of recordings a worker keeps.
const TERMINALS: usize = 8;

/// The lines of one chunk, and what the summary needs of them.
pub(super) struct Done {
    pub lines: Vec<u8>,
    pub tallies: Vec<Tally>,
}

/// One worker, with what it remembers.
pub(super) struct Worker {
    batch: Arc<Batch>,
    explainer: Explainer,
    memory: Option<Arc<dyn Memory>>,
    /// The terminals that recordings brought along, the latest last.
    terminals: Vec<(TerminalSource, Terminal)>,
}

/// One worker's memory of RSA operations. No other thread waits for it.
#[derive(Debug)]
struct Remembered(Mutex<Operations>);

impl Memory for Remembered {
    fn apply(&self, key: Key<'_>, input: &[u8]) -> Result<Block, Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).apply(key, input)
    }
}

impl Worker {
    pub fn new(batch: &Arc<Batch>) -> Self {
        let mut explainer = batch.explainer.clone();
        let limit = batch.remembered;
        let memory = (limit > 0).then(|| -> Arc<dyn Memory> { Arc::new(Remembered(Operations::new(limit).into())) });
        memory.iter().for_each(|memory| explainer.remember_with(memory));
        Self { batch: batch.clone(), explainer, memory, terminals: Vec::new() }
    }

    pub fn work(&mut self, chunk: &Chunk) -> Done {
        let mut done = Done { lines: Vec::with_capacity(chunk.items.len().saturating_mul(256)), tallies: Vec::new() };
        for item in &chunk.items {
            self.one(item, chunk, &mut done);
        }
        done
    }

    fn one(&mut self, item: &Item, chunk: &Chunk, done: &mut Done) {
        let read = |line: &[u8]| trace::read_record(line).map_err(|error| Broken::not_a_trace(&error));
        let (name, record) = match item {
            Item::Unreadable(name, problem) => (name.clone(), Err(Broken::unreadable(problem))),
            Item::File(path) => (path.display().to_string(), self.file(path)),
            Item::Line(origin, number, place) => {
                let record = read(chunk.bytes.get(place.clone()).unwrap_or(&[]));
                let name = record.as_ref().ok().and_then(|record| record.name.clone());
                (name.unwrap_or_else(|| format!("{origin}:{number}")), record)
            }
        };
        let mut draws = Vec::new();
        let body = Body::from(record.and_then(|record| self.judged(&record, &mut draws)));
        // What is to be written has a JSON form, and a Vec takes all of it.
        let _ = serde_json::to_writer(&mut done.lines, &Line::new(&name, &body));
        done.lines.push(b'\n');
        done.tallies.push(Tally::new(name, &body, draws));
    }

    fn file(&self, path: &Path) -> Result<Record, Broken> {
        let bytes = read_file(path).map_err(|error| Broken::other("io", error.to_string()))?;
        Ok(Record { name: None, terminal: None, trace: trace::read(&bytes, self.batch.format) })
    }

    /// A trace that makes this program panic costs its own line and no other.
    fn judged(&mut self, record: &Record, draws: &mut Vec<(String, Draw)>) -> Result<Verdict, Broken> {
        let judge = AssertUnwindSafe(|| match &record.trace {
            Ok(trace) => self.verdict(trace, record.terminal.as_deref(), draws),
            Err(error) => Err(Broken::not_a_trace(error)),
        });
        let internal = |_| Err(Broken::other("internal", "an internal error; please report it".to_owned()));
        catch_unwind(judge).unwrap_or_else(internal)
    }

    fn verdict(
        &mut self,
        trace: &Trace,
        terminal: Option<&str>,
        draws: &mut Vec<(String, Draw)>,
    ) -> Result<Verdict, Broken> {
        let own = self.own_terminal(trace).map_err(|error| Broken::other("terminal", error.to_string()))?;
        let own = own.and_then(|at| self.terminals.get(at)).map(|(_, terminal)| terminal);
        let mut observations = self.explainer.observe(trace, own.unwrap_or(self.explainer.base()));
        let named = terminal.map(ToOwned::to_owned).or_else(|| own.map(|own| readable(&own.identification)));
        draws.extend(observations.iter().filter_map(|observation| self.draw(observation, named.as_deref())));
        let search = if self.batch.quick { Search::LeftOut } else { Search::Whole };
        let attempt = |observation: &mut Observation| {
            let would_pass = self.explainer.weighed(observation, search);
            Attempt::new(observation, &would_pass)
        };
        Ok(Verdict::new(trace, observations.iter_mut().map(attempt).collect()))
    }

    /// The terminal's number, and which terminal it is, if anything tells.
    fn draw(&self, observation: &Observation, named: Option<&str>) -> Option<(String, Draw)> {
        let draw = draw(observation)?;
        let data = &observation.recovered.data;
        let told = [tag::TERMINAL_IDENTIFICATION_9F1C, tag::IFD_SERIAL_NUMBER_9F1E];
        let told = told.into_iter().find_map(|tag| data.array::<8>(tag));
        let one = self.batch.one_terminal.then(String::new);
        let terminal = named.map(ToOwned::to_owned).or_else(|| told.map(|name| readable(&name))).or(one)?;
        Some((terminal, draw))
    }

    /// Where among the terminals the one is that made our own recording.
    fn own_terminal(&mut self, trace: &Trace) -> Result<Option<usize>, SetupError> {
        let header = trace.transcript.as_ref().map(|transcript| &transcript.header);
        let Some(source) = header.and_then(|header| recorded_source(header).ok()) else { return Ok(None) };
        if let Some(known) = self.terminals.iter().position(|(known, _)| *known == source) {
            return Ok(Some(known));
        }
        let mut terminal = source.terminal()?;
        self.memory.iter().for_each(|memory| terminal.keys.remember_with(memory.clone()));
        if self.terminals.len() >= TERMINALS {
            self.terminals.remove(0);
        }
        self.terminals.push((source, terminal));
        Ok(self.terminals.len().checked_sub(1))
    }
}

/// A name of fixed length, without what fills it.
fn readable(name: &[u8; 8]) -> String {
    let shown = |byte: &u8| if byte.is_ascii_graphic() { char::from(*byte) } else { ' ' };
    name.iter().map(shown).collect::<String>().trim().to_owned()
}

/// The whole file, or one byte more than a trace may have.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let most = u64::try_from(MAX_INPUT).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
