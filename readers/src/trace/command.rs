//! A command as a trace has it: not always one that could be sent.

use std::{fmt, ops::Deref};

use apdu::{
    Command, Octets,
    command::{CommandError, ins},
};

use super::shape;
use crate::notation::write_hex;

/// The bytes of a recorded command, right or wrong. They are wiped when dropped; `Debug` shows the header alone, for what
/// is data and what a PIN is a guess in a broken log.
///
/// Of a command whose data the recorder hid, there are header and Lc.
#[derive(Clone, PartialEq, Eq)]
pub struct TracedCommand {
    bytes: Octets,
    /// The data of a secret command, sent apart from its header.
    is_secret_data: bool,
}

impl TracedCommand {
    /// All bytes, as recorded.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same bytes as data of `command`, sent when the card asked for them (T=0).
    pub(super) fn data_of(command: &Self, mut data: Self) -> Self {
        data.is_secret_data = command.is_secret();
        if data.is_secret_data {
            let bytes = data.bytes.to_vec();
            data.bytes.wipe();
            data.bytes = bytes.into();
        }
        data
    }

    /// CLA, INS, P1, P2.
    pub fn header(&self) -> Option<[u8; 4]> {
        self.bytes.first_chunk().copied()
    }

    /// Whether the bytes hold a PIN or a biometric.
    pub fn is_secret(&self) -> bool {
        let ins = self.bytes.get(1).copied();
        self.is_secret_data || ins.is_some_and(ins::is_secret)
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
        if self.hidden() > 0 { Err(CommandError::NotACommand(self.len())) } else { Command::from_bytes(&self.bytes) }
    }
}

/// What is secret stays in one place until it is wiped, wherever the command itself goes.
impl From<&[u8]> for TracedCommand {
    fn from(bytes: &[u8]) -> Self {
        let is_secret = bytes.get(1).copied().is_some_and(ins::is_secret);
        if is_secret { bytes.to_vec().into() } else { Self { bytes: bytes.into(), is_secret_data: false } }
    }
}

impl From<Vec<u8>> for TracedCommand {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), is_secret_data: false }
    }
}

impl Deref for TracedCommand {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for TracedCommand {
    fn drop(&mut self) {
        self.bytes.wipe();
    }
}

impl fmt::Debug for TracedCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TracedCommand(")?;
        if shape::is_command(self) && !self.is_secret_data {
            write_hex(f, self.get(..4).unwrap_or(&[]))?;
            f.write_str(", ")?;
        }
        write!(f, "{} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_not_printed() {
        let verify = TracedCommand::from(vec![0, 0x20, 0, 0x80, 8, 0x24, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        assert_eq!(format!("{verify:?}"), "TracedCommand(00200080, 13 bytes)");
        assert_eq!((verify.hidden(), verify.to_command().is_ok()), (0, true));
        // What is no command by its form may be anything.
        assert_eq!(format!("{:?}", TracedCommand::from(vec![0x24, 0x12, 0x34, 0xFF])), "TracedCommand(4 bytes)");
        let data = TracedCommand::data_of(&verify, vec![0, 0xA4, 0, 0].into());
        assert_eq!((format!("{data:?}").as_str(), data.is_secret()), ("TracedCommand(4 bytes)", true));
    }

    #[test]
    fn what_the_recorder_hid_is_known_to_be_missing() {
        let verify = TracedCommand::from(vec![0, 0x20, 0, 0x80, 8]);
        assert_eq!(verify.hidden(), 8);
        assert_eq!(verify.to_command().unwrap_err(), CommandError::NotACommand(5));
        assert_eq!(TracedCommand::from(vec![0, 0xB2, 1, 0x0C, 0]).hidden(), 0);
    }
}
