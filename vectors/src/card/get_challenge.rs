//! GET CHALLENGE (`EMV 4.4 Book 3, 6.5.6`): eight new bytes, good for the next VERIFY only.

use apdu::Command;

use super::chip::Application;
use super::reply::{Answer, parameters, sw};
use super::transaction::Transaction;

pub(super) fn get_challenge(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    parameters(command, 0x00, 0x00)?;
    if !command.data().is_empty() {
        return Err(sw::WRONG_LENGTH);
    }
    let challenge = application.numbers.draw();
    transaction.challenge = Some(challenge);
    Ok(challenge.to_vec().into())
}
