//! Processing restrictions (`EMV 4.4 Book 3, 10.4`).

use alloc::vec::Vec;

use apdu::{
    Bit, Tag, tag,
    value::{
        AdditionalTerminalCapabilities, Auc, TerminalType, Tvr,
        additional_terminal_capabilities::{GOODS, SERVICES},
        auc,
        date::Date,
        tvr,
    },
};

use crate::{
    finding::{Evidence, Fact, Finding, Place, Reason},
    store::CardData,
    terminal::{ApplicationParameters, Terminal},
    transaction::{Transaction, TransactionKind},
};

/// What the restrictions made of the card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restrictions {
    /// The bits they set.
    pub tvr: Tvr,
    /// One finding for each check that failed.
    pub findings: Vec<Finding>,
}

/// Whether the application on the card is for this terminal, this transaction and this day.
///
/// Nothing here ends the transaction. The card's data has been checked when it was read.
pub fn restrict(
    card: &CardData,
    terminal: &Terminal,
    application: &ApplicationParameters,
    transaction: &Transaction,
) -> Restrictions {
    restrict_at(card, &PointOfUse::new(terminal, application), transaction)
}

/// Where a card is used, as far as its restrictions go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointOfUse {
    /// Terminal type (`9F35`).
    pub terminal_type: TerminalType,
    /// Additional terminal capabilities (`9F40`): what it sells.
    pub additional_capabilities: AdditionalTerminalCapabilities,
    /// Terminal country code (`9F1A`).
    pub country: [u8; 2],
    /// Application version number of the terminal (`9F09`).
    pub version: [u8; 2],
}

impl PointOfUse {
    /// This terminal, with the version of this application.
    pub fn new(terminal: &Terminal, application: &ApplicationParameters) -> Self {
        Self {
            terminal_type: terminal.terminal_type,
            additional_capabilities: terminal.additional_capabilities,
            country: terminal.country,
            version: application.version,
        }
    }
}

/// As [`restrict`], for a terminal that is known by what matters here.
pub fn restrict_at(card: &CardData, terminal: &PointOfUse, transaction: &Transaction) -> Restrictions {
    let mut findings = Vec::new();
    findings.extend(version(card, terminal.version));
    if let Some(control) = card.array(tag::APPLICATION_USAGE_CONTROL_9F07).map(apdu::Bits) {
        let usage = Usage { control, card, terminal, transaction };
        findings.extend(usage.place());
        findings.extend(usage.services());
    }
    findings.extend(effective(card, transaction));
    findings.extend(expiration(card, transaction));
    let tvr = findings.iter().filter_map(|finding| finding.tvr).fold(Tvr::ZERO, Tvr::with);
    Restrictions { tvr, findings }
}

/// `EMV 4.4 Book 3, 10.4.1`. A card without a version number has the terminal's.
fn version(card: &CardData, terminal: [u8; 2]) -> Option<Finding> {
    let version = card.value(tag::APPLICATION_VERSION_CARD_9F08)?;
    let evidence = Evidence::compared(Fact::ApplicationVersion, terminal, version);
    let finding = Finding::new(Reason::RestrictVersion)
        .sets(tvr::DIFFERENT_VERSIONS)
        .with(evidence.at(card.place(tag::APPLICATION_VERSION_CARD_9F08)))
        .with(Evidence::found(Fact::ApplicationVersion, terminal).in_tag(tag::APPLICATION_VERSION_TERMINAL_9F09));
    (version != terminal).then_some(finding)
}

/// Application usage control (`EMV 4.4 Book 3, 10.4.2`).
struct Usage<'a> {
    control: Auc,
    card: &'a CardData,
    terminal: &'a PointOfUse,
    transaction: &'a Transaction,
}

