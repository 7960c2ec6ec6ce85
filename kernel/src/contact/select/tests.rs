use alloc::{string::String, vec, vec::Vec};

use super::{Application, candidates, choose};
use crate::{
    finding::Reason,
    session::{Session, Stop},
    terminal::Terminal,
    testing::{ScriptedCard, ScriptedPointOfSale, application, ready, reasons, terminal, transaction},
};

const PSE: &str = "00A404000E315041592E5359532E444446303100";
const PSE_FCI: &str = "6F15 840E315041592E5359532E4444463031 A503880101 9000";
const RECORD_1: &str = "00B2010C00";
const RECORD_2: &str = "00B2020C00";
const END: &str = "6A83";
/// Two applications: A0000000031010 "ONE" with priority 2, A0000000032010 "TWO" with priority 1.
const TWO_ENTRIES: &str =
    "702E 61154F07A00000000310105003 4F4E45 870102 9F0A0101 61154F07A0000000032010 500354574F 870101 9F0A0101 9000";
const ONE_FCI: &str = "6F0B 8407A0000000031010 A500 9000";
const TWO_FCI: &str = "6F0B 8407A0000000032010 A500 9000";
const SELECT_ONE: &str = "00A4040007A000000003101000";
const SELECT_TWO: &str = "00A4040007A000000003201000";
const SELECT_RID: &str = "00A4040005A00000000300";
const SELECT_NEXT_RID: &str = "00A4040205A00000000300";

struct Run {
    result: Result<Application, Stop>,
    labels: Vec<String>,
    reasons: Vec<Reason>,
    all_sent: bool,
}

fn run(steps: &[(&str, &str)], terminal: &Terminal, mut people: ScriptedPointOfSale) -> Run {
    let mut card = ScriptedCard::new(steps.iter().copied());
    let transaction = transaction();
    let mut session = Session::new(&mut card, &mut people, terminal, &transaction);
    let mut labels = Vec::new();
    let result = ready(async {
        let mut found = candidates(&mut session).await?;
        labels = found.list().iter().map(|candidate| candidate.label.clone()).collect();
        choose(&mut session, &mut found).await
    });
    let reasons = reasons(session.log());
    drop(session);
    Run { result, labels, reasons, all_sent: card.is_done() }
}

fn without_pse() -> Terminal {
    let mut terminal = terminal();
    terminal.selection.use_pse = false;
    terminal
}

fn no_menu() -> Terminal {
    let mut terminal = terminal();
    terminal.selection.menu = false;
    terminal
}

fn stopped_by(run: &Run) -> Option<Reason> {
    run.result.as_ref().err().map(|stop| stop.reason)
}

#[test]
fn the_directory_lists_applications_by_priority_and_the_cardholder_chooses() {
    let people = ScriptedPointOfSale::choosing(1);
    let steps = [(PSE, PSE_FCI), (RECORD_1, TWO_ENTRIES), (RECORD_2, END), (SELECT_ONE, ONE_FCI)];
    let run = run(&steps, &terminal(), people);
    assert_eq!(run.labels, ["TWO", "ONE"]);
    assert!(run.all_sent && run.reasons.is_empty());
    assert_eq!(run.result.unwrap().name, [0xA0, 0, 0, 0, 3, 0x10, 0x10]);
}

#[test]
fn without_a_menu_the_highest_priority_is_taken() {
    let steps = [(PSE, PSE_FCI), (RECORD_1, TWO_ENTRIES), (RECORD_2, END), (SELECT_TWO, TWO_FCI)];
    let run = run(&steps, &no_menu(), ScriptedPointOfSale::default());
    assert_eq!(run.result.unwrap().candidate.label, "TWO");
}

#[test]
fn a_cardholder_who_chooses_nothing_ends_it() {
    let steps = [(PSE, PSE_FCI), (RECORD_1, TWO_ENTRIES), (RECORD_2, END)];
    let run = run(&steps, &terminal(), ScriptedPointOfSale::default());
    assert_eq!(stopped_by(&run), Some(Reason::SelCardholderRefused));
}

#[test]
fn an_application_that_cannot_be_selected_is_removed_and_the_next_is_tried() {
    let steps = [(PSE, PSE_FCI), (RECORD_1, TWO_ENTRIES), (RECORD_2, END), (SELECT_TWO, "6A82"), (SELECT_ONE, ONE_FCI)];
    let run = run(&steps, &no_menu(), ScriptedPointOfSale::default());
    assert_eq!(run.reasons, [Reason::SelFinalFailed]);
    assert_eq!(run.result.unwrap().candidate.label, "ONE");
}

#[test]
fn after_a_failed_application_the_last_one_needs_the_cardholder() {
    let steps = [(PSE, PSE_FCI), (RECORD_1, TWO_ENTRIES), (RECORD_2, END), (SELECT_TWO, "6A82")];
    let mut people = ScriptedPointOfSale::choosing(0);
    people.confirms = false;
    let run = run(&steps, &terminal(), people);
    assert_eq!(run.reasons, [Reason::SelFinalFailed, Reason::SelCardholderRefused]);
}

#[test]
fn an_answer_that_names_another_application_is_a_failure() {
    let steps = [(PSE, "6A82"), (SELECT_RID, ONE_FCI), (SELECT_NEXT_RID, "6A82"), (SELECT_ONE, TWO_FCI)];
    let run = run(&steps, &terminal(), ScriptedPointOfSale::default());
    assert_eq!(stopped_by(&run), Some(Reason::SelFinalFailed));
    assert!(run.all_sent);
}

