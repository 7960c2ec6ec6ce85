//! A command as a trace has it: not always one that could be sent.

use std::{fmt, ops::Deref};

use apdu::{
    Command,
    command::{CommandError, ins},
};
use zeroize::Zeroize;

use crate::notation::write_hex;

/// The bytes of a recorded command, right or wrong. They are wiped when dropped; `Debug` hides the data of commands that
/// carry a PIN.
///
/// Of a command whose data the recorder hid, there are header and Lc.
#[derive(Clone, PartialEq, Eq)]
pub struct TracedCommand(Vec<u8>);

impl TracedCommand {
    /// All bytes, as recorded.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// CLA, INS, P1, P2.
    pub fn header(&self) -> Option<[u8; 4]> {
        self.0.first_chunk().copied()
    }

    /// Whether the data field holds a PIN or a biometric.
    pub fn is_secret(&self) -> bool {
        let ins = self.0.get(1).copied();
        matches!(ins, Some(ins::VERIFY | ins::VERIFY_DATA_OBJECT | ins::PIN_CHANGE_UNBLOCK))
    }

    /// How many data bytes the recorder hid: of a secret there is Lc and nothing behind.
    pub fn hidden(&self) -> usize {
        match self.as_bytes() {
            [_, _, _, _, lc] if self.is_secret() => usize::from(*lc),
            _ => 0,
        }
    }

    /// The command as the kernel would send it.
    ///
    /// # Errors
    /// [`CommandError`] when the bytes are none of the four cases, or some are hidden.
    pub fn to_command(&self) -> Result<Command, CommandError> {
        if self.hidden() > 0 { Err(CommandError::NotACommand(self.len())) } else { Command::from_bytes(&self.0) }
    }
}

impl From<Vec<u8>> for TracedCommand {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Deref for TracedCommand {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for TracedCommand {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for TracedCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.is_secret() { self.get(..5).unwrap_or(self) } else { self };
        f.write_str("TracedCommand(")?;
        write_hex(f, shown)?;
        f.write_str(if self.is_secret() { " [hidden])" } else { ")" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_not_printed() {
        let verify = TracedCommand::from(vec![0, 0x20, 0, 0x80, 8, 0x24, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        assert_eq!(format!("{verify:?}"), "TracedCommand(0020008008 [hidden])");
        assert_eq!((verify.hidden(), verify.to_command().is_ok()), (0, true));
        // The data of a chained or broken command is no less secret.
        assert!(!format!("{:?}", TracedCommand::from(vec![0x10, 0x24, 0, 1, 9, 0x12, 0x34])).contains("1234"));
    }

    #[test]
    fn what_the_recorder_hid_is_known_to_be_missing() {
        let verify = TracedCommand::from(vec![0, 0x20, 0, 0x80, 8]);
        assert_eq!(verify.hidden(), 8);
        assert_eq!(verify.to_command().unwrap_err(), CommandError::NotACommand(5));
        assert_eq!(TracedCommand::from(vec![0, 0xB2, 1, 0x0C, 0]).hidden(), 0);
    }
}
