//! Cardholder verification: which method (`EMV Contactless Book C-2, 7.5, CVM`). Nothing is performed here: the card has
//! left when a PIN is entered or a signature given.

use apdu::{
    Bit, Card, tag,
    tag::k2,
    value::{CvmCondition, CvmList, CvmMethod, CvmResult, CvmResults, CvmRule, Tvr, aip, terminal_capabilities, tvr},
};

use super::{configuration::TerminalStore, initiate::Options, outcome::Verified};
use crate::{
    contact::verify_cardholder::{
        CvmStory, Step, Visit,
        rules::{self, Circumstances, Missing, Performable, Unmet, Unusable},
    },
    contactless::outcome::Cvm,
    finding::{Evidence, Fact, Finding, Reason},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
    store::CardData,
};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verification {
    /// For the outcome.
    pub verified: Verified,
    /// CVM results (`9F34`).
    pub results: CvmResults,
    /// TVR bits.
    pub tvr: Tvr,
}

impl Verification {
    fn new(cvm: Cvm, results: [u8; 3]) -> Self {
        let verified = Verified { cvm, receipt: cvm == Cvm::ObtainSignature };
        Self { verified, results: CvmResults(results), tvr: Tvr::ZERO }
    }

    fn sets(mut self, bits: Tvr) -> Self {
        self.tvr |= bits;
        self
    }
}

/// Selects the method.
pub(super) fn verify_cardholder<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    options: &Options,
) -> Verification {
    // CVM.1 to .4: the cardholder's own device has looked after it.
    if options.on_device_cvm {
        return if out.terminal.amount(tag::AMOUNT_AUTHORISED_9F02) > out.terminal.amount(k2::CVM_REQUIRED_LIMIT_DF8126)
        {
            Verification::new(Cvm::ConfirmationCodeVerified, [0x01, 0x00, 0x02])
        } else {
            Verification::new(Cvm::NoCvm, [0x3F, 0x00, 0x02])
        };
    }
    // CVM.5 and .6
    if !options.aip.has(aip::CARDHOLDER_VERIFICATION) {
        return Verification::new(Cvm::NoCvm, [0x3F, 0x00, 0x00]);
    }
    // CVM.7 and .8
    let list = out.card.value(tag::CVM_LIST_8E).and_then(|value| CvmList::parse(value).ok());
    let Some(list) = list.filter(|list| !list.is_empty()) else {
        let evidence = Evidence::missing(Fact::DataObject, tag::CVM_LIST_8E).at(out.card.place(tag::CVM_LIST_8E));
        session.report(Finding::new(Reason::CvmListEmpty).sets(tvr::ICC_DATA_MISSING).with(evidence));
        let bits = Tvr::ZERO.with(tvr::ICC_DATA_MISSING);
        return Verification::new(Cvm::NoCvm, [0x3F, 0x00, 0x00]).sets(bits);
    };
    let capabilities = out.terminal.bits(tag::TERMINAL_CAPABILITIES_9F33);
    let circumstances = Circumstances {
        capabilities,
        terminal_type: apdu::value::TerminalType(out.terminal.byte(tag::TERMINAL_TYPE_9F35)),
        ..Circumstances::new(session.terminal, session.transaction, &out.card, list.x, list.y)
    };
    out.cvm.amounts = Some((list.x, list.y));
    let mut walk = Walk { session, card: &out.card, circumstances, bits: Tvr::ZERO };
    walk.follow(list, &mut out.cvm)
}

/// The way through the list.
struct Walk<'w, 's, C, P> {
    session: &'w mut Session<'s, C, P>,
    card: &'w CardData,
    circumstances: Circumstances,
    bits: Tvr,
}

impl<C: Card, P: PointOfSale> Walk<'_, '_, C, P> {
    /// CVM.9 to .25
    fn follow(&mut self, list: CvmList<'_>, story: &mut CvmStory) -> Verification {
        let mut last = None;
        for (index, rule) in list.rules().enumerate() {
            let (step, selected) = self.visit(index, rule);
            story.visits.push(Visit { rule, step });
            if let Some(selected) = selected {
                return selected.sets(self.bits);
            }
            // A list that ends with rules that do not apply has none that failed last.
            last = (!matches!(step, Step::Skipped(_))).then_some((index, rule));
            // CVM.19
            if last.is_some() && !rule.continue_on_failure() {
                break;
            }
        }
        let any_applied = story.visits.iter().any(|visit| !matches!(visit.step, Step::Skipped(_)));
        self.failed(any_applied, last)
    }

