//! Cardholder verification (`EMV 4.4 Book 3, 10.5`; Book 4, 6.3.4).

mod enciphered_pin;
mod offline_pin;
mod online_pin;
pub mod rules;
mod story;

use alloc::vec::Vec;

use apdu::{
    Bit, Card, tag,
    value::{
        Aip, CvmList, CvmResult, CvmResults, CvmRule, Tsi, Tvr, aip::CARDHOLDER_VERIFICATION, cvm, pan::Pan, tsi, tvr,
    },
};

use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    oda::IccKey,
    pin::OnlinePinBlock,
    point_of_sale::PointOfSale,
    session::{Session, Stop},
    store::CardData,
};

use enciphered_pin::PinKeys;
use rules::{Circumstances, Performable, Unusable};

pub use story::{CvmStory, Step, Visit};

/// What cardholder verification came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// CVM results (`9F34`).
    pub results: CvmResults,
    /// The bits it set.
    pub tvr: Tvr,
    /// The bits it set.
    pub tsi: Tsi,
    /// The PIN for the issuer, when one was entered.
    pub online_pin: Option<OnlinePinBlock>,
    /// The cardholder has to sign.
    pub signature: bool,
}

impl Verification {
    /// Verification that did not take place.
    fn not_performed(tvr: Tvr) -> Self {
        Self { results: CvmResults::NOT_PERFORMED, tvr, tsi: Tsi::ZERO, online_pin: None, signature: false }
    }

    /// A list gone through, before any method was performed.
    fn begun() -> Self {
        let tsi = Tsi::ZERO.with(tsi::CV_PERFORMED);
        Self { results: CvmResults::NO_CVM_PERFORMED, tsi, ..Self::not_performed(Tvr::ZERO) }
    }
}

/// Follows the card's CVM list until a method succeeds or the list says to stop.
///
/// `pin_key` recovers the card's key for enciphered PINs when a rule first needs it; of its findings the last one sums
/// up why there is none. `story` gains every rule visited, also when the transaction ends here.
///
/// # Errors
/// [`Stop`] when the list is cut, PIN entry was cancelled or timed out, the card gave VERIFY an answer that is not its
/// business to give, or none at all.
pub async fn verify_cardholder<C: Card, P: PointOfSale, K>(
    session: &mut Session<'_, C, P>,
    card: &CardData,
    aip: Aip,
    pin_key: K,
    story: &mut CvmStory,
) -> Result<Verification, Stop>
where
    K: FnOnce() -> Result<IccKey, Vec<Finding>>,
{
    if !aip.has(CARDHOLDER_VERIFICATION) {
        return Ok(Verification::not_performed(Tvr::ZERO));
    }
    let list = match card.value(tag::CVM_LIST_8E).map(CvmList::parse) {
        Some(Ok(list)) if !list.is_empty() => list,
        Some(Err(error)) => return Err(session.stop(list_format(card, error))),
        _ => {
            session.report(list_empty(card));
            return Ok(Verification::not_performed(Tvr::ZERO.with(tvr::ICC_DATA_MISSING)));
        }
    };
    story.amounts = Some((list.x, list.y));
    let circumstances = Circumstances::new(session.terminal, session.transaction, card, list.x, list.y);
    let verification = Verification::begun();
    let keys = PinKeys::new(pin_key);
    let mut walk = Walk { session, card, circumstances, keys, verification, pin_bypassed: false };
    walk.follow(list, story).await?;
    Ok(walk.verification)
}

/// How a method ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// It was performed to its end.
    Done(CvmResult),
    /// It failed.
    Failed {
        /// The reason of the finding that says why, already reported.
        because: Reason,
        /// The TVR bit it sets.
        sets: Option<Bit>,
    },
}

impl Ended {
    /// Reports why a method failed.
    fn failed<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, finding: Finding) -> Self {
        let (because, sets) = (finding.reason, finding.tvr);
        session.report(finding);
        Self::Failed { because, sets }
    }
}

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
struct Walk<'w, 's, C, P, K> {
    session: &'w mut Session<'s, C, P>,
    card: &'w CardData,
    circumstances: Circumstances,
    keys: PinKeys<K>,
    verification: Verification,
    pin_bypassed: bool,
}

