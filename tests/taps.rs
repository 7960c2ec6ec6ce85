//! Recordings of other readers' taps: what this kernel finds in its own recordings when it takes them for somebody else's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

#[path = "recordings/observed.rs"]
mod observed;

use emvident::{
    apdu::{tag, value::Afl},
    kernel::{Decision, Outcome, contactless::KernelId},
    report::Report,
    scenario::Scenario,
    text::{Language, Text},
};

use observed::{authentication, observed, scenarios};

/// One presentment, one of the kernels there are, and every command answered.
fn is_plain(outcome: &Outcome, transcript: &str) -> bool {
    let taps = outcome.tap.as_ref().map_or(&[][..], |tap| &tap.activations);
    let [tap] = taps else { return false };
    let known = [KernelId::C2, KernelId::C3, KernelId::C7].contains(&tap.kernel);
    known && transcript.matches("? activate").count() == 1 && !transcript.contains("\n! ")
}

/// Outcome, cardholder verification, interface; what failed in authentication; the cryptograms' decisions.
fn came_to(outcome: &Outcome) -> String {
    let last = outcome.tap.as_ref().and_then(|tap| tap.activations.last());
    let end = last.map(|activation| {
        let outcome = &activation.outcome;
        format!("{} cvm={} {}", outcome.outcome.id(), outcome.cvm.id(), outcome.alternate_interface.id())
    });
    let authentication: Vec<_> = authentication(outcome).iter().map(|reason| reason.id()).collect();
    let decisions: Vec<_> = outcome.cryptograms.iter().map(|made| made.cid.0).collect();
    format!("{} {authentication:?} {decisions:?}", end.unwrap_or_default())
}

/// Taps whose end no recording of the card tells, and what would.
const UNTOLD: &[(&str, &str)] = &[
    ("c2-data-stop", APPLICATION),
    ("c2-data-timeout", APPLICATION),
    ("c2-phone-limit-above", LIMIT),
    ("c2-storage-other-decision", APPLICATION),
    ("c2-stripe-limit", LIMIT),
    ("c2-stripe-off", "that the reader does not take stripes: no command follows"),
    ("c2-stripe-phone", STRIPE_CVM),
    ("c2-stripe-phone-second-tap", STRIPE_CVM),
    ("c2-stripe-phone-unverified", STRIPE_CVM),
    ("c2-stripe-pin", STRIPE_CVM),
    ("c2-stripe-signature", STRIPE_CVM),
    ("c2-transaction-limit-above", LIMIT),
];
const APPLICATION: &str = "what the terminal's application told the kernel";
const LIMIT: &str = "the reader's transaction limit: no command follows";
const STRIPE_CVM: &str = "the reader's limit and capability for stripes: no command carries them";

#[test]
fn own_taps_taken_for_somebody_elses_end_as_they_did() {
    let (mut plain, mut differ) = (0, Vec::new());
    for (name, scenario) in scenarios("contactless") {
        let run = scenario.lay().unwrap().run(&scenario.transaction);
        let recording = run.transcript.to_string();
        if !is_plain(&run.outcome, &recording) {
            continue;
        }
        plain += 1;
        let observations = observed(&recording, &scenario);
        let last = observations.last().unwrap_or_else(|| panic!("{name}: nothing observed"));
        let (ours, theirs) = (came_to(&last.outcome), came_to(&run.outcome));
        let untold = UNTOLD.iter().any(|(untold, _)| *untold == name);
        assert!(!untold || ours != theirs, "{name} is told after all");
        if ours != theirs && !untold {
            differ.push(format!("{name}:\n   was {theirs}\n  seen {ours}"));
        }
    }
    assert!(plain > 200, "only {plain} taps to compare");
    assert!(differ.is_empty(), "{} of {plain}:\n{}", differ.len(), differ.join("\n"));
}

/// Several presentments, each of which one of the kernels there are came to see. A second one for the issuer's data alone
/// has no kernel of its own.
fn is_presented_again(outcome: &Outcome, transcript: &str) -> bool {
    let taps = outcome.tap.as_ref().map_or(&[][..], |tap| &tap.activations);
    let known = taps.iter().all(|tap| [KernelId::C2, KernelId::C3, KernelId::C7].contains(&tap.kernel));
    let presented = transcript.split("? activate\n= one\n").skip(1);
    let used = presented.filter(|tap| tap.contains("\n> 80A8"));
    known && taps.len() > 1 && used.count() == taps.len()
}

