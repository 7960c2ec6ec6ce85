//! Track 2 as it was read, with its faults (ISO/IEC 7813).

use core::fmt;

use apdu::value::{Date, Pan, ServiceCode};
use zeroize::Zeroizing;

use super::{
    fields::{Fields, first_other},
    frame::{Check, Fault, FaultKind, Frame, is_separator},
};

/// The most characters between the sentinels.
const MOST: usize = 37;
/// The least digits of an account number (ISO/IEC 7812-1).
const LEAST_DIGITS: usize = 8;

/// A part of a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<T> {
    /// It is there.
    Given(T),
    /// A separator stands in its place.
    LeftOut,
    /// It is cut or wrong.
    Unreadable,
}

/// A track 2, as far as it could be read. `Debug` masks it.
pub struct Track {
    /// Account number.
    pub number: Option<Pan>,
    /// Expiry month as YYMM digits; there is such a month.
    pub expiry: Part<[u8; 2]>,
    /// Service code.
    pub service_code: Part<ServiceCode>,
    /// How many characters stand between the sentinels.
    pub length: usize,
    /// The check character.
    pub check: Check,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Track 1 when the reader printed it before.
    pub track_one: Option<TrackOne>,
    discretionary: Zeroizing<Vec<u8>>,
}

/// The parts of track 1 that have to be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackOne {
    /// Account number.
    pub number: Pan,
    /// Expiry month as YYMM digits.
    pub expiry: Part<[u8; 2]>,
    /// Service code.
    pub service_code: Part<ServiceCode>,
}

impl Track {
    /// Reads track 2 from a line of a stripe reader: `;number=YYMMsss...?` with or without its check character, the same
    /// without sentinels, or as in tag 57 with D and F. Other tracks on the line are left out; track 1 is compared.
    pub fn read(line: &str) -> Self {
        let frame = Frame::find(line);
        let mut track = Self {
            number: None,
            expiry: Part::Unreadable,
            service_code: Part::Unreadable,
            length: frame.body.len(),
            check: frame.check,
            faults: frame.faults,
            track_one: TrackOne::read(&frame.before),
            discretionary: Zeroizing::default(),
        };
        match frame.body.as_slice() {
            [] => track.fault(FaultKind::Empty, frame.first),
            [b'E' | b'e'] => track.fault(FaultKind::ReadError, frame.first),
            body => track.parse(body, frame.first),
        }
        track
    }

    /// The last day of the expiry month, when there is one.
    pub fn expires(&self) -> Option<Date> {
        Date::from_yymm(self.expiry.given()?).ok()
    }

    /// How many digits the issuer adds.
    pub fn discretionary_length(&self) -> usize {
        self.discretionary.len()
    }

    /// Whether the issuer's part is `other`, digit values, and there is one.
    pub fn has_discretionary(&self, other: &[u8]) -> bool {
        !other.is_empty() && self.discretionary.as_slice() == other
    }

    /// Whether a fault of this kind was found.
    pub fn has(&self, kind: FaultKind) -> bool {
        self.faults.iter().any(|fault| fault.kind == kind)
    }

    fn fault(&mut self, kind: FaultKind, position: usize) {
        self.faults.push(Fault { kind, position });
    }

    fn parse(&mut self, body: &[u8], first: usize) {
        if body.len() > MOST {
            self.fault(FaultKind::TooLong, first.saturating_add(MOST));
        }
        let separator = body.iter().position(|byte| is_separator(*byte));
        let end = separator.unwrap_or(body.len());
        let (number, rest) = body.split_at_checked(end).unwrap_or((body, &[]));
        self.number = self.read_number(number, first);
        let end = first.saturating_add(end);
        match rest.split_first() {
            Some((_, rest)) => self.read_fields(Fields::new(rest, end.saturating_add(1))),
            None => self.fault(FaultKind::NoSeparator, end),
        }
    }

    fn read_number(&mut self, number: &[u8], first: usize) -> Option<Pan> {
        if let Some(at) = first_other(number) {
            self.fault(FaultKind::NotADigit, first.saturating_add(at));
            return None;
        }
        let read = Pan::from_digits(&text(number)).ok();
        if read.is_none() || number.len() < LEAST_DIGITS {
            self.fault(FaultKind::NumberLength, first.saturating_add(number.len()));
        }
        read
    }

    fn read_fields(&mut self, mut fields: Fields<'_>) {
        self.expiry = fields.expiry();
        self.service_code = fields.service_code();
        self.discretionary = fields.rest();
        self.faults.append(&mut fields.faults);
    }
}

