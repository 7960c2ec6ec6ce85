//! Two recordings side by side: pairs that differ in one thing, which must be named.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

use emvident::{
    diff::{Diff, From, Where},
    explain::Explainer,
    readers::trace,
    scenario::Scenario,
    text::{Language, Text},
    vectors::ca_keys,
};
use serde_json::{Value, json};

fn scenario(text: &str) -> Scenario {
    let title = if text.contains("title") { "" } else { "title = \"pair\"\n" };
    toml::from_str(&format!("{title}{text}")).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn recorded(text: &str) -> String {
    let scenario = scenario(text);
    scenario.lay().unwrap().run(&scenario.transaction).transcript.to_string()
}

/// What is left of a recording in the log of somebody who saw the card's interface alone.
fn bare(recording: &str) -> String {
    let trace = trace::read(recording.as_bytes(), None).unwrap();
    let exchanges = trace.exchanges.iter().map(|exchange| {
        let response = exchange.response.as_ref().map(hex::encode_upper);
        json!({"c": hex::encode_upper(exchange.command.as_bytes()), "r": response.unwrap_or_default()})
    });
    json!({"exchanges": exchanges.collect::<Vec<_>>()}).to_string()
}

fn diff(a: &str, b: &str) -> Diff {
    Diff::new(&Explainer::new().unwrap(), ("a", a.as_bytes()), ("b", b.as_bytes())).unwrap()
}

/// Without its CA keys a terminal authenticates nobody.
fn without_keys() -> String {
    let changes =
        ca_keys().into_iter().map(|key| format!("[[keys]]\nindex = \"{:02X}\"\nwhat = \"missing\"\n", key.index));
    changes.collect::<Vec<_>>().concat()
}

/// Pairs of terminals and requests: the first, the second, the item, the decision.
fn pairs() -> Vec<(String, String, &'static str, &'static str)> {
    let pair = |a: &str, b: &str, item, decision| (a.to_owned(), b.to_owned(), item, decision);
    let capable = "terminal.capabilities = [\"manual-key-entry\", \"magnetic-stripe\", \"ic-with-contacts\", \
                   \"plaintext-pin\", \"enciphered-pin\", \"online-pin\", \"signature\", \"no-cvm\", \"sda\"]";
    let configured = |card: &str, line: &str| format!("card = \"{card}\"\n[configuration]\n{line}\n");
    let asked = |card: &str, line: &str| format!("card = \"{card}\"\n[transaction]\n{line}\n");
    let domestic = "card = \"cda\"\nalterations = [\"set 9F07=A900\"]\n";
    let offline_only = "[transaction]\namount = 20000\n[configuration]\nterminal.type = \"23\"\n";
    vec![
        pair(
            "card = \"expired\"",
            &configured("expired", "application.tac-denial = \"0040000000\""),
            "tac-denial",
            "first-request",
        ),
        pair(
            "card = \"cda\"",
            &configured("cda", "application.floor-limit = \"0.00\""),
            "floor-limit",
            "risk-management",
        ),
        pair("card = \"dda\"", &format!("card = \"dda\"\n{}", without_keys()), "ca-key", "authentication"),
        pair("card = \"dda\"", &configured("dda", capable), "capabilities", "authentication"),
        pair(domestic, &format!("{domestic}[configuration]\nterminal.country = 840\n"), "country", "restrictions"),
        pair(&asked("expired", "date = \"2020-11-14\""), "card = \"expired\"", "date", "restrictions"),
        pair("card = \"cda\"", &asked("cda", "amount = 20000"), "amount", "risk-management"),
        pair("card = \"cda\"", &asked("cda", "forced-online = true"), "forced-online", "risk-management"),
        pair("card = \"cda\"", &configured("cda", "application.version = \"0099\""), "version", "restrictions"),
        pair(
            "card = \"cda\"\n[transaction]\namount = 20000",
            &format!("card = \"cda\"\n{offline_only}"),
            "terminal-type",
            "first-request",
        ),
    ]
}

#[test]
fn the_one_item_that_differs_is_named() {
    for (a, b, item, decision) in pairs() {
        let diff = diff(&recorded(&a), &recorded(&b));
        let first = diff.first_decision().unwrap_or_else(|| panic!("{item}: no decision differs\n{}", diff.json()));
        assert_eq!(first.id, decision, "{item}: {}", diff.json());
        let cause = diff.explained_by();
        assert_eq!(cause.side, Where::Terminal, "{item}: {}", diff.json());
        let items: Vec<_> = cause.items.iter().map(|item| item.id).collect();
        assert_eq!(items, [item], "{}", diff.json());
        assert!(diff.first_byte().is_some(), "{item}");
    }
}

/// Pairs of readers and taps: the first, the second, the items, the decision.
#[test]
fn the_items_that_differ_between_two_taps_are_named() {
    let tapped = |card: &str, lines: &str| {
        format!("card = \"{card}\"\n[transaction]\ninterface = \"contactless\"\n[configuration]\n{lines}\n")
    };
    let floor = "combination.floor-limit = \"0.00\"";
    let cvm = "combination.C-2.data.DF8126 = \"000000000000\"";
    // A reader limit is sent as a bit of the qualifiers, and both are told.
    let pairs = [
        ("c3-offline", floor, &["ttq", "contactless-floor-limit"][..], "first-answer"),
        ("c2", cvm, &["kernel-cvm-limit"][..], "cardholder-verification"),
        ("c2", "combination.C-2.data.DF8123 = \"000000000000\"", &["kernel-floor-limit"][..], "risk-management"),
    ];
    for (card, line, expected, decision) in pairs {
        let diff = diff(&recorded(&tapped(card, "")), &recorded(&tapped(card, line)));
        assert_eq!(diff.first_decision().unwrap().id, decision, "{line}: {}", diff.json());
        let items: Vec<_> = diff.explained_by().items.iter().map(|item| item.id).collect();
        assert_eq!((diff.explained_by().side, &*items), (Where::Terminal, expected), "{}", diff.json());
    }
}

#[test]
fn what_only_the_other_terminal_knew_is_inferred_from_its_effect() {
    let inferred = [("tac-denial", "action-codes"), ("floor-limit", "floor-limit"), ("ca-key", "ca-key")];
    for (a, b, item, _) in pairs() {
        let Some((_, inferred)) = inferred.iter().find(|(of, _)| *of == item) else { continue };
        let diff = diff(&bare(&recorded(&a)), &bare(&recorded(&b)));
        let cause = diff.explained_by();
        assert_eq!(cause.side, Where::Terminal, "{item}: {}", diff.json());
        let items: Vec<_> = cause.items.iter().map(|item| (item.id, item.a.is_some())).collect();
        assert_eq!(items, [(*inferred, false)], "{}", diff.json());
    }
}

#[test]
fn a_ca_key_that_nobody_has_is_blamed_for_nothing() {
    // An authority that is not among the keys anybody knows: no certificate was looked into.
    let unknown = |alterations: &str| bare(&recorded(&format!("card = \"dda\"\nalterations = [{alterations}]")));
    let (a, b) = (unknown("\"set 8F=EE\""), unknown("\"set 8F=EE\", \"flip 5F24@0=01\""));
    let failing = b.replace("0800", "0000");
    for (a, b) in [(&a, &b), (&a, &failing)] {
        let document: Value = serde_json::from_str(&diff(a, b).json()).unwrap();
        let items = document["configuration"].as_array().unwrap();
        assert!(items.iter().all(|item| item["id"] != "ca-key"), "{document:#}");
    }
}

#[test]
fn what_the_card_says_otherwise_is_named_by_its_bytes() {
    let plain = recorded("card = \"dda\"");
    for (tag, alteration) in [("5F24", "flip 5F24@0=01"), ("9F0D", "flip 9F0D@1=04"), ("9F46", "flip 9F46@20=80")] {
        let other = recorded(&format!("card = \"dda\"\nalterations = [\"{alteration}\"]"));
        for diff in [diff(&plain, &other), diff(&bare(&plain), &bare(&other))] {
            let cause = diff.explained_by();
            assert_eq!(cause.side, Where::Card, "{tag}: {}", diff.json());
            let document: Value = serde_json::from_str(&diff.json()).unwrap();
            assert_eq!(document["configuration"], json!([]), "{tag}: no terminal was another one");
            assert_eq!(cause.card_bytes[0].tag.unwrap().to_string(), tag, "{}", diff.json());
            let first = diff.first_byte().unwrap();
            assert_eq!((first.from, first.tag.unwrap().to_string().as_str()), (From::Card, tag));
            let offset = alteration.split(['@', '=']).nth(1).unwrap().parse().unwrap();
            assert_eq!(first.offset, Some(offset), "{tag}");
        }
    }
}

#[test]
fn a_byte_is_named_down_to_its_bit() {
    let diff =
        diff(&recorded("card = \"cda\""), &recorded("card = \"cda\"\n[configuration]\nterminal.type = \"21\"\n"));
    let document: Value = serde_json::from_str(&diff.json()).unwrap();
    let all = document["divergences"].as_array().unwrap();
    let terminal_type = all.iter().find(|found| found["tag"] == "9F35").unwrap_or_else(|| panic!("{document:#}"));
    // 22 and 21 differ in the two lowest bits.
    assert_eq!(terminal_type["bits"], json!(["1.2", "1.1"]));
    assert_eq!(
        (&terminal_type["a"], &terminal_type["b"], &terminal_type["from"]),
        (&"22".into(), &"21".into(), &"terminal".into())
    );
}

#[test]
fn the_host_and_nobody_else_is_named() {
    let asked = "card = \"cda\"\n[transaction]\namount = 20000\n[host]\nbehaviour = ";
    let diff = diff(&recorded(&format!("{asked}\"approve\"")), &recorded(&format!("{asked}\"decline 51\"")));
    assert_eq!(diff.first_decision().unwrap().id, "host", "{}", diff.json());
    assert_eq!(diff.explained_by().side, Where::Host);
}

#[test]
fn two_transactions_that_went_the_same_way_have_nothing_to_explain() {
    let diff = diff(&recorded("card = \"dda\"\nseed = 1"), &recorded("card = \"dda\"\nseed = 2"));
    assert!(diff.is_same_decision() && diff.first_byte().is_none(), "{}", diff.json());
    assert_eq!(diff.explained_by().side, Where::Nowhere);
    // The random number differs, and is told to differ always.
    assert!(diff.json().contains("\"9F37\""));
}

#[test]
fn pages_are_whole_in_both_languages_and_show_no_account() {
    for (a, b, item, _) in pairs() {
        let diff = diff(&recorded(&a), &recorded(&b));
        let number = scenario(&a).profile().unwrap().applications[0].pan.digits().to_owned();
        for language in [Language::En, Language::ZhCn] {
            let page = diff.text(&Text::new(language), false);
            let unsaid = ["heading-", "decision-", "item-", "cause-", "part-", "from-"];
            assert!(unsaid.iter().all(|id| !page.contains(id)), "{item}: {page}");
            assert!(!page.contains(&number[6..12]) && !diff.json().contains(&number[6..12]), "{page}");
            assert!(page.lines().all(|line| line.chars().count() <= 100), "{page}");
        }
    }
}
