//! What is changed: classes of mutants, each of which has a number, so that every mutant has a name that says it all.
//!
//! `cda/e07/bit/0123` is the transaction `cda`, its event 7, one bit, the 123rd.

mod answers;
mod bytes;
mod commands;
mod forged;
mod objects;
mod random;

use std::{fmt, ops::Range};

use vectors::SoftwareCard;

use super::baseline::Baseline;

/// A way to change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// One bit of a response.
    Bit,
    /// One byte of a response has another value.
    Byte,
    /// A response is cut.
    Cut,
    /// A byte more in a response: 00, FF, or the byte before it once more.
    Insert,
    /// A data object is deleted, doubled, swapped, moved, emptied, or a byte longer or shorter.
    Object,
    /// A data object has another tag of the same length.
    Tag,
    /// Two bytes that are flags have every value: AIP, CTQ.
    Flags,
    /// Another status word.
    Status,
    /// The answer of another card in the same place.
    Splice,
    /// Answers are left out, doubled, swapped.
    Answers,
    /// One to four changes at random places.
    Random,
    /// One bit of what the card is asked: the card sees what the terminal did not send.
    CommandBit,
    /// One byte of what the card is asked has another value.
    CommandByte,
    /// Certificates and signatures made wrong with the right keys.
    Forged,
}

impl Class {
    pub const ALL: [Self; 14] = [
        Self::Bit,
        Self::Byte,
        Self::Cut,
        Self::Insert,
        Self::Object,
        Self::Tag,
        Self::Flags,
        Self::Status,
        Self::Splice,
        Self::Answers,
        Self::Random,
        Self::CommandBit,
        Self::CommandByte,
        Self::Forged,
    ];

    pub const fn id(self) -> &'static str {
        match self {
            Self::Bit => "bit",
            Self::Byte => "byte",
            Self::Cut => "cut",
            Self::Insert => "insert",
            Self::Object => "object",
            Self::Tag => "tag",
            Self::Flags => "flags",
            Self::Status => "status",
            Self::Splice => "splice",
            Self::Answers => "answers",
            Self::Random => "random",
            Self::CommandBit => "command-bit",
            Self::CommandByte => "command-byte",
            Self::Forged => "forged",
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.id() == id)
    }

    /// It changes the transaction and not one of its events.
    pub const fn is_of_all(self) -> bool {
        matches!(self, Self::Answers | Self::Random | Self::Forged)
    }
}

/// The baselines, and how many random mutants of each there are.
pub struct World {
    pub baselines: Vec<Baseline>,
    /// Every tag that occurs.
    pub tags: Vec<u32>,
    pub seed: u64,
    /// Random mutants of each baseline.
    pub random: usize,
}

impl World {
    pub fn new(baselines: Vec<Baseline>, seed: u64, random: usize) -> Self {
        let tags = objects::tags(&baselines);
        Self { baselines, tags, seed, random }
    }

    /// How many mutants of `class` there are of one event, or of the whole transaction.
    pub fn count(&self, baseline: usize, at: usize, class: Class) -> usize {
        let from = &self.baselines[baseline];
        if class.is_of_all() != (at == 0) {
            return 0;
        }
        if class.is_of_all() {
            return match class {
                Class::Answers => answers::count(from),
                Class::Random => self.random,
                _ => forged::count(from),
            };
        }
        let Some((command, response)) = from.exchange(at - 1) else { return 0 };
        let data = response.len() - 2;
        match class {
            Class::Bit => response.len() * 8,
            Class::Byte => response.len() * 255,
            Class::Cut => data,
            Class::Insert => (data + 1) * 3,
            Class::Object => objects::count(response),
            Class::Tag => objects::count_of_tags(response, &self.tags),
            Class::Flags => objects::count_of_flags(command, response),
            Class::Status => 65_536,
            Class::Splice => answers::splices(self, baseline, at - 1).len(),
            Class::CommandBit => command.len() * 8,
            Class::CommandByte => command.len() * 255,
            Class::Answers | Class::Random | Class::Forged => 0,
        }
    }

    /// The places mutants of `class` are numbered at: events from 1, or 0 for the transaction.
    pub fn places(&self, baseline: usize, class: Class) -> Vec<usize> {
        let events = self.baselines[baseline].events.len();
        (0..=events).filter(|at| self.count(baseline, *at, class) > 0).collect()
    }

