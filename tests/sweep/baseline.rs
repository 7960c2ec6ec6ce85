//! The transactions that are changed: run once on a software card, and kept with everything needed to run them again.

use std::{collections::BTreeMap, time::Duration};

use emvident::{
    apdu::{Card, Command, Exchange, Fault, Presence},
    kernel::{
        Outcome, Terminal, Transaction, point_of_sale::Authorisation, stepper::blocking, terminal::policy::Policy,
        transact,
    },
    scenario::Scenario,
    scripted::Scripted,
};
use vectors::SoftwareCard;

use super::{engine::People, labels::Labels, tree::Fields, verdict::Verdict};

const TEXT: &str = include_str!("baselines.toml");

/// One thing that happened between reader and card.
#[derive(Clone, Debug)]
pub enum Event {
    Activated(Presence),
    FieldOff,
    Answered { command: Vec<u8>, exchange: Exchange },
}

/// A transaction that happened.
pub struct Baseline {
    pub name: String,
    pub scenario: Scenario,
    pub terminal: Terminal,
    /// The same terminal under the policy `hardened`.
    pub hardened: Terminal,
    pub transaction: Transaction,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The card as it was before each event, and at the end.
    pub cards: Vec<SoftwareCard>,
    /// What the host said, in order.
    pub authorisations: Vec<Authorisation>,
    pub atr: Vec<u8>,
    pub verdict: Verdict,
    pub labels: Labels,
    /// What stands at each byte.
    pub fields: Fields,
}

impl Baseline {
    /// The exchanges: the number of the event, command and response.
    pub fn exchanges(&self) -> impl Iterator<Item = (usize, &[u8], &[u8])> {
        exchanges(&self.events)
    }

    /// Command and response of the event `at`.
    pub fn exchange(&self, at: usize) -> Option<(&[u8], &[u8])> {
        match self.events.get(at)? {
            Event::Answered { command, exchange } => Some((command, exchange.response.as_bytes())),
            _ => None,
        }
    }

    /// `contact`, `C-2`, `C-3` or `C-7`.
    pub fn kernel(&self) -> &'static str {
        self.verdict.kernel
    }

    /// People who do as the scenario says, and a host that says the same whatever it is told.
    pub fn people(&self) -> People {
        People::new(scripted(&self.scenario), self.authorisations.clone())
    }
}

fn exchanges(events: &[Event]) -> impl Iterator<Item = (usize, &[u8], &[u8])> {
    events.iter().enumerate().filter_map(|(at, event)| match event {
        Event::Answered { command, exchange } => Some((at, command.as_slice(), exchange.response.as_bytes())),
        _ => None,
    })
}

fn scripted(scenario: &Scenario) -> Scripted {
    let profile = scenario.profile().unwrap();
    let pin = profile.applications.first().and_then(|application| application.pin.clone());
    Scripted::new(scenario.people.clone(), pin, scenario.host.clone(), scenario.seed)
}

/// All of them, in order of their names.
pub fn all() -> Vec<Baseline> {
    let scenarios: BTreeMap<String, Scenario> = toml::from_str(TEXT).unwrap();
    scenarios.into_iter().map(|(name, scenario)| record(name, scenario)).collect()
}

/// Runs the scenario on its software card.
pub fn record(name: String, scenario: Scenario) -> Baseline {
    let table = scenario.lay().unwrap();
    let mut card = Listening { cards: vec![table.card.clone()], card: table.card, events: Vec::new() };
    let mut people = People::asking(table.point_of_sale);
    let outcome: Outcome =
        blocking(transact(&mut card, &mut people, &table.terminal, &table.transaction)).expect("no card waits");
    let labels = Labels::read(&name);
    let atr = card.card.atr().to_vec();
    Baseline {
        hardened: Terminal { policy: Policy::hardened(), ..table.terminal.clone() },
        name,
        scenario,
        terminal: table.terminal,
        transaction: table.transaction,
        fields: Fields::of(exchanges(&card.events)),
        events: card.events,
        cards: card.cards,
        authorisations: people.into_authorisations(),
        atr,
        verdict: Verdict::of(&outcome),
        labels,
    }
}

/// A software card that is listened to.
struct Listening {
    card: SoftwareCard,
    events: Vec<Event>,
    cards: Vec<SoftwareCard>,
}

impl Listening {
    fn happened(&mut self, event: Event) {
        self.events.push(event);
        self.cards.push(self.card.clone());
    }
}

impl Card for Listening {
    async fn activate(&mut self) -> Result<Presence, Fault> {
        let presence = self.card.activate().await?;
        self.happened(Event::Activated(presence));
        Ok(presence)
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        self.card.field_off(duration).await?;
        self.happened(Event::FieldOff);
        Ok(())
    }

    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let exchange = self.card.transmit(command).await?;
        self.happened(Event::Answered { command: command.as_bytes().to_vec(), exchange: exchange.clone() });
        Ok(exchange)
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }
}