fn ends(outcome: &Outcome) -> Vec<String> {
    let taps = outcome.tap.as_ref().map_or(&[][..], |tap| &tap.activations);
    taps.iter().map(|tap| format!("{} cvm={}", tap.outcome.outcome.id(), tap.outcome.cvm.id())).collect()
}

#[test]
fn each_presentment_ends_as_its_own_attempt() {
    let (mut several, mut differ) = (0, Vec::new());
    for (name, scenario) in scenarios("contactless") {
        let run = scenario.lay().unwrap().run(&scenario.transaction);
        let recording = run.transcript.to_string();
        if !is_presented_again(&run.outcome, &recording) {
            continue;
        }
        several += 1;
        let ours: Vec<_> = observed(&recording, &scenario).iter().flat_map(|one| ends(&one.outcome)).collect();
        let theirs = ends(&run.outcome);
        let untold = UNTOLD.iter().any(|(untold, _)| *untold == name);
        if ours != theirs && !untold {
            differ.push(format!("{name}:\n   was {theirs:?}\n  seen {ours:?}"));
        }
    }
    assert!(several > 15, "only {several} to compare");
    assert!(differ.is_empty(), "{} of {several}:\n{}", differ.len(), differ.join("\n"));
}

/// Taps that ended elsewhere or in a decline with verification results of zero; the cause, and the limit or the bit that
/// decided, as people read them. The report is asked for `reached by` with the amount, and for `✓` before a bit that is set.
const WHY: [(&str, &str, &[&str]); 7] = [
    ("ep-limit-at", "ep-amount-over-reader-limit", &["contactless below CNY 1000.00", "reached by CNY 1000.00"]),
    ("c3-oda-failed-other-interface", "c3-fdda-failed", &["1.5  ✓ other interface if offline data authentication"]),
    ("c3-oda-failed-declined", "c3-fdda-failed", &["results are zero", "1.5  · other interface if offline data"]),
    ("c3-cvm-not-possible", "c3-cvm-not-possible", &["cardholder verified from CNY 300.00", "2.7  ✓ cardholder"]),
    ("c3-cash-other-interface", "c3-cash-not-allowed", &["1.3  ✓ other interface for cash"]),
    ("c3-offline-reader-over-limit", "card-declined-first-gac", &["1.4  ✓ offline only", "reached by CNY 200.00"]),
    ("c7-fdda-failed-other-interface", "c3-fdda-failed", &["1.5  ✓ other interface if offline data authentication"]),
];

#[test]
fn the_report_of_a_tap_names_what_decided_it() {
    for (name, scenario) in scenarios("contactless") {
        let Some((_, reason, shown)) = WHY.iter().find(|(of, ..)| *of == name) else { continue };
        let run = scenario.lay().unwrap().run(&scenario.transaction);
        assert!(run.outcome.decision != Decision::Approved && run.outcome.tvr.is_zero(), "{name}");
        let report = Report::new(&run.outcome, &run.terminal, &run.transaction);
        let page = report.text(&Text::new(Language::En), false);
        for words in shown.iter().chain([reason]) {
            assert!(page.contains(words), "{name}: nothing says “{words}”\n{page}");
        }
        let chinese = report.text(&Text::new(Language::ZhCn), false);
        assert!(chinese.contains(reason), "{name}: {chinese}");
    }
    let known: Vec<_> = scenarios("contactless").into_iter().map(|(name, _)| name).collect();
    assert!(WHY.iter().all(|(name, ..)| known.iter().any(|known| known == name)));
}

/// The card is wanted for no longer than the Book asks: directory, SELECT, GET PROCESSING OPTIONS, each record once, and
/// GENERATE AC; one more command measures its distance.
#[test]
fn kernel_2_sends_no_command_too_many() {
    for (card, more) in [("c2", 0), ("c2-phone", 0), ("c2-relay", 1)] {
        let mut scenario = Scenario::of_card(card);
        "contactless".clone_into(&mut scenario.transaction.interface);
        let outcome = scenario.lay().unwrap().run(&scenario.transaction).outcome;
        let locator = outcome.card.value(tag::AFL_94).unwrap();
        let records: usize = Afl::parse(locator).unwrap().entries().map(|entry| entry.records().count()).sum();
        assert!(records > 0);
        assert_eq!(outcome.log.exchanges.len(), 3 + more + records + 1, "{card}");
    }
}
