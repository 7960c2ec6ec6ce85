//! What was taken away and what is still there.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::{File, Text};

/// The form of [`Manifest::json`], and its version.
pub const SCHEMA: &str = "emvident.export/1";

/// What kinds of things are taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Card numbers, wherever they stand.
    CardNumber,
    /// Tracks of the magnetic stripe, and the codes that go into them.
    Track,
    /// Dates and times.
    Date,
    /// Names, account references, account numbers of banks.
    Identifier,
    /// Counters of the card and of its issuer.
    Counter,
    /// Cryptograms.
    Cryptogram,
    /// What names one card, terminal or merchant.
    Linkable,
    /// Certificates and signatures.
    Certificate,
    /// PINs and keys.
    Secret,
    /// Objects nobody knows that could hold a card number.
    Unknown,
    /// Bytes that are no data objects.
    Unreadable,
    /// Commands that are none, left out.
    Command,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::CardNumber,
        Self::Track,
        Self::Date,
        Self::Identifier,
        Self::Counter,
        Self::Cryptogram,
        Self::Linkable,
        Self::Certificate,
        Self::Secret,
        Self::Unknown,
        Self::Unreadable,
        Self::Command,
    ];

    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::CardNumber => "card-number",
            Self::Track => "track",
            Self::Date => "date",
            Self::Identifier => "identifier",
            Self::Counter => "counter",
            Self::Cryptogram => "cryptogram",
            Self::Linkable => "linkable",
            Self::Certificate => "certificate",
            Self::Secret => "secret",
            Self::Unknown => "unknown",
            Self::Unreadable => "unreadable",
            Self::Command => "command",
        }
    }
}

/// What is still there, however much was taken away.
const REMAINS: [&str; 5] = ["amounts", "random", "answers", "structure", "terminal"];

/// What remains where card numbers keep their first six digits.
const BIN: &str = "bin";

/// A manifest for programs.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    removed: Vec<Removed>,
    remains: Vec<&'static str>,
    differs: &'a [usize],
}

#[derive(Serialize)]
struct Removed {
    what: &'static str,
    count: usize,
}

/// What was taken away, how often, and whether what is left says the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    removed: BTreeMap<Kind, usize>,
    /// The first six digits of card numbers are still there.
    pub keeps_bin: bool,
    /// In which attempts the explanation is not what it was, by number from 1.
    pub differs: Vec<usize>,
}

impl Manifest {
    pub(super) fn count(&mut self, kind: Kind) {
        let count = self.removed.entry(kind).or_default();
        *count = count.saturating_add(1);
    }

    pub(super) fn count_if(&mut self, kind: Kind, is: bool) {
        if is {
            self.count(kind);
        }
    }

    /// How many of this kind were taken away.
    pub fn removed(&self, kind: Kind) -> usize {
        self.removed.get(&kind).copied().unwrap_or_default()
    }

    /// The manifest for people, a line each.
    pub fn lines(&self, text: &Text) -> Vec<String> {
        let say = |id: &str| text.say(File::Export, id);
        let removed = Kind::ALL.iter().filter(|kind| self.removed(**kind) > 0).map(|kind| {
            let count = self.removed(*kind).to_string();
            let what = say(&format!("removed-{}", kind.id()));
            text.say_with(File::Export, "removed-line", &[("what", &what), ("count", &count)])
        });
        let mut lines = vec![say("removed")];
        lines.extend(removed);
        lines.push(say("remains"));
        lines.extend(REMAINS.iter().map(|what| say(&format!("remains-{what}"))));
        lines.extend(self.keeps_bin.then(|| say(&format!("remains-{BIN}"))));
        lines.push(self.verdict(text));
        lines
    }

    /// The manifest for programs: one line of JSON, described in `docs/schema/export-1.json`.
    pub fn json(&self) -> String {
        let removed = self.removed.iter().map(|(kind, count)| Removed { what: kind.id(), count: *count });
        let remains = REMAINS.into_iter().chain(self.keeps_bin.then_some(BIN));
        let document =
            Document { schema: SCHEMA, removed: removed.collect(), remains: remains.collect(), differs: &self.differs };
        // Words and numbers have a JSON form.
        serde_json::to_string(&document).unwrap_or_default()
    }

    fn verdict(&self, text: &Text) -> String {
        if self.differs.is_empty() {
            return text.say(File::Export, "same");
        }
        let attempts: Vec<String> = self.differs.iter().map(ToString::to_string).collect();
        text.say_with(File::Export, "differs", &[("attempts", &attempts.join(", "))])
    }
}
