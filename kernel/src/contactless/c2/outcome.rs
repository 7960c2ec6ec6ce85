//! The ways out of the kernel (`EMV Contactless Book C-2, 6`): its exits, the outcome of a valid cryptogram, data record
//! and discretionary data.

mod data_record;

use apdu::{
    Card, StatusWord, tag,
    tag::k2,
    value::{CryptogramType, bcd, terminal_capabilities::IC_WITH_CONTACTS},
};

use super::{configuration::TerminalStore, mode::Mode};
use crate::{
    contactless::{
        kernel::Exit,
        outcome::{
            AlternateInterface, Cvm, L1, L2, L3, MessageId, OutcomeKind, Start, Status, TapOutcome,
            UserInterfaceRequest, ValueQualifier,
        },
    },
    finding::{Finding, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::{Reply, Session},
};

pub(super) use data_record::data_record;
use data_record::discretionary_data;

/// What the kernel stops for: the finding that says why, and what the error indication says.
#[derive(Debug)]
pub(super) struct Failure {
    finding: Finding,
    l2: L2,
    status: Option<StatusWord>,
}

impl Failure {
    pub fn new(finding: Finding, l2: L2) -> Self {
        Self { finding, l2, status: None }
    }

    /// A status word that ends the kernel.
    pub fn status(reason: Reason, reply: &Reply) -> Self {
        let finding = Finding::new(reason).with(reply.evidence());
        Self { finding, l2: L2::StatusBytes, status: Some(reply.status()) }
    }

    #[cfg(test)]
    pub fn reason(&self) -> Reason {
        self.finding.reason
    }

    /// Leaves by `exit`.
    pub fn leave<C: Card, P: PointOfSale>(self, session: &mut Session<'_, C, P>, exit: TapOutcome) -> Exit {
        // An application that is only passed over has not ended anything.
        let severity = if exit.outcome == OutcomeKind::SelectNext { Severity::Degraded } else { Severity::Fatal };
        session.report(self.finding.severity(severity));
        let mut outcome = exit;
        (outcome.error.l2, outcome.error.status) = (self.l2, self.status);
        outcome.into()
    }
}

/// X1: the next candidate.
pub(super) fn x1() -> TapOutcome {
    TapOutcome::new(OutcomeKind::SelectNext).start(Start::C)
}

/// X2: the application ends, with a message.
pub(super) fn x2() -> TapOutcome {
    let mut outcome = TapOutcome::new(OutcomeKind::EndApplication).shows(MessageId::TryAnotherCard, Status::NotReady);
    outcome.error.message = MessageId::TryAnotherCard;
    outcome
}

/// X3: the application ends, and nothing is shown.
pub(super) fn x3(error: L3) -> TapOutcome {
    let mut outcome = TapOutcome::new(OutcomeKind::EndApplication);
    outcome.error.l3 = error;
    outcome
}

/// X4: an error of transmission; the card is to be presented again.
pub(super) fn x4(error: L1) -> TapOutcome {
    let outcome = TapOutcome::new(OutcomeKind::EndApplication).start(Start::B);
    let mut outcome = outcome.shows_on_restart(MessageId::PresentCardAgain, Status::ReadyToRead);
    outcome.ui_on_restart = outcome.ui_on_restart.map(|request| UserInterfaceRequest { hold_time: 0, ..request });
    (outcome.error.l1, outcome.error.message) = (error, MessageId::PresentCardAgain);
    outcome
}

/// X5: an invalid answer to GENERATE AC; what was written to the card may have to be told.
pub(super) fn x5(out: &Outcome, written: bool) -> TapOutcome {
    TapOutcome { data_record: written.then(|| data_record(out, Mode::Emv)), ..x2() }
}

/// An error of transmission at GET PROCESSING OPTIONS: nothing has happened yet.
pub(super) fn try_again(error: L1) -> TapOutcome {
    let mut outcome = TapOutcome::new(OutcomeKind::TryAgain).start(Start::B);
    outcome.error.l1 = error;
    outcome
}

/// Everything that the kernel gives to every outcome: hold times and language of its messages, how long the field goes
/// off before a new tap, and the discretionary data.
pub(super) fn complete(out: &mut Outcome, mut outcome: TapOutcome) -> TapOutcome {
    let language = language(out);
    let shown = [&mut outcome.ui_on_outcome, &mut outcome.ui_on_restart];
    shown.into_iter().flatten().for_each(|request| request.language = language);
    if outcome.start == Start::B && detects_field_off(out) {
        outcome.field_off = Some(out.terminal.byte(k2::HOLD_TIME_DF8130));
    }
    out.terminal.set(k2::ERROR_INDICATION_DF8115, &outcome.error.to_bytes());
    outcome.discretionary_data = Some(discretionary_data(out, Mode::of(out)));
    outcome
}

/// Shows something at once.
pub(super) fn show<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    request: UserInterfaceRequest,
) {
    session.point_of_sale.user_interface(&UserInterfaceRequest { language: language(out), ..request });
}

