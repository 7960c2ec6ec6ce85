//! Values of evidence as they may be shown.

use apdu::{
    StatusWord, Tag, command,
    dictionary::{Context, Sensitivity, lookup},
    status,
    value::CryptogramType,
};
use kernel::finding::{Fact, Value};
use serde::Serialize;

use super::{escape, money::Currency};
use crate::{
    decode::label,
    text::{File, Text},
};

/// A value that may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", content = "value", rename_all = "kebab-case")]
pub(super) enum Shown {
    /// Bytes in hexadecimal digits.
    Bytes(String),
    /// Letters as the data element codes them.
    Characters(String),
    /// A number.
    Number(u64),
    /// A number of bytes.
    Length(u64),
    /// An amount.
    Amount(String),
    /// A kind of cryptogram, with the byte that says it.
    Cryptogram(String),
    /// A status word and the command it answered.
    Status(StatusView),
    /// Data objects.
    Tags(Vec<TagView>),
    /// A day.
    Date(String),
    /// A card number, its middle hidden.
    CardNumber(String),
    /// A fixed word.
    Word(&'static str),
    /// A CA key: RID and index.
    CaKey(String),
    /// This many bytes that are not shown.
    Hidden(usize),
}

/// A status word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct StatusView {
    #[serde(skip)]
    ins: u8,
    #[serde(skip)]
    status: StatusWord,
    /// Four hexadecimal digits.
    pub sw: String,
    /// The command.
    pub command: &'static str,
    /// The stable key of what it means.
    pub meaning: &'static str,
}

/// A tag and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct TagView {
    /// Its number.
    pub tag: String,
    /// What the data dictionary calls it; empty when it does not know it.
    pub name: &'static str,
    #[serde(skip)]
    number: Tag,
    #[serde(skip)]
    context: Context,
}

impl TagView {
    pub fn new(tag: Tag, context: Context) -> Self {
        let name = lookup(tag, context).map_or("", |entry| entry.name);
        Self { tag: tag.to_string(), name, number: tag, context }
    }
}

impl StatusView {
    pub fn new(ins: u8, status: StatusWord) -> Self {
        let (command, meaning) = (command::name(ins, 0x80), status::key(ins, status));
        Self { ins, status, sw: status.to_string(), command, meaning }
    }
}

/// What decides how a value is shown.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    /// What it is about.
    pub fact: Fact,
    /// The data object it is in.
    pub tag: Option<Tag>,
    /// What tags mean on this card.
    pub context: Context,
    /// The currency of amounts.
    pub currency: Currency,
}

impl Shown {
    pub fn new(value: &Value, setting: Setting) -> Self {
        match value {
            Value::Bytes(bytes) => setting.bytes(bytes),
            Value::Number(number) => setting.number(*number),
            Value::Status(ins, status) => Self::Status(StatusView::new(*ins, *status)),
            Value::Tag(tag) => Self::Tags(vec![TagView::new(*tag, setting.context)]),
            Value::Tags(tags) => Self::Tags(tags.iter().map(|tag| TagView::new(*tag, setting.context)).collect()),
            Value::Date(date) => Self::Date(date.to_string()),
            Value::Pan(pan) => Self::CardNumber(pan.to_string()),
            Value::Word(word) => Self::Word(word),
            Value::Key(rid, index) => Self::CaKey(format!("{}/{index:02X}", hex::encode_upper(rid))),
        }
    }

    /// The value in the language of `text`.
    pub fn say(&self, text: &Text) -> String {
        match self {
            Self::Bytes(none) if none.is_empty() => text.say(File::Report, "nothing"),
            Self::Bytes(shown) | Self::Characters(shown) | Self::Amount(shown) | Self::Cryptogram(shown) => {
                shown.clone()
            }
            Self::Date(shown) | Self::CardNumber(shown) | Self::CaKey(shown) => shown.clone(),
            Self::Number(number) => number.to_string(),
            Self::Status(view) => format!("{} {}", view.sw, text.status_word(view.ins, view.status)),
            Self::Tags(tags) => {
                tags.iter().map(|tag| tag.say(text)).collect::<Vec<_>>().join(&text.say(File::Report, "comma"))
            }
            Self::Length(count) => text.say_with(File::Report, "bytes", &[("count", &count.to_string())]),
            Self::Word(word) => text.word(word),
            Self::Hidden(count) => text.say_with(File::Report, "hidden", &[("count", &count.to_string())]),
        }
    }
}

impl TagView {
    /// Number, and name in the language of `text`.
    pub fn say(&self, text: &Text) -> String {
        if self.name.is_empty() { self.tag.clone() } else { label(self.number, self.context, text) }
    }
}

impl Setting {
    fn bytes(self, bytes: &[u8]) -> Shown {
        if !self.may_be_shown() {
            return Shown::Hidden(bytes.len());
        }
        match (self.fact, bytes) {
            (Fact::ResponseCode, _) if bytes.is_ascii() => Shown::Characters(escape(&String::from_utf8_lossy(bytes))),
            (Fact::CryptogramGiven | Fact::CryptogramAsked | Fact::CryptogramInformation, [byte]) => cryptogram(*byte),
            (Fact::LoadedKeys, _) => Shown::Bytes(spaced(bytes)),
            _ => Shown::Bytes(hex::encode_upper(bytes)),
        }
    }

    fn number(self, number: u64) -> Shown {
        let byte = u8::try_from(number).ok();
        match (self.fact, byte) {
            (Fact::Amount | Fact::FloorLimit, _) => Shown::Amount(self.currency.amount(number)),
            (Fact::CryptogramGiven | Fact::CryptogramAsked | Fact::CryptogramInformation, Some(byte)) => {
                cryptogram(byte)
            }
            (Fact::StaticData | Fact::DataObjectList, _) => Shown::Length(number),
            (Fact::ReaderCode, _) => Shown::Bytes(format!("{number:08X}")),
            (Fact::Header | Fact::Trailer | Fact::Format | Fact::HashAlgorithm | Fact::KeyAlgorithm, Some(byte)) => {
                Shown::Bytes(format!("{byte:02X}"))
            }
            _ => Shown::Number(number),
        }
    }

    /// Bytes are shown when their fact holds no account data whatever they are taken from, or when they are the value of
    /// a data object that may be shown. Of what could not be read nobody knows what it holds.
    fn may_be_shown(self) -> bool {
        match self.fact {
            Fact::TlvError | Fact::Record | Fact::StaticData | Fact::CardNumber | Fact::Template => false,
            Fact::DataObject | Fact::ExpirationDate => self.tag.is_some_and(|tag| self.is_public(tag)),
            _ => true,
        }
    }

    fn is_public(self, tag: Tag) -> bool {
        let entry = lookup(tag, self.context);
        !tag.is_constructed() && entry.is_some_and(|entry| entry.sensitivity < Sensitivity::Account)
    }
}

fn cryptogram(byte: u8) -> Shown {
    Shown::Cryptogram(format!("{byte:02X} {}", CryptogramType::from_bits(byte)))
}

fn spaced(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}
