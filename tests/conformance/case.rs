//! The cases as they stand in the table.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    #[serde(rename = "subjects")]
    _subjects: Vec<String>,
    pub case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    pub covers: Vec<String>,
    #[serde(rename = "words")]
    _words: String,
    #[serde(rename = "cannot-apply")]
    _cannot_apply: Option<String>,
    #[serde(default)]
    pub run: Vec<Run>,
}

/// One transaction: reader, card, host, and what must come of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Run {
    // The reader.
    /// `visa ttq=36004080 status-check=true`: a scheme or an AID, then fields of `[[combination]]`.
    pub combinations: Vec<String>,
    /// Version of Book B.
    pub book: String,
    /// `[autorun]`: `amount=1.00 type=refund`.
    pub autorun: Option<String>,
    pub currency: String,
    // The transaction.
    pub amount: u64,
    pub cashback: u64,
    pub kind: String,
    /// The same run with each of these.
    pub kinds: Vec<String>,
    /// The reader waits first, and that is part of what happens.
    pub idle: bool,
    // The card.
    /// `visa priority=1 kernel=03 extension=01`: a scheme or a name; without any, one for each combination.
    pub entries: Option<Vec<String>>,
    /// What stands in `BF0C` of the directory, in place of entries: hexadecimal digits.
    pub directory: Option<String>,
    /// The whole answer to SELECT PPSE, in place of all that.
    pub ppse: Option<String>,
    /// Objects in the `A5` of every FCI; a PDOL that asks for TTQ without it.
    pub fci: String,
    /// Status words, or faults, of the final SELECTs; then 9000.
    pub selects: Vec<String>,
    /// What is in the field, activation by activation; then this card alone.
    pub field: Vec<String>,
    // Kernel and host.
    /// What the kernel says, activation by activation; then approved.
    pub outcomes: Vec<String>,
    /// What the issuer says: `00`, then `91=…` and scripts `72…`.
    pub issuer: Option<String>,
    // What must come of it.
    pub happens: Option<Vec<String>>,
    pub shows: Option<Vec<String>>,
    pub card: Option<Vec<String>>,
    pub starts: Option<Vec<String>>,
    pub displays: Option<Vec<String>>,
    pub findings: Option<Vec<String>>,
    pub ends: Option<String>,
    pub decision: Option<String>,
    /// Data objects of the terminal that the last kernel had.
    pub kernel_has: BTreeMap<String, String>,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            combinations: vec!["visa".to_owned()],
            book: "2.10".to_owned(),
            autorun: None,
            currency: "CNY".to_owned(),
            amount: 1000,
            cashback: 0,
            kind: "purchase".to_owned(),
            kinds: Vec::new(),
            idle: false,
            entries: None,
            directory: None,
            ppse: None,
            fci: "9F38039F6604".to_owned(),
            selects: Vec::new(),
            field: Vec::new(),
            outcomes: Vec::new(),
            issuer: None,
            happens: None,
            shows: None,
            card: None,
            starts: None,
            displays: None,
            findings: None,
            ends: None,
            decision: None,
            kernel_has: BTreeMap::new(),
        }
    }
}

impl Run {
    pub fn for_each_kind(&self) -> Vec<Self> {
        if self.kinds.is_empty() {
            return vec![self.clone()];
        }
        self.kinds.iter().map(|kind| Self { kind: kind.clone(), ..self.clone() }).collect()
    }

    pub fn says_nothing(&self) -> bool {
        let lists = [&self.happens, &self.shows, &self.card, &self.starts, &self.displays, &self.findings];
        let nothing = lists.into_iter().all(Option::is_none) && self.ends.is_none() && self.decision.is_none();
        nothing && self.kernel_has.is_empty()
    }
}
