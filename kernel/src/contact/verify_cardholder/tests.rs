use alloc::{string::String, vec};

use apdu::{
    Bits,
    value::{CvmResult, pan::Pan},
};
use proptest::prelude::*;

use super::{rules::Unusable, *};
use crate::{
    crypto::rsa::Exponent,
    finding::{Phase, Value},
    oda::{ChainReport, RsaKey, pin_key},
    pin::BlockFormat,
    point_of_sale::{Message, OnlinePinEntry, PinEntry, RandomPurpose},
    terminal::{Terminal, policy::Switch},
    testing::{ScriptedCard, ScriptedPointOfSale, bytes, card_data, ready, reasons, terminal, transaction, typed},
    transaction::Transaction,
};

const NO_COUNTER: (&str, &str) = ("80CA9F1700", "6A88");
const VERIFY: &str = "00 20 00 80 08 24 12 34 FF FF FF FF FF";
const THREE_LEFT: (&str, &str) = ("80CA9F1700", "9F1701039000");

/// Everything one verification can be set up with.
struct Scene {
    rules: &'static str,
    aip: Aip,
    terminal: Terminal,
    transaction: Transaction,
    card: ScriptedCard,
    point_of_sale: ScriptedPointOfSale,
    key: Result<IccKey, Vec<Finding>>,
}

/// What one verification came to.
struct Seen {
    verification: Result<Verification, Stop>,
    story: CvmStory,
    reasons: Vec<Reason>,
    findings: Vec<Finding>,
    point_of_sale: ScriptedPointOfSale,
}

impl Scene {
    /// A card with X = 40.00, Y = 60.00 and these rules in currency 0156, at a terminal that can do everything.
    fn new(rules: &'static str) -> Self {
        Self {
            rules,
            aip: Aip::ZERO.with(CARDHOLDER_VERIFICATION),
            terminal: terminal(),
            transaction: transaction(),
            card: ScriptedCard::default(),
            point_of_sale: ScriptedPointOfSale::default(),
            key: Err(vec![Finding::new(Reason::PinKeyMissing)]),
        }
    }

    fn card<'s>(mut self, steps: impl IntoIterator<Item = (&'s str, &'s str)>) -> Self {
        self.card = ScriptedCard::new(steps);
        self
    }

    fn types(mut self, pins: impl IntoIterator<Item = PinEntry>) -> Self {
        self.point_of_sale = ScriptedPointOfSale::typing(pins);
        self
    }

    fn types_online(mut self, pin: OnlinePinEntry) -> Self {
        self.point_of_sale = ScriptedPointOfSale::typing_online([pin]);
        self
    }

    fn run(self) -> Seen {
        let mut list = String::from("00000FA000001770");
        list.push_str(self.rules);
        self.run_with(&[
            (tag::CVM_LIST_8E, &list),
            (tag::APPLICATION_CURRENCY_CODE_9F42, "0156"),
            (tag::PAN_5A, "4761739001010010"),
        ])
    }

    fn run_with(mut self, objects: &[(apdu::Tag, &str)]) -> Seen {
        let (card, mut story, key) = (card_data(objects), CvmStory::default(), self.key);
        let rules = PinRules::new(self.terminal.policy, &ChainReport::default());
        let mut session = Session::new(&mut self.card, &mut self.point_of_sale, &self.terminal, &self.transaction);
        session.enter(Phase::CardholderVerification);
        let verification = ready(verify_cardholder(&mut session, &card, self.aip, || key, rules, &mut story));
        let log = session.into_log();
        assert!(self.card.is_done(), "the card expected more: {:?}", self.card);
        let point_of_sale = self.point_of_sale;
        Seen { verification, story, reasons: reasons(&log), findings: log.findings, point_of_sale }
    }
}

impl Seen {
    /// CVM results and TVR in hexadecimal digits, and the reasons.
    fn results(&self) -> (String, String, &[Reason]) {
        let verification = self.verification.as_ref().unwrap();
        assert_eq!(verification.tsi, Tsi::ZERO.with(tsi::CV_PERFORMED));
        for bit in verification.tvr.iter().filter(|bit| *bit != tvr::ONLINE_CVM_CAPTURED) {
            assert!(self.findings.iter().any(|finding| finding.tvr == Some(bit)), "no finding says why {bit} is set");
        }
        (hex::encode_upper(verification.results.0), hex::encode_upper(verification.tvr.0), &self.reasons)
    }

