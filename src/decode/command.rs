//! Commands and responses.

use apdu::{Command, StatusWord, Tag, command::ins, tag, value::cid::CryptogramType};

use super::{
    node::{Label, Meaning, Node, Shown, span},
    object,
    problem::Problem,
    secrecy,
    surroundings::Surroundings,
    tree, values,
};

/// A command of ISO/IEC 7816-4 with short lengths.
pub(super) fn command(bytes: &[u8], around: &Surroundings) -> Vec<Node> {
    match Command::from_bytes(bytes) {
        Ok(command) => {
            let node = Node::new(Label::Part("command"), span(0, bytes.len()), Shown::InChildren);
            let name = Meaning::Command(values::command_name_of(&command));
            vec![node.meaning(name).with_children(parts(&command, 0, around))]
        }
        Err(_) => vec![broken(bytes)],
    }
}

/// Bytes whose lengths do not fit. A PIN may be among them.
fn broken(bytes: &[u8]) -> Node {
    let node = Node::part("rest", 0, bytes).hidden();
    let problem = match bytes {
        [_, _, _, _, lc, data @ ..] => {
            Problem::new("command-length", 4).with("expected", lc).with("available", data.len())
        }
        _ => Problem::new("command-short", bytes.len()).with("found", bytes.len()),
    };
    let shown = bytes.first_chunk::<4>().map(|header| Node::part("header", 0, header));
    Node::new(Label::Part("command"), span(0, bytes.len()), Shown::InChildren)
        .with_problem(problem)
        .with_children(shown.into_iter().chain([node]).collect())
}

/// The parts of a command that stands at `at`.
pub(super) fn parts(command: &Command, at: usize, around: &Surroundings) -> Vec<Node> {
    let [cla, ins, p1, p2] = command.header();
    let place = |offset: usize| at.saturating_add(offset);
    let name = Meaning::Command(values::command_name_of(command));
    let mut nodes = vec![
        Node::part("class", place(0), &[cla]).meaning(class(cla)),
        Node::part("instruction", place(1), &[ins]).meaning(name),
        Node::part("p1", place(2), &[p1]).meaning(first_parameter(command)),
        Node::part("p2", place(3), &[p2]).meaning(second_parameter(command)),
    ];
    nodes.extend(asked_object(command, around, at));
    nodes.extend(data(command, place(4), around));
    if let Some(le) = command.le() {
        let expected = if le == 0 { 256 } else { usize::from(le) };
        let end = place(command.as_bytes().len().saturating_sub(1));
        nodes.push(Node::part("le", end, &[le]).meaning(Meaning::Length(expected)));
    }
    nodes
}

fn class(cla: u8) -> Meaning {
    Meaning::Word(match cla & 0x8C {
        0x00 => "class-interindustry",
        0x80 => "class-proprietary",
        _ => "class-secure-messaging",
    })
}

fn first_parameter(command: &Command) -> Option<Meaning> {
    let [_, ins, p1, _] = command.header();
    match ins {
        ins::SELECT => Some(Meaning::Word(if p1 == 0x04 { "by-name" } else { "reserved" })),
        ins::READ_RECORD | ins::UPDATE_RECORD => Some(Meaning::Number(p1.into())),
        ins::GENERATE_AC => Some(Meaning::Word(asked_cryptogram(p1))),
        _ => None,
    }
}

/// Bits 8 and 7 say which cryptogram, bit 5 that it shall be signed (`EMV 4.4 Book 3, 6.5.5.2`).
fn asked_cryptogram(p1: u8) -> &'static str {
    match (CryptogramType::from_bits(p1), p1 & 0x10 != 0) {
        (CryptogramType::Aac, _) => "aac",
        (CryptogramType::Tc, false) => "tc",
        (CryptogramType::Tc, true) => "tc-signed",
        (CryptogramType::Arqc, false) => "arqc",
        (CryptogramType::Arqc, true) => "arqc-signed",
        (CryptogramType::Rfu, _) => "reserved",
    }
}

