//! One of the two recordings.

use apdu::{
    Bits, tag,
    value::{Tvr, aip, tvr},
};
use kernel::{Terminal, diagnosis::diagnose, observe::Observation, oda::report::Certificate};
use readers::trace;
use serde::Serialize;

use crate::{explain::Explainer, scenario::Purchase, setup::SetupError};

/// The bit of P1 that asks for a CDA signature (`EMV 4.4 Book 3, 6.5.5`).
const CDA_REQUESTED: u8 = 0x10;

/// Why two recordings cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// One cannot be read.
    #[error("{0}: {1}")]
    Trace(String, trace::Error),
    /// One brings a terminal, and that is wrong.
    #[error("{0}: {1}")]
    Setup(String, SetupError),
    /// Nothing was asked of a card in it.
    #[error("{0}: no exchange with a card is in it")]
    Empty(String),
}

/// One recording: its last attempt, and what else it tells about its terminal.
#[derive(Debug)]
pub struct Side {
    name: String,
    format: &'static str,
    attempts: usize,
    /// The last attempt.
    pub observation: Observation,
    /// The terminal that made it, when it is our own.
    pub own: Option<Terminal>,
    /// The transaction that was asked for, when it is our own.
    pub purchase: Option<Purchase>,
}

/// What is said about one recording.
#[derive(Debug, Serialize)]
pub(super) struct SideView {
    pub name: String,
    pub format: &'static str,
    pub attempts: usize,
    pub class: &'static str,
    pub decided_by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<&'static str>,
    #[serde(skip)]
    pub ends: (kernel::Decision, kernel::Decider),
}

impl Side {
    /// Reads one recording.
    ///
    /// # Errors
    /// [`DiffError`] names it.
    pub fn read(explainer: &Explainer, (name, recording): (&str, &[u8])) -> Result<Self, DiffError> {
        let trace = trace::read(recording, None).map_err(|error| DiffError::Trace(name.to_owned(), error))?;
        let own = explainer.own_terminal(&trace).map_err(|error| DiffError::Setup(name.to_owned(), error))?;
        let mut attempts = explainer.observe(&trace, own.as_ref().unwrap_or(explainer.base()));
        let count = attempts.len();
        let observation = attempts.pop().ok_or_else(|| DiffError::Empty(name.to_owned()))?;
        let header = trace.transcript.as_ref().filter(|_| own.is_some()).map(|transcript| &transcript.header);
        let purchase = header.and_then(|header| Purchase::from_parameters(&header.parameters).ok());
        Ok(Self { name: name.to_owned(), format: trace.format.id(), attempts: count, observation, own, purchase })
    }

    pub(super) fn view(&self) -> SideView {
        let outcome = &self.observation.outcome;
        let root = diagnose(outcome).primary.and_then(|at| outcome.log.findings.get(at));
        SideView {
            name: self.name.clone(),
            format: self.format,
            attempts: self.attempts,
            class: self.observation.class().id(),
            decided_by: outcome.decided_by.id(),
            root: root.map(|finding| finding.reason.id()),
            ends: (outcome.decision, outcome.decided_by),
        }
    }

    /// The verification results before the first cryptogram: those the card was given, else those computed.
    pub(super) fn first_tvr(&self) -> Option<Tvr> {
        let given = self.observation.recovered.first_tvr.map(|(bits, _)| bits);
        let mut tvr = given.or_else(|| self.observation.outcome.analyses.first().map(|analysis| analysis.tvr))?;
        if self.has_asked_without_signature() {
            tvr.clear(tvr::ODA_NOT_PERFORMED);
        }
        Some(tvr)
    }

    /// CDA was prepared, and then no signature was asked for: that follows from the request, not from authentication
    /// (`EMV 4.4 Book 2, 6.6`).
    fn has_asked_without_signature(&self) -> bool {
        let steps = &self.observation.outcome.chain.steps;
        let prepared = steps.iter().any(|step| step.certificate == Certificate::Icc && step.passed());
        let signs = |(p1, _): &(u8, u32)| p1 & CDA_REQUESTED != 0;
        let profile = self.observation.outcome.card.array(tag::AIP_82).map(Bits::<2>);
        let asked = self.observation.recovered.requests.first();
        prepared && profile.is_some_and(|profile| profile.has(aip::CDA)) && asked.is_some_and(|asked| !signs(asked))
    }

    /// What the terminal told the card, or what the card gave: the one that was recorded.
    pub(super) fn told(&self, tag: apdu::Tag) -> Option<&[u8]> {
        self.observation.recovered.data.value(tag)
    }

    /// Whether `other` is a recording of the same card.
    pub(super) fn is_same_card(&self, other: &Self) -> bool {
        let number = |side: &Self| side.observation.outcome.card.value(tag::PAN_5A).map(<[u8]>::to_vec);
        number(self).is_some() && number(self) == number(other)
    }

    /// The issuer's action codes, denial, online and default.
    pub(super) fn issuer_codes(&self) -> [Option<Bits<5>>; 3] {
        let tags = [tag::IAC_DENIAL_9F0E, tag::IAC_ONLINE_9F0F, tag::IAC_DEFAULT_9F0D];
        tags.map(|tag| self.observation.outcome.card.array(tag).map(Bits))
    }
}
