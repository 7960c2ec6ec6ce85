//! PIN CHANGE/UNBLOCK (`EMV 4.4 Book 3, 6.5.10`).

use apdu::Command;

use super::{Application, Channel, Done, sw};
use crate::secret::Pin;
use crate::symmetric::secure_messaging::{Style, read_visa_pin_block};

/// P2 `00` sets the try counter back; `02` brings a new PIN, `01` a new one combined with the old (Visa and UnionPay).
pub(super) fn pin_change_unblock(
    application: &mut Application,
    command: &Command,
    channel: &Channel,
    data: &[u8],
) -> Done {
    let [_, _, p1, what] = command.header();
    match (p1, what) {
        (0x00, 0x00) if data.is_empty() => {}
        (0x00, 0x00) => return Err(sw::WRONG_LENGTH),
        (0x00, 0x01 | 0x02) => {
            let block = channel.decipher(data, 8).ok_or(sw::WRONG_DATA)?;
            application.pin = Some(new_pin(application, what, &block).ok_or(sw::WRONG_DATA)?);
        }
        _ => return Err(sw::WRONG_PARAMETERS),
    }
    application.tries_left = application.profile.pin_tries;
    Ok(())
}

fn new_pin(application: &Application, what: u8, block: &[u8]) -> Option<Pin> {
    let old = application.pin.as_ref().filter(|_| what == 0x01);
    match application.profile.version.messaging() {
        Style::Visa | Style::UnionPay => read_visa_pin_block(&application.keys.cryptogram, block, old),
        Style::Mastercard | Style::Common => Pin::from_block_2(block).filter(|_| what == 0x02),
    }
}
