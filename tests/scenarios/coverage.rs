//! Which reasons have a scenario, and why the others have none.

use std::collections::BTreeSet;

use emvident::{
    kernel::{Reason, finding::reason::ALL},
    scenario::Scenario,
};

use super::{PLAYED, came_to::came_to};

/// What the reasons begin with that a transaction can come to.
const COVERED: [&str; 35] = [
    "reader-",
    "card-",
    "transport-",
    "user-",
    "sel-",
    "gpo-",
    "afl-",
    "rec-",
    "data-",
    "icc-",
    "restrict-",
    "trm-",
    "tdol-",
    "taa-",
    "terminal-",
    "oda-",
    "cvm-",
    "pin-",
    "verify-",
    "genac-",
    "issuer-auth-",
    "script-",
    "host-",
    "net-",
    "arqc-",
    "biometric-",
    "key-index-",
    "atc-",
    "ep-",
    "l1-",
    "k-",
    "c3-",
    "c7-",
    "policy-",
    "bound-",
];

const CONNECTING: &str = "seen while a reader is connected to, before there is a card to talk to";
const RECORDING: &str = "seen in a recording alone";
const ASKED: &str = "told by somebody who was asked, not by a card";
const SEVERAL: &str = "seen in several transactions, not in one";
const SPECIFIC: &str =
    "the check that met the status word has a reason of its own, with the status word in its evidence";
const HOST_CODE: &str = "what the host says has the reason of its response code";
const APPROVED: &str = "an approval is no finding";

/// Reasons that no software card, host, people or configuration can cause, and why.
const NOT_BY_A_CARD: &[(&str, &str)] = &[
    ("reader-service-down", CONNECTING),
    ("reader-none", CONNECTING),
    ("reader-unknown-name", CONNECTING),
    ("reader-busy", CONNECTING),
    ("reader-permission", CONNECTING),
    ("reader-buffer-short", CONNECTING),
    ("reader-slot-dirty", SEVERAL),
    ("card-absent", CONNECTING),
    ("card-unpowered", CONNECTING),
    ("user-cancelled", "seen when a reader is told to give up"),
    ("transport-trace-incomplete", RECORDING),
    ("transport-trace-differs", RECORDING),
    ("bound-memory", "takes half a megabyte of answers; tests/bounds.rs plays such cards"),
    ("card-internal-error", SPECIFIC),
    ("card-command-unsupported", SPECIFIC),
    ("card-test-card-on-live", "said by what is known about test keys and numbers, not by a check of the flow"),
    ("card-not-personalised", "a card without an application is one that has none in common"),
    ("card-account-type-limited", ASKED),
    ("card-cancelled", ASKED),
    ("card-contactless-closed", ASKED),
    ("card-daily-limit", ASKED),
    ("card-frozen", ASKED),
    ("card-not-activated", ASKED),
    ("card-old-after-renewal", ASKED),
    ("card-overseas-closed", ASKED),
    ("card-reported-lost", ASKED),
    ("terminal-tac-missing", "a configuration without action codes is refused when it is loaded"),
    ("terminal-un-weak", SEVERAL),
    ("terminal-country-wrong", ASKED),
    ("terminal-type-wrong", ASKED),
    ("oda-data-missing-5a", "without a card number the transaction ends when the records have been read"),
    ("pin-length-out-of-range", "said by the PIN pad of a reader; the PIN pad rig shows it"),
    ("pin-block-format-rejected", HOST_CODE),
    ("pin-online-wrong", HOST_CODE),
    ("pin-online-tries", HOST_CODE),
    ("pin-expired-or-not-set", ASKED),
    ("transport-relay-suspected", "software cards take no time; the tests of the check give it exchanges that do"),
    ("biometric-failed", "no biometric method is recognised"),
    ("arqc-verify-failed", HOST_CODE),
    ("host-00-approved", APPROVED),
    ("host-10-partial", APPROVED),
    ("host-message-de55-bad", ASKED),
    ("host-entry-mode-mismatch", ASKED),
    ("host-psn-missing", ASKED),
    ("key-index-mismatch", HOST_CODE),
    ("atc-jump", SEVERAL),
    ("atc-replay", SEVERAL),
    ("net-dns", ASKED),
    ("net-double-charge-risk", ASKED),
    ("net-host-maintenance", ASKED),
    ("net-host-sync-delay", ASKED),
    ("net-late-approval", SEVERAL),
    ("net-reversal-failed", SEVERAL),
    ("net-sim", ASKED),
    ("net-tls", ASKED),
    ("net-unstable", SEVERAL),
];

fn shown_by_scenarios() -> BTreeSet<String> {
    let expectations = PLAYED.iter().map(|played| came_to(&played.run.outcome));
    expectations.flat_map(|came_to| came_to.reasons.into_iter().chain(came_to.suspicions)).collect()
}

/// The response code that a reason of the host is about, when it is about one.
fn response_code(reason: Reason) -> Option<String> {
    let code = reason.id().strip_prefix("host-")?.get(..2)?;
    (reason.id().get(7..8) == Some("-")).then(|| code.to_uppercase())
}

#[test]
fn every_reason_has_a_scenario_or_cannot_have_one() {
    let shown = shown_by_scenarios();
    let excused = |id: &str| NOT_BY_A_CARD.iter().any(|(known, _)| *known == id);
    let covered = ALL.iter().filter(|reason| COVERED.iter().any(|family| reason.id().starts_with(family)));
    let without_code = covered.filter(|reason| response_code(**reason).is_none());
    let missing: Vec<_> =
        without_code.map(|reason| reason.id()).filter(|id| !shown.contains(*id) && !excused(id)).collect();
    assert!(missing.is_empty(), "no scenario shows {missing:?}");
}

#[test]
fn what_is_said_to_have_no_scenario_has_none() {
    let shown = shown_by_scenarios();
    let known = |id: &str| Reason::from_id(id).is_some();
    let wrong: Vec<_> = NOT_BY_A_CARD.iter().filter(|(id, _)| shown.contains(*id) || !known(id)).collect();
    assert!(wrong.is_empty(), "shown after all, or no reason: {wrong:?}");
}

#[test]
fn every_response_code_has_its_reason() {
    let declines = PLAYED.iter().find(|played| played.name == "host-declines-insufficient-funds").unwrap();
    let refusals = ALL.iter().filter(|reason| !NOT_BY_A_CARD.iter().any(|(id, _)| *id == reason.id()));
    let mut codes = 0;
    for (reason, code) in refusals.filter_map(|reason| Some((reason, response_code(*reason)?))) {
        let mut scenario: Scenario = declines.scenario.clone();
        scenario.host.behaviour = format!("decline {code}").parse().unwrap();
        let run = scenario.lay().unwrap().run(&scenario.transaction);
        let found = run.outcome.log.findings.iter().any(|finding| finding.reason == *reason);
        assert!(found, "{code}: {:?} where {} is right", came_to(&run.outcome).reasons, reason.id());
        codes += 1;
    }
    assert!(codes > 60, "{codes}");
}
