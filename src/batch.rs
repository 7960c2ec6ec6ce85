//! Many recordings: one line of JSON for each, a summary at the end.
//!
//! A reader cuts the inputs into chunks and deals them to workers in turn; what the workers made of them is collected in the
//! same turn. So the order of the lines is that of the input whatever the number of workers, and between reader and
//! collector there are never more than a few chunks. Workers share nothing: each has its own memory of RSA operations.

mod line;
mod source;
mod summary;
mod terminals;
mod worker;

use std::{
    io::{self, Write},
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use readers::trace::Format;

use crate::explain::Explainer;
use source::{Chunk, Source};
use worker::{Done, Worker};

pub use line::SCHEMA;
pub use source::{MAX_LINE, count_files};
pub use summary::{SUMMARY_SCHEMA, Summary};

/// How many chunks may wait for a worker, and as many behind it: enough that nobody waits for the reader.
const WAITING: usize = 3;

/// What to do.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What explains each recording.
    pub explainer: Explainer,
    /// How files are written; found out without it.
    pub format: Option<Format>,
    /// How many workers; at least one.
    pub workers: usize,
    /// Take all traces for traces of one terminal, where they do not say otherwise.
    pub one_terminal: bool,
    /// How many RSA operations each worker remembers; none with 0.
    pub remembered: usize,
    /// Leave out the search for what would have made failed checks pass.
    pub quick: bool,
}

impl Batch {
    /// One line for each trace of `inputs` (files, folders, `-` for standard input) to `out`, in their order; `progress` is
    /// told how many more are done.
    ///
    /// # Errors
    /// That `out` cannot be written. What cannot be read is a line, and no error.
    pub fn run(
        &self,
        inputs: Vec<PathBuf>,
        out: &mut dyn Write,
        progress: &mut dyn FnMut(usize),
    ) -> io::Result<Summary> {
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..self.workers.max(1)).map(|_| self.start()).unzip();
        thread::spawn(move || deal(Source::new(inputs), &senders));
        let mut summary = Summary::default();
        for receiver in receivers.iter().cycle() {
            // Chunks are dealt in turn: a worker that has no more ends, and then there are none after its turn either.
            let Ok(done) = receiver.recv() else { break };
            out.write_all(&done.lines)?;
            progress(done.tallies.len());
            done.tallies.into_iter().for_each(|tally| summary.add(tally));
        }
        out.flush()?;
        summary.finish();
        Ok(summary)
    }

    fn start(&self) -> (SyncSender<Chunk>, Receiver<Done>) {
        let (sender, chunks) = sync_channel::<Chunk>(WAITING);
        let (finished, receiver) = sync_channel::<Done>(WAITING);
        let batch = Arc::new(self.clone());
        thread::spawn(move || {
            let mut worker = Worker::new(&batch);
            // Nobody collects any more when the output is closed.
            let _ = chunks.iter().try_for_each(|chunk| finished.send(worker.work(&chunk)));
        });
        (sender, receiver)
    }
}

fn deal(source: Source, workers: &[SyncSender<Chunk>]) {
    for (chunk, worker) in source.zip(workers.iter().cycle()) {
        if worker.send(chunk).is_err() {
            return;
        }
    }
}
