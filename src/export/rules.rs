//! What becomes of each data object: what stands in the place of a value always has its length.

use std::collections::BTreeMap;

use apdu::{
    Tag,
    dictionary::{Context, Entry, Format, Length, Sensitivity, lookup},
    tag,
    value::{Pan, Track2},
};

use super::{
    calendar::Calendar,
    manifest::{Kind, Manifest},
    surrogate::{Surrogates, halves, put_halves},
};
use crate::decode::may_hold_account;

const CPLC: Tag = Tag::new(0x9F7F);
const CPLC_LENGTH: usize = 42;
const CVC3: [Tag; 2] = [Tag::new(0x9F60), Tag::new(0x9F61)];
const THIRD_PARTY: Tag = Tag::new(0x9F6E);
const DS_ID: Tag = Tag::new(0x9F5E);

/// Objects that the dictionary says to be careful with and that stay: a check is made over them, and without what is taken
/// away they name nobody.
const STAY: [u32; 26] = [
    0x9F37, 0x9F6A, 0x9F69, 0x9F4D, 0x5F34, 0x9F62, 0x9F63, 0x9F64, 0x9F65, 0x9F66, 0x9F67, 0x9F54, 0x9F7D, 0xDF61,
    0xDF63, 0xDF8101, 0xDF8102, 0xDF8104, 0xDF8105, 0xDF8109, 0xDF8301, 0xDF8302, 0xDF4D, 0x9F46, 0x9F2D, 0x9F4B,
];

/// Replaces values.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    pub surrogates: Surrogates,
    pub calendar: Calendar,
    pub manifest: Manifest,
    /// How much lower counters are than they were.
    pub counted: u16,
    cryptograms: BTreeMap<[u8; 8], [u8; 8]>,
}

impl Rules {
    pub fn new(surrogates: Surrogates, calendar: Calendar, counted: u16) -> Self {
        Self { surrogates, calendar, manifest: Manifest::default(), counted, cryptograms: BTreeMap::new() }
    }

    /// Replaces the value of `tag`, which means what it means in `context`.
    pub fn object(&mut self, tag: Tag, context: Context, value: &mut [u8]) {
        let before = value.to_vec();
        if let Some(kind) = self.apply(tag, context, value)
            && before != value
        {
            self.manifest.count(kind);
        }
    }

    fn apply(&mut self, tag: Tag, context: Context, value: &mut [u8]) -> Option<Kind> {
        self.account(tag, value)
            .or_else(|| self.day(tag, value))
            .or_else(|| self.counter(tag, value))
            .or_else(|| special(tag, context, value))
            .or_else(|| self.by_dictionary(tag, context, value))
    }

    /// Card numbers and tracks.
    fn account(&mut self, tag: Tag, value: &mut [u8]) -> Option<Kind> {
        match tag {
            tag::PAN_5A => {
                self.card_number(value);
                Some(Kind::CardNumber)
            }
            tag::TRACK_2_EQUIVALENT_DATA_57 | tag::k2::TRACK_2_DATA_9F6B => {
                self.track_2(value);
                Some(Kind::Track)
            }
            tag::TRACK_1_DATA_56 => {
                self.track_1(value);
                Some(Kind::Track)
            }
            tag::LAST_4_DIGITS_OF_PAN_9F25 => {
                let mut digits = halves(value);
                self.surrogates.last_four(&mut digits);
                put_halves(value, &digits);
                Some(Kind::Identifier)
            }
            DS_ID => {
                self.surrogates.replace(value);
                Some(Kind::Identifier)
            }
            _ => None,
        }
    }

    /// Digits and padding; of what is no number the digits become zeros, the rest stays wrong.
    pub fn card_number(&mut self, value: &mut [u8]) {
        match Pan::from_compressed(value) {
            Ok(pan) => {
                let surrogate = self.surrogates.of(&pan);
                let mut all = halves(value);
                all.iter_mut().zip(surrogate.unmask().digits()).for_each(|(to, from)| *to = *from);
                put_halves(value, &all);
            }
            Err(_) => {
                self.surrogates.replace(value);
                zero_digits(value);
            }
        }
    }

