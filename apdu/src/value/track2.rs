//! Track 2 equivalent data, tag 57, and track 2 of the magnetic stripe (ISO/IEC 7813).

use core::fmt;

use zeroize::Zeroize;

use super::{
    bcd,
    date::{self, Date},
    pan::{self, Pan},
    service_code::ServiceCode,
};

/// The most nibbles tag 57 has: 37 characters of a track, and padding.
const MAX_NIBBLES: usize = 38;

/// A track 2: account number, expiry month, service code and what the issuer adds.
///
/// `Debug` and `Display` mask it; the issuer's part is wiped on drop, as the account number is.
#[derive(Clone, PartialEq, Eq)]
pub struct Track2 {
    /// Account number.
    pub pan: Pan,
    /// Expiry month as YYMM digits.
    pub expiry: [u8; 2],
    /// Service code.
    pub service_code: ServiceCode,
    discretionary: Discretionary,
}

/// The issuer's part: verification values live here, so nothing prints it.
#[derive(Clone, PartialEq, Eq)]
struct Discretionary {
    digits: [u8; MAX_NIBBLES],
    length: u8,
}

/// Why something is no track 2; never says which digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// More than the 37 characters of a track.
    #[error("{0} characters are more than a track 2 can hold")]
    TooLong(usize),
    /// No separator after the account number.
    #[error("no separator after the account number")]
    NoSeparator,
    /// The account number is wrong.
    #[error("account number: {0}")]
    Pan(pan::Error),
    /// Expiry date or service code are cut.
    #[error("the expiry date or the service code is cut")]
    Cut,
    /// Something that is no digit after the separator.
    #[error("a character after the separator is no digit")]
    NotDigits,
    /// The stripe text has no start or end sentinel.
    #[error("start or end sentinel missing")]
    Sentinel,
    /// The check character does not fit.
    #[error("the check character does not fit the track")]
    Check,
}

