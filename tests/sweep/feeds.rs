//! Which fields feed which bit of the TVR: by changing one of them, and no other, the bit may be lost.

use std::collections::BTreeSet;

const TABLE: &str = include_str!("feeds.tsv");

/// Data authentication was not performed, or failed by SDA, DDA or CDA.
const UNAUTHENTIC: u8 = 0b1100_1100;

pub struct Feeds(Vec<(Bit, BTreeSet<String>)>);

/// Byte and bit as the Books number them: from 1, and from the left with 8.
pub type Bit = (usize, u8);

impl Feeds {
    pub fn read() -> Self {
        let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self(lines.map(|line| entry(line).unwrap_or_else(|| panic!("{line}"))).collect())
    }

    pub fn lost(&self, was: [u8; 5], is: [u8; 5]) -> Vec<Bit> {
        let bits = (0..5).flat_map(|byte| (0..8).map(move |bit| (byte, bit)));
        let lost = bits.filter(|(byte, bit)| was[*byte] & !is[*byte] & (1 << bit) != 0);
        // Not performed and failed stand for each other.
        let lost = lost.filter(|(byte, bit)| *byte != 0 || UNAUTHENTIC & (1 << bit) == 0 || is[0] & UNAUTHENTIC == 0);
        lost.map(|(byte, bit)| (byte + 1, bit + 1)).collect()
    }

    pub fn feeds(&self, bit: Bit, fields: &BTreeSet<String>) -> bool {
        self.0.iter().any(|(known, feeding)| *known == bit && !feeding.is_disjoint(fields))
    }
}

fn entry(line: &str) -> Option<(Bit, BTreeSet<String>)> {
    let (bit, fields) = line.split_once('\t')?;
    let (byte, bit) = bit.split_once('.')?;
    let fields = fields.split('\t').next()?.split(' ').map(str::to_owned).collect();
    Some(((byte.parse().ok()?, bit.parse().ok()?), fields))
}
