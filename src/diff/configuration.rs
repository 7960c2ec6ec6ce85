//! What the terminals were configured with and told, and what of it differs.
//!
//! A value is known when the terminal sent it for one of the card's lists, or when the recording is our own and brings its
//! terminal along. Of other terminals limits, action codes and keys are not known; [`inferred`] says which of them must
//! differ.

use apdu::{
    Bits, Tag,
    tag::{self, k2, k3},
    value::tvr,
};
use kernel::{
    contactless::Combination,
    oda::report::{Certificate, Step},
    terminal::ApplicationParameters,
};
use serde::Serialize;

use super::{Side, key_state};

/// An item of configuration, or of what was asked for, that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Differing {
    /// Which: `capabilities`, `floor-limit`, `tac-denial`, `ca-key`, `amount`, `date`, ...
    pub id: &'static str,
    /// The data object that tells the card about it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Its value in the first recording; `null` when only its effect is known.
    pub a: Option<String>,
    /// Its value in the second recording.
    pub b: Option<String>,
}

/// An item and its value on one side, when it is known.
type Item = (&'static str, Option<Tag>, Option<String>);

/// Every item that is known on both sides and differs, and those that must differ though nobody knows their values.
pub(super) fn differing(a: &Side, b: &Side) -> Vec<Differing> {
    let both = items(a).into_iter().zip(items(b));
    let mut differing: Vec<Differing> = both
        .filter_map(|((id, tag, a), (_, _, b))| {
            let (one, other) = a.zip(b).filter(|(one, other)| one != other)?;
            Some(Differing { id, tag: tag.map(|tag| tag.to_string()), a: Some(one), b: Some(other) })
        })
        .collect();
    for id in inferred(a, b) {
        // A floor limit of the kernel, or of the combination, is one that is known.
        if !differing.iter().any(|known| known.id.ends_with(id)) {
            differing.push(Differing { id, tag: None, a: None, b: None });
        }
    }
    differing
}

fn items(side: &Side) -> Vec<Item> {
    let mut items = transaction(side);
    items.extend(terminal(side));
    items.extend(application(side));
    items.push(("ca-key", None, ca_key(side)));
    items.extend(policy(side));
    items.extend(tap(side));
    items
}

/// What was sent, else what our own recording says.
fn told(side: &Side, id: &'static str, tag: Tag, own: Option<String>) -> Item {
    (id, Some(tag), side.told(tag).map(hex::encode_upper).or(own))
}

fn transaction(side: &Side) -> Vec<Item> {
    let purchase = side.purchase.as_ref();
    let amount = |amount: u64| format!("{amount:012}");
    let date = |date: &str| date.replace('-', "").get(2..).map(ToOwned::to_owned);
    let kind = purchase.and_then(|purchase| kernel::TransactionKind::from_id(&purchase.kind));
    vec![
        told(side, "amount", tag::AMOUNT_AUTHORISED_9F02, purchase.map(|purchase| amount(purchase.amount))),
        told(side, "cashback", tag::AMOUNT_OTHER_9F03, purchase.map(|purchase| amount(purchase.cashback))),
        told(side, "transaction-type", tag::TRANSACTION_TYPE_9C, kind.map(|kind| format!("{:02X}", kind.code()))),
        told(side, "date", tag::TRANSACTION_DATE_9A, purchase.and_then(|purchase| date(&purchase.date))),
        ("forced-online", None, purchase.map(|purchase| purchase.forced_online.to_string())),
    ]
}

fn terminal(side: &Side) -> Vec<Item> {
    let own = side.own.as_ref();
    let hex = |bytes: &[u8]| hex::encode_upper(bytes);
    vec![
        told(side, "currency", tag::TRANSACTION_CURRENCY_CODE_5F2A, own.map(|own| hex(&own.currency))),
        told(side, "country", tag::TERMINAL_COUNTRY_CODE_9F1A, own.map(|own| hex(&own.country))),
        told(side, "terminal-type", tag::TERMINAL_TYPE_9F35, own.map(|own| hex(&[own.terminal_type.0]))),
        told(side, "capabilities", tag::TERMINAL_CAPABILITIES_9F33, own.map(|own| hex(&own.capabilities.0))),
        told(
            side,
            "additional-capabilities",
            tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40,
            own.map(|own| hex(&own.additional_capabilities.0)),
        ),
        told(side, "merchant-category", tag::MERCHANT_CATEGORY_CODE_9F15, None),
        told(side, "risk-management-data", tag::TERMINAL_RISK_MANAGEMENT_DATA_9F1D, None),
    ]
}

/// The parameters of the application that was used.
fn parameters(side: &Side) -> Option<&ApplicationParameters> {
    let used = &side.observation.outcome.aid;
    let matching = side.own.as_ref()?.applications.iter().filter(|known| used.starts_with(&known.aid));
    matching.max_by_key(|known| known.aid.len())
}

fn application(side: &Side) -> Vec<Item> {
    let known = parameters(side);
    let hex = |bytes: &[u8]| hex::encode_upper(bytes);
    let of = |value: fn(&ApplicationParameters) -> String| known.map(value);
    let list = |list: &Option<Vec<u8>>| list.as_deref().map_or("none".to_owned(), hex::encode_upper);
    vec![
        told(side, "version", tag::APPLICATION_VERSION_TERMINAL_9F09, known.map(|known| hex(&known.version))),
        ("floor-limit", Some(tag::TERMINAL_FLOOR_LIMIT_9F1B), of(|known| known.floor_limit.to_string())),
        ("random-selection", None, of(random_selection)),
        ("tac-denial", None, of(|known| hex::encode_upper(known.tac_denial.0))),
        ("tac-online", None, of(|known| hex::encode_upper(known.tac_online.0))),
        ("tac-default", None, of(|known| hex::encode_upper(known.tac_default.0))),
        ("default-ddol", None, known.map(|known| list(&known.default_ddol))),
        ("default-tdol", None, known.map(|known| list(&known.default_tdol))),
    ]
}

fn random_selection(known: &ApplicationParameters) -> String {
    let random = known.random_selection;
    format!("{}/{}/{}", random.threshold, random.target, random.maximum)
}

/// The CA key that the card asks for, as the terminal has it.
fn ca_key(side: &Side) -> Option<String> {
    let own = side.own.as_ref()?;
    let rid = side.observation.outcome.aid.first_chunk::<5>()?;
    let [index] = side.observation.recovered.card.array::<1>(tag::CA_PUBLIC_KEY_INDEX_8F)?;
    let state = key_state(&own.keys, *rid, index);
    let expiry = own.keys.keys_for(*rid, index).find_map(kernel::oda::CaKey::expiry);
    let expiry = expiry.map(|expiry| format!(", {expiry}")).unwrap_or_default();
    let withdrawn = own.keys.keys_for(*rid, index).any(kernel::oda::CaKey::is_withdrawn);
    let state = if withdrawn { "withdrawn" } else { state };
    Some(format!("{}/{index:02X} {state}{expiry}", hex::encode_upper(rid)))
}

/// What a contactless reader was configured with for the application that was used.
fn tap(side: &Side) -> Vec<Item> {
    let with = combination(side);
    let limit =
        |value: fn(&Combination) -> Option<u64>| with.map(|with| no_or(value(with).map(|units| units.to_string())));
    let data = |tag: Tag| {
        let value =
            |with: &Combination| with.data.iter().find(|(known, _)| *known == tag).map(|(_, value)| value.clone());
        with.map(|with| no_or(value(with).map(hex::encode_upper)))
    };
    let ttq = with.map(|with| no_or(with.ttq.map(|ttq| hex::encode_upper(ttq.0))));
    let mut items = vec![
        told(side, "ttq", k3::TTQ_9F66, ttq),
        ("contactless-limit", None, limit(|with| with.transaction_limit)),
        ("contactless-floor-limit", None, limit(|with| with.floor_limit.or(with.terminal_floor_limit))),
        ("contactless-cvm-limit", None, limit(|with| with.cvm_limit)),
    ];
    let of_kernel = [
        ("kernel-configuration", k2::KERNEL_CONFIGURATION_DF811B),
        ("kernel-floor-limit", k2::READER_FLOOR_LIMIT_DF8123),
        ("kernel-cvm-limit", k2::CVM_REQUIRED_LIMIT_DF8126),
        ("kernel-limit", k2::TRANSACTION_LIMIT_DF8124),
        ("kernel-limit-on-device", k2::TRANSACTION_LIMIT_ON_DEVICE_CVM_DF8125),
    ];
    items.extend(of_kernel.into_iter().map(|(id, tag)| (id, Some(tag), data(tag))));
    items
}

fn no_or(value: Option<String>) -> String {
    value.unwrap_or_else(|| "none".to_owned())
}

/// The terminal's own combination for the kernel and the application that were used; where none was, the only one there
/// is of the recording's kernel.
fn combination(side: &Side) -> Option<&Combination> {
    let own = side.own.as_ref()?;
    let used = side.observation.terminal.contactless.combinations.first()?;
    let mut known = own.contactless.combinations.iter();
    known.find(|known| known.kernel == used.kernel && used.aid.starts_with(&known.aid))
}

fn policy(side: &Side) -> Vec<Item> {
    let own = side.own.as_ref();
    let aids = |own: &kernel::Terminal| {
        let aids = own.applications.iter().map(|known| hex::encode_upper(&known.aid));
        aids.collect::<Vec<_>>().join(" ")
    };
    vec![
        ("applications", None, own.map(aids)),
        ("selection", None, own.map(|own| format!("{:?}", own.selection))),
        ("pin-bypass", None, own.map(|own| format!("{:?}", own.pin))),
        ("cda-mode", None, own.map(|own| format!("{:?}", own.cda_mode))),
        ("revocations", None, own.map(|own| own.revocations.len().to_string())),
        ("exception-file", None, own.map(|own| own.exceptions.len().to_string())),
    ]
}

/// Items whose values are not known and which must differ nevertheless.
fn inferred(a: &Side, b: &Side) -> Vec<&'static str> {
    let (Some(one), Some(other)) = (a.first_tvr(), b.first_tvr()) else { return Vec::new() };
    let differs = |bit| one.has(bit) != other.has(bit);
    let amount = |side: &Side| side.told(tag::AMOUNT_AUTHORISED_9F02).map(<[u8]>::to_vec);
    let mut items = Vec::new();
    let higher_exceeded =
        if one.has(tvr::FLOOR_LIMIT_EXCEEDED) { amount(a) > amount(b) } else { amount(b) > amount(a) };
    if differs(tvr::FLOOR_LIMIT_EXCEEDED) && !higher_exceeded {
        items.push("floor-limit");
    }
    if differs(tvr::RANDOMLY_SELECTED) {
        items.push("random-selection");
    }
    if differs(tvr::ON_EXCEPTION_FILE) {
        items.push("exception-file");
    }
    if differs(tvr::FORCED_ONLINE) {
        items.push("forced-online");
    }
    let failed = [tvr::SDA_FAILED, tvr::DDA_FAILED, tvr::CDA_FAILED];
    if failed.into_iter().any(differs) && are_right_but_for_the_ca_key(a, b) {
        items.push("ca-key");
    }
    let codes = |side: &Side| side.issuer_codes().map(|code| code.map(|Bits(bits)| bits));
    let request = |side: &Side| side.observation.recovered.requests.first().map(|(p1, _)| p1 & 0xC0);
    let is_known = a.own.is_some() && b.own.is_some();
    if !is_known && one == other && codes(a) == codes(b) && request(a) != request(b) {
        items.push("action-codes");
    }
    items
}