    fn steps(&self) -> Vec<Step> {
        self.story.visits.iter().map(|visit| visit.step).collect()
    }

    fn stop(&self) -> Reason {
        self.verification.as_ref().unwrap_err().reason
    }
}

macro_rules! results {
    ($seen:expr, $results:literal, $tvr:literal, [$($reason:ident),* $(,)?]) => {
        let reasons: &[Reason] = &[$(Reason::$reason),*];
        assert_eq!($seen.results(), ($results.into(), $tvr.into(), reasons));
    };
}

const fn performed(result: CvmResult) -> Step {
    Step::Performed { result, because: None }
}

const fn failed(because: Reason) -> Step {
    Step::Performed { result: CvmResult::Failed, because: Some(because) }
}

// --- The list ---

#[test]
fn a_card_that_does_not_support_verification_is_not_asked() {
    let mut scene = Scene::new("0000");
    scene.aip = Bits([0xEF, 0xFF]);
    let seen = scene.run();
    assert_eq!(seen.verification, Ok(Verification::not_performed(Tvr::ZERO)));
    assert_eq!(seen.verification.unwrap().results.0, [0x3F, 0x00, 0x00]);
    assert_eq!((seen.story, seen.reasons), (CvmStory::default(), vec![]));
}

#[test]
fn a_list_without_rules_counts_as_absent() {
    for objects in [&[][..], &[(tag::CVM_LIST_8E, "0000000000000000")]] {
        let seen = Scene::new("").run_with(objects);
        let missing = Verification::not_performed(Tvr::ZERO.with(tvr::ICC_DATA_MISSING));
        assert_eq!(seen.verification, Ok(missing));
        assert_eq!(seen.reasons, [Reason::CvmListEmpty]);
        assert_eq!(seen.findings[0].tvr, Some(tvr::ICC_DATA_MISSING));
    }
}

#[test]
fn a_cut_list_ends_the_transaction() {
    for (list, wanted, found) in [("", 8_u8, 0_u8), ("00000000000000", 8, 7), ("000000000000000000", 10, 9)] {
        let seen = Scene::new("").run_with(&[(tag::CVM_LIST_8E, list)]);
        assert_eq!(seen.stop(), Reason::CvmListFormat);
        let evidence = &seen.findings[0].evidence[0];
        assert_eq!((&evidence.expected, &evidence.found), (&Some(Value::from(wanted)), &Some(Value::from(found))));
    }
}

#[test]
fn the_first_rule_that_succeeds_is_the_last_one_visited() {
    let seen = Scene::new("1F00 0000").run_with(&[(tag::CVM_LIST_8E, "0000000A0000000B1F000000")]);
    results!(seen, "1F0002", "0000000000", []);
    assert_eq!(seen.story.amounts, Some((10, 11)));
    assert_eq!(seen.steps(), [performed(CvmResult::Successful)]);
}

#[test]
fn a_rule_whose_condition_does_not_hold_leaves_no_trace_but_the_story() {
    // None of them says to go on: skipping does not need that.
    let seen = Scene::new("00010009").run();
    results!(seen, "3F0001", "0000800000", [CvmNoneMatched]);
    let steps = [Step::Skipped(rules::Unmet::NotUnattendedCash), Step::Skipped(rules::Unmet::NotOver(6000))];
    assert_eq!(seen.steps(), steps);

    let seen = Scene::new("000142801F00").run();
    results!(seen, "1F0002", "0000000000", []);
    assert_eq!(seen.story.visits.len(), 3);
}

#[test]
fn fail_cvm_processing_stops_even_where_the_rule_says_to_go_on() {
    for (rules, results) in [("00001F00", "000001"), ("40001F00", "400001")] {
        let seen = Scene::new(rules).run();
        assert_eq!(seen.results(), (results.into(), "0000800000".into(), &[Reason::CvmFailed][..]));
        assert_eq!(seen.steps(), [performed(CvmResult::Failed)]);
    }
}

