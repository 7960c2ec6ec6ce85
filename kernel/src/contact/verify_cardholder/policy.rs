//! What the hardened policy makes of PINs that go to the card. EMV has none of this.

use apdu::Card;

use super::ended::Ended;
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    oda::{ChainReport, report::Certificate},
    point_of_sale::PointOfSale,
    session::Session,
    terminal::policy::{MAX_PIN_ENTRIES, Policy, Switch},
};

/// The rules of one transaction, and the PINs the card was given so far.
#[derive(Clone, Copy, Debug)]
pub struct PinRules {
    policy: Policy,
    /// The card's static data, and with them its CVM list, are what the issuer signed.
    verified: bool,
    entries: u8,
}

impl PinRules {
    /// The rules, where authentication came to `chain`.
    pub fn new(policy: Policy, chain: &ChainReport) -> Self {
        let signed = |certificate| matches!(certificate, Certificate::StaticSignature | Certificate::Icc);
        let verified = chain.steps.iter().any(|step| signed(step.certificate) && step.passed());
        Self { policy, verified, entries: 0 }
    }

    /// Why no PIN goes to the card at all; with the TVR bit of what `ended` the method already, if anything did.
    pub(super) fn refusal<C: Card, P: PointOfSale>(
        &self,
        session: &mut Session<'_, C, P>,
        enciphered: bool,
        ended: Option<Ended>,
    ) -> Option<Ended> {
        let refused = if self.policy.has(Switch::NoPlaintextPin) && !enciphered {
            Reason::PolicyPlaintextPin
        } else if self.policy.has(Switch::PinOnlyAfterVerifiedStaticData) && !self.verified {
            Reason::PolicyPinUnverifiedCard
        } else {
            return None;
        };
        session.report(Finding::new(refused));
        let sets = ended.and_then(|ended| ended.sets());
        Some(Ended::Failed { because: refused, sets })
    }

    /// Counts one PIN more, or says that there have been enough.
    pub(super) fn one_more<C: Card, P: PointOfSale>(&mut self, session: &mut Session<'_, C, P>) -> Option<Ended> {
        if self.policy.has(Switch::LimitPinEntries) && self.entries >= MAX_PIN_ENTRIES {
            let limit = Evidence::found(Fact::Limit, MAX_PIN_ENTRIES);
            return Some(Ended::failed(session, Finding::new(Reason::PolicyPinEntries).with(limit)));
        }
        self.entries = self.entries.saturating_add(1);
        None
    }

    /// The card's counter did not fall: it gets no further PIN.
    pub(super) fn counter_stuck<C: Card, P: PointOfSale>(
        &self,
        session: &mut Session<'_, C, P>,
        evidence: Evidence,
    ) -> Option<Ended> {
        let stops = self.policy.has(Switch::LimitPinEntries);
        stops.then(|| Ended::failed(session, Finding::new(Reason::PolicyPinCounter).with(evidence)))
    }
}
