//! What kind of end a recording has.

use apdu::command::ins;

use super::{Difference, Observation};
use crate::{
    contactless::OutcomeKind,
    finding::{Reason, Severity},
    outcome::{Decider, Decision},
};

/// How a recorded transaction ended, as far as the recording tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The final cryptogram is a TC.
    Approved,
    /// The card declined.
    DeclinedByCard,
    /// The terminal declined.
    DeclinedByTerminal,
    /// The issuer declined, or its attendant.
    DeclinedByHost,
    /// Something ended it before a decision.
    NotCompleted,
    /// The recording ends, or has a gap, before anything was decided.
    CannotTell(Gap),
}

/// What a recording lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gap {
    /// No payment application was selected.
    Application,
    /// The answer to GET PROCESSING OPTIONS: without it nobody knows which records are signed.
    ProcessingOptions,
    /// A record that the AFL names: file and number.
    Record(u8, u8),
    /// The first GENERATE AC: the recording is of a card that was read, not of a payment.
    FirstCryptogram,
    /// What followed the card's wish to go online.
    FinalCryptogram,
    /// What the issuer said to the request that a tap ended in.
    HostAnswer,
    /// Another command.
    Command([u8; 4]),
}

impl Class {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::DeclinedByCard => "declined-by-card",
            Self::DeclinedByTerminal => "declined-by-terminal",
            Self::DeclinedByHost => "declined-by-host",
            Self::NotCompleted => "not-completed",
            Self::CannotTell(_) => "cannot-tell",
        }
    }
}

impl Gap {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::ProcessingOptions => "processing-options",
            Self::Record(..) => "record",
            Self::FirstCryptogram => "first-cryptogram",
            Self::FinalCryptogram => "final-cryptogram",
            Self::HostAnswer => "host-answer",
            Self::Command(_) => "command",
        }
    }
}

impl Observation {
    /// How it ended.
    pub fn class(&self) -> Class {
        if self.asks_an_unheard_host() {
            return Class::CannotTell(Gap::HostAnswer);
        }
        match (self.outcome.decision, self.outcome.decided_by) {
            (Decision::Approved, _) => Class::Approved,
            (Decision::Declined, Decider::Issuer | Decider::Attendant) => Class::DeclinedByHost,
            (Decision::Declined, Decider::Card) => Class::DeclinedByCard,
            (Decision::Declined, _) => Class::DeclinedByTerminal,
            (Decision::NotCompleted, _) => self.gap().map_or(Class::NotCompleted, Class::CannotTell),
        }
    }

    /// A tap that ended in an online request: what came of it is in no recording of the card.
    fn asks_an_unheard_host(&self) -> bool {
        let outcome = self.outcome.tap.as_ref().and_then(|tap| tap.outcome.as_ref());
        outcome.is_some_and(|outcome| outcome.outcome == OutcomeKind::OnlineRequest)
    }

    fn gap(&self) -> Option<Gap> {
        let mut findings = self.outcome.log.findings.iter();
        let fatal = findings.find(|finding| finding.severity == Severity::Fatal)?;
        if self.recovered.aid.is_empty() && fatal.reason == Reason::SelNoCommonApp {
            return Some(Gap::Application);
        }
        let missing = self.differences.iter().find_map(|difference| match difference {
            Difference::NotRecorded { header, .. } => Some(*header),
            _ => None,
        });
        let header = missing?;
        let [_, instruction, p1, p2] = header;
        // Whatever is missing after a record that is not recorded may stand in it.
        if fatal.reason != Reason::TransportTraceIncomplete && instruction != ins::READ_RECORD {
            return None;
        }
        Some(match instruction {
            ins::GET_PROCESSING_OPTIONS => Gap::ProcessingOptions,
            ins::READ_RECORD => Gap::Record(p2 >> 3, p1),
            ins::INTERNAL_AUTHENTICATE | ins::VERIFY | ins::GET_CHALLENGE if !self.recovered.has_cryptogram() => {
                Gap::FirstCryptogram
            }
            ins::GENERATE_AC if self.outcome.cryptograms.is_empty() => Gap::FirstCryptogram,
            ins::GENERATE_AC => Gap::FinalCryptogram,
            _ => Gap::Command(header),
        })
    }
}