#[test]
fn an_unrecognised_method_fails_and_the_rule_says_whether_to_go_on() {
    results!(Scene::new("60001F00").run(), "1F0002", "0000400000", [CvmUnrecognised]);
    results!(Scene::new("20001F00").run(), "3F0001", "0000C00000", [CvmUnrecognised, CvmFailed]);
    // The last rule has nowhere to go on to.
    results!(Scene::new("7F00").run(), "3F0001", "0000C00000", [CvmUnrecognised, CvmFailed]);
    let seen = Scene::new("1F0148006000").run();
    results!(seen, "3F0001", "0000C00000", [CvmUnrecognised, CvmUnrecognised, CvmFailed]);
    assert_eq!(seen.steps()[1], Step::Unusable(Unusable::Unrecognised));
    assert_eq!(seen.findings[0].evidence[0].found, Some(Value::from([0x48, 0x00])));
    assert_eq!(seen.findings[0].evidence[0].place.offset, Some(10));
}

#[test]
fn an_unsupported_method_fails_and_a_missing_pin_pad_is_said() {
    let without_pin = |rules| {
        let mut scene = Scene::new(rules);
        scene.terminal.capabilities = Bits([0xE0, 0x28, 0xC8]);
        scene.run()
    };
    results!(without_pin("42001F00"), "1F0002", "0000100000", [CvmUnsupported]);
    results!(without_pin("41001F00"), "1F0002", "0000100000", [CvmUnsupported]);
    results!(without_pin("44001E00"), "1E0000", "0000100000", [CvmUnsupported]);
    results!(without_pin("02001F00"), "3F0001", "0000900000", [CvmUnsupported, CvmFailed]);

    let mut scene = Scene::new("5E001F00");
    scene.terminal.capabilities = Bits([0xE0, 0xD8, 0xC8]);
    results!(scene.run(), "1F0002", "0000000000", [CvmUnsupported]);
}

#[test]
fn condition_03_skips_what_is_unsupported_or_unrecognised_without_a_bit() {
    let mut scene = Scene::new("020320031F00");
    scene.terminal.capabilities = Bits([0xE0, 0x28, 0xC8]);
    let seen = scene.run();
    results!(seen, "1F0002", "0000000000", []);
    let skipped = |step: &Step| matches!(step, Step::Skipped(rules::Unmet::MethodUnusable(_)));
    assert!(seen.steps()[..2].iter().all(skipped));
}

#[test]
fn a_failed_method_stays_in_the_results_until_another_is_performed() {
    // A bypassed PIN, then rules that are not there, skipped, or unrecognised.
    for rules in ["4100", "41001F01", "41006000"] {
        let seen = Scene::new(rules).card([NO_COUNTER]).types([PinEntry::Bypassed]).run();
        let (results, ..) = seen.results();
        assert_eq!(results, "410001", "{rules}");
    }
    let seen = Scene::new("41001E00").card([NO_COUNTER]).types([PinEntry::Bypassed]).run();
    results!(seen, "1E0000", "0000080000", [CvmBypass]);
}

// --- Signature ---

#[test]
fn a_signature_is_as_good_as_unknown() {
    let seen = Scene::new("5E03").run();
    results!(seen, "5E0300", "0000000000", []);
    assert!(seen.verification.unwrap().signature);
}

// --- Plaintext PIN ---

#[test]
fn a_right_pin_verifies_the_cardholder() {
    let seen = Scene::new("4100").card([THREE_LEFT, (VERIFY, "9000")]).types([typed("1234")]).run();
    results!(seen, "410002", "0000000000", []);
    assert_eq!(seen.steps(), [performed(CvmResult::Successful)]);
    assert_eq!(seen.point_of_sale.shown, [Message::EnterPin, Message::PinOk]);
    let request = seen.point_of_sale.requests[0];
    assert_eq!((request.tries_left, request.after_wrong_pin, request.enciphered), (Some(3), false, false));
    assert!(!seen.verification.unwrap().signature);
}

#[test]
fn a_counter_that_the_card_does_not_give_is_unknown() {
    for answer in ["6A88", "6A81", "6985", "9F1702 0003 9000", "9F3601039000", "9000", "9F17", "0102039000"] {
        let card = [("80CA9F1700", answer), (VERIFY, "9000")];
        let seen = Scene::new("4100").card(card).types([typed("1234")]).run();
        results!(seen, "410002", "0000000000", []);
        assert_eq!(seen.point_of_sale.requests[0].tries_left, None, "{answer}");
    }
}

