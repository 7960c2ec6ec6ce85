//! Dates and times of day, and the century rule (`EMV 4.4 Book 4, 6.7.3`): years 00 to 49 are in the 21st century, 50 to
//! 99 in the 20th.

use core::fmt;

use super::bcd;

/// A day of the calendar between 1950 and 2049.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Why bytes are no date or no time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A nibble is no digit.
    #[error("not made of digits")]
    NotDigits,
    /// A year two digits cannot say.
    #[error("year {0} is not 1950 to 2049")]
    Year(u16),
    /// No such month.
    #[error("month {0} is not 1 to 12")]
    Month(u8),
    /// No such day in that month.
    #[error("day {day} is not 1 to {last}")]
    Day {
        /// The day.
        day: u8,
        /// The month's last day.
        last: u8,
    },
    /// No such time of day.
    #[error("no time of day")]
    Time,
}

impl Date {
    /// The first day two digits of a year can name: 1 January 1950.
    pub const FIRST: Self = Self { year: 1950, month: 1, day: 1 };

    /// The day of a four-digit year, a month from 1 and a day from 1.
    ///
    /// # Errors
    /// [`Error`] when the calendar has no such day, or the year is not 1950 to 2049.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, Error> {
        if !(1950..=2049).contains(&year) {
            return Err(Error::Year(year));
        }
        let last = last_day(year, month).ok_or(Error::Month(month))?;
        if !(1..=last).contains(&day) {
            return Err(Error::Day { day, last });
        }
        Ok(Self { year, month, day })
    }

    /// The day YYMMDD, as in tags 5F24, 5F25 and 9A.
    ///
    /// # Errors
    /// [`Error`] when these are no digits or the calendar has no such day.
    pub fn from_yymmdd([yy, mm, dd]: [u8; 3]) -> Result<Self, Error> {
        Self::new(full_year(yy)?, number(mm)?, number(dd)?)
    }

    /// The last day of the month MMYY, as in public key certificates.
    ///
    /// # Errors
    /// [`Error`] when these are no digits or there is no such month.
    pub fn from_mmyy([mm, yy]: [u8; 2]) -> Result<Self, Error> {
        let (year, month) = (full_year(yy)?, number(mm)?);
        Self::new(year, month, last_day(year, month).ok_or(Error::Month(month))?)
    }

    /// The last day of the month YYMM, as on the magnetic stripe.
    ///
    /// # Errors
    /// [`Error`] when these are no digits or there is no such month.
    pub fn from_yymm([yy, mm]: [u8; 2]) -> Result<Self, Error> {
        Self::from_mmyy([mm, yy])
    }

    /// The day as YYMMDD.
    pub fn to_yymmdd(self) -> [u8; 3] {
        [self.year.into(), self.month.into(), self.day.into()].map(bcd::two_digits)
    }

    /// The month as MMYY.
    pub fn to_mmyy(self) -> [u8; 2] {
        [self.month.into(), self.year.into()].map(bcd::two_digits)
    }

    /// The year, 1950 to 2049.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.day
    }
}

fn number(byte: u8) -> Result<u8, Error> {
    bcd::from_two_digits(byte).ok_or(Error::NotDigits)
}

fn full_year(yy: u8) -> Result<u16, Error> {
    let year = u16::from(number(yy)?);
    Ok(year.saturating_add(if year < 50 { 2000 } else { 1900 }))
}

fn last_day(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

/// A time of day to the second, tag 9F21.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time {
    hour: u8,
    minute: u8,
    second: u8,
}

impl Time {
    /// 00:00:00.
    pub const MIDNIGHT: Self = Self { hour: 0, minute: 0, second: 0 };

    /// The time of an hour from 0 to 23, a minute and a second from 0 to 59.
    ///
    /// # Errors
    /// [`Error::Time`] when a part is out of range.
    pub fn new(hour: u8, minute: u8, second: u8) -> Result<Self, Error> {
        let valid = hour < 24 && minute < 60 && second < 60;
        valid.then_some(Self { hour, minute, second }).ok_or(Error::Time)
    }

    /// The time HHMMSS.
    ///
    /// # Errors
    /// [`Error`] when these are no digits or no time of day.
    pub fn from_hhmmss([hour, minute, second]: [u8; 3]) -> Result<Self, Error> {
        Self::new(number(hour)?, number(minute)?, number(second)?)
    }

    /// The time as HHMMSS.
    pub fn to_hhmmss(self) -> [u8; 3] {
        [self.hour, self.minute, self.second].map(|part| bcd::two_digits(part.into()))
    }

    /// The hour, 0 to 23.
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub fn minute(self) -> u8 {
        self.minute
    }

    /// The second, 0 to 59.
    pub fn second(self) -> u8 {
        self.second
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Time({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn two_digit_years_fall_into_their_century() {
        let day = |bytes| Date::from_yymmdd(bytes).unwrap();
        assert_eq!(day([0x49, 0x12, 0x31]).to_string(), "2049-12-31");
        assert_eq!(day([0x50, 0x01, 0x01]).to_string(), "1950-01-01");
        assert!(day([0x99, 0x12, 0x31]) < day([0x00, 0x01, 0x01]));
    }

    #[test]
    fn the_calendar_is_kept() {
        assert_eq!(Date::from_yymmdd([0x26, 0x13, 0x01]), Err(Error::Month(13)));
        assert_eq!(Date::from_yymmdd([0x26, 0x00, 0x01]), Err(Error::Month(0)));
        assert_eq!(Date::from_yymmdd([0x26, 0x02, 0x29]), Err(Error::Day { day: 29, last: 28 }));
        assert_eq!(Date::from_yymmdd([0x26, 0x04, 0x00]), Err(Error::Day { day: 0, last: 30 }));
        assert_eq!(Date::from_yymmdd([0x2A, 0x04, 0x01]), Err(Error::NotDigits));
        assert!(Date::from_yymmdd([0x28, 0x02, 0x29]).is_ok());
        assert!(Date::from_yymmdd([0x00, 0x02, 0x29]).is_ok());
        assert_eq!(Date::new(2050, 1, 1), Err(Error::Year(2050)));
    }

    #[test]
    fn a_month_means_its_last_day() {
        assert_eq!(Date::from_mmyy([0x02, 0x28]), Date::new(2028, 2, 29));
        assert_eq!(Date::from_yymm([0x25, 0x12]), Date::new(2025, 12, 31));
        assert_eq!(Date::from_mmyy([0x28, 0x02]), Err(Error::Month(28)));
    }

    proptest! {
        #[test]
        fn dates_round_trip(bytes: [u8; 3]) {
            if let Ok(date) = Date::from_yymmdd(bytes) {
                prop_assert_eq!(date.to_yymmdd(), bytes);
                prop_assert_eq!(Date::new(date.year(), date.month(), date.day()), Ok(date));
                prop_assert_eq!(Date::from_mmyy(date.to_mmyy()).unwrap().month(), date.month());
            }
        }

        #[test]
        fn times_round_trip(bytes: [u8; 3]) {
            match Time::from_hhmmss(bytes) {
                Ok(time) => prop_assert_eq!(time.to_hhmmss(), bytes),
                Err(_) => prop_assert!(!bcd::is_numeric(&bytes) || bytes[0] > 0x23 || bytes[1] > 0x59 || bytes[2] > 0x59),
            }
        }
    }
}