    /// Number, separator, expiry and service code; what follows becomes zeros.
    fn track_2(&mut self, value: &mut [u8]) {
        let mut all = halves(value);
        let number = Track2::from_bytes(value).ok().map(|track| track.pan);
        let Some(pan) = number else {
            self.surrogates.replace(value);
            return zero_digits(value);
        };
        let surrogate = self.surrogates.of(&pan);
        all.iter_mut().zip(surrogate.unmask().digits()).for_each(|(to, from)| *to = *from);
        let expiry = pan.len().saturating_add(1);
        if let Some(digits) = all.get_mut(expiry..).and_then(<[u8]>::first_chunk_mut::<4>) {
            self.calendar.year_and_month(digits);
        }
        let discretionary = all.iter_mut().skip(expiry.saturating_add(7));
        discretionary.filter(|digit| **digit <= 9).for_each(|digit| *digit = 0);
        put_halves(value, &all);
    }

    /// `B`, number, name, expiry and what follows, apart from each other by `^`.
    fn track_1(&mut self, value: &mut [u8]) {
        let mut fields = value.split_mut(|byte| *byte == b'^');
        fields.next().into_iter().for_each(|number| self.number_in_characters(number));
        fields.next().into_iter().for_each(cover);
        let expiry = fields.next().and_then(<[u8]>::split_first_chunk_mut::<4>);
        let Some((date, rest)) = expiry else { return };
        let mut digits = date.map(|character| character & 0x0F);
        self.calendar.year_and_month(&mut digits);
        *date = digits.map(|digit| digit | 0x30);
        rest.iter_mut().skip(3).for_each(|byte| *byte = b'0');
        fields.for_each(cover);
    }

    /// The format code and the number; what is no number is covered.
    fn number_in_characters(&mut self, field: &mut [u8]) {
        let code = field.iter().take_while(|byte| !byte.is_ascii_digit()).count();
        let number = field.split_at_mut(code).1;
        match std::str::from_utf8(number).ok().and_then(|digits| Pan::from_digits(digits).ok()) {
            Some(pan) => {
                let surrogate = self.surrogates.of(&pan);
                number.iter_mut().zip(surrogate.unmask().digits()).for_each(|(to, digit)| *to = digit | 0x30);
            }
            None => cover(number),
        }
    }

    fn day(&mut self, tag: Tag, value: &mut [u8]) -> Option<Kind> {
        match tag {
            tag::APPLICATION_EXPIRATION_DATE_5F24 | tag::APPLICATION_EFFECTIVE_DATE_5F25 | tag::TRANSACTION_DATE_9A => {
                if let Ok(day) = <&mut [u8; 3]>::try_from(value) {
                    self.calendar.day(day);
                }
                Some(Kind::Date)
            }
            tag::TRANSACTION_TIME_9F21 => {
                value.fill(0);
                Some(Kind::Date)
            }
            _ => None,
        }
    }

    fn counter(&mut self, tag: Tag, value: &mut [u8]) -> Option<Kind> {
        match tag {
            tag::ATC_9F36 | tag::LAST_ONLINE_ATC_9F13 => {
                self.lower(value);
                Some(Kind::Counter)
            }
            tag::APPLICATION_CRYPTOGRAM_9F26 => {
                if let Ok(cryptogram) = <&mut [u8; 8]>::try_from(value) {
                    *cryptogram = self.cryptogram(*cryptogram);
                }
                Some(Kind::Cryptogram)
            }
            _ => None,
        }
    }

    /// A counter, lower by as much as all of them.
    pub fn lower(&self, value: &mut [u8]) {
        if let Ok(bytes) = <&mut [u8; 2]>::try_from(value) {
            *bytes = u16::from_be_bytes(*bytes).saturating_sub(self.counted).to_be_bytes();
        }
    }

    /// What stands for a cryptogram: nothing that could be spent, and different where they were.
    pub fn cryptogram(&mut self, original: [u8; 8]) -> [u8; 8] {
        if original.starts_with(b"EXPO") {
            return original;
        }
        let number = format!("EXPO{:04X}", self.cryptograms.len() & 0xFFFF);
        let substitute = number.into_bytes().try_into().unwrap_or_default();
        *self.cryptograms.entry(original).or_insert(substitute)
    }

