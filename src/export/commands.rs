//! The objects of a whole recording replaced: in answers by their tags, in commands by the card's lists.

use std::collections::BTreeMap;

use apdu::{
    Dol, Tag,
    command::ins,
    dictionary::Context,
    tag::{self, RESPONSE_FORMAT_1_80},
};

use super::{
    facts::Facts,
    manifest::Kind,
    rules::Rules,
    talk::{Talk, inside, is_directory},
    walk::{Part, look, walk},
};

const LOG_ENTRY: Tag = Tag::new(0x9F4D);
const DRDOL: Tag = Tag::new(0x9F51);
const UDOL: Tag = Tag::new(0x9F69);
const CHECKSUM: u8 = 0x2A;
const RECOVER_AC: u8 = 0xD0;
/// Files up to this one are made of data objects (`EMV 4.4 Book 3, 5.3.2.2`).
const LAST_EMV_FILE: u8 = 10;

/// What the card's lists and files are, as far as the recording has come.
#[derive(Default)]
struct Card {
    context: Context,
    lists: BTreeMap<Tag, Vec<u8>>,
    generated: usize,
    /// The files the locator names.
    files: Vec<u8>,
    log: Option<u8>,
}

/// Replaces the objects of every exchange, in order.
pub(super) fn replace(talks: &mut [Talk], rules: &mut Rules) {
    let mut card = Card::default();
    for talk in talks {
        card.sees(talk);
        card.command(talk, rules);
        card.answer(talk, rules);
    }
}

impl Card {
    fn sees(&mut self, talk: &Talk) {
        let facts = Facts::of(std::slice::from_ref(talk));
        if talk.selects().is_some_and(|name| talk.is_good() && !is_directory(name)) {
            *self = Self { context: Context::from_aid(&facts.aid), ..Self::default() };
        }
        if let Some(locator) = facts.value(tag::AFL_94) {
            self.files = locator.chunks_exact(4).filter_map(|entry| entry.first().map(|sfi| sfi >> 3)).collect();
        }
        self.log = facts.value(LOG_ENTRY).and_then(<[u8]>::first).copied().or(self.log);
        look(talk.answer(), &mut |part, value| {
            if let Part::Object(tag) = part {
                self.lists.entry(tag).or_insert_with(|| value.to_vec());
            }
        });
    }

    fn command(&mut self, talk: &mut Talk, rules: &mut Rules) {
        let list = match talk.ins() {
            _ if talk.is_secret => return,
            ins::SELECT | ins::READ_RECORD => return,
            ins::GET_PROCESSING_OPTIONS => return self.options(talk, rules),
            ins::GENERATE_AC => {
                self.generated = self.generated.saturating_add(1);
                Some(if self.generated == 1 { tag::CDOL1_8C } else { tag::CDOL2_8D })
            }
            ins::INTERNAL_AUTHENTICATE => Some(tag::DDOL_9F49),
            CHECKSUM if talk.cla() == 0x80 => Some(UDOL),
            RECOVER_AC if talk.cla() == 0x80 => Some(DRDOL),
            _ => None,
        };
        let list = list.and_then(|list| self.lists.get(&list)).cloned();
        match list {
            Some(list) => self.values(&list, talk.data_mut(), rules),
            None => rules.opaque(talk.data_mut()),
        }
    }

    fn options(&self, talk: &mut Talk, rules: &mut Rules) {
        let Some(length) = inside(talk.data(), tag::COMMAND_TEMPLATE_83).map(<[u8]>::len) else { return };
        let list = self.lists.get(&tag::PDOL_9F38).cloned().unwrap_or_default();
        let data = talk.data_mut();
        let start = data.len().saturating_sub(length);
        self.values(&list, data.split_at_mut(start).1, rules);
    }

    /// The values of a list, as far as they go.
    fn values(&self, list: &[u8], mut values: &mut [u8], rules: &mut Rules) {
        let Ok(list) = Dol::parse(list) else { return rules.opaque(values) };
        for entry in list.entries() {
            let (value, rest) = values.split_at_mut(usize::from(entry.length).min(values.len()));
            rules.object(entry.tag, self.context, value);
            values = rest;
        }
        rules.opaque(values);
    }

    fn answer(&self, talk: &mut Talk, rules: &mut Rules) {
        let instruction = talk.ins();
        let is_plain = inside(talk.answer(), RESPONSE_FORMAT_1_80).is_some();
        let is_log = talk.record().is_some_and(|(sfi, _)| self.is_log(sfi));
        let is_interindustry = talk.cla() & 0x60 != 0x60;
        let answer = talk.answer_mut();
        match instruction {
            _ if is_log || !is_interindustry => rules.rest(answer),
            ins::GET_CHALLENGE => {}
            ins::GENERATE_AC if is_plain => plain_cryptogram(answer, self.context, rules),
            ins::GET_PROCESSING_OPTIONS | ins::INTERNAL_AUTHENTICATE if is_plain => {}
            _ => self.objects(answer, rules),
        }
    }

    fn is_log(&self, sfi: u8) -> bool {
        self.log == Some(sfi) || (sfi > LAST_EMV_FILE && !self.files.contains(&sfi))
    }

    fn objects(&self, answer: &mut [u8], rules: &mut Rules) {
        walk(answer, &mut |part, value| match part {
            Part::Object(tag) => rules.object(tag, self.context, value),
            Part::Rest => rules.rest(value),
        });
        // What looks like tags and lengths may be part of a number, too.
        if rules.surrogates.replace(answer) > 0 || cover_parts(answer, rules) {
            rules.manifest.count(Kind::CardNumber);
        }
    }
}

/// Takes away what is left of card numbers in objects, and between them where they are none; not in certificates and
/// signatures, which are made anew, nor in names of applications.
fn cover_parts(answer: &mut [u8], rules: &Rules) -> bool {
    let mut found = false;
    walk(answer, &mut |part, value| found |= !stays(part) && rules.surrogates.cover_parts(value));
    let mut has_certificate = false;
    look(answer, &mut |part, _| has_certificate |= stays(part));
    found | (!has_certificate && rules.surrogates.cover_parts(answer))
}

fn stays(part: Part) -> bool {
    const STAY: [Tag; 11] = [
        tag::ADF_NAME_4F,
        tag::DF_NAME_84,
        tag::DDF_NAME_9D,
        tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        tag::ISSUER_PUBLIC_KEY_REMAINDER_92,
        tag::SIGNED_STATIC_APPLICATION_DATA_93,
        tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        tag::ICC_PUBLIC_KEY_REMAINDER_9F48,
        tag::ICC_PIN_CERTIFICATE_9F2D,
        tag::ICC_PIN_REMAINDER_9F2F,
        tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B,
    ];
    matches!(part, Part::Object(tag) if STAY.contains(&tag))
}

/// Format 1: cryptogram information, counter, cryptogram, issuer data.
fn plain_cryptogram(answer: &mut [u8], context: Context, rules: &mut Rules) {
    let length = inside(answer, RESPONSE_FORMAT_1_80).map_or(0, <[u8]>::len);
    let start = answer.len().saturating_sub(length);
    let mut rest = answer.split_at_mut(start).1;
    for (tag, length) in
        [(tag::CRYPTOGRAM_INFORMATION_DATA_9F27, 1), (tag::ATC_9F36, 2), (tag::APPLICATION_CRYPTOGRAM_9F26, 8)]
    {
        let (value, after) = rest.split_at_mut(length.min(rest.len()));
        rules.object(tag, context, value);
        rest = after;
    }
    rules.object(tag::ISSUER_APPLICATION_DATA_9F10, context, rest);
}
