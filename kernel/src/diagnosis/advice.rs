//! Whose fault it is, what else it may be, what to do.

use alloc::vec::Vec;

use apdu::tag;

use super::root::find;
use crate::{
    finding::{Category, Certainty, Finding, Reason, Remedy},
    outcome::{Decision, Outcome},
};

/// Whose fault a finding is. Without cryptographic proof nobody is called an attacker before the other possibilities.
pub(super) fn blame(finding: &Finding) -> Vec<Category> {
    let mut categories = finding.reason.entry().categories.to_vec();
    if !proves_an_attack(finding.reason) {
        categories.sort_by_key(|category| *category == Category::SuspectedAttack);
    }
    categories
}

/// What the card signed is not what the terminal was told: only somebody between the two can do that.
fn proves_an_attack(reason: Reason) -> bool {
    matches!(reason, Reason::OdaCdaCidMismatch | Reason::OdaCdaTdhc)
}

/// A wrong clock makes certificates and card expire together. A key that only seems to be missing may be another one, or
/// one that the terminal has and does not use; or it is the list for the signature that is missing.
pub(super) fn suspicions(outcome: &Outcome) -> Vec<Reason> {
    let mut dated: Vec<Reason> = outcome.log.findings.iter().map(|finding| finding.reason).collect();
    dated.retain(|reason| is_about_a_date(*reason));
    dated.sort_unstable();
    dated.dedup();
    let mut suspicions = other_keys(outcome);
    suspicions.extend((dated.len() >= 2).then_some(Reason::TerminalClockWrong));
    suspicions
}

fn other_keys(outcome: &Outcome) -> Vec<Reason> {
    let supposed =
        |finding: &Finding| finding.reason == Reason::OdaCapkNotFound && finding.certainty == Certainty::Likely;
    if find(outcome, supposed).is_none() {
        return Vec::new();
    }
    let signs = outcome.card.has(tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46);
    let no_list = signs && !outcome.card.has(tag::DDOL_9F49);
    let lists = no_list.then_some(Reason::OdaDdolNoDefault);
    lists.into_iter().chain([Reason::OdaCapkExpired, Reason::OdaIssuerCertRecover]).collect()
}

fn is_about_a_date(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::RestrictExpired
            | Reason::RestrictNotEffective
            | Reason::OdaCapkExpired
            | Reason::OdaIssuerCertExpired
            | Reason::OdaIccCertExpired
    )
}

/// What the merchant can do. When the issuer may have booked the amount, nothing is charged again before that is known.
pub(super) fn remedies(primary: Option<usize>, outcome: &Outcome) -> Vec<Remedy> {
    let of = |finding: &Finding| finding.reason.entry().remedies.to_vec();
    let mut remedies = primary.and_then(|at| outcome.log.findings.get(at)).map(of).unwrap_or_default();
    if is_booked_perhaps(outcome) {
        remedies.retain(|remedy| !matches!(remedy, Remedy::Query | Remedy::None) && !is_plain_retry(*remedy));
        remedies.insert(0, Remedy::Query);
    }
    remedies
}

fn is_booked_perhaps(outcome: &Outcome) -> bool {
    let told = |finding: &Finding| matches!(finding.reason, Reason::CardRefusedAfterOnline | Reason::NetNoAnswer);
    outcome.decision != Decision::Approved && (outcome.reversal || find(outcome, told).is_some())
}

fn is_plain_retry(remedy: Remedy) -> bool {
    matches!(remedy, Remedy::Retry | Remedy::Clean | Remedy::Redo | Remedy::Wait | Remedy::Net | Remedy::Pin)
}
