//! What does not change from input to input: software cards by the kernel they run, and terminals.

use std::sync::LazyLock;

use emvident::{
    kernel::{Decision, Interface, Outcome, Terminal, contactless::KernelId},
    scenario::{Purchase, Scenario},
    setup::TerminalSource,
    vectors::{self, SoftwareCard},
};

/// Cards and terminals.
#[derive(Debug)]
pub struct Stage {
    /// Cards that pay by contacts.
    pub contact: Vec<SoftwareCard>,
    /// Cards of kernel 2.
    pub c2: Vec<SoftwareCard>,
    /// Cards of kernel 3.
    pub c3: Vec<SoftwareCard>,
    /// Cards of kernel 7.
    pub c7: Vec<SoftwareCard>,
    /// Terminals: the one for tests, and the same with other abilities.
    pub terminals: Vec<(TerminalSource, Terminal)>,
}

/// The one stage.
pub static STAGE: LazyLock<Stage> = LazyLock::new(Stage::new);

/// What the other terminals have that the one for tests has not.
const OTHERWISE: [&str; 5] = [
    "terminal.type = \"21\"",
    "terminal.type = \"25\"",
    "selection.pse = false",
    "pin.bypass = true\nterminal.cda-mode = 3\nselection.menu = false",
    "policy.base = \"hardened\"",
];

impl Stage {
    fn new() -> Self {
        let names = vectors::cards().into_iter().map(|card| card.name);
        // Keys of every size cost much and show nothing new.
        let names: Vec<_> = names.filter(|name| !name.starts_with("rsa-")).collect();
        let contact = names.iter().filter(|name| pays(name, Interface::Contact)).map(|name| made(name)).collect();
        let of = |kernel: KernelId| {
            let cards = names.iter().filter(|name| runs(name, kernel));
            cards.map(|name| made(name)).collect()
        };
        let plain = TerminalSource::for_tests();
        let other = |words: &str| plain.clone().with(&words.parse().expect("this is TOML")).expect("it can be merged");
        let sources = std::iter::once(plain.clone()).chain(OTHERWISE.iter().map(|words| other(words)));
        let terminals = sources.map(|source| {
            let terminal = source.terminal().expect("the terminal is right");
            (source, terminal)
        });
        let terminals = terminals.collect();
        Self { contact, c2: of(KernelId::C2), c3: of(KernelId::C3), c7: of(KernelId::C7), terminals }
    }
}

fn made(name: &str) -> SoftwareCard {
    let profile = Scenario::of_card(name).profile().expect("the card is in the catalogue");
    SoftwareCard::new(&profile).expect("it can be made")
}

fn honest(name: &str, interface: Interface) -> Outcome {
    let mut scenario = Scenario::of_card(name);
    scenario.transaction = Purchase { interface: interface.id().to_owned(), ..Purchase::default() };
    let table = scenario.lay().expect("the scenario is right");
    table.run(&scenario.transaction).outcome
}

fn pays(name: &str, interface: Interface) -> bool {
    honest(name, interface).decision != Decision::NotCompleted
}

fn runs(name: &str, kernel: KernelId) -> bool {
    let tap = honest(name, Interface::Contactless).tap.unwrap_or_default();
    tap.activations.iter().any(|activation| activation.kernel == kernel)
}
