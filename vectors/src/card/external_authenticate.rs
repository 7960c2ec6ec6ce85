//! EXTERNAL AUTHENTICATE (`EMV 4.4 Book 3, 6.5.4`): the issuer proves itself, at most once.

use apdu::{Command, StatusWord};

use super::chip::Application;
use super::profile::IssuerAuthentication;
use super::reply::{Answer, Reply, parameters, sw};
use super::transaction::{Phase, Transaction};
use crate::cryptogram::{Approval, IssuerAuthenticationResult, verify_issuer_authentication};

pub(super) fn external_authenticate(
    application: &mut Application,
    transaction: &mut Transaction,
    command: &Command,
) -> Answer {
    parameters(command, 0x00, 0x00)?;
    if application.profile.issuer_authentication != IssuerAuthentication::Command {
        return Err(sw::INSTRUCTION_NOT_SUPPORTED);
    }
    let tried = transaction.facts.issuer_authentication != IssuerAuthenticationResult::NotPerformed;
    if transaction.phase != Phase::Online || tried {
        return Err(sw::CONDITIONS_NOT_SATISFIED);
    }
    if !(8..=16).contains(&command.data().len()) {
        return Err(sw::WRONG_LENGTH);
    }
    let passed = authenticate(application, transaction, command.data());
    passed.then(|| Reply::from(StatusWord::OK)).ok_or(sw::AUTHENTICATION_FAILED)
}

/// Checks issuer authentication data, from whichever command, and does what the issuer says.
pub(super) fn authenticate(application: &mut Application, transaction: &mut Transaction, data: &[u8]) -> bool {
    let version = application.profile.version;
    let approval = verify_issuer_authentication(version, &application.keys.cryptogram, &transaction.values, data);
    transaction.approval = approval;
    transaction.facts.issuer_authentication = match approval {
        Some(_) => IssuerAuthenticationResult::Passed,
        None => IssuerAuthenticationResult::Failed,
    };
    approval.inspect(|approval| update(application, transaction, approval)).is_some()
}

/// The card status update: bits of byte 2 block card and application and set the PIN try counter of byte 1.
fn update(application: &mut Application, transaction: &mut Transaction, approval: &Approval) {
    let [first, second, ..] = approval.status_update;
    transaction.card_block |= second & 0x40 != 0;
    application.blocked |= second & 0x20 != 0;
    if second & 0x10 != 0 {
        application.tries_left = (first & 0x0F).min(application.profile.pin_tries);
    }
}
