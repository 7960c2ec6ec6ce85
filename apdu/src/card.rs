//! The one trait behind which every card stands.

use core::{future::Future, time::Duration};

use crate::{Command, Response};

/// A card: something that answers one command with one response.
///
/// A PC/SC reader, a software card, a transcript being replayed and the wrappers around them are all cards. A blocking
/// implementation returns a future that is ready at once.
pub trait Card {
    /// Sends `command` and waits for the final response: the transport's own `61xx` and `6Cxx` steps are already done.
    fn transmit(&mut self, command: &Command) -> impl Future<Output = Result<Exchange, Fault>>;

    /// The answer to reset, empty when the interface hides it.
    fn atr(&self) -> &[u8];

    /// The command that really went to the card last, when it is not the one that was given: a recording of another
    /// terminal's transaction has that terminal's. Signatures are checked against what really went.
    fn sent(&self) -> Option<&Command> {
        None
    }

    /// Switches the field on and waits for a card in it (`EMV Contactless Book D`; Book B, 3.2.1). A card behind contacts is
    /// there already. A reader that polls for itself reports the card it found.
    ///
    /// # Errors
    /// [`Fault`] when the reader gives up.
    fn activate(&mut self) -> impl Future<Output = Result<Presence, Fault>> {
        core::future::ready(Ok(Presence::One))
    }

    /// Switches the field off for `duration`, which resets the card in it. Nothing happens to a card behind contacts.
    ///
    /// # Errors
    /// [`Fault`] when the reader does not obey.
    fn field_off(&mut self, duration: Duration) -> impl Future<Output = Result<(), Fault>> {
        let _ = duration;
        core::future::ready(Ok(()))
    }

    /// Whether the reader has its own PIN pad, which sends VERIFY without the PIN ever reaching this program.
    fn has_pin_pad(&self) -> bool {
        false
    }

    /// Lets the reader's PIN pad collect a plaintext PIN and send VERIFY with it.
    fn verify_on_pin_pad(&mut self, request: &PinPadRequest) -> impl Future<Output = Result<Exchange, Fault>> {
        let _ = request;
        core::future::ready(Err(Fault::Unsupported))
    }
}

/// What a contactless reader finds in its field (`EMV Contactless Book B, 3.2.1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// One card, activated.
    One,
    /// More than one: none is activated.
    Several,
    /// None within the time the reader polls.
    None,
}

impl Presence {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Several => "several",
            Self::None => "none",
        }
    }

    /// The presence with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::One, Self::Several, Self::None].into_iter().find(|presence| presence.id() == id)
    }
}

/// One answered command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What the card answered.
    pub response: Response,
    /// Time between the command leaving and the response arriving.
    pub elapsed: Duration,
}

/// What a PIN pad reader needs to know to verify a plaintext PIN (`EMV 4.4 Book 3, 6.5.12`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinPadRequest {
    /// Fewest digits to accept.
    pub min_digits: u8,
    /// Most digits to accept.
    pub max_digits: u8,
    /// How long the reader waits for the cardholder.
    pub timeout: Duration,
}

impl Default for PinPadRequest {
    fn default() -> Self {
        Self { min_digits: 4, max_digits: 12, timeout: Duration::from_secs(30) }
    }
}

/// Why a card gave no answer.
///
/// Each variant is one reason of the diagnosis catalogue; `code` of [`Fault::Other`] is the interface's own number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The smart-card service is not running.
    #[error("the smart-card service is not running")]
    ServiceDown,
    /// No reader is connected.
    #[error("no card reader is connected")]
    NoReader,
    /// No reader has the name asked for.
    #[error("no reader has that name")]
    UnknownReader,
    /// The reader was unplugged.
    #[error("the reader was unplugged")]
    Unplugged,
    /// Another program holds the card.
    #[error("another program is using the card")]
    Busy,
    /// The user may not use the reader.
    #[error("no right to use the reader")]
    NoPermission,
    /// No card is in the reader.
    #[error("no card in the reader")]
    Absent,
    /// The card gives no answer to reset.
    #[error("the chip does not answer")]
    Mute,
    /// The card has no power.
    #[error("the card has no power")]
    Unpowered,
    /// The answer to reset breaks the rules, or the reader refuses it.
    #[error("the answer to reset is not valid")]
    BadAtr,
    /// Another program reset the card.
    #[error("another program reset the card")]
    Reset,
    /// The card was taken out.
    #[error("the card was removed")]
    Removed,
    /// Reader and card agree on no protocol.
    #[error("card and reader agree on no protocol")]
    Protocol,
    /// A transmission error, or an answer of fewer than two bytes.
    #[error("transmission error")]
    Transmission,
    /// No answer in time.
    #[error("the card answered too late")]
    Timeout,
    /// The request was cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The answer did not fit its buffer.
    #[error("the answer did not fit the buffer")]
    BufferShort,
    /// The answer's length does not fit the request, or the card chains answers without end.
    #[error("the answer's length does not fit the request")]
    Length,
    /// The reader's driver failed.
    #[error("the reader's driver failed")]
    Internal,
    /// A replayed transcript ends here.
    #[error("the recording ends here")]
    RecordingEnds,
    /// A replayed transcript holds another command here.
    #[error("the recording holds another command here")]
    RecordingDiffers,
    /// This card cannot do that.
    #[error("not supported by this reader")]
    Unsupported,
    /// Anything else, with the interface's own code.
    #[error("reader error {code:08X}")]
    Other {
        /// The interface's own code.
        code: u32,
    },
}