#[test]
fn a_wrong_pin_is_asked_again_with_what_the_card_says_is_left() {
    let card = [THREE_LEFT, (VERIFY, "63C2"), (VERIFY, "63C1"), (VERIFY, "9000")];
    let seen = Scene::new("0100").card(card).types([typed("1234"), typed("1234"), typed("1234")]).run();
    results!(seen, "010002", "0000000000", [PinWrong, PinWrong, PinLastTry]);
    let left: Vec<_> = seen.point_of_sale.requests.iter().map(|it| (it.tries_left, it.after_wrong_pin)).collect();
    assert_eq!(left, [(Some(3), false), (Some(2), true), (Some(1), true)]);
    let shown = [
        Message::EnterPin,
        Message::IncorrectPin,
        Message::EnterPin,
        Message::IncorrectPin,
        Message::LastPinTry,
        Message::EnterPin,
        Message::PinOk,
    ];
    assert_eq!(seen.point_of_sale.shown, shown);
}

#[test]
fn the_last_wrong_pin_blocks() {
    let card = [("80CA9F1700", "9F1701019000"), (VERIFY, "63C0")];
    let seen = Scene::new("4100").card(card).types([typed("1234")]).run();
    results!(seen, "410001", "0000A00000", [PinLastTry, PinWrong, PinBlocked, CvmPtl, CvmFailed]);
    assert_eq!(seen.steps(), [failed(Reason::CvmPtl)]);
    assert_eq!(seen.point_of_sale.shown, [Message::LastPinTry, Message::EnterPin, Message::IncorrectPin]);
}

#[test]
fn a_blocked_pin_is_not_asked_for() {
    let seen = Scene::new("41001F00").card([("80CA9F1700", "9F1701009000")]).run();
    results!(seen, "1F0002", "0000200000", [PinBlocked, CvmPtl]);
    assert!(seen.point_of_sale.requests.is_empty());
}

#[test]
fn a_pin_that_the_card_finds_blocked_fails() {
    for status in ["6983", "6984"] {
        let seen = Scene::new("4100").card([NO_COUNTER, (VERIFY, status)]).types([typed("1234")]).run();
        results!(seen, "410001", "0000A00000", [PinBlocked, CvmPtl, CvmFailed]);
    }
}

#[test]
fn any_other_answer_to_verify_ends_the_transaction() {
    for status in ["6985", "6300", "63D2", "6A80", "6400", "6401", "6403", "9001", "6283", "0000"] {
        let seen = Scene::new("41001F00").card([NO_COUNTER, (VERIFY, status)]).types([typed("1234")]).run();
        assert_eq!(seen.stop(), Reason::VerifySw, "{status}");
        assert_eq!(seen.steps(), [Step::Stopped(Reason::VerifySw)]);
    }
}

#[test]
fn a_card_that_never_counts_down_is_asked_fifteen_times() {
    let card = [NO_COUNTER].into_iter().chain([(VERIFY, "63CF"); 15]);
    let seen = Scene::new("0100").card(card).types((0..15).map(|_| typed("1234"))).run();
    let (results, tvr, reasons) = seen.results();
    assert_eq!((results.as_str(), tvr.as_str()), ("010001", "0000A00000"));
    assert_eq!(reasons.iter().filter(|reason| **reason == Reason::PinWrong).count(), 15);
    assert_eq!(reasons[16..], [Reason::PinBlocked, Reason::CvmPtl, Reason::CvmFailed]);
    assert_eq!(reasons[2], Reason::PinCounterStuck, "told once");
}

/// The same list under one switch of the policy.
fn under(switch: Switch, rules: &'static str) -> Scene {
    let mut scene = Scene::new(rules);
    scene.terminal.policy = scene.terminal.policy.with(switch, true);
    scene
}

#[test]
fn the_policy_ends_pin_entry_where_the_card_does_not_count() {
    let card = [NO_COUNTER, (VERIFY, "63CF"), (VERIFY, "63CF")];
    let scene = under(Switch::LimitPinEntries, "41001F00").card(card);
    let seen = scene.types([typed("1234"), typed("1234")]).run();
    let (results, tvr, reasons) = seen.results();
    assert_eq!((results.as_str(), tvr.as_str()), ("1F0001", "0000800000"), "no method makes up for it");
    let stuck =
        [Reason::PinWrong, Reason::PinWrong, Reason::PinCounterStuck, Reason::PolicyPinCounter, Reason::CvmFailed];
    assert_eq!(reasons, stuck);
}

