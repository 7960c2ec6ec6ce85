//! The formats a trace may come in.

use std::fmt;

/// What wrote a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// A transcript of this program.
    Transcript,
    /// One JSON object with `exchanges: [{c, r}]`.
    Json,
    /// A log by any program, or lines somebody typed.
    Text,
    /// The PC/SC daemon with `--apdu`.
    Pcscd,
    /// `opensc-tool -s`, and debug logs of OpenSC.
    OpenSc,
    /// `scriptor` or `gscriptor` of pcsc-tools.
    Scriptor,
    /// Proxmark3: the table of a trace list, or the log of an `emv` command.
    Proxmark,
    /// Cardpeek: a card log (`.clf`), or its log window.
    Cardpeek,
    /// A pcap or pcapng file with GSMTAP SIM packets.
    Capture,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Transcript,
        Self::Json,
        Self::Text,
        Self::Pcscd,
        Self::OpenSc,
        Self::Scriptor,
        Self::Proxmark,
        Self::Cardpeek,
        Self::Capture,
    ];

    /// The name on a command line and in JSON; it never changes.
    pub fn id(self) -> &'static str {
        match self {
            Self::Transcript => "transcript",
            Self::Json => "json",
            Self::Text => "text",
            Self::Pcscd => "pcscd",
            Self::OpenSc => "opensc",
            Self::Scriptor => "scriptor",
            Self::Proxmark => "proxmark",
            Self::Cardpeek => "cardpeek",
            Self::Capture => "pcap",
        }
    }

    /// The format called `name`, in whatever case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