impl Track2 {
    /// The track in tag 57: nibbles, D as the separator, F padding at the end.
    ///
    /// # Errors
    /// [`Error`] when a part is missing, cut, or no digits.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut nibbles = [0; MAX_NIBBLES];
        let length = bytes.len().saturating_mul(2);
        let room = nibbles.get_mut(..length).ok_or(Error::TooLong(length))?;
        room.iter_mut().zip(bcd::nibbles(bytes)).for_each(|(slot, nibble)| *slot = nibble);
        let end = room.iter().rposition(|nibble| *nibble != 0x0F).map_or(0, |last| last.saturating_add(1));
        let track = Self::from_nibbles(room.get(..end).unwrap_or(&[]));
        nibbles.zeroize();
        track
    }

    /// The track as a stripe reader prints it: `;account=YYMMsss...?`, with or without the check character at the end.
    ///
    /// # Errors
    /// [`Error`] when sentinels or a part are missing or cut, something is no digit, or the check character is wrong.
    pub fn from_stripe(text: &str) -> Result<Self, Error> {
        let inside = text.trim_end().strip_prefix(';').ok_or(Error::Sentinel)?;
        let (track, check) = inside.split_once('?').ok_or(Error::Sentinel)?;
        check_character(track, check)?;
        let mut nibbles = [0; MAX_NIBBLES];
        let room = nibbles.get_mut(..track.len()).ok_or(Error::TooLong(track.len()))?;
        for (slot, character) in room.iter_mut().zip(track.bytes()) {
            *slot = nibble_of(character).ok_or(Error::NotDigits)?;
        }
        let parsed = Self::from_nibbles(room);
        nibbles.zeroize();
        parsed
    }

    fn from_nibbles(nibbles: &[u8]) -> Result<Self, Error> {
        let separator = nibbles.iter().position(|nibble| *nibble == 0x0D).ok_or(Error::NoSeparator)?;
        let (number, rest) = nibbles.split_at_checked(separator).ok_or(Error::NoSeparator)?;
        let after = rest.get(1..).unwrap_or(&[]);
        if number.iter().any(|nibble| *nibble > 9) {
            return Err(Error::Pan(pan::Error::NotDigits));
        }
        if after.iter().any(|nibble| *nibble > 9) {
            return Err(Error::NotDigits);
        }
        let pan = Pan::collect(number.iter().copied(), number.len()).map_err(Error::Pan)?;
        let ([y1, y2, m1, m2], rest) = after.split_first_chunk::<4>().ok_or(Error::Cut)?;
        let (service_code, rest) = rest.split_first_chunk::<3>().ok_or(Error::Cut)?;
        Ok(Self {
            pan,
            expiry: [(y1 << 4) | y2, (m1 << 4) | m2],
            service_code: ServiceCode::from_digits(*service_code).ok_or(Error::NotDigits)?,
            discretionary: Discretionary::new(rest),
        })
    }

    /// The last day of the expiry month.
    ///
    /// # Errors
    /// [`date::Error`] when there is no such month.
    pub fn expires(&self) -> Result<Date, date::Error> {
        Date::from_yymm(self.expiry)
    }

    /// The track as tag 57 holds it, and how many of the bytes count.
    pub fn to_bytes(&self) -> ([u8; 19], usize) {
        let mut nibbles = [0; MAX_NIBBLES];
        let unmasked = self.pan.unmask();
        let expiry = bcd::nibbles(&self.expiry);
        let values = unmasked.digits().iter().copied().chain([0x0D]).chain(expiry);
        let values = values.chain(self.service_code.digits()).chain(self.discretionary.values().iter().copied());
        let length = nibbles.iter_mut().zip(values).map(|(slot, nibble)| *slot = nibble).count();
        let bytes = bcd::compress(nibbles.get(..length).unwrap_or(&[]));
        nibbles.zeroize();
        (bytes, length.div_ceil(2))
    }

    /// How many digits the issuer adds.
    pub fn discretionary_length(&self) -> usize {
        self.discretionary.values().len()
    }

    /// What the issuer adds, on purpose: digit values, 0 to 9. Card verification values are among them.
    pub fn unmask_discretionary(&self) -> &[u8] {
        self.discretionary.values()
    }
}

impl Discretionary {
    fn new(values: &[u8]) -> Self {
        let mut digits = [0; MAX_NIBBLES];
        let length = digits.iter_mut().zip(values).map(|(slot, digit)| *slot = *digit).count();
        Self { digits, length: u8::try_from(length).unwrap_or(u8::MAX) }
    }

    fn values(&self) -> &[u8] {
        self.digits.get(..usize::from(self.length)).unwrap_or(&[])
    }
}

impl Drop for Discretionary {
    fn drop(&mut self) {
        self.digits.zeroize();
    }
}

/// The five-bit character set of track 2 is that of ASCII from `0` to `?`; `=` is D.
fn nibble_of(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' | b'=' => Some(character & 0x0F),
        b'D' | b'd' => Some(0x0D),
        _ => None,
    }
}

/// The check character makes the low four bits of all characters, sentinels and itself included, even.
fn check_character(track: &str, check: &str) -> Result<(), Error> {
    let sentinels = (b';' ^ b'?') & 0x0F;
    let sum = track.bytes().filter_map(nibble_of).fold(sentinels, |sum, nibble| sum ^ nibble);
    match check.as_bytes() {
        [] => Ok(()),
        [check] if (b'0'..=b'?').contains(check) && check & 0x0F == sum => Ok(()),
        _ => Err(Error::Check),
    }
}

impl fmt::Display for Track2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=******* and {} digits more", self.pan, self.discretionary_length())
    }
}

