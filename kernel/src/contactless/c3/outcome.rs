//! The outcomes with their parameters (`EMV Contactless Book C-3, 5.8 and 5.9`).

use alloc::vec::Vec;

use apdu::{
    Card, Tag, tag,
    tag::k3::{
        AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D, CUSTOMER_EXCLUSIVE_DATA_9F7C, FORM_FACTOR_INDICATOR_9F6E, TTQ_9F66,
    },
    value::{Amount, ctq, ttq},
};

use super::Flow;
use crate::{
    contactless::{
        ctq::qualifiers,
        kernel::{self, Exit},
        outcome::{
            AlternateInterface, Cvm, L1, L2, MessageId, OnlineResponseData, OutcomeKind, Start, Status, TapOutcome,
            ValueQualifier,
        },
    },
    finding::{Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
};

/// End Application, with the finding that says why (4.2.1.1).
pub(super) fn end<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, finding: Finding, error: L2) -> Exit {
    session.report(finding.fatal());
    let mut outcome =
        TapOutcome::new(OutcomeKind::EndApplication).shows(MessageId::TryAnotherCard, Status::ProcessingError);
    (outcome.error.l2, outcome.error.message) = (error, MessageId::TryAnotherCard);
    outcome.into()
}

/// Try Again, after an error of transmission (4.1.1.2).
pub(super) fn try_again(error: L1) -> TapOutcome {
    let mut outcome = TapOutcome::new(OutcomeKind::TryAgain).start(Start::B);
    outcome.error.l1 = error;
    outcome
}

/// Try Another Interface.
pub(super) fn try_another_interface(message: MessageId, interface: AlternateInterface) -> TapOutcome {
    let mut outcome = TapOutcome::new(OutcomeKind::TryAnotherInterface).shows(message, Status::ProcessingError);
    outcome.alternate_interface = interface;
    outcome
}

/// The outcome of everything that came before (5.8).
pub(super) fn decide<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    flow: &Flow<'_>,
    cvm: Cvm,
) -> TapOutcome {
    let offline_only = flow.reader.has(ttq::OFFLINE_ONLY);
    let mut outcome = if flow.decline_required {
        declined()
    } else if flow.online_required && offline_only {
        session.report(online_required(flow));
        declined()
    } else if flow.online_required {
        online_request(out, flow, cvm)
    } else {
        approved(cvm)
    };
    outcome.data_record = Some(data_record(out));
    if outcome.outcome != OutcomeKind::Declined && flow.combination.options.show_balance {
        show_balance(out, &mut outcome);
    }
    outcome
}

/// Online Request, and whether the card takes what its issuer sends when it is presented again.
fn online_request(out: &Outcome, flow: &Flow<'_>, cvm: Cvm) -> TapOutcome {
    let outcome = TapOutcome {
        cvm,
        ..TapOutcome::new(OutcomeKind::OnlineRequest).shows(MessageId::Authorising, Status::NotReady)
    };
    let wishes = qualifiers(&out.card).unwrap_or_default();
    if !flow.reader.has(ttq::ISSUER_UPDATE) || !wishes.has(ctq::ISSUER_UPDATE) {
        return outcome;
    }
    TapOutcome {
        online_response_data: OnlineResponseData::EmvData,
        field_off: Some(0),
        ..outcome.start(Start::B).shows_on_restart(MessageId::PresentCardAgain, Status::ReadyToRead)
    }
}

fn approved(cvm: Cvm) -> TapOutcome {
    TapOutcome { cvm, ..TapOutcome::new(OutcomeKind::Approved).shows(MessageId::Approved, Status::NotReady) }
}

fn declined() -> TapOutcome {
    TapOutcome {
        cvm: Cvm::NoCvm,
        ..TapOutcome::new(OutcomeKind::Declined).shows(MessageId::NotAuthorised, Status::NotReady)
    }
}

/// A reader that never goes online cannot ask the issuer.
fn online_required(flow: &Flow<'_>) -> Finding {
    let reader = Evidence::found(Fact::TerminalMethods, flow.reader.0).in_tag(TTQ_9F66);
    Finding::new(Reason::C3OnlineRequiredOfflineReader).severity(Severity::Decline).with(reader)
}

/// What the authorisation or clearing message is made of (`EMV Contactless Book C-3, Annex B`).
const RECORD: [Tag; 16] = [
    tag::AMOUNT_AUTHORISED_9F02,
    tag::AMOUNT_OTHER_9F03,
    tag::APPLICATION_CRYPTOGRAM_9F26,
    tag::AIP_82,
    tag::ATC_9F36,
    tag::PAN_SEQUENCE_NUMBER_5F34,
    CUSTOMER_EXCLUSIVE_DATA_9F7C,
    FORM_FACTOR_INDICATOR_9F6E,
    tag::ISSUER_APPLICATION_DATA_9F10,
    tag::TERMINAL_COUNTRY_CODE_9F1A,
    tag::TVR_95,
    tag::TRACK_2_EQUIVALENT_DATA_57,
    tag::TRANSACTION_CURRENCY_CODE_5F2A,
    tag::TRANSACTION_DATE_9A,
    tag::TRANSACTION_TYPE_9C,
    tag::UNPREDICTABLE_NUMBER_9F37,
];

fn data_record(out: &Outcome) -> Vec<(Tag, Vec<u8>)> {
    let mut record = kernel::record(&out.card, &out.terminal, &RECORD);
    // How the card was read is the reader's to say: through the air.
    let form = record.iter_mut().find(|(tag, _)| *tag == FORM_FACTOR_INDICATOR_9F6E);
    if let Some(technology) = form.and_then(|(_, value)| value.get_mut(3)) {
        *technology &= 0xF0;
    }
    record
}

/// The available offline spending amount, for the cardholder and for the terminal.
fn show_balance(out: &Outcome, outcome: &mut TapOutcome) {
    let Some(value) = out.card.array(AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D) else { return };
    let Ok(balance) = Amount::from_numeric(value) else { return };
    if let Some(request) = &mut outcome.ui_on_outcome {
        request.qualifier = ValueQualifier::Balance;
        request.value = balance.minor_units();
        request.currency = out.terminal.array(tag::TRANSACTION_CURRENCY_CODE_5F2A).unwrap_or_default();
    }
    outcome.discretionary_data = Some(Vec::from([(AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D, value.to_vec())]));
}
