//! Answers to reset, character by character (ISO/IEC 7816-3), and the rules of EMV they break.

use apdu::atr::{Atr, Character, Convention, Group, Rule, Violation};

use super::{
    node::{Label, Meaning, Node, Shown, span},
    problem::Problem,
};

/// The characters of an answer to reset, or what is there and why it is none.
pub(super) fn read(bytes: &[u8]) -> Vec<Node> {
    match Atr::parse(bytes) {
        Ok(atr) => Characters::of(&atr).nodes,
        Err(error) => vec![Node::part("rest", 0, bytes).with_problem(Problem::atr(error, bytes.len()))],
    }
}

/// Characters as they are taken, one after the other.
struct Characters {
    nodes: Vec<Node>,
    broken: Vec<Violation>,
}

impl Characters {
    fn of(atr: &Atr) -> Self {
        let mut characters = Self { nodes: Vec::new(), broken: atr.check_emv(true) };
        let start = if atr.convention() == Convention::Inverse { 0x3F } else { 0x3B };
        let convention = if start == 0x3F { "inverse-convention" } else { "direct-convention" };
        characters.take(Character::Ts, start, Some(Meaning::Word(convention)), Vec::new());
        let historical = Meaning::HistoricalBytes(atr.format() & 0x0F);
        characters.take(Character::T0, atr.format(), Some(historical), Vec::new());
        let mut protocol = None;
        for (number, group) in (1u8..).zip(atr.groups()) {
            characters.group(number, group, protocol);
            protocol = group.td.map(|td| td & 0x0F);
        }
        characters.historical(atr);
        if let Some(check) = atr.tck() {
            let word = if atr.tck_is_right() { "right" } else { "wrong" };
            characters.take(Character::Tck, check, Some(Meaning::Word(word)), Vec::new());
        }
        characters.missing();
        characters
    }

    fn at(&self) -> usize {
        self.nodes.last().map_or(0, |node| node.place.end)
    }

    fn take(&mut self, character: Character, byte: u8, meaning: Option<Meaning>, mut children: Vec<Node>) {
        let at = self.at();
        children.extend(self.broken_by(character, at));
        let label = Label::Symbol(character.to_string());
        let node = Node::new(label, span(at, 1), Shown::Bytes(vec![byte])).meaning(meaning);
        self.nodes.push(node.with_children(children));
    }

    /// The rules a character breaks; they are taken out, so that those of missing characters are left.
    fn broken_by(&mut self, character: Character, at: usize) -> Vec<Node> {
        let (mine, others) = self.broken.iter().partition(|violation| violation.character == character);
        self.broken = others;
        let mine: Vec<Violation> = mine;
        mine.iter().map(|violation| violation_node(violation, at)).collect()
    }

    fn missing(&mut self) {
        let at = self.at();
        for violation in std::mem::take(&mut self.broken) {
            let label = Label::Symbol(violation.character.to_string());
            let node = Node::new(label, span(at, 0), Shown::InChildren).meaning(Meaning::Word("missing"));
            self.nodes.push(node.with_children(vec![violation_node(&violation, at)]));
        }
    }

    /// `protocol` is the one that the group before announced.
    fn group(&mut self, number: u8, group: Group, protocol: Option<u8>) {
        let place = Place { number, protocol };
        let known = |at: usize, byte: Option<u8>, kind: Kind| byte.map(|byte| (byte, place.meaning(kind, byte, at)));
        if let Some((byte, (meaning, children))) = known(self.at(), group.ta, Kind::Ta) {
            self.take(Character::Ta(number), byte, meaning, children);
        }
        if let Some((byte, (meaning, children))) = known(self.at(), group.tb, Kind::Tb) {
            self.take(Character::Tb(number), byte, meaning, children);
        }
        if let Some((byte, (meaning, children))) = known(self.at(), group.tc, Kind::Tc) {
            self.take(Character::Tc(number), byte, meaning, children);
        }
        if let Some(byte) = group.td {
            self.take(Character::Td(number), byte, Some(Meaning::Protocol(byte & 0x0F)), Vec::new());
        }
    }

