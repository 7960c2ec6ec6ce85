//! Where checksum, number and counter go in the tracks (`EMV Contactless Book C-2, 6.12`). Positions are counted from the
//! last digit of the discretionary data: bit 1 of a bitmap is the last digit.

use alloc::vec::Vec;

use apdu::{Tag, tag, tag::k2, value::bcd};

use crate::{
    contactless::{
        c2::{
            configuration::TerminalStore,
            objects::{self, require},
            outcome::Failure,
        },
        outcome::L2,
    },
    finding::{Evidence, Fact, Finding, Reason},
    outcome::Outcome,
    store::CardData,
};

/// The objects of one track.
pub(super) struct Track {
    /// The track itself.
    pub data: Tag,
    /// Where the checksum goes.
    pub checksum_positions: Tag,
    /// Where number and counter go.
    pub number_positions: Tag,
    /// How many digits of the counter.
    pub counter_digits: Tag,
    /// The checksum.
    pub checksum: Tag,
}

pub(super) const TRACK_1: Track = Track {
    data: tag::TRACK_1_DATA_56,
    checksum_positions: k2::PCVC3_TRACK_1_9F62,
    number_positions: k2::PUNATC_TRACK_1_9F63,
    counter_digits: k2::NATC_TRACK_1_9F64,
    checksum: k2::CVC3_TRACK_1_9F60,
};

pub(super) const TRACK_2: Track = Track {
    data: k2::TRACK_2_DATA_9F6B,
    checksum_positions: k2::PCVC3_TRACK_2_9F65,
    number_positions: k2::PUNATC_TRACK_2_9F66,
    counter_digits: k2::NATC_TRACK_2_9F67,
    checksum: k2::CVC3_TRACK_2_9F61,
};

/// No more digits of number than the reader draws.
const MAX_NUMBER_DIGITS: u32 = 8;

/// What the card says about its tracks.
#[derive(Debug)]
pub(super) struct Layout {
    /// How many digits of the number of the reader go into them (nUN).
    pub number_digits: u32,
    track_1: bool,
}

impl Layout {
    /// S7: what has to be there, and fit.
    pub fn of(card: &CardData) -> Result<Self, Failure> {
        let number_digits = number_digits(card, &TRACK_2)?;
        let track_1 = card.value(TRACK_1.data).is_some_and(|track| !track.is_empty());
        if track_1 && number_digits != self::number_digits(card, &TRACK_1)? {
            return Err(invalid(card, &TRACK_1));
        }
        Ok(Self { number_digits, track_1 })
    }

    pub fn has_track_1(&self) -> bool {
        self.track_1
    }

    /// The discretionary data as the card gave them, for the terminal's own use.
    pub fn copy_discretionary_data(&self, out: &mut Outcome) {
        let track_2 = out.card.value(TRACK_2.data).and_then(|track| {
            let digits: Vec<u8> = bcd::nibbles(track).collect();
            let at = discretionary_data_2(&digits)?;
            Some(packed(digits.get(at.start..at.end)?))
        });
        let track_1 = out.card.value(TRACK_1.data).and_then(|track| {
            let at = discretionary_data_1(track)?;
            track.get(at..).map(<[u8]>::to_vec)
        });
        for (tag, copy) in [(k2::DD_CARD_TRACK_2_DF812B, track_2), (k2::DD_CARD_TRACK_1_DF812A, track_1)] {
            if let Some(copy) = copy {
                out.terminal.set(tag, &copy);
            }
        }
    }

    /// Fills both tracks; `last` is the digit that ends them.
    pub fn fill(&self, out: &mut Outcome, last: u8) -> Result<(), Failure> {
        self.fill_track_2(out, last)?;
        if self.track_1 { self.fill_track_1(out, last) } else { Ok(()) }
    }

