//! Signatures the card made during the transaction, made anew.

use apdu::{
    Tag,
    command::ins,
    tag::{self, SIGNED_DYNAMIC_APPLICATION_DATA_9F4B},
};

use super::{
    block::Message,
    chain::Replaced,
    facts::{Facts, answered},
    keys::{opened, unopenable},
    manifest::Kind,
    rules::Rules,
    talk::Talk,
    walk::{Part, look, walk},
};

/// A card signs once or twice in a transaction; beyond, signatures are made unopenable.
const MOST_SIGNATURES: usize = 64;

const RELATED: Tag = Tag::new(0x9F69);
const DATA_LENGTH: usize = 3;
const DATA: usize = 4;
/// Cryptogram information, cryptogram, and the hash over the transaction.
const COMBINED: usize = 29;

/// Attempts that came before, as they were and as they are: a card that was taken away may sign later.
pub(super) type Earlier = Vec<(Facts, Facts)>;

/// Signs every dynamic signature of the attempt anew, in place.
pub(super) fn resign(
    (talks, was): (&mut [Talk], &[Talk]),
    icc: Option<&Replaced>,
    earlier: &mut Earlier,
    rules: &mut Rules,
) {
    let old = Facts::of(was);
    let all: Vec<_> = was.iter().enumerate().filter_map(|(at, talk)| Some((at, signature(talk)?))).collect();
    for (made, (at, signature)) in all.into_iter().enumerate() {
        let icc = icc.filter(|_| made < MOST_SIGNATURES);
        let new = Facts::of(talks);
        let (count, earlier) = (generated(was, at), earlier.as_slice());
        let sides = Sides { old: &old, new: &new, was: was.get(at), is: talks.get(at), count, earlier };
        let signed = icc.and_then(|icc| {
            let block = opened(&icc.modulus, icc.exponent, &signature)?;
            Some(icc.test.sign(&sides.message(block, rules)))
        });
        let signed = signed.unwrap_or_else(|| unopenable(signature.len()));
        talks.get_mut(at).into_iter().for_each(|talk| put(talk, &signature, &signed));
        rules.manifest.count(Kind::Certificate);
    }
    earlier.push((old, Facts::of(talks)));
}

/// Which GENERATE AC of the attempt this is, from 1.
fn generated(was: &[Talk], at: usize) -> usize {
    was.iter().take(at.saturating_add(1)).filter(|talk| talk.ins() == ins::GENERATE_AC).count()
}

fn signature(talk: &Talk) -> Option<Vec<u8>> {
    let mut found = None;
    look(talk.answer(), &mut |part, value| {
        if is_signature(part, talk.ins()) && value.len() > 8 {
            found.get_or_insert(value.to_vec());
        }
    });
    found
}

fn is_signature(part: Part, instruction: u8) -> bool {
    let plain = instruction == ins::INTERNAL_AUTHENTICATE && part == Part::Object(tag::RESPONSE_FORMAT_1_80);
    plain || part == Part::Object(SIGNED_DYNAMIC_APPLICATION_DATA_9F4B)
}

fn put(talk: &mut Talk, old: &[u8], new: &[u8]) {
    let instruction = talk.ins();
    walk(talk.answer_mut(), &mut |part, value| {
        if is_signature(part, instruction) && value.len() > 8 {
            let other = unopenable(value.len());
            value.copy_from_slice(if value == old && new.len() == value.len() { new } else { &other });
        }
    });
}

/// One exchange with what was said before it: as it was, and as it is now.
struct Sides<'a> {
    old: &'a Facts,
    new: &'a Facts,
    was: Option<&'a Talk>,
    is: Option<&'a Talk>,
    count: usize,
    earlier: &'a [(Facts, Facts)],
}

impl Sides<'_> {
    fn message(&self, block: Vec<u8>, rules: &mut Rules) -> Vec<u8> {
        let mut message = Message::new(block);
        let length = usize::from(message.byte(DATA_LENGTH));
        let number = usize::from(message.byte(DATA));
        let after = DATA.saturating_add(1).saturating_add(number);
        if length >= number.saturating_add(1).saturating_add(COMBINED) {
            let cryptogram = after.saturating_add(1);
            if let Ok(value) = <&mut [u8; 8]>::try_from(message.field(cryptogram, 8)) {
                *value = rules.cryptogram(*value);
            }
            message.put_hash(cryptogram.saturating_add(8), &self.transactions());
        }
        self.put_counter(&mut message, number, rules);
        message.seal(&self.covered());
        message.new
    }

    /// A number that is the card's counter is as low as the counter is now.
    fn put_counter(&self, message: &mut Message, length: usize, rules: &Rules) {
        let number = message.field(DATA + 1, length);
        if self.old.value(tag::ATC_9F36) == Some(number) {
            rules.lower(number);
        }
    }

    /// What the hash over the transaction covers: everything sent and answered, then with less of what was sent.
    fn transactions(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let of = |facts: &Facts, talk: Option<&Talk>| {
            let second = if self.count > 1 { facts.generate.get(1) } else { None };
            let parts = [Some(&facts.pdol), facts.generate.first(), second];
            let answer = talk.map(|talk| answered(talk.answer())).unwrap_or_default();
            let sent = |mask: usize| {
                let kept = parts.iter().enumerate().filter(|(at, _)| mask & (1 << at) == 0);
                let kept: Vec<u8> = kept.filter_map(|(_, part)| *part).flatten().copied().collect();
                [kept, answer.clone()].concat()
            };
            (0..8).map(sent).collect::<Vec<_>>()
        };
        self.all(|(old, new)| of(old, self.was).into_iter().zip(of(new, self.is)).collect())
    }

    /// Of this attempt first, then of those before it, the latest first.
    fn all<T>(&self, of: impl Fn((&Facts, &Facts)) -> Vec<T>) -> Vec<T> {
        let earlier = self.earlier.iter().rev().map(|(old, new)| (old, new));
        [(self.old, self.new)].into_iter().chain(earlier).flat_map(of).collect()
    }

    /// What the signature covers besides itself: what the terminal sent for it.
    fn covered(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let of = |facts: &Facts, talk: Option<&Talk>| {
            let data = talk.filter(|talk| talk.ins() == ins::INTERNAL_AUTHENTICATE).map(|talk| talk.data().to_vec());
            let numbers = facts.sent(tag::UNPREDICTABLE_NUMBER_9F37);
            let quick = numbers.iter().map(|number| fast(facts, number)).collect::<Vec<_>>();
            data.into_iter().chain(numbers.iter().rev().cloned()).chain(quick).chain([Vec::new()]).collect::<Vec<_>>()
        };
        self.all(|(old, new)| of(old, self.was).into_iter().zip(of(new, self.is)).collect())
    }
}

/// What fDDA covers (`EMV Contactless Book C-3, Annex C`).
fn fast(facts: &Facts, number: &[u8]) -> Vec<u8> {
    let first = |tag| facts.sent(tag).into_iter().next().unwrap_or_default();
    let amount = first(tag::AMOUNT_AUTHORISED_9F02);
    let currency = first(tag::TRANSACTION_CURRENCY_CODE_5F2A);
    [number, &amount, &currency, facts.value_or_nothing(RELATED)].concat()
}
