//! One id of the corpus: its file.

use serde::Deserialize;
use toml::{Table, Value};

use super::Case;
use crate::{setup::SetupError, text::Language};

/// One id of the corpus.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id, such as `ATK-05`.
    pub id: String,
    /// A short name.
    pub name: String,
    /// The same in Chinese.
    pub name_zh_cn: String,
    /// Who published it, or what it was made from.
    pub source: String,
    /// Whether the specification lets it through.
    pub hole: Hole,
    /// Why the expectation is not the one that stands in the corpus.
    pub settled: Option<String>,
    /// How it is shown.
    pub kind: Kind,
    /// What is run.
    pub cases: Vec<Case>,
    /// Tests that go through everything there is: `file: function`.
    pub tests: Vec<String>,
}

/// Whether the specification lets it through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hole {
    /// A terminal that follows it to the letter does.
    Yes,
    /// Only where a check that would catch it is not made.
    Part,
    /// No.
    No,
}

impl Hole {
    /// The word in the files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Part => "part",
            Self::No => "no",
        }
    }
}

/// How an id is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By its cases.
    Cases,
    /// By tests that go through everything there is.
    Exhaustive,
    /// By nothing that runs, and why.
    NotHere(String),
}

/// What stands in a file beside the cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Head {
    id: String,
    name: String,
    name_zh_cn: String,
    source: String,
    spec_hole: Hole,
    settled: Option<String>,
    kind: Option<String>,
    why: Option<String>,
    #[serde(default)]
    tests: Vec<String>,
}

const HEAD: [&str; 9] = ["id", "name", "name-zh-cn", "source", "spec-hole", "settled", "kind", "why", "tests"];

impl Entry {
    /// Its name in `language`.
    pub fn name_in(&self, language: Language) -> &str {
        match language {
            Language::En => &self.name,
            Language::ZhCn => &self.name_zh_cn,
        }
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`SetupError::Content`] under the name `file`, with what is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Self, SetupError> {
        let wrong = |problem: String| SetupError::Content { name: file.to_owned(), problem };
        let all: Table = text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
        let (head, rest): (Table, Table) = all.into_iter().partition(|(key, _)| HEAD.contains(&key.as_str()));
        let head: Head = head.try_into().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
        let kind = kind(&head).map_err(|problem| wrong(problem.to_owned()))?;
        let cases = cases_of(rest).map_err(|problem| wrong(problem.to_owned()))?;
        let cases = cases.into_iter().enumerate();
        let read = |(number, table): (usize, Table)| {
            Case::read(&format!("{} case {}", head.id, number.saturating_add(1)), table)
        };
        let cases: Vec<Case> = cases.map(read).collect::<Result<_, _>>()?;
        let shown = match &kind {
            Kind::Cases => !cases.is_empty(),
            Kind::Exhaustive => !head.tests.is_empty(),
            Kind::NotHere(_) => cases.is_empty() && head.tests.is_empty(),
        };
        let Head { id, name, name_zh_cn, source, spec_hole, settled, tests, .. } = head;
        let entry = Self { id, name, name_zh_cn, source, hole: spec_hole, settled, kind, cases, tests };
        if shown { Ok(entry) } else { Err(wrong("its kind and what it shows do not fit".to_owned())) }
    }
}

fn kind(head: &Head) -> Result<Kind, &'static str> {
    match (head.kind.as_deref(), &head.why) {
        (None, None) => Ok(Kind::Cases),
        (Some("exhaustive"), None) => Ok(Kind::Exhaustive),
        (Some("not-here"), Some(why)) => Ok(Kind::NotHere(why.clone())),
        _ => Err("kind is exhaustive, or not-here with why"),
    }
}

fn cases_of(mut rest: Table) -> Result<Vec<Table>, &'static str> {
    match rest.remove("case") {
        None if rest.is_empty() => Ok(Vec::new()),
        None => Ok(vec![rest]),
        Some(_) if !rest.is_empty() => Err("with [[case]], everything about a case stands in one"),
        Some(Value::Array(cases)) => {
            let table = |case| if let Value::Table(table) = case { Ok(table) } else { Err("a case is a table") };
            cases.into_iter().map(table).collect()
        }
        Some(_) => Err("cases are written [[case]]"),
    }
}
