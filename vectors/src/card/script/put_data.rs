//! PUT DATA: a new value for an object of the issuer's own that the card already holds.

use apdu::Command;

use super::{Application, Done, sw};

pub(super) fn put_data(application: &mut Application, command: &Command, data: &[u8]) -> Done {
    let [_, _, p1, p2] = command.header();
    let held = application.data.get_mut(&u16::from_be_bytes([p1, p2])).ok_or(sw::DATA_NOT_FOUND)?;
    if held.len() != data.len() {
        return Err(sw::WRONG_LENGTH);
    }
    held.copy_from_slice(data);
    Ok(())
}
