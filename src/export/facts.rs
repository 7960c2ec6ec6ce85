//! What one attempt says, as far as signatures are made over it. Taken once from what was recorded, and again from what
//! takes its place.

use std::collections::BTreeMap;

use apdu::{
    Dol, Tag,
    command::ins,
    tag::{self, READ_RECORD_TEMPLATE_70, RESPONSE_FORMAT_1_80, RESPONSE_FORMAT_2_77},
};

use super::{
    talk::{Talk, inside, is_directory},
    walk::{Part, look},
};

/// A card has fewer records; a locator can name more.
const MOST_RECORDS: usize = 256;

#[derive(Clone, Default)]
pub(super) struct Facts {
    /// The name of the application.
    pub aid: Vec<u8>,
    objects: BTreeMap<Tag, Vec<u8>>,
    /// What the answer to GET PROCESSING OPTIONS names, in order, and what was read of it: `None` where it was not.
    pub signed_records: Vec<Record>,
    /// Records that were read and are not said to be signed.
    pub other_records: Vec<Record>,
    /// The values sent for the PDOL.
    pub pdol: Vec<u8>,
    /// The data of each GENERATE AC.
    pub generate: Vec<Vec<u8>>,
}

/// A record as it is signed, and as it came.
#[derive(Clone, Default)]
pub(super) struct Record {
    pub signed: Vec<u8>,
    pub whole: Vec<u8>,
}

impl Facts {
    pub fn of(talks: &[Talk]) -> Self {
        let mut facts = Self::default();
        talks.iter().for_each(|talk| facts.take(talk));
        facts.take_records(talks);
        facts
    }

    /// The value the card gave first.
    pub fn value(&self, tag: Tag) -> Option<&[u8]> {
        self.objects.get(&tag).map(Vec::as_slice)
    }

    pub fn value_or_nothing(&self, tag: Tag) -> &[u8] {
        self.value(tag).unwrap_or(&[])
    }

    pub fn rid(&self) -> Option<[u8; 5]> {
        self.aid.first_chunk().copied()
    }

    /// The AIP, when the SDA tag list has it signed.
    pub fn listed(&self) -> &[u8] {
        let list = self.value(tag::SDA_TAG_LIST_9F4A);
        list.filter(|list| *list == [0x82]).map_or(&[], |_| self.value_or_nothing(tag::AIP_82))
    }

    /// Every value the terminal sent for `wanted`, in whatever list.
    pub fn sent(&self, wanted: Tag) -> Vec<Vec<u8>> {
        let lists = [
            (tag::PDOL_9F38, Some(&self.pdol)),
            (tag::CDOL1_8C, self.generate.first()),
            (tag::CDOL2_8D, self.generate.get(1)),
        ];
        let find = |(list, values): (Tag, Option<&Vec<u8>>)| {
            let range = Dol::parse(self.value(list)?).ok()?.range_of(wanted)?;
            values?.get(range).map(<[u8]>::to_vec)
        };
        lists.into_iter().filter_map(find).collect()
    }

    fn take(&mut self, talk: &Talk) {
        if let Some(name) = talk.selects().filter(|name| talk.is_good() && !is_directory(name)) {
            self.aid = name.to_vec();
            self.objects.clear();
        }
        match talk.ins() {
            ins::GET_PROCESSING_OPTIONS => {
                self.pdol = inside(talk.data(), tag::COMMAND_TEMPLATE_83).unwrap_or(&[]).to_vec();
                self.take_profile(talk.answer());
            }
            ins::GENERATE_AC => self.generate.push(talk.data().to_vec()),
            _ => {}
        }
        self.take_objects(talk.answer());
    }

    /// In format 1 the profile and the locator have no tags.
    fn take_profile(&mut self, answer: &[u8]) {
        if let Some([first, second, locator @ ..]) = inside(answer, RESPONSE_FORMAT_1_80) {
            self.keep(tag::AIP_82, &[*first, *second]);
            self.keep(tag::AFL_94, locator);
        }
    }

    fn take_objects(&mut self, answer: &[u8]) {
        look(answer, &mut |part, value| {
            if let Part::Object(tag) = part {
                self.keep(tag, value);
            }
        });
    }

    fn keep(&mut self, tag: Tag, value: &[u8]) {
        self.objects.entry(tag).or_insert_with(|| value.to_vec());
    }

    fn take_records(&mut self, talks: &[Talk]) {
        let locator = self.value_or_nothing(tag::AFL_94).to_vec();
        let signed: Vec<(u8, u8)> = locator.chunks_exact(4).flat_map(signed_by).take(MOST_RECORDS).collect();
        let find = |name: &(u8, u8)| talks.iter().find(|talk| talk.record() == Some(*name) && talk.is_good());
        self.signed_records = signed.iter().map(|name| find(name).map(record).unwrap_or_default()).collect();
        let others = talks.iter().filter(|talk| talk.is_good());
        let others = others.filter(|talk| talk.record().is_some_and(|name| !signed.contains(&name)));
        self.other_records = others.map(record).collect();
    }
}

/// The records one entry of the locator has signed: SFI and number.
fn signed_by(entry: &[u8]) -> Vec<(u8, u8)> {
    let [sfi, first, _, count] = *entry else { return Vec::new() };
    (first..=u8::MAX).take(usize::from(count)).map(|number| (sfi >> 3, number)).collect()
}

fn record(talk: &Talk) -> Record {
    let whole = talk.answer();
    let short = talk.record().is_some_and(|(sfi, _)| sfi <= 10);
    let signed = if short { inside(whole, READ_RECORD_TEMPLATE_70).unwrap_or(&[]) } else { whole };
    Record { signed: signed.to_vec(), whole: whole.to_vec() }
}

/// What is inside the answer to GENERATE AC or INTERNAL AUTHENTICATE, without the signature: what the card signs of it.
pub(super) fn answered(answer: &[u8]) -> Vec<u8> {
    let objects = apdu::tlv::Reader::strict(inside(answer, RESPONSE_FORMAT_2_77).unwrap_or(&[]));
    let signed = objects.map_while(Result::ok);
    let without = signed.filter(|object| object.tag != tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    without.flat_map(|object| object.raw.to_vec()).collect()
}
