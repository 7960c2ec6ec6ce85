//! Processing restrictions (`EMV Contactless Book C-3, 5.5.1`).

use apdu::{
    Bit, Bits, Card, tag,
    value::{Auc, CryptogramType, Ctq, Date, Pan, auc, ctq, ttq},
};

use super::{Flow, outcome::try_another_interface};
use crate::{
    contactless::{
        ctq::{goes_online_if_expired, qualifiers},
        kernel::{self, Exit},
        outcome::{AlternateInterface, MessageId},
        vouch::vouched,
    },
    finding::{Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
    store::CardData,
    terminal::Terminal,
    transaction::{Transaction, TransactionKind},
};

/// Applies the restrictions.
///
/// # Errors
/// [`Exit`] where the card wants cash handed out through another interface.
pub(super) fn restrict<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    flow: &mut Flow<'_>,
) -> Result<(), Exit> {
    if flow.cryptogram == CryptogramType::Tc {
        expired(session, out, flow);
        on_exception_file(session, out, flow);
    }
    let (terminal, transaction) = (session.terminal, session.transaction);
    let checks = [
        (flow.combination.options.cash_check && transaction.kind.is_cash(), CASH),
        (flow.combination.options.cashback_check && has_cashback(transaction), CASHBACK),
    ];
    for (_, service) in checks.into_iter().filter(|(applies, _)| *applies) {
        if let Some(finding) = not_allowed(&service, &out.card, terminal, transaction) {
            refuse(session, &out.card, &service, vouched(finding, out), flow)?;
        }
    }
    Ok(())
}

fn has_cashback(transaction: &Transaction) -> bool {
    transaction.kind == TransactionKind::PurchaseWithCashback || transaction.amount_other > 0
}

/// 5.5.1.1: only what is to be approved offline needs a card that is still good. A card without a date is not.
fn expired<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome, flow: &mut Flow<'_>) {
    let card = &out.card;
    let today = session.transaction.date;
    let place = card.place(tag::APPLICATION_EXPIRATION_DATE_5F24);
    let last_day = card.array(tag::APPLICATION_EXPIRATION_DATE_5F24).and_then(|date| Date::from_yymmdd(date).ok());
    let evidence = match last_day {
        Some(last_day) if today <= last_day => return,
        Some(last_day) => Evidence::compared(Fact::ExpirationDate, today, last_day).at(place),
        None => Evidence::missing(Fact::DataObject, tag::APPLICATION_EXPIRATION_DATE_5F24),
    };
    let finding = Finding::new(Reason::C3Expired)
        .with(evidence)
        .with(Evidence::found(Fact::TransactionDate, today).in_tag(tag::TRANSACTION_DATE_9A));
    let finding = vouched(finding, out);
    let goes_online = goes_online_if_expired(card);
    flow.online_required |= goes_online;
    flow.decline_required |= !goes_online;
    // A reader that never asks the issuer declines for it too, if at the end only.
    let asks = goes_online && !flow.reader.has(ttq::OFFLINE_ONLY);
    session.report(finding.severity(if asks { Severity::Degraded } else { Severity::Decline }));
}

/// 5.5.1.2.
fn on_exception_file<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome, flow: &mut Flow<'_>) {
    let card = &out.card;
    let Some(pan) = kernel::pan(card) else { return };
    let [sequence_number] = card.array(tag::PAN_SEQUENCE_NUMBER_5F34).unwrap_or([0]);
    let is_it =
        |(listed, number): &(Pan, Option<u8>)| *listed == pan && number.is_none_or(|number| number == sequence_number);
    if session.terminal.exceptions.iter().any(is_it) {
        flow.decline_required = true;
        let evidence = Evidence::found(Fact::CardNumber, pan).at(card.place(tag::TRACK_2_EQUIVALENT_DATA_57));
        let finding = Finding::new(Reason::TrmException).severity(Severity::Decline).with(evidence);
        session.report(vouched(finding, out));
    }
}

/// A service the card has to allow, at home and abroad, and its wish for another interface where it does not.
struct Service {
    domestic: Bit,
    international: Bit,
    other_interface: Bit,
}

/// 5.5.1.3.
const CASH: Service = Service {
    domestic: auc::DOMESTIC_CASH,
    international: auc::INTERNATIONAL_CASH,
    other_interface: ctq::OTHER_INTERFACE_FOR_CASH,
};

/// 5.5.1.4.
const CASHBACK: Service = Service {
    domestic: auc::DOMESTIC_CASHBACK,
    international: auc::INTERNATIONAL_CASHBACK,
    other_interface: ctq::OTHER_INTERFACE_FOR_CASHBACK,
};

/// Whether the card forbids the service. One that does not say what it allows, or where home is, allows nothing.
fn not_allowed(service: &Service, card: &CardData, terminal: &Terminal, transaction: &Transaction) -> Option<Finding> {
    let usage = tag::APPLICATION_USAGE_CONTROL_9F07;
    let finding = Finding::new(Reason::C3CashNotAllowed);
    let kind = Evidence::found(Fact::TransactionType, [transaction.kind.code()]).in_tag(tag::TRANSACTION_TYPE_9C);
    let Some(country) = card.array::<2>(tag::ISSUER_COUNTRY_CODE_5F28) else {
        return Some(finding.with(Evidence::missing(Fact::CountryCode, tag::ISSUER_COUNTRY_CODE_5F28)).with(kind));
    };
    let Some(control) = card.array(usage).map(Bits) else {
        return Some(finding.with(Evidence::missing(Fact::UsageControl, usage)).with(kind));
    };
    let control: Auc = control;
    let needed = if country == terminal.country { service.domestic } else { service.international };
    let place = card.place(usage);
    let evidence = Evidence::compared(Fact::UsageControl, control.with(needed).0, control.0).at(place);
    let countries = [
        Evidence::found(Fact::CountryCode, country).at(card.place(tag::ISSUER_COUNTRY_CODE_5F28)),
        Evidence::found(Fact::CountryCode, terminal.country).in_tag(tag::TERMINAL_COUNTRY_CODE_9F1A),
    ];
    let finding = finding.with(evidence.offset(needed.index())).with(kind);
    (!control.has(needed)).then(|| countries.into_iter().fold(finding, Finding::with))
}

/// Goes where the card wants it, or nowhere.
fn refuse<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    card: &CardData,
    service: &Service,
    finding: Finding,
    flow: &mut Flow<'_>,
) -> Result<(), Exit> {
    let wishes: Ctq = qualifiers(card).unwrap_or_default();
    if wishes.has(service.other_interface) {
        session.report(finding.fatal());
        return Err(try_another_interface(MessageId::InsertOrSwipe, AlternateInterface::NotApplicable).into());
    }
    flow.decline_required = true;
    session.report(finding.severity(Severity::Decline));
    Ok(())
}
