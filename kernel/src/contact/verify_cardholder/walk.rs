//! The way through a CVM list, rule by rule (`EMV 4.4 Book 3, 10.5`, figure 8).

use alloc::vec::Vec;

use apdu::{
    Card, tag,
    value::{CvmList, CvmMethod, CvmResult, CvmResults, CvmRule, pan::Pan, tvr},
};

use super::{
    Verification,
    enciphered_pin::PinKeys,
    ended::Ended,
    offline_pin, online_pin,
    policy::PinRules,
    rules::{self, Circumstances, Missing, Performable, Unusable},
    story::{CvmStory, Step, Visit},
};
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    oda::IccKey,
    point_of_sale::PointOfSale,
    session::{Session, Stop},
    store::CardData,
};

/// Where a visited rule leads.
enum Next {
    /// To the next rule.
    Rule,
    /// To the end: the cardholder is verified as far as the terminal can tell.
    Success,
    /// To the end: the cardholder is not verified.
    Failure,
}

/// The way through one list.
pub(super) struct Walk<'w, 's, C, P, K> {
    pub session: &'w mut Session<'s, C, P>,
    pub card: &'w CardData,
    pub circumstances: Circumstances,
    pub keys: PinKeys<K>,
    pub verification: Verification,
    pub pin_bypassed: bool,
    /// The policy refused a PIN: nothing weaker makes up for it.
    pub pin_refused: Option<Reason>,
    /// What the policy makes of PINs for the card.
    pub policy: PinRules,
}

impl<C: Card, P: PointOfSale, K: FnOnce() -> Result<IccKey, Vec<Finding>>> Walk<'_, '_, C, P, K> {
    pub async fn follow(&mut self, list: CvmList<'_>, story: &mut CvmStory) -> Result<(), Stop> {
        for (index, rule) in list.rules().enumerate() {
            let visited = self.visit(index, rule).await;
            let step = visited.unwrap_or_else(|stop| Step::Stopped(stop.reason));
            story.visits.push(Visit { rule, step });
            match next(rule, visited?) {
                Next::Rule => {}
                Next::Success => return Ok(()),
                Next::Failure => break,
            }
        }
        self.not_successful(story);
        Ok(())
    }

    async fn visit(&mut self, index: usize, rule: CvmRule) -> Result<Step, Stop> {
        if let Err(unmet) = rules::condition(rule, &self.circumstances) {
            return Ok(Step::Skipped(unmet));
        }
        let performable = match rules::method(rule.method(), &self.circumstances) {
            Ok(performable) => performable,
            Err(unusable) => return Ok(self.unusable(index, rule, unusable)),
        };
        let ended = self.perform(performable).await?;
        Ok(self.performed(rule, ended))
    }

    async fn perform(&mut self, method: Performable) -> Result<Ended, Stop> {
        match method {
            Performable::Fail => Ok(Ended::Done(CvmResult::Failed)),
            Performable::NoCvm | Performable::Signature if let Some(because) = self.pin_refused => {
                Ok(Ended::Failed { because, sets: None })
            }
            Performable::NoCvm => Ok(Ended::Done(CvmResult::Successful)),
            Performable::Signature => Ok(self.signature()),
            Performable::OnlinePin | Performable::OfflinePin { .. } if self.counts_as_bypassed() => {
                Ok(Ended::Failed { because: Reason::CvmBypass, sets: None })
            }
            Performable::OnlinePin => self.online_pin().await,
            Performable::OfflinePin { enciphered, signature } => {
                let keys = enciphered.then_some(&mut self.keys);
                let ended = offline_pin::offline_pin(self.session, keys, &mut self.policy).await?;
                let signs = signature && ended == Ended::Done(CvmResult::Successful);
                Ok(if signs { self.signature() } else { ended })
            }
        }
    }

    /// Whether an earlier bypass also counts for this PIN.
    fn counts_as_bypassed(&self) -> bool {
        self.pin_bypassed && self.session.terminal.pin.bypass_is_for_all
    }

    /// Whether a signature is right nobody can tell the terminal before the card has decided.
    fn signature(&mut self) -> Ended {
        self.verification.signature = true;
        Ended::Done(CvmResult::Unknown)
    }

    async fn online_pin(&mut self) -> Result<Ended, Stop> {
        let Some(pan) = self.card.value(tag::PAN_5A).and_then(|value| Pan::from_compressed(value).ok()) else {
            let evidence = Evidence::missing(Fact::DataObject, tag::PAN_5A);
            return Err(self.session.stop(Finding::new(Reason::DataFormat).with(evidence)));
        };
        let block = match online_pin::online_pin(self.session, &pan).await? {
            Ok(block) => block,
            Err(ended) => return Ok(ended),
        };
        self.verification.online_pin = Some(block);
        self.verification.tvr.set(tvr::ONLINE_CVM_CAPTURED);
        Ok(Ended::Done(CvmResult::Unknown))
    }

