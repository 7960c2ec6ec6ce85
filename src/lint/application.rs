//! Doubts about one application.

use apdu::{
    Dol, tag,
    value::{Tvr, terminal_capabilities as capabilities, tvr},
};
use kernel::{Terminal, terminal::ApplicationParameters};

use super::{Check, machine::authenticates};

pub(super) const CHECKS: &[Check<ApplicationParameters>] = &[
    ("lint-action-codes-zero", |_, application| codes(application).iter().all(Tvr::is_zero)),
    ("lint-failed-authentication", |terminal, application| {
        let codes = codes(application);
        let passes = |bit| !codes.iter().any(|code| code.has(bit));
        !codes.iter().all(Tvr::is_zero) && failures(terminal).any(passes)
    }),
    ("lint-declines-everything", |_, application| application.tac_denial.0 == [0xFF; 5]),
    ("lint-no-ca-key", |terminal, application| {
        let of_rid = |rid: &[u8]| terminal.keys.iter().any(|key| key.rid() == *rid);
        authenticates(terminal.capabilities) && !application.aid.get(..5).is_some_and(of_rid)
    }),
    ("lint-name-too-short", |_, application| application.aid.len() == 5 && !application.partial),
    ("lint-twice", |terminal, application| {
        terminal.applications.iter().filter(|other| other.aid == application.aid).count() > 1
    }),
    ("lint-floor-online-only", |terminal, application| {
        terminal.terminal_type.online_only() && application.floor_limit > 0
    }),
    ("lint-threshold-above-floor", |_, application| {
        let random = application.random_selection;
        random.target > 0 && application.floor_limit > 0 && random.threshold >= application.floor_limit
    }),
    ("lint-ddol-without-number", |_, application| {
        let asks = |ddol| Dol::parse(ddol).is_ok_and(|dol| dol.contains(tag::UNPREDICTABLE_NUMBER_9F37));
        application.default_ddol.as_deref().is_some_and(|ddol| !asks(ddol))
    }),
];

fn codes(application: &ApplicationParameters) -> [Tvr; 3] {
    [application.tac_denial, application.tac_online, application.tac_default]
}

/// What the TVR says when a method this terminal performs has failed.
fn failures(terminal: &Terminal) -> impl Iterator<Item = apdu::Bit> {
    let methods = [
        (capabilities::SDA, tvr::SDA_FAILED),
        (capabilities::DDA, tvr::DDA_FAILED),
        (capabilities::CDA, tvr::CDA_FAILED),
    ];
    let of = terminal.capabilities;
    methods.into_iter().filter(move |(method, _)| of.has(*method)).map(|(_, failed)| failed)
}
