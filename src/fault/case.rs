//! One case: a scenario, what is done to it, and how it must end.

use serde::Deserialize;
use toml::{Table, Value};

use super::{Mutation, mutation};
use crate::{
    scenario::{Expectation, Scenario},
    setup::SetupError,
};

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is special about it; empty when it is the only one.
    pub title: String,
    /// The scenario before anything is done to it, as it stands in the file.
    base: Table,
    /// What is done to it, in this order.
    pub mutations: Vec<Mutation>,
    /// How it must end under `emv`.
    pub emv: Expected,
    /// How it must end under `hardened`.
    pub hardened: Expected,
    /// What it may take.
    pub limits: Limits,
}

/// What a run may take at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Exchanges with the card.
    pub exchanges: Option<usize>,
    /// Milliseconds of the clock on the wall.
    pub ms: Option<u64>,
}

/// How a run must end. What is left out is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expected {
    /// `approved`, `declined` or `not-completed`.
    pub decision: String,
    /// Who decided.
    pub by: String,
    /// Terminal verification results, ten hexadecimal digits.
    pub tvr: Option<String>,
    /// Transaction status information, four hexadecimal digits.
    pub tsi: Option<String>,
    /// CVM results, six hexadecimal digits.
    pub cvm: Option<String>,
    /// Authorisation response code.
    pub response_code: Option<String>,
    /// What each GENERATE AC asks for.
    pub asked: Option<Vec<String>>,
    /// `online`, `signature`, `advice`, `reversal`.
    pub flags: Option<Vec<String>>,
    /// Issuer script results.
    pub scripts: Option<Vec<String>>,
    /// The outcome of a tap.
    pub tap: Option<String>,
    /// Findings that must be there, among others or as suspicions.
    pub reasons: Vec<String>,
    /// Findings that must not be there.
    pub without: Vec<String>,
    /// The root cause.
    pub root: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    #[serde(default)]
    title: String,
    mutations: Vec<String>,
    expect: Expect,
    #[serde(default)]
    limits: Limits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    emv: Table,
    #[serde(default)]
    hardened: Table,
}

const HEAD: [&str; 4] = ["title", "mutations", "expect", "limits"];

impl Case {
    pub(super) fn read(name: &str, table: Table) -> Result<Self, SetupError> {
        let wrong = |problem: String| SetupError::Content { name: name.to_owned(), problem };
        let deserialised = |error: toml::de::Error| wrong(error.to_string());
        let (head, mut base): (Table, Table) = table.into_iter().partition(|(key, _)| HEAD.contains(&key.as_str()));
        let head: Head = head.try_into().map_err(deserialised)?;
        if head.mutations.is_empty() {
            return Err(wrong("a case without mutations is its own control".to_owned()));
        }
        base.insert("title".to_owned(), Value::from(head.title.clone()));
        let mutations: Result<Vec<Mutation>, _> = head.mutations.iter().map(|text| text.parse()).collect();
        let mut under_hardened = head.expect.emv.clone();
        mutation::merge(&mut under_hardened, head.expect.hardened);
        let case = Self {
            title: head.title,
            base,
            mutations: mutations.map_err(|error: mutation::NotAMutation| wrong(error.to_string()))?,
            emv: head.expect.emv.try_into().map_err(deserialised)?,
            hardened: under_hardened.try_into().map_err(deserialised)?,
            limits: head.limits,
        };
        case.control().map_err(|error| wrong(error.to_string()))?;
        case.mutated().map_err(|error| wrong(error.to_string()))?;
        Ok(case)
    }

    /// The scenario with nothing done to it.
    ///
    /// # Errors
    /// [`toml::de::Error`] for fields a scenario does not have.
    pub fn control(&self) -> Result<Scenario, toml::de::Error> {
        self.base.clone().try_into()
    }

    /// The scenario with everything done to it that is not done on the way between card and terminal.
    ///
    /// # Errors
    /// As [`Case::control`].
    pub fn mutated(&self) -> Result<Scenario, toml::de::Error> {
        let mut table = self.base.clone();
        let changes = self.mutations.iter().filter_map(|mutation| match mutation {
            Mutation::Scenario(change) => Some(change.clone()),
            _ => None,
        });
        changes.for_each(|change| mutation::merge(&mut table, change));
        let mut scenario: Scenario = table.try_into()?;
        scenario.alterations.extend(self.mutations.iter().filter_map(|mutation| match mutation {
            Mutation::Card(alteration) => Some(alteration.clone()),
            _ => None,
        }));
        Ok(scenario)
    }

    /// Every finding the case is about.
    pub(super) fn reasons(&self) -> impl Iterator<Item = &String> {
        self.emv.reasons.iter().chain(&self.hardened.reasons)
    }
}

impl Expected {
    /// What differs, one line each.
    pub fn differences(&self, came_to: &Expectation) -> Vec<String> {
        let mut lines = self.wrong_fields(came_to);
        let found = |id: &String| came_to.reasons.contains(id) || came_to.suspicions.contains(id);
        lines.extend(self.reasons.iter().filter(|id| !found(id)).map(|id| format!("{id} is not found")));
        lines.extend(self.without.iter().filter(|id| found(id)).map(|id| format!("{id} is found")));
        lines
    }

    fn wrong_fields(&self, came_to: &Expectation) -> Vec<String> {
        let text = |value: &Option<Vec<String>>| value.as_ref().map(|items| items.join(" "));
        let fields = [
            ("decision", Some(self.decision.clone()), Some(came_to.decision.clone())),
            ("by", Some(self.by.clone()), Some(came_to.by.clone())),
            ("tvr", self.tvr.clone(), Some(came_to.tvr.clone())),
            ("tsi", self.tsi.clone(), Some(came_to.tsi.clone())),
            ("cvm", self.cvm.clone(), came_to.cvm.clone()),
            ("response-code", self.response_code.clone(), came_to.response_code.clone()),
            ("asked", text(&self.asked), Some(came_to.asked.join(" "))),
            ("flags", text(&self.flags), Some(came_to.flags.join(" "))),
            ("scripts", text(&self.scripts), Some(came_to.scripts.join(" "))),
            ("tap", self.tap.clone(), came_to.tap.clone()),
            ("root", self.root.clone(), came_to.root.clone()),
        ];
        let wrong = fields.into_iter().filter(|(_, wanted, is)| wanted.is_some() && wanted != is);
        let line = |(name, wanted, is): (&str, Option<String>, Option<String>)| {
            format!("{name}: {} where {} is right", is.unwrap_or_default(), wanted.unwrap_or_default())
        };
        wrong.map(line).collect()
    }
}
