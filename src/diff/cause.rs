//! What explains the first decision that differs.

use apdu::{
    Bit, Tag, tag,
    value::tvr::{self, CDA_FAILED, DDA_FAILED, SDA_FAILED},
};
use kernel::finding::Certainty;
use serde::Serialize;

use super::{Divergence, From, Parting, Side, configuration::Differing};

/// What explains the first decision that differs.
#[derive(Clone, Debug, Serialize)]
pub struct Cause {
    /// On which side the difference is.
    pub side: Where,
    /// How sure that is: proven when nothing else differs that could explain it.
    #[serde(serialize_with = "certainty")]
    pub certainty: Certainty,
    /// The items of configuration, or of what was asked for, that can explain it.
    pub items: Vec<Differing>,
    /// The card's bytes that can explain it.
    pub card_bytes: Vec<Divergence>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn certainty<S: serde::Serializer>(certainty: &Certainty, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(certainty.id())
}

/// Where the difference lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Where {
    /// No decision differs.
    Nowhere,
    /// What the terminal is configured with, or what was asked for.
    Terminal,
    /// The card.
    Card,
    /// The issuer's host, or the way to it.
    Host,
    /// The cardholder or the attendant.
    People,
    /// The recordings do not show it.
    CannotTell,
}

impl Where {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Nowhere => "nowhere",
            Self::Terminal => "terminal",
            Self::Card => "card",
            Self::Host => "host",
            Self::People => "people",
            Self::CannotTell => "cannot-tell",
        }
    }
}

/// At most so many of the card's bytes are named.
const MOST: usize = 5;

/// Explains `first`, the first decision that differs.
pub(super) fn explain(
    first: Option<&Parting>,
    configuration: &[Differing],
    divergences: &[Divergence],
    sides: (&Side, &Side),
) -> Cause {
    let Some(first) = first else { return alike(configuration, divergences) };
    let could = items_for(first);
    let mut items: Vec<Differing> = configuration.iter().filter(|item| could.contains(&item.id)).cloned().collect();
    let card_bytes = card_bytes(first, divergences);
    if !card_bytes.is_empty() && sides.0.is_same_card(sides.1) {
        // What one card said otherwise is seen; an item nobody knows the value of is not.
        items.retain(|item| item.a.is_some());
    }
    let side = side_of(first, &items, &card_bytes);
    let alone = items.len().saturating_add(card_bytes.len()) == 1 && sides.0.is_same_card(sides.1);
    let known = items.iter().all(|item| item.a.is_some());
    let certainty = match side {
        Where::CannotTell => Certainty::Hint,
        Where::Host => Certainty::Proven,
        _ if alone && known => Certainty::Proven,
        _ => Certainty::Likely,
    };
    Cause { side, certainty, items, card_bytes }
}

fn alike(configuration: &[Differing], divergences: &[Divergence]) -> Cause {
    let bytes = divergences.iter().filter(|bytes| is_of_card(bytes)).take(MOST);
    Cause {
        side: Where::Nowhere,
        certainty: Certainty::Proven,
        items: configuration.to_vec(),
        card_bytes: bytes.cloned().collect(),
    }
}

fn side_of(first: &Parting, items: &[Differing], card_bytes: &[Divergence]) -> Where {
    if !items.is_empty() {
        return Where::Terminal;
    }
    if first.id == "host" {
        return Where::Host;
    }
    if is_of_people(first) {
        return Where::People;
    }
    let of_card = !card_bytes.is_empty() || matches!(first.id, "first-answer" | "second-answer");
    if of_card { Where::Card } else { Where::CannotTell }
}

fn is_of_people(first: &Parting) -> bool {
    let by_people = [tvr::PIN_NOT_ENTERED, tvr::PIN_TRY_LIMIT_EXCEEDED, tvr::CV_NOT_SUCCESSFUL];
    first.id == "cardholder-verification" && first.bits.iter().any(|bit| by_people.contains(bit))
}

fn is_of_card(bytes: &Divergence) -> bool {
    bytes.from == From::Card && !bytes.varies && !bytes.is_decision
}

