//! Whole transactions against a scripted card that authenticates nobody: the arrows of the flow chart. Cards that sign are
//! tested from outside, with software cards.

use alloc::{format, string::String, vec, vec::Vec};

use apdu::value::tvr;

use super::purchase;
use crate::{
    finding::Reason,
    outcome::{Decider, Decision, Outcome},
    point_of_sale::{Answer, Authorisation, Message, Unable},
    terminal::Terminal,
    testing::{ScriptedCard, ScriptedPointOfSale, ready, reasons, terminal, transaction},
};

const FCI: &str = "6F0B 8407A0000000031010 A500 9000";
const ASK_TC: &str = "80AE4000..";
const ASK_ARQC: &str = "80AE8000..";
const ASK_AAC: &str = "80AE0000..";
const TC: &str = "8012 40 0001 1122334455667788 06010A03A0A000 9000";
const ARQC: &str = "8012 80 0001 1122334455667788 06010A03A0A000 9000";
const AAC: &str = "8012 00 0001 1122334455667788 06010A03A0A000 9000";

/// Selection, a GPO answer with `profile`, and one record whose issuer action codes are `codes` (default, denial, online).
fn opening(profile: &str, codes: [&str; 3]) -> Vec<(String, String)> {
    let [default, denial, online] = codes;
    let record = format!(
        "5A084761739001010010 5F2403301231 8C0B9F0206 9505 9F3704 9F3403 8D078A0295059F3704 \
         9F0D05{default} 9F0E05{denial} 9F0F05{online}"
    )
    .replace(' ', "");
    let length = record.len() / 2;
    let steps = [
        ("00A4040005A00000000300", FCI),
        ("00A4040205A00000000300", "6A82"),
        ("00A4040007A000000003101000", FCI),
        ("80A8000002830000", &format!("770A 8202{profile} 940408010100 9000")),
        ("00B2010C00", &format!("70{length:02X} {record} 9000")),
    ];
    steps.map(|(command, response)| (command.into(), response.into())).into()
}

const NO_CODES: [&str; 3] = ["0000000000"; 3];

fn run_on(
    terminal: &Terminal,
    opening: Vec<(String, String)>,
    rest: &[(&str, &str)],
    people: ScriptedPointOfSale,
) -> Outcome {
    let rest = rest.iter().map(|(command, response)| (String::from(*command), String::from(*response)));
    let steps: Vec<_> = opening.into_iter().chain(rest).collect();
    let mut card = ScriptedCard::new(steps.iter().map(|(command, response)| (command.as_str(), response.as_str())));
    let mut people = people;
    let transaction = transaction();
    let outcome = ready(purchase(&mut card, &mut people, terminal, &transaction));
    assert!(card.is_done(), "the card was not asked everything: {:?}", reasons(&outcome.log));
    let last = *people.shown.last().unwrap();
    let expected = match outcome.decision {
        Decision::Approved => Message::Approved,
        Decision::Declined => Message::Declined,
        Decision::NotCompleted => last,
    };
    assert_eq!(last, expected);
    outcome
}

fn without_pse() -> Terminal {
    let mut terminal = terminal();
    terminal.selection.use_pse = false;
    terminal
}

fn run(rest: &[(&str, &str)], people: ScriptedPointOfSale) -> Outcome {
    run_on(&without_pse(), opening("0000", NO_CODES), rest, people)
}

fn issuer(answer: Answer) -> ScriptedPointOfSale {
    let mut people = ScriptedPointOfSale::default();
    people.authorisations.push_back(Authorisation::Answered(answer));
    people
}

fn answer(code: &[u8; 2]) -> Answer {
    Answer { response_code: *code, issuer_authentication_data: None, scripts: Vec::new(), authorisation_code: None }
}

fn unable(unable: Unable) -> ScriptedPointOfSale {
    let mut people = ScriptedPointOfSale::default();
    people.authorisations.push_back(Authorisation::Unable(unable));
    people
}

fn decided(outcome: &Outcome) -> (Decision, Decider) {
    (outcome.decision, outcome.decided_by)
}

#[test]
fn nothing_wrong_is_approved_offline() {
    let outcome = run(&[(ASK_TC, TC)], ScriptedPointOfSale::default());
    assert_eq!(decided(&outcome), (Decision::Approved, Decider::Card));
    assert_eq!(outcome.response_code, Some(*b"Y1"));
    assert_eq!(outcome.cryptograms[0].cryptogram, Some([0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]));
    assert!(!outcome.online && !outcome.reversal);
}

