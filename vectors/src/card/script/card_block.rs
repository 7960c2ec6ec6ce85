//! CARD BLOCK (`EMV 4.4 Book 3, 6.5.3`): SELECT answers `6A81` from now on, for good.

use apdu::Command;

use super::{Done, Transaction, bare};

pub(super) fn card_block(transaction: &mut Transaction, command: &Command, data: &[u8]) -> Done {
    bare(command, data)?;
    transaction.card_block = true;
    Ok(())
}
