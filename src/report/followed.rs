//! What followed from the root, step by step.

use apdu::{Bit, value::CryptogramType};
use kernel::{Decider, Decision, Reason, contact::analyse::Codes, diagnosis::Link, outcome::MaskHit};
use serde::Serialize;

use super::{Source, escape, named, summary::response_code};
use crate::text::{File, Text};

/// One step.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub(super) enum LinkView {
    /// A finding that sums up what came before.
    Finding {
        #[serde(serialize_with = "named::one")]
        id: Reason,
    },
    /// A bit of the TVR was set.
    VerificationBit {
        #[serde(serialize_with = "display")]
        bit: Bit,
    },
    /// A bit met the action codes.
    ActionCode {
        #[serde(serialize_with = "named::one")]
        codes: Codes,
        #[serde(serialize_with = "display")]
        bit: Bit,
        in_tac: bool,
        in_iac: bool,
    },
    /// What the card was asked for.
    Asked { cryptogram: String },
    /// What it gave.
    Given { cryptogram: String },
    /// A response code.
    ResponseCode { code: String },
    /// The end.
    Decision {
        #[serde(serialize_with = "named::one")]
        decision: Decision,
        #[serde(serialize_with = "named::one")]
        decided_by: Decider,
    },
}

fn display<S: serde::Serializer>(bit: &Bit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(bit)
}

/// The steps after the root itself.
pub(super) fn links(source: Source<'_>) -> Vec<LinkView> {
    source.diagnosis.consequences.iter().skip(1).flat_map(|link| views(link, source)).collect()
}

/// The findings among the steps after the root.
pub(super) fn findings(source: Source<'_>) -> Vec<usize> {
    let links = source.diagnosis.consequences.iter().skip(1);
    links.filter_map(|link| if let Link::Finding(at) = link { Some(*at) } else { None }).collect()
}

fn views(link: &Link, source: Source<'_>) -> Vec<LinkView> {
    let finding = |at: &usize| source.outcome.log.findings.get(*at).map(|finding| finding.reason);
    let kind = |cryptogram: CryptogramType| cryptogram.to_string();
    match link {
        Link::Finding(at) => finding(at).map(|id| LinkView::Finding { id }).into_iter().collect(),
        Link::VerificationBit(bit) => vec![LinkView::VerificationBit { bit: *bit }],
        Link::ActionCodes { codes, hits } => hits.iter().map(|hit| action_code(*codes, *hit)).collect(),
        Link::Asked(cryptogram) => vec![LinkView::Asked { cryptogram: kind(*cryptogram) }],
        Link::Given(cryptogram) => vec![LinkView::Given { cryptogram: kind(*cryptogram) }],
        Link::ResponseCode(code) => vec![LinkView::ResponseCode { code: escape(&String::from_utf8_lossy(code)) }],
        Link::Decision(decision, decided_by) => {
            vec![LinkView::Decision { decision: *decision, decided_by: *decided_by }]
        }
    }
}

fn action_code(codes: Codes, hit: MaskHit) -> LinkView {
    LinkView::ActionCode { codes, bit: hit.bit, in_tac: hit.in_tac, in_iac: hit.in_iac }
}

/// The steps as lines, each with an arrow in front.
pub(super) fn say(links: &[LinkView], text: &Text) -> Vec<String> {
    let mut lines = Vec::new();
    let mut bit_said = None;
    for link in links {
        match link {
            LinkView::VerificationBit { bit } => bit_said = Some(*bit),
            // A bit that met the codes without being the root's own has to be introduced.
            LinkView::ActionCode { bit, .. } if bit_said != Some(*bit) => {
                bit_said = Some(*bit);
                lines.push(verification_bit(*bit, text));
            }
            _ => {}
        }
        lines.push(link.say(text));
    }
    lines.into_iter().map(|line| format!("→ {line}")).collect()
}

fn verification_bit(bit: Bit, text: &Text) -> String {
    let variables = [("bit", &*bit.to_string()), ("name", &*text.verification_bit(bit))];
    text.say_with(File::Report, "followed-bit", &variables)
}

impl LinkView {
    fn say(&self, text: &Text) -> String {
        let cryptogram = |id, name, kind: &str| text.say_with(File::Report, id, &[(name, kind)]);
        match self {
            Self::Finding { id } => format!("{}  {}", text.title(*id), id.id()),
            Self::VerificationBit { bit } => verification_bit(*bit, text),
            Self::ActionCode { codes, in_tac, in_iac, .. } => say_codes(*codes, *in_tac, *in_iac, text),
            Self::Asked { cryptogram: kind } => cryptogram("followed-asked", "asked", kind),
            Self::Given { cryptogram: kind } => cryptogram("followed-given", "given", kind),
            Self::ResponseCode { code } => response_code(text, code),
            Self::Decision { decision, decided_by } => {
                format!("{} · {}", text.decision(*decision), text.decider(*decided_by))
            }
        }
    }
}

fn say_codes(codes: Codes, in_tac: bool, in_iac: bool, text: &Text) -> String {
    let name = code_name(codes);
    let variables = [("tac", &*format!("TAC-{name}")), ("iac", &*format!("IAC-{name}"))];
    let id = match (in_tac, in_iac) {
        (true, true) => "followed-codes-both",
        (true, false) => "followed-codes-tac",
        (false, _) => "followed-codes-iac",
    };
    text.say_with(File::Report, id, &variables)
}

/// The name the Books give a pair of codes, in any language.
pub(super) const fn code_name(codes: Codes) -> &'static str {
    match codes {
        Codes::Denial => "Denial",
        Codes::Online => "Online",
        Codes::Default => "Default",
    }
}
