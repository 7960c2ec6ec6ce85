//! The checks when the last record is read: state S456 (`EMV Contactless Book C-2, 6.9`), and those that mag-stripe mode
//! shares (S78).

use apdu::{
    Card, tag,
    tag::k2,
    value::{Tvr, tvr},
};

use super::{
    Learned,
    configuration::TerminalStore,
    data_storage,
    initiate::Options,
    objects::require,
    outcome::{Failure, x1, x2, x3},
};
use crate::{
    contactless::{
        kernel::Exit,
        outcome::{L2, L3},
    },
    finding::{Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
};

/// S456.2 and .3: there is an amount, and it is not above the limit.
pub(super) fn amount<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &Outcome,
    options: &Options,
) -> Result<(), Exit> {
    let tag = tag::AMOUNT_AUTHORISED_9F02;
    if out.terminal.given(tag).is_none() {
        let missing = Evidence::missing(Fact::Amount, tag).in_tag(tag);
        session.report(Finding::new(Reason::KAmountMissing).with(missing).fatal());
        return Err(x3(L3::AmountNotPresent).into());
    }
    let (limit_tag, amount) = (limit_of(options), out.terminal.amount(tag));
    let limit = out.terminal.amount(limit_tag);
    if amount <= limit {
        return Ok(());
    }
    let evidence = Evidence::compared(Fact::Amount, limit, amount).in_tag(limit_tag);
    let failure = Failure::new(Finding::new(Reason::KTransactionLimitExceeded).with(evidence), L2::MaxLimitExceeded);
    Err(failure.leave(session, x1()))
}

/// Reader contactless transaction limit.
fn limit_of(options: &Options) -> apdu::Tag {
    if options.on_device_cvm { k2::TRANSACTION_LIMIT_ON_DEVICE_CVM_DF8125 } else { k2::TRANSACTION_LIMIT_DF8124 }
}

/// S456.4 to .9: what the card has to have given.
pub(super) fn card_data<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &Learned,
) -> Result<(), Exit> {
    let mandatory = [tag::APPLICATION_EXPIRATION_DATE_5F24, tag::PAN_5A, tag::CDOL1_8C];
    let there = mandatory.into_iter().try_for_each(|tag| require(&out.card, tag).map(drop));
    let checked = there.and_then(|()| data_storage::check_id(out, learned.storage));
    checked.map_err(|failure| failure.leave(session, x2()))?;
    match learned.authentication.check(session, out) {
        Ok(bits) => out.tvr |= bits,
        Err(failure) => return Err(failure.leave(session, x2())),
    }
    Ok(())
}

/// S456.10: what the reader can do about the cardholder depends on the amount.
pub(super) fn take_capability(out: &mut Outcome) {
    let over = super::over_cvm_limit(out);
    let capability = if over { k2::CVM_CAPABILITY_REQUIRED_DF8118 } else { k2::CVM_CAPABILITY_NOT_REQUIRED_DF8119 };
    let capability = out.terminal.byte(capability);
    let [input, _, security] = out.terminal.array(tag::TERMINAL_CAPABILITIES_9F33).unwrap_or_default();
    out.terminal.set(tag::TERMINAL_CAPABILITIES_9F33, &[input, capability, security]);
}

/// S456.13: the floor limit.
pub(super) fn floor_limit<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Tvr {
    let tag = k2::READER_FLOOR_LIMIT_DF8123;
    let (limit, amount) = (out.terminal.amount(tag), out.terminal.amount(tag::AMOUNT_AUTHORISED_9F02));
    if amount <= limit {
        return Tvr::ZERO;
    }
    let evidence = Evidence::compared(Fact::FloorLimit, limit, amount).in_tag(tag);
    let finding = Finding::new(Reason::TrmFloor).severity(Severity::Info).sets(tvr::FLOOR_LIMIT_EXCEEDED);
    session.report(finding.with(evidence));
    Tvr::ZERO.with(tvr::FLOOR_LIMIT_EXCEEDED)
}
