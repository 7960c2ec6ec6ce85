//! The recorded terminal as its verification results show it, where they differ from what its card proves.
//!
//! A terminal that says authentication failed, while this kernel finds every signature right, has not the key that this
//! kernel has. So the recording goes through a terminal without it: when that comes to the same results, it is the likely
//! story.

use apdu::{
    Bit, tag,
    value::{Tvr, tvr},
};

use super::Recovered;
use crate::{
    finding::{Certainty, Reason},
    oda::KeyStore,
    outcome::Outcome,
    terminal::Terminal,
};

const FAILED: [Bit; 3] = [tvr::SDA_FAILED, tvr::DDA_FAILED, tvr::CDA_FAILED];

/// The keys of `terminal` without the one of the card, when only that can have failed.
pub(super) fn keys(recovered: &Recovered, terminal: &Terminal, outcome: &Outcome) -> Option<KeyStore> {
    only_theirs(recovered, outcome)?;
    let [index] = outcome.card.array(tag::CA_PUBLIC_KEY_INDEX_8F)?;
    let rid = recovered.aid.first_chunk::<5>()?;
    terminal.keys.keys_for(*rid, index).next()?;
    let mut keys = KeyStore::new();
    let others = terminal.keys.iter().filter(|key| (key.rid(), key.index()) != (*rid, index));
    others.for_each(|key| keys.add(key.clone()));
    Some(keys)
}

/// The first of the "failed" bits that the terminal had set and this kernel has not.
fn only_theirs(recovered: &Recovered, outcome: &Outcome) -> Option<Bit> {
    let ours: Tvr = outcome.analyses.first().map_or(outcome.tvr, |analysis| analysis.tvr);
    FAILED.into_iter().find(|bit| recovered.had(*bit) && !ours.has(*bit))
}

/// The outcome without the key, when it comes to what the terminal came to. Nobody knows which check its key failed.
pub(super) fn agreeing(recovered: &Recovered, mut outcome: Outcome) -> Option<Outcome> {
    let agrees = only_theirs(recovered, &outcome).is_none();
    let findings = outcome.log.findings.iter_mut();
    let missing = findings.filter(|finding| finding.reason == Reason::OdaCapkNotFound);
    missing.for_each(|finding| finding.certainty = Certainty::Likely);
    agrees.then_some(outcome)
}
