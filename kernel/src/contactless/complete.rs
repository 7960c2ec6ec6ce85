//! What the terminal does with a final outcome (`EMV Contactless Book A, 6.3 and 8.1.1`).

use apdu::{Card, tag, value::pan::Pan};

use super::{
    kernel,
    outcome::{Cvm, MessageId, OnlineResponseData, OutcomeKind, Start, Status, TapOutcome, UserInterfaceRequest},
};
use crate::{
    consistency,
    contact::go_online::{self, Online},
    finding::{Evidence, Fact, Finding, Phase, Reason, Severity},
    outcome::{Decider, Decision, Outcome},
    pin::OnlinePinBlock,
    point_of_sale::{Answer, AuthorisationRequest, OnlinePinEntry, OnlinePinRequest, PointOfSale},
    session::{Session, Stop},
};

/// Entry Point is to begin again.
#[derive(Debug)]
pub struct Restart {
    /// Where.
    pub start: Start,
    /// What to show.
    pub ui: Option<UserInterfaceRequest>,
    /// What the issuer said.
    pub issuer: Option<Answer>,
}

/// Decides, asks the issuer where the outcome wants it, and says whether Entry Point begins again. `pin` is one that an
/// earlier outcome had entered.
///
/// # Errors
/// [`Stop`] when PIN entry ends the transaction.
pub async fn complete<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    outcome: TapOutcome,
    pin: &mut Option<OnlinePinBlock>,
) -> Result<Option<Restart>, Stop> {
    // A card is presented a second time for what its issuer said.
    let second = out.online;
    let wanted = outcome.start != Start::NotApplicable;
    let again = || Restart { start: outcome.start, ui: outcome.ui_on_restart, issuer: None };
    let restart = match outcome.outcome {
        OutcomeKind::Approved => {
            approved(out, &outcome, second);
            None
        }
        OutcomeKind::Declined => {
            out.decision = Decision::Declined;
            out.decided_by = who_declined(out);
            out.signature_required = false;
            // The issuer may have approved what the card now declines.
            out.reversal |= second;
            None
        }
        // Whatever else a second presentment ends with leaves the issuer's answer as it was.
        _ if second => None,
        OutcomeKind::OnlineRequest => {
            out.signature_required = outcome.cvm == Cvm::ObtainSignature;
            online_request(session, out, &outcome, pin.take()).await?
        }
        OutcomeKind::EndApplication if wanted => Some(again()),
        OutcomeKind::RequestOnlinePin if wanted => {
            *pin = Some(online_pin(session, out).await?);
            Some(again())
        }
        _ => {
            (out.decision, out.decided_by) = (Decision::NotCompleted, Decider::Terminal);
            None
        }
    };
    out.tap_mut().outcome = Some(outcome);
    Ok(restart)
}

/// A card approves; what its issuer has declined stays declined.
fn approved(out: &mut Outcome, outcome: &TapOutcome, second: bool) {
    if second && out.decision == Decision::Declined {
        return;
    }
    (out.decision, out.decided_by) = (Decision::Approved, Decider::Card);
    out.signature_required = outcome.cvm == Cvm::ObtainSignature || (second && out.signature_required);
}

fn who_declined(out: &Outcome) -> Decider {
    match out.cryptograms.last().map(|last| last.cid.cryptogram_type()) {
        Some(apdu::value::CryptogramType::Aac) => Decider::Card,
        _ => Decider::Terminal,
    }
}

async fn online_request<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    outcome: &TapOutcome,
    mut pin: Option<OnlinePinBlock>,
) -> Result<Option<Restart>, Stop> {
    session.enter(Phase::Online);
    if pin.is_none() && outcome.cvm == Cvm::OnlinePin {
        pin = Some(online_pin(session, out).await?);
    }
    let pan = pan(session, out)?;
    let sequence_number = out.card.array(tag::PAN_SEQUENCE_NUMBER_5F34).map(|[number]| number);
    // The card number goes by itself, and never among the chip data.
    let record = outcome.data_record.iter().flatten();
    let chip_data =
        record.filter(|(tag, _)| !names_the_card(*tag)).map(|(tag, value)| (*tag, value.as_slice())).collect();
    let request = AuthorisationRequest { chip_data, pan: &pan, sequence_number, pin: pin.as_ref() };
    let online = go_online::ask(session, &request).await;
    out.online = online.answer().is_some();
    out.response_code = online.answer().map(|answer| answer.response_code);
    (out.decision, out.decided_by) = match &online {
        Online::Approved(_) => (Decision::Approved, Decider::Issuer),
        Online::Referred { approved: true, .. } => (Decision::Approved, Decider::Attendant),
        Online::Referred { .. } => (Decision::Declined, Decider::Attendant),
        Online::Declined(_) => (Decision::Declined, Decider::Issuer),
        Online::Unable(unable) => {
            out.reversal = unable.may_have_reached_host();
            (Decision::Declined, Decider::Terminal)
        }
        Online::OfflineOnly => (Decision::Declined, Decider::Terminal),
    };
    out.signature_required &= out.decision == Decision::Approved;
    Ok(second_presentment(outcome, online.answer()))
}

