//! The hardened policy against EMV: every scenario of `vectors/scenarios` again with all switches on, and with each alone.
//! What comes out is never more lenient, and what the policy decided says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

use std::{fs, path::Path, sync::LazyLock};

use emvident::{
    kernel::{Decision, Outcome, Reason, contactless::outcome::Cvm, terminal::policy::Switch},
    readers::Transcript,
    run::{self, Run},
    scenario::Scenario,
};
use rayon::prelude::*;

struct Played {
    name: String,
    scenario: Scenario,
    emv: Outcome,
    hardened: Run,
}

const HARDENED: &str = "base = \"hardened\"";

/// Which switch decides with which reason.
const DECIDES: &[(Reason, Switch)] = &[
    (Reason::PolicyOdaFailed, Switch::DeclineOnOdaFailure),
    (Reason::PolicyOdaFailed, Switch::RequireOdaForOnline),
    (Reason::PolicySdaOnly, Switch::NoSdaOnlyOffline),
    (Reason::PolicyPlaintextPin, Switch::NoPlaintextPin),
    (Reason::PolicyPlaintextPin, Switch::PinOnlyAfterVerifiedStaticData),
    (Reason::PolicyPlaintextPin, Switch::LimitPinEntries),
    (Reason::PolicyPlaintextPin, Switch::DeclineOnCvrMismatch),
    (Reason::PolicyPinUnverifiedCard, Switch::PinOnlyAfterVerifiedStaticData),
    (Reason::PolicyPinEntries, Switch::LimitPinEntries),
    (Reason::PolicyPinCounter, Switch::LimitPinEntries),
    (Reason::PolicyMsd, Switch::NoMsd),
    (Reason::PolicyCdcvmUnproven, Switch::CdcvmOnlyIfSignedOrMobile),
    (Reason::PolicyRidIin, Switch::RidIinMatch),
    (Reason::PolicyRrp, Switch::RrpRequiredWhenSupported),
    (Reason::PolicyAcNotSigned, Switch::OfflineApprovalOnlyWithSignedAc),
    (Reason::PolicyScriptCommand, Switch::ScriptInstructionAllowList),
    (Reason::PolicyIssuerNotAuthenticated, Switch::NoApprovalWithoutIssuerAuthentication),
    (Reason::PolicyCvrMismatch, Switch::DeclineOnCvrMismatch),
];

static PLAYED: LazyLock<Vec<Played>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/scenarios");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let play = |path: &std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let scenario = Scenario::from_file(path).unwrap_or_else(|error| panic!("{error}"));
        let emv = under(&scenario, "base = \"emv\"").outcome;
        let hardened = under(&scenario, HARDENED);
        Played { name, scenario, emv, hardened }
    };
    files.par_iter().map(play).collect()
});

/// The scenario under the policy of these lines, and of nothing it says itself.
fn under(scenario: &Scenario, policy: &str) -> Run {
    let mut scenario = scenario.clone();
    let policy: toml::Table = policy.parse().unwrap();
    scenario.configuration.insert("policy".to_owned(), toml::Value::Table(policy));
    scenario.lay().unwrap().run(&scenario.transaction)
}

/// How far a transaction got: declined or ended, to the issuer, approved offline.
fn level(outcome: &Outcome) -> u8 {
    let online = outcome.online || outcome.log.findings.iter().any(|finding| finding.reason.id().starts_with("net-"));
    match outcome.decision {
        Decision::Approved if !outcome.online => 2,
        _ if online => 1,
        _ => 0,
    }
}

/// How the cardholder was verified: not at all, by a signature, by a PIN or their own device.
fn verified(outcome: &Outcome) -> u8 {
    let tapped = outcome.tap.as_ref().and_then(|tap| tap.outcome.as_ref()).map(|last| last.cvm);
    match tapped {
        Some(Cvm::OnlinePin | Cvm::ConfirmationCodeVerified) => 2,
        Some(Cvm::ObtainSignature) => 1,
        Some(_) => 0,
        None => by_list(outcome),
    }
}

fn by_list(outcome: &Outcome) -> u8 {
    use emvident::apdu::value::CvmResult;
    let Some(results) = outcome.cvm_results.filter(|results| results.performed()) else { return 0 };
    let Some(method) = results.method().filter(|_| results.result() != CvmResult::Failed) else { return 0 };
    let pin = method.needs_offline_pin() || results.0[0] & 0x3F == 0x02;
    if pin { 2 } else { u8::from(method.needs_signature()) }
}

/// What is more lenient in `hardened` than in `emv`.
fn leniency(emv: &Outcome, hardened: &Outcome) -> Option<String> {
    let (before, after) = (level(emv), level(hardened));
    if after > before {
        return Some(format!("level {before} became {after}"));
    }
    if hardened.decision == Decision::Approved && emv.decision != Decision::Approved {
        return Some("approved".to_owned());
    }
    let (before, after_cvm) = (verified(emv), verified(hardened));
    (after > 0 && after_cvm < before).then(|| format!("verified {before} became {after_cvm}"))
}

#[test]
fn hardened_is_never_more_lenient_than_emv() {
    let each = PLAYED.iter().filter_map(|played| {
        leniency(&played.emv, &played.hardened.outcome).map(|why| format!("{}: {why}", played.name))
    });
    let found: Vec<_> = each.collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// Alone as well, where there is something for a switch to decide.
#[test]
fn no_switch_alone_is_more_lenient_than_emv() {
    let said = |played: &Played, reason: Reason| {
        played.hardened.outcome.log.findings.iter().any(|finding| finding.reason == reason)
    };
    let to_decide = PLAYED.par_iter().flat_map_iter(|played| {
        let switches = DECIDES.iter().filter(move |(reason, _)| said(played, *reason));
        switches.map(move |(_, switch)| (played, switch))
    });
    let found = to_decide.filter_map(|(played, switch)| {
        let alone = under(&played.scenario, &format!("{} = true", switch.id())).outcome;
        leniency(&played.emv, &alone).map(|why| format!("{}, {}: {why}", played.name, switch.id()))
    });
    let found: Vec<_> = found.collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// What changed has a finding that says that the policy changed it, and a policy that changed nothing decides nothing.
#[test]
fn what_the_policy_changed_says_so() {
    let mut changed = 0;
    for played in PLAYED.iter() {
        let hardened = &played.hardened.outcome;
        let says_so = hardened.log.findings.iter().any(|finding| finding.reason.is_of_policy());
        let end = |outcome: &Outcome| (outcome.decision, level(outcome), verified(outcome));
        let differs = end(hardened) != end(&played.emv);
        assert!(!differs || says_so, "{}: {:?} without a word of the policy", played.name, end(hardened));
        assert!(!played.emv.log.findings.iter().any(|finding| finding.reason.is_of_policy()), "{}", played.name);
        changed += usize::from(differs);
    }
    assert!(changed > 50, "{changed}");
}

#[test]
fn a_hardened_recording_replays_to_the_same_bytes() {
    PLAYED.par_iter().for_each(|played| {
        let run = &played.hardened;
        let text = run.transcript.to_string();
        let again = run::replay(&Transcript::parse(&text).unwrap()).unwrap();
        assert_eq!(again.difference.map(|difference| difference.to_string()), None, "{}", played.name);
        assert_eq!(again.run.outcome.log, run.outcome.log, "{}", played.name);
        assert_eq!(again.run.transcript.to_string(), text, "{}", played.name);
    });
}
