//! Writing a transcript while the transaction runs.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence};

use crate::transcript::{Header, Line, Transcript, whole_micros};

/// A transcript in the making.
///
/// The card and the point of sale write to the same recording, so that their lines stand in the order in which things
/// happened: give the transaction [`Recording::card`] as its card, and a point of sale that calls
/// [`Recording::question`] and [`Recording::answer`] around each of its own.
///
/// ```
/// # use emvident_readers as readers;
/// use readers::{Recording, transcript::Header};
///
/// let recording = Recording::new(Header::default());
/// recording.question("choose-application 1:CREDIT 2:DEBIT");
/// recording.answer("1");
/// assert!(recording.transcript().to_string().ends_with("? choose-application 1:CREDIT 2:DEBIT\n= 1\n"));
/// ```
///
/// Clones share the transcript.
#[derive(Clone, Debug, Default)]
pub struct Recording(Arc<Mutex<Transcript>>);

impl Recording {
    /// An empty recording. [`Recording::card`] adds what the header says of the card.
    pub fn new(header: Header) -> Self {
        Self(Arc::new(Mutex::new(Transcript { header, lines: Vec::new() })))
    }

    /// A card that is recorded; the answer to reset and the PIN pad go into the header.
    pub fn card<C: Card>(&self, card: C) -> Recorder<C> {
        let mut transcript = self.lock();
        transcript.header.atr = card.atr().to_vec();
        transcript.header.pin_pad = card.has_pin_pad();
        drop(transcript);
        Recorder { card, recording: self.clone() }
    }

    /// The point of sale is asked something.
    ///
    /// The text should hold everything the question holds, for a replay compares it, but never a secret.
    pub fn question(&self, text: &str) {
        self.push(Line::Question(text.to_owned()));
    }

    /// The point of sale answers. Never pass a secret: of a PIN, say that there was one and of how many digits.
    pub fn answer(&self, text: &str) {
        self.push(Line::Answer(text.to_owned()));
    }

    /// The point of sale is told something and need not answer.
    pub fn notice(&self, text: &str) {
        self.push(Line::Notice(text.to_owned()));
    }

    /// A comment, which a replay skips. For the same transaction to give the same file, it must follow from what
    /// happened alone.
    pub fn comment(&self, text: &str) {
        self.push(Line::Comment(text.to_owned()));
    }

    /// What has been recorded so far.
    pub fn transcript(&self) -> Transcript {
        self.lock().clone()
    }

    /// The answer to reset of a card that was not there when the recording began: the first one's stays.
    fn found(&self, atr: &[u8]) {
        let mut transcript = self.lock();
        if transcript.header.atr.is_empty() {
            transcript.header.atr = atr.to_vec();
        }
    }

    fn push(&self, line: Line) {
        self.lock().lines.push(line);
    }

    /// Every change is one push, so a thread that panicked leaves a whole transcript.
    fn lock(&self) -> MutexGuard<'_, Transcript> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A card whose every exchange is written to a [`Recording`], PINs masked.
///
/// Times are passed on as they are recorded, in whole microseconds, so that a replay decides on the same numbers.
#[derive(Debug)]
pub struct Recorder<C> {
    card: C,
    recording: Recording,
}

impl<C> Recorder<C> {
    /// The card again.
    pub fn into_inner(self) -> C {
        self.card
    }

    fn record(&self, answer: Result<Exchange, Fault>) -> Result<Exchange, Fault> {
        let answer =
            answer.map(|exchange| Exchange { elapsed: whole_micros(exchange.elapsed), response: exchange.response });
        self.recording.push(match &answer {
            Ok(exchange) => Line::Response(exchange.clone()),
            Err(fault) => Line::Fault(*fault),
        });
        answer
    }
}

/// What a reader is asked about its field, and what it answers, as lines of a transcript.
pub(crate) mod field {
    use std::time::Duration;

    use apdu::Presence;

    use crate::transcript::{Line, whole_micros};

    pub fn activate() -> Line {
        Line::Question("activate".to_owned())
    }

    pub fn presence(presence: Presence) -> Line {
        Line::Answer(presence.id().to_owned())
    }

    pub fn field_off(duration: Duration) -> Line {
        Line::Notice(format!("field-off {}us", whole_micros(duration).as_micros()))
    }
}

impl<C: Card> Card for Recorder<C> {
    async fn activate(&mut self) -> Result<Presence, Fault> {
        self.recording.push(field::activate());
        let answer = self.card.activate().await;
        self.recording.found(self.card.atr());
        self.recording.push(match &answer {
            Ok(presence) => field::presence(*presence),
            Err(fault) => Line::Fault(*fault),
        });
        answer
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        self.recording.push(field::field_off(duration));
        let answer = self.card.field_off(duration).await;
        if let Err(fault) = &answer {
            self.recording.push(Line::Fault(*fault));
        }
        answer
    }

    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        self.recording.push(Line::Command(command.into()));
        let answer = self.card.transmit(command).await;
        self.record(answer)
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }

    fn has_pin_pad(&self) -> bool {
        self.card.has_pin_pad()
    }

    async fn verify_on_pin_pad(&mut self, request: &PinPadRequest) -> Result<Exchange, Fault> {
        let request = PinPadRequest { timeout: whole_micros(request.timeout), ..*request };
        self.recording.push(Line::PinPad(request));
        let answer = self.card.verify_on_pin_pad(&request).await;
        self.record(answer)
    }
}
