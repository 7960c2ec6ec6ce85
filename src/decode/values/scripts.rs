//! Issuer scripts (`EMV 4.4 Book 3, 10.10`).

use apdu::{Command, command};

use super::{Inside, Value};
use crate::decode::{
    command as decoded,
    node::{Label, Meaning, Node, Shown, span},
    problem::Problem,
};

/// Script command (`86`): a command for the card.
pub fn command(value: Value<'_>) -> Option<Inside> {
    match Command::from_bytes(value.bytes) {
        Ok(command) => {
            let children = decoded::parts(&command, value.at, value.around);
            Some(Inside { meaning: Some(Meaning::Command(command_name_of(&command))), children, problem: None })
        }
        Err(_) => Some(Problem::new("not-a-command", value.at).with("found", value.bytes.len()).into()),
    }
}

/// What a command is called.
pub fn command_name_of(command: &Command) -> &'static str {
    let [cla, ins, ..] = command.header();
    command::name(ins, cla)
}

/// Issuer script results (`9F5B`, `DF31`): five bytes a script.
pub fn results(value: Value<'_>) -> Option<Inside> {
    let results = value.bytes.as_chunks::<5>().0.iter().enumerate();
    let nodes = results.map(|(index, result)| {
        let at = value.at.saturating_add(index.saturating_mul(5));
        let label = Label::Numbered("script", index.saturating_add(1));
        Node::new(label, span(at, 5), Shown::Bytes(result.to_vec())).with_children(result_parts(result, at))
    });
    Some(nodes.collect::<Vec<_>>().into())
}

fn result_parts(result: &[u8; 5], at: usize) -> Vec<Node> {
    let [first, identifier @ ..] = result;
    let word = match first >> 4 {
        0 => "script-not-performed",
        1 => "failed",
        2 => "successful",
        _ => "reserved",
    };
    let one = |name, meaning| Node::group(name, at, 1, Vec::new()).meaning(meaning);
    vec![
        one("result", Meaning::Word(word)),
        one("script-command", Meaning::Number(u64::from(first & 0x0F))),
        Node::part("script-identifier", at.saturating_add(1), identifier),
    ]
}