impl<T> Part<T> {
    /// What is there.
    pub fn given(self) -> Option<T> {
        match self {
            Self::Given(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn and_then<U>(self, convert: impl FnOnce(T) -> Option<U>) -> Part<U> {
        match self {
            Self::Given(value) => convert(value).map_or(Part::Unreadable, Part::Given),
            Self::LeftOut => Part::LeftOut,
            Self::Unreadable => Part::Unreadable,
        }
    }
}

impl TrackOne {
    /// `%Bnumber^name^YYMMsss...`; `None` when it is another format.
    fn read(before: &[u8]) -> Option<Self> {
        let mut parts = before.strip_prefix(b"%B")?.splitn(3, |byte| *byte == b'^');
        let (number, _name, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let mut fields = Fields::new(rest, 0);
        let number = Pan::from_digits(&text(number)).ok()?;
        Some(Self { number, expiry: fields.expiry(), service_code: fields.service_code() })
    }
}

/// ASCII without spaces, which some readers put into account numbers.
fn text(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len()));
    text.extend(bytes.iter().filter(|byte| **byte != b' ').copied().map(char::from));
    text
}

impl fmt::Debug for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Track")
            .field("number", &self.number)
            .field("service_code", &self.service_code)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NUMBER: &str = "4761739001010010";

    /// The faults of a line: what and where.
    fn faults(line: &str) -> Vec<(FaultKind, usize)> {
        Track::read(line).faults.iter().map(|fault| (fault.kind, fault.position)).collect()
    }

    #[test]
    fn the_same_track_is_read_in_every_form() {
        let forms = [
            format!(";{NUMBER}=301220112345678901?"),
            format!("  ;{NUMBER}=301220112345678901?\r\n"),
            format!("{NUMBER}=301220112345678901"),
            format!("{NUMBER}D301220112345678901F"),
            format!("%B{NUMBER}^TEST/CARD^3012201000000000?;{NUMBER}=301220112345678901?"),
            format!(";{NUMBER}=301220112345678901?+99123?"),
        ];
        for form in forms {
            let track = Track::read(&form);
            assert_eq!(track.faults, [], "{form}");
            assert_eq!(track.number, Pan::from_digits(NUMBER).ok());
            assert_eq!(track.expires(), Date::new(2030, 12, 31).ok());
            assert_eq!(track.service_code.given().unwrap().to_string(), "201");
            assert_eq!((track.length, track.discretionary_length()), (35, 11));
            assert!(track.has_discretionary(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]));
            assert_eq!(track.check, Check::NotGiven);
        }
    }

    #[test]
    fn each_fault_has_its_position() {
        let cases: &[(&str, &[(FaultKind, usize)])] = &[
            ("", &[(FaultKind::Empty, 1)]),
            (";?", &[(FaultKind::Empty, 2)]),
            (";E?", &[(FaultKind::ReadError, 2)]),
            (";4761739001010010=30122011", &[(FaultKind::NoEnd, 27)]),
            ("4761739001010010=30122011?", &[(FaultKind::NoStart, 1)]),
            (";4761739001010010=30122011?xyz", &[(FaultKind::AfterEnd, 28)]),
            (";4761739001010010?", &[(FaultKind::NoSeparator, 18)]),
            (";4761=30122011?", &[(FaultKind::NumberLength, 6)]),
            (";47617390010100101234=30122011?", &[(FaultKind::NumberLength, 22)]),
            (";=30122011?", &[(FaultKind::NumberLength, 2)]),
            (";47617X9001010010=30122011?", &[(FaultKind::NotADigit, 7)]),
            (";4761739001010010=30X22011?", &[(FaultKind::NotADigit, 21)]),
            (";4761739001010010=3012201123=45?", &[(FaultKind::NotADigit, 29)]),
            (";4761739001010010=3012?", &[(FaultKind::Cut, 23)]),
            (";4761739001010010=30?", &[(FaultKind::Cut, 21)]),
            (";4761739001010010=3013201?", &[(FaultKind::Month, 21)]),
            (";4761739001010010=30122011234567890123456?", &[(FaultKind::TooLong, 39)]),
        ];
        for (line, wanted) in cases {
            assert_eq!(faults(line), *wanted, "{line}");
        }
    }

    #[test]
    fn fields_may_be_left_out() {
        let track = Track::read(";4761739001010010==2011234?");
        assert_eq!((track.expiry, track.faults.len()), (Part::LeftOut, 0));
        assert_eq!(track.service_code.given().unwrap().to_string(), "201");
        assert_eq!(Track::read(";4761739001010010=3012=1234?").service_code, Part::LeftOut);
    }

    #[test]
    fn the_check_character_is_computed() {
        // B ^ 1 ^ D ^ 0 ^ 0 ^ 0 ^ 1 ^ 1 ^ 1 ^ 1 ^ F = 8, as in the tests of `apdu`.
        assert_eq!(Track::read(";1=0001111?8").check, Check::Fits);
        assert_eq!(Track::read(";1=0001111?9").check, Check::Differs { given: 9, computed: 8 });
    }

    proptest! {
        #[test]
        fn one_check_character_fits_and_it_is_that_of_apdu(number in "[0-9]{8,19}", rest in "[0-9]{7,17}") {
            let line = format!(";{number}={rest}?");
            let fitting: Vec<char> = ('0'..='?').filter(|check| Track::read(&format!("{line}{check}")).check == Check::Fits).collect();
            prop_assert_eq!(fitting.len(), 1);
            let accepted = apdu::value::Track2::from_stripe(&format!("{line}{}", fitting[0])).is_ok();
            // `apdu` takes the last `?` for the end sentinel.
            prop_assert!(accepted || fitting == ['?']);
        }

        #[test]
        fn any_line_is_read_without_panic_and_positions_are_inside(line in r"[;%+?=D0-9A-F ^é]{0,90}") {
            let track = Track::read(&line);
            let length = line.trim().chars().count();
            prop_assert!(track.faults.iter().all(|fault| (1..=length + 1).contains(&fault.position)), "{:?}", track);
        }

        #[test]
        fn nothing_secret_is_printed(number in "4[0-9]{15}", rest in "3012201[0-9]{10}") {
            let shown = format!("{:?}", Track::read(&format!(";{number}={rest}?")));
            let secrets = [number.get(6..12).unwrap(), rest.get(7..).unwrap()];
            prop_assert!(!secrets.iter().any(|secret| shown.contains(secret)), "{}", shown);
        }
    }
}
