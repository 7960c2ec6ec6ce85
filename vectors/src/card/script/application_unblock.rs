//! APPLICATION UNBLOCK (`EMV 4.4 Book 3, 6.5.2`).

use apdu::Command;

use super::{Application, Done, bare};

pub(super) fn application_unblock(application: &mut Application, command: &Command, data: &[u8]) -> Done {
    bare(command, data)?;
    application.blocked = false;
    Ok(())
}
