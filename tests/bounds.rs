//! What one transaction may cost, held against cards that want more: exchanges, card time, memory, depth. Each bound ends
//! the transaction with a finding of its own, never with a crash or an approval.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

#[path = "../fuzz/src/boundary.rs"]
mod boundary;
#[path = "../fuzz/src/memory.rs"]
mod memory;

use std::time::Duration;

use emvident::{
    apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence, Response, StatusWord, Tag, tlv},
    kernel::{Decision, Finding, Interface, Outcome, Reason, session::MAX_EXCHANGES, transact},
    readers::wait,
    scenario::{Purchase, Scenario},
    vectors::SoftwareCard,
};

use boundary::Beyond;
use memory::{Measured, measured};

#[global_allocator]
static MEMORY: memory::Counting = memory::Counting;

/// What the kernel may allocate in one transaction.
const MIB: usize = 1 << 20;

const SELECT: u8 = 0xA4;
const READ_RECORD: u8 = 0xB2;
const GENERATE_AC: u8 = 0xAE;
const GET_PROCESSING_OPTIONS: u8 = 0xA8;

/// One card for contacts and for each kernel.
const CARDS: [(&str, Interface); 4] = [
    ("cda", Interface::Contact),
    ("c2", Interface::Contactless),
    ("c3-offline", Interface::Contactless),
    ("c7-electronic-cash", Interface::Contactless),
];

/// A software card whose answers `change` makes greedy: it gets the command, how many went before, and the honest answer.
struct Greedy<F> {
    card: SoftwareCard,
    sent: usize,
    change: F,
}

/// An answer of a greedy card.
type Answer = Result<(Vec<u8>, Duration), Fault>;

impl<F: FnMut(&Command, usize, Vec<u8>) -> Answer> Card for Greedy<F> {
    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let honest = self.card.transmit(command).await?.response.as_bytes().to_vec();
        let (answer, elapsed) = (self.change)(command, self.sent, honest)?;
        self.sent += 1;
        Ok(Exchange { response: Response::from_bytes(&answer).unwrap(), elapsed })
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }

    async fn activate(&mut self) -> Result<Presence, Fault> {
        self.card.activate().await
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        self.card.field_off(duration).await
    }
}

fn scenario(card: &str, interface: Interface) -> Scenario {
    let mut scenario = Scenario::of_card(card);
    scenario.transaction = Purchase { interface: interface.id().to_owned(), ..Purchase::default() };
    scenario
}

fn play(scenario: &Scenario, change: impl FnMut(&Command, usize, Vec<u8>) -> Answer) -> (Outcome, Measured) {
    let table = scenario.lay().unwrap();
    let mut card = Beyond(Greedy { card: table.card, sent: 0, change });
    let mut people = Beyond(table.point_of_sale);
    let future = transact(&mut card, &mut people, &table.terminal, &table.transaction);
    let (outcome, measured) = measured(|| wait(future));
    assert!(measured.peak < MIB, "{measured:?}");
    assert!(outcome.log.exchanges.len() <= usize::from(MAX_EXCHANGES));
    println!("{}: {measured:?}, {} exchanges", scenario.card, outcome.log.exchanges.len());
    (outcome, measured)
}

/// Plays a greedy card and sees that `bound` ended it.
fn reaches(bound: Reason, scenario: &Scenario, change: impl FnMut(&Command, usize, Vec<u8>) -> Answer) -> Outcome {
    let (outcome, _) = play(scenario, change);
    let reasons: Vec<_> = outcome.log.findings.iter().map(|finding| finding.reason.id()).collect();
    assert_eq!(reasons.iter().filter(|reason| **reason == bound.id()).count(), 1, "{}: {reasons:?}", scenario.card);
    assert_eq!(outcome.decision, Decision::NotCompleted);
    outcome
}

fn in_no_time(answer: Vec<u8>) -> Answer {
    Ok((answer, Duration::ZERO))
}