    fn fill_track_2(&self, out: &mut Outcome, last: u8) -> Result<(), Failure> {
        let mut digits: Vec<u8> = bcd::nibbles(require(&out.card, TRACK_2.data)?).collect();
        let at = discretionary_data_2(&digits).ok_or_else(|| invalid(&out.card, &TRACK_2))?;
        let fields = Fields::of(out, &TRACK_2, self.number_digits, last)?;
        fields.write(digits.get_mut(at).unwrap_or(&mut []));
        let place = out.card.place(TRACK_2.data);
        out.card.put(TRACK_2.data, &packed(&digits), place);
        Ok(())
    }

    fn fill_track_1(&self, out: &mut Outcome, last: u8) -> Result<(), Failure> {
        let mut track = require(&out.card, TRACK_1.data)?.to_vec();
        let at = discretionary_data_1(&track).ok_or_else(|| invalid(&out.card, &TRACK_1))?;
        let fields = Fields::of(out, &TRACK_1, self.number_digits, last)?;
        let room = track.get_mut(at..).unwrap_or(&mut []);
        let mut digits: Vec<u8> = room.iter().map(|letter| letter.wrapping_sub(b'0')).collect();
        fields.write(&mut digits);
        room.iter_mut().zip(digits).for_each(|(letter, digit)| *letter = digit.wrapping_add(b'0'));
        let place = out.card.place(TRACK_1.data);
        out.card.put(TRACK_1.data, &track, place);
        Ok(())
    }
}

/// The ones of the bitmap less the digits of the counter.
fn number_digits(card: &CardData, track: &Track) -> Result<u32, Failure> {
    for tag in [track.data, track.checksum_positions, track.number_positions, track.counter_digits] {
        require(card, tag)?;
    }
    let ones = bitmap(card, track.number_positions).count_ones();
    let counter = u32::from(number(card, track.counter_digits));
    ones.checked_sub(counter).filter(|digits| *digits <= MAX_NUMBER_DIGITS).ok_or_else(|| invalid(card, track))
}

fn invalid(card: &CardData, track: &Track) -> Failure {
    let value = |tag: Tag| card.value(tag).unwrap_or(&[]);
    let at = |tag: Tag| Evidence::found(Fact::DataObject, value(tag)).at(card.place(tag));
    let finding = Finding::new(Reason::KMagNunInvalid).with(at(track.number_positions)).with(at(track.counter_digits));
    Failure::new(finding, L2::CardDataError)
}

fn bitmap(card: &CardData, tag: Tag) -> u64 {
    card.value(tag).unwrap_or(&[]).iter().take(8).fold(0, |bits, byte| (bits << 8) | u64::from(*byte))
}

fn number(card: &CardData, tag: Tag) -> u8 {
    card.array(tag).map_or(0, |[number]| number)
}

/// The positions of the ones, from the last digit.
fn positions(bitmap: u64) -> impl DoubleEndedIterator<Item = usize> {
    (0..64_usize).filter(move |at| bitmap >> at & 1 == 1)
}

/// The digits that go into a track, each with its position from the right.
struct Fields {
    digits: Vec<(usize, u8)>,
}

impl Fields {
    fn of(out: &Outcome, track: &Track, number_digits: u32, last: u8) -> Result<Self, Failure> {
        let card = &out.card;
        let checksum = decimal(bitmap(card, track.checksum));
        let reader = decimal(out.terminal.amount(k2::UNPREDICTABLE_NUMBER_NUMERIC_9F6A));
        let counter = decimal(bitmap(card, tag::ATC_9F36));
        let numbers = bitmap(card, track.number_positions);
        let mut digits: Vec<(usize, u8)> = positions(bitmap(card, track.checksum_positions)).zip(checksum).collect();
        digits.extend(positions(numbers).take(usize::try_from(number_digits).unwrap_or_default()).zip(reader));
        let counter_digits = usize::from(number(card, track.counter_digits));
        let mut highest: Vec<usize> = positions(numbers).rev().take(counter_digits).collect();
        highest.reverse();
        digits.extend(highest.into_iter().zip(counter));
        digits.push((0, last));
        require(card, track.checksum).map_err(|_| objects::missing(track.checksum))?;
        Ok(Self { digits })
    }

