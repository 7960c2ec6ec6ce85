//! A point of sale whose questions and answers go to a transcript, and one that answers from it.
//!
//! Together with [`Recording::card`] and [`Tape::card`] they make a transaction repeat itself: the same exchanges, findings
//! and outcome. PINs and their padding are not written; commands that carry them match whatever their data are.

mod codec;

use apdu::value::pan::Pan;
use kernel::{
    PointOfSale,
    contactless::UserInterfaceRequest,
    point_of_sale::{
        Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry,
        OnlinePinRequest, PinEntry, PinRequest, RandomPurpose, Unable,
    },
};
use readers::{Recording, Tape, transcript};

use codec::Line;

/// Whether somebody entered a PIN here.
pub(crate) fn is_entered_pin(line: &transcript::Line) -> bool {
    matches!(line, transcript::Line::Answer(answer) if answer.starts_with(codec::ENTERED))
}

/// A point of sale that is recorded.
#[derive(Debug)]
pub struct Recorded<P> {
    point_of_sale: P,
    recording: Recording,
}

impl<P> Recorded<P> {
    /// Records what `point_of_sale` is asked and answers.
    pub fn new(point_of_sale: P, recording: Recording) -> Self {
        Self { point_of_sale, recording }
    }

    /// The point of sale again.
    pub fn into_inner(self) -> P {
        self.point_of_sale
    }

    fn keep<T>(&self, line: &Line<T>, answer: T) -> T {
        self.recording.answer(&(line.write)(&answer));
        answer
    }
}

impl<P: PointOfSale> PointOfSale for Recorded<P> {
    fn random(&mut self, purpose: RandomPurpose, out: &mut [u8]) {
        self.recording.question(&codec::random(purpose, out.len()));
        self.point_of_sale.random(purpose, out);
        let kept = if purpose == RandomPurpose::PinPadding { &[] } else { &*out };
        self.keep(&codec::BYTES, kept.to_vec());
    }

    fn show(&mut self, message: Message) {
        self.recording.notice(message.id());
        self.point_of_sale.show(message);
    }

    fn user_interface(&mut self, request: &UserInterfaceRequest) {
        self.recording.notice(&request.to_string());
        self.point_of_sale.user_interface(request);
    }

    async fn choose_application(&mut self, candidates: &[Candidate]) -> Option<usize> {
        self.recording.question(&codec::choose(candidates));
        let answer = self.point_of_sale.choose_application(candidates).await;
        self.keep(&codec::INDEX, answer)
    }

    async fn confirm_application(&mut self, candidate: &Candidate) -> bool {
        self.recording.question(&codec::confirm(candidate));
        let answer = self.point_of_sale.confirm_application(candidate).await;
        self.keep(&codec::FLAG, answer)
    }

    async fn enter_pin(&mut self, request: &PinRequest) -> PinEntry {
        self.recording.question(&codec::enter_pin(request));
        let answer = self.point_of_sale.enter_pin(request).await;
        self.keep(&codec::PIN, answer)
    }

    async fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        self.recording.question(&codec::enter_online_pin(request));
        let answer = self.point_of_sale.enter_online_pin(request).await;
        self.keep(&codec::ONLINE_PIN, answer)
    }

    async fn recent_amount(&mut self, pan: &Pan, sequence_number: Option<u8>) -> u64 {
        self.recording.question(codec::RECENT_AMOUNT);
        let answer = self.point_of_sale.recent_amount(pan, sequence_number).await;
        self.keep(&codec::AMOUNT, answer)
    }

    async fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> Authorisation {
        self.recording.question(&codec::authorise(request));
        let answer = self.point_of_sale.authorise(request).await;
        self.keep(&codec::AUTHORISATION, answer)
    }

    async fn refer(&mut self) -> bool {
        self.recording.question(codec::REFER);
        let answer = self.point_of_sale.refer().await;
        self.keep(&codec::FLAG, answer)
    }

    async fn exchange_data(&mut self, request: &DataRequest) -> DataAnswer {
        self.recording.question(&codec::exchange_data(request));
        let answer = self.point_of_sale.exchange_data(request).await;
        self.keep(&codec::DATA, answer)
    }
}

/// A point of sale that answers from a transcript.
///
/// Where the transcript holds something else, the answer is a refusal and the tape says what differs.
#[derive(Debug)]
pub struct Replayed {
    tape: Tape,
}

impl Replayed {
    /// Answers from `tape`.
    pub fn new(tape: Tape) -> Self {
        Self { tape }
    }

    fn answer<T>(&self, line: &Line<T>, question: &str) -> Option<T> {
        self.tape.answer(question).ok().and_then(|answer| (line.read)(&answer))
    }
}

impl PointOfSale for Replayed {
    fn random(&mut self, purpose: RandomPurpose, out: &mut [u8]) {
        let recorded = self.answer(&codec::BYTES, &codec::random(purpose, out.len())).unwrap_or_default();
        out.iter_mut().zip(recorded.into_iter().chain(std::iter::repeat(0))).for_each(|(byte, kept)| *byte = kept);
    }

    fn show(&mut self, message: Message) {
        // The tape keeps what differs.
        let _ = self.tape.notice(message.id());
    }

    fn user_interface(&mut self, request: &UserInterfaceRequest) {
        let _ = self.tape.notice(&request.to_string());
    }

    async fn choose_application(&mut self, candidates: &[Candidate]) -> Option<usize> {
        self.answer(&codec::INDEX, &codec::choose(candidates)).flatten()
    }

    async fn confirm_application(&mut self, candidate: &Candidate) -> bool {
        self.answer(&codec::FLAG, &codec::confirm(candidate)).unwrap_or(false)
    }

    async fn enter_pin(&mut self, request: &PinRequest) -> PinEntry {
        self.answer(&codec::PIN, &codec::enter_pin(request)).unwrap_or(PinEntry::Cancelled)
    }

    async fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        self.answer(&codec::ONLINE_PIN, &codec::enter_online_pin(request)).unwrap_or(OnlinePinEntry::Cancelled)
    }

    async fn recent_amount(&mut self, _: &Pan, _: Option<u8>) -> u64 {
        self.answer(&codec::AMOUNT, codec::RECENT_AMOUNT).unwrap_or(0)
    }

    async fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> Authorisation {
        self.answer(&codec::AUTHORISATION, &codec::authorise(request))
            .unwrap_or(Authorisation::Unable(Unable::NoConnection))
    }

    async fn refer(&mut self) -> bool {
        self.answer(&codec::FLAG, codec::REFER).unwrap_or(false)
    }

    async fn exchange_data(&mut self, request: &DataRequest) -> DataAnswer {
        self.answer(&codec::DATA, &codec::exchange_data(request)).unwrap_or(DataAnswer::TimedOut)
    }
}
