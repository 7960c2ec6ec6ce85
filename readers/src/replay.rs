//! Running a transaction again from its transcript.

use std::{
    fmt, future,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence};

use crate::recorder::field;
use crate::transcript::{Header, Line, RecordedCommand, Transcript, whole_micros};

/// A transcript being played.
///
/// Card and point of sale read from the same tape, in the order in which things were recorded: give the transaction
/// [`Tape::card`] as its card, and a point of sale that takes each answer from [`Tape::answer`].
///
/// ```
/// # use emvident_readers as readers;
/// use readers::{Tape, Transcript};
///
/// let transcript = Transcript::parse("emvident transcript 1\n\n: Insert card\n? choose 1:CREDIT\n= 1\n")?;
/// let tape = Tape::new(transcript);
/// assert_eq!(tape.notice("Insert card"), Ok(()));
/// assert_eq!(tape.answer("choose 1:CREDIT"), Ok("1".to_owned()));
/// assert!(tape.is_at_end());
/// # Ok::<(), readers::transcript::Error>(())
/// ```
///
/// The replay is strict. Whatever is not what was recorded ends it: that call and all later ones give
/// [`Fault::RecordingDiffers`], and [`Tape::difference`] says what was recorded and what came instead. Past the last
/// line it is [`Fault::RecordingEnds`]. Clones share the position.
#[derive(Clone, Debug)]
pub struct Tape(Arc<Mutex<Position>>);

#[derive(Debug)]
struct Position {
    transcript: Transcript,
    /// Commands, questions and notices need not be those recorded.
    any_words: bool,
    next: usize,
    difference: Option<Difference>,
}

/// Where a replay left its recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The event, from 1; comments count.
    pub event: usize,
    /// What was recorded there.
    pub recorded: Line,
    /// What came instead, as a transcript would write it.
    pub wanted: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {}: recorded \"{}\", now \"{}\"", self.event, self.recorded, self.wanted)
    }
}

impl Tape {
    /// A tape at its start.
    pub fn new(transcript: Transcript) -> Self {
        Self::playing(transcript, false)
    }

    /// A tape at its start that minds the order of things alone: a command, question or notice in the place of another is
    /// answered as that other was. For a recording that was changed and says now something else.
    pub fn in_order(transcript: Transcript) -> Self {
        Self::playing(transcript, true)
    }

    fn playing(transcript: Transcript, any_words: bool) -> Self {
        Self(Arc::new(Mutex::new(Position { transcript, any_words, next: 0, difference: None })))
    }

    /// The recorded card.
    pub fn card(&self) -> ReplayCard {
        let position = self.lock();
        let header = &position.transcript.header;
        ReplayCard { atr: header.atr.clone(), pin_pad: header.pin_pad, tape: self.clone() }
    }

    /// What was known at the start.
    pub fn header(&self) -> Header {
        self.lock().transcript.header.clone()
    }

    /// Asks the recorded point of sale.
    ///
    /// # Errors
    /// [`Fault::RecordingDiffers`] when something else happened here, [`Fault::RecordingEnds`] when nothing did.
    pub fn answer(&self, question: &str) -> Result<String, Fault> {
        let mut position = self.lock();
        let question = Line::Question(question.to_owned());
        let any = position.any_words;
        position
            .take(&question, |line| (*line == question || any && matches!(line, Line::Question(_))).then_some(()))?;
        position.take(&"the answer", |line| if let Line::Answer(text) = line { Some(text.clone()) } else { None })
    }

    /// Tells the recorded point of sale something.
    ///
    /// # Errors
    /// As [`Tape::answer`].
    pub fn notice(&self, text: &str) -> Result<(), Fault> {
        let notice = Line::Notice(text.to_owned());
        let mut position = self.lock();
        let any = position.any_words;
        position.take(&notice, |line| (*line == notice || any && matches!(line, Line::Notice(_))).then_some(()))
    }

    /// Where the replay left the recording, if it did.
    pub fn difference(&self) -> Option<Difference> {
        self.lock().difference.clone()
    }

    /// Whether everything recorded has happened again.
    pub fn is_at_end(&self) -> bool {
        let mut position = self.lock();
        position.skip_comments();
        position.difference.is_none() && position.next >= position.transcript.lines.len()
    }

