//! The conformance list of Entry Point: which subjects of the contactless reader tests are proven here, and by what. The
//! table is `data/conformance.toml`; the tests run its cases, and `emvident conformance` prints its subjects.

use serde::Deserialize;

/// The table as it stands.
pub const TABLE: &str = include_str!("../data/conformance.toml");

/// One subject of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its number. A number that the list gives to two subjects ends in `/2` the second time.
    pub number: String,
    /// What must hold, in our words; nothing for a subject that nobody has looked at.
    pub words: Option<String>,
    /// What shows it.
    pub proof: Proof,
}

/// What shows that a subject holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// So many runs of its case in the tests.
    Runs(usize),
    /// It cannot apply here, and why.
    CannotApply(String),
    /// Nothing.
    None,
}

#[derive(Debug, Deserialize)]
struct Table {
    subjects: Vec<String>,
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Case {
    covers: Vec<String>,
    words: String,
    cannot_apply: Option<String>,
    #[serde(default)]
    run: Vec<toml::Table>,
}

impl Case {
    fn proof(&self) -> Proof {
        match &self.cannot_apply {
            Some(why) => Proof::CannotApply(why.clone()),
            None if self.run.is_empty() => Proof::None,
            None => Proof::Runs(self.run.len()),
        }
    }
}

/// Every subject of the list, in its order.
///
/// # Errors
/// What is wrong with the table; a test sees to it that nothing is.
pub fn subjects() -> Result<Vec<Subject>, toml::de::Error> {
    let table: Table = toml::from_str(TABLE)?;
    let subject = |number: String| {
        let case = table.case.iter().find(|case| case.covers.contains(&number));
        let proof = case.map_or(Proof::None, Case::proof);
        Subject { number, words: case.map(|case| case.words.clone()), proof }
    };
    Ok(table.subjects.iter().cloned().map(subject).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_subject_is_proven_or_cannot_apply() {
        let subjects = subjects().unwrap();
        assert_eq!(subjects.len(), 169);
        let open: Vec<_> = subjects.iter().filter(|subject| subject.proof == Proof::None).collect();
        assert!(open.is_empty(), "{open:#?}");
    }

    #[test]
    fn every_case_covers_subjects_of_the_list_and_no_two_the_same() {
        let table: Table = toml::from_str(TABLE).unwrap();
        let mut covered = BTreeSet::new();
        for number in table.case.iter().flat_map(|case| &case.covers) {
            assert!(table.subjects.contains(number), "{number} is no subject");
            assert!(covered.insert(number), "{number} is covered twice");
        }
    }

    #[test]
    fn the_document_says_of_each_that_cannot_apply_why() {
        let document = include_str!("../docs/conformance.md");
        for subject in subjects().unwrap() {
            if let Proof::CannotApply(why) = &subject.proof {
                let line = format!("| {} | {why} |", subject.number);
                assert!(document.contains(&line), "docs/conformance.md lacks: {line}");
            }
        }
    }
}
