//! UPDATE RECORD: a whole new record in place of one that is there.

use apdu::Command;

use super::{Application, Done, sw};

pub(super) fn update_record(application: &mut Application, command: &Command, data: &[u8]) -> Done {
    let [_, _, number, reference] = command.header();
    if reference & 0x07 != 0x04 || number == 0 {
        return Err(sw::WRONG_PARAMETERS);
    }
    let record = application.records.get_mut(&(reference >> 3, number)).ok_or(sw::RECORD_NOT_FOUND)?;
    *record = data.to_vec();
    Ok(())
}
