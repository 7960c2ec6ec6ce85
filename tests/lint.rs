//! `emvident lint`: each doubt is had of a configuration that gives rise to it, and no other with it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use emvident::{
    apdu::{
        Tag,
        value::{
            TerminalType, Tvr, additional_terminal_capabilities as additional, terminal_capabilities as capabilities,
            tvr,
        },
    },
    kernel::{
        Terminal,
        contactless::{Combination, KernelId},
        oda::KeyStore,
        terminal::ApplicationParameters,
    },
    lint::{self, doubts},
    setup::TerminalSource,
    text::{Language, Text},
};

/// A terminal nobody has a doubt about: the one for tests, with the live keys alone and the applications they are for.
fn terminal() -> Terminal {
    let source = TerminalSource { card_keys: false, ..TerminalSource::for_tests() };
    let mut terminal = source.terminal().unwrap();
    let keys = &terminal.keys;
    terminal.applications.retain(|one| keys.iter().any(|key| one.aid.starts_with(&key.rid())));
    terminal
}

fn first(terminal: &mut Terminal) -> &mut ApplicationParameters {
    terminal.applications.first_mut().unwrap()
}

fn codes(application: &mut ApplicationParameters) -> [&mut Tvr; 3] {
    [&mut application.tac_denial, &mut application.tac_online, &mut application.tac_default]
}

fn with_kernel(terminal: &mut Terminal, kernel: KernelId) -> &mut Combination {
    terminal.contactless.combinations.iter_mut().find(|one| one.kernel == kernel).unwrap()
}

type Case = (&'static str, fn(&mut Terminal));

const CASES: &[Case] = &[
    ("lint-no-application", |terminal| terminal.applications.clear()),
    ("lint-country-unknown", |terminal| terminal.country = [0x00, 0x01]),
    ("lint-no-authentication", |terminal| {
        for method in [capabilities::SDA, capabilities::DDA, capabilities::CDA] {
            terminal.capabilities.clear(method);
        }
    }),
    ("lint-no-verification", |terminal| terminal.capabilities.0[1] = 0),
    ("lint-pin-without-keys", |terminal| terminal.additional_capabilities.clear(additional::NUMERIC_KEYS)),
    ("lint-online-pin-offline", |terminal| terminal.terminal_type = TerminalType(0x23)),
    ("lint-signature-unattended", |terminal| terminal.terminal_type = TerminalType(0x25)),
    ("lint-nothing-to-do", |terminal| terminal.additional_capabilities.0[0] = 0),
    ("lint-no-display", |terminal| {
        for display in [additional::DISPLAY_ATTENDANT, additional::DISPLAY_CARDHOLDER] {
            terminal.additional_capabilities.clear(display);
        }
    }),
    ("lint-test-keys", |terminal| terminal.keys.extend(KeyStore::test().unwrap())),
    ("lint-action-codes-zero", |terminal| {
        for code in codes(first(terminal)) {
            code.0 = [0; 5];
        }
    }),
    ("lint-failed-authentication", |terminal| {
        for code in codes(first(terminal)) {
            code.clear(tvr::CDA_FAILED);
        }
    }),
    ("lint-declines-everything", |terminal| first(terminal).tac_denial.0 = [0xFF; 5]),
    ("lint-no-ca-key", |terminal| first(terminal).aid = vec![0xF0, 0, 0, 0, 9, 1]),
    ("lint-name-too-short", |terminal| {
        let application = first(terminal);
        application.aid.truncate(5);
        application.partial = false;
    }),
    ("lint-twice", |terminal| terminal.applications.push(first(&mut terminal.clone()).clone())),
    ("lint-floor-online-only", |terminal| terminal.terminal_type = TerminalType(0x21)),
    ("lint-threshold-above-floor", |terminal| {
        let application = first(terminal);
        application.random_selection.target = 10;
        application.random_selection.threshold = application.floor_limit;
    }),
    ("lint-ddol-without-number", |terminal| first(terminal).default_ddol = Some(vec![0x9F, 0x02, 0x06])),
    ("lint-no-kernel", |terminal| with_kernel(terminal, KernelId::C7).kernel = KernelId::C6),
    ("lint-nothing-allowed", |terminal| with_kernel(terminal, KernelId::C3).transaction_limit = Some(0)),
    ("lint-verification-out-of-reach", |terminal| {
        let combination = with_kernel(terminal, KernelId::C3);
        (combination.transaction_limit, combination.floor_limit, combination.cvm_limit) = (Some(100), None, Some(100));
    }),
    ("lint-floor-out-of-reach", |terminal| {
        let combination = with_kernel(terminal, KernelId::C3);
        (combination.transaction_limit, combination.floor_limit, combination.cvm_limit) = (Some(100), Some(100), None);
    }),
    ("lint-no-qualifiers", |terminal| with_kernel(terminal, KernelId::C7).ttq = None),
    ("lint-combination-twice", |terminal| {
        let again = with_kernel(terminal, KernelId::C2).clone();
        terminal.contactless.combinations.push(again);
    }),
];

#[test]
fn each_doubt_is_had_where_it_is_due_and_alone() {
    assert_eq!(doubts(&terminal()), []);
    for (id, change) in CASES {
        let mut terminal = terminal();
        change(&mut terminal);
        let found: BTreeSet<_> = doubts(&terminal).iter().map(|doubt| doubt.id).collect();
        assert_eq!(found, BTreeSet::from([*id]));
    }
}

#[test]
fn every_doubt_has_a_case_and_words() {
    let cases: BTreeSet<_> = CASES.iter().map(|(id, _)| *id).collect();
    assert_eq!(cases, lint::ids().collect());
    for language in Language::ALL {
        let text = Text::new(*language);
        for id in lint::ids() {
            let doubt = lint::Doubt { id, aid: Some(vec![0xA0, 0, 0, 0, 3]) };
            let said = lint::text("shop.toml", &[doubt], &text);
            assert!(said.contains(&format!("{id}  A000000003")), "{said}");
            assert_eq!(said.matches("lint-").count(), 1, "a text is missing: {said}");
        }
    }
}

/// Kernel 2 has its limits among its data objects.
#[test]
fn limits_of_kernel_2_are_those_it_uses() {
    let mut terminal = terminal();
    let combination = with_kernel(&mut terminal, KernelId::C2);
    combination.data.retain(|(tag, _)| ![0xDF8124, 0xDF8126].contains(&tag.number()));
    combination.data.extend([0xDF8124, 0xDF8126].map(|tag| (Tag::new(tag), vec![0, 0, 0, 0, 1, 0])));
    let found: Vec<_> = doubts(&terminal).iter().map(|doubt| doubt.id).collect();
    assert!(found.contains(&"lint-verification-out-of-reach"), "{found:?}");
}
