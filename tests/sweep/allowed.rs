//! What the specification lets through: fields that make a transaction more lenient when somebody changes them, each with the
//! published attack that it is.

use std::collections::BTreeSet;

use super::properties::Upgrade;

const TABLE: &str = include_str!("allowed.tsv");

pub struct Line {
    pub field: String,
    pub kernel: String,
    /// What becomes weaker.
    pub way: Upgrade,
    /// The id of the attack.
    pub attack: String,
    /// A mutant that shows it.
    pub witness: String,
}

pub struct Allowed(pub Vec<Line>);

impl Allowed {
    pub fn read() -> Self {
        let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self(lines.map(|line| entry(line).unwrap_or_else(|| panic!("{line}"))).collect())
    }

    /// The lines about one of these fields.
    pub fn lines(&self, kernel: &str, fields: &BTreeSet<String>, way: Upgrade) -> Vec<usize> {
        let about = |line: &Line| line.kernel == kernel && line.way == way && fields.contains(&line.field);
        (0..self.0.len()).filter(|number| about(&self.0[*number])).collect()
    }
}

fn entry(line: &str) -> Option<Line> {
    let mut words = line.split('\t').map(str::to_owned);
    let (field, kernel) = (words.next()?, words.next()?);
    let way = match words.next()?.as_str() {
        "outcome" => Upgrade::Outcome,
        "cvm" => Upgrade::Cvm,
        "authentication" => Upgrade::Authentication,
        _ => return None,
    };
    let line = Line { field, kernel, way, attack: words.next()?, witness: words.next()? };
    line.attack.starts_with("ATK-").then_some(line)
}