/// What the card said before the decision and is looked at for it; where nothing of that differs, whatever else it said.
fn card_bytes(first: &Parting, divergences: &[Divergence]) -> Vec<Divergence> {
    let tags = objects_for(first.id);
    let before = |bytes: &&Divergence| is_of_card(bytes) && bytes.phase <= phase_of(first.id);
    let about = |bytes: &&Divergence| bytes.tag.is_none_or(|tag| tags.is_empty() || tags.contains(&tag));
    divergences.iter().filter(before).filter(about).take(MOST).cloned().collect()
}

/// The last phase whose answers can matter for a decision.
fn phase_of(id: &str) -> kernel::Phase {
    use kernel::Phase;
    match id {
        "application" => Phase::Selection,
        "authentication" => Phase::Authentication,
        "restrictions" | "first-request" => Phase::ReadData,
        "cardholder-verification" => Phase::CardholderVerification,
        "risk-management" => Phase::RiskManagement,
        "first-answer" | "host" => Phase::FirstGenerateAc,
        "issuer-results" => Phase::ScriptsBefore,
        _ => Phase::Completion,
    }
}

/// The items that can change a decision.
fn items_for(first: &Parting) -> Vec<&'static str> {
    let by_bits = || first.bits.iter().flat_map(|bit| items_for_bit(*bit)).copied().collect();
    match first.id {
        "application" => vec!["applications", "selection"],
        "cardholder-verification" => {
            vec![
                "capabilities",
                "terminal-type",
                "amount",
                "cashback",
                "transaction-type",
                "currency",
                "pin-bypass",
                "kernel-configuration",
                "kernel-cvm-limit",
            ]
        }
        "authentication" | "restrictions" | "risk-management" => by_bits(),
        "first-request" => vec!["tac-denial", "tac-online", "tac-default", "action-codes", "terminal-type", "cda-mode"],
        "second-request" => vec!["tac-default", "action-codes"],
        "first-answer" | "second-answer" => FOR_CARD.iter().chain(FOR_TAP).copied().collect(),
        "tap-outcome" => ["amount", "transaction-type", "ca-key"].iter().chain(FOR_TAP).copied().collect(),
        _ => Vec::new(),
    }
}

/// What a card is told and may decide by.
const FOR_CARD: &[&str] = &[
    "amount",
    "cashback",
    "transaction-type",
    "date",
    "currency",
    "country",
    "terminal-type",
    "capabilities",
    "merchant-category",
];

/// What a contactless kernel decides by.
const FOR_TAP: &[&str] = &[
    "ttq",
    "contactless-limit",
    "contactless-floor-limit",
    "contactless-cvm-limit",
    "kernel-configuration",
    "kernel-floor-limit",
    "kernel-cvm-limit",
    "kernel-limit",
    "kernel-limit-on-device",
];

fn items_for_bit(bit: Bit) -> &'static [&'static str] {
    match bit {
        SDA_FAILED | DDA_FAILED | CDA_FAILED => &["ca-key", "revocations", "date", "default-ddol"],
        tvr::ON_EXCEPTION_FILE => &["exception-file"],
        tvr::FLOOR_LIMIT_EXCEEDED => &["floor-limit", "amount", "kernel-floor-limit"],
        tvr::RANDOMLY_SELECTED => &["random-selection", "amount"],
        tvr::FORCED_ONLINE => &["forced-online"],
        tvr::SERVICE_NOT_ALLOWED => {
            &["country", "terminal-type", "transaction-type", "cashback", "additional-capabilities"]
        }
        tvr::NOT_YET_EFFECTIVE | tvr::EXPIRED => &["date"],
        tvr::DIFFERENT_VERSIONS => &["version"],
        bit if bit.byte == 1 => &["capabilities"],
        _ => &[],
    }
}

/// The card's objects that a decision looks at; none stands for all.
fn objects_for(id: &str) -> &'static [Tag] {
    match id {
        "restrictions" => &[
            tag::APPLICATION_EXPIRATION_DATE_5F24,
            tag::APPLICATION_EFFECTIVE_DATE_5F25,
            tag::ISSUER_COUNTRY_CODE_5F28,
            tag::APPLICATION_USAGE_CONTROL_9F07,
            tag::APPLICATION_VERSION_CARD_9F08,
        ],
        "first-request" | "second-request" => {
            &[tag::IAC_DEFAULT_9F0D, tag::IAC_DENIAL_9F0E, tag::IAC_ONLINE_9F0F, tag::AIP_82]
        }
        _ => &[],
    }
}
