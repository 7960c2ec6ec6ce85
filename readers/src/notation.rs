//! How commands and responses are written for people: parts apart, secrets hidden.

use std::fmt;

use apdu::{Command, Exchange};

/// A command with its parts apart (`00A40400 07 A0000000041010 00`); what may hold a PIN is `[PIN]`.
#[derive(Clone, Copy)]
pub struct ShownCommand<'a>(pub &'a Command);

impl fmt::Display for ShownCommand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(command) = self;
        write_parts(f, command.header(), command.data().len(), command.le(), |f| {
            if command.is_secret() { f.write_str("[PIN]") } else { write_hex(f, command.data()) }
        })
    }
}

/// A response with data and status word apart (`6F00 9000`).
#[derive(Clone, Copy)]
pub struct ShownResponse<'a>(pub &'a Exchange);

impl fmt::Display for ShownResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = &self.0.response;
        if !response.data().is_empty() {
            write_hex(f, response.data())?;
            f.write_str(" ")?;
        }
        write!(f, "{}", response.status())
    }
}

/// Header, Lc, data and Le with spaces between; `data` writes the data field.
pub(crate) fn write_parts(
    f: &mut fmt::Formatter<'_>,
    header: [u8; 4],
    lc: usize,
    le: Option<u8>,
    data: impl FnOnce(&mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    write_hex(f, &header)?;
    if lc > 0 {
        write!(f, " {lc:02X} ")?;
        data(f)?;
    }
    le.map_or(Ok(()), |le| write!(f, " {le:02X}"))
}

pub(crate) fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
}