#[test]
fn the_policy_ends_pin_entry_after_three() {
    let card = [NO_COUNTER, (VERIFY, "63C9"), (VERIFY, "63C8"), (VERIFY, "63C7")];
    let scene = under(Switch::LimitPinEntries, "0100").card(card);
    let seen = scene.types((0..4).map(|_| typed("1234"))).run();
    let (_, tvr, reasons) = seen.results();
    assert_eq!((tvr.as_str(), &reasons[3..]), ("0000800000", &[Reason::PolicyPinEntries, Reason::CvmFailed][..]));
}

#[test]
fn the_policy_gives_no_pin_in_the_clear_and_none_to_a_card_that_is_not_verified() {
    for (switch, reason) in [
        (Switch::NoPlaintextPin, Reason::PolicyPlaintextPin),
        (Switch::PinOnlyAfterVerifiedStaticData, Reason::PolicyPinUnverifiedCard),
    ] {
        let seen = under(switch, "41001E001F00").card([NO_COUNTER]).run();
        let (results, tvr, reasons) = seen.results();
        assert_eq!((results.as_str(), tvr.as_str()), ("1E0001", "0000800000"), "a signature is weaker");
        assert_eq!(reasons, [reason, Reason::CvmFailed]);
        let seen = under(switch, "41004200")
            .card([("80CA9F1700", "9F1701009000")])
            .types_online(OnlinePinEntry::Entered(block()))
            .run();
        let (results, tvr, reasons) = seen.results();
        assert_eq!((results.as_str(), tvr.as_str()), ("420000", "0000240000"), "a blocked PIN is told as under EMV");
        assert_eq!(reasons, [Reason::PinBlocked, Reason::CvmPtl, reason]);
    }
}

#[test]
fn cancelling_and_waiting_end_the_transaction() {
    for (entry, reason) in [(PinEntry::Cancelled, Reason::PinCancelled), (PinEntry::TimedOut, Reason::PinTimeout)] {
        let seen = Scene::new("41001F00").card([NO_COUNTER]).types([entry]).run();
        assert_eq!(seen.stop(), reason);
        assert_eq!(seen.story.visits.len(), 1);
        assert_eq!(seen.steps(), [Step::Stopped(reason)]);
    }
}

#[test]
fn a_broken_pin_pad_fails_the_method() {
    let seen = Scene::new("41005E00").card([NO_COUNTER]).types([PinEntry::PinPadBroken]).run();
    results!(seen, "5E0000", "0000100000", [CvmPinpad]);
    let seen = Scene::new("0100").card([NO_COUNTER]).types([PinEntry::PinPadBroken]).run();
    results!(seen, "010001", "0000900000", [CvmPinpad, CvmFailed]);
}

#[test]
fn a_card_that_leaves_during_verify_ends_the_transaction() {
    let seen = Scene::new("4100").card([NO_COUNTER, (VERIFY, "")]).types([typed("1234")]).run();
    assert_eq!(seen.stop(), Reason::CardRemoved);
}

// --- Bypass ---

#[test]
fn a_bypass_fails_one_method_or_all_pins_as_the_policy_says() {
    // Plaintext, enciphered and online PIN, then no CVM.
    let rules = "4100440042001F00";
    let mut scene = Scene::new(rules).card([NO_COUNTER, NO_COUNTER]).types([PinEntry::Bypassed]);
    scene.point_of_sale.online_pins.push_back(OnlinePinEntry::Bypassed);
    let seen = scene.run();
    results!(seen, "1F0002", "0000080000", [CvmBypass, PinKeyMissing, CvmBypass]);

    let mut scene = Scene::new(rules).card([NO_COUNTER]).types([PinEntry::Bypassed]);
    scene.terminal.pin.bypass_is_for_all = true;
    let seen = scene.run();
    results!(seen, "1F0002", "0000080000", [CvmBypass]);
    let bypassed = failed(Reason::CvmBypass);
    assert_eq!(seen.steps(), [bypassed, bypassed, bypassed, performed(CvmResult::Successful)]);
}

#[test]
fn a_bypass_for_all_is_in_the_results_of_the_last_pin() {
    let mut scene = Scene::new("41004200").card([NO_COUNTER]).types([PinEntry::Bypassed]);
    scene.terminal.pin.bypass_is_for_all = true;
    results!(scene.run(), "420001", "0000880000", [CvmBypass, CvmFailed]);
}

