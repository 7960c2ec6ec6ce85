//! Issuer script commands, secured in format 2 (`EMV 4.4 Book 2, 9`, `Book 3, 6.5`).

mod application_block;
mod application_unblock;
mod card_block;
mod pin_change_unblock;
mod put_data;
mod update_record;

use apdu::{Command, StatusWord, command::ins};

use super::chip::Application;
use super::reply::{Answer, Reply, sw};
use super::transaction::Transaction;
use crate::symmetric::secure_messaging::Channel;

/// What one script command does.
type Done = Result<(), StatusWord>;

/// Checks the MAC and does what the command says; the outcome goes into the issuer application data.
pub(super) fn script(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    let done = secured(application, transaction, command);
    transaction.facts.scripts = transaction.facts.scripts.saturating_add(1);
    transaction.facts.script_failed |= done.is_err();
    transaction.scripts = transaction.scripts.saturating_add(1);
    done.map(|()| Reply::from(StatusWord::OK))
}

fn secured(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Done {
    let cryptogram = transaction.cryptogram.ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    let style = application.profile.version.messaging();
    let keys = (&application.keys.integrity, &application.keys.confidentiality);
    let channel = Channel::new(style, keys, application.atc.to_be_bytes(), cryptogram, transaction.scripts);
    let header = *command.as_bytes().first_chunk::<5>().ok_or(sw::WRONG_LENGTH)?;
    let end = command.data().len().checked_sub(style.mac_length()).ok_or(sw::MAC_MISSING)?;
    let (data, mac) = command.data().split_at_checked(end).ok_or(sw::MAC_MISSING)?;
    if channel.mac(header, data) != mac {
        return Err(sw::MAC_WRONG);
    }
    perform(application, transaction, command, &channel, data)
}

fn perform(
    application: &mut Application,
    transaction: &mut Transaction,
    command: &Command,
    channel: &Channel,
    data: &[u8],
) -> Done {
    match command.ins() {
        ins::APPLICATION_BLOCK => application_block::application_block(application, command, data),
        ins::APPLICATION_UNBLOCK => application_unblock::application_unblock(application, command, data),
        ins::CARD_BLOCK => card_block::card_block(transaction, command, data),
        ins::PIN_CHANGE_UNBLOCK => pin_change_unblock::pin_change_unblock(application, command, channel, data),
        ins::PUT_DATA => put_data::put_data(application, command, data),
        ins::UPDATE_RECORD => update_record::update_record(application, command, data),
        _ => Err(sw::INSTRUCTION_NOT_SUPPORTED),
    }
}

/// P1 and P2 zero, no data besides the MAC.
fn bare(command: &Command, data: &[u8]) -> Done {
    super::reply::parameters(command, 0x00, 0x00)?;
    data.is_empty().then_some(()).ok_or(sw::WRONG_LENGTH)
}
