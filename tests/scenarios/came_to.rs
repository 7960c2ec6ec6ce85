//! What a run came to, in the words of an expectation.

use emvident::{
    apdu::command::ins,
    kernel::{Outcome, diagnosis::diagnose},
    scenario::Expectation,
};

use super::story::flags;

pub fn came_to(outcome: &Outcome) -> Expectation {
    let findings = &outcome.log.findings;
    let diagnosis = diagnose(outcome);
    Expectation {
        decision: outcome.decision.id().to_owned(),
        by: outcome.decided_by.id().to_owned(),
        tvr: hex::encode_upper(outcome.tvr.0),
        tsi: hex::encode_upper(outcome.tsi.0),
        cvm: outcome.cvm_results.map(|results| hex::encode_upper(results.0)),
        response_code: outcome.response_code.map(|code| code.escape_ascii().to_string()),
        asked: asked(outcome),
        flags: flags(outcome),
        scripts: outcome.scripts.iter().map(|result| hex::encode_upper(result.to_bytes())).collect(),
        reasons: findings.iter().map(|finding| finding.reason.id().to_owned()).collect(),
        root: diagnosis.primary.map(|at| findings[at].reason.id().to_owned()),
        suspicions: diagnosis.suspicions.iter().map(|reason| reason.id().to_owned()).collect(),
        tap: outcome.tap.as_ref().and_then(|tap| tap.outcome.as_ref()).map(ToString::to_string),
        taps: outcome.tap.as_ref().map(|tap| tap.activations.iter().map(|one| one.outcome.to_string()).collect()),
    }
}

fn asked(outcome: &Outcome) -> Vec<String> {
    let commands = outcome.log.exchanges.iter().map(|exchange| exchange.command.as_slice());
    commands.filter(|command| command[1] == ins::GENERATE_AC).map(|command| format!("{:02X}", command[2])).collect()
}

/// The fields that are not as expected, one a line.
pub fn differences(expected: &Expectation, came_to: &Expectation) -> String {
    let (mut expected, came_to) = (expected.clone(), came_to.clone());
    // A scenario about something else need not say how the card was tapped.
    expected.tap = expected.tap.or_else(|| came_to.tap.clone());
    expected.taps = expected.taps.or_else(|| came_to.taps.clone());
    let (expected, came_to) = (fields(&expected), fields(&came_to));
    let differ = expected.into_iter().zip(came_to).filter(|((_, expected), (_, came_to))| expected != came_to);
    differ.map(|((name, expected), (_, came_to))| format!("\n  {name}: {came_to} where {expected} is right")).collect()
}

fn fields(expectation: &Expectation) -> Vec<(&'static str, String)> {
    let Expectation { decision, by, tvr, tsi, cvm, response_code, asked, flags, scripts, .. } = expectation;
    let Expectation { reasons, root, suspicions, tap, taps, .. } = expectation;
    vec![
        ("decision", decision.clone()),
        ("by", by.clone()),
        ("tvr", tvr.clone()),
        ("tsi", tsi.clone()),
        ("cvm", format!("{cvm:?}")),
        ("response-code", format!("{response_code:?}")),
        ("asked", format!("{asked:?}")),
        ("flags", format!("{flags:?}")),
        ("scripts", format!("{scripts:?}")),
        ("reasons", format!("{reasons:?}")),
        ("root", format!("{root:?}")),
        ("suspicions", format!("{suspicions:?}")),
        ("tap", format!("{tap:?}")),
        ("taps", format!("{taps:?}")),
    ]
}
