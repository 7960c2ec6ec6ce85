//! Data objects of one side of the transaction. The side is part of the type, so that what a card sends can never stand
//! where the terminal's own data stands (`EMV 4.4 Book 3, 7.5`).

pub(crate) mod keep;

use alloc::vec::Vec;
use core::{fmt, marker::PhantomData};

use apdu::{Tag, wipe::wipe};

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
    /// The tags of `entries`, side by side: they are looked through at each step.
    tags: Vec<Tag>,
    entries: Vec<Entry>,
    side: PhantomData<Side>,
}

#[derive(Clone, Copy)]
struct Entry {
    start: usize,
    end: usize,
    place: Place,
}

impl<Side> Default for Store<Side> {
    fn default() -> Self {
        Self { bytes: Vec::new(), tags: Vec::new(), entries: Vec::new(), side: PhantomData }
    }
}

impl<Side> Store<Side> {
    /// Puts a value, in place of an earlier one.
    pub fn put(&mut self, tag: Tag, value: &[u8], place: Place) {
        if self.tags.is_empty() {
            self.make_room();
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(value);
        let entry = Entry { start, end: self.bytes.len(), place };
        match self.position(tag).and_then(|at| self.entries.get_mut(at)) {
            Some(known) => *known = entry,
            None => {
                self.tags.push(tag);
                self.entries.push(entry);
            }
        }
    }

    /// Room for what a card gives, at the first object: many a store stays empty. Growing would leave copies behind that
    /// nobody wipes.
    fn make_room(&mut self) {
        self.bytes.reserve(1024);
        self.tags.reserve(48);
        self.entries.reserve(48);
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
        self.position(tag).is_some()
    }

    /// All objects in the order of their first arrival.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, &[u8])> {
        let entries = self.tags.iter().zip(&self.entries);
        entries.filter_map(|(tag, entry)| Some((*tag, self.bytes.get(entry.start..entry.end)?)))
    }

    /// The bytes it takes.
    pub(crate) fn footprint(&self) -> usize {
        let entry = size_of::<Entry>().saturating_add(size_of::<Tag>());
        self.entries.capacity().saturating_mul(entry).saturating_add(self.bytes.capacity())
    }

    fn entry(&self, tag: Tag) -> Option<&Entry> {
        self.position(tag).and_then(|at| self.entries.get(at))
    }

    fn position(&self, tag: Tag) -> Option<usize> {
        // Eight at a time, whichever of them it is: that needs no branch for each.
        let (groups, rest) = self.tags.as_chunks::<8>();
        let in_groups = groups.iter().position(|group| group.iter().fold(false, |any, known| any | (*known == tag)));
        let (before, left) = match in_groups {
            Some(at) => (at.saturating_mul(8), groups.get(at).map_or(rest, |group| group)),
            None => (groups.len().saturating_mul(8), rest),
        };
        left.iter().position(|known| *known == tag).map(|at| before.saturating_add(at))
    }
}

impl<Side> Drop for Store<Side> {
    fn drop(&mut self) {
        // It never shrinks: what it holds is all it ever held.
        wipe(&mut self.bytes);
    }
}

impl<Side> fmt::Debug for Store<Side> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.tags).finish()
    }
}