impl fmt::Debug for Track2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Track2({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{
        format,
        string::{String, ToString},
        vec::Vec,
    };
    use proptest::prelude::*;

    const TRACK: [u8; 18] =
        [0x47, 0x61, 0x73, 0x90, 0x01, 0x01, 0x00, 0x10, 0xD3, 0x01, 0x22, 0x01, 0x12, 0x34, 0x56, 0x78, 0x90, 0x1F];

    #[test]
    fn the_parts_stand_in_their_places() {
        let track = Track2::from_bytes(&TRACK).unwrap();
        assert_eq!(track.pan, Pan::from_digits("4761739001010010").unwrap());
        assert_eq!(track.expires(), Date::new(2030, 12, 31));
        assert_eq!(track.service_code.to_string(), "201");
        assert_eq!(track.unmask_discretionary(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    }

    #[test]
    fn nothing_secret_is_printed() {
        let shown = format!("{:?}", Track2::from_bytes(&TRACK).unwrap());
        assert_eq!(shown, "Track2(476173******0010=******* and 11 digits more)");
    }

    #[test]
    fn stripe_text_is_the_same_track() {
        let stripe = ";4761739001010010=301220112345678901?";
        let track = Track2::from_stripe(stripe).unwrap();
        assert_eq!(track, Track2::from_bytes(&TRACK).unwrap());
        let fitting = ('0'..='?').filter(|check| Track2::from_stripe(&format!("{stripe}{check}")).is_ok()).count();
        assert_eq!(fitting, 1);
        assert_eq!(Track2::from_stripe("4761=3012201?"), Err(Error::Sentinel));
        assert_eq!(Track2::from_stripe(";4761=3012201"), Err(Error::Sentinel));
        assert_eq!(Track2::from_stripe(";4761=30A2201?"), Err(Error::NotDigits));
    }

    #[test]
    fn the_check_character_of_a_known_track() {
        // Sentinels B and F, account number 1, separator D, YYMM 0001, service code 111: B ^ 1 ^ D ^ 1 ^ 1 ^ 1 ^ 1 ^ F.
        assert!(Track2::from_stripe(";1=0001111?8").is_ok());
        assert_eq!(Track2::from_stripe(";1=0001111?9"), Err(Error::Check));
    }

    #[test]
    fn each_fault_is_named() {
        assert_eq!(Track2::from_bytes(&[0x47, 0x61]), Err(Error::NoSeparator));
        assert_eq!(Track2::from_bytes(&[0xD3, 0x01, 0x22, 0x01]), Err(Error::Pan(pan::Error::Empty)));
        assert_eq!(Track2::from_bytes(&[0x4A, 0x1D, 0x30]), Err(Error::Pan(pan::Error::NotDigits)));
        assert_eq!(Track2::from_bytes(&[0x47, 0x61, 0xD3, 0x01, 0x22, 0xFF]), Err(Error::Cut));
        assert_eq!(Track2::from_bytes(&[0x47, 0x61, 0xD3, 0x01, 0xD2, 0x01]), Err(Error::NotDigits));
        assert_eq!(Track2::from_bytes(&[0x11; 20]), Err(Error::TooLong(40)));
    }

    proptest! {
        #[test]
        fn tracks_round_trip(number in "[0-9]{1,19}", rest in "[0-9]{7,17}") {
            let stripe: String = format!(";{number}={rest}?");
            let track = Track2::from_stripe(&stripe).unwrap();
            let (bytes, length) = track.to_bytes();
            prop_assert_eq!(Track2::from_bytes(&bytes[..length]).unwrap(), track);
        }

        #[test]
        fn what_is_read_is_written_back(bytes in proptest::collection::vec(any::<u8>(), 0..22)) {
            if let Ok(track) = Track2::from_bytes(&bytes) {
                let (written, length) = track.to_bytes();
                let trimmed: Vec<u8> = bcd::nibbles(&bytes).collect();
                let end = trimmed.iter().rposition(|nibble| *nibble != 0x0F).unwrap() + 1;
                prop_assert_eq!(bcd::nibbles(&written[..length]).take(end).collect::<Vec<_>>(), &trimmed[..end]);
            }
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,50}") {
            let _ = Track2::from_stripe(&text);
        }
    }
}
