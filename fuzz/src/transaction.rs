//! A whole transaction against a hostile card and hostile people, by contacts or through the air with each kernel.
//!
//! It ends within its bounds, with a decision and a reason; it approves nothing that no cryptogram, or no issuer, approved;
//! and its recording replays to the same.

use std::{cell::RefCell, rc::Rc};

use emvident::{
    kernel::{
        Decision, Interface, Outcome, Terminal, Transaction,
        diagnosis::diagnose,
        session::{MAX_EXCHANGES, MAX_KEPT},
        transact,
    },
    readers::{Recording, Transcript, wait},
    recorded::Recorded,
    report::Report,
    run::{self, Run},
    scenario::Purchase,
    setup::TerminalSource,
    text::{Language, Text},
    vectors::SoftwareCard,
};

use super::{
    boundary::Beyond,
    hostile::Hostile,
    input::Input,
    memory::measured,
    stage::STAGE,
    unruly::{Shared, Unruly},
};

/// What the kernel may allocate in one transaction, in bytes.
pub const MEMORY: usize = 1 << 20;

const AMOUNTS: [u64; 6] = [0, 100, 1_000, 12_000, 20_000, 99_999_999];
const KINDS: [&str; 4] = ["purchase", "purchase-with-cashback", "refund", "cash"];

thread_local! {
    /// Parsed once.
    static TEXTS: Vec<Text> = Language::ALL.iter().map(|language| Text::new(*language)).collect();
}

/// Through its contacts.
pub fn contact(bytes: &[u8]) {
    transaction(bytes, &STAGE.contact, Interface::Contact);
}

/// A tap with a card of kernel 2.
pub fn c2(bytes: &[u8]) {
    transaction(bytes, &STAGE.c2, Interface::Contactless);
}

/// A tap with a card of kernel 3.
pub fn c3(bytes: &[u8]) {
    transaction(bytes, &STAGE.c3, Interface::Contactless);
}

/// A tap with a card of kernel 7.
pub fn c7(bytes: &[u8]) {
    transaction(bytes, &STAGE.c7, Interface::Contactless);
}

fn transaction(bytes: &[u8], cards: &[SoftwareCard], interface: Interface) {
    let input = Rc::new(RefCell::new(Input::new(bytes)));
    let mut first = input.borrow_mut();
    let card = first.one_of(cards).clone();
    let source = first.one_of(&STAGE.terminals);
    let purchase = Purchase {
        amount: *first.one_of(&AMOUNTS),
        kind: (*first.one_of(&KINDS)).to_owned(),
        interface: interface.id().to_owned(),
        ..Purchase::default()
    };
    let (pin_pad, taken_over, further) = (first.byte() > 250, first.byte(), first.byte() % 8);
    drop(first);
    let taken_over_at = if taken_over < 200 { u8::MAX } else { taken_over - 200 };
    let card = Hostile { card, input: input.clone(), pin_pad, taken_over_at };
    let run = recorded(card, &input, source, &purchase);
    ends_well(&run.outcome);
    match further {
        0 => replays(&run),
        1 => is_told(&run.outcome, &run),
        _ => {}
    }
}

fn recorded(
    card: Hostile<'_>,
    input: &Shared<'_>,
    (source, terminal): &(TerminalSource, Terminal),
    purchase: &Purchase,
) -> Run {
    let transaction: Transaction = purchase.resolve().expect("the transaction is right");
    let recording = Recording::new(run::header(source, purchase));
    let mut card = Beyond(recording.card(card));
    let mut people = Beyond(Recorded::new(Unruly { input: input.clone() }, recording.clone()));
    let future = transact(&mut card, &mut people, terminal, &transaction);
    let (outcome, measured) = measured(|| wait(future));
    assert!(measured.peak <= MEMORY, "{measured:?} after {} exchanges", outcome.log.exchanges.len());
    Run { outcome, transcript: recording.transcript(), terminal: terminal.clone(), transaction }
}

fn ends_well(outcome: &Outcome) {
    assert!(outcome.log.exchanges.len() <= usize::from(MAX_EXCHANGES));
    let kept = outcome.log.exchanges.iter().map(|one| one.response.as_deref().map_or(0, <[u8]>::len)).sum::<usize>();
    assert!(kept <= MAX_KEPT, "{kept}");
    let bound = outcome.log.findings.iter().any(|finding| finding.reason.id().starts_with("bound-"));
    match outcome.decision {
        Decision::NotCompleted => assert!(!outcome.log.findings.is_empty(), "it ended without a reason"),
        Decision::Approved => {
            assert!(outcome.online || !bound, "a bound was reached");
            assert!(outcome.online || has_certificate(outcome), "nobody approved that: {:?}", outcome.cryptograms);
        }
        Decision::Declined => {}
    }
    let _ = diagnose(outcome);
}

/// Whether a card gave a transaction certificate.
fn has_certificate(outcome: &Outcome) -> bool {
    use emvident::apdu::value::CryptogramType;
    outcome.cryptograms.iter().any(|given| given.cid.cryptogram_type() == CryptogramType::Tc)
}

fn replays(run: &Run) {
    let text = run.transcript.to_string();
    let read = Transcript::parse(&text).expect("what was written reads");
    assert_eq!(read, run.transcript);
    let again = run::replay(&read).expect("the recording says enough");
    assert_eq!(again.difference.map(|difference| difference.to_string()), None, "{text}");
    assert_eq!(again.run.outcome.log, run.outcome.log);
    assert_eq!(again.run.outcome.decision, run.outcome.decision);
    assert_eq!(again.run.transcript.to_string(), text);
}

fn is_told(outcome: &Outcome, run: &Run) {
    let report = Report::new(outcome, &run.terminal, &run.transaction);
    TEXTS.with(|texts| {
        for text in texts {
            assert!(!report.text(text, false).is_empty());
            assert!(report.json(text).starts_with('{'));
        }
    });
}