#[test]
fn a_bypass_after_a_wrong_pin_does_not_exceed_the_try_limit() {
    let card = [THREE_LEFT, (VERIFY, "63C2")];
    let seen = Scene::new("0100").card(card).types([typed("1234"), PinEntry::Bypassed]).run();
    results!(seen, "010001", "0000880000", [PinWrong, CvmBypass, CvmFailed]);
}

#[test]
fn a_bypass_that_is_not_allowed_ends_the_transaction() {
    let mut scene = Scene::new("41001F00").card([NO_COUNTER]).types([PinEntry::Bypassed]);
    scene.terminal.pin.bypass_allowed = false;
    let seen = scene.run();
    assert_eq!(seen.stop(), Reason::PinBypassed);
    assert!(!seen.point_of_sale.requests[0].bypass_allowed);
    let mut scene = Scene::new("42001F00").types_online(OnlinePinEntry::Bypassed);
    scene.terminal.pin.bypass_allowed = false;
    assert_eq!(scene.run().stop(), Reason::PinBypassed);
}

// --- A reader with a PIN pad ---

fn on_reader(statuses: &[u16], entries: usize) -> Scene {
    let mut scene = Scene::new("41005E00").card([NO_COUNTER]).types((0..entries).map(|_| PinEntry::OnReader));
    scene.card.pin_pad = Some(statuses.iter().copied().collect());
    scene
}

#[test]
fn the_readers_pin_pad_verifies() {
    let seen = on_reader(&[0x63C2, 0x9000], 2).run();
    results!(seen, "410002", "0000000000", [PinWrong]);
    assert!(seen.point_of_sale.requests[0].reader_has_pin_pad);
    assert_eq!(seen.point_of_sale.requests[1].tries_left, Some(2));
}

#[test]
fn the_readers_pin_pad_says_how_entry_ended() {
    assert_eq!(on_reader(&[0x6400], 1).run().stop(), Reason::PinTimeout);
    assert_eq!(on_reader(&[0x6401], 1).run().stop(), Reason::PinCancelled);
    assert_eq!(on_reader(&[0x6402], 1).run().stop(), Reason::VerifySw);
    let seen = on_reader(&[0x6403, 0x9000], 2).run();
    results!(seen, "410002", "0000000000", [PinLengthOutOfRange]);
    assert!(!seen.point_of_sale.requests[1].after_wrong_pin);
    assert_eq!(seen.point_of_sale.shown[1], Message::TryAgain);
}

#[test]
fn a_pin_pad_that_the_reader_does_not_have_or_cannot_use_is_a_missing_one() {
    let seen = Scene::new("41005E00").card([NO_COUNTER]).types([PinEntry::OnReader]).run();
    results!(seen, "5E0000", "0000100000", [CvmPinpad]);
    // Enciphered PINs never go through the reader's PIN pad.
    let mut scene = on_reader(&[], 1);
    scene.rules = "44005E00";
    scene.key = Ok(key());
    let seen = scene.run();
    results!(seen, "5E0000", "0000100000", [CvmPinpad]);
    assert!(!seen.point_of_sale.requests[0].reader_has_pin_pad);
}

// --- Enciphered PIN ---

/// Any modulus does: what the card makes of the data is not the kernel's business.
fn key() -> IccKey {
    let key = RsaKey::new([0xC1; 64].to_vec(), Exponent::Three).unwrap();
    IccKey { key, expiry: transaction().date, serial: [0; 3] }
}

fn enciphered(challenge: &str, random: &[u8]) -> String {
    let block = bytes("241234FFFFFFFFFF").try_into().unwrap();
    let data = pin_key::encipher(&key(), &block, &bytes(challenge).try_into().unwrap(), random).unwrap();
    let mut command = String::from("0020008840");
    command.push_str(&hex::encode_upper(data));
    command
}

#[test]
fn an_enciphered_pin_has_a_fresh_challenge_and_fresh_padding_for_each_try() {
    let random: Vec<u8> = (1..=94).collect();
    let first = enciphered("1111111111111111", &random[..47]);
    let second = enciphered("2222222222222222", &random[47..]);
    let mut scene = Scene::new("0400").types([typed("1234"), typed("1234")]).card([
        THREE_LEFT,
        ("0084000000", "11111111111111119000"),
        (&first, "63C2"),
        ("0084000000", "22222222222222229000"),
        (&second, "9000"),
    ]);
    scene.key = Ok(key());
    scene.point_of_sale.random = random;
    let seen = scene.run();
    results!(seen, "040002", "0000000000", [PinWrong]);
    assert_eq!(seen.point_of_sale.drawn, [(RandomPurpose::PinPadding, 47); 2]);
    assert!(seen.point_of_sale.requests[0].enciphered);
}