/// Language preference (`5F2D`), filled with zeros.
fn language(out: &Outcome) -> Option<[u8; 8]> {
    let value = out.card.value(tag::LANGUAGE_PREFERENCE_5F2D)?;
    let mut language = [0; 8];
    language.iter_mut().zip(value).for_each(|(place, letter)| *place = *letter);
    Some(language)
}

fn detects_field_off(out: &Outcome) -> bool {
    let capabilities: apdu::Bits<3> =
        out.card.array(k2::APPLICATION_CAPABILITIES_INFORMATION_9F5D).map(apdu::Bits).unwrap_or_default();
    capabilities.has(super::capabilities::FIELD_OFF_DETECTION)
}

/// Message hold time (`DF812D`), units of 100 ms.
pub(super) fn hold_time(out: &Outcome) -> u8 {
    u8::try_from(out.terminal.amount(k2::MESSAGE_HOLD_TIME_DF812D)).unwrap_or(u8::MAX)
}

/// A message, held as long as configured.
pub(super) fn message(out: &Outcome, message: MessageId, status: Status) -> UserInterfaceRequest {
    UserInterfaceRequest { hold_time: hold_time(out), ..UserInterfaceRequest::new(message, status) }
}

/// The same, for as long as nothing else comes.
pub(super) fn at_once(request: UserInterfaceRequest) -> UserInterfaceRequest {
    UserInterfaceRequest { hold_time: 0, ..request }
}

/// What the terminal is to do about the cardholder, as the kernel decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verified {
    pub cvm: Cvm,
    pub receipt: bool,
}

/// The outcome of a valid answer (`S910`): a second tap, or what the cryptogram says.
pub(super) fn valid(out: &mut Outcome, decision: CryptogramType, verified: Verified) -> TapOutcome {
    let mut outcome = match decision {
        CryptogramType::Tc => approved(out, verified),
        CryptogramType::Arqc => {
            let mut outcome = TapOutcome::new(OutcomeKind::OnlineRequest);
            (outcome.cvm, outcome.receipt) = (verified.cvm, verified.receipt);
            with_message(
                outcome,
                UserInterfaceRequest { hold_time: 0, ..message(out, MessageId::Authorising, Status::NotReady) },
            )
        }
        CryptogramType::Aac | CryptogramType::Rfu => declined(out),
    };
    outcome.data_record = Some(data_record(out, Mode::Emv));
    outcome
}

fn with_message(mut outcome: TapOutcome, request: UserInterfaceRequest) -> TapOutcome {
    outcome.ui_on_outcome = Some(request);
    outcome
}

fn approved(out: &Outcome, verified: Verified) -> TapOutcome {
    let mut outcome = TapOutcome::new(OutcomeKind::Approved);
    (outcome.cvm, outcome.receipt) = (verified.cvm, verified.receipt);
    let signs = verified.cvm == Cvm::ObtainSignature;
    let id = if signs { MessageId::ApprovedPleaseSign } else { MessageId::Approved };
    with_message(outcome, with_balance(out, message(out, id, Status::NotReady)))
}

