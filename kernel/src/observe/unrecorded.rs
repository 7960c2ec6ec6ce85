//! What a recording does not show: taken back from the outcome where this kernel went on without one.
//!
//! Where a recording ends, people and host are still asked, and what they "answer" is made up. It may not stand in an
//! explanation as if it had happened.

use apdu::{command::ins, tag};

use super::{Class, Gap, Observation};
use crate::{
    finding::{Fact, Finding, Phase, Reason, Severity},
    outcome::{Decider, Outcome},
};

/// Takes back what is not in the recording, and puts in the response code that is.
pub(super) fn take_back(observation: &mut Observation) {
    match observation.class() {
        Class::CannotTell(Gap::FirstCryptogram) => cardholder_and_decision(&mut observation.outcome),
        Class::CannotTell(Gap::FinalCryptogram) => answer(&mut observation.outcome),
        Class::CannotTell(Gap::HostAnswer) => host(&mut observation.outcome),
        Class::NotCompleted if observation.outcome.tap.is_some() => presentment(&mut observation.outcome),
        _ => {
            let told = observation.recovered.response_code;
            observation.outcome.response_code = told.or(observation.outcome.response_code);
        }
    }
    directory(&mut observation.outcome);
    let capabilities_told = observation.recovered.data.has(tag::TERMINAL_CAPABILITIES_9F33);
    let is_assumed = |fact| fact == Fact::FloorLimit || fact == Fact::TerminalMethods && !capabilities_told;
    let findings = observation.outcome.log.findings.iter_mut();
    findings.for_each(|finding| finding.evidence.retain(|evidence| !is_assumed(evidence.fact)));
}

/// A card that was read: nobody knows the holder, the amount or what the terminal would have asked for.
fn cardholder_and_decision(outcome: &mut Outcome) {
    let asked = outcome.log.exchanges.iter().any(|exchange| exchange.command.get(1) == Some(&ins::VERIFY));
    let begins = if asked { Phase::RiskManagement } else { Phase::CardholderVerification };
    outcome.log.findings.retain(|finding| finding.phase < begins || is_recorded(finding));
    outcome.analyses.clear();
    if !asked {
        outcome.cvm.visits.clear();
        outcome.cvm_results = None;
    }
}

/// A card that wanted to go online: nobody knows what the host said, or whether it was reached.
fn answer(outcome: &mut Outcome) {
    let made_up = |finding: &Finding| {
        let decided = matches!(finding.reason, Reason::TaaDeniedUnableOnline | Reason::TaaDeniedOffline);
        decided || finding.phase > Phase::FirstGenerateAc
    };
    outcome.log.findings.retain(|finding| is_recorded(finding) || !made_up(finding));
    let causes = outcome.log.findings.iter_mut().filter(|finding| finding.severity == Severity::Cause);
    causes.for_each(|finding| finding.severity = Severity::Degraded);
    outcome.analyses.truncate(1);
    (outcome.response_code, outcome.reversal) = (None, false);
}

/// A tap that ended in an online request: nobody knows what the host said, or whether it was reached.
fn host(outcome: &mut Outcome) {
    outcome.log.findings.retain(|finding| is_recorded(finding) || finding.phase < Phase::Online);
    (outcome.decision, outcome.decided_by) = Default::default();
    (outcome.response_code, outcome.reversal, outcome.online) = (None, false, false);
}

/// A directory that is not recorded was made up from the application that was selected.
fn directory(outcome: &mut Outcome) {
    let read = |command: &[u8]| command.windows(14).any(|name| name == b"2PAY.SYS.DDF01");
    let is_recorded = outcome.log.exchanges.iter().any(|exchange| read(&exchange.command));
    if let Some(tap) = outcome.tap.as_mut().filter(|_| !is_recorded) {
        tap.entries.clear();
    }
}

/// A card that was to be presented again: that belongs to another attempt.
fn presentment(outcome: &mut Outcome) {
    let asked_again =
        |finding: &Finding| finding.reason == Reason::TransportTraceIncomplete && finding.phase == Phase::Activation;
    let before = outcome.log.findings.len();
    outcome.log.findings.retain(|finding| !asked_again(finding));
    if outcome.log.findings.len() == before {
        return;
    }
    // What made the reader ask is what ended this one.
    outcome.decided_by = Decider::Terminal;
    let ended = outcome.log.findings.iter().any(|finding| finding.severity >= Severity::Cause);
    let last = outcome.log.findings.iter_mut().rfind(|finding| finding.severity == Severity::Degraded);
    last.filter(|_| !ended).into_iter().for_each(|finding| finding.severity = Severity::Fatal);
}

fn is_recorded(finding: &Finding) -> bool {
    let shown = finding.evidence.iter().any(|evidence| evidence.place.exchange.is_some());
    shown || finding.reason == Reason::TransportTraceIncomplete
}
