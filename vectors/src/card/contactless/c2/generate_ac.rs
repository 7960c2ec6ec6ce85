//! GENERATE AC and RECOVER AC (`EMV Contactless Book C-2, 5.4 and 5.9`).

use apdu::{Command, tag, tag::k2};

use super::{Given, personality, storage};
use crate::card::chip::Application;
use crate::card::generate_ac::{Asked, decide, respond};
use crate::card::reply::{Answer, Reply, parameters, sw};
use crate::card::transaction::{Phase, Transaction};
use crate::cryptogram::Kind;
use crate::dol;
use crate::template::object;

pub(super) fn generate_ac(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    let asked = Asked::of(command)?;
    if transaction.phase != Phase::Initiated {
        return Err(sw::CONDITIONS_NOT_SATISFIED);
    }
    let cdol1 = application.profile.cdol1.clone();
    let (data, stored) = command.data().split_at_checked(dol::length(&cdol1)).ok_or(sw::WRONG_LENGTH)?;
    transaction.values.extend(dol::split(&cdol1, data));
    transaction.received.extend(command.data());
    transaction.facts.over_limit = decide::over_limit(application);
    let kind = decide::first(application, asked.kind);
    let signature = signs(application, asked, kind);
    transaction.facts.first = Some(kind);
    transaction.facts.cda_first = signature;
    further(application, transaction, stored)?;
    let answer = respond::respond(application, transaction, kind, signature)?;
    transaction.phase = Phase::Complete;
    remember(application, transaction, &answer)?;
    Ok(answer.into())
}

/// Also over an AAC, where its capabilities say so.
fn signs(application: &mut Application, asked: Asked, kind: Kind) -> bool {
    let capabilities = personality(application).ok().and_then(|personality| personality.capabilities);
    let every = capabilities.is_some_and(|[_, second, _]| second & 0x01 != 0);
    asked.signature && application.profile.authentication.cda && (kind != Kind::Aac || every)
}

/// What it says and signs besides: the summaries of stored data, then the distance.
fn further(
    application: &mut Application,
    transaction: &mut Transaction,
    stored: &[u8],
) -> Result<(), apdu::StatusWord> {
    let key = application.keys.integrity.clone();
    let personality = personality(application)?;
    let summaries = personality.storage.as_mut().map(|storage| storage::write(storage, &key, stored));
    transaction.further = [summaries.unwrap_or_default(), transaction.distance.clone()].concat();
    let interaction = match personality.interaction.len() {
        0 | 1 => personality.interaction.front().copied(),
        _ => personality.interaction.pop_front(),
    };
    transaction.objects =
        interaction.map(|value| object(k2::POS_CARDHOLDER_INTERACTION_DF4B, &value)).into_iter().collect();
    Ok(())
}

fn remember(application: &mut Application, transaction: &Transaction, answer: &[u8]) -> Result<(), apdu::StatusWord> {
    let personality = personality(application)?;
    if let Some(list) = &personality.recovery {
        let value = |tag| transaction.values.get(&tag).cloned().unwrap_or_default();
        let values = dol::entries(list).into_iter().flat_map(|(tag, _)| value(tag)).collect();
        personality.last = Some(Given { answer: answer.to_vec(), values });
    }
    Ok(())
}

/// The last cryptogram once more, for who knows what it was made for.
pub(super) fn recover_ac(application: &mut Application, command: &Command) -> Answer {
    parameters(command, 0x00, 0x00)?;
    let given = personality(application)?.last.clone().ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    let is_format_2 = given.answer.starts_with(tag::RESPONSE_FORMAT_2_77.bytes().as_ref());
    if given.values != command.data() || !is_format_2 {
        return Err(sw::CONDITIONS_NOT_SATISFIED);
    }
    Ok(Reply::from(given.answer))
}
