//! APPLICATION BLOCK (`EMV 4.4 Book 3, 6.5.1`): SELECT answers `6283` from now on, and every cryptogram is an AAC.

use apdu::Command;

use super::{Application, Done, bare};

pub(super) fn application_block(application: &mut Application, command: &Command, data: &[u8]) -> Done {
    bare(command, data)?;
    application.blocked = true;
    Ok(())
}