#[test]
fn the_card_may_decline_what_the_terminal_would_approve() {
    let outcome = run(&[(ASK_TC, AAC)], ScriptedPointOfSale::default());
    assert_eq!(decided(&outcome), (Decision::Declined, Decider::Card));
    assert!(reasons(&outcome.log).contains(&Reason::CardDeclinedFirstGac));
}

#[test]
fn a_denial_code_declines_and_names_its_bit() {
    let denial = ["0000000000", "8000000000", "0000000000"];
    let outcome = run_on(&without_pse(), opening("0000", denial), &[(ASK_AAC, AAC)], ScriptedPointOfSale::default());
    assert_eq!(decided(&outcome), (Decision::Declined, Decider::Terminal));
    assert_eq!(outcome.response_code, Some(*b"Z1"));
    assert!(reasons(&outcome.log).contains(&Reason::TaaDeniedOffline));
    let hit = outcome.analyses[0].deciding_bits().next().unwrap();
    assert_eq!((hit.bit, hit.in_tac, hit.in_iac), (tvr::ODA_NOT_PERFORMED, false, true));
}

#[test]
fn an_arqc_goes_online_and_the_issuer_decides() {
    let approved = run(&[(ASK_TC, ARQC), (ASK_TC, TC)], issuer(answer(b"00")));
    assert_eq!(decided(&approved), (Decision::Approved, Decider::Issuer));
    assert!(approved.online && !approved.reversal);
    let declined = run(&[(ASK_TC, ARQC), (ASK_AAC, AAC)], issuer(answer(b"51")));
    assert_eq!(decided(&declined), (Decision::Declined, Decider::Issuer));
    assert!(reasons(&declined.log).contains(&Reason::Host51InsufficientFunds));
    assert!(!declined.reversal);
}

#[test]
fn a_card_that_refuses_after_the_issuer_approved_needs_a_reversal() {
    for second in [AAC, ARQC, "6985"] {
        let outcome = run(&[(ASK_TC, ARQC), (ASK_TC, second)], issuer(answer(b"00")));
        assert_eq!(decided(&outcome), (Decision::Declined, Decider::Card));
        assert!(outcome.reversal);
        assert!(reasons(&outcome.log).contains(&Reason::CardRefusedAfterOnline));
    }
}

#[test]
fn a_card_pulled_after_the_issuer_approved_needs_a_reversal() {
    let outcome = run(&[(ASK_TC, ARQC), (ASK_TC, "")], issuer(answer(b"00")));
    assert_eq!(decided(&outcome), (Decision::NotCompleted, Decider::Nobody));
    assert!(outcome.reversal);
    assert_eq!(reasons(&outcome.log).last(), Some(&Reason::NetReversalPending));
}

#[test]
fn without_a_host_the_default_codes_decide() {
    let approved = run(&[(ASK_TC, ARQC), (ASK_TC, TC)], unable(Unable::NoLink));
    assert_eq!(decided(&approved), (Decision::Approved, Decider::Card));
    assert_eq!(approved.response_code, Some(*b"Y3"));
    let unanswered = run(&[(ASK_TC, ARQC), (ASK_TC, TC)], unable(Unable::NoAnswer));
    assert_eq!(decided(&unanswered), (Decision::Approved, Decider::Card));
    assert!(unanswered.reversal, "approved offline, yet the host may have booked it too");
    let default = ["8000000000", "0000000000", "0000000000"];
    let steps = [(ASK_TC, ARQC), (ASK_AAC, AAC)];
    let declined = run_on(&without_pse(), opening("0000", default), &steps, unable(Unable::NoAnswer));
    assert_eq!(decided(&declined), (Decision::Declined, Decider::Terminal));
    assert_eq!(declined.response_code, Some(*b"Z3"));
    assert!(declined.reversal, "the host may have seen the request");
    assert!(reasons(&declined.log).ends_with(&[
        Reason::NetNoAnswer,
        Reason::TaaDeniedUnableOnline,
        Reason::NetReversalPending
    ]));
}

#[test]
fn an_offline_only_terminal_answers_an_arqc_itself() {
    let mut terminal = without_pse();
    terminal.terminal_type.0 = 0x23;
    let steps = [(ASK_TC, ARQC), (ASK_TC, TC)];
    let outcome = run_on(&terminal, opening("0000", NO_CODES), &steps, ScriptedPointOfSale::default());
    assert_eq!(decided(&outcome), (Decision::Approved, Decider::Card));
    assert!(!outcome.online);
}

#[test]
fn more_than_was_asked_for_ends_it() {
    let online = ["0000000000", "0000000000", "8000000000"];
    let steps = [(ASK_ARQC, TC)];
    let outcome = run_on(&without_pse(), opening("0000", online), &steps, ScriptedPointOfSale::default());
    assert_eq!(outcome.decision, Decision::NotCompleted);
    assert_eq!(reasons(&outcome.log).last(), Some(&Reason::GenacLogicError));
}