#[test]
fn a_card_without_a_challenge_fails_the_method_and_sets_no_pin_bit() {
    for challenge in ["6D00", "111111111111119000", "1111111111111111119000", "9000", "11111111111111116A80"] {
        let mut scene = Scene::new("4400").card([NO_COUNTER, ("0084000000", challenge)]).types([typed("1234")]);
        scene.key = Ok(key());
        results!(scene.run(), "440001", "0000800000", [PinChallengeFailed, CvmFailed]);
    }
}

#[test]
fn without_a_key_nobody_is_asked_for_a_pin_and_its_findings_are_told_once() {
    let scene = Scene::new("440045005E00").card([THREE_LEFT, THREE_LEFT]);
    let seen = scene.run();
    results!(seen, "5E0000", "0000000000", [PinKeyMissing]);
    let missing = failed(Reason::PinKeyMissing);
    assert_eq!(seen.steps(), [missing, missing, performed(CvmResult::Unknown)]);
    assert!(seen.point_of_sale.requests.is_empty());

    let mut scene = Scene::new("4400").card([THREE_LEFT]);
    let causes = [Reason::OdaIssuerCertHash, Reason::PinKeyRecoveryFailed];
    scene.key = Err(causes.into_iter().map(Finding::new).collect());
    let seen = scene.run();
    results!(seen, "440001", "0000800000", [OdaIssuerCertHash, PinKeyRecoveryFailed, CvmFailed]);
    assert_eq!(seen.steps(), [failed(Reason::PinKeyRecoveryFailed)]);

    let mut scene = Scene::new("4400").card([THREE_LEFT]);
    scene.key = Err(Vec::new());
    assert_eq!(scene.run().steps(), [failed(Reason::PinKeyRecoveryFailed)]);
}

#[test]
fn a_key_too_long_for_a_command_fails_the_method() {
    let mut scene = Scene::new("4400").types([typed("1234")]);
    scene = scene.card([NO_COUNTER, ("0084000000", "11111111111111119000")]);
    let long = RsaKey::new([0xC1; 256].to_vec(), Exponent::Three);
    scene.key = Ok(IccKey { key: long.unwrap_or_else(|_| panic!("a key of 256 bytes")), ..key() });
    scene.point_of_sale.random = vec![0x55];
    results!(scene.run(), "440001", "0000800000", [PinKeyRecoveryFailed, CvmFailed]);
}

#[test]
fn a_key_recovered_once_serves_every_rule() {
    // The first enciphered PIN is bypassed, the second typed.
    let zeros = [0; 47];
    let command = enciphered("1111111111111111", &zeros);
    let card = [NO_COUNTER, NO_COUNTER, ("0084000000", "11111111111111119000"), (&command, "9000")];
    let mut scene = Scene::new("44004500").card(card).types([PinEntry::Bypassed, typed("1234")]);
    scene.key = Ok(key());
    let seen = scene.run();
    results!(seen, "450000", "0000080000", [CvmBypass]);
    assert!(seen.verification.unwrap().signature);
}

// --- Combinations ---

#[test]
fn pin_and_signature_need_both() {
    let seen = Scene::new("4300").card([NO_COUNTER, (VERIFY, "9000")]).types([typed("1234")]).run();
    results!(seen, "430000", "0000000000", []);
    assert!(seen.verification.unwrap().signature);

    let seen = Scene::new("43001F00").card([NO_COUNTER, (VERIFY, "63C0")]).types([typed("1234")]).run();
    results!(seen, "1F0002", "0000200000", [PinWrong, PinBlocked, CvmPtl]);
    assert!(!seen.verification.unwrap().signature);
}

// --- Online PIN ---

fn block() -> OnlinePinBlock {
    OnlinePinBlock { format: BlockFormat::Format3, bytes: vec![0xAB; 8] }
}