    /// The change a name stands for; `None` when it changes nothing.
    pub fn change(&self, name: &Name) -> Option<Change> {
        let from = &self.baselines[name.baseline];
        match name.class {
            Class::Answers => answers::change(from, name.number),
            Class::Random => random::change(self, name),
            Class::Forged => forged::change(from, name.number),
            _ => self.change_of_one(name),
        }
    }

    fn change_of_one(&self, name: &Name) -> Option<Change> {
        let from = &self.baselines[name.baseline];
        let at = name.at - 1;
        let (command, response) = from.exchange(at)?;
        match name.class {
            Class::Bit => bytes::bit(at, response, name.number),
            Class::Byte => bytes::byte(at, response, name.number),
            Class::Cut => bytes::cut(at, response, name.number),
            Class::Insert => bytes::insert(from, at, response, name.number),
            Class::Object => objects::change(from, at, name.number),
            Class::Tag => objects::retag(at, response, &self.tags, name.number),
            Class::Flags => objects::flags(from, at, name.number),
            Class::Status => bytes::status(at, response, name.number),
            Class::Splice => answers::splice(self, name.baseline, at, name.number),
            Class::CommandBit => commands::bit(at, name.number),
            Class::CommandByte => commands::byte(at, command, name.number),
            Class::Answers | Class::Random | Class::Forged => None,
        }
    }

    /// The mutant called `text`.
    pub fn name(&self, text: &str) -> Option<Name> {
        let mut parts = text.split('/');
        let baseline = parts.next()?;
        let baseline = self.baselines.iter().position(|known| known.name == baseline)?;
        let at = parts.next()?.strip_prefix('e')?.parse().ok()?;
        let class = Class::from_id(parts.next()?)?;
        let number = parts.next()?.parse().ok()?;
        (number < self.count(baseline, at, class)).then_some(Name { baseline, at, class, number })
    }

    /// A name as text.
    pub fn text(&self, name: &Name) -> String {
        let Name { baseline, at, class, number } = name;
        format!("{}/e{at:02}/{}/{number:04}", self.baselines[*baseline].name, class.id())
    }
}

/// Which mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    pub baseline: usize,
    /// The event, from 1; 0 for the whole transaction.
    pub at: usize,
    pub class: Class,
    pub number: usize,
}

/// What is changed, and where that is in what was recorded.
#[derive(Default)]
pub struct Change {
    /// Whole responses, by event.
    pub responses: Vec<(usize, Vec<u8>)>,
    /// For each event the one whose answer it gets.
    pub places: Option<Vec<usize>>,
    pub command: Option<Wedge>,
    /// Another card from the start.
    pub card: Option<Box<SoftwareCard>>,
    pub touched: Vec<Touch>,
    /// The fields it touches, when that is not told by places.
    pub fields: Vec<String>,
    /// Data authentication cannot succeed, whatever bytes are touched.
    pub must_fail: bool,
}

/// What a wedge makes of a command.
pub struct Wedge {
    pub at: usize,
    pub edit: Edit,
}

/// A change of one byte.
#[derive(Clone, Copy)]
pub enum Edit {
    Flip(usize, u8),
    /// The byte is this one, whatever a stricter terminal sends in its place.
    Set(usize, u8),
}

impl Wedge {
    pub fn apply(&self, command: &[u8]) -> Vec<u8> {
        let mut bytes = command.to_vec();
        self.edit.apply(&mut bytes);
        bytes
    }
}

impl Edit {
    pub fn apply(self, bytes: &mut [u8]) {
        let (Self::Flip(at, _) | Self::Set(at, _)) = self;
        let Some(byte) = bytes.get_mut(at) else { return };
        match self {
            Self::Flip(_, mask) => *byte ^= mask,
            Self::Set(_, value) => *byte = value,
        }
    }
}

/// Bytes of what was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    pub event: usize,
    pub side: Side,
    pub range: Range<usize>,
    /// A byte in this range that is authenticated cannot be authenticated any more.
    pub breaks: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Command,
    Response,
}

impl Touch {
    pub fn response(event: usize, range: Range<usize>) -> Self {
        Self { event, side: Side::Response, range, breaks: true }
    }

    pub fn breaks(self, breaks: bool) -> Self {
        Self { breaks, ..self }
    }
}

impl Change {
    /// One response becomes `bytes`, which it was not.
    fn of_response(event: usize, old: &[u8], bytes: Vec<u8>, touched: Touch) -> Option<Self> {
        let changed = bytes != old;
        changed.then(|| Self { responses: vec![(event, bytes)], touched: vec![touched], ..Self::default() })
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