impl Usage<'_> {
    /// Whether the card may be used in a terminal of this type.
    fn place(&self) -> Option<Finding> {
        let terminal_type = self.terminal.terminal_type;
        let (allowed, reason) = match terminal_type.is_atm(self.terminal.additional_capabilities) {
            true => (auc::AT_ATMS, Reason::RestrictUsageAtm),
            false => (auc::AT_OTHER_TERMINALS, Reason::RestrictUsageNonAtm),
        };
        let evidence = Evidence::found(Fact::TerminalType, [terminal_type.0]).in_tag(tag::TERMINAL_TYPE_9F35);
        (!self.control.has(allowed)).then(|| self.refused(reason, allowed).with(evidence))
    }

    /// Whether the card may be used for this kind of transaction, at home or abroad. Which of the two cannot be told
    /// when the card names no country: then nothing is checked.
    fn services(&self) -> Vec<Finding> {
        let country = self.card.value(tag::ISSUER_COUNTRY_CODE_5F28);
        let Some(domestic) = country.map(|country| country == self.terminal.country) else { return Vec::new() };
        let mut findings = match self.transaction.kind {
            TransactionKind::Purchase | TransactionKind::PurchaseWithCashback => self.purchase(domestic),
            kind if kind.is_cash() => self.cash(domestic).into_iter().collect(),
            _ => Vec::new(),
        };
        findings.extend(self.cashback(domestic));
        findings
    }

    fn cash(&self, domestic: bool) -> Option<Finding> {
        let allowed = if domestic { auc::DOMESTIC_CASH } else { auc::INTERNATIONAL_CASH };
        (!self.control.has(allowed)).then(|| self.refused_here(Reason::RestrictUsageCash, allowed))
    }

    /// A purchase is of goods or of services, and the transaction type is the same for both. What this terminal sells
    /// (`9F40`) decides which the card has to allow; where it sells both, or says neither, the card's leave for either
    /// one is enough: the terminal cannot know that this purchase is of the other one.
    fn purchase(&self, domestic: bool) -> Vec<Finding> {
        let (goods, services) = match domestic {
            true => (auc::DOMESTIC_GOODS, auc::DOMESTIC_SERVICES),
            false => (auc::INTERNATIONAL_GOODS, auc::INTERNATIONAL_SERVICES),
        };
        let sells = [GOODS, SERVICES].map(|bit| self.terminal.additional_capabilities.has(bit));
        let [sells_goods, sells_services] = if sells == [false, false] { [true, true] } else { sells };
        let wanted = [
            (sells_goods, goods, Reason::RestrictUsageGoods),
            (sells_services, services, Reason::RestrictUsageServices),
        ];
        let wanted = wanted.into_iter().filter(|(sells, ..)| *sells);
        if wanted.clone().any(|(_, allowed, _)| self.control.has(allowed)) {
            return Vec::new();
        }
        wanted.map(|(_, allowed, reason)| self.refused_here(reason, allowed)).collect()
    }

    fn cashback(&self, domestic: bool) -> Option<Finding> {
        let allowed = if domestic { auc::DOMESTIC_CASHBACK } else { auc::INTERNATIONAL_CASHBACK };
        let amount = Evidence::found(Fact::Amount, self.transaction.amount_other).in_tag(tag::AMOUNT_OTHER_9F03);
        let refused = self.transaction.amount_other > 0 && !self.control.has(allowed);
        refused.then(|| self.refused_here(Reason::RestrictUsageCashback, allowed).with(amount))
    }

    /// The finding that `allowed` is not set in the usage control, placed at the byte that holds it.
    fn refused(&self, reason: Reason, allowed: Bit) -> Finding {
        let wanted = self.control.with(allowed).0;
        let evidence = Evidence::compared(Fact::UsageControl, wanted, self.control.0)
            .at(self.card.place(tag::APPLICATION_USAGE_CONTROL_9F07))
            .offset(allowed.index());
        Finding::new(reason).sets(tvr::SERVICE_NOT_ALLOWED).with(evidence)
    }

    /// The same where home or abroad made the difference: both countries and the kind of transaction.
    fn refused_here(&self, reason: Reason, allowed: Bit) -> Finding {
        let country = self.card.value(tag::ISSUER_COUNTRY_CODE_5F28).unwrap_or(&[]);
        let kind = [self.transaction.kind.code()];
        self.refused(reason, allowed)
            .with(Evidence::found(Fact::CountryCode, country).at(self.card.place(tag::ISSUER_COUNTRY_CODE_5F28)))
            .with(Evidence::found(Fact::CountryCode, self.terminal.country).in_tag(tag::TERMINAL_COUNTRY_CODE_9F1A))
            .with(Evidence::found(Fact::TransactionType, kind).in_tag(tag::TRANSACTION_TYPE_9C))
    }
}

/// `EMV 4.4 Book 3, 10.4.3`. A card without the date is effective.
fn effective(card: &CardData, transaction: &Transaction) -> Option<Finding> {
    let date = date(card, tag::APPLICATION_EFFECTIVE_DATE_5F25)?;
    let finding = Finding::new(Reason::RestrictNotEffective).sets(tvr::NOT_YET_EFFECTIVE);
    (transaction.date < date).then(|| {
        dated(finding, Fact::EffectiveDate, date, transaction, card.place(tag::APPLICATION_EFFECTIVE_DATE_5F25))
    })
}

/// `EMV 4.4 Book 3, 10.4.3`. The last day itself is a good day.
fn expiration(card: &CardData, transaction: &Transaction) -> Option<Finding> {
    let date = date(card, tag::APPLICATION_EXPIRATION_DATE_5F24)?;
    let finding = Finding::new(Reason::RestrictExpired).sets(tvr::EXPIRED);
    (transaction.date > date).then(|| {
        dated(finding, Fact::ExpirationDate, date, transaction, card.place(tag::APPLICATION_EXPIRATION_DATE_5F24))
    })
}

fn date(card: &CardData, tag: Tag) -> Option<Date> {
    card.array(tag).and_then(|yymmdd| Date::from_yymmdd(yymmdd).ok())
}

/// The finding with the card's date compared with today.
fn dated(finding: Finding, fact: Fact, date: Date, transaction: &Transaction, place: Place) -> Finding {
    finding
        .with(Evidence::compared(fact, transaction.date, date).at(place))
        .with(Evidence::found(Fact::TransactionDate, transaction.date).in_tag(tag::TRANSACTION_DATE_9A))
}

#[cfg(test)]
mod tests;