/// Data objects with status word 9000.
fn objects(objects: &[(u32, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    objects.iter().for_each(|(tag, value)| tlv::write(&mut bytes, Tag::new(*tag), value));
    bytes.extend_from_slice(&StatusWord(0x9000).0.to_be_bytes());
    bytes
}

/// A record as long as an answer can be, with nothing in it that is known.
fn longest_record() -> Vec<u8> {
    let mut inside = Vec::new();
    tlv::write(&mut inside, Tag::new(0xDF01), &[0xAA; 248]);
    objects(&[(0x70, &inside)])
}

/// GET PROCESSING OPTIONS with this locator in the place of the card's.
fn with_locator(honest: &[u8], locator: &[u8]) -> Vec<u8> {
    let data = &honest[..honest.len() - 2];
    let template = tlv::Reader::strict(data).next().unwrap().unwrap();
    if template.tag == Tag::new(0x80) {
        return objects(&[(0x80, &[&template.value[..2], locator].concat())]);
    }
    let mut inside = Vec::new();
    let others = template.children().flatten().filter(|object| object.tag != Tag::new(0x94));
    others.for_each(|object| inside.extend_from_slice(object.raw));
    tlv::write(&mut inside, Tag::new(0x94), locator);
    objects(&[(0x77, &inside)])
}

/// A card that lists 1,275 records and gives `record` for each.
fn endless(signed: u8, record: Vec<u8>) -> impl FnMut(&Command, usize, Vec<u8>) -> Answer {
    move |command, _, honest| {
        in_no_time(match command.ins() {
            GET_PROCESSING_OPTIONS => with_locator(&honest, &[0x10, 0x01, 0xFF, signed].repeat(5)),
            READ_RECORD => record.clone(),
            _ => honest,
        })
    }
}

#[test]
fn endless_records_end_at_the_bound_on_exchanges() {
    for (card, interface) in CARDS {
        let outcome = reaches(Reason::BoundExchanges, &scenario(card, interface), endless(0, objects(&[(0x70, &[])])));
        assert_eq!(outcome.log.exchanges.len(), usize::from(MAX_EXCHANGES), "{card}");
    }
}

#[test]
fn the_longest_locator_there_can_be_is_no_worse() {
    // 62 entries of 255 records are what fits an answer: 15,810 exchanges, if they were made.
    let mut scenario = scenario("visa-18", Interface::Contact);
    scenario.alterations = vec![format!("afl {}", "0801FF00".repeat(62)).parse().unwrap()];
    let empty = objects(&[(0x70, &[])]);
    let change = |command: &Command, _: usize, honest: Vec<u8>| {
        in_no_time(if command.ins() == READ_RECORD { empty.clone() } else { honest })
    };
    reaches(Reason::BoundExchanges, &scenario, change);
}

#[test]
fn the_longest_records_end_at_a_bound() {
    for (card, interface) in CARDS {
        reaches(Reason::BoundMemory, &scenario(card, interface), endless(0xFF, longest_record()));
        let (outcome, _) = play(&scenario(card, interface), endless(0, longest_record()));
        let bound = |finding: &Finding| finding.reason.id().starts_with("bound-");
        assert!(outcome.log.findings.iter().any(bound), "{card}");
        assert_eq!(outcome.decision, Decision::NotCompleted, "{card}");
    }
}

#[test]
fn more_than_sixteen_kilobytes_to_authenticate_are_no_trouble() {
    for (card, interface) in CARDS {
        let mut left = 70_u8;
        let change = move |command: &Command, _: usize, honest: Vec<u8>| {
            in_no_time(match command.ins() {
                GET_PROCESSING_OPTIONS => {
                    let before = tlv_value(&honest, 0x94);
                    with_locator(&honest, &[before, vec![0x58, 1, 70, 70]].concat())
                }
                READ_RECORD if command.header()[3] == 0x5C && left > 0 => {
                    left -= 1;
                    longest_record()
                }
                _ => honest,
            })
        };
        let (outcome, _) = play(&scenario(card, interface), change);
        assert!(outcome.signed_records.bytes.len() > 16 * 1024, "{card}: {:?}", outcome.log.findings);
        assert_ne!((outcome.decision, outcome.online), (Decision::Approved, false), "{card}");
    }
}

/// The value of an object in a template that makes up the answer; of format 1 the AFL.
fn tlv_value(answer: &[u8], tag: u32) -> Vec<u8> {
    let data = &answer[..answer.len() - 2];
    let template = tlv::Reader::strict(data).next().unwrap().unwrap();
    if template.tag == Tag::new(0x80) {
        return template.value[2..].to_vec();
    }
    let found = template.children().flatten().find(|object| object.tag == Tag::new(tag));
    found.map_or_else(Vec::new, |object| object.value.to_vec())
}

#[test]
fn an_endless_directory_ends_at_the_bound_on_memory() {
    let listed = |rid: [u8; 5]| {
        move |command: &Command, _: usize, honest: Vec<u8>| {
            let [_, ins, record, _] = command.header();
            in_no_time(match ins {
                SELECT => objects(&[(0x6F, &[0x84, 0x02, 0x31, 0x50, 0xA5, 0x03, 0x88, 0x01, 0x01])]),
                READ_RECORD => {
                    let entry = |number: u8| [&[0x61, 0x0A, 0x4F, 0x08][..], &rid, &[0x10, record, number]].concat();
                    let entries: Vec<u8> = (0..20).flat_map(entry).collect();
                    objects(&[(0x70, &entries)])
                }
                _ => honest,
            })
        }
    };
    let scenario = scenario("pse", Interface::Contact);
    reaches(Reason::BoundMemory, &scenario, listed([0xA0, 0, 0, 0, 3]));
    reaches(Reason::BoundMemory, &scenario, listed([0xA0, 0, 0, 0x99, 0x99]));
}

#[test]
fn tiny_and_nested_objects_by_the_thousand_change_nothing() {
    let tiny = objects(&[(0x70, &[0x5A, 0x00].repeat(120))]);
    let unknown = objects(&[(0x70, &[0xDF, 0x01, 0x00].repeat(80))]);
    let mut nested = vec![0x70, 0x00];
    (0..120).for_each(|depth| nested = [&[0x70, 2 + 2 * depth][..], &nested].concat());
    nested.extend_from_slice(&[0x90, 0x00]);
    for (card, interface) in CARDS {
        for record in [&tiny, &unknown, &nested] {
            let (outcome, _) = play(&scenario(card, interface), endless(0xFF, record.clone()));
            assert_eq!(outcome.decision, Decision::NotCompleted, "{card}");
        }
    }
}

#[test]
fn a_list_of_objects_of_255_bytes_asks_for_more_than_it_gets() {
    let bomb = [0xDF, 0x60, 0xFF].repeat(70);
    for (card, interface) in CARDS {
        let mut bombs = 0;
        // PDOL, CDOL1, DDOL: whichever of them the card has.
        for tag in [0x9F38, 0x8C, 0x9F49] {
            let mut planted = false;
            let change = |command: &Command, _: usize, honest: Vec<u8>| {
                in_no_time(match command.ins() {
                    SELECT | READ_RECORD if honest.len() > 2 => {
                        let bombed = with_object(&honest, tag, &bomb);
                        planted |= bombed != honest;
                        bombed
                    }
                    _ => honest,
                })
            };
            let (outcome, _) = play(&scenario(card, interface), change);
            assert!(!planted || (outcome.decision, outcome.online) != (Decision::Approved, false), "{card} {tag:X}");
            bombs += u8::from(planted);
        }
        assert!(bombs > 0, "{card} has no list");
    }
}

/// The answer with another value for an object in it, wherever it stands.
fn with_object(answer: &[u8], tag: u32, value: &[u8]) -> Vec<u8> {
    fn changed(objects: &[u8], tag: Tag, value: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for object in tlv::Reader::strict(objects).flatten() {
            match object.tag {
                here if here == tag => tlv::write(&mut out, here, value),
                here if here.is_constructed() => tlv::write(&mut out, here, &changed(object.value, tag, value)),
                _ => out.extend_from_slice(object.raw),
            }
        }
        out
    }
    let (data, status) = answer.split_at(answer.len() - 2);
    let mut bytes = changed(data, Tag::new(tag), value);
    bytes.truncate(256);
    [&bytes, status].concat()
}

#[test]
fn a_flood_of_findings_ends_at_the_bound_on_memory() {
    // One entry of the directory is right, a hundred are wrong, and the card leaves the field at each final SELECT.
    let mut wrong = [0x61, 0x00].repeat(100);
    wrong.splice(0..0, [0x61, 0x09, 0x4F, 0x07, 0xA0, 0, 0, 0, 0x04, 0x10, 0x10]);
    let mut template = Vec::new();
    tlv::write(&mut template, Tag::new(0xBF0C), &wrong);
    let mut fci = vec![0x84, 0x02, 0x32, 0x50];
    tlv::write(&mut fci, Tag::new(0xA5), &template);
    let directory = objects(&[(0x6F, &fci)]);
    let change = |command: &Command, _: usize, _: Vec<u8>| match command.data() {
        b"2PAY.SYS.DDF01" => in_no_time(directory.clone()),
        _ => Err(Fault::Timeout),
    };
    let mut scenario = scenario("c2", Interface::Contactless);
    scenario.configuration = "[contactless]\nbook-version = \"2.10\"".parse().unwrap();
    let outcome = reaches(Reason::BoundMemory, &scenario, change);
    assert!(outcome.log.findings.len() < 1500, "{}", outcome.log.findings.len());
}

#[test]
fn a_card_that_is_tapped_again_and_again_ends_at_a_bound() {
    let mut scenario = scenario("c2-locked-phone", Interface::Contactless);
    let locked = vec!["000100"; 16].join("/");
    scenario.alterations = vec![format!("with c2=interaction:{locked}").parse().unwrap()];
    let mut cryptograms = 0;
    // Its owner is asked each time, and before that it leaves the field as often as it may.
    let change = |command: &Command, _: usize, honest: Vec<u8>| {
        let asks = command.ins() == GENERATE_AC;
        cryptograms += usize::from(asks);
        if asks && cryptograms % 8 != 0 { Err(Fault::Timeout) } else { in_no_time(honest) }
    };
    let (outcome, _) = play(&scenario, change);
    let taps = outcome.tap.map_or(0, |tap| tap.activations.len());
    assert!(taps >= 16 && outcome.decision == Decision::NotCompleted, "{taps}: {:?}", outcome.log.findings.last());
}

#[test]
fn answers_just_in_time_add_up_to_the_bound_on_time() {
    let late = |seconds| move |_: &Command, _: usize, honest: Vec<u8>| Ok((honest, Duration::from_secs(seconds)));
    for (card, interface) in CARDS {
        let outcome = reaches(Reason::BoundTime, &scenario(card, interface), late(9));
        let taken: Duration = outcome.log.exchanges.iter().map(|exchange| exchange.elapsed).sum();
        let limit = if interface == Interface::Contact { 60 } else { 15 };
        assert!(taken > Duration::from_secs(limit) && taken <= Duration::from_secs(limit + 9), "{card}: {taken:?}");
        let mut patient = scenario(card, interface);
        patient.configuration = "limits.contact-seconds = 3600\nlimits.contactless-seconds = 3600".parse().unwrap();
        let (outcome, _) = play(&patient, late(9));
        assert!(outcome.log.findings.iter().all(|finding| finding.reason != Reason::BoundTime), "{card}");
    }
}

/// A card whose reader has a PIN pad, on which somebody types for a long time.
struct AtPinPad(SoftwareCard);

impl Card for AtPinPad {
    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        self.0.transmit(command).await
    }

    fn atr(&self) -> &[u8] {
        self.0.atr()
    }

    fn has_pin_pad(&self) -> bool {
        true
    }

    async fn verify_on_pin_pad(&mut self, _: &PinPadRequest) -> Result<Exchange, Fault> {
        Ok(Exchange { response: Response::status_only(StatusWord(0x9000)), elapsed: Duration::from_secs(600) })
    }
}

#[test]
fn what_a_cardholder_types_at_the_reader_is_not_the_cards_time() {
    let mut table = scenario("sda", Interface::Contact).lay().unwrap();
    let mut card = AtPinPad(table.card);
    let outcome = wait(transact(&mut card, &mut table.point_of_sale, &table.terminal, &table.transaction));
    let typed = outcome.log.exchanges.iter().any(|exchange| exchange.elapsed == Duration::from_secs(600));
    assert!(typed && outcome.decision == Decision::Approved, "{:?}", outcome.log.findings);
}

#[test]
fn an_approval_that_comes_too_late_is_none() {
    for (card, interface) in [("offline", Interface::Contact), ("c2", Interface::Contactless)] {
        let change = |command: &Command, _: usize, honest: Vec<u8>| {
            let late = if command.ins() == GENERATE_AC { 61 } else { 0 };
            Ok((honest, Duration::from_secs(late)))
        };
        let outcome = reaches(Reason::BoundTime, &scenario(card, interface), change);
        assert!(!outcome.online, "{card}");
    }
}
