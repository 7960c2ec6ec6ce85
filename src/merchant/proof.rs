//! What can prove or exclude a reason.

use std::sync::LazyLock;

use kernel::Reason;
use serde::{Deserialize, Serialize};

const BUILTIN: &str = include_str!("../../data/proof.toml");

/// Who or what can show a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// The recorded exchanges of the chip.
    Trace,
    /// The host's answer and its log.
    Host,
    /// Settings, keys, state and log of the terminal.
    TerminalState,
    /// The track a stripe reader gives.
    Stripe,
    /// No recording: somebody has to be asked.
    Nothing,
}

impl Proof {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Trace, Self::Host, Self::TerminalState, Self::Stripe, Self::Nothing];

    /// What can show `reason`.
    pub fn of(reason: Reason) -> Self {
        let table = &Table::builtin().proof;
        let known = table.iter().filter_map(|proof| Some((longest(&proof.reasons, reason)?, proof.by)));
        known.max_by_key(|(length, _)| *length).map_or(Self::Nothing, |(_, by)| by)
    }

    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Host => "host",
            Self::TerminalState => "terminal-state",
            Self::Stripe => "stripe",
            Self::Nothing => "nothing",
        }
    }
}

/// A place in the course of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// How many stages come before it.
    pub stage: usize,
    /// Whether the reason ends the transaction there.
    pub ends: bool,
    /// Whether that is the end of the transaction whatever led to it.
    pub decides: bool,
}

/// Where in the course of a transaction `reason` appears; `None` when it may appear anywhere, or outside of it.
pub(super) fn place(reason: Reason) -> Option<Place> {
    let stages = Table::builtin().stage.iter().enumerate();
    let places = stages.flat_map(|(at, stage)| {
        let place = move |ends: bool| Place { stage: at, ends, decides: ends && stage.decides };
        let listed = [(&stage.reasons, false), (&stage.ends, true)];
        listed.into_iter().filter_map(move |(names, ends)| Some((longest(names, reason)?, place(ends))))
    });
    places.max_by_key(|(length, _)| *length).map(|(_, place)| place)
}

/// Whether the check with this id excludes `reason` when it was right.
pub(super) fn excludes(check: &str, reason: Reason) -> bool {
    let cleared = Table::builtin().cleared.iter().filter(|cleared| cleared.check == check);
    cleared.into_iter().any(|cleared| longest(&cleared.reasons, reason).is_some())
}

/// Whether the reason is a host's response code: `host-`, two characters, and what they mean.
pub(super) fn is_response_code(reason: Reason) -> bool {
    reason.id().starts_with("host-") && reason.id().as_bytes().get(7) == Some(&b'-')
}

/// How long the longest of `names` is with which the id of `reason` begins.
fn longest(names: &[String], reason: Reason) -> Option<usize> {
    names.iter().filter(|name| reason.id().starts_with(name.as_str())).map(String::len).max()
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    proof: Vec<ProofOf>,
    stage: Vec<Stage>,
    cleared: Vec<Cleared>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofOf {
    by: Proof,
    reasons: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stage {
    #[expect(dead_code, reason = "names the stage for whoever reads the file")]
    id: String,
    reasons: Vec<String>,
    ends: Vec<String>,
    #[serde(default)]
    decides: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cleared {
    check: String,
    reasons: Vec<String>,
}

impl Table {
    fn builtin() -> &'static Self {
        // A test reads the file; without it nothing can be proven or excluded.
        static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(BUILTIN).unwrap_or_default());
        &TABLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{diagnosis::RuledOut, finding::reason::ALL, oda::report::Certificate};

    #[test]
    fn every_reason_has_its_proof_and_no_name_is_idle() {
        let table: Table = toml::from_str(BUILTIN).unwrap();
        for reason in ALL {
            assert!(table.proof.iter().any(|proof| longest(&proof.reasons, *reason).is_some()), "{}", reason.id());
        }
        // Families that are named before the catalogue has them.
        let coming = ["c3-", "c7-", "c8-", "ep-", "k-", "l1-"];
        let proofs = table.proof.iter().flat_map(|proof| &proof.reasons);
        let stages = table.stage.iter().flat_map(|stage| stage.reasons.iter().chain(&stage.ends));
        for name in proofs.chain(stages).chain(table.cleared.iter().flat_map(|cleared| &cleared.reasons)) {
            let used = ALL.iter().any(|reason| reason.id().starts_with(name.as_str()));
            assert!(used || coming.contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn the_longest_name_counts() {
        assert_eq!(Proof::of(Reason::PinWrong), Proof::Trace);
        assert_eq!(Proof::of(Reason::PinOnlineWrong), Proof::Host);
        assert_eq!(Proof::of(Reason::PinOnlineKeyMissing), Proof::TerminalState);
        assert_eq!(Proof::of(Reason::NetHostMaintenance), Proof::Host);
        assert_eq!(Proof::of(Reason::CardFrozen), Proof::Nothing);
        assert_eq!(Proof::of(Reason::MagExpired), Proof::Stripe);
    }

    #[test]
    fn stages_come_in_their_order() {
        let stage = |reason| place(reason).unwrap().stage;
        let order = [
            Reason::CardNoAtr,
            Reason::SelNoCommonApp,
            Reason::GpoSw,
            Reason::RecSw,
            Reason::RestrictExpired,
            Reason::TaaDeniedOffline,
            Reason::NetNoLink,
            Reason::Host51InsufficientFunds,
            Reason::IssuerAuthFailed,
        ];
        assert!(order.is_sorted_by_key(|reason| stage(*reason)));
        assert_eq!(place(Reason::CardFrozen), None);
        assert!(place(Reason::TaaDeniedOffline).unwrap().decides);
    }

    #[test]
    fn every_check_of_the_diagnosis_excludes_something() {
        let certificates = [
            Certificate::CaKey,
            Certificate::Issuer,
            Certificate::Icc,
            Certificate::StaticSignature,
            Certificate::DynamicSignature,
        ];
        let others = [
            RuledOut::Restrictions,
            RuledOut::CardholderVerification,
            RuledOut::IssuerAuthentication,
            RuledOut::Network,
        ];
        for check in certificates.map(RuledOut::Certificate).into_iter().chain(others) {
            assert!(ALL.iter().any(|reason| excludes(check.id(), *reason)), "{}", check.id());
        }
    }
}
