//! VERIFY (`EMV 4.4 Book 3, 6.5.12`, `Book 2, 7.2`): a plaintext PIN, or one enciphered under the card's RSA key.

use apdu::{Command, StatusWord};
use zeroize::Zeroizing;

use super::chip::Application;
use super::reply::{Answer, Reply, sw};
use super::transaction::{Phase, Transaction};
use crate::secret::Pin;

pub(super) fn verify(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    let [_, _, p1, qualifier] = command.header();
    if p1 != 0x00 || !matches!(qualifier, 0x80 | 0x88) {
        return Err(sw::WRONG_PARAMETERS);
    }
    if application.pin.is_none() || transaction.phase != Phase::Initiated {
        return Err(sw::CONDITIONS_NOT_SATISFIED);
    }
    if application.tries_left == 0 {
        return Err(sw::METHOD_BLOCKED);
    }
    let enciphered = qualifier == 0x88;
    let entered = if enciphered { &*deciphered(application, transaction, command.data())? } else { command.data() };
    let entered = Pin::from_block_2(entered).ok_or(sw::WRONG_DATA)?;
    transaction.facts.pin_enciphered = enciphered;
    compare(application, transaction, &entered)
}

/// The block inside enciphered PIN data; header and challenge must be right.
fn deciphered(
    application: &Application,
    transaction: &mut Transaction,
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, StatusWord> {
    let key = application.pin_key.as_ref().ok_or(sw::WRONG_PARAMETERS)?;
    let challenge = transaction.challenge.take().ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    if data.len() != key.length() {
        return Err(sw::WRONG_LENGTH);
    }
    let plain = Zeroizing::new(key.apply(data));
    let block = plain.strip_prefix(&[0x7F]).filter(|rest| rest.get(8..16) == Some(&challenge));
    let block = block.and_then(|rest| rest.get(..8)).ok_or(sw::REFERENCE_INVALIDATED)?;
    Ok(Zeroizing::new(block.to_vec()))
}

/// The counter moves before the comparison, so that cutting the power gains no try.
fn compare(application: &mut Application, transaction: &mut Transaction, entered: &Pin) -> Answer {
    application.tries_left = application.tries_left.saturating_sub(1);
    let right = application.pin.as_ref() == Some(entered);
    if right {
        application.tries_left = application.profile.pin_tries;
    }
    let facts = &mut transaction.facts;
    (facts.pin_performed, facts.pin_failed, facts.tries_left) = (true, !right, application.tries_left);
    if right { Ok(Reply::from(StatusWord::OK)) } else { Err(sw::tries_left(application.tries_left)) }
}
