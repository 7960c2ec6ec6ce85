//! What a scenario must come to, worked out from the specification by hand.

use apdu::command::ins;
use kernel::{Outcome, diagnosis::diagnose};
use serde::Deserialize;

/// How a transaction must end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expectation {
    /// `approved`, `declined` or `not-completed`.
    pub decision: String,
    /// Who decided, such as `issuer`.
    pub by: String,
    /// Terminal verification results, ten hexadecimal digits.
    pub tvr: String,
    /// Transaction status information, four hexadecimal digits.
    pub tsi: String,
    /// CVM results, six hexadecimal digits; left out when the transaction did not get that far.
    pub cvm: Option<String>,
    /// Authorisation response code, two characters; left out when there is none.
    pub response_code: Option<String>,
    /// What each GENERATE AC asks for: its reference control parameter P1, two hexadecimal digits.
    #[serde(default)]
    pub asked: Vec<String>,
    /// `online`, `signature`, `advice`, `reversal`, in this order.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Issuer script results (`9F5B`), ten hexadecimal digits for each script.
    #[serde(default)]
    pub scripts: Vec<String>,
    /// The ids of all findings, in the order they are made.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// The id of the root cause; left out for an approval.
    pub root: Option<String>,
    /// The ids of what nobody proved and what would explain it as well.
    #[serde(default)]
    pub suspicions: Vec<String>,
    /// The final contactless outcome with its parameters in one line, such as `online-request cvm=online-pin data-record`;
    /// left out when it is not checked.
    pub tap: Option<String>,
    /// The outcome of every kernel activation, in order; left out when they are not checked.
    pub taps: Option<Vec<String>>,
}

impl Expectation {
    /// What a transaction came to, in the words of an expectation.
    pub fn of(outcome: &Outcome) -> Self {
        let findings = &outcome.log.findings;
        let diagnosis = diagnose(outcome);
        let root = diagnosis.primary.and_then(|at| findings.get(at));
        Self {
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
            root: root.map(|finding| finding.reason.id().to_owned()),
            suspicions: diagnosis.suspicions.iter().map(|reason| reason.id().to_owned()).collect(),
            tap: outcome.tap.as_ref().and_then(|tap| tap.outcome.as_ref()).map(ToString::to_string),
            taps: outcome.tap.as_ref().map(|tap| tap.activations.iter().map(|one| one.outcome.to_string()).collect()),
        }
    }
}

fn asked(outcome: &Outcome) -> Vec<String> {
    let commands = outcome.log.exchanges.iter().map(|exchange| &*exchange.command);
    let p1 = |command: &[u8]| match command {
        [_, ins::GENERATE_AC, p1, ..] => Some(format!("{p1:02X}")),
        _ => None,
    };
    commands.filter_map(p1).collect()
}

fn flags(outcome: &Outcome) -> Vec<String> {
    let flags = [
        (outcome.online, "online"),
        (outcome.signature_required, "signature"),
        (outcome.advice, "advice"),
        (outcome.reversal, "reversal"),
    ];
    flags.iter().filter(|(set, _)| *set).map(|(_, name)| (*name).to_owned()).collect()
}