#[test]
fn a_blocked_card_ends_it_at_once() {
    for (terminal, select) in [(terminal(), PSE), (without_pse(), SELECT_RID)] {
        let run = run(&[(select, "6A81")], &terminal, ScriptedPointOfSale::default());
        assert_eq!(stopped_by(&run), Some(Reason::SelCardBlocked));
    }
}

#[test]
fn a_broken_or_blocked_directory_gives_way_to_the_list_of_aids() {
    let list = [(SELECT_RID, ONE_FCI), (SELECT_NEXT_RID, "6A82"), (SELECT_ONE, ONE_FCI)];
    let blocked = [(PSE, "6283")];
    let no_sfi = [(PSE, "6F12 840E315041592E5359532E4444463031 A500 9000")];
    let sfi_11 = [(PSE, "6F15 840E315041592E5359532E4444463031 A50388010B 9000")];
    let no_name = [(PSE, PSE_FCI), (RECORD_1, "7005 6103 500141 9000")];
    let cut = [(PSE, PSE_FCI), (RECORD_1, "7010 6103 500141 9000")];
    let error = [(PSE, PSE_FCI), (RECORD_1, "6985")];
    let cases: [(&[_], &[_]); 6] = [
        (&blocked, &[Reason::SelPseBlocked]),
        (&no_sfi, &[Reason::SelPseFormat]),
        (&sfi_11, &[Reason::SelPseFormat]),
        (&no_name, &[Reason::SelPseFormat]),
        (&cut, &[Reason::SelPseFormat]),
        (&error, &[Reason::SelPseFormat]),
    ];
    for (directory, reasons) in cases {
        let steps: Vec<_> = directory.iter().chain(&list).copied().collect();
        let run = run(&steps, &terminal(), ScriptedPointOfSale::default());
        assert_eq!(run.reasons, reasons);
        assert!(run.result.is_ok() && run.all_sent);
    }
}

#[test]
fn a_directory_without_a_known_application_gives_way_too() {
    let unknown = "700B 61094F07B0000000031010 9000";
    let steps = [(PSE, PSE_FCI), (RECORD_1, unknown), (RECORD_2, END), (SELECT_RID, "6A82")];
    let run = run(&steps, &terminal(), ScriptedPointOfSale::default());
    assert_eq!(stopped_by(&run), Some(Reason::SelNoCommonApp));
}

#[test]
fn a_partial_name_is_followed_through_select_next_only_when_allowed() {
    let partial = [(SELECT_RID, ONE_FCI), (SELECT_NEXT_RID, TWO_FCI), (SELECT_NEXT_RID, "6A82"), (SELECT_ONE, ONE_FCI)];
    let people = ScriptedPointOfSale::choosing(0);
    let found = run(&partial, &without_pse(), people);
    assert_eq!(found.labels, ["A0000000031010", "A0000000032010"]);
    assert!(found.result.is_ok() && found.all_sent);

    let mut exact = without_pse();
    exact.applications = vec![crate::terminal::ApplicationParameters { partial: false, ..application() }];
    let refused = run(&[(SELECT_RID, ONE_FCI)], &exact, ScriptedPointOfSale::default());
    assert_eq!(stopped_by(&refused), Some(Reason::SelNoCommonApp));
}

#[test]
fn a_card_that_repeats_itself_forever_is_left() {
    let mut steps = vec![(SELECT_RID, ONE_FCI)];
    steps.extend([(SELECT_NEXT_RID, ONE_FCI); 32]);
    steps.push((SELECT_ONE, ONE_FCI));
    let run = run(&steps, &without_pse(), ScriptedPointOfSale::default());
    assert_eq!(run.labels, ["A0000000031010"]);
    assert!(run.result.is_ok() && run.all_sent);
}

#[test]
fn only_a_blocked_application_is_its_own_reason() {
    let blocked = "6F0B 8407A0000000031010 A500 6283";
    let steps = [(SELECT_RID, blocked), (SELECT_NEXT_RID, "6A82")];
    let run = run(&steps, &without_pse(), ScriptedPointOfSale::default());
    assert_eq!(stopped_by(&run), Some(Reason::SelAppBlocked));
}

#[test]
fn a_card_that_does_not_know_select_is_no_payment_card() {
    let run = run(&[(SELECT_RID, "6D00")], &without_pse(), ScriptedPointOfSale::default());
    assert_eq!(stopped_by(&run), Some(Reason::CardNotPayment));
}

#[test]
fn an_application_that_wants_confirmation_gets_it_or_is_not_used() {
    let wants = "6F0E 8407A0000000031010 A503870181 9000";
    let steps = [(SELECT_RID, wants), (SELECT_NEXT_RID, "6A82"), (SELECT_ONE, wants)];
    let people = ScriptedPointOfSale::choosing(0);
    assert!(run(&steps, &without_pse(), people).result.is_ok());
    let refused = run(&steps[..2], &without_pse(), ScriptedPointOfSale::default());
    assert_eq!(stopped_by(&refused), Some(Reason::SelCardholderRefused));
    let mut cannot = without_pse();
    cannot.selection.confirmation = false;
    let people = ScriptedPointOfSale::choosing(0);
    assert_eq!(stopped_by(&run(&steps[..2], &cannot, people)), Some(Reason::SelCardholderRefused));
}

#[test]
fn control_characters_of_a_label_never_reach_a_display() {
    let label = "6F12 8407A0000000031010 A507 50051B5B 314D41 9000";
    let steps = [(SELECT_RID, label), (SELECT_NEXT_RID, "6A82"), (SELECT_ONE, ONE_FCI)];
    let run = run(&steps, &without_pse(), ScriptedPointOfSale::default());
    assert_eq!(run.labels, ["[1MA"]);
}
