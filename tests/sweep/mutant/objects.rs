//! Data objects: deleted, doubled, swapped, moved, emptied, longer, shorter, with another tag.

use std::collections::BTreeSet;

use emvident::apdu::{Tag, tag, tlv};

use super::{
    super::{
        baseline::Baseline,
        tree::{self, Object, objects},
    },
    Change, Touch,
};

/// What is done to an object.
const EDITS: usize = 10;

/// Two-byte objects whose bits are flags.
const FLAGS: [Tag; 2] = [tag::AIP_82, Tag::new(0x9F6C)];

pub fn tags(baselines: &[Baseline]) -> Vec<u32> {
    let responses = baselines.iter().flat_map(Baseline::exchanges).map(|(_, _, response)| data(response));
    let all: BTreeSet<u32> = responses.flat_map(objects).map(|object| object.tag.number()).collect();
    all.into_iter().collect()
}

fn data(response: &[u8]) -> &[u8] {
    &response[..response.len() - 2]
}

pub fn count(response: &[u8]) -> usize {
    objects(data(response)).len() * EDITS
}

pub fn count_of_tags(response: &[u8], tags: &[u32]) -> usize {
    objects(data(response)).len() * tags.len()
}

pub fn count_of_flags(command: &[u8], response: &[u8]) -> usize {
    flag_places(command[1], response).len() * 65_536
}

/// Where the flags stand in this response.
fn flag_places(ins: u8, response: &[u8]) -> Vec<usize> {
    let fields = tree::response_fields(ins, response);
    let start = |name: &str| {
        let places: Vec<usize> = (0..fields.len()).filter(|at| fields[*at] == name).collect();
        places.len().checked_sub(2).map(|last| places[last])
    };
    FLAGS.iter().filter_map(|tag| start(&tag.to_string())).collect()
}

pub fn flags(from: &Baseline, event: usize, number: usize) -> Option<Change> {
    let (command, response) = from.exchange(event)?;
    let at = flag_places(command[1], response)[number / 65_536];
    let mut bytes = response.to_vec();
    bytes[at..at + 2].copy_from_slice(&u16::try_from(number % 65_536).ok()?.to_be_bytes());
    Change::of_response(event, response, bytes, Touch::response(event, at..at + 2))
}

/// Another tag of as many bytes.
pub fn retag(event: usize, response: &[u8], tags: &[u32], number: usize) -> Option<Change> {
    let object = objects(data(response)).swap_remove(number / tags.len());
    let (old, new) = (object.tag.bytes(), Tag::new(tags[number % tags.len()]).bytes());
    if old.as_ref().len() != new.as_ref().len() {
        return None;
    }
    let mut bytes = response.to_vec();
    bytes[object.raw.start..][..new.as_ref().len()].copy_from_slice(new.as_ref());
    Change::of_response(event, response, bytes, Touch::response(event, object.raw))
}

pub fn change(from: &Baseline, event: usize, number: usize) -> Option<Change> {
    let (_, response) = from.exchange(event)?;
    let edit = Editing { from, event, response, all: objects(data(response)), which: number / EDITS };
    edit.make(number % EDITS)
}

struct Editing<'a> {
    from: &'a Baseline,
    event: usize,
    response: &'a [u8],
    all: Vec<Object>,
    which: usize,
}

