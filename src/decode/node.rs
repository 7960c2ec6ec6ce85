//! What was decoded, in no language: a tree of places and meanings.
//!
//! What must not be shown is left out when a node is made, so that no renderer can show more.

use std::ops::Range;

use apdu::{Bit, StatusWord, Tag, dictionary::Context};

use super::problem::Problem;

/// One thing among the bytes: a data object, a field, a bit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub label: Label,
    /// Where it stands, in bytes from the start of the input, tag and length included. Below a node that is
    /// [`Part::is_recovered`](Node::is_recovered), in bytes from the start of what was recovered.
    pub place: Range<usize>,
    /// How many bytes tag and length take in front of the value.
    pub header: usize,
    /// The value's bytes, as far as they may be shown.
    pub bytes: Shown,
    /// What the value says, when one phrase can say it.
    pub meaning: Option<Meaning>,
    /// What is wrong with it.
    pub problem: Option<Problem>,
    /// What it is made of.
    pub children: Vec<Node>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// A data object.
    Object {
        /// Its tag.
        tag: Tag,
        /// Whose meaning of the tag is taken; `None` when the data dictionary does not know it.
        context: Option<Context>,
    },
    /// A named part.
    Part(&'static str),
    /// A named part of which there are several, counted from 1.
    Numbered(&'static str, usize),
    /// A bit that is set.
    Bit {
        /// The bit string it is in.
        table: &'static str,
        /// Which bit.
        bit: Bit,
    },
    /// Something whose name is the same in every language.
    Symbol(String),
}

/// Bytes as far as they may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of them.
    Bytes(Vec<u8>),
    /// This many that are account data, track data, PINs or keys.
    Hidden(usize),
    /// The children show them.
    InChildren,
}

/// What a value says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A fixed word of the texts.
    Word(&'static str),
    /// A number.
    Number(u64),
    /// This many bytes.
    Length(usize),
    /// Characters; what could do harm on a screen is spelled out.
    Text(String),
    /// A day, `2026-12-31`.
    Date(String),
    /// A time of day, `23:59:59`.
    Time(String),
    /// An amount, `CNY 12.00`, or `12.00` where the currency is not known.
    Amount(String),
    /// A number of minor units of a currency that is not known.
    MinorUnits(u64),
    /// An account number, its middle hidden.
    Account(String),
    /// Digits.
    Digits(String),
    /// This many digits that are not shown.
    HiddenDigits(usize),
    /// A country by its numeric code (ISO 3166-1).
    Country(u16),
    /// A currency by its numeric code (ISO 4217).
    Currency(u16),
    /// A language by its two letters (ISO 639-1).
    Language(&'static str),
    /// A merchant category (ISO 18245).
    Category(u16),
    /// A status word, and the instruction it answers where that is known.
    Status(Option<u8>, StatusWord),
    /// An authorisation response code, and the word for it.
    ResponseCode(String, &'static str),
    /// A file by its short identifier.
    File(u8),
    /// A transmission protocol.
    Protocol(u8),
    /// This many historical bytes.
    HistoricalBytes(u8),
    /// The name of a command.
    Command(&'static str),
    /// A name that is the same in every language.
    Brand(&'static str),
    /// How a rule wants the cardholder verified, by its method byte.
    Method(u8),
    /// When a rule holds, by its condition byte, with the amounts X and Y.
    Condition(u8, Box<[Meaning; 2]>),
}

impl Node {
    /// A node with nothing in it yet.
    pub fn new(label: Label, place: Range<usize>, bytes: Shown) -> Self {
        Self { label, place, header: 0, bytes, meaning: None, problem: None, children: Vec::new() }
    }

    /// A named part at `at` with these bytes.
    pub fn part(name: &'static str, at: usize, bytes: &[u8]) -> Self {
        Self::new(Label::Part(name), span(at, bytes.len()), Shown::Bytes(bytes.to_vec()))
    }

    /// A named part whose bytes its children show.
    pub fn group(name: &'static str, at: usize, length: usize, children: Vec<Self>) -> Self {
        Self::new(Label::Part(name), span(at, length), Shown::InChildren).with_children(children)
    }

    /// The same with a meaning.
    #[must_use]
    pub fn meaning(mut self, meaning: impl Into<Option<Meaning>>) -> Self {
        self.meaning = meaning.into();
        self
    }

    /// The same with its bytes hidden.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        if let Shown::Bytes(bytes) = &self.bytes {
            self.bytes = Shown::Hidden(bytes.len());
        }
        self
    }

    /// The same with children.
    #[must_use]
    pub fn with_children(mut self, children: Vec<Self>) -> Self {
        self.children = children;
        self
    }

    /// The same with a problem, unless it has none.
    #[must_use]
    pub fn with_problem(mut self, problem: impl Into<Option<Problem>>) -> Self {
        self.problem = problem.into().or(self.problem);
        self
    }

    /// Where the value stands, without tag and length.
    pub fn value(&self) -> Range<usize> {
        self.place.start.saturating_add(self.header)..self.place.end
    }

    /// Whether this is data recovered from a signature, whose children count their places from its own start.
    pub fn is_recovered(&self) -> bool {
        self.label == Label::Part(RECOVERED)
    }

    /// Whether it says no more than that a rule is broken.
    pub fn is_remark(&self) -> bool {
        matches!(self.label, Label::Part("rule-broken" | "note"))
    }

    /// This node and all below it, outer before inner.
    pub fn walk<'n>(&'n self, visit: &mut impl FnMut(&'n Self)) {
        visit(self);
        self.children.iter().for_each(|child| child.walk(visit));
    }
}

/// The name of data recovered from a signature.
pub(super) const RECOVERED: &str = "recovered";

/// The place of `length` bytes at `at`.
pub(super) fn span(at: usize, length: usize) -> Range<usize> {
    at..at.saturating_add(length)
}