    fn by_dictionary(&mut self, tag: Tag, context: Context, value: &mut [u8]) -> Option<Kind> {
        if STAY.contains(&tag.number()) {
            return None;
        }
        let entry = lookup(tag, context);
        let Some(entry) = entry.filter(|entry| entry.sensitivity > Sensitivity::Public) else {
            return self.unknown(entry.is_none(), value);
        };
        if is_balance(entry) {
            return self.unknown(false, value);
        }
        match entry.format {
            Format::A | Format::An | Format::Ans => cover(value),
            Format::Cn | Format::N => zero_digits(value),
            Format::B | Format::Var => value.fill(0),
        }
        Some(match entry.sensitivity {
            Sensitivity::Secret => Kind::Secret,
            Sensitivity::Track => Kind::Track,
            Sensitivity::Account => Kind::Identifier,
            _ => Kind::Linkable,
        })
    }

    /// Values of which nobody knows what they are, and public ones: what could be a card number goes.
    fn unknown(&mut self, is_unknown: bool, value: &mut [u8]) -> Option<Kind> {
        let replaced = self.surrogates.replace(value) > 0;
        if is_unknown && value.len() > 4 && may_hold_account(value) {
            value.fill(0);
            return Some(Kind::Unknown);
        }
        replaced.then_some(Kind::CardNumber)
    }

    /// Bytes that are no data objects: all of them go.
    pub fn rest(&mut self, bytes: &mut [u8]) {
        if bytes.iter().any(|byte| *byte != 0) {
            self.manifest.count(Kind::Unreadable);
        }
        bytes.fill(0);
    }

    /// Bytes of unknown form that a command needs: card numbers go, the rest stays.
    pub fn opaque(&mut self, bytes: &mut [u8]) {
        let kind = self.unknown(true, bytes);
        kind.into_iter().for_each(|kind| self.manifest.count(kind));
    }
}

/// Balances and other amounts: they are held against the amount of the transaction.
fn is_balance(entry: &Entry) -> bool {
    (entry.sensitivity, entry.format, entry.length) == (Sensitivity::Linkable, Format::N, Length::Exact(6))
}

fn special(tag: Tag, context: Context, value: &mut [u8]) -> Option<Kind> {
    match tag {
        tag::ISSUER_APPLICATION_DATA_9F10 => {
            issuer_data(context, value);
            Some(Kind::Counter)
        }
        CPLC if value.len() == CPLC_LENGTH => {
            value.fill(0);
            Some(Kind::Linkable)
        }
        CPLC => Some(Kind::Linkable),
        _ if CVC3.contains(&tag) && context != Context::UnionPay => {
            value.fill(0);
            Some(Kind::Track)
        }
        // What says whether it is a card or a phone stays.
        THIRD_PARTY => {
            value.iter_mut().skip(6).for_each(|byte| *byte = 0);
            Some(Kind::Linkable)
        }
        _ => None,
    }
}

/// The card's own verification results stay; what the issuer keeps behind them goes.
fn issuer_data(context: Context, value: &mut [u8]) {
    let first = value.first().copied().map_or(0, usize::from);
    let stays = match context {
        Context::Mastercard => 10,
        _ => first.saturating_add(2),
    };
    value.iter_mut().skip(stays).for_each(|byte| *byte = 0);
}

/// Letters become X, digits 0; what belongs to no name stays, so that it is as wrong as it was.
pub(super) fn cover(value: &mut [u8]) {
    for byte in value {
        *byte = match *byte {
            b'/' | b' ' | b'.' | b'^' => *byte,
            digit if digit.is_ascii_digit() => b'0',
            visible if visible.is_ascii_graphic() => b'X',
            ..0x20 => 0x01,
            _ => 0x80,
        };
    }
}

/// Digits two a byte; what is none stays.
fn zero_digits(value: &mut [u8]) {
    let mut all = halves(value);
    all.iter_mut().filter(|half| **half <= 9).for_each(|digit| *digit = 0);
    put_halves(value, &all);
}
