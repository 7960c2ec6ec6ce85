//! Good cards, of which nothing is claimed, and hostile ones.

use emvident_kernel::{Terminal, counterfactual::Change, oda::keys::KeyStore};
use proptest::prelude::*;

use crate::transaction::{Case, card, every_key, purchase, terminal};

#[test]
fn nothing_is_claimed_of_a_good_card() {
    let without = ["expired", "not-yet-effective", "certificate-expired", "unknown-authority", "altered", "wedge"];
    for info in vectors::cards() {
        let mut case = Case::of(info.name, &[]);
        case.known = every_key();
        let found = case.search();
        let byte = if without.contains(&info.name) { None } else { case.changed_byte() };
        assert_eq!(
            found.is_empty() && byte.is_none(),
            !without.contains(&info.name) || info.name == "unknown-authority",
            "{}: {found:?}",
            info.name
        );
    }
}

#[test]
fn every_id_is_kebab_case_and_has_one_owner() {
    let mut ids = Change::IDS.to_vec();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), Change::IDS.len());
    assert!(ids.iter().all(|id| id.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase())));
}

fn keys(which: u8) -> KeyStore {
    if which == 0 { KeyStore::new() } else { every_key() }
}

/// Changes of every layer: before signing, after it, and on the way.
fn alteration() -> impl Strategy<Value = String> {
    let tags = ["5A", "57", "5F24", "5F25", "5F34", "82", "8C", "8D", "8E", "8F", "90", "92", "93", "9F07", "9F0F"];
    let more = ["9F32", "9F46", "9F47", "9F48", "9F49", "9F4A"];
    let tag = proptest::sample::select([&tags[..], &more].concat());
    let bytes = proptest::collection::vec(any::<u8>(), 1..40).prop_map(hex::encode_upper);
    let signed = proptest::sample::select(vec!["issuer", "icc", "static", "dynamic", "first", "pin"]);
    let field = proptest::sample::select(vec![
        "header",
        "format",
        "identifier",
        "expiry",
        "hash",
        "hashed-data",
        "remainder",
        "exponent",
        "key-length",
        "exponent-length",
        "data-length",
        "data",
        "number",
        "cid",
        "transaction-hash",
        "key-algorithm",
    ]);
    let command = proptest::sample::select(vec!["select", "gpo", "read", "internal-auth", "gac", "challenge"]);
    prop_oneof![
        (tag.clone(), bytes.clone()).prop_map(|(tag, bytes)| format!("set {tag}={bytes}")),
        tag.clone().prop_map(|tag| format!("remove {tag}")),
        (tag, 0..3_usize, 1..=u8::MAX).prop_map(|(tag, at, mask)| format!("flip {tag}@{at}={mask:02X}")),
        (signed, field, bytes.clone()).prop_map(|(signed, field, bytes)| format!("sign {signed} {field}={bytes}")),
        (command.clone(), 0..60_usize, 1..=u8::MAX)
            .prop_map(|(name, at, mask)| format!("answer {name} flip {at}={mask:02X}")),
        (command, bytes.clone()).prop_map(|(name, bytes)| format!("answer {name} replace {bytes}")),
        proptest::collection::vec(any::<u8>(), 2).prop_map(|aip| format!("aip {}", hex::encode_upper(aip))),
        bytes.prop_map(|afl| format!("afl {afl}")),
    ]
}

/// Changes of the log itself, as a broken recording would have them.
#[derive(Clone, Debug)]
struct Damage {
    exchange: prop::sample::Index,
    command: Vec<u8>,
    response: Option<Vec<u8>>,
}

fn damage() -> impl Strategy<Value = Damage> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..80);
    (any::<prop::sample::Index>(), bytes(), proptest::option::of(bytes()))
        .prop_map(|(exchange, command, response)| Damage { exchange, command, response })
}

proptest! {
    #[test]
    fn no_card_and_no_log_breaks_the_search(
        name in proptest::sample::select(vec!["cda", "dda", "sda", "visa-18", "pin-key", "enciphered-pin", "rsa-512"]),
        alterations in proptest::collection::vec(alteration(), 1..4),
        damages in proptest::collection::vec(damage(), 0..4),
        known in 0..2_u8,
        loaded in 0..2_u8,
    ) {
        let terminal = Terminal { keys: keys(loaded), ..terminal() };
        // An alteration of an object that this card does not have makes no card.
        let applies = |alteration: &&String| vectors::SoftwareCard::new(&card(name, &[alteration])).is_ok();
        let alterations: Vec<&str> = alterations.iter().filter(applies).map(String::as_str).collect();
        let profile = card(name, &alterations);
        prop_assume!(vectors::SoftwareCard::new(&profile).is_ok());
        let mut case = Case::with(profile, terminal, purchase());
        case.known = keys(known);
        for damage in damages {
            let exchanges = &mut case.outcome.log.exchanges;
            let at = damage.exchange.index(exchanges.len());
            exchanges[at].command = damage.command.into();
            exchanges[at].response = damage.response.map(Into::into);
        }
        let found = case.search();
        prop_assert_eq!(&found, &case.search());
        for one in &found {
            prop_assert!(one.finding < case.outcome.log.findings.len());
        }
        case.changed_byte();
    }
}
