//! Dates moved by whole months: what was before stays before.

use apdu::value::date::Date;

/// Where the day of the transaction is moved to: a January, so that every day of its own month has a place there.
const HOME: i32 = 2026 * 12;
const FIRST: i32 = 1950 * 12;
const LAST: i32 = 2049 * 12 + 11;

/// The 32nd, in BCD.
const NO_DAY: u8 = 0x32;

/// How far dates are moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Calendar {
    months: i32,
}

impl Calendar {
    /// The one that moves `today` to its place; without a day nothing is moved.
    pub fn anchored(today: Option<Date>) -> Self {
        Self { months: today.map_or(0, |today| HOME.saturating_sub(month_of(today))) }
    }

    /// Beyond the years that two digits tell, the first or the last day of them.
    pub fn date(self, date: Date) -> Date {
        let month = month_of(date).saturating_add(self.months);
        let day = match month {
            ..FIRST => 1,
            FIRST..=LAST => date.day(),
            _ => 31,
        };
        let month = month.clamp(FIRST, LAST);
        let year = u16::try_from(month.div_euclid(12)).unwrap_or_default();
        let month = u8::try_from(month.rem_euclid(12)).unwrap_or_default().saturating_add(1);
        // A month has 28 days at least.
        (28..=day).rev().chain([day]).find_map(|day| Date::new(year, month, day).ok()).unwrap_or(date)
    }

    /// Whether `moved`, which was moved, is not after the month of the transaction.
    pub fn is_past(self, moved: Date) -> bool {
        month_of(moved) <= HOME
    }

    /// YYMMDD. A day that its month does not have is none in the other month either; what has no month stays.
    pub fn day(self, value: &mut [u8; 3]) {
        let [year, month, day] = *value;
        match (Date::from_yymmdd(*value), Date::from_yymmdd([year, month, 1])) {
            (Ok(date), _) => *value = self.date(date).to_yymmdd(),
            (_, Ok(first)) => {
                let [year, month, _] = self.date(first).to_yymmdd();
                let becomes_one = Date::from_yymmdd([year, month, day]).is_ok();
                *value = [year, month, if becomes_one { NO_DAY } else { day }];
            }
            _ => {}
        }
    }

    /// MMYY; what is no month stays.
    pub fn month(self, value: &mut [u8; 2]) {
        if let Ok(date) = Date::from_mmyy(*value) {
            *value = self.first_of(date).to_mmyy();
        }
    }

    /// YYMM as four digits; what is no month stays.
    pub fn year_and_month(self, digits: &mut [u8; 4]) {
        let [a, b, c, d] = *digits;
        let month = [a.wrapping_mul(16) | b, c.wrapping_mul(16) | d];
        if let Ok(date) = Date::from_yymm(month) {
            let [month, year] = self.first_of(date).to_mmyy();
            *digits = [year >> 4, year & 0x0F, month >> 4, month & 0x0F];
        }
    }

    fn first_of(self, date: Date) -> Date {
        self.date(Date::new(date.year(), date.month(), 1).unwrap_or(date))
    }
}

fn month_of(date: Date) -> i32 {
    i32::from(date.year()).saturating_mul(12).saturating_add(i32::from(date.month())).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        let parts: Vec<u16> = text.split('-').map(|part| part.parse().unwrap()).collect();
        Date::new(parts[0], parts[1] as u8, parts[2] as u8).unwrap()
    }

    #[test]
    fn the_transaction_goes_to_a_january_and_all_else_keeps_its_distance() {
        let calendar = Calendar::anchored(Some(date("2023-06-30")));
        assert_eq!(calendar.date(date("2023-06-30")), date("2026-01-30"));
        assert_eq!(calendar.date(date("2023-06-29")), date("2026-01-29"));
        assert_eq!(calendar.date(date("2023-07-31")), date("2026-02-28"), "a shorter month");
        assert_eq!(calendar.date(date("2048-12-31")), date("2049-12-31"), "as late as can be told");
        assert_eq!(calendar.date(date("1950-01-01")), date("1952-08-01"));
        let mut month = [0x12, 0x25];
        calendar.month(&mut month);
        assert_eq!(month, [0x07, 0x28]);
        let mut stripe = [2, 5, 1, 2];
        calendar.year_and_month(&mut stripe);
        assert_eq!(stripe, [2, 8, 0, 7]);
    }

    #[test]
    fn what_is_no_date_stays_and_without_a_day_everything_does() {
        let calendar = Calendar::anchored(Some(date("2023-06-30")));
        let mut broken = [0x25, 0x13, 0x01];
        calendar.day(&mut broken);
        assert_eq!(broken, [0x25, 0x13, 0x01]);
        let mut june = [0x23, 0x06, 0x31];
        calendar.day(&mut june);
        assert_eq!(june, [0x26, 0x01, 0x32], "no day in June, and none in January");
        assert_eq!(Calendar::anchored(None).date(date("2031-05-31")), date("2031-05-31"));
    }
}
