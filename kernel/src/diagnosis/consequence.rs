//! What followed from the root.

use alloc::vec::Vec;

use apdu::{Bit, value::CryptogramType};

use super::root::{denial, find, is_denial, is_network, summed_up};
use crate::{
    contact::analyse::Codes,
    finding::{Finding, Reason, Severity},
    outcome::{Decider, Decision, MaskHit, Outcome},
};

/// One step from the root to the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// This finding, as an index.
    Finding(usize),
    /// This bit of the TVR was set.
    VerificationBit(Bit),
    /// These bits met the action codes and were turned into the decline.
    ActionCodes {
        /// Which pair of codes.
        codes: Codes,
        /// The bits of the root, or all that decided when it set none of them.
        hits: Vec<MaskHit>,
    },
    /// What the terminal asked the card for.
    Asked(CryptogramType),
    /// What the card answered.
    Given(CryptogramType),
    /// The response code: the issuer's, or the terminal's own (Y1, Z1, Y3, Z3).
    ResponseCode([u8; 2]),
    /// How it ended.
    Decision(Decision, Decider),
}

/// The steps from the root `primary`.
pub(super) fn from(primary: usize, outcome: &Outcome) -> Vec<Link> {
    let mut links = alloc::vec![Link::Finding(primary)];
    let Some(root) = outcome.log.findings.get(primary) else { return links };
    let summaries = summaries(primary, outcome);
    links.extend(summaries.iter().copied().map(Link::Finding));
    let mut summarised = summaries.iter().filter_map(|at| outcome.log.findings.get(*at));
    let bit = root.tvr.or_else(|| summarised.find_map(|finding| finding.tvr));
    links.extend(bit.filter(|bit| outcome.tvr.has(*bit)).map(Link::VerificationBit));
    if is_host(root) {
        links.extend(outcome.response_code.map(Link::ResponseCode));
    }
    links.extend(action_codes(bit, outcome));
    links.extend(find(outcome, |finding| is_denial(finding.reason)).filter(|at| *at != primary).map(Link::Finding));
    let refusal = find(outcome, is_host).filter(|at| *at != primary && summed_up(*at, outcome) == Some(primary));
    links.extend(refusal.map(Link::Finding));
    links.extend(cryptogram(outcome));
    let refused = find(outcome, |finding| finding.reason == Reason::CardRefusedAfterOnline);
    links.extend(refused.map(Link::Finding).filter(|link| !links.contains(link)));
    if outcome.response_code.is_some_and(is_terminals_own) {
        links.extend(outcome.response_code.map(Link::ResponseCode));
    }
    links.push(Link::Decision(outcome.decision, outcome.decided_by));
    links
}

/// The findings that sum up the root. Decisions come where they were made.
fn summaries(primary: usize, outcome: &Outcome) -> Vec<usize> {
    let decides = |at: usize| outcome.log.findings.get(at).is_some_and(|other| other.severity == Severity::Decline);
    let all = 0..outcome.log.findings.len();
    all.filter(|at| *at != primary && !decides(*at) && summed_up(*at, outcome) == Some(primary)).collect()
}

fn is_host(finding: &Finding) -> bool {
    finding.reason.id().starts_with("host-") && !is_network(finding.reason)
}

fn is_terminals_own(code: [u8; 2]) -> bool {
    matches!(&code, b"Y1" | b"Z1" | b"Y3" | b"Z3")
}

fn action_codes(bit: Option<Bit>, outcome: &Outcome) -> Option<Link> {
    let analysis = denial(outcome)?;
    let codes = analysis.rows.last()?.codes;
    let all: Vec<MaskHit> = analysis.deciding_bits().collect();
    let own: Vec<MaskHit> = all.iter().copied().filter(|hit| Some(hit.bit) == bit).collect();
    let hits = if own.is_empty() { all } else { own };
    (!hits.is_empty()).then_some(Link::ActionCodes { codes, hits })
}

/// The last cryptogram that was asked for and what came, when one of the two is the decline. Others came before the root.
fn cryptogram(outcome: &Outcome) -> impl Iterator<Item = Link> {
    let declines = |kind| kind == CryptogramType::Aac;
    let last = outcome.cryptograms.last();
    let last = last.filter(|last| declines(last.asked) || declines(last.cid.cryptogram_type()));
    last.into_iter().flat_map(|last| [Link::Asked(last.asked), Link::Given(last.cid.cryptogram_type())])
}
