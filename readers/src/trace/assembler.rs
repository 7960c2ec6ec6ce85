//! Commands and responses as they come, put together to exchanges.

use std::time::Duration;

use apdu::Octets;

use super::{
    Error, Exchange, Format, MAX_EXCHANGES, Reason, Trace, TracedCommand, excerpt, lines::column, shape, skipped::Skips,
};

/// What a reader hands over: bytes, borrowed or for good, where they stand, and when they were sent, on whatever clock the
/// trace has.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece<B = Vec<u8>> {
    pub line: usize,
    pub bytes: B,
    pub at: Option<Duration>,
}

/// Builds a [`Trace`].
pub(super) struct Assembler {
    trace: Trace,
    /// The last exchange has no response yet.
    awaits: bool,
    /// When its command was sent.
    sent: Option<Duration>,
}

impl Assembler {
    pub fn new(format: Format) -> Self {
        let trace =
            Trace { format, atr: None, exchanges: Vec::with_capacity(32), skipped: Skips::default(), transcript: None };
        Self { trace, awaits: false, sent: None }
    }

    /// Whether the last command still has no response.
    pub fn awaits(&self) -> bool {
        self.awaits
    }

    /// Whether no command was seen so far.
    pub fn is_empty(&self) -> bool {
        self.trace.exchanges.is_empty()
    }

    /// Counts a line that is not used, for something at the byte `offset` of `text`.
    pub fn skip(&mut self, line: usize, reason: Reason, text: &[u8], offset: usize) {
        self.trace.skipped.add((line, column(text, offset)), reason, || excerpt(text));
    }

    /// Counts a line of which nothing is shown but `part`, which is no secret.
    fn skip_part(&mut self, line: usize, reason: Reason, part: &[u8]) {
        self.trace.skipped.add((line, 1), reason, || hex::encode_upper(part));
    }

    pub fn atr(&mut self, bytes: &[u8]) {
        self.trace.atr.get_or_insert_with(|| bytes.to_vec());
    }

    /// A command. Fewer than four bytes are one only as the data a procedure byte asked for.
    pub fn command<B: Into<TracedCommand>>(&mut self, piece: Piece<B>) -> Result<(), Error> {
        let command = match self.trace.exchanges.last().filter(|last| asks_for_data(last)) {
            Some(last) => TracedCommand::data_of(&last.command, piece.bytes.into()),
            None => piece.bytes.into(),
        };
        if command.len() < 4 && !self.trace.exchanges.last().is_some_and(asks_for_data) {
            self.close();
            self.skip_part(piece.line, Reason::TooShort, &[]);
            return Ok(());
        }
        self.close();
        if self.trace.exchanges.len() >= MAX_EXCHANGES {
            return Err(Error::too_many_exchanges(piece.line));
        }
        self.trace.exchanges.push(Exchange { command, response: None, line: piece.line, elapsed: None });
        (self.awaits, self.sent) = (true, piece.at);
        Ok(())
    }

    /// A response to the last command. One byte is one only if it is a procedure byte.
    pub fn response<B: Into<Octets>>(&mut self, Piece { line, bytes, at }: Piece<B>) {
        let bytes = bytes.into();
        let Some(exchange) = self.trace.exchanges.last_mut().filter(|_| self.awaits) else {
            let status = if shape::is_response(&bytes) { bytes.last_chunk::<2>() } else { None };
            self.skip_part(line, Reason::ResponseWithoutCommand, status.map_or(&[], |status| status));
            return;
        };
        let whole = match *bytes {
            [] => false,
            [byte] => shape::is_procedure_byte(byte, &exchange.command),
            _ => true,
        };
        if !whole {
            self.skip_part(line, Reason::TooShort, &[]);
            return;
        }
        // On one line with the command there is one time for both.
        let sent = self.sent.filter(|_| line != exchange.line);
        exchange.elapsed = sent.zip(at).and_then(|(sent, at)| at.checked_sub(sent));
        exchange.response = Some(bytes);
        self.awaits = false;
    }

    /// No response comes any more.
    pub fn close(&mut self) {
        let last = self.trace.exchanges.last().filter(|_| self.awaits);
        if let Some((line, header)) = last.map(|exchange| (exchange.line, exchange.command.header())) {
            self.skip_part(line, Reason::CommandWithoutResponse, header.as_ref().map_or(&[], |header| header));
        }
        self.awaits = false;
    }

    /// The trace, even without exchanges.
    pub fn finish(mut self) -> Trace {
        self.close();
        self.trace.skipped.sort();
        self.trace
    }

    /// The trace, if it has exchanges; what was `expected` otherwise, where the first hope was lost.
    pub fn finish_filled(self, expected: &'static str) -> Result<Trace, Error> {
        let trace = self.finish();
        if !trace.exchanges.is_empty() {
            return Ok(trace);
        }
        let hex = |reason| !matches!(reason, Reason::Comment | Reason::Words);
        let first = trace.skipped.iter().find(|skipped| hex(skipped.reason)).or(trace.skipped.first());
        Err(first.map_or_else(
            || Error::no_exchange(1, 1, expected, "nothing".to_owned()),
            |skipped| {
                let found = format!("{}: \"{}\"", skipped.reason, skipped.excerpt);
                Error::no_exchange(skipped.line, skipped.column, expected, found)
            },
        ))
    }
}

/// Whether the card answered with a procedure byte alone.
fn asks_for_data(exchange: &Exchange) -> bool {
    exchange.response.as_deref().is_some_and(|response| response.len() == 1)
}