impl Editing<'_> {
    fn make(&self, edit: usize) -> Option<Change> {
        let object = &self.all[self.which];
        let raw = &self.response[object.raw.clone()];
        let value = &self.response[object.value.clone()];
        let written = |value: &[u8]| {
            let mut out = Vec::new();
            tlv::write(&mut out, object.tag, value);
            Some(out)
        };
        let fills = !object.tag.is_constructed() || self.is_signed_as_it_comes(object);
        match edit {
            0 => self.replace(object, Vec::new(), true),
            1 => self.replace(object, [raw, raw].concat(), self.is_signed_with_its_tag(object)),
            2 => self.swap(),
            3 => self.to_the_end(),
            4 => self.to_another_record(),
            5 => self.replace(object, written(&[])?, true),
            6 => self.replace(object, written(value.get(1..)?)?, true),
            7 => self.replace(object, written(value.get(..value.len().checked_sub(1)?)?)?, true),
            8 => self.replace(object, written(&[&[0], value].concat())?, fills),
            _ => self.replace(object, written(&[value, &[0]].concat())?, fills),
        }
    }

    fn is_signed_with_its_tag(&self, object: &Object) -> bool {
        self.from.labels.of_response(self.event, object.raw.start).is_signed()
    }

    /// Its bytes are signed as a row of bytes and not as objects.
    fn is_signed_as_it_comes(&self, object: &Object) -> bool {
        let label = self.from.labels.of_response(self.event, object.raw.start);
        label.is_signed() && label != super::super::labels::Label::Sdad
    }

    fn replace(&self, object: &Object, new: Vec<u8>, breaks: bool) -> Option<Change> {
        let touch = Touch::response(self.event, object.raw.clone()).breaks(breaks);
        self.rewritten(object.raw.clone(), &object.inside, new, touch)
    }

    /// The next object in the same template.
    fn next(&self) -> Option<&Object> {
        let object = &self.all[self.which];
        self.all.iter().find(|other| other.raw.start == object.raw.end && other.inside == object.inside)
    }

    fn swap(&self) -> Option<Change> {
        let (object, next) = (&self.all[self.which], self.next()?);
        let swapped = [&self.response[next.raw.clone()], &self.response[object.raw.clone()]].concat();
        let breaks = self.is_signed_with_its_tag(object) && self.is_signed_with_its_tag(next);
        let both = object.raw.start..next.raw.end;
        let touch = Touch::response(self.event, both.clone()).breaks(breaks);
        self.rewritten(both, &object.inside, swapped, touch)
    }

    fn to_the_end(&self) -> Option<Change> {
        let object = &self.all[self.which];
        let end = object.inside.last().map_or(self.response.len() - 2, |outer| self.all[*outer].raw.end);
        let moved = [&self.response[object.raw.end..end], &self.response[object.raw.clone()]].concat();
        let passes = self.next().is_some_and(|next| self.is_signed_with_its_tag(next));
        let breaks = self.is_signed_with_its_tag(object) && passes;
        let touch = Touch::response(self.event, object.raw.start..end).breaks(breaks);
        self.rewritten(object.raw.start..end, &object.inside, moved, touch)
    }

    /// To the end of the next record that was read, or the one before.
    fn to_another_record(&self) -> Option<Change> {
        let object = &self.all[self.which];
        let records = self.from.exchanges().filter(|(_, command, _)| command[1] == 0xB2).map(|(event, ..)| event);
        let records: Vec<usize> = records.collect();
        let here = records.iter().position(|event| *event == self.event)?;
        let there = *records.get(here + 1).or_else(|| records.get(here.checked_sub(1)?))?;
        let (_, response) = self.from.exchange(there)?;
        let template = objects(data(response)).into_iter().next().filter(|first| first.tag.is_constructed())?;
        object.inside.first()?;
        let value = [&response[template.value.clone()], &self.response[object.raw.clone()]].concat();
        let mut longer = Vec::new();
        tlv::write(&mut longer, template.tag, &value);
        longer.extend_from_slice(&response[response.len() - 2..]);
        let mut change = self.replace(object, Vec::new(), self.is_signed_with_its_tag(object))?;
        change.responses.push((there, longer));
        Some(change)
    }

    /// Puts `new` where `range` is, and makes the lengths of the templates around it right.
    fn rewritten(&self, range: std::ops::Range<usize>, inside: &[usize], new: Vec<u8>, touch: Touch) -> Option<Change> {
        let (mut bytes, mut range) = (new, range);
        for outer in inside.iter().rev().map(|outer| &self.all[*outer]) {
            let before = &self.response[outer.value.start..range.start];
            let after = &self.response[range.end..outer.value.end];
            let value = [before, &bytes, after].concat();
            bytes = Vec::new();
            tlv::write(&mut bytes, outer.tag, &value);
            range = outer.raw.clone();
        }
        let bytes = [&self.response[..range.start], &bytes, &self.response[range.end..]].concat();
        Change::of_response(self.event, self.response, bytes, touch)
    }
}
