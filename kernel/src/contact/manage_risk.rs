//! Terminal risk management (`EMV 4.4 Book 3, 10.6`; Book 4, 6.3.5). Performed whether the card asks for it or not.

pub mod random_selection;
mod velocity;

use alloc::vec::Vec;

use apdu::{
    Card, tag,
    value::{Tsi, Tvr, pan::Pan, tsi, tvr},
};

use crate::{
    finding::{Evidence, Fact, Finding, Reason, Severity},
    point_of_sale::PointOfSale,
    session::{Session, Stop},
    store::CardData,
    terminal::{ApplicationParameters, Terminal},
    transaction::Transaction,
};

use random_selection::target_percentage;

/// What terminal risk management came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskManagement {
    /// The bits it set.
    pub tvr: Tvr,
    /// The bits it set.
    pub tsi: Tsi,
}

/// Protects acquirer, issuer and system from what is risky offline. Every bit set has its finding.
///
/// # Errors
/// [`Stop`] when the card gave no answer.
pub async fn manage_risk<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    card: &CardData,
    application: &ApplicationParameters,
) -> Result<RiskManagement, Stop> {
    let (terminal, transaction) = (session.terminal, session.transaction);
    let holder = Holder::of(card);
    let mut findings = Vec::new();
    findings.extend(holder.as_ref().and_then(|holder| on_exception_file(holder, card, terminal)));
    findings.extend(forced_online(transaction));
    let recent = match &holder {
        Some(holder) => session.point_of_sale.recent_amount(&holder.pan, holder.sequence_number).await,
        None => 0,
    };
    findings.extend(floor_limit(transaction.amount, recent, application));
    findings.extend(select_randomly(session, application));
    findings.extend(velocity::check(session, card).await?);
    let tvr = findings.iter().filter_map(|finding| finding.tvr).fold(Tvr::ZERO, Tvr::with);
    session.report_all(findings);
    Ok(RiskManagement { tvr, tsi: Tsi::ZERO.with(tsi::TERMINAL_RISK_MANAGEMENT_PERFORMED) })
}

/// Whose card it is.
struct Holder {
    pan: Pan,
    sequence_number: Option<u8>,
}

impl Holder {
    fn of(card: &CardData) -> Option<Self> {
        let pan = card.value(tag::PAN_5A).and_then(|value| Pan::from_compressed(value).ok())?;
        let sequence_number = card.array(tag::PAN_SEQUENCE_NUMBER_5F34).map(|[number]| number);
        Some(Self { pan, sequence_number })
    }

    /// Whether an entry names this card: with any sequence number, or with this one. A card without one has number 00.
    fn is(&self, (pan, sequence_number): &(Pan, Option<u8>)) -> bool {
        let mine = self.sequence_number.unwrap_or(0);
        *pan == self.pan && sequence_number.is_none_or(|number| number == mine)
    }
}

/// The terminal exception file (`EMV 4.4 Book 4, 6.3.5`).
fn on_exception_file(holder: &Holder, card: &CardData, terminal: &Terminal) -> Option<Finding> {
    let evidence = Evidence::found(Fact::CardNumber, holder.pan.clone()).at(card.place(tag::PAN_5A));
    let listed = terminal.exceptions.iter().any(|entry| holder.is(entry));
    listed.then(|| Finding::new(Reason::TrmException).sets(tvr::ON_EXCEPTION_FILE).with(evidence))
}

/// The merchant's wish (`EMV 4.4 Book 4, 6.3.5`).
fn forced_online(transaction: &Transaction) -> Option<Finding> {
    let finding = Finding::new(Reason::TrmForced).severity(Severity::Info).sets(tvr::FORCED_ONLINE);
    transaction.forced_online.then_some(finding)
}

/// The floor limit (`EMV 4.4 Book 3, 10.6.1`): what this card bought last counts too, so that splitting a sale does not
/// get under it.
fn floor_limit(amount: u64, recent: u64, application: &ApplicationParameters) -> Option<Finding> {
    let sum = amount.saturating_add(recent);
    let limit = Evidence::compared(Fact::FloorLimit, application.floor_limit, sum);
    let mut finding = Finding::new(Reason::TrmFloor)
        .sets(tvr::FLOOR_LIMIT_EXCEEDED)
        .with(limit.in_tag(tag::TERMINAL_FLOOR_LIMIT_9F1B))
        .with(Evidence::found(Fact::Amount, amount).in_tag(tag::AMOUNT_AUTHORISED_9F02));
    if recent > 0 {
        finding = finding.with(Evidence::found(Fact::Amount, recent));
    }
    (sum >= u64::from(application.floor_limit)).then_some(finding)
}

/// Random selection is for terminals that decide between offline and online; one that cannot choose draws nothing.
fn select_randomly<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    application: &ApplicationParameters,
) -> Option<Finding> {
    let terminal_type = session.terminal.terminal_type;
    if terminal_type.online_only() || terminal_type.offline_only() {
        return None;
    }
    let amount = session.transaction.amount;
    let target = target_percentage(amount, application.random_selection, application.floor_limit)?;
    let random = random_selection::draw(session.point_of_sale);
    let finding = Finding::new(Reason::TrmRandom)
        .severity(Severity::Info)
        .sets(tvr::RANDOMLY_SELECTED)
        .with(Evidence::compared(Fact::RandomNumber, target, random))
        .with(Evidence::found(Fact::RandomTarget, target))
        .with(Evidence::found(Fact::Amount, amount).in_tag(tag::AMOUNT_AUTHORISED_9F02));
    (random <= target).then_some(finding)
}

#[cfg(test)]
mod tests;
