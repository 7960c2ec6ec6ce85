//! Card risk management through the air: which cryptogram to answer with.

use apdu::value::ttq;

use super::purse::{self, Payment};
use crate::card::chip::Application;
use crate::card::profile::Decision;
use crate::cryptogram::Kind;
use crate::dol::Values;

/// Pays from its own purse where the reader leaves that to it and the purse allows it, asks the issuer where it can, and
/// declines the rest.
pub(super) fn decide(application: &Application, values: &Values) -> Kind {
    let reader = super::reader(values);
    let pays = !reader.has(ttq::ONLINE_CRYPTOGRAM_REQUIRED) && purse::allows(application, &Payment::of(values));
    let kind = match (application.blocked, pays) {
        (true, _) => Kind::Aac,
        (false, true) => Kind::Tc,
        (false, false) if reader.has(ttq::OFFLINE_ONLY) => Kind::Aac,
        (false, false) => Kind::Arqc,
    };
    match application.profile.first {
        Decision::AsAsked => kind,
        Decision::AtMost(highest) => kind.min(highest),
        Decision::Always(always) => always,
    }
}
