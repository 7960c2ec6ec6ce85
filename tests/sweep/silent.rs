//! Where a transaction differs and no finding says why: what a card asks for openly. Each line is a gap of its own.

use std::collections::BTreeSet;

const TABLE: &str = include_str!("silent.tsv");

/// Field and kernel.
pub struct Silent(pub Vec<(String, String)>);

impl Silent {
    pub fn read() -> Self {
        let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let entry = |line: &str| {
            let mut words = line.split('\t').map(str::to_owned);
            Some((words.next()?, words.next()?))
        };
        Self(lines.map(|line| entry(line).unwrap_or_else(|| panic!("{line}"))).collect())
    }

    pub fn line(&self, kernel: &str, fields: &BTreeSet<String>) -> Option<usize> {
        self.0.iter().position(|(field, of)| of == kernel && fields.contains(field))
    }
}
