//! Where this kernel would have done otherwise than the recorded terminal.

use alloc::vec::Vec;

use apdu::{
    Bit, Tag,
    command::ins,
    tag,
    value::{Tvr, cid::CryptogramType},
};

use super::Recovered;
use crate::{
    contactless::KernelId,
    finding::{Certainty, Evidence, Fact, Finding, Phase, Place, Reason, Severity},
    outcome::Outcome,
};

/// One difference between this kernel and the recorded terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A value sent for one of the card's lists.
    Value {
        /// The exchange, in the recording.
        exchange: u32,
        /// The data object.
        tag: Tag,
        /// What this kernel would have sent.
        ours: Vec<u8>,
        /// What the terminal sent.
        theirs: Vec<u8>,
    },
    /// The data of a command are not as long as the card's list asks for.
    Length {
        /// The exchange, in the recording.
        exchange: u32,
        /// Bytes the list asks for.
        ours: usize,
        /// Bytes sent.
        theirs: usize,
    },
    /// Verification results.
    VerificationBits {
        /// The exchange, in the recording.
        exchange: u32,
        /// Bits this kernel sets and the terminal did not.
        only_ours: Tvr,
        /// Bits the terminal set and this kernel does not.
        only_theirs: Tvr,
    },
    /// The cryptogram asked for: P1 of GENERATE AC.
    Request {
        /// The exchange, in the recording.
        exchange: u32,
        /// What this kernel would have asked for.
        ours: u8,
        /// What the terminal asked for.
        theirs: u8,
    },
    /// A command this kernel would have sent, which the recording does not have.
    NotRecorded {
        /// CLA, INS, P1, P2.
        header: [u8; 4],
        /// The last exchange before it, in the recording.
        after: u32,
    },
}

impl Difference {
    /// What kind of thing is otherwise, when it is a request: asking with or without a signature is no other decision.
    pub fn is_other_decision(&self) -> bool {
        let kind = CryptogramType::from_bits;
        matches!(self, Self::Request { ours, theirs, .. } if kind(*ours) != kind(*theirs))
    }

    /// Where in the recording it is.
    pub fn exchange(&self) -> u32 {
        match self {
            Self::Value { exchange, .. }
            | Self::Length { exchange, .. }
            | Self::VerificationBits { exchange, .. }
            | Self::Request { exchange, .. } => *exchange,
            Self::NotRecorded { after, .. } => *after,
        }
    }

    /// Stable kebab-case id.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Value { .. } => "value",
            Self::Length { .. } => "length",
            Self::VerificationBits { .. } => "verification-bits",
            Self::Request { .. } => "request",
            Self::NotRecorded { .. } => "not-recorded",
        }
    }
}

/// Data that are not as long as the card's list asks for are a fault of the terminal, whatever the card made of them.
pub(super) fn blame_lengths(outcome: &mut Outcome, differences: &[Difference]) {
    for difference in differences {
        let Difference::Length { exchange, ours, theirs } = difference else { continue };
        let Some((reason, phase)) = sent_for(outcome, *exchange) else { continue };
        if !outcome.log.findings.iter().any(|finding| (finding.reason, finding.phase) == (reason, phase)) {
            let place = u16::try_from(*exchange).map(Place::exchange).unwrap_or_default();
            let mut finding = Finding::new(reason).with(Evidence::compared(Fact::Length, *ours, *theirs).at(place));
            finding.phase = phase;
            outcome.log.findings.push(finding);
        }
    }
}

/// What a command is that has this number, when its data follow from a list.
fn sent_for(outcome: &Outcome, exchange: u32) -> Option<(Reason, Phase)> {
    let mut sent = outcome.log.exchanges.iter();
    let sent = sent.find(|sent| u32::from(sent.number) == exchange)?;
    match sent.command.get(1).copied()? {
        ins::GET_PROCESSING_OPTIONS => Some((Reason::GpoPdolLength, sent.phase)),
        ins::GENERATE_AC => Some((Reason::GenacCdolLength, sent.phase)),
        _ => None,
    }
}

/// Where the terminal asked the card for something else than this kernel would have, its decision counts: what this
/// kernel alone declined is no finding, and what the terminal alone declined is one.
pub(super) fn settle_requests(outcome: &mut Outcome, differences: &[Difference], recovered: &Recovered) {
    let declines = |p1: u8| CryptogramType::from_bits(p1) == CryptogramType::Aac;
    for difference in differences {
        let Difference::Request { ours, theirs, .. } = difference else { continue };
        if declines(*ours) && !declines(*theirs) {
            outcome.log.findings.retain(|finding| !is_own_decline(finding.reason));
            let causes = outcome.log.findings.iter_mut().filter(|finding| finding.severity == Severity::Cause);
            causes.for_each(|finding| finding.severity = Severity::Degraded);
        }
        if declines(*theirs) && !declines(*ours) {
            let mut finding = Finding::new(Reason::TaaDeniedOffline).severity(Severity::Decline);
            finding.certainty = Certainty::Likely;
            finding.phase = Phase::ActionAnalysis;
            let ours = outcome.analyses.last().map(|analysis| analysis.tvr);
            let bits = recovered.first_tvr.map(|(bits, _)| bits).or(ours);
            let told = bits.map(|bits| Evidence::found(Fact::VerificationBits, bits.0).in_tag(tag::TVR_95));
            finding.evidence.extend(told);
            blame(outcome, bits.unwrap_or(Tvr::ZERO));
            outcome.log.findings.push(finding);
        }
    }
}

/// Which of its action codes made the terminal decline nobody knows: whatever set one of its bits may have.
fn blame(outcome: &mut Outcome, bits: Tvr) {
    let set = |finding: &&mut Finding| finding.tvr.is_some_and(|bit| bits.has(bit));
    let findings = outcome.log.findings.iter_mut().filter(set);
    findings.for_each(|finding| finding.severity = finding.severity.max(Severity::Cause));
}

fn is_own_decline(reason: Reason) -> bool {
    matches!(reason, Reason::TaaDeniedOffline | Reason::TaaDeniedUnableOnline | Reason::TaaDeniedOfflineOnly)
}

/// Whether relay resistance was checked (`EMV Contactless Book C-2, Annex A`, TVR byte 5).
const RELAY_CHECKED: [Bit; 2] = [Bit::new(5, 2), Bit::new(5, 1)];

/// The TVR this kernel had before the first GENERATE AC against the one the card was given.
pub(super) fn of_results(outcome: &Outcome, recovered: &Recovered) -> Option<Difference> {
    let (theirs, exchange) = recovered.first_tvr?;
    let ours = outcome.analyses.first()?.tvr;
    // Which readers check relay resistance at all is no failure of any of them.
    let is_result = |bit: &Bit| !RELAY_CHECKED.contains(bit) || recovered.kernel() != Some(KernelId::C2);
    let only = |these: Tvr, others: Tvr| {
        these.iter().filter(|bit| !others.has(*bit) && is_result(bit)).fold(Tvr::ZERO, Tvr::with)
    };
    let (only_ours, only_theirs) = (only(ours, theirs), only(theirs, ours));
    let differ = !only_ours.is_zero() || !only_theirs.is_zero();
    differ.then_some(Difference::VerificationBits { exchange, only_ours, only_theirs })
}
