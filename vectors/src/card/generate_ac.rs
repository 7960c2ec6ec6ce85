//! GENERATE AC, first and second (`EMV 4.4 Book 3, 6.5.5, 9`, `Book 2, 6.6`).

pub(super) mod decide;
pub(super) mod respond;

use apdu::{Command, StatusWord, tag};

use super::chip::Application;
use super::external_authenticate::authenticate;
use super::profile::IssuerAuthentication;
use super::reply::{Answer, sw};
use super::transaction::{Phase, Transaction};
use super::transaction_log;
use crate::cryptogram::Kind;
use crate::dol;

/// What the terminal asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    pub(super) signature: bool,
}

impl Asked {
    pub(super) fn of(command: &Command) -> Result<Self, StatusWord> {
        let [_, _, reference, p2] = command.header();
        let kind = Kind::from_bits(reference).filter(|_| p2 == 0x00 && reference & 0x2F == 0);
        kind.map(|kind| Self { kind, signature: reference & 0x10 != 0 }).ok_or(sw::WRONG_PARAMETERS)
    }
}

pub(super) fn generate_ac(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    let asked = Asked::of(command)?;
    match transaction.phase {
        Phase::Initiated => first(application, transaction, asked, command.data()),
        Phase::Online => second(application, transaction, asked, command.data()),
        Phase::Selected | Phase::Complete => Err(sw::CONDITIONS_NOT_SATISFIED),
    }
}

fn first(application: &mut Application, transaction: &mut Transaction, asked: Asked, data: &[u8]) -> Answer {
    receive(transaction, &application.profile.cdol1, data)?;
    transaction.facts.over_limit = decide::over_limit(application);
    let kind = decide::first(application, asked.kind);
    transaction.facts.first = Some(kind);
    transaction.facts.cda_first = signs(application, asked, kind);
    let answer = respond::respond(application, transaction, kind, transaction.facts.cda_first)?;
    transaction.phase = if kind == Kind::Arqc { Phase::Online } else { Phase::Complete };
    if kind == Kind::Tc {
        transaction_log::write(application, &transaction.values);
    }
    Ok(answer.into())
}

fn second(application: &mut Application, transaction: &mut Transaction, asked: Asked, data: &[u8]) -> Answer {
    receive(transaction, &application.profile.cdol2, data)?;
    transaction.facts.unable_online = decide::unable_online(&transaction.values);
    issuer_authentication(application, transaction);
    let kind = decide::second(application, transaction, asked.kind);
    transaction.facts.second = Some(kind);
    transaction.facts.cda_second = signs(application, asked, kind);
    let answer = respond::respond(application, transaction, kind, transaction.facts.cda_second)?;
    transaction.phase = Phase::Complete;
    if kind == Kind::Tc && !transaction.facts.unable_online {
        application.last_online_atc = application.atc;
    }
    if kind == Kind::Tc {
        transaction_log::write(application, &transaction.values);
    }
    Ok(answer.into())
}

/// A card without CDA overlooks the request for it, as old cards do.
fn signs(application: &Application, asked: Asked, kind: Kind) -> bool {
    asked.signature && application.profile.authentication.cda && kind != Kind::Aac
}

fn receive(transaction: &mut Transaction, cdol: &[u8], data: &[u8]) -> Result<(), StatusWord> {
    if data.len() != dol::length(cdol) {
        return Err(sw::WRONG_LENGTH);
    }
    transaction.values.extend(dol::split(cdol, data));
    transaction.received.extend(data);
    Ok(())
}

/// Tag `91` inside CDOL2, when the issuer sent any.
fn issuer_authentication(application: &mut Application, transaction: &mut Transaction) {
    let data = transaction.values.get(&tag::ISSUER_AUTHENTICATION_DATA_91).cloned().unwrap_or_default();
    let sent = data.iter().any(|byte| *byte != 0);
    if sent && application.profile.issuer_authentication == IssuerAuthentication::SecondGenerateAc {
        authenticate(application, transaction, &data);
    }
}
