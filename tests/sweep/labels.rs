//! Who authenticates each byte: the maps that the labeller made, which knows nothing of the kernel.

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::mutant::Side;

/// Who authenticates a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    /// The payment system, by the issuer's certificate.
    IssuerCertificate,
    /// The issuer, by the card's certificate.
    IccCertificate,
    /// The issuer, by its signature.
    Ssad,
    /// The card, by its signature.
    Sdad,
    /// The issuer's host alone can check it.
    Ac,
    /// Nobody.
    None,
}

impl Label {
    fn from_id(id: &str) -> Option<Self> {
        Some(match id {
            "ISSCERT" => Self::IssuerCertificate,
            "ICCCERT" => Self::IccCertificate,
            "SSAD" => Self::Ssad,
            "SDAD" => Self::Sdad,
            "AC" => Self::Ac,
            "NONE" => Self::None,
            _ => return None,
        })
    }

    /// The terminal itself can check it.
    pub const fn is_signed(self) -> bool {
        !matches!(self, Self::Ac | Self::None)
    }
}

/// The labels of one transaction.
#[derive(Default)]
pub struct Labels {
    commands: BTreeMap<usize, Vec<Label>>,
    responses: BTreeMap<usize, Vec<Label>>,
}

/// Where the maps are.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/sweep/maps")
}

impl Labels {
    /// The map in the repository; empty where there is none yet.
    pub fn read(baseline: &str) -> Self {
        let text = fs::read_to_string(folder().join(format!("{baseline}.txt"))).unwrap_or_default();
        Self::parse(&text).unwrap_or_else(|| panic!("the map of {baseline} cannot be read"))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut labels = Self::default();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let mut words = line.split_whitespace();
            let event = words.next()?.parse().ok()?;
            let side = match words.next()? {
                ">" => &mut labels.commands,
                "<" => &mut labels.responses,
                _ => return None,
            };
            let runs: Option<Vec<_>> = words.map(run).collect();
            side.insert(event, runs?.concat());
        }
        Some(labels)
    }

    pub fn of_response(&self, event: usize, at: usize) -> Label {
        self.of(Side::Response, event, at)
    }

    pub fn of(&self, side: Side, event: usize, at: usize) -> Label {
        let labels = match side {
            Side::Command => &self.commands,
            Side::Response => &self.responses,
        };
        labels.get(&event).and_then(|labels| labels.get(at)).copied().unwrap_or(Label::None)
    }

    /// How many bytes of responses have each label.
    pub fn counted(&self) -> impl Iterator<Item = Label> + '_ {
        self.responses.values().flatten().copied()
    }
}

fn run(word: &str) -> Option<Vec<Label>> {
    let (label, count) = word.split_once('*').unwrap_or((word, "1"));
    Some(vec![Label::from_id(label)?; count.parse().ok()?])
}