/// The balance the card told after the cryptogram, in its own currency.
fn with_balance(out: &Outcome, request: UserInterfaceRequest) -> UserInterfaceRequest {
    let balance = out.terminal.given(k2::BALANCE_AFTER_AC_DF8105).and_then(bcd::to_number);
    let currency = out.card.array(tag::APPLICATION_CURRENCY_CODE_9F42).unwrap_or_default();
    match balance {
        Some(value) => UserInterfaceRequest { qualifier: ValueQualifier::Balance, value, currency, ..request },
        None => request,
    }
}

/// The card declined: for good, or to have its contacts asked; of a transaction that is no sale, nothing more.
fn declined(out: &Outcome) -> TapOutcome {
    let sale = matches!(out.terminal.byte(tag::TRANSACTION_TYPE_9C), 0x00 | 0x01 | 0x09 | 0x17);
    let contacts = out.terminal.bits::<3>(tag::TERMINAL_CAPABILITIES_9F33).has(IC_WITH_CONTACTS);
    if !sale {
        let request = UserInterfaceRequest { hold_time: 0, ..message(out, MessageId::Clear, Status::NotReady) };
        return with_message(TapOutcome::new(OutcomeKind::EndApplication), request);
    }
    if !contacts || !is_card(out) {
        let request = message(out, MessageId::NotAuthorised, Status::NotReady);
        return with_message(TapOutcome::new(OutcomeKind::Declined), request);
    }
    let mut outcome = TapOutcome::new(OutcomeKind::TryAnotherInterface);
    outcome.alternate_interface = AlternateInterface::ContactChip;
    with_message(outcome, message(out, MessageId::InsertCard, Status::NotReady))
}

/// Whether third party data (`9F6E`) says that this is a card, or nothing to the contrary.
fn is_card(out: &Outcome) -> bool {
    match out.card.value(k2::THIRD_PARTY_DATA_9F6E) {
        Some([_, _, unique, _, first, second, ..]) if unique & 0x80 == 0 => [*first, *second] == *b"00",
        _ => true,
    }
}

/// The card, or the phone, wants to be tapped again (`DF4B`).
pub(super) fn wants_second_tap(out: &Outcome) -> bool {
    interaction(out).is_some_and(|bits| bits & 0x00_030F != 0)
}

fn interaction(out: &Outcome) -> Option<u32> {
    let [version, high, low] = out.card.array(k2::POS_CARDHOLDER_INTERACTION_DF4B)?;
    Some(u32::from_be_bytes([0, version, high, low]))
}

/// S-phone: the phone is looked at, then tapped again; nothing of this tap is kept for the next one.
pub(super) fn second_tap<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    mode: Mode,
) -> TapOutcome {
    let (id, status) = phone_message(out);
    let place = out.card.place(k2::POS_CARDHOLDER_INTERACTION_DF4B);
    let found = out.card.value(k2::POS_CARDHOLDER_INTERACTION_DF4B).unwrap_or(&[]);
    let evidence = crate::finding::Evidence::found(crate::finding::Fact::DataObject, found).at(place);
    session.report(Finding::new(Reason::KSecondTapNeeded).severity(Severity::Info).with(evidence));
    show(session, out, message(out, id, status));
    let outcome = TapOutcome::new(OutcomeKind::EndApplication).start(Start::B);
    let mut outcome = outcome.shows_on_restart(id, Status::ReadyToRead);
    outcome.ui_on_restart = outcome.ui_on_restart.map(|request| UserInterfaceRequest { hold_time: 0, ..request });
    outcome.data_record = Some(data_record(out, mode));
    outcome
}

/// The row of the phone message table (`DF8131`) that fits.
fn phone_message(out: &Outcome) -> (MessageId, Status) {
    let table = out.terminal.value(k2::PHONE_MESSAGE_TABLE_DF8131).unwrap_or(&[]);
    let bits = interaction(out).unwrap_or_default();
    let row = table.as_chunks::<8>().0.iter().find(|[m1, m2, m3, v1, v2, v3, ..]| {
        bits & u32::from_be_bytes([0, *m1, *m2, *m3]) == u32::from_be_bytes([0, *v1, *v2, *v3])
    });
    let (id, status) = row.map_or((0x20, 0x00), |[.., id, status]| (*id, *status));
    let id = MessageId::from_code(id).unwrap_or(MessageId::SeePhone);
    (id, Status::from_code(status).unwrap_or(Status::NotReady))
}
