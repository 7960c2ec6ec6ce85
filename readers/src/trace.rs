//! Any recorded trace: logs of other terminals, readers and sniffers, as commands and responses.
//!
//! [`read`] takes the bytes of a file and finds out who wrote it, or is told ([`Format`]):
//!
//! | format | what it is |
//! |---|---|
//! | `transcript` | our own recordings; they keep the whole [`Transcript`] |
//! | `json` | `{"exchanges": [{"c": "00A4…", "r": "6F…9000"}]}`, or the list alone; other keys are ignored |
//! | `text` | a hex line each way; arrows or words that tell commands from responses (`->`, `>>`, `C-APDU:`, `send:`, `Tx`, `APDU`/`SW`, `发送`); timestamps and words around them; both on one line; data and status word apart; long lines wrapped; fields (`CLA … INS …`) |
//! | `pcscd` | the PC/SC daemon with `--apdu` |
//! | `opensc` | `opensc-tool -s`, and debug logs of OpenSC |
//! | `scriptor` | `scriptor` and `gscriptor` of pcsc-tools |
//! | `proxmark` | Proxmark3: the table of a trace list (ISO 14443-4 blocks unpacked, chaining and repeats undone, or plain APDUs), or the `>>>>`/`<<<<` log of `emv` commands |
//! | `cardpeek` | Cardpeek's card log (`.clf`), or its log window; its XML holds the card's files and no command |
//! | `pcap` | pcap or pcapng with GSMTAP SIM packets, as SIMtrace writes them |
//!
//! What a line looks like decides little, what it says more: `C-APDU:` before any hex makes it a command, even a broken
//! one, for what is broken is what people ask about. Without such a sign only what is a command or a response by its
//! form is taken. Every line with something on it ends in an exchange or among the [`Skips`].
//!
//! Exchanges are as they were recorded, `61xx`, `6Cxx` and procedure bytes included; [`Trace::joined`] gives what they
//! amount to.
//!
//! ```
//! use emvident_readers::trace;
//!
//! let log = b"12:00:01.120 C-APDU: 00 A4 04 00 07 A0 00 00 00 04 10 10 00\n12:00:01.160 R-APDU: 6A 82\n";
//! let trace = trace::read(log, None)?;
//! assert_eq!(trace.format.id(), "text");
//! assert_eq!(trace.exchanges[0].command.header(), Some([0x00, 0xA4, 0x04, 0x00]));
//! assert_eq!(trace.exchanges[0].elapsed.unwrap().as_millis(), 40);
//! # Ok::<(), trace::Error>(())
//! ```

mod assembler;
mod capture;
mod cardpeek;
mod command;
mod detect;
mod error;
mod format;
mod joined;
mod json;
mod labelled;
mod lines;
mod octets;
mod opensc;
mod pcscd;
mod proxmark;
mod recorded;
mod scriptor;
mod shape;
mod skipped;
mod text;

use std::{borrow::Cow, fmt, time::Duration};

use apdu::{Octets, StatusWord};

use crate::transcript::Transcript;

pub use command::TracedCommand;
pub use error::{Error, ErrorKind};
pub use format::Format;
pub use joined::Joined;
pub use json::{Record, read_json_value, read_record};
pub use skipped::{MAX_SKIPPED, Reason, Skipped, Skips};

use skipped::excerpt;

/// The most bytes a trace may have.
pub const MAX_INPUT: usize = 64 << 20;

/// The most bytes a line of a log may have.
pub const MAX_LINE: usize = 1 << 20;

/// The most exchanges a trace may hold.
pub const MAX_EXCHANGES: usize = 65_536;

/// A recorded trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// How it was written.
    pub format: Format,
    /// The card's answer to reset, if the trace tells it: the first one.
    pub atr: Option<Vec<u8>>,
    /// What went to the card and came back, in order, as recorded.
    pub exchanges: Vec<Exchange>,
    /// What was not used, and why.
    pub skipped: Skips,
    /// The whole recording, if it is ours.
    pub transcript: Option<Transcript>,
}

/// A command and what came back. `Debug` shows no data.
#[derive(Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The command, as many of its bytes as the trace has.
    pub command: TracedCommand,
    /// Data and status word, or whatever of them was recorded; nothing when the trace has no response.
    pub response: Option<Octets>,
    /// The line of the command, from 1; in a capture the packet; 1 where there are no lines.
    pub line: usize,
    /// The time from command to response, if the trace tells it.
    pub elapsed: Option<Duration>,
}

impl Exchange {
    /// The status word, unless the response is missing or too short for one.
    pub fn status(&self) -> Option<StatusWord> {
        self.response.as_deref().and_then(shape::status)
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = self.response.as_ref().map(|bytes| (bytes.len(), self.status()));
        f.debug_struct("Exchange")
            .field("line", &self.line)
            .field("command", &self.command)
            .field("response (bytes, status word)", &response)
            .field("elapsed", &self.elapsed)
            .finish()
    }
}

impl Format {
    /// What wrote `bytes`, by its signature; [`Format::Text`] for all else that holds hex.
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        detect::detect(&lines::plain(bytes))
    }
}

/// Reads a trace. Without `format` it is detected. UTF-16 and byte order marks are undone.
///
/// # Errors
/// [`Error`], with line and column, for what is no trace, holds no command, or is beyond a limit.
pub fn read(bytes: &[u8], format: Option<Format>) -> Result<Trace, Error> {
    if bytes.len() > MAX_INPUT {
        return Err(Error::input_too_large(bytes.len()));
    }
    let plain: Cow<'_, [u8]> = lines::plain(bytes);
    let format = match format {
        Some(format) => format,
        None => detect::detect(&plain).ok_or_else(|| detect::unknown(&plain))?,
    };
    match format {
        Format::Transcript => recorded::read(&plain),
        Format::Json => json::read(&plain),
        Format::Text => text::read(&plain),
        Format::Pcscd => pcscd::read(&plain),
        Format::OpenSc => opensc::read(&plain),
        Format::Scriptor => scriptor::read(&plain),
        Format::Proxmark => proxmark::read(&plain),
        Format::Cardpeek => cardpeek::read(&plain),
        Format::Capture => capture::read(&plain),
    }
}
