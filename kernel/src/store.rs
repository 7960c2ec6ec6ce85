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
    /// What was put, side by side by kind.
    tags: Vec<Tag>,
    spans: Vec<Span>,
    places: Vec<Place>,
    /// For tags that are equal modulo 128, which few are: which of them was put last, counted from 1; 0 for none. So most
    /// that are there, and most that are not, are known at once.
    latest: [u8; 128],
    side: PhantomData<Side>,
}

/// Room for so many objects: more than most cards have.
const OBJECTS: usize = 48;

/// Where a value stands among the bytes.
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

impl<Side> Default for Store<Side> {
    fn default() -> Self {
        let (bytes, tags, spans, places) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { bytes, tags, spans, places, latest: [0; 128], side: PhantomData }
    }
}

impl<Side> Store<Side> {
    /// Puts a value, in place of an earlier one.
    #[expect(clippy::indexing_slicing, reason = "a slot is below 128")]
    pub fn put(&mut self, tag: Tag, value: &[u8], place: Place) {
        if self.tags.is_empty() {
            self.make_room();
        }
        let start = self.end();
        self.bytes.extend_from_slice(value);
        let span = Span { start, end: self.end() };
        let known = self.position(tag).and_then(|at| self.spans.get_mut(at).zip(self.places.get_mut(at)));
        if let Some(known) = known {
            (*known.0, *known.1) = (span, place);
            return;
        }
        self.tags.push(tag);
        self.spans.push(span);
        self.places.push(place);
        self.latest[slot(tag)] = u8::try_from(self.tags.len()).unwrap_or(u8::MAX);
    }

    fn end(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    /// Room for what a card gives, at the first object: many a store stays empty. Growing would leave copies behind that
    /// nobody wipes. None of it is more than 1 kB: beyond, allocators take their time.
    fn make_room(&mut self) {
        self.bytes = Vec::with_capacity(1024);
        self.tags = Vec::with_capacity(OBJECTS);
        self.spans = Vec::with_capacity(OBJECTS);
        self.places = Vec::with_capacity(OBJECTS);
    }

    /// The value of `tag`.
    pub fn value(&self, tag: Tag) -> Option<&[u8]> {
        self.position(tag).and_then(|at| self.spans.get(at)).and_then(|span| self.at(*span))
    }

    /// The value of `tag` when it is exactly `N` bytes long.
    pub fn array<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.value(tag).and_then(|value| value.try_into().ok())
    }

    /// Where the value of `tag` came from, and the tag itself.
    pub fn place(&self, tag: Tag) -> Place {
        let place = self.position(tag).and_then(|at| self.places.get(at));
        place.copied().unwrap_or_default().tag(tag)
    }

    /// Whether `tag` is there.
    pub fn has(&self, tag: Tag) -> bool {
        self.position(tag).is_some()
    }

    /// All objects in the order of their first arrival.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, &[u8])> {
        self.tags.iter().zip(&self.spans).filter_map(|(tag, span)| Some((*tag, self.at(*span)?)))
    }

    /// The bytes it takes.
    pub(crate) fn footprint(&self) -> usize {
        let entry = size_of::<(Tag, Span, Place)>();
        self.tags.capacity().saturating_mul(entry).saturating_add(self.bytes.capacity())
    }

    fn at(&self, span: Span) -> Option<&[u8]> {
        self.bytes.get(usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?)
    }

    #[expect(clippy::indexing_slicing, reason = "a slot is below 128")]
    fn position(&self, tag: Tag) -> Option<usize> {
        let latest = usize::from(self.latest[slot(tag)]).checked_sub(1)?;
        let is_latest = self.tags.get(latest) == Some(&tag);
        if is_latest { Some(latest) } else { self.tags.iter().position(|known| *known == tag) }
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
        f.debug_list().entries(&self.tags).finish()
    }
}