    fn historical(&mut self, atr: &Atr) {
        let bytes = atr.historical();
        if bytes.is_empty() {
            return;
        }
        let text = bytes.iter().all(|byte| matches!(byte, 0x20..=0x7E));
        let meaning = match atr.storage_card() {
            Some(card) => card.name().map(Meaning::Brand),
            None => text.then(|| Meaning::Text(String::from_utf8_lossy(bytes).into_owned())),
        };
        let at = self.at();
        self.nodes.push(Node::part("historical-bytes", at, bytes).meaning(meaning));
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Ta,
    Tb,
    Tc,
}

/// Where a character stands. The groups after the second one belong to the protocol announced before them.
#[derive(Clone, Copy)]
struct Place {
    number: u8,
    protocol: Option<u8>,
}

impl Place {
    /// What a character says, in one word or in parts.
    fn meaning(self, kind: Kind, byte: u8, at: usize) -> (Option<Meaning>, Vec<Node>) {
        let part = |name, value: u8| Node::group(name, at, 1, Vec::new()).meaning(Meaning::Number(value.into()));
        let word = |word| (Some(Meaning::Word(word)), Vec::new());
        match (self.number, self.protocol, kind) {
            (1, _, Kind::Ta) => (None, speed(byte, at)),
            (1, _, Kind::Tb) => word(if byte == 0 { "no-programming-voltage" } else { "programming-voltage" }),
            (1, _, Kind::Tc) => (None, vec![part("extra-guard-time", byte)]),
            (2, _, Kind::Ta) => {
                let mode = if byte & 0x80 == 0 { "mode-may-change" } else { "mode-fixed" };
                let protocol = Node::group("protocol", at, 1, Vec::new()).meaning(Meaning::Protocol(byte & 0x0F));
                (Some(Meaning::Word(mode)), vec![protocol])
            }
            (2, Some(0), Kind::Tc) => (None, vec![part("waiting-time-integer", byte)]),
            (3.., Some(1), Kind::Ta) => (None, vec![part("information-field-size", byte)]),
            (3.., Some(1), Kind::Tb) => {
                (None, vec![part("block-waiting-time", byte >> 4), part("character-waiting-time", byte & 0x0F)])
            }
            (3.., Some(1), Kind::Tc) => word(if byte & 1 == 0 { "lrc" } else { "crc" }),
            (3.., Some(15), Kind::Ta) => word(voltage_classes(byte)),
            _ => (None, Vec::new()),
        }
    }
}

/// Clock rate conversion by the upper digit of TA1 (ISO/IEC 7816-3, table 7).
const CLOCK: [u64; 16] = [372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024, 1536, 2048, 0, 0];
/// Baud rate adjustment by the lower digit of TA1 (ISO/IEC 7816-3, table 8).
const BAUD: [u64; 16] = [0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0];

fn speed(byte: u8, at: usize) -> Vec<Node> {
    let part = |name, table: &[u64; 16], digit: u8| {
        let value = table.get(usize::from(digit)).filter(|value| **value > 0);
        let meaning = value.map_or(Meaning::Word("reserved"), |value| Meaning::Number(*value));
        Node::group(name, at, 1, Vec::new()).meaning(meaning)
    };
    vec![part("clock-rate-conversion", &CLOCK, byte >> 4), part("baud-rate-adjustment", &BAUD, byte & 0x0F)]
}

/// Class A is 5 V, B 3 V, C 1.8 V.
fn voltage_classes(byte: u8) -> &'static str {
    match byte & 0x3F {
        1 => "class-a",
        2 => "class-b",
        3 => "class-a-b",
        4 => "class-c",
        6 => "class-b-c",
        7 => "class-a-b-c",
        _ => "reserved",
    }
}

fn violation_node(violation: &Violation, at: usize) -> Node {
    let problem = Problem::new(rule_key(violation.rule), at);
    let name = if violation.rule.is_note() { "note" } else { "rule-broken" };
    Node::new(Label::Part(name), span(at, 0), Shown::InChildren).with_problem(problem)
}

fn rule_key(rule: Rule) -> &'static str {
    match rule {
        Rule::ProgrammingVoltage => "atr-programming-voltage",
        Rule::Speed => "atr-speed",
        Rule::ExtraGuardTime => "atr-extra-guard-time",
        Rule::FirstProtocol => "atr-first-protocol",
        Rule::ImplicitSpeed => "atr-implicit-speed",
        Rule::SpecificProtocol => "atr-specific-protocol",
        Rule::SecondProgrammingVoltage => "atr-second-programming-voltage",
        Rule::WorkWaitingTime => "atr-work-waiting-time",
        Rule::SecondProtocol => "atr-second-protocol",
        Rule::InformationFieldSize => "atr-information-field-size",
        Rule::WaitingTimes => "atr-waiting-times",
        Rule::WaitingTimeBelowGuardTime => "atr-waiting-below-guard",
        Rule::ErrorDetection => "atr-error-detection",
        Rule::CheckMissing => "atr-check-missing",
        Rule::CheckUnexpected => "atr-check-unexpected",
        Rule::CheckWrong => "atr-check-wrong",
        _ => "format",
    }
}
