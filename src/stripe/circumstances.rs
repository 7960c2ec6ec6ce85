//! Under which circumstances a stripe is judged.

use apdu::value::{Date, Track2};
use kernel::Reason;

/// What the terminal knows when the stripe is read.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The day.
    pub date: Date,
    /// Why the chip failed before; `None` when nobody tried it.
    pub after: Option<Reason>,
    /// Where the terminal is; `None` when that is not known.
    pub region: Option<Region>,
    /// Nobody attends the terminal.
    pub unattended: bool,
    /// Cash is wanted, not goods.
    pub cash: bool,
    /// Track 2 equivalent data of the chip (tag 57).
    pub chip: Option<Track2>,
}

/// Where a terminal is, as far as it matters for stripes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// Mainland China, where stripes of chip cards are closed.
    MainlandChina,
    /// Elsewhere: scheme rules.
    Elsewhere,
}

impl Circumstances {
    /// A purchase at an attended terminal on `date`, with nothing known about the chip.
    pub fn on(date: Date) -> Self {
        Self { date, after: None, region: None, unattended: false, cash: false, chip: None }
    }
}

impl Region {
    /// The region of a country: ISO 3166 number or letters; `None` when it is neither.
    pub fn from_country(country: &str) -> Option<Self> {
        let country = country.to_ascii_uppercase();
        let is_number = (1..=4).contains(&country.len()) && country.bytes().all(|byte| byte.is_ascii_digit());
        let is_name = (2..=3).contains(&country.len()) && country.bytes().all(|byte| byte.is_ascii_uppercase());
        match country.trim_start_matches('0') {
            "156" | "CN" | "CHN" => Some(Self::MainlandChina),
            _ => (is_number || is_name).then_some(Self::Elsewhere),
        }
    }
}
