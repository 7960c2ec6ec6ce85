//! Following a chain again.

use apdu::{command::ins, tag};

use super::case::{Case, Sent, Setting};
use crate::{
    finding::{Fact, Phase},
    oda::{self, Chain, ChainReport, IccKey, Keys, Method, Purpose, report::Certificate},
};

/// What a chain is followed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// Authenticating the card.
    Method(Method),
    /// The key for PINs.
    PinKey,
}

/// How far a chain was followed.
pub(super) struct Followed {
    pub(super) report: ChainReport,
    /// To its end, the signatures the card was asked for included.
    pub(super) passed: bool,
}

impl Followed {
    /// Whether this check was made and passed.
    pub(super) fn passes(&self, certificate: Certificate, fact: Fact) -> bool {
        let steps = self.report.steps.iter().filter(|step| step.certificate == certificate);
        steps.flat_map(|step| &step.checks).any(|check| check.fact == fact && check.passed)
    }
}

impl<'s> Setting<'s> {
    pub(super) fn chain(&self, goal: Goal) -> Chain<'s> {
        let Setting { card, rid, keys, today, .. } = *self;
        let purpose = match goal {
            Goal::Method(method) => Purpose::Authentication(method),
            Goal::PinKey => Purpose::PinEncipherment,
        };
        Chain { card, rid, keys, revocations: &[], today, purpose }
    }

    /// How many CA keys are tried.
    fn ca_keys(&self) -> usize {
        let index = self.card.array(tag::CA_PUBLIC_KEY_INDEX_8F);
        index.map_or(0, |[index]| self.keys.keys_for(self.rid, index).count())
    }
}

impl<'a> Case<'a> {
    /// Follows the chain with `setting`; `None` when that is more than the budget allows.
    pub(super) fn follow(&self, setting: &Setting<'_>, goal: Goal) -> Option<Followed> {
        // Below the CA keys: the card's certificate, that for PINs, and the signatures of two cryptograms.
        self.spend(setting.ca_keys().saturating_add(4))?;
        let mut report = ChainReport::default();
        let chain = Chain { revocations: &self.terminal.revocations, ..setting.chain(goal) };
        let passed = match (goal, setting.static_data) {
            (Goal::PinKey, static_data) => oda::pin_key::recover(&chain, static_data.as_ref(), &mut report).is_ok(),
            (Goal::Method(_), None) => false,
            (Goal::Method(Method::Sda), Some(data)) => chain.authenticate_static_data(&data, &mut report).is_ok(),
            (Goal::Method(method), Some(data)) => match chain.recover_keys(&data, &mut report) {
                Ok(keys) => self.signatures_pass(method, &keys.icc, &mut report),
                Err(_) => false,
            },
        };
        Some(Followed { report, passed })
    }

    /// The keys of issuer and card, where nothing is wrong with the certificates.
    pub(super) fn keys(&self) -> Option<Keys> {
        let setting = self.setting();
        self.spend(setting.ca_keys().saturating_add(1))?;
        let goal = Goal::Method(self.method()?);
        setting.chain(goal).recover_keys(&setting.static_data?, &mut ChainReport::default()).ok()
    }

    /// The key of the issuer, where nothing is wrong with its certificate.
    pub(super) fn issuer_key(&self, goal: Goal) -> Option<oda::IssuerKey> {
        let setting = self.setting();
        self.spend(setting.ca_keys())?;
        oda::issuer::recover(&setting.chain(goal), &mut ChainReport::default()).ok()
    }

    fn signatures_pass(&self, method: Method, key: &IccKey, report: &mut ChainReport) -> bool {
        match method {
            Method::Sda => true,
            Method::Dda => self.authentication().is_none_or(|sent| {
                let signature = sent.signature().unwrap_or(&[]);
                oda::dda::verify(key, signature, sent.place(), sent.data, report).is_ok()
            }),
            Method::Cda => [Phase::FirstGenerateAc, Phase::SecondGenerateAc].into_iter().all(|phase| {
                let signed = self.generate_ac(phase);
                signed.is_none_or(|command| oda::cda::verify(key, &command.as_signed(), report).is_ok())
            }),
        }
    }

    /// The INTERNAL AUTHENTICATE that was answered.
    pub(super) fn authentication(&self) -> Option<Sent<'a>> {
        self.last(ins::INTERNAL_AUTHENTICATE, Phase::Authentication).filter(|sent| sent.answer.is_some())
    }
}
