//! User interface requests (`EMV Contactless Book A, 7.1 and 9.4`).

use core::fmt;

/// Something to show, and the state of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserInterfaceRequest {
    /// Which message.
    pub message: MessageId,
    /// The state of the reader.
    pub status: Status,
    /// How long the message stays before the next may come, in units of 100 ms.
    pub hold_time: u8,
    /// Language preference (`5F2D`), filled with zeros.
    pub language: Option<[u8; 8]>,
    /// What the value is.
    pub qualifier: ValueQualifier,
    /// Minor units.
    pub value: u64,
    /// Currency code of the value (ISO 4217, BCD).
    pub currency: [u8; 2],
}

impl UserInterfaceRequest {
    /// A message with the default hold time and nothing else.
    pub const fn new(message: MessageId, status: Status) -> Self {
        Self {
            message,
            status,
            hold_time: 13,
            language: None,
            qualifier: ValueQualifier::None,
            value: 0,
            currency: [0; 2],
        }
    }
}

/// Everything in one line, as a transcript keeps it.
impl fmt::Display for UserInterfaceRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ui {} {} hold={}", self.message.id(), self.status.id(), self.hold_time)?;
        if self.qualifier != ValueQualifier::None {
            let [high, low] = self.currency;
            write!(f, " {}={} currency={high:02X}{low:02X}", self.qualifier.id(), self.value)?;
        }
        if let Some(language) = &self.language {
            let letters = language.iter().copied().filter(u8::is_ascii_alphanumeric).map(char::from);
            f.write_str(" language=")?;
            letters.into_iter().try_for_each(|letter| write!(f, "{letter}"))?;
        }
        Ok(())
    }
}

macro_rules! coded {
    ($(#[$doc:meta])* $kind:ident { $($name:ident = $code:literal, $id:literal, $item:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $kind {
            $(#[doc = $item] $name,)*
        }

        impl $kind {
            /// The coded value.
            pub const fn code(self) -> u8 {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// Stable kebab-case id.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// What `code` means; a code of no meaning is ignored by a reader.
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }

            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

coded! {
    /// Message identifiers (`EMV Contactless Book A, table 9-5`).
    MessageId {
        Approved = 0x03, "approved", "Approved.";
        NotAuthorised = 0x07, "not-authorised", "Not authorised.";
        EnterPin = 0x09, "enter-pin", "Please enter your PIN.";
        ProcessingError = 0x0F, "processing-error", "Processing error.";
        RemoveCard = 0x10, "remove-card", "Please remove the card.";
        Welcome = 0x14, "welcome", "Welcome.";
        PresentCard = 0x15, "present-card", "Present a card.";
        Processing = 0x16, "processing", "Processing.";
        CardReadOk = 0x17, "card-read-ok", "The card was read, it may be removed.";
        InsertOrSwipe = 0x18, "insert-or-swipe", "Please insert or swipe the card.";
        PresentOneCard = 0x19, "present-one-card", "Present one card only.";
        ApprovedPleaseSign = 0x1A, "approved-please-sign", "Approved, please sign.";
        Authorising = 0x1B, "authorising", "Authorising, please wait.";
        TryAnotherCard = 0x1C, "try-another-card", "Insert, swipe or try another card.";
        InsertCard = 0x1D, "insert-card", "Please insert the card.";
        Clear = 0x1E, "clear-display", "Nothing is shown.";
        SeePhone = 0x20, "see-phone", "See the phone for instructions.";
        PresentCardAgain = 0x21, "present-card-again", "Present the card again.";
        NotApplicable = 0xFF, "-", "No message.";
    }
}

coded! {
    /// The state of the reader (`EMV Contactless Book A, 7.1`).
    Status {
        NotReady = 0x00, "not-ready", "Not ready.";
        Idle = 0x01, "idle", "Idle.";
        ReadyToRead = 0x02, "ready-to-read", "Ready to read.";
        Processing = 0x03, "processing", "Processing.";
        CardReadSuccessfully = 0x04, "card-read-successfully", "Card read successfully.";
        ProcessingError = 0x05, "processing-error", "Processing error.";
        NotApplicable = 0xFF, "-", "Not applicable.";
    }
}

coded! {
    /// What the value of a request is.
    ValueQualifier {
        None = 0x00, "none", "There is none.";
        Amount = 0x10, "amount", "The amount.";
        Balance = 0x20, "balance", "The balance.";
    }
}
