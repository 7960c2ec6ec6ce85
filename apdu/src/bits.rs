//! Bit strings with named bits: a bit is named by byte and position as the Books name it.

use core::fmt;

/// One bit: byte counted from 1, position from 8 (most significant) to 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bit {
    /// Byte, from 1.
    pub byte: u8,
    /// Position in the byte, 8 to 1.
    pub position: u8,
}

impl Bit {
    /// The bit `position` (8 to 1) of byte `byte` (from 1).
    pub const fn new(byte: u8, position: u8) -> Self {
        Self { byte, position }
    }

    /// The mask of this bit inside its byte.
    pub const fn mask(self) -> u8 {
        match self.position {
            8 => 0x80,
            7 => 0x40,
            6 => 0x20,
            5 => 0x10,
            4 => 0x08,
            3 => 0x04,
            2 => 0x02,
            1 => 0x01,
            _ => 0,
        }
    }

    /// Where its byte stands in a byte string.
    pub fn index(self) -> usize {
        usize::from(self.byte.saturating_sub(1))
    }
}

impl fmt::Display for Bit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.byte, self.position)
    }
}

impl fmt::Debug for Bit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bit({self})")
    }
}

/// A bit string of `N` bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bits<const N: usize>(pub [u8; N]);

impl<const N: usize> Default for Bits<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> Bits<N> {
    /// No bit set.
    pub const ZERO: Self = Self([0; N]);

    /// Whether `bit` is set.
    pub fn has(&self, bit: Bit) -> bool {
        self.0.get(bit.index()).is_some_and(|byte| byte & bit.mask() != 0)
    }

    /// Sets `bit`.
    pub fn set(&mut self, bit: Bit) {
        if let Some(byte) = self.0.get_mut(bit.index()) {
            *byte |= bit.mask();
        }
    }

    /// Clears `bit`.
    pub fn clear(&mut self, bit: Bit) {
        if let Some(byte) = self.0.get_mut(bit.index()) {
            *byte &= !bit.mask();
        }
    }

    /// The same bits and `bit`.
    #[must_use]
    pub fn with(mut self, bit: Bit) -> Self {
        self.set(bit);
        self
    }

    /// Whether no bit is set.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }

    /// The set bits, first byte first, most significant bit first.
    pub fn iter(&self) -> impl Iterator<Item = Bit> + '_ {
        (1u8..).zip(self.0.iter()).flat_map(|(byte, value)| {
            (1..=8).rev().map(move |position| Bit { byte, position }).filter(move |bit| value & bit.mask() != 0)
        })
    }
}

impl<const N: usize> core::ops::BitOr for Bits<N> {
    type Output = Self;
    fn bitor(mut self, other: Self) -> Self {
        self |= other;
        self
    }
}

impl<const N: usize> core::ops::BitOrAssign for Bits<N> {
    fn bitor_assign(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine |= theirs);
    }
}

impl<const N: usize> core::ops::BitAnd for Bits<N> {
    type Output = Self;
    fn bitand(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine &= theirs);
        self
    }
}

impl<const N: usize> fmt::Display for Bits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl<const N: usize> fmt::Debug for Bits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bits({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::ToString, vec::Vec};
    use proptest::prelude::*;

    #[test]
    fn bits_are_named_by_byte_and_position() {
        let bits = Bits([0x80, 0x01]);
        assert!(bits.has(Bit::new(1, 8)) && bits.has(Bit::new(2, 1)) && !bits.has(Bit::new(1, 1)));
        assert_eq!(bits.iter().map(|bit| bit.to_string()).collect::<Vec<_>>(), ["1.8", "2.1"]);
        assert_eq!(bits.to_string(), "8001");
    }

    #[test]
    fn bits_outside_are_nowhere() {
        let outside = Bits::<2>::ZERO.with(Bit::new(3, 8)).with(Bit::new(1, 9)).with(Bit::new(1, 0));
        assert!(outside.is_zero());
        assert!(!Bits([0xFF; 2]).has(Bit::new(3, 1)));
    }

    proptest! {
        #[test]
        fn a_bit_string_is_the_sum_of_its_bits(value: [u8; 5], other: [u8; 5]) {
            let bits = Bits(value);
            prop_assert_eq!(bits.iter().fold(Bits::ZERO, Bits::with), bits);
            let cleared = bits.iter().fold(bits, |mut left, bit| { left.clear(bit); left });
            prop_assert!(cleared.is_zero());
            prop_assert_eq!((bits | Bits(other)).has(Bit::new(3, 4)), bits.has(Bit::new(3, 4)) || Bits(other).has(Bit::new(3, 4)));
            prop_assert_eq!((bits & Bits(other)).has(Bit::new(3, 4)), bits.has(Bit::new(3, 4)) && Bits(other).has(Bit::new(3, 4)));
        }
    }
}
