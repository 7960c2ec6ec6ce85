//! Outcomes with their parameters (`EMV Contactless Book C-7, 3.2.5, 4.1.4 and Annex C`).

use apdu::{
    Card, Tag,
    tag::{self, k7},
    value::ttq,
};

use super::{
    Course, electronic_cash,
    initiate::{Reader, place_of_decision},
};
use crate::{
    contact::complete::card_results,
    contactless::{
        kernel::{self, Exit},
        outcome::{
            AlternateInterface, Cvm, L1, MessageId, OutcomeKind, Start, Status, TapOutcome, UserInterfaceRequest,
            ValueQualifier,
        },
        vouch::vouched,
    },
    finding::{Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
};

/// For how many units of 100 ms the field goes off, and a message stays, before the card is wanted again.
const PAUSE: u8 = 13;

/// After an error of transmission the card is wanted again, in English whatever the card prefers.
pub fn try_again(_: L1) -> TapOutcome {
    let mut outcome = again(MessageId::PresentCardAgain);
    if let Some(request) = &mut outcome.ui_on_outcome {
        request.language = Some(*b"en\0\0\0\0\0\0");
    }
    outcome
}

/// The cardholder is asked to look at the phone.
pub fn see_phone() -> TapOutcome {
    again(MessageId::SeePhone)
}

fn again(message: MessageId) -> TapOutcome {
    let outcome = TapOutcome::new(OutcomeKind::TryAgain).start(Start::B);
    let outcome = outcome.shows(message, Status::ProcessingError).shows_on_restart(message, Status::ReadyToRead);
    TapOutcome { field_off: Some(PAUSE), ..outcome }
}

/// The next application of the card.
pub fn select_next() -> TapOutcome {
    TapOutcome::new(OutcomeKind::SelectNext).start(Start::C)
}

/// To the contacts, or else the stripe, where the reader has one of them.
pub fn other_interface(reader: &Reader) -> TapOutcome {
    let alternate_interface = if reader.ttq.has(ttq::CONTACT_CHIP) {
        AlternateInterface::ContactChip
    } else if reader.stripe {
        AlternateInterface::MagneticStripe
    } else {
        return TapOutcome::new(OutcomeKind::EndApplication);
    };
    let outcome = TapOutcome::new(OutcomeKind::TryAnotherInterface);
    TapOutcome { alternate_interface, ..outcome.shows(MessageId::InsertOrSwipe, Status::ReadyToRead) }
}

/// Ends without a decision, and without a message: `finding` says why.
pub fn ended<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, finding: Finding) -> Exit {
    session.report(finding.fatal());
    TapOutcome::new(OutcomeKind::EndApplication).into()
}

/// Declines: `finding` says why. There is no data record.
pub fn declined<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, finding: Finding) -> Exit {
    session.report(finding.severity(Severity::Decline));
    let outcome = TapOutcome::new(OutcomeKind::Declined);
    outcome.shows(MessageId::NotAuthorised, Status::CardReadSuccessfully).into()
}

/// The card gave an AAC: it has declined, and may say why in its verification results.
pub fn declined_by_card<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Exit {
    card_read(session);
    let finding = Finding::new(Reason::CardDeclinedFirstGac);
    let place = place_of_decision(&out.card);
    let cid = out.cryptograms.last().map(|last| Evidence::found(Fact::CryptogramGiven, [last.cid.0]).at(place));
    let exit = declined(session, vouched(cid.into_iter().fold(finding, Finding::with), out));
    let told = out.cryptograms.last().map(|last| card_results::reasons(last, &out.aid)).unwrap_or_default();
    told.into_iter().for_each(|finding| session.report_or_confirm(finding));
    exit
}

/// The last command has been answered: the card may go.
pub fn card_read<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) {
    let request = UserInterfaceRequest::new(MessageId::CardReadOk, Status::CardReadSuccessfully);
    session.point_of_sale.user_interface(&request);
}

/// The end of the chart: approved offline, or to the issuer if the reader gets there.
///
/// # Errors
/// [`Exit`] with a decline where it does not.
pub fn complete<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    reader: &Reader,
    course: Course,
    cvm: Cvm,
) -> Result<TapOutcome, Exit> {
    match course {
        Course::Offline => Ok(approved(session, out, cvm)),
        Course::Online if reader.ttq.has(ttq::OFFLINE_ONLY) => {
            let evidence = Evidence::found(Fact::TerminalMethods, reader.ttq.0).in_tag(k7::TTQ_9F66);
            Err(declined(session, Finding::new(Reason::C3OnlineRequiredOfflineReader).with(evidence)))
        }
        Course::Online => Ok(online_request(out, cvm)),
    }
}

fn approved<C: Card, P: PointOfSale>(session: &Session<'_, C, P>, out: &Outcome, cvm: Cvm) -> TapOutcome {
    let mut request = UserInterfaceRequest::new(MessageId::Approved, Status::CardReadSuccessfully);
    if let Some(balance) = electronic_cash::available(&out.card) {
        request.qualifier = ValueQualifier::Balance;
        (request.value, request.currency) = (balance, session.terminal.currency);
    }
    TapOutcome {
        cvm,
        ui_on_outcome: Some(request),
        data_record: Some(kernel::record(&out.card, &out.terminal, &DATA_RECORD)),
        receipt: true,
        ..TapOutcome::new(OutcomeKind::Approved)
    }
}

/// The card is not wanted again, whatever the issuer sends: scripts wait for the contacts.
fn online_request(out: &Outcome, cvm: Cvm) -> TapOutcome {
    let mut record = kernel::record(&out.card, &out.terminal, &DATA_RECORD);
    record.extend(kernel::record(&out.card, &out.terminal, &[tag::TRACK_2_EQUIVALENT_DATA_57]));
    let outcome = TapOutcome { cvm, data_record: Some(record), ..TapOutcome::new(OutcomeKind::OnlineRequest) };
    outcome.shows(MessageId::Authorising, Status::CardReadSuccessfully)
}

/// The data record (`EMV Contactless Book C-7, Annex C`); track 2 comes to it for the issuer.
const DATA_RECORD: [Tag; 23] = [
    tag::AMOUNT_AUTHORISED_9F02,
    tag::AMOUNT_OTHER_9F03,
    tag::APPLICATION_CRYPTOGRAM_9F26,
    tag::AIP_82,
    tag::PAN_5A,
    tag::PAN_SEQUENCE_NUMBER_5F34,
    tag::ATC_9F36,
    tag::CRYPTOGRAM_INFORMATION_DATA_9F27,
    tag::ISSUER_APPLICATION_DATA_9F10,
    tag::TERMINAL_CAPABILITIES_9F33,
    tag::TERMINAL_COUNTRY_CODE_9F1A,
    tag::TVR_95,
    tag::TRANSACTION_CURRENCY_CODE_5F2A,
    tag::TRANSACTION_DATE_9A,
    tag::TRANSACTION_TYPE_9C,
    tag::UNPREDICTABLE_NUMBER_9F37,
    tag::PAYMENT_ACCOUNT_REFERENCE_9F24,
    k7::CARD_PRODUCT_IDENTIFICATION_9F63,
    tag::TRACK_1_DISCRETIONARY_DATA_9F1F,
    k7::CUSTOMER_EXCLUSIVE_DATA_9F7C,
    tag::ASRPD_9F0A,
    tag::LAST_4_DIGITS_OF_PAN_9F25,
    tag::TOKEN_REQUESTOR_ID_9F19,
];
