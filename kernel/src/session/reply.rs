//! What a card answered, and to what.

use core::time::Duration;

use apdu::{Command, Response, StatusWord, Tag, tlv};

use crate::finding::{Evidence, Fact, Place};

/// An answered command and its number.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What the card answered.
    pub response: Response,
    /// The number of the exchange, from 1.
    pub exchange: u16,
    /// The instruction byte of the command.
    pub ins: u8,
    /// The time it took.
    pub elapsed: Duration,
    /// The command that really went out, when it is not the one that was given (`Card::sent`).
    pub(super) sent: Option<Command>,
}

impl Reply {
    /// The data without the status word.
    pub fn data(&self) -> &[u8] {
        self.response.data()
    }

    /// P1 of the command that really went out, where `given` was to be sent.
    pub fn sent_p1(&self, given: u8) -> u8 {
        self.sent.as_ref().map_or(given, |command| command.header()[2])
    }

    /// The data field that really went out, where `given` was to be sent.
    pub fn sent<'r>(&'r self, given: &'r [u8]) -> &'r [u8] {
        self.sent.as_ref().map_or(given, Command::data)
    }

    /// The status word.
    pub fn status(&self) -> StatusWord {
        self.response.status()
    }

    /// The value of `tag`, when the card answered with that data object.
    pub fn object(&self, tag: Tag) -> Option<&[u8]> {
        let object = tlv::Reader::strict(self.data()).next().filter(|_| self.status().is_ok())?.ok()?;
        (object.tag == tag).then_some(object.value)
    }

    /// The one data object that the answer consists of; where it cannot be read, or something follows it, the offset of
    /// that.
    pub fn template(&self) -> Option<Result<tlv::Tlv<'_>, usize>> {
        let mut objects = tlv::Reader::strict(self.data());
        let first = objects.next()?;
        Some(match (first, objects.next()) {
            (Ok(template), Some(_)) => Err(template.offset.saturating_add(template.raw.len())),
            (first, _) => first.map_err(|error| error.offset),
        })
    }

    /// This exchange as a place.
    pub fn place(&self) -> Place {
        Place::exchange(self.exchange)
    }

    /// The status word as evidence.
    pub fn evidence(&self) -> Evidence {
        Evidence::found(Fact::StatusWord, crate::finding::Value::Status(self.ins, self.status())).at(self.place())
    }
}
