//! Card risk management: which cryptogram to answer with. Never a higher one than asked, unless the profile says so.

use apdu::tag;

use crate::card::chip::Application;
use crate::card::profile::Decision;
use crate::card::transaction::Transaction;
use crate::cryptogram::{IssuerAuthenticationResult, Kind};
use crate::dol::Values;

fn within(decision: Decision, kind: Kind) -> Kind {
    match decision {
        Decision::AsAsked => kind,
        Decision::AtMost(highest) => kind.min(highest),
        Decision::Always(always) => always,
    }
}

/// Whether the card has been without the issuer for too long.
pub(in crate::card) fn over_limit(application: &Application) -> bool {
    let offline = application.atc.saturating_sub(application.last_online_atc);
    application.profile.card_offline_limit.is_some_and(|limit| offline > limit)
}

/// The answer to the first GENERATE AC.
pub(in crate::card) fn first(application: &Application, asked: Kind) -> Kind {
    let highest = match (application.blocked, over_limit(application)) {
        (true, _) => Kind::Aac,
        (false, true) => Kind::Arqc,
        (false, false) => Kind::Tc,
    };
    within(application.profile.first, asked.min(highest))
}

/// The answer to the second GENERATE AC, which can only be TC or AAC.
pub(super) fn second(application: &Application, transaction: &Transaction, asked: Kind) -> Kind {
    let alone = transaction.facts.unable_online && over_limit(application);
    let refused = application.blocked || alone || !issuer_agrees(application, transaction);
    let kind = if asked == Kind::Tc && !refused { Kind::Tc } else { Kind::Aac };
    within(application.profile.second, kind)
}

fn issuer_agrees(application: &Application, transaction: &Transaction) -> bool {
    match transaction.facts.issuer_authentication {
        IssuerAuthenticationResult::Failed => false,
        IssuerAuthenticationResult::Passed => transaction.approval.is_some_and(|approval| approval.approved),
        IssuerAuthenticationResult::NotPerformed => {
            transaction.facts.unable_online || !application.profile.issuer_authentication_mandatory
        }
    }
}

/// Whether the authorisation response code is the terminal's own for "unable to go online".
pub(super) fn unable_online(values: &Values) -> bool {
    let code = values.get(&tag::AUTHORISATION_RESPONSE_CODE_8A);
    code.is_some_and(|code| matches!(code.as_slice(), b"Y3" | b"Z3"))
}
