//! Card risk management through the air: which cryptogram to answer with.

use apdu::{
    Bits, tag,
    tag::k3::TTQ_9F66,
    value::{Ttq, ttq},
};

use crate::card::chip::Application;
use crate::card::profile::Decision;
use crate::cryptogram::Kind;
use crate::dol::Values;

/// A refund is none of the card's business.
const REFUND: u8 = 0x20;

/// Approves what it may approve itself, asks the issuer where it can, and declines the rest.
pub(super) fn decide(application: &mut Application, values: &Values) -> Kind {
    let reader: Ttq = Bits(fixed(values, TTQ_9F66).unwrap_or_default());
    let kind = match fixed(values, tag::TRANSACTION_TYPE_9C) {
        Some([REFUND]) => Kind::Aac,
        _ if application.blocked => Kind::Aac,
        _ if reader.has(ttq::ONLINE_CRYPTOGRAM_REQUIRED) || !spends(application, values) => Kind::Arqc,
        _ => Kind::Tc,
    };
    let alone = kind == Kind::Arqc && reader.has(ttq::OFFLINE_ONLY);
    within(application.profile.first, if alone { Kind::Aac } else { kind })
}

fn within(decision: Decision, kind: Kind) -> Kind {
    match decision {
        Decision::AsAsked => kind,
        Decision::AtMost(highest) => kind.min(highest),
        Decision::Always(always) => always,
    }
}

/// Whether the card can sign for this amount, and has it to spend; then it is spent.
fn spends(application: &mut Application, values: &Values) -> bool {
    let signs = application.profile.authentication.dda;
    let amount = fixed::<6>(values, tag::AMOUNT_AUTHORISED_9F02).map_or(u64::MAX, minor_units);
    let Some(own) = super::personality(application) else { return false };
    let Some(spending) = own.spending else { return signs };
    let left = spending.checked_sub(amount).filter(|_| signs);
    own.spending = left.or(own.spending);
    left.is_some()
}

fn minor_units(digits: [u8; 6]) -> u64 {
    hex::encode(digits).parse().unwrap_or(u64::MAX)
}

/// Twelve digits.
pub(super) fn numeric(amount: u64) -> Vec<u8> {
    hex::decode(format!("{:012}", amount % 1_000_000_000_000)).unwrap_or_default()
}

fn fixed<const N: usize>(values: &Values, tag: apdu::Tag) -> Option<[u8; N]> {
    values.get(&tag)?.as_slice().try_into().ok()
}
