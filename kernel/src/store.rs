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
    entries: Vec<Entry>,
    /// For tags that are equal modulo 128, which few are: which of them was put last, counted from 1; 0 for none. So most
    /// that are there, and most that are not, are known at once.
    latest: [u8; 128],
    side: PhantomData<Side>,
}

/// One object: where its value stands among the bytes, and where it came from.
#[derive(Clone, Copy)]
struct Entry {
    tag: Tag,
    start: u32,
    end: u32,
    exchange: Option<u16>,
    offset: Option<u16>,
    record: Option<(u8, u8)>,
}

impl Entry {
    fn place(&self) -> Place {
        Place { exchange: self.exchange, tag: Some(self.tag), offset: self.offset, record: self.record }
    }
}

impl<Side> Default for Store<Side> {
    fn default() -> Self {
        Self { bytes: Vec::new(), entries: Vec::new(), latest: [0; 128], side: PhantomData }
    }
}

impl<Side> Store<Side> {
    /// Puts a value, in place of an earlier one.
    #[expect(clippy::indexing_slicing, reason = "a slot is below 128")]
    pub fn put(&mut self, tag: Tag, value: &[u8], place: Place) {
        if self.entries.is_empty() {
            self.make_room();
        }
        let start = self.end();
        self.bytes.extend_from_slice(value);
        let Place { exchange, offset, record, .. } = place;
        let entry = Entry { tag, start, end: self.end(), exchange, offset, record };
        if let Some(known) = self.position(tag).and_then(|at| self.entries.get_mut(at)) {
            *known = entry;
            return;
        }
        self.entries.push(entry);
        self.latest[slot(tag)] = u8::try_from(self.entries.len()).unwrap_or(u8::MAX);
    }

    fn end(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    /// Room for what a card gives, at the first object: many a store stays empty. Growing would leave copies behind that
    /// nobody wipes. None of it is more than 1 kB: beyond, allocators take their time.
    fn make_room(&mut self) {
        self.bytes = Vec::with_capacity(1024);
        self.entries = Vec::with_capacity(const { 1024 / size_of::<Entry>() });
    }

    /// The value of `tag`.
    pub fn value(&self, tag: Tag) -> Option<&[u8]> {
        self.entry(tag).and_then(|entry| self.value_of(entry))
    }

    /// The value of `tag` when it is exactly `N` bytes long.
    pub fn array<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.value(tag).and_then(|value| value.try_into().ok())
    }

    /// Where the value of `tag` came from, and the tag itself.
    pub fn place(&self, tag: Tag) -> Place {
        self.entry(tag).map_or(Place { tag: Some(tag), ..Place::default() }, Entry::place)
    }

    /// Whether `tag` is there.
    pub fn has(&self, tag: Tag) -> bool {
        self.position(tag).is_some()
    }

    /// All objects in the order of their first arrival.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, &[u8])> {
        self.entries.iter().filter_map(|entry| Some((entry.tag, self.value_of(entry)?)))
    }

    /// The bytes it takes.
    pub(crate) fn footprint(&self) -> usize {
        self.entries.capacity().saturating_mul(size_of::<Entry>()).saturating_add(self.bytes.capacity())
    }

    fn value_of(&self, entry: &Entry) -> Option<&[u8]> {
        self.bytes.get(usize::try_from(entry.start).ok()?..usize::try_from(entry.end).ok()?)
    }

    fn entry(&self, tag: Tag) -> Option<&Entry> {
        self.position(tag).and_then(|at| self.entries.get(at))
    }

    #[expect(clippy::indexing_slicing, reason = "a slot is below 128")]
    fn position(&self, tag: Tag) -> Option<usize> {
        let latest = usize::from(self.latest[slot(tag)]).checked_sub(1)?;
        let is_it = |entry: &Entry| entry.tag == tag;
        if self.entries.get(latest).is_some_and(is_it) { Some(latest) } else { self.entries.iter().position(is_it) }
    }
}

/// Where among the latest a tag is: by the bits in which those of a kind differ.
fn slot(tag: Tag) -> usize {
    usize::from(tag.number().to_le_bytes()[0] % 128)
}

impl<Side> Drop for Store<Side> {
    fn drop(&mut self) {
        // It never shrinks: what it holds is all it ever held.
        wipe(&mut self.bytes);
    }
}

impl<Side> fmt::Debug for Store<Side> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries.iter().map(|entry| entry.tag)).finish()
    }
}
