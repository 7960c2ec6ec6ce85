//! Where the bytes of two exchanges part.

use apdu::{
    Bit, Tag,
    command::ins,
    dictionary::{Context, Sensitivity, Source, lookup},
    tag,
};
use kernel::{Phase, session::LoggedExchange};
use serde::{Serialize, Serializer};

use super::{
    Side,
    align::{Pair, exchanges},
    element::{Element, Part, of_command, of_response},
};

/// Where two recordings differ, and in which byte.
#[derive(Clone, Debug, Serialize)]
pub struct Divergence {
    #[serde(serialize_with = "phase")]
    pub(super) phase: Phase,
    pub(super) command: &'static str,
    /// The exchange in each recording.
    pub(super) exchanges: (Option<u16>, Option<u16>),
    /// Who said it.
    pub from: From,
    /// `header`, `object`, `data`, `status`, or `exchange` when one recording has none.
    pub part: &'static str,
    /// The data object.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shown_tag")]
    pub tag: Option<Tag>,
    /// The first byte of the value that differs, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<usize>,
    /// Where that byte is in the command or response, in each recording.
    pub(super) places: (Option<usize>, Option<usize>),
    /// The bits of that byte that differ.
    #[serde(serialize_with = "shown_bits", skip_serializing_if = "Vec::is_empty")]
    pub bits: Vec<Bit>,
    /// The values, where they may be shown.
    pub a: Option<String>,
    /// See `a`.
    pub b: Option<String>,
    /// It differs in any two transactions: a random number, a counter, a cryptogram.
    pub varies: bool,
    /// The value is a decision, not an input.
    pub is_decision: bool,
}

/// Who said what differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum From {
    /// The terminal.
    Terminal,
    /// The card.
    Card,
    /// The issuer, through the terminal.
    Issuer,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn phase<S: Serializer>(phase: &Phase, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(phase.id())
}

#[expect(clippy::ref_option, reason = "serde gives a reference")]
fn shown_tag<S: Serializer>(tag: &Option<Tag>, serializer: S) -> Result<S::Ok, S::Error> {
    tag.map(|tag| tag.to_string()).serialize(serializer)
}

pub(super) fn shown_bits<S: Serializer>(bits: &[Bit], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(bits.iter().map(ToString::to_string))
}

/// What is different in two exchanges that belong together: first in the commands, then in the responses.
pub(super) fn of_pair(pair: &Pair, a: &Side, b: &Side) -> Vec<Divergence> {
    let exchange = |side: &'_ Side, at: Option<usize>| at.and_then(|at| exchanges(side).get(at)).cloned();
    let (first, second) = (exchange(a, pair.at.0), exchange(b, pair.at.1));
    let (Some(first), Some(second)) = (first, second) else { return vec![missing(pair)] };
    let cryptograms = |side: &Side, at: Option<usize>| {
        let before = exchanges(side).get(..at.unwrap_or_default()).unwrap_or(&[]);
        before.iter().filter(|exchange| exchange.command.get(1) == Some(&ins::GENERATE_AC)).count()
    };
    let commands =
        (of_command(&first, a, cryptograms(a, pair.at.0)), of_command(&second, b, cryptograms(b, pair.at.1)));
    let setting = Setting { pair, context: Context::from_aid(&a.observation.outcome.aid), from: From::Terminal };
    let mut found = setting.compare(&commands.0, &commands.1);
    let answers = Setting { from: From::Card, ..setting };
    found.extend(answers.compare(&of_response(&first), &of_response(&second)));
    found.extend(answers.lost(&first, &second));
    found
}

fn missing(pair: &Pair) -> Divergence {
    let has = |number: Option<u16>| number.map(|_| pair.command.to_owned());
    Divergence {
        phase: pair.phase,
        command: pair.command,
        exchanges: (pair.a, pair.b),
        from: From::Terminal,
        part: "exchange",
        tag: None,
        offset: None,
        places: (None, None),
        bits: Vec::new(),
        a: has(pair.a),
        b: has(pair.b),
        varies: false,
        is_decision: true,
    }
}

#[derive(Clone, Copy)]
struct Setting<'a> {
    pair: &'a Pair,
    context: Context,
    from: From,
}