/// Whether an object holds the card number.
fn names_the_card(tag: apdu::Tag) -> bool {
    matches!(tag, tag::PAN_5A | tag::TRACK_2_EQUIVALENT_DATA_57)
}

/// Whether the card is wanted again, for what its issuer sent (`EMV Contactless Book A, 8.1.1.22`).
fn second_presentment(outcome: &TapOutcome, answer: Option<&Answer>) -> Option<Restart> {
    let answer = match outcome.online_response_data {
        OnlineResponseData::EmvData => answer.filter(|answer| answer.has_emv_data()),
        OnlineResponseData::Any => answer,
        OnlineResponseData::NotApplicable => None,
    }?;
    let wanted = outcome.start != Start::NotApplicable;
    wanted.then(|| Restart { start: outcome.start, ui: outcome.ui_on_restart, issuer: Some(answer.clone()) })
}

/// The card number, without which nobody can be asked.
fn pan<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Result<Pan, Stop> {
    kernel::pan(&out.card).ok_or_else(|| {
        let missing = Evidence::missing(Fact::DataObject, tag::PAN_5A);
        session.stop(Finding::new(Reason::KMandatoryMissing).with(missing))
    })
}

async fn online_pin<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
) -> Result<OnlinePinBlock, Stop> {
    session.enter(Phase::Online);
    let pan = pan(session, out)?;
    let ready = UserInterfaceRequest::new(MessageId::EnterPin, Status::NotReady);
    session.point_of_sale.user_interface(&ready);
    let policy = session.terminal.pin;
    let request = OnlinePinRequest { pan: &pan, format: policy.online_format, bypass_allowed: false };
    let reason = match session.point_of_sale.enter_online_pin(&request).await {
        OnlinePinEntry::Entered(block) => return Ok(block),
        OnlinePinEntry::Bypassed => Reason::PinBypassed,
        OnlinePinEntry::Cancelled => Reason::PinCancelled,
        OnlinePinEntry::TimedOut => Reason::PinTimeout,
        OnlinePinEntry::PinPadBroken => Reason::CvmPinpad,
        OnlinePinEntry::KeyMissing => Reason::PinOnlineKeyMissing,
    };
    Err(session.stop(Finding::new(reason)))
}

/// Ends the transaction: says what is still owed, and shows what the issuer decided.
pub fn conclude<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &mut Outcome, ended: Result<(), Stop>) {
    session.enter(Phase::Completion);
    session.report_all(consistency::at_the_end(out, session.log()));
    if let Err(stop) = ended {
        (out.decision, out.decided_by) = (Decision::NotCompleted, crate::contact::complete::who_stopped(stop.reason));
        out.signature_required = false;
    }
    if ended.is_ok() && decided_by_issuer(out) {
        let message = match out.decision {
            Decision::Approved if out.signature_required => MessageId::ApprovedPleaseSign,
            Decision::Approved => MessageId::Approved,
            _ => MessageId::NotAuthorised,
        };
        session.point_of_sale.user_interface(&UserInterfaceRequest::new(message, Status::NotReady));
    }
    if out.reversal {
        session.report(Finding::new(Reason::NetReversalPending).severity(Severity::Info));
    }
}

/// Whether what the issuer said, or that it could not be asked, is still to be shown: a card presented a second time may
/// have said the last word.
fn decided_by_issuer(out: &Outcome) -> bool {
    let last = out.tap.as_ref().and_then(|tap| tap.outcome.as_ref());
    last.is_some_and(|last| match last.outcome {
        OutcomeKind::OnlineRequest => true,
        OutcomeKind::Approved | OutcomeKind::Declined => out.online && last.ui_on_outcome.is_none(),
        _ => out.online,
    })
}

#[cfg(test)]
mod tests {
    use alloc::{vec, vec::Vec};

    use super::*;
    use crate::{
        finding::Place,
        pin::BlockFormat,
        point_of_sale::{Authorisation, Unable},
        testing::{ScriptedCard, ScriptedPointOfSale, bytes, ready, terminal, transaction},
    };

    /// What a terminal makes of these outcomes, one after the other.
    struct Ended {
        out: Outcome,
        restarts: Vec<Option<Start>>,
        point_of_sale: ScriptedPointOfSale,
    }