    /// Writes each digit to its position; one that lies outside the track has no place.
    fn write(&self, track: &mut [u8]) {
        for (at, digit) in &self.digits {
            let place = track.len().checked_sub(at.saturating_add(1)).and_then(|at| track.get_mut(at));
            place.into_iter().for_each(|place| *place = *digit);
        }
    }
}

/// The digits of a number from the last one, then zeros.
fn decimal(number: u64) -> impl Iterator<Item = u8> {
    let mut rest = number;
    core::iter::from_fn(move || {
        let digit = u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        Some(digit)
    })
}

/// After separator, expiry and service code; without the filler at the end.
fn discretionary_data_2(digits: &[u8]) -> Option<core::ops::Range<usize>> {
    let separator = digits.iter().position(|digit| *digit == 0x0D)?;
    let end = if digits.last() == Some(&0x0F) { digits.len().saturating_sub(1) } else { digits.len() };
    let start = separator.saturating_add(8);
    (start <= end).then_some(start..end)
}

/// After the second separator, expiry and service code.
fn discretionary_data_1(track: &[u8]) -> Option<usize> {
    let mut separators = track.iter().enumerate().filter(|(_, letter)| **letter == b'^');
    let (second, _) = separators.nth(1)?;
    let start = second.saturating_add(8);
    (start <= track.len()).then_some(start)
}

fn packed(digits: &[u8]) -> Vec<u8> {
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => (high << 4) | low,
            [high] => (high << 4) | 0x0F,
            _ => 0xFF,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;
    use alloc::string::String;

    fn card() -> Outcome {
        let mut out = Outcome::default();
        let mut put = |tag: Tag, value: &str| out.card.put(tag, &hex::decode(value).unwrap(), Place::default());
        put(TRACK_2.data, "5413339000006513D4912601000000000000000F".get(..38).unwrap());
        put(TRACK_2.checksum_positions, "000E");
        put(TRACK_2.number_positions, "07F0");
        put(TRACK_2.counter_digits, "03");
        put(TRACK_2.checksum, "3039");
        put(tag::ATC_9F36, "04D2");
        out.terminal.set(k2::UNPREDICTABLE_NUMBER_NUMERIC_9F6A, &[0x00, 0x00, 0x56, 0x78]);
        out
    }

    #[test]
    fn checksum_number_and_counter_go_where_the_bitmaps_say() {
        let mut out = card();
        let layout = Layout::of(&out.card).unwrap();
        assert_eq!(layout.number_digits, 4);
        layout.copy_discretionary_data(&mut out);
        layout.fill(&mut out, 4).unwrap();
        // From the right: nUN 4; CVC3 12345 gives 345 to positions 2 to 4; the number 5678 to positions 5 to 8, the
        // counter 1234 gives 234 to positions 9 to 11.
        let track: String = hex::encode_upper(out.card.value(TRACK_2.data).unwrap());
        assert_eq!(track, "5413339000006513D491260100023456783454");
        assert_eq!(
            out.terminal.value(k2::DD_CARD_TRACK_2_DF812B).map(hex::encode_upper).as_deref(),
            Some("00000000000000")
        );
    }

    #[test]
    fn digits_that_do_not_fit_are_refused() {
        let mut out = card();
        out.card.put(TRACK_2.counter_digits, &[8], Place::default());
        assert_eq!(Layout::of(&out.card).unwrap_err().reason(), Reason::KMagNunInvalid);
        out.card.put(TRACK_2.number_positions, &[0xFF, 0xFF], Place::default());
        out.card.put(TRACK_2.counter_digits, &[7], Place::default());
        assert_eq!(Layout::of(&out.card).unwrap_err().reason(), Reason::KMagNunInvalid, "nine digits");
        out.card.put(TRACK_2.counter_digits, &[8], Place::default());
        assert_eq!(Layout::of(&out.card).unwrap().number_digits, 8);
    }
}
