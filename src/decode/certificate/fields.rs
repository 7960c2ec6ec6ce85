//! The fields of recovered data.

use apdu::value::Date;

use crate::decode::{
    node::{Label, Meaning, Node, RECOVERED, Shown, span},
    problem::Problem,
};

/// SHA-1.
pub const HASH: usize = 20;

/// Fields of recovered data, taken one after the other.
pub struct Fields<'b> {
    block: &'b [u8],
    at: usize,
    nodes: Vec<Node>,
}

impl<'b> Fields<'b> {
    /// Nothing is taken yet.
    pub fn new(block: &'b [u8]) -> Self {
        Self { block, at: 0, nodes: Vec::new() }
    }

    /// How many bytes are taken.
    pub fn taken(&self) -> usize {
        self.at
    }

    /// The next `length` bytes, or what is left.
    pub fn peek(&self, length: usize) -> &'b [u8] {
        let rest = self.block.get(self.at..).unwrap_or(&[]);
        rest.get(..length.min(rest.len())).unwrap_or(rest)
    }

    /// Takes a field.
    pub fn take(&mut self, name: &'static str, length: usize, meaning: Option<Meaning>) -> &'b [u8] {
        let bytes = self.peek(length);
        self.nodes.push(Node::part(name, self.at, bytes).meaning(meaning));
        self.at = self.at.saturating_add(bytes.len());
        bytes
    }

    /// Hides the bytes of the last field.
    pub fn hide_last(&mut self) {
        if let Some(last) = self.nodes.pop() {
            self.nodes.push(last.hidden());
        }
    }

    /// Takes a field that means nothing by itself.
    pub fn plain(&mut self, name: &'static str, length: usize) {
        self.take(name, length, None);
    }

    /// Header and format; the format is returned.
    pub fn frame(&mut self) -> Option<u8> {
        self.plain("signature-header", 1);
        self.take("certificate-format", 1, None).first().copied()
    }

    /// Takes a month MMYY.
    pub fn date(&mut self, name: &'static str) {
        let date = <[u8; 2]>::try_from(self.peek(2)).ok().and_then(|field| Date::from_mmyy(field).ok());
        self.take(name, 2, date.map(|date| Meaning::Date(date.to_string())));
    }

    /// Takes an algorithm indicator.
    pub fn algorithm(&mut self, name: &'static str) {
        let word = match (name, self.peek(1)) {
            ("hash-algorithm", [0x01]) => "sha-1",
            (_, [0x01]) => "rsa",
            _ => "reserved",
        };
        self.take(name, 1, Some(Meaning::Word(word)));
    }

    /// Takes a length of one byte.
    pub fn number(&mut self, name: &'static str) -> usize {
        let number = self.peek(1).first().copied().unwrap_or(0);
        self.take(name, 1, Some(Meaning::Length(number.into())));
        number.into()
    }

    /// Everything up to the hash.
    pub fn rest(&mut self, name: &'static str) -> Vec<u8> {
        let end = self.block.len().saturating_sub(HASH.saturating_add(1));
        self.take(name, end.saturating_sub(self.at), None).to_vec()
    }

    /// As much of the key as fits, and the padding of a key that is shorter.
    pub fn key_part(&mut self, length: usize) -> Vec<u8> {
        let end = self.block.len().saturating_sub(HASH.saturating_add(1));
        let room = end.saturating_sub(self.at);
        let part = self.take("key-part", length.min(room), None).to_vec();
        if length < room {
            self.rest("padding");
        }
        part
    }

    /// Takes the hash.
    pub fn hash(&mut self) -> Vec<u8> {
        self.take("hash", HASH, None).to_vec()
    }

    /// Takes the trailer.
    pub fn trailer(&mut self) {
        self.plain("signature-trailer", 1);
    }

    /// The recovered data with their fields; `known` when the format is the one it has to be.
    pub fn node(self, known: bool) -> Node {
        let framed = matches!(self.block, [0x6A, .., 0xBC]);
        let node = Node::new(Label::Part(RECOVERED), span(0, self.block.len()), Shown::InChildren);
        match (framed, known) {
            (true, true) => node.with_children(self.nodes),
            (true, false) => node.with_problem(Problem::new("certificate-format", 1)).with_children(self.nodes),
            (false, _) => node.with_problem(Problem::new("not-recovered", 0)),
        }
    }
}
