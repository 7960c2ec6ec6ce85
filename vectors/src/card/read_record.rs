//! READ RECORD (`EMV 4.4 Book 1, 11.2`).

use apdu::Command;

use super::chip::Files;
use super::reply::{Answer, sw};

pub(super) fn read_record(files: Option<&Files>, command: &Command) -> Answer {
    let [_, _, number, reference] = command.header();
    if reference & 0x07 != 0x04 || number == 0 {
        return Err(sw::WRONG_PARAMETERS);
    }
    if !command.data().is_empty() {
        return Err(sw::WRONG_LENGTH);
    }
    let (files, sfi) = (files.ok_or(sw::FILE_NOT_FOUND)?, reference >> 3);
    let in_file = files.keys().any(|(file, _)| *file == sfi);
    let record = files.get(&(sfi, number)).ok_or(if in_file { sw::RECORD_NOT_FOUND } else { sw::FILE_NOT_FOUND })?;
    Ok(record.clone().into())
}
