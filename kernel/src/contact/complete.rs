//! Completion (`EMV 4.4 Book 3, 10.11`; Book 4, 6.3.10 and 6.5).

pub(crate) mod card_results;

use apdu::{
    Card, tag,
    value::cid::{Cid, CryptogramType, ReasonCode},
};

use super::{
    generate_ac::{Answered, Request},
    go_online::Online,
};
use crate::{
    consistency,
    finding::{Category, Evidence, Fact, Finding, Phase, Place, Reason, Severity},
    outcome::{Decider, Decision, Outcome},
    point_of_sale::{Message, PointOfSale},
    session::{Session, Stop},
};

impl Outcome {
    /// Approved. What the issuer or the attendant approved stands; a request that got no answer is still to be reversed.
    pub(super) fn approved(&mut self, by: Decider) {
        (self.decision, self.decided_by) = (Decision::Approved, by);
        self.reversal &= by == Decider::Card;
    }

    pub(super) fn declined(&mut self, by: Decider) {
        (self.decision, self.decided_by) = (Decision::Declined, by);
        self.signature_required = false;
    }

    /// Declined without asking the issuer, whatever the card had been asked for before.
    pub(super) fn declined_offline(&mut self, by: Decider) {
        self.respond(*b"Z1");
        self.declined(by);
    }

    /// What the final cryptogram makes of the transaction (`EMV 4.4 Book 3, 10.11`).
    pub(super) fn finally<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        online: &Online,
        request: Request,
        second: Option<Answered>,
    ) {
        session.enter(Phase::SecondGenerateAc);
        let approved = second.as_ref().is_some_and(|ac| ac.decision == CryptogramType::Tc && !ac.signature_failed);
        let signature_failed = second.as_ref().is_some_and(|ac| ac.signature_failed);
        match (online, approved) {
            (Online::Approved(_), true) => self.approved(Decider::Issuer),
            (Online::Referred { .. }, true) => self.approved(Decider::Attendant),
            (_, true) => self.approved(Decider::Card),
            (Online::Declined(_), false) => self.declined(Decider::Issuer),
            (Online::Referred { approved: false, .. }, false) => self.declined(Decider::Attendant),
            (_, false) if signature_failed || request.cryptogram == CryptogramType::Aac => {
                self.declined(Decider::Terminal);
            }
            (_, false) => {
                session.report(card_refused(online, second.as_ref().map(|ac| ac.cid)));
                self.ask_the_card_why(session, second.is_some());
                self.declined(Decider::Card);
            }
        }
        if self.decision == Decision::Declined && online.answer().is_none() {
            self.respond(*b"Z3");
        }
    }

    /// What the card's own verification results say about its decline. What was found already gets one proof more.
    fn ask_the_card_why<C: Card, P: PointOfSale>(&self, session: &mut Session<'_, C, P>, answered: bool) {
        let declined = self.cryptograms.last().filter(|_| answered);
        let told = declined.map(|declined| card_results::reasons(declined, &self.aid)).unwrap_or_default();
        told.into_iter().for_each(|finding| session.report_or_confirm(finding));
    }
}

/// The card's own decline after it was asked to approve.
fn card_refused(online: &Online, cid: Option<Cid>) -> Finding {
    let reason = match online {
        Online::Approved(_) | Online::Referred { .. } => Reason::CardRefusedAfterOnline,
        _ => Reason::CardDeclinedFirstGac,
    };
    let evidence = cid.map(|cid| Evidence::found(Fact::CryptogramGiven, [cid.0]));
    let finding = Finding::new(reason).severity(Severity::Decline);
    evidence
        .into_iter()
        .fold(finding, |finding, evidence| finding.with(evidence.in_tag(tag::CRYPTOGRAM_INFORMATION_DATA_9F27)))
}

/// Ends a transaction that came to a decision.
pub fn finish<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &mut Outcome) {
    let only = out.cryptograms.first().filter(|_| out.cryptograms.len() == 1);
    let aac = only.map(|only| only.cid).filter(|cid| cid.cryptogram_type() == CryptogramType::Aac);
    if out.decided_by == Decider::Card && aac.is_some() {
        session.report(card_refused(&Online::OfflineOnly, aac));
        out.ask_the_card_why(session, true);
    }
    conclude(session, out);
    session.point_of_sale.show(match (out.decision, out.cryptograms.last().map(|last| last.cid.reason())) {
        (Decision::Approved, _) => Message::Approved,
        (_, Some(ReasonCode::ServiceNotAllowed)) => Message::NotAccepted,
        _ => Message::Declined,
    });
}

/// Ends a transaction that could not go on. What the terminal had told the card it would decide is void then; what the
/// issuer decided is not.
pub fn stopped<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &mut Outcome, stop: Stop) {
    out.decision = Decision::NotCompleted;
    out.signature_required = false;
    out.response_code = out.response_code.filter(|_| out.online);
    out.decided_by = who_stopped(stop.reason);
    conclude(session, out);
    session.point_of_sale.show(match out.decided_by {
        Decider::Cardholder | Decider::Terminal => Message::NotAccepted,
        _ => Message::CardError,
    });
}

pub(crate) fn who_stopped(reason: Reason) -> Decider {
    match reason {
        Reason::PinCancelled | Reason::PinTimeout | Reason::SelCardholderRefused => Decider::Cardholder,
        Reason::SelCardBlocked | Reason::SelAppBlocked | Reason::GpoNotAllowed => Decider::Card,
        Reason::PinBypassed => Decider::Terminal,
        _ => match reason.entry().categories.first() {
            Some(Category::Reader | Category::Operator) => Decider::Nobody,
            _ => Decider::Terminal,
        },
    }
}

fn conclude<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &mut Outcome) {
    session.enter(Phase::Completion);
    session.report_all(consistency::at_the_end(out, session.log()));
    if out.reversal {
        session.report(Finding::new(Reason::NetReversalPending).severity(Severity::Info));
    }
    out.terminal.put(tag::TVR_95, &out.tvr.0, Place::default());
    out.terminal.put(tag::TSI_9B, &out.tsi.0, Place::default());
}
