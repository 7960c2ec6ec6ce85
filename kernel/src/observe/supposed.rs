//! The recorded terminal as its verification results show it, where they differ from what its card proves.
//!
//! A terminal that says authentication failed, while this kernel finds every signature right, has not the key that this
//! kernel has. One that says the service is not allowed, where nobody told what kind of terminal it is and where, is of
//! another kind or elsewhere. So the recording goes through such a terminal: when that comes to the same results, it is the
//! likely story.

use alloc::vec::Vec;

use apdu::{
    Bit, tag,
    value::{
        Tvr,
        additional_terminal_capabilities::{CASH, GOODS, SERVICES},
        terminal_type::TerminalType,
        tvr,
    },
};

use super::Recovered;
use crate::{
    finding::{Certainty, Reason},
    oda::KeyStore,
    outcome::Outcome,
    terminal::Terminal,
};

const FAILED: [Bit; 3] = [tvr::SDA_FAILED, tvr::DDA_FAILED, tvr::CDA_FAILED];

/// A terminal of no bank's own, attended by nobody, that pays out cash (`EMV 4.4 Book 4, Annex A1`).
const CASH_MACHINE: TerminalType = TerminalType(0x14);

/// Terminals that may have come to the bits of the recording that this kernel did not come to.
pub(super) fn terminals(recovered: &Recovered, terminal: &Terminal, outcome: &Outcome) -> Vec<Terminal> {
    let theirs = |bit: &Bit| only_theirs(recovered, outcome, *bit);
    let without_key = FAILED.iter().any(theirs).then(|| keys(recovered, terminal, outcome)).flatten();
    let mut terminals: Vec<Terminal> =
        without_key.into_iter().map(|keys| Terminal { keys, ..terminal.clone() }).collect();
    if theirs(&tvr::SERVICE_NOT_ALLOWED) {
        terminals.extend(elsewhere(recovered, terminal));
    }
    terminals
}

/// The same terminal as a cash machine, abroad, selling goods alone, selling services alone: as far as nobody told.
fn elsewhere(recovered: &Recovered, terminal: &Terminal) -> Vec<Terminal> {
    let told = |tag| recovered.data.has(tag);
    let sells = |bit: Bit, not: Bit| {
        let mut capabilities = terminal.additional_capabilities.with(bit);
        capabilities.clear(not);
        Terminal { additional_capabilities: capabilities, ..terminal.clone() }
    };
    let mut others = Vec::new();
    if !told(tag::TERMINAL_TYPE_9F35) {
        let additional_capabilities = terminal.additional_capabilities.with(CASH);
        others.push(Terminal { terminal_type: CASH_MACHINE, additional_capabilities, ..terminal.clone() });
    }
    if !told(tag::TERMINAL_COUNTRY_CODE_9F1A) {
        others.push(Terminal { country: [0; 2], ..terminal.clone() });
    }
    if !told(tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40) {
        others.extend([sells(GOODS, SERVICES), sells(SERVICES, GOODS)]);
    }
    others
}

/// The keys of `terminal` without the one of the card.
fn keys(recovered: &Recovered, terminal: &Terminal, outcome: &Outcome) -> Option<KeyStore> {
    let [index] = outcome.card.array(tag::CA_PUBLIC_KEY_INDEX_8F)?;
    let rid = recovered.aid.first_chunk::<5>()?;
    terminal.keys.keys_for(*rid, index).next()?;
    let mut keys = KeyStore::new();
    let others = terminal.keys.iter().filter(|key| (key.rid(), key.index()) != (*rid, index));
    others.for_each(|key| keys.add(key.clone()));
    Some(keys)
}

/// Whether the terminal had set this bit and this kernel has not.
fn only_theirs(recovered: &Recovered, outcome: &Outcome, bit: Bit) -> bool {
    let ours: Tvr = outcome.analyses.first().map_or(outcome.tvr, |analysis| analysis.tvr);
    recovered.had(bit) && !ours.has(bit)
}

/// The outcome at another terminal, when it has one bit more of those that the recorded one set. Which check of its key
/// failed, and where it is, nobody knows.
pub(super) fn agreeing(recovered: &Recovered, before: &Outcome, mut outcome: Outcome) -> Option<Outcome> {
    let open = |outcome: &Outcome| {
        let bits = FAILED.iter().chain([&tvr::SERVICE_NOT_ALLOWED]);
        bits.filter(|bit| only_theirs(recovered, outcome, **bit)).count()
    };
    let agrees = open(&outcome) < open(before);
    let findings = outcome.log.findings.iter_mut();
    let supposed = findings
        .filter(|finding| finding.reason == Reason::OdaCapkNotFound || finding.tvr == Some(tvr::SERVICE_NOT_ALLOWED));
    supposed.for_each(|finding| finding.certainty = Certainty::Likely);
    agrees.then_some(outcome)
}