#[test]
fn an_online_pin_is_captured_and_unknown() {
    let mut scene = Scene::new("4200").types_online(OnlinePinEntry::Entered(block()));
    scene.terminal.pin.online_format = BlockFormat::Format3;
    let seen = scene.run();
    results!(seen, "420000", "0000040000", []);
    assert_eq!(seen.verification.as_ref().unwrap().online_pin, Some(block()));
    let pan = Pan::from_digits("4761739001010010").unwrap();
    assert_eq!(seen.point_of_sale.online_requests, [(pan, BlockFormat::Format3)]);
    assert_eq!(seen.point_of_sale.shown, [Message::EnterPin]);
}

#[test]
fn an_online_pin_is_taken_after_the_offline_one_is_blocked() {
    let card = [("80CA9F1700", "9F1701009000")];
    let seen = Scene::new("41004200").card(card).types_online(OnlinePinEntry::Entered(block())).run();
    results!(seen, "420000", "0000240000", [PinBlocked, CvmPtl]);
}

#[test]
fn an_online_pin_that_is_not_entered_fails_for_its_own_reason() {
    let with = |entry| Scene::new("4200").types_online(entry).run();
    results!(with(OnlinePinEntry::Bypassed), "420001", "0000880000", [CvmBypass, CvmFailed]);
    results!(with(OnlinePinEntry::PinPadBroken), "420001", "0000900000", [CvmPinpad, CvmFailed]);
    results!(with(OnlinePinEntry::KeyMissing), "420001", "0000900000", [PinOnlineKeyMissing, CvmFailed]);
    assert_eq!(with(OnlinePinEntry::Cancelled).stop(), Reason::PinCancelled);
    assert_eq!(with(OnlinePinEntry::TimedOut).stop(), Reason::PinTimeout);
    assert!(with(OnlinePinEntry::Bypassed).verification.unwrap().online_pin.is_none());
}

#[test]
fn an_online_pin_without_a_card_number_ends_the_transaction() {
    let seen = Scene::new("").run_with(&[(tag::CVM_LIST_8E, "00000000000000004200")]);
    assert_eq!(seen.stop(), Reason::DataFormat);
}

// --- Hostile lists and cards ---

/// A card that answers everything with the same status word, and people who type the same PIN for ever.
struct Stubborn(u16);

impl Card for Stubborn {
    async fn transmit(&mut self, _: &apdu::Command) -> Result<apdu::Exchange, apdu::Fault> {
        let response = apdu::Response::status_only(apdu::StatusWord(self.0));
        Ok(apdu::Exchange { response, elapsed: core::time::Duration::ZERO })
    }

    fn atr(&self) -> &[u8] {
        &[]
    }
}

proptest! {
    #[test]
    fn no_list_and_no_status_word_makes_it_panic_or_run_on(
        list in proptest::collection::vec(any::<u8>(), 0..=252), status: u16, wrong: bool, capabilities: u8,
    ) {
        let status = if wrong { 0x63C0 | (status & 0x0F) } else { status };
        let (mut here, asked) = (terminal(), transaction());
        here.capabilities = Bits([0xE0, capabilities, 0xC8]);
        let (mut card, mut story) = (Stubborn(status), CvmStory::default());
        let mut point_of_sale = ScriptedPointOfSale::typing((0..2000).map(|_| typed("1234")));
        point_of_sale.online_pins.extend((0..200).map(|_| OnlinePinEntry::KeyMissing));
        let mut session = Session::new(&mut card, &mut point_of_sale, &here, &asked);
        let data = card_data(&[(tag::CVM_LIST_8E, &hex::encode(&list)), (tag::PAN_5A, "4761739001010010")]);
        let aip = Aip::ZERO.with(CARDHOLDER_VERIFICATION);
        let key = || Err(vec![Finding::new(Reason::PinKeyMissing)]);
        let rules = PinRules::new(here.policy, &ChainReport::default());
        let verification = ready(verify_cardholder(&mut session, &data, aip, key, rules, &mut story));
        prop_assert!(story.visits.len() <= list.len() / 2);
        if let Ok(verification) = verification {
            let success = matches!(story.visits.last(), Some(Visit { step: Step::Performed { result, .. }, .. }) if *result != CvmResult::Failed);
            let no_list = story.amounts.is_none();
            prop_assert_eq!(verification.tvr.has(tvr::CV_NOT_SUCCESSFUL), !success && !no_list);
        }
    }
}