    fn exchange(&self, command: &Command) -> Result<Exchange, Fault> {
        let mut position = self.lock();
        let any = position.any_words;
        position.take(&Sent(command), |line| match line {
            Line::Command(recorded) => (any || recorded.matches(command)).then_some(()),
            _ => None,
        })?;
        position.outcome()
    }

    fn activate(&self) -> Result<Presence, Fault> {
        let mut position = self.lock();
        let wanted = field::activate();
        position.take(&wanted, |line| (*line == wanted).then_some(()))?;
        position.take(&"what is in the field", |line| match line {
            Line::Answer(text) => Presence::from_id(text).map(Ok),
            Line::Fault(fault) => Some(Err(*fault)),
            _ => None,
        })?
    }

    fn field_off(&self, duration: Duration) -> Result<(), Fault> {
        let mut position = self.lock();
        let wanted = field::field_off(duration);
        position.take(&wanted, |line| (*line == wanted).then_some(()))?;
        match position.next_is_fault() {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    fn verify(&self, request: &PinPadRequest) -> Result<Exchange, Fault> {
        let mut position = self.lock();
        let wanted = Line::PinPad(PinPadRequest { timeout: whole_micros(request.timeout), ..*request });
        position.take(&wanted, |line| (*line == wanted).then_some(()))?;
        position.outcome()
    }

    /// A position is whole between any two of its changes, so a thread that panicked harms nothing.
    fn lock(&self) -> MutexGuard<'_, Position> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Position {
    fn skip_comments(&mut self) {
        let rest = self.transcript.lines.get(self.next..).unwrap_or_default();
        let comments = rest.iter().take_while(|line| matches!(line, Line::Comment(_))).count();
        self.next = self.next.saturating_add(comments);
    }

    /// Takes the next event when `expected` finds in it what it looks for; `wanted` is that, for the difference.
    fn take<T>(&mut self, wanted: &dyn fmt::Display, expected: impl FnOnce(&Line) -> Option<T>) -> Result<T, Fault> {
        if self.difference.is_some() {
            return Err(Fault::RecordingDiffers);
        }
        self.skip_comments();
        let line = self.transcript.lines.get(self.next).ok_or(Fault::RecordingEnds)?;
        let event = self.next.saturating_add(1);
        if let Some(found) = expected(line) {
            self.next = event;
            return Ok(found);
        }
        self.difference = Some(Difference { event, recorded: line.clone(), wanted: wanted.to_string() });
        Err(Fault::RecordingDiffers)
    }

    /// The fault that follows at once, if one does.
    fn next_is_fault(&mut self) -> Option<Fault> {
        let Some(Line::Fault(fault)) = self.transcript.lines.get(self.next) else { return None };
        self.next = self.next.saturating_add(1);
        Some(*fault)
    }

    /// The recorded answer or fault.
    fn outcome(&mut self) -> Result<Exchange, Fault> {
        self.take(&"the card's answer", |line| match line {
            Line::Response(exchange) => Some(Ok(exchange.clone())),
            Line::Fault(fault) => Some(Err(*fault)),
            _ => None,
        })?
    }
}

/// A command as a transcript would write it, masked only when somebody looks.
struct Sent<'a>(&'a Command);

impl fmt::Display for Sent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Line::Command(RecordedCommand::from(self.0)).fmt(f)
    }
}

/// The card of a [`Tape`]: answers as recorded, with the recorded times, at once.
#[derive(Clone, Debug)]
pub struct ReplayCard {
    atr: Vec<u8>,
    pin_pad: bool,
    tape: Tape,
}

impl Card for ReplayCard {
    fn activate(&mut self) -> impl Future<Output = Result<Presence, Fault>> {
        future::ready(self.tape.activate())
    }

    fn field_off(&mut self, duration: Duration) -> impl Future<Output = Result<(), Fault>> {
        future::ready(self.tape.field_off(duration))
    }

    fn transmit(&mut self, command: &Command) -> impl Future<Output = Result<Exchange, Fault>> {
        future::ready(self.tape.exchange(command))
    }

    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn has_pin_pad(&self) -> bool {
        self.pin_pad
    }

    fn verify_on_pin_pad(&mut self, request: &PinPadRequest) -> impl Future<Output = Result<Exchange, Fault>> {
        future::ready(self.tape.verify(request))
    }
}
