//! Data objects of one side of the transaction. The side is part of the type, so that what a card sends can never stand
//! where the terminal's own data stands (`EMV 4.4 Book 3, 7.5`).

pub(crate) mod keep;

use alloc::vec::Vec;
use core::{fmt, marker::PhantomData};

use apdu::Tag;
use zeroize::Zeroize;

use crate::finding::Place;

/// Data the card gave.
#[derive(Clone, Copy, Debug)]
pub struct FromCard;

/// Data the terminal, or the issuer through it, gave.
#[derive(Clone, Copy, Debug)]
pub struct FromTerminal;

/// What the card gave, with the place each object came from.
pub type CardData = Store<FromCard>;

/// What the terminal and the issuer gave.
pub type TerminalData = Store<FromTerminal>;

/// Primitive data objects by tag. All values share one buffer, which is wiped on drop.
#[derive(Clone)]
pub struct Store<Side> {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    side: PhantomData<Side>,
}

#[derive(Clone, Copy)]
struct Entry {
    tag: Tag,
    start: usize,
    end: usize,
    place: Place,
}

impl<Side> Default for Store<Side> {
    fn default() -> Self {
        Self { bytes: Vec::with_capacity(1024), entries: Vec::with_capacity(48), side: PhantomData }
    }
}

impl<Side> Store<Side> {
    /// Puts a value, in place of an earlier one.
    pub fn put(&mut self, tag: Tag, value: &[u8], place: Place) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(value);
        let entry = Entry { tag, start, end: self.bytes.len(), place };
        match self.entries.iter_mut().find(|known| known.tag == tag) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }

    /// The value of `tag`.
    pub fn value(&self, tag: Tag) -> Option<&[u8]> {
        self.entry(tag).and_then(|entry| self.bytes.get(entry.start..entry.end))
    }

    /// The value of `tag` when it is exactly `N` bytes long.
    pub fn array<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.value(tag).and_then(|value| value.try_into().ok())
    }

    /// Where the value of `tag` came from, and the tag itself.
    pub fn place(&self, tag: Tag) -> Place {
        self.entry(tag).map_or(Place { tag: Some(tag), ..Place::default() }, |entry| entry.place.tag(tag))
    }

    /// Whether `tag` is there.
    pub fn has(&self, tag: Tag) -> bool {
        self.entry(tag).is_some()
    }

    /// All objects in the order of their first arrival.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, &[u8])> {
        self.entries.iter().filter_map(|entry| Some((entry.tag, self.bytes.get(entry.start..entry.end)?)))
    }

    fn entry(&self, tag: Tag) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }
}

impl<Side> Drop for Store<Side> {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl<Side> fmt::Debug for Store<Side> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries.iter().map(|entry| entry.tag)).finish()
    }
}
