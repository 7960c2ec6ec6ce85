//! The bytes of a command or a response as somebody saw them, right or wrong.

use alloc::vec::Vec;
use core::{
    fmt,
    ops::{Deref, DerefMut},
};

use crate::wipe::{wipe, wipe_all};

/// As many bytes stand in the value itself.
const SHORT: usize = 30;

/// The bytes of a command or a response, right or wrong, however many. The short ones, which most are, need no memory of
/// their own: whoever keeps a whole transaction keeps dozens.
#[derive(Clone)]
pub struct Octets(Kept);

#[derive(Clone)]
enum Kept {
    Short { bytes: [u8; SHORT], length: u8 },
    Long(Vec<u8>),
}

impl Octets {
    /// The parts, one behind the other.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let length = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
        let mut bytes = [0; SHORT];
        let Some(mut room) = bytes.get_mut(..length) else { return Self(Kept::Long(parts.concat())) };
        for part in parts {
            let Some((start, rest)) = room.split_at_mut_checked(part.len()) else { break };
            start.copy_from_slice(part);
            room = rest;
        }
        Self(Kept::Short { bytes, length: u8::try_from(length).unwrap_or_default() })
    }

    /// Fills them, and all the room they have, with zeros, and empties them.
    pub fn wipe(&mut self) {
        match &mut self.0 {
            Kept::Short { bytes, length } => {
                wipe(bytes);
                *length = 0;
            }
            Kept::Long(bytes) => wipe_all(bytes),
        }
    }
}

impl From<&[u8]> for Octets {
    fn from(octets: &[u8]) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..octets.len()), u8::try_from(octets.len())) {
            (Some(room), Ok(length)) => {
                room.copy_from_slice(octets);
                Self(Kept::Short { bytes, length })
            }
            _ => Self(Kept::Long(octets.to_vec())),
        }
    }
}

/// They stay where they are: what must be wiped is not copied.
impl From<Vec<u8>> for Octets {
    fn from(octets: Vec<u8>) -> Self {
        Self(Kept::Long(octets))
    }
}

impl Deref for Octets {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Kept::Short { bytes, length } => bytes.get(..usize::from(*length)).unwrap_or(&[]),
            Kept::Long(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for Octets {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl DerefMut for Octets {
    fn deref_mut(&mut self) -> &mut [u8] {
        match &mut self.0 {
            Kept::Short { bytes, length } => bytes.get_mut(..usize::from(*length)).unwrap_or_default(),
            Kept::Long(bytes) => bytes,
        }
    }
}

impl PartialEq for Octets {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Octets {}

impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn however_they_are_kept_they_are_the_same() {
        for length in [0, 1, SHORT - 1, SHORT, SHORT + 1, 261] {
            let bytes: Vec<u8> = (0..length).map(|at| at as u8 ^ 0x5A).collect();
            let (copied, taken) = (Octets::from(&*bytes), Octets::from(bytes.clone()));
            assert_eq!((&*copied, &*taken), (&*bytes, &*bytes));
            assert_eq!(copied, taken);
            let (start, end) = bytes.split_at(bytes.len() / 3);
            assert_eq!(Octets::of_parts(&[start, &[], end]), taken);
            assert_ne!(copied, Octets::from(&[&*bytes, &[0]].concat()[..]));
        }
    }

    #[test]
    fn wiped_ones_are_empty_and_short_ones_leave_nothing() {
        let mut short = Octets::from(&[0x24, 0x12, 0x34][..]);
        short.wipe();
        assert!(matches!(short.0, Kept::Short { bytes: [0, 0, 0, ..], length: 0 }));
        let mut long = Octets::from(vec![0x24; 64]);
        long.wipe();
        assert!(long.is_empty());
    }

    #[test]
    fn they_take_no_more_room_than_the_way_to_them_and_a_word() {
        assert_eq!(size_of::<Option<Octets>>(), size_of::<Vec<u8>>() + size_of::<usize>());
    }
}
