//! A command as a transcript keeps it: without any PIN.

use std::fmt;

use apdu::Command;

use crate::notation::{write_hex, write_parts};

/// A command in a transcript: all its bytes, or, where the data may hold a PIN, all but the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCommand(Kept);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kept {
    All(Box<Command>),
    Masked { header: [u8; 4], lc: u8, le: Option<u8> },
}

impl RecordedCommand {
    /// A command whose data is hidden.
    pub fn masked(header: [u8; 4], lc: u8, le: Option<u8>) -> Self {
        Self(Kept::Masked { header, lc, le })
    }

    /// The command, unless its data is hidden.
    pub fn command(&self) -> Option<&Command> {
        match &self.0 {
            Kept::All(command) => Some(command),
            Kept::Masked { .. } => None,
        }
    }

    /// CLA, INS, P1, P2.
    pub fn header(&self) -> [u8; 4] {
        match &self.0 {
            Kept::All(command) => command.header(),
            Kept::Masked { header, .. } => *header,
        }
    }

    /// Whether `command` is the recorded one; of a masked one, whether all that is known of it is the same.
    pub fn matches(&self, command: &Command) -> bool {
        match &self.0 {
            Kept::All(recorded) => **recorded == *command,
            Kept::Masked { .. } => *self == mask(command),
        }
    }
}

impl From<&Command> for RecordedCommand {
    fn from(command: &Command) -> Self {
        let hide = command.is_secret() && !command.data().is_empty();
        if hide { mask(command) } else { Self(Kept::All(Box::new(command.clone()))) }
    }
}

fn mask(command: &Command) -> RecordedCommand {
    let lc = u8::try_from(command.data().len()).unwrap_or(u8::MAX);
    RecordedCommand::masked(command.header(), lc, command.le())
}

impl fmt::Display for RecordedCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kept::All(command) => {
                write_parts(f, command.header(), command.data().len(), command.le(), |f| write_hex(f, command.data()))
            }
            Kept::Masked { header, lc, le } => {
                write_parts(f, *header, usize::from(*lc), *le, |f| (0..*lc).try_for_each(|_| f.write_str("**")))
            }
        }
    }
}
