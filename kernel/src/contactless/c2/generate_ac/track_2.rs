//! Relay resistance in track 2: without a signature the issuer sees there what was measured
//! (`EMV Contactless Book C-2, 6.11, S910`).

use alloc::{format, string::String, vec::Vec};

use apdu::{tag, tag::k2, value::bcd};

use crate::{contactless::c2::configuration::TerminalStore, outcome::Outcome};

/// The separator between card number and the rest.
const SEPARATOR: u8 = 0x0D;
/// Expiry and service code stand between the separator and the discretionary data.
const FIXED_DIGITS: usize = 7;
/// Up to this many digits of card number there is room for all of it.
const SHORT_PAN: usize = 16;

/// Writes key index, tries, entropy and measured time over the discretionary data of track 2 (`57`).
pub(super) fn fill(out: &mut Outcome) {
    let Some(track) = out.card.value(tag::TRACK_2_EQUIVALENT_DATA_57) else { return };
    let mut digits: Vec<u8> = bcd::nibbles(track).collect();
    let Some(separator) = digits.iter().position(|digit| *digit == SEPARATOR) else { return };
    digits.truncate(separator.saturating_add(1).saturating_add(FIXED_DIGITS));
    digits.extend(told(out, separator <= SHORT_PAN).bytes().map(|digit| digit.wrapping_sub(b'0')));
    if digits.len() % 2 == 1 {
        digits.push(0x0F);
    }
    let track: Vec<u8> = digits.as_chunks::<2>().0.iter().map(|[high, low]| (high << 4) | low).collect();
    let place = out.card.place(tag::TRACK_2_EQUIVALENT_DATA_57);
    out.card.put(tag::TRACK_2_EQUIVALENT_DATA_57, &track, place);
}

fn told(out: &Outcome, short_pan: bool) -> String {
    let index = out.card.array(tag::CA_PUBLIC_KEY_INDEX_8F).map_or(0, |[index]| index);
    let index = if index < 0x0A { index } else { 0 };
    let tries = out.terminal.byte(k2::RRP_COUNTER_DF8307) % 10;
    let [_, second, third, fourth] = out.terminal.array(k2::DEVICE_ENTROPY_DF8302).unwrap_or_default();
    let entropy = u16::from_be_bytes([third, fourth]);
    let milliseconds = (out.terminal.number(k2::MEASURED_PROCESSING_TIME_DF8306) / 10).min(999);
    let more = if short_pan { format!("{second:03}") } else { String::new() };
    format!("{index}{tries}{entropy:05}{more}{milliseconds:03}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;

    fn filled(track: &str) -> String {
        let mut out = Outcome::default();
        out.card.put(tag::TRACK_2_EQUIVALENT_DATA_57, &hex::decode(track).unwrap(), Place::default());
        out.card.put(tag::CA_PUBLIC_KEY_INDEX_8F, &[0x05], Place::default());
        out.terminal.set(k2::RRP_COUNTER_DF8307, &[1]);
        out.terminal.set(k2::DEVICE_ENTROPY_DF8302, &[0x11, 0x22, 0x33, 0x44]);
        out.terminal.set(k2::MEASURED_PROCESSING_TIME_DF8306, &[0x04, 0xD2]);
        fill(&mut out);
        hex::encode_upper(out.card.value(tag::TRACK_2_EQUIVALENT_DATA_57).unwrap())
    }

    #[test]
    fn index_tries_entropy_and_time_stand_in_the_discretionary_data() {
        // 5, 1 try more, 3344 = 13124, 22 = 034, 1234 units are 123 ms.
        assert_eq!(filled("5413330089020011D2512201000000000F"), "5413330089020011D25122015113124034123F");
    }

    #[test]
    fn a_long_card_number_leaves_less_room() {
        assert_eq!(filled("6799998900000060018D49122010000000"), "6799998900000060018D49122015113124123F");
    }
}