impl Setting<'_> {
    /// Elements with the same name are compared in their order; what only one side has differs from nothing.
    fn compare(self, a: &[Element<'_>], b: &[Element<'_>]) -> Vec<Divergence> {
        let mut rest: Vec<&Element<'_>> = b.iter().collect();
        let mut found = Vec::new();
        for one in a {
            let at = rest.iter().position(|other| other.part == one.part);
            let other = at.map(|at| rest.remove(at));
            if other.is_none_or(|other| other.value != one.value) {
                found.push(self.divergence(Some(one), other));
            }
        }
        found.extend(rest.into_iter().map(|other| self.divergence(None, Some(other))));
        found
    }

    /// One card answered and the other did not.
    fn lost(self, a: &LoggedExchange, b: &LoggedExchange) -> Option<Divergence> {
        let differs = a.response.is_some() != b.response.is_some();
        let word = |exchange: &LoggedExchange| exchange.response.as_ref().map(|_| "response".to_owned());
        let lost = Divergence { from: From::Card, part: "data", is_decision: false, ..missing(self.pair) };
        differs.then(|| Divergence { a: word(a), b: word(b), ..lost })
    }

    fn divergence(self, a: Option<&Element<'_>>, b: Option<&Element<'_>>) -> Divergence {
        let part = a.or(b).map_or(Part::Data, |element| element.part);
        let value = |element: Option<&Element<'_>>| element.map_or(&[][..], |element| element.value).to_vec();
        let (first, second) = (value(a), value(b));
        let both = a.is_some() && b.is_some();
        let same = first.iter().zip(&second).take_while(|(one, other)| one == other).count();
        let offset = both.then_some(same);
        let place = |element: Option<&Element<'_>>| {
            let start = element?.start;
            offset.map(|offset| start.saturating_add(offset))
        };
        let show = |element: Option<&Element<'_>>| element.and_then(|element| self.shown(element));
        let tag = if let Part::Object(tag) = part { Some(tag) } else { None };
        Divergence {
            phase: self.pair.phase,
            command: self.pair.command,
            exchanges: (self.pair.a, self.pair.b),
            from: self.who(tag),
            part: part.id(),
            tag,
            offset,
            places: (place(a), place(b)),
            bits: if both && self.may_be_shown(part) { bits(same, &first, &second) } else { Vec::new() },
            a: show(a),
            b: show(b),
            varies: tag.is_some_and(varies) || (part == Part::Data && self.pair.command == "GET CHALLENGE"),
            is_decision: part == Part::Header || tag.is_some_and(is_decision),
        }
    }

    fn who(self, tag: Option<Tag>) -> From {
        let entry = tag.and_then(|tag| lookup(tag, self.context));
        match (self.from, entry.map(|entry| entry.source)) {
            (From::Terminal, Some(Source::Issuer)) => From::Issuer,
            (From::Terminal, Some(Source::Card)) if tag != Some(tag::DF_NAME_84) => From::Card,
            (from, _) => from,
        }
    }

    fn shown(self, element: &Element<'_>) -> Option<String> {
        self.may_be_shown(element.part).then(|| hex::encode_upper(element.value))
    }

    /// Of what is not known nobody knows what it holds.
    fn may_be_shown(self, part: Part) -> bool {
        match part {
            Part::Header | Part::Status => true,
            Part::Data => false,
            Part::Object(tag) => {
                lookup(tag, self.context).is_some_and(|entry| entry.sensitivity < Sensitivity::Account)
            }
        }
    }
}

impl Part {
    const fn id(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Object(_) => "object",
            Self::Data => "data",
            Self::Status => "status",
        }
    }
}

/// The bits in which the byte at `at` differs.
fn bits(at: usize, a: &[u8], b: &[u8]) -> Vec<Bit> {
    let pair = a.get(at).zip(b.get(at));
    let (Some((one, other)), Ok(byte)) = (pair, u8::try_from(at.saturating_add(1))) else { return Vec::new() };
    let all = (1..=8).rev().map(|position| Bit::new(byte, position));
    all.filter(|bit| (one ^ other) & bit.mask() != 0).collect()
}

/// What is new in every transaction, whatever card and terminal are.
fn varies(tag: Tag) -> bool {
    matches!(
        tag,
        tag::UNPREDICTABLE_NUMBER_9F37
            | tag::ATC_9F36
            | tag::APPLICATION_CRYPTOGRAM_9F26
            | tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B
            | tag::ICC_DYNAMIC_NUMBER_9F4C
            | tag::TRANSACTION_TIME_9F21
            | tag::TRANSACTION_SEQUENCE_COUNTER_9F41
            | tag::ISSUER_APPLICATION_DATA_9F10
            | tag::ISSUER_AUTHENTICATION_DATA_91
            | tag::TC_HASH_VALUE_98
    )
}

/// Results of the terminal's own checks.
fn is_decision(tag: Tag) -> bool {
    matches!(tag, tag::TVR_95 | tag::TSI_9B | tag::CVM_RESULTS_9F34)
}
