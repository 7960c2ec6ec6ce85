//! `emvident decode`: what bytes are said to mean, in both languages, and what is never said.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed, and where is what matters"
)]

#[path = "decode/chain.rs"]
mod chain;
#[path = "decode/examples.rs"]
mod examples;
#[path = "decode/program.rs"]
mod program;
#[path = "decode/properties.rs"]
mod properties;
#[path = "decode/secrecy.rs"]
mod secrecy;
#[path = "decode/texts.rs"]
mod texts;

use emvident::{
    decode::{Decoded, Decoder, Kind, Node},
    text::{Language, Text},
};

thread_local! {
    /// Reading the texts takes longer than everything else.
    static TEXTS: [Text; 2] = [Text::new(Language::En), Text::new(Language::ZhCn)];
}

/// What `say` makes of the texts of both languages, English first.
fn in_both_languages<T>(say: impl Fn(&Text) -> T) -> [T; 2] {
    TEXTS.with(|texts| texts.each_ref().map(say))
}

/// What `hex` says, read as the kind of this name, or as what it looks like.
fn decoded(kind: &str, hex: &str) -> Decoded {
    let bytes = hex::decode(hex).unwrap();
    let decoder = Decoder::default();
    match kind {
        "" => decoder.detect(&bytes),
        name => decoder.decode(&bytes, Kind::from_name(name).unwrap_or_else(|| panic!("{name} is no kind"))),
    }
}

/// The lines of the page without places and indentation, the first two left out.
fn lines(decoded: &Decoded, language: Language) -> Vec<String> {
    let page = decoded.text(&Text::new(language), false);
    let tree = page.split_once("\n\n").map_or("", |(_, tree)| tree);
    tree.lines().map(|line| line.get(6..).unwrap_or("").trim().to_owned()).collect()
}

fn every_node(decoded: &Decoded) -> Vec<&Node> {
    let mut nodes = Vec::new();
    decoded.nodes.iter().for_each(|node| node.walk(&mut |node| nodes.push(node)));
    nodes
}
