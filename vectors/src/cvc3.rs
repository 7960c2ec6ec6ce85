//! The dynamic checksum of mag-stripe mode, CVC3, and the tracks it goes into: two bytes of the Triple DES of an initial
//! value, the reader's number and the counter. The initial value is a MAC over the track as it is on the card.
//!
//! Card and host share this module; the kernel does not.

use crate::card::profile::Application;
use crate::secret::Pan;
use crate::symmetric::Key;
use crate::symmetric::derivation::{MasterKeyOption, master_key};
use crate::symmetric::tdes::pad_80;

/// Where checksum and numbers go, counted from the last digit of the discretionary data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Positions of the checksum.
    pub checksum: u16,
    /// Positions of the reader's number, then of the counter.
    pub numbers: u16,
    /// How many of them are the counter's.
    pub counter_digits: u8,
}

/// Of track 1.
pub const TRACK_1: Layout = Layout { checksum: 0x000E, numbers: 0x07F0, counter_digits: 3 };
/// Of track 2.
pub const TRACK_2: Layout = Layout { checksum: 0x000E, numbers: 0x07F0, counter_digits: 3 };

/// The issuer's key, as the built-in cards have it. A test key: anybody may know it.
const ISSUER: [u8; 16] = *b"TEST IMK CVC3 05";

/// The key of one card.
pub fn key(pan: &Pan, sequence: u8) -> Key {
    master_key(MasterKeyOption::A, &Key::new(ISSUER).with_odd_parity(), pan, sequence)
}

/// Track 1 as it is on the card, zeros where something will go.
pub fn track_1(application: &Application) -> Vec<u8> {
    let [year, month, _] = application.expiration;
    let (pan, name, service) = (application.pan.digits(), &application.cardholder, &application.service_code);
    format!("B{pan}^{name}^{year:02X}{month:02X}{service}0000000000000").into_bytes()
}

/// Track 2 as it is on the card, zeros where something will go.
pub fn track_2(application: &Application) -> Vec<u8> {
    let [year, month, _] = application.expiration;
    let (pan, service) = (application.pan.digits(), &application.service_code);
    let text = format!("{pan}D{year:02X}{month:02X}{service}0000000000000");
    let even = if text.len().is_multiple_of(2) { text } else { text + "F" };
    hex::decode(even).unwrap_or_default()
}

/// The checksum over one track.
pub fn checksum(key: &Key, track: &[u8], number: [u8; 4], counter: [u8; 2]) -> [u8; 2] {
    let [.., high, low] = key.mac(&pad_80(track));
    let [n1, n2, n3, n4] = number;
    let [c1, c2] = counter;
    let [.., high, low] = key.encrypt([high, low, n1, n2, n3, n4, c1, c2]);
    [high, low]
}

/// Whether a track 2 that arrived holds the checksum of the card it names; `sequence` is that of the built-in cards.
pub fn check_track_2(track: &[u8], sequence: u8) -> Option<bool> {
    let mut digits: Vec<u8> = track.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).collect();
    if digits.last() == Some(&0x0F) {
        digits.pop();
    }
    let pan = Pan::from_packed(track).ok()?;
    let taken = |digits: &mut Vec<u8>, bits: u16| -> Vec<u8> {
        let length = digits.len();
        let positions =
            (0..16_usize).filter(|at| bits >> at & 1 == 1).filter_map(|at| length.checked_sub(at.saturating_add(1)));
        positions.filter_map(|at| digits.get_mut(at).map(std::mem::take)).collect()
    };
    let decimal = |digits: &[u8]| {
        digits.iter().rev().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(*digit)))
    };
    let checksum_digits = taken(&mut digits, TRACK_2.checksum);
    let numbers = taken(&mut digits, TRACK_2.numbers);
    taken(&mut digits, 0x0001);
    let (number, counter) =
        numbers.split_at_checked(numbers.len().checked_sub(usize::from(TRACK_2.counter_digits))?)?;
    let counter = u16::try_from(decimal(counter)).ok()?.to_be_bytes();
    let number: [u8; 4] = hex::decode(format!("{:08}", decimal(number))).ok()?.try_into().ok()?;
    if digits.len() % 2 == 1 {
        digits.push(0x0F);
    }
    let original: Vec<u8> = digits.as_chunks::<2>().0.iter().map(|[high, low]| (high << 4) | low).collect();
    let computed = u64::from(u16::from_be_bytes(checksum(&key(&pan, sequence), &original, number, counter)));
    let limit = 10_u64.checked_pow(u32::try_from(checksum_digits.len()).ok()?)?;
    Some(computed.checked_rem(limit)? == decimal(&checksum_digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of `pyemv`, whose checksum is 29488.
    #[test]
    fn the_checksum_is_what_others_compute() {
        let issuer =
            Key::new([0x01, 0x23, 0x45, 0x67, 0x89, 0x98, 0x76, 0x54, 0x32, 0x10, 0x01, 0x23, 0x45, 0x67, 0x89, 0x98]);
        let card = master_key(MasterKeyOption::A, &issuer, &Pan::new("5123456789012345").unwrap(), 0);
        let track = hex::decode("5123456789012345D35121010000000000000F").unwrap();
        let checksum = checksum(&card, &track, [0x00, 0x00, 0x08, 0x99], [0x00, 0x5E]);
        assert_eq!(u16::from_be_bytes(checksum), 29488);
    }

    #[test]
    fn a_track_with_another_digit_is_not_the_cards() {
        let mut application = Application::new(crate::card::Scheme::Mastercard);
        application.sequence = Some(1);
        let track = track_2(&application);
        // No digit of checksum, number and counter is filled in: the checksum of zeros is not zero.
        assert_eq!(check_track_2(&track, 1), Some(false));
        assert_eq!(check_track_2(&track[..3], 1), None);
    }
}