impl<C: Card, P: PointOfSale, K: FnOnce() -> Result<IccKey, Vec<Finding>>> Walk<'_, '_, C, P, K> {
    async fn follow(&mut self, list: CvmList<'_>, story: &mut CvmStory) -> Result<(), Stop> {
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
            Performable::NoCvm => Ok(Ended::Done(CvmResult::Successful)),
            Performable::Signature => Ok(self.signature()),
            Performable::OnlinePin | Performable::OfflinePin { .. } if self.counts_as_bypassed() => {
                Ok(Ended::Failed { because: Reason::CvmBypass, sets: None })
            }
            Performable::OnlinePin => self.online_pin().await,
            Performable::OfflinePin { enciphered, signature } => {
                let keys = enciphered.then_some(&mut self.keys);
                let ended = offline_pin::offline_pin(self.session, keys).await?;
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
            Unusable::Unsupported(missing) => {
                Finding::new(Reason::CvmUnsupported).with(Evidence::missing(Fact::TerminalMethods, missing.id())).with(
                    Evidence::found(Fact::TerminalMethods, self.circumstances.capabilities.0)
                        .in_tag(tag::TERMINAL_CAPABILITIES_9F33),
                )
            }
        };
        finding.tvr = rules::unusable_bit(rule.method(), unusable, &self.circumstances);
        finding.tvr.into_iter().for_each(|bit| self.verification.tvr.set(bit));
        finding.evidence.insert(0, self.rule_evidence(index, rule));
        self.session.report(finding);
        Step::Unusable(unusable)
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
        cvm::CvmMethod::Fail => Next::Failure,
        _ if rule.continue_on_failure() => Next::Rule,
        _ => Next::Failure,
    }
}

fn list_format(card: &CardData, error: cvm::Error) -> Finding {
    let value = card.value(tag::CVM_LIST_8E).unwrap_or(&[]);
    let wanted = match error {
        cvm::Error::AmountsCut(_) => 8,
        _ => value.len().saturating_add(1),
    };
    let place = card.place(tag::CVM_LIST_8E);
    Finding::new(Reason::CvmListFormat)
        .with(Evidence::compared(Fact::Length, wanted, value.len()).at(place))
        .with(Evidence::found(Fact::DataObject, value).at(place))
}

/// No list, or one that holds the two amounts only.
fn list_empty(card: &CardData) -> Finding {
    let evidence = match card.value(tag::CVM_LIST_8E) {
        None => Evidence::missing(Fact::DataObject, tag::CVM_LIST_8E),
        Some(value) => Evidence::compared(Fact::Length, 10_u8, value.len()).at(card.place(tag::CVM_LIST_8E)),
    };
    Finding::new(Reason::CvmListEmpty).sets(tvr::ICC_DATA_MISSING).with(evidence)
}

/// A PIN was skipped: that fails the method where it is allowed, and ends the transaction where it is not.
fn pin_bypassed<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) -> Result<Ended, Stop> {
    if !session.terminal.pin.bypass_allowed {
        return Err(session.stop(Finding::new(Reason::PinBypassed)));
    }
    Ok(Ended::failed(session, Finding::new(Reason::CvmBypass).sets(tvr::PIN_NOT_ENTERED)))
}

fn pin_pad_failed<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) -> Ended {
    Ended::failed(session, Finding::new(Reason::CvmPinpad).sets(tvr::PIN_PAD_FAILED))
}

fn cancelled<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, evidence: Option<Evidence>) -> Stop {
    stopped(session, Reason::PinCancelled, evidence)
}

fn timed_out<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, evidence: Option<Evidence>) -> Stop {
    stopped(session, Reason::PinTimeout, evidence)
}

fn stopped<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    reason: Reason,
    evidence: Option<Evidence>,
) -> Stop {
    let mut finding = Finding::new(reason);
    finding.evidence.extend(evidence);
    session.stop(finding)
}

#[cfg(test)]
mod tests;