/// Every certificate and signature is right on both sides, as far as the CA key; where it is missing on one side, that side's
/// card said what is right on the other. Without the key on either side nobody knows.
fn are_right_but_for_the_ca_key(a: &Side, b: &Side) -> bool {
    let without_key = |side: &Side, other: &Side| lacks_the_ca_key(side) && signed(side) == signed(other);
    match (is_authentic(a), is_authentic(b)) {
        (true, true) => true,
        (true, false) => without_key(b, a),
        (false, true) => without_key(a, b),
        (false, false) => false,
    }
}

fn is_authentic(side: &Side) -> bool {
    let steps = &side.observation.outcome.chain.steps;
    !steps.is_empty() && steps.iter().all(Step::passed)
}

fn lacks_the_ca_key(side: &Side) -> bool {
    let mut failed = side.observation.outcome.chain.steps.iter().filter(|step| !step.passed());
    failed.all(|step| step.certificate == Certificate::CaKey)
}

/// What a chain of certificates is made of, and what it vouches for.
fn signed(side: &Side) -> ([Option<&[u8]>; 9], &[u8]) {
    let outcome = &side.observation.outcome;
    let objects = [
        tag::CA_PUBLIC_KEY_INDEX_8F,
        tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        tag::ISSUER_PUBLIC_KEY_REMAINDER_92,
        tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32,
        tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        tag::ICC_PUBLIC_KEY_REMAINDER_9F48,
        tag::ICC_PUBLIC_KEY_EXPONENT_9F47,
        tag::SIGNED_STATIC_APPLICATION_DATA_93,
        tag::AIP_82,
    ];
    (objects.map(|tag| outcome.card.value(tag)), &outcome.signed_records.bytes)
}