fn second_parameter(command: &Command) -> Option<Meaning> {
    let [_, ins, _, p2] = command.header();
    match (ins, p2) {
        (ins::SELECT, 0x00) => Some(Meaning::Word("first-occurrence")),
        (ins::SELECT, 0x02) => Some(Meaning::Word("next-occurrence")),
        (ins::READ_RECORD | ins::UPDATE_RECORD, _) => Some(Meaning::File(p2 >> 3)),
        (ins::VERIFY, 0x80) => Some(Meaning::Word("plaintext-pin")),
        (ins::VERIFY, 0x88) => Some(Meaning::Word("enciphered-pin")),
        _ => None,
    }
}

/// The data object that GET DATA or PUT DATA is about, in both parameters.
fn asked_object(command: &Command, around: &Surroundings, at: usize) -> Option<Node> {
    let tag = parameter_tag(command)?;
    let context = around.lookup_any(tag).map(|entry| entry.context);
    Some(Node::new(Label::Object { tag, context }, span(at.saturating_add(2), 2), Shown::InChildren))
}

fn parameter_tag(command: &Command) -> Option<Tag> {
    let [_, ins, p1, p2] = command.header();
    let is_data = matches!(ins, ins::GET_DATA | ins::PUT_DATA);
    is_data.then(|| Tag::new(u32::from(u16::from_be_bytes([p1, p2]))))
}

/// Length and content of the data field; `at` is where the length stands.
fn data(command: &Command, at: usize, around: &Surroundings) -> Vec<Node> {
    let data = command.data();
    let Ok(length) = u8::try_from(data.len()) else { return Vec::new() };
    if data.is_empty() {
        return Vec::new();
    }
    let start = at.saturating_add(1);
    let length = Node::part("lc", at, &[length]).meaning(Meaning::Length(data.len()));
    vec![length, content(command, data, start, around)]
}

fn content(command: &Command, data: &[u8], at: usize, around: &Surroundings) -> Node {
    if command.is_secret() {
        return Node::part("data", at, data).hidden();
    }
    let [cla, ins, ..] = command.header();
    let secured = cla & 0x0C != 0;
    match ins {
        ins::SELECT => object::read(tag::DF_NAME_84, data, at, around),
        ins::GET_PROCESSING_OPTIONS if !secured => Node::group("data", at, data.len(), tree::read(data, at, around)),
        ins::EXTERNAL_AUTHENTICATE if !secured => object::read(tag::ISSUER_AUTHENTICATION_DATA_91, data, at, around),
        ins::GENERATE_AC | ins::INTERNAL_AUTHENTICATE if !secrecy::holds_account_alone(data) => {
            Node::part("data", at, data)
        }
        _ if secrecy::may_hold_account(data) => Node::part("data", at, data).hidden(),
        _ => Node::part("data", at, data),
    }
}

/// A response: data and status word, in answer to the instruction `ins` where that is known.
pub(super) fn response(bytes: &[u8], ins: Option<u8>, around: &Surroundings) -> Vec<Node> {
    let Some((data, word)) = bytes.split_last_chunk::<2>() else {
        let problem = Problem::new("response-short", bytes.len()).with("found", bytes.len());
        return vec![Node::part("rest", 0, bytes).with_problem(problem)];
    };
    let mut nodes = answer(data, ins, around);
    let status = StatusWord(u16::from_be_bytes(*word));
    nodes.push(Node::part("status-word", data.len(), word).meaning(Meaning::Status(ins, status)));
    nodes
}

/// The data of a response: data objects, but for the commands whose answers are none.
fn answer(data: &[u8], ins: Option<u8>, around: &Surroundings) -> Vec<Node> {
    match ins {
        _ if data.is_empty() => Vec::new(),
        Some(ins::GET_CHALLENGE) => vec![Node::part("unpredictable-number", 0, data)],
        _ => objects_or_data(data, around),
    }
}

/// Records of transaction logs and files of other systems have no tags.
fn objects_or_data(data: &[u8], around: &Surroundings) -> Vec<Node> {
    let nodes = tree::read(data, 0, around);
    let known = |node: &Node| matches!(node.label, Label::Object { context: Some(_), .. });
    if nodes.first().is_some_and(known) || nodes.iter().all(|node| node.problem.is_none()) {
        return nodes;
    }
    let node = Node::part("data", 0, data);
    vec![if secrecy::may_hold_account(data) { node.hidden() } else { node }]
}