    fn ended(outcomes: impl IntoIterator<Item = TapOutcome>, issuer: Vec<Authorisation>) -> Ended {
        let (terminal, transaction) = (terminal(), transaction());
        let mut card = ScriptedCard::default();
        let block = || OnlinePinBlock { format: BlockFormat::Format0, bytes: vec![0; 8] };
        let mut point_of_sale = ScriptedPointOfSale::typing_online([OnlinePinEntry::Entered(block())]);
        point_of_sale.authorisations = issuer.into();
        let mut session = Session::new(&mut card, &mut point_of_sale, &terminal, &transaction);
        let mut out = Outcome::default();
        out.card.put(tag::PAN_5A, &bytes("4761739001010010"), Place::default());
        let mut pin = None;
        let complete = |outcome| ready(complete(&mut session, &mut out, outcome, &mut pin));
        let restarts: Result<Vec<_>, Stop> = outcomes.into_iter().map(complete).collect();
        let restarts = restarts.unwrap().into_iter().map(|restart| restart.map(|restart| restart.start)).collect();
        conclude(&mut session, &mut out, Ok(()));
        out.log = session.into_log();
        Ended { out, restarts, point_of_sale }
    }

    fn answer(code: &[u8; 2]) -> Authorisation {
        Authorisation::Answered(Answer {
            response_code: *code,
            issuer_authentication_data: Some(vec![1; 8]),
            scripts: Vec::new(),
            authorisation_code: None,
        })
    }

    fn online_request() -> TapOutcome {
        let outcome = TapOutcome::new(OutcomeKind::OnlineRequest).start(Start::B);
        TapOutcome { online_response_data: OnlineResponseData::EmvData, ..outcome }
    }

    fn shown(ended: &Ended) -> Vec<MessageId> {
        ended.point_of_sale.requested.iter().map(|request| request.message).collect()
    }

    #[test]
    fn a_pin_that_an_outcome_asks_for_is_entered_once_and_goes_to_the_issuer() {
        let ask = TapOutcome::new(OutcomeKind::RequestOnlinePin).start(Start::B);
        let request = TapOutcome { cvm: Cvm::OnlinePin, ..TapOutcome::new(OutcomeKind::OnlineRequest) };
        let ended = ended([ask, request], vec![answer(b"00")]);
        assert_eq!(ended.restarts, [Some(Start::B), None]);
        assert_eq!(ended.point_of_sale.online_requests.len(), 1);
        assert_eq!((ended.out.decision, ended.out.decided_by), (Decision::Approved, Decider::Issuer));
    }

    #[test]
    fn a_card_that_declines_what_its_issuer_approved_has_the_approval_reversed() {
        let ended = ended([online_request(), TapOutcome::new(OutcomeKind::Declined)], vec![answer(b"00")]);
        assert_eq!(ended.restarts, [Some(Start::B), None]);
        assert_eq!(ended.out.decision, Decision::Declined);
        assert!(ended.out.reversal);
        assert_eq!(shown(&ended), [MessageId::NotAuthorised]);
    }

    #[test]
    fn a_card_does_not_overrule_the_decline_of_its_issuer() {
        let ended = ended([online_request(), TapOutcome::new(OutcomeKind::Approved)], vec![answer(b"51")]);
        assert_eq!((ended.out.decision, ended.out.decided_by), (Decision::Declined, Decider::Issuer));
        assert!(!ended.out.reversal);
    }

    #[test]
    fn whatever_else_a_second_presentment_ends_with_leaves_the_answer_of_the_issuer() {
        for last in [OutcomeKind::EndApplication, OutcomeKind::TryAnotherInterface, OutcomeKind::OnlineRequest] {
            let ended = ended([online_request(), TapOutcome::new(last).start(Start::B)], vec![answer(b"00")]);
            assert_eq!(ended.restarts, [Some(Start::B), None], "{last:?}");
            assert_eq!((ended.out.decision, ended.out.decided_by), (Decision::Approved, Decider::Issuer), "{last:?}");
        }
    }

    #[test]
    fn without_an_answer_it_is_declined_and_said_and_perhaps_reversed() {
        for (unable, reversal) in [(Unable::NoLink, false), (Unable::NoAnswer, true)] {
            let ended = ended([online_request()], vec![Authorisation::Unable(unable)]);
            assert_eq!((ended.out.decision, ended.out.decided_by), (Decision::Declined, Decider::Terminal));
            assert_eq!(ended.out.reversal, reversal, "{unable:?}");
            assert_eq!((ended.restarts.as_slice(), shown(&ended)), (&[None][..], vec![MessageId::NotAuthorised]));
        }
    }

    #[test]
    fn a_signature_is_for_what_is_approved() {
        let signed = |kind| TapOutcome { cvm: Cvm::ObtainSignature, ..TapOutcome::new(kind) };
        let approved = ended([signed(OutcomeKind::OnlineRequest)], vec![answer(b"00")]);
        assert!(approved.out.signature_required);
        assert_eq!(shown(&approved), [MessageId::ApprovedPleaseSign]);
        assert!(!ended([signed(OutcomeKind::OnlineRequest)], vec![answer(b"51")]).out.signature_required);
        assert!(!ended([signed(OutcomeKind::Declined)], Vec::new()).out.signature_required);
    }
}
