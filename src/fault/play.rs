//! A case run under both policies and as its own control, and what is wrong with how it ended.

use std::time::{Duration, Instant};

use apdu::Response;
use kernel::Decision;
use toml::{Table, Value};
use vectors::SoftwareCard;

use super::{
    Case, Mutation,
    mutation::merge,
    wire::{Earlier, Rule, What, Wire},
};
use crate::{
    run::{self, Run},
    scenario::{Expectation, Scenario},
    setup::SetupError,
};

/// How a case is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Under the policy that does what the specification says.
    Emv,
    /// Under the policy that may only be stricter.
    Hardened,
    /// As `emv`, with nothing done to it.
    Control,
}

/// A run of a case.
#[derive(Debug)]
pub struct Played {
    /// How.
    pub way: Way,
    /// The run.
    pub run: Run,
    /// What it came to.
    pub came_to: Expectation,
    /// How long it took.
    pub time: Duration,
}

/// The three runs of a case.
#[derive(Debug)]
pub struct Verdict {
    /// Under `emv`, under `hardened`, and the control.
    pub played: [Played; 3],
    /// What is wrong, one line each; nothing is right.
    pub problems: Vec<String>,
}

impl Way {
    /// Its word: `emv`, `hardened`, `control`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Emv => "emv",
            Self::Hardened => "hardened",
            Self::Control => "control",
        }
    }
}

impl Case {
    /// Runs it in all three ways and looks at how it ended.
    ///
    /// # Errors
    /// [`SetupError`] when a scenario cannot be laid out.
    pub fn verdict(&self) -> Result<Verdict, SetupError> {
        let played = [self.play(Way::Emv)?, self.play(Way::Hardened)?, self.play(Way::Control)?];
        let problems = self.problems(&played);
        Ok(Verdict { played, problems })
    }

    /// Runs it in one way.
    ///
    /// # Errors
    /// [`SetupError`] when its scenario cannot be laid out.
    pub fn play(&self, way: Way) -> Result<Played, SetupError> {
        let wrong =
            |error: toml::de::Error| SetupError::Content { name: self.title.clone(), problem: error.to_string() };
        let (mut scenario, rules) = match way {
            Way::Control => (self.control().map_err(wrong)?, Vec::new()),
            Way::Emv | Way::Hardened => (self.mutated().map_err(wrong)?, self.rules()),
        };
        if way == Way::Hardened {
            merge(&mut scenario.configuration, hardened());
        }
        let start = Instant::now();
        let run = play(&scenario, rules)?;
        let time = start.elapsed();
        let came_to = Expectation::of(&run.outcome);
        Ok(Played { way, run, came_to, time })
    }

    fn rules(&self) -> Vec<Rule> {
        let rule = |mutation: &Mutation| if let Mutation::Wire(rule) = mutation { Some(rule.clone()) } else { None };
        self.mutations.iter().filter_map(rule).collect()
    }

    fn problems(&self, played: &[Played; 3]) -> Vec<String> {
        let [emv, hardened, control] = played;
        let of = |played: &Played, lines: Vec<String>| {
            lines.into_iter().map(|line| format!("{}: {line}", played.way.id())).collect::<Vec<_>>()
        };
        let mut problems = of(emv, self.emv.differences(&emv.came_to));
        problems.extend(of(hardened, self.hardened.differences(&hardened.came_to)));
        problems.extend(of(control, self.wrong_control(control)));
        problems.extend(played.iter().flat_map(|played| of(played, self.limits.exceeded(played))));
        if lenience(hardened) > lenience(emv) {
            problems.push("hardened is more lenient than emv".to_owned());
        }
        problems
    }

    fn wrong_control(&self, control: &Played) -> Vec<String> {
        let Expectation { decision, by, reasons, suspicions, .. } = &control.came_to;
        let mut lines = Vec::new();
        if decision != Decision::Approved.id() {
            lines.push(format!("{decision} by {by}, with {reasons:?}"));
        }
        let found = self.reasons().filter(|id| reasons.contains(id) || suspicions.contains(id));
        lines.extend(found.map(|id| format!("{id} is found without the mutation")));
        lines.dedup();
        lines
    }
}

impl super::Limits {
    fn exceeded(&self, played: &Played) -> Vec<String> {
        let exchanges = played.run.outcome.log.exchanges.len();
        let over = self.exchanges.filter(|most| exchanges > *most);
        let over = over.map(|most| format!("{exchanges} exchanges, {most} at most"));
        let ms = played.time.as_millis();
        let late = self.ms.filter(|most| ms > u128::from(*most)).map(|most| format!("{ms} ms, {most} at most"));
        over.into_iter().chain(late).collect()
    }
}

/// How much is given away: an approval without the issuer more than one with it, no approval nothing.
fn lenience(played: &Played) -> u8 {
    let outcome = &played.run.outcome;
    match (outcome.decision, outcome.online) {
        (Decision::Approved, false) => 2,
        (Decision::Approved, true) => 1,
        _ => 0,
    }
}

fn hardened() -> Table {
    let policy = Table::from_iter([("base".to_owned(), Value::from("hardened"))]);
    Table::from_iter([("policy".to_owned(), Value::Table(policy))])
}

fn play(scenario: &Scenario, rules: Vec<Rule>) -> Result<Run, SetupError> {
    let table = scenario.lay()?;
    let replays = rules.iter().any(|rule| matches!(rule.what, What::Replay));
    let earlier = if replays { earlier(scenario)? } else { Earlier::new() };
    let other = rules.iter().find_map(|rule| if let What::Swap(name) = &rule.what { Some(name) } else { None });
    let other = other.map(|name| other_card(scenario, name)).transpose()?;
    let header = run::header(&table.source, &scenario.transaction);
    let card = Wire::new(table.card, rules, other, earlier);
    Ok(run::record(card, table.point_of_sale, table.terminal, table.transaction, header))
}

fn other_card(scenario: &Scenario, name: &str) -> Result<SoftwareCard, SetupError> {
    let (name, alterations) = name.split_once(" + ").unwrap_or((name, ""));
    let alterations = alterations.split(" + ").filter(|text| !text.is_empty()).map(str::parse);
    let alterations = alterations.collect::<Result<_, vectors::card::NotAnAlteration>>();
    let alterations = alterations.map_err(|error| SetupError::value("swap", error.to_string(), "alterations"))?;
    let other = Scenario { card: name.to_owned(), alterations, ..scenario.clone() };
    Ok(SoftwareCard::new(&other.profile()?)?)
}

/// What the card answered in a transaction before, with other random numbers.
fn earlier(scenario: &Scenario) -> Result<Earlier, SetupError> {
    let before = Scenario { seed: scenario.seed.wrapping_add(1), ..scenario.clone() };
    let run = before.lay()?.run(&before.transaction);
    let mut earlier = Earlier::new();
    for exchange in run.outcome.log.exchanges {
        let response = exchange.response.and_then(|bytes| Response::from_bytes(&bytes).ok());
        let ins = exchange.command.get(1).copied().unwrap_or_default();
        earlier.entry(ins).or_default().extend(response);
    }
    Ok(earlier)
}