#[test]
fn a_referral_is_the_attendants_decision() {
    let mut people = issuer(answer(b"01"));
    people.refers = true;
    assert_eq!(decided(&run(&[(ASK_TC, ARQC), (ASK_TC, TC)], people)), (Decision::Approved, Decider::Attendant));
    let refused = run(&[(ASK_TC, ARQC), (ASK_AAC, AAC)], issuer(answer(b"01")));
    assert_eq!(decided(&refused), (Decision::Declined, Decider::Attendant));
}

#[test]
fn issuer_authentication_is_sent_when_the_card_wants_it_and_may_fail() {
    let with_data = || {
        let mut people = issuer(Answer { issuer_authentication_data: Some(vec![1; 10]), ..answer(b"00") });
        people.authorisations.make_contiguous();
        people
    };
    let external = "00820000 0A 01010101010101010101";
    let codes = opening("0400", NO_CODES);
    let good = [(ASK_TC, ARQC), (external, "9000"), (ASK_TC, TC)];
    let outcome = run_on(&without_pse(), codes.clone(), &good, with_data());
    assert!(!outcome.tvr.has(tvr::ISSUER_AUTHENTICATION_FAILED));
    assert!(outcome.tsi.has(apdu::value::tsi::ISSUER_AUTHENTICATION_PERFORMED));
    let bad = [(ASK_TC, ARQC), (external, "6300"), (ASK_TC, TC)];
    let outcome = run_on(&without_pse(), codes, &bad, with_data());
    assert!(outcome.tvr.has(tvr::ISSUER_AUTHENTICATION_FAILED));
    assert!(reasons(&outcome.log).contains(&Reason::IssuerAuthFailed));
    assert_eq!(outcome.decision, Decision::Approved, "the card decides");
    let without = run(&[(ASK_TC, ARQC), (ASK_TC, TC)], with_data());
    assert!(without.tsi.0[0] & 0x10 == 0, "a card that does not want it gets none");
}

#[test]
fn scripts_run_on_their_side_of_the_final_cryptogram_and_report_how_they_ended() {
    let scripts = "710D 9F180400000001 8604 84160000 7213 9F180400000002 8604 84180000 8604 841E0000";
    let people = || issuer(Answer { scripts: crate::testing::bytes(scripts), ..answer(b"00") });
    let good = [(ASK_TC, ARQC), ("84160000", "9000"), (ASK_TC, TC), ("84180000", "6283"), ("841E0000", "9000")];
    let outcome = run(&good, people());
    let results: Vec<_> = outcome.scripts.iter().map(|result| result.to_bytes()).collect();
    assert_eq!(results, [[0x20, 0, 0, 0, 1], [0x20, 0, 0, 0, 2]]);
    assert!(outcome.tsi.has(apdu::value::tsi::SCRIPT_PROCESSING_PERFORMED));
    let bad = [(ASK_TC, ARQC), ("84160000", "6988"), (ASK_TC, TC), ("84180000", "9000"), ("841E0000", "6A80")];
    let outcome = run(&bad, people());
    let results: Vec<_> = outcome.scripts.iter().map(|result| result.to_bytes()).collect();
    assert_eq!(results, [[0x11, 0, 0, 0, 1], [0x12, 0, 0, 0, 2]]);
    assert!(outcome.tvr.has(tvr::SCRIPT_FAILED_BEFORE_AC) && outcome.tvr.has(tvr::SCRIPT_FAILED_AFTER_AC));
    assert!(reasons(&outcome.log).ends_with(&[Reason::ScriptMacFailed, Reason::Script72Failed]));
}

#[test]
fn a_refused_application_goes_back_to_selection() {
    let mut steps = opening("0000", NO_CODES);
    steps.truncate(3);
    let outcome = run_on(&without_pse(), steps, &[("80A8000002830000", "6985")], ScriptedPointOfSale::default());
    assert_eq!(reasons(&outcome.log), [Reason::GpoNotAllowed]);
    assert_eq!(decided(&outcome), (Decision::NotCompleted, Decider::Card));
}

#[test]
fn the_verification_results_the_card_gets_are_those_known_then() {
    let first = "80AE4000 12 000000005000 8000000000 00000000 3F0000 00";
    let outcome = run(&[(first, ARQC), ("80AE4000 0B 3030 8000000000 00000000 00", TC)], issuer(answer(b"00")));
    assert_eq!(outcome.decision, Decision::Approved);
}
