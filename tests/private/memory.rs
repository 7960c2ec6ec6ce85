//! A PIN is in memory as long as it is needed, and no longer: after a transaction the process holds no copy of it.

use std::{
    fs::{self, File},
    hint::black_box,
    os::unix::fs::FileExt,
    panic::catch_unwind,
    path::Path,
};

use emvident::{
    apdu::{Card, Command, Exchange, Fault, value::pan::Pan},
    kernel::{
        PointOfSale,
        contactless::UserInterfaceRequest,
        pin::Pin,
        point_of_sale::{
            Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry,
            OnlinePinRequest, PinEntry, PinRequest, RandomPurpose,
        },
    },
    readers::{Tape, Transcript, replay::ReplayCard, transcript::Line},
    recorded::Replayed,
    run::{self, Run},
    scenario::{Purchase, Scenario},
};
use zeroize::Zeroize;

/// The PIN, never as it is.
const HIDDEN: [u8; 8] = [0x6C, 0x6A, 0x6F, 0x6B, 0x6D, 0x68, 0x63, 0x69];
const MASK: u8 = 0x5A;

/// People of a recording who type another PIN than they did.
struct Typing(Replayed);

impl PointOfSale for Typing {
    fn random(&mut self, purpose: RandomPurpose, out: &mut [u8]) {
        self.0.random(purpose, out);
    }

    fn show(&mut self, message: Message) {
        self.0.show(message);
    }

    fn user_interface(&mut self, request: &UserInterfaceRequest) {
        self.0.user_interface(request);
    }

    async fn choose_application(&mut self, candidates: &[Candidate]) -> Option<usize> {
        self.0.choose_application(candidates).await
    }

    async fn confirm_application(&mut self, candidate: &Candidate) -> bool {
        self.0.confirm_application(candidate).await
    }

    async fn enter_pin(&mut self, request: &PinRequest) -> PinEntry {
        match self.0.enter_pin(request).await {
            PinEntry::Entered(_) => typed(),
            other => other,
        }
    }

    async fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        self.0.enter_online_pin(request).await
    }

    async fn recent_amount(&mut self, pan: &Pan, sequence_number: Option<u8>) -> u64 {
        self.0.recent_amount(pan, sequence_number).await
    }

    async fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> Authorisation {
        self.0.authorise(request).await
    }

    async fn refer(&mut self) -> bool {
        self.0.refer().await
    }

    async fn exchange_data(&mut self, request: &DataRequest) -> DataAnswer {
        self.0.exchange_data(request).await
    }
}

fn typed() -> PinEntry {
    let mut digits = black_box(HIDDEN).map(|byte| byte ^ MASK);
    let pin = Pin::from_ascii(&digits).unwrap();
    digits.zeroize();
    PinEntry::Entered(pin)
}

/// A card in a reader whose driver panics.
struct Panicking<C> {
    card: C,
    /// How many commands are still to be answered.
    left: usize,
    /// Whether the command after those is sent all the same.
    sends: bool,
}

impl<C: Card> Card for Panicking<C> {
    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        if self.left == 0 && !self.sends {
            panic!("before the command");
        }
        let answer = self.card.transmit(command).await;
        self.left = self.left.checked_sub(1).unwrap_or_else(|| panic!("after the command"));
        answer
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }

    fn has_pin_pad(&self) -> bool {
        self.card.has_pin_pad()
    }
}

/// A recorded transaction with two PIN entries.
fn recorded() -> Transcript {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/scenarios/pin-wrong-then-right.toml");
    let scenario = Scenario::from_file(&file).unwrap();
    let recorded = scenario.lay().unwrap().run(&scenario.transaction).transcript;
    Transcript::parse(&recorded.to_string()).unwrap()
}

/// The recorded transaction run again with the PIN, its card in this reader.
fn again<C: Card>(reader: impl FnOnce(ReplayCard) -> C) -> Run {
    let transcript = recorded();
    let source = run::recorded_source(&transcript.header).unwrap();
    let purchase = Purchase::from_parameters(&transcript.header.parameters).unwrap();
    let (terminal, transaction) = (source.terminal().unwrap(), purchase.resolve().unwrap());
    let tape = Tape::in_order(transcript);
    let people = Typing(Replayed::new(tape.clone()));
    let run = run::record(reader(tape.card()), people, terminal, transaction, run::header(&source, &purchase));
    assert!(tape.is_at_end(), "{:?}", tape.difference());
    run
}

/// How many times the PIN was sent.
fn pay() -> usize {
    again(|card| card).transcript.to_string().matches("> 00200080 08 ****").count()
}

/// Whether the reader's driver panics after so many commands.
fn panics_after(left: usize, sends: bool) -> bool {
    let run = catch_unwind(|| again(|card| Panicking { card, left, sends }));
    run.is_err_and(|panic| panic.downcast_ref::<&str>().is_some_and(|said| said.ends_with("the command")))
}

/// Where in the memory that can be written a run of bytes is that begins with `first` and that `is` knows, with the name of
/// the region.
fn found(first: u8, length: usize, is: impl Fn(&[u8]) -> bool) -> Vec<String> {
    let memory = File::open("/proc/self/mem").unwrap();
    let mut found = Vec::new();
    for line in fs::read_to_string("/proc/self/maps").unwrap().lines().filter(|line| line.contains(" rw")) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            let begins = memchr::memchr_iter(first, &bytes).filter_map(|at| bytes.get(at..at + length));
            let hits = begins.filter(|run| is(run)).count();
            found.extend((hits > 0).then(|| format!("{hits} of {length} bytes in {line}")));
        }
    }
    found
}

/// The PIN in its block of format 2, and in characters.
fn copies() -> Vec<String> {
    let digit = |at: usize| (black_box(HIDDEN)[at] ^ MASK) & 0x0F;
    let half = |byte: &u8, at: usize| *byte >> 4 == digit(at) && byte & 0x0F == digit(at + 1);
    let mut all = found(0x28, 5, |window| (0..4).all(|at| half(&window[at + 1], at * 2)));
    all.extend(found(black_box(HIDDEN)[0] ^ MASK, 8, |window| {
        window.iter().zip(black_box(HIDDEN)).all(|(byte, hidden)| byte ^ MASK == hidden)
    }));
    all
}

/// One test, for a copy put in for one would be found by the other.
#[test]
fn no_copy_of_a_pin_is_left_in_memory_and_one_that_is_would_be_found() {
    assert!(pay() >= 1);
    let left = copies();
    assert!(left.is_empty(), "{left:#?}");
    // A panic in the transport: before and behind each VERIFY, and at the command after it.
    let asked = recorded().lines;
    let asked = asked.iter().filter_map(|line| if let Line::Command(command) = line { Some(command) } else { None });
    let verify: Vec<_> = asked.enumerate().filter(|(_, command)| command.header()[1] == 0x20).collect();
    assert_eq!(verify.len(), 2);
    for (number, _) in verify {
        for (left, sends) in [(number, false), (number, true), (number + 1, false)] {
            assert!(panics_after(left, sends), "no panic at {left}");
            let found = copies();
            assert!(found.is_empty(), "{left}, sent: {sends}: {found:#?}");
        }
    }
    let mut copy: Vec<u8> = black_box(HIDDEN).iter().map(|byte| byte ^ MASK).collect();
    assert!(!copies().is_empty());
    copy.zeroize();
}