    /// CVM.10 to .18
    fn visit(&mut self, index: usize, rule: CvmRule) -> (Step, Option<Verification>) {
        if let Err(unmet) = condition(rule, &self.circumstances) {
            return (Step::Skipped(unmet), None);
        }
        match method(rule.method(), &self.circumstances) {
            Ok(Performable::Fail) => (Step::Performed { result: CvmResult::Failed, because: None }, None),
            Ok(method) => self.selected(rule, method),
            Err(unusable) => {
                self.unusable(index, rule, unusable);
                (Step::Unusable(unusable), None)
            }
        }
    }

    /// CVM.18
    fn selected(&mut self, rule: CvmRule, method: Performable) -> (Step, Option<Verification>) {
        let (cvm, result) = match method {
            Performable::OnlinePin => (Cvm::OnlinePin, CvmResult::Unknown),
            Performable::Signature => (Cvm::ObtainSignature, CvmResult::Unknown),
            _ => (Cvm::NoCvm, CvmResult::Successful),
        };
        if cvm == Cvm::OnlinePin {
            self.bits.set(tvr::ONLINE_CVM_CAPTURED);
        }
        let verification = Verification::new(cvm, CvmResults::of(rule, result).0);
        (Step::Performed { result, because: None }, Some(verification))
    }

    fn unusable(&mut self, index: usize, rule: CvmRule, unusable: Unusable) {
        let capabilities = self.circumstances.capabilities;
        let mut finding = Finding::new(Reason::CvmUnsupported).with(self.rule_evidence(index, rule));
        match unusable {
            Unusable::Unrecognised => {
                // CVM.16
                self.bits.set(tvr::UNRECOGNISED_CVM);
                finding = Finding { reason: Reason::CvmUnrecognised, ..finding }.sets(tvr::UNRECOGNISED_CVM);
            }
            Unusable::Unsupported(Missing::Capability(bit)) => {
                let evidence = Evidence::compared(Fact::TerminalMethods, capabilities.with(bit).0, capabilities.0);
                finding = finding.with(evidence.in_tag(tag::TERMINAL_CAPABILITIES_9F33));
            }
            Unusable::Unsupported(_) => {}
        }
        self.session.report(finding);
    }

    /// CVM.14, where no rule applied, and CVM.22 to .25, where the last one failed.
    fn failed(&mut self, any_applied: bool, last: Option<(usize, CvmRule)>) -> Verification {
        let bit = tvr::CV_NOT_SUCCESSFUL;
        self.bits.set(bit);
        let failed = last.filter(|(_, rule)| rule.method() == CvmMethod::Fail);
        let results = failed.map_or(CvmResults::NO_CVM_PERFORMED, |(_, rule)| CvmResults::of(rule, CvmResult::Failed));
        let reason = if any_applied { Reason::CvmFailed } else { Reason::CvmNoneMatched };
        let evidence = Evidence::found(Fact::CvmResults, results.0).in_tag(tag::CVM_RESULTS_9F34);
        let mut finding = Finding::new(reason).sets(bit).with(evidence);
        finding.evidence.extend(last.map(|(index, rule)| self.rule_evidence(index, rule)));
        self.session.report(finding);
        Verification::new(Cvm::NoCvm, results.0).sets(self.bits)
    }

    fn rule_evidence(&self, index: usize, rule: CvmRule) -> Evidence {
        Evidence::found(Fact::CvmRule, [rule.method_byte, rule.condition_byte])
            .at(self.card.place(tag::CVM_LIST_8E))
            .offset(index.saturating_mul(2).saturating_add(8))
    }
}

/// Whether the condition holds. What "the terminal supports the CVM" means is the kernel's own.
fn condition(rule: CvmRule, circumstances: &Circumstances) -> Result<(), Unmet> {
    match rule.condition() {
        CvmCondition::TerminalSupports => method(rule.method(), circumstances).map(drop).map_err(Unmet::MethodUnusable),
        _ => rules::condition(rule, circumstances),
    }
}

/// Whether the method is supported: a PIN is never given to a card through the air.
fn method(method: CvmMethod, circumstances: &Circumstances) -> Result<Performable, Unusable> {
    let missing = |bit: Bit| Err(Unusable::Unsupported(Missing::Capability(bit)));
    let (needs, performable) = match method {
        CvmMethod::Fail => return Ok(Performable::Fail),
        CvmMethod::OnlinePin => (terminal_capabilities::ONLINE_PIN, Performable::OnlinePin),
        CvmMethod::Signature => (terminal_capabilities::SIGNATURE, Performable::Signature),
        CvmMethod::NoCvm => (terminal_capabilities::NO_CVM, Performable::NoCvm),
        offline if offline.needs_plaintext_pin() => return missing(terminal_capabilities::PLAINTEXT_OFFLINE_PIN),
        offline if offline.needs_enciphered_pin() => return missing(terminal_capabilities::ENCIPHERED_OFFLINE_PIN_RSA),
        _ => return Err(Unusable::Unrecognised),
    };
    if circumstances.capabilities.has(needs) { Ok(performable) } else { missing(needs) }
}
