//! What a check saw: typed, with its place, never formatted here.

use alloc::{boxed::Box, vec::Vec};
use core::fmt;

use apdu::{
    StatusWord, Tag,
    value::{date::Date, pan::Pan},
};

/// One piece of evidence: a named fact, what the rule wanted, what was there, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What was looked at.
    pub fact: Fact,
    /// What the rule wants.
    pub expected: Option<Value>,
    /// What was there.
    pub found: Option<Value>,
    /// Where it was.
    pub place: Place,
}

impl Evidence {
    /// Something seen, with nothing to compare it with.
    pub fn found(fact: Fact, found: impl Into<Value>) -> Self {
        Self { fact, expected: None, found: Some(found.into()), place: Place::default() }
    }

    /// A comparison that failed.
    pub fn compared(fact: Fact, expected: impl Into<Value>, found: impl Into<Value>) -> Self {
        Self { fact, expected: Some(expected.into()), found: Some(found.into()), place: Place::default() }
    }

    /// Something that should be there and is not.
    pub fn missing(fact: Fact, expected: impl Into<Value>) -> Self {
        Self { fact, expected: Some(expected.into()), found: None, place: Place::default() }
    }

    /// The same evidence at `place`.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// The same evidence, inside the value of `tag`.
    #[must_use]
    pub fn in_tag(mut self, tag: Tag) -> Self {
        self.place.tag = Some(tag);
        self
    }

    /// The same evidence, `offset` bytes into what it is inside of.
    #[must_use]
    pub fn offset(mut self, offset: usize) -> Self {
        self.place.offset = u16::try_from(offset).ok();
        self
    }
}

/// Where something was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The exchange, counted from 1.
    pub exchange: Option<u16>,
    /// The data object.
    pub tag: Option<Tag>,
    /// Bytes from the start of the data object's value, or of the response when there is no tag.
    pub offset: Option<u16>,
    /// The record: SFI and number.
    pub record: Option<(u8, u8)>,
}

impl Place {
    /// In exchange number `exchange`.
    pub fn exchange(exchange: u16) -> Self {
        Self { exchange: Some(exchange), ..Self::default() }
    }

    /// The same place, inside `tag`.
    #[must_use]
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }
}

/// A value in evidence. What must not be shown masks itself.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Bytes that may be shown.
    Bytes(Box<[u8]>),
    /// A number, in the unit its fact implies.
    Number(u64),
    /// A status word and the instruction it answered.
    Status(u8, StatusWord),
    /// A tag.
    Tag(Tag),
    /// Several tags.
    Tags(Vec<Tag>),
    /// A date.
    Date(Date),
    /// A card number.
    Pan(Pan),
    /// A fixed word: a stable key that renderers translate.
    Word(&'static str),
    /// A CA key: RID and index.
    Key([u8; 5], u8),
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}")),
            Self::Number(number) => write!(f, "{number}"),
            Self::Status(_, status) => write!(f, "{status}"),
            Self::Tag(tag) => write!(f, "{tag}"),
            Self::Tags(tags) => write!(f, "{tags:?}"),
            Self::Date(date) => write!(f, "{date:?}"),
            Self::Pan(pan) => write!(f, "{pan:?}"),
            Self::Word(word) => write!(f, "{word}"),
            Self::Key(rid, index) => {
                rid.iter().try_for_each(|byte| write!(f, "{byte:02X}"))?;
                write!(f, "/{index:02X}")
            }
        }
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Bytes(bytes.as_slice().into())
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident;)*) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

from! {
    u8 => Number;
    u16 => Number;
    u32 => Number;
    u64 => Number;
    Tag => Tag;
    Vec<Tag> => Tags;
    Date => Date;
    Pan => Pan;
    &'static str => Word;
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Number(value as u64)
    }
}

macro_rules! facts {
    ($($name:ident = $id:literal;)*) => {
        /// What a piece of evidence is about: a stable key that renderers translate.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Fact {
            $(#[doc = concat!("`", $id, "`.")] $name,)*
        }

        impl Fact {
            /// Stable kebab-case id.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// All facts.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

facts! {
    StatusWord = "status-word";
    ReaderCode = "reader-code";
    AnswerToReset = "answer-to-reset";
    Length = "length";
    Header = "header";
    Trailer = "trailer";
    Format = "format";
    HashAlgorithm = "hash-algorithm";
    KeyAlgorithm = "key-algorithm";
    Hash = "hash";
    IssuerIdentifier = "issuer-identifier";
    CardNumber = "card-number";
    SerialNumber = "serial-number";
    CertificateExpiry = "certificate-expiry";
    KeyLength = "key-length";
    Exponent = "exponent";
    Remainder = "remainder";
    CaKey = "ca-key";
    LoadedKeys = "loaded-keys";
    Checksum = "checksum";
    StaticData = "static-data";
    DynamicDataLength = "dynamic-data-length";
    CryptogramInformation = "cryptogram-information";
    TransactionDataHash = "transaction-data-hash";
    UnpredictableNumber = "unpredictable-number";
    DataObject = "data-object";
    DataObjectList = "data-object-list";
    Template = "template";
    TlvError = "tlv-error";
    Record = "record";
    FileLocator = "file-locator";
    ApplicationId = "application-id";
    ApplicationLabel = "application-label";
    Priority = "priority";
    CardMethods = "card-methods";
    TerminalMethods = "terminal-methods";
    ApplicationVersion = "application-version";
    UsageControl = "usage-control";
    CountryCode = "country-code";
    CurrencyCode = "currency-code";
    TransactionDate = "transaction-date";
    EffectiveDate = "effective-date";
    ExpirationDate = "expiration-date";
    TerminalType = "terminal-type";
    TransactionType = "transaction-type";
    Amount = "amount";
    FloorLimit = "floor-limit";
    RandomNumber = "random-number";
    RandomTarget = "random-target";
    TransactionCounter = "transaction-counter";
    LastOnlineCounter = "last-online-counter";
    OfflineLimit = "offline-limit";
    CvmRule = "cvm-rule";
    CvmResults = "cvm-results";
    TriesLeft = "tries-left";
    PinKey = "pin-key";
    VerificationBits = "verification-bits";
    ActionCode = "action-code";
    CryptogramAsked = "cryptogram-asked";
    CryptogramGiven = "cryptogram-given";
    CardVerificationResults = "card-verification-results";
    ResponseCode = "response-code";
    IssuerAuthenticationData = "issuer-authentication-data";
    ScriptIdentifier = "script-identifier";
    ScriptCommand = "script-command";
    Limit = "limit";
    CardTime = "card-time";
    Question = "question";
    KernelIdentifier = "kernel-identifier";
    VouchedBy = "vouched-by";
}