    /// What was performed last is what the results say.
    fn performed(&mut self, rule: CvmRule, ended: Ended) -> Step {
        let (result, because) = match ended {
            Ended::Done(result) => (result, None),
            Ended::Failed { because, sets } => {
                self.pin_bypassed |= because == Reason::CvmBypass;
                self.pin_refused = self.pin_refused.or(Some(because).filter(|because| because.is_of_policy()));
                sets.into_iter().for_each(|bit| self.verification.tvr.set(bit));
                (CvmResult::Failed, Some(because))
            }
        };
        self.verification.results = CvmResults::of(rule, result);
        Step::Performed { result, because }
    }

    fn unusable(&mut self, index: usize, rule: CvmRule, unusable: Unusable) -> Step {
        let mut finding = match unusable {
            Unusable::Unrecognised => Finding::new(Reason::CvmUnrecognised),
            Unusable::Unsupported(missing) => Finding::new(Reason::CvmUnsupported).with(self.lacks(missing)),
        };
        finding.tvr = rules::unusable_bit(rule.method(), unusable, &self.circumstances);
        finding.tvr.into_iter().for_each(|bit| self.verification.tvr.set(bit));
        finding.evidence.insert(0, self.rule_evidence(index, rule));
        self.session.report(finding);
        Step::Unusable(unusable)
    }

    /// What the terminal would have to be, and what it is.
    fn lacks(&self, missing: Missing) -> Evidence {
        let Circumstances { capabilities, terminal_type, additional_capabilities, .. } = self.circumstances;
        match missing {
            Missing::Capability(bit) => {
                Evidence::compared(Fact::TerminalMethods, capabilities.with(bit).0, capabilities.0)
                    .in_tag(tag::TERMINAL_CAPABILITIES_9F33)
            }
            Missing::Attendant => {
                Evidence::compared(Fact::TerminalType, missing.id(), [terminal_type.0]).in_tag(tag::TERMINAL_TYPE_9F35)
            }
            Missing::AttendantPrinter => {
                Evidence::compared(Fact::TerminalMethods, missing.id(), additional_capabilities.0)
                    .in_tag(tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40)
            }
        }
    }

    /// The rule, placed inside the list.
    fn rule_evidence(&self, index: usize, rule: CvmRule) -> Evidence {
        Evidence::found(Fact::CvmRule, [rule.method_byte, rule.condition_byte])
            .at(self.card.place(tag::CVM_LIST_8E))
            .offset(index.saturating_mul(2).saturating_add(8))
    }

    /// The end of the list, or of the way, without success.
    fn not_successful(&mut self, story: &CvmStory) {
        self.verification.tvr.set(tvr::CV_NOT_SUCCESSFUL);
        let none_matched = story.visits.iter().all(|visit| matches!(visit.step, Step::Skipped(_)));
        let mut finding = if none_matched { self.none_matched() } else { Finding::new(Reason::CvmFailed) };
        let results = Evidence::found(Fact::CvmResults, self.verification.results.0).in_tag(tag::CVM_RESULTS_9F34);
        finding.evidence.insert(0, results);
        let last = story.visits.len().checked_sub(1).zip(story.visits.last());
        finding.evidence.extend(last.map(|(index, visit)| self.rule_evidence(index, visit.rule)));
        self.session.report(finding.sets(tvr::CV_NOT_SUCCESSFUL));
    }

    /// What the conditions were held against.
    fn none_matched(&self) -> Finding {
        let here = &self.circumstances;
        let currency = match here.application_currency {
            Some(application) => Evidence::compared(Fact::CurrencyCode, application, here.currency),
            None => Evidence::found(Fact::CurrencyCode, here.currency),
        };
        Finding::new(Reason::CvmNoneMatched)
            .with(Evidence::found(Fact::TransactionType, [here.kind.code()]).in_tag(tag::TRANSACTION_TYPE_9C))
            .with(Evidence::found(Fact::TerminalType, [here.terminal_type.0]).in_tag(tag::TERMINAL_TYPE_9F35))
            .with(Evidence::found(Fact::Amount, here.amount).in_tag(tag::AMOUNT_AUTHORISED_9F02))
            .with(currency.in_tag(tag::TRANSACTION_CURRENCY_CODE_5F2A))
    }
}

fn next(rule: CvmRule, step: Step) -> Next {
    let failed = match step {
        Step::Skipped(_) => return Next::Rule,
        Step::Performed { result, .. } => result == CvmResult::Failed,
        Step::Unusable(_) | Step::Stopped(_) => true,
    };
    match rule.method() {
        _ if !failed => Next::Success,
        // Fail CVM processing means what it says, whatever the rule says about going on.
        CvmMethod::Fail => Next::Failure,
        _ if rule.continue_on_failure() => Next::Rule,
        _ => Next::Failure,
    }
}
