//! What RSA operations came to, remembered: over many traces the same issuer certificates come again and again, and the
//! same issuers' keys open new ones.
//!
//! An operation is a function of key and input alone, and a remembered one is compared with both, byte for byte. So what is
//! remembered saves time and can change no result. Failures are not remembered.

use alloc::{boxed::Box, vec::Vec};
use core::fmt;

use crate::crypto::rsa::{Block, Error, Exponent, PreparedKey};

use super::{CaKey, RsaKey};

/// A key store asks it before it computes ([`KeyStore::remember_with`](super::KeyStore::remember_with)). Whoever shares one
/// between threads puts a lock around [`Operations`].
pub trait Memory: fmt::Debug + Send + Sync {
    /// The RSA operation of `key` on `input`, remembered or computed.
    ///
    /// # Errors
    /// As [`RsaKey::apply`].
    fn apply(&self, key: Key<'_>, input: &[u8]) -> Result<Block, Error>;
}

/// A key that an operation is asked of.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// A CA's: few, prepared when they were loaded.
    Ca(&'a CaKey),
    /// An issuer's.
    Issuer(&'a RsaKey),
}

impl Key<'_> {
    /// Computes the operation.
    ///
    /// # Errors
    /// As [`RsaKey::apply`].
    pub fn apply(&self, input: &[u8]) -> Result<Block, Error> {
        match self {
            Self::Ca(key) => key.apply(input),
            Self::Issuer(key) => key.apply(input),
        }
    }

    fn modulus(&self) -> &[u8] {
        match self {
            Self::Ca(key) => key.modulus(),
            Self::Issuer(key) => key.modulus(),
        }
    }

    fn exponent(&self) -> Exponent {
        match self {
            Self::Ca(key) => key.exponent(),
            Self::Issuer(key) => key.exponent(),
        }
    }
}

/// Remembered operations: a bounded number of them, the ones not asked for of late forgotten first.
pub struct Operations {
    /// What CA keys opened: issuer certificates.
    issuers: Table<Operation>,
    /// What issuers' keys opened: the cards' certificates and static signatures.
    cards: Table<Operation>,
    /// Issuers' keys that came more than once.
    keys: Table<IssuersKey>,
}

struct Operation {
    modulus: Box<[u8]>,
    exponent: Exponent,
    input: Box<[u8]>,
    block: Block,
}

struct IssuersKey {
    modulus: Box<[u8]>,
    exponent: Exponent,
    /// Preparing costs more than an operation: it is done when the key comes again.
    prepared: Option<PreparedKey>,
}

impl Operations {
    /// Remembers about `limit` operations of each kind, at most 2 kB each.
    pub fn new(limit: usize) -> Self {
        Self { issuers: Table::new(limit), cards: Table::new(limit), keys: Table::new(limit) }
    }

    /// The RSA operation of `key` on `input`, remembered or computed, and remembered then.
    ///
    /// # Errors
    /// As [`RsaKey::apply`].
    pub fn apply(&mut self, key: Key<'_>, input: &[u8]) -> Result<Block, Error> {
        let at = mixed(key.modulus(), input);
        let same = |operation: &Operation| {
            *operation.input == *input && *operation.modulus == *key.modulus() && operation.exponent == key.exponent()
        };
        if let Some(operation) = self.blocks(key).find(at, same) {
            return Ok(operation.block.clone());
        }
        let block = match key {
            Key::Ca(key) => key.apply(input)?,
            Key::Issuer(key) => self.apply_issuers(key, input)?,
        };
        let (modulus, exponent) = (key.modulus().into(), key.exponent());
        self.blocks(key).keep(at, Operation { modulus, exponent, input: input.into(), block: block.clone() });
        Ok(block)
    }

    fn blocks(&mut self, key: Key<'_>) -> &mut Table<Operation> {
        match key {
            Key::Ca(_) => &mut self.issuers,
            Key::Issuer(_) => &mut self.cards,
        }
    }

    fn apply_issuers(&mut self, key: &RsaKey, input: &[u8]) -> Result<Block, Error> {
        let at = mixed(key.modulus(), &[]);
        let same = |known: &IssuersKey| *known.modulus == *key.modulus() && known.exponent == key.exponent();
        if let Some(known) = self.keys.find(at, same) {
            if known.prepared.is_none() {
                known.prepared = PreparedKey::new(&known.modulus, known.exponent).ok();
            }
            return known.prepared.as_ref().map_or_else(|| key.apply(input), |prepared| prepared.apply(input));
        }
        self.keys.keep(at, IssuersKey { modulus: key.modulus().into(), exponent: key.exponent(), prepared: None });
        key.apply(input)
    }
}

impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Operations(of {})", self.issuers.sets.len().saturating_mul(2))
    }
}

/// Sets of two places: the one asked for last comes first, the other one goes when something new comes.
struct Table<T> {
    sets: Vec<[Option<Box<T>>; 2]>,
}

impl<T> Table<T> {
    fn new(limit: usize) -> Self {
        Self { sets: (0..limit.div_ceil(2).max(1)).map(|_| [None, None]).collect() }
    }

    fn set(&mut self, at: u64) -> Option<&mut [Option<Box<T>>; 2]> {
        let sets = u64::try_from(self.sets.len()).ok()?;
        let at = usize::try_from(at.checked_rem(sets)?).ok()?;
        self.sets.get_mut(at)
    }

    fn find(&mut self, at: u64, same: impl Fn(&T) -> bool) -> Option<&mut T> {
        let set = self.set(at)?;
        let is_it = |place: &Option<Box<T>>| place.as_deref().is_some_and(&same);
        if set.last().is_some_and(is_it) {
            set.reverse();
        }
        set.first_mut()?.as_deref_mut().filter(|it| same(it))
    }

    fn keep(&mut self, at: u64, it: T) {
        let Some(set) = self.set(at) else { return };
        set.reverse();
        if let Some(first) = set.first_mut() {
            *first = Some(Box::new(it));
        }
    }
}

/// Where something is looked for. Moduli and signatures look random, so that a few bytes of each tell them apart; who makes
/// them collide gains nothing but that they are computed.
fn mixed(modulus: &[u8], input: &[u8]) -> u64 {
    let word = |bytes: &[u8]| bytes.last_chunk::<8>().map_or(0, |last| u64::from_le_bytes(*last));
    let middle = |bytes: &[u8]| word(bytes.get(..bytes.len() / 2).unwrap_or(&[]));
    let mixed = middle(modulus) ^ middle(input).rotate_left(29) ^ word(input).rotate_left(17);
    mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::rsa::counted::operations;

    fn key(seed: u8, length: usize, exponent: Exponent) -> RsaKey {
        let mut modulus: Vec<u8> = (0..length).map(|at| (at as u8).wrapping_mul(seed).wrapping_add(seed)).collect();
        modulus[0] |= 0x80;
        modulus[length - 1] |= 1;
        RsaKey::new(modulus, exponent).unwrap()
    }

    fn input(seed: usize, length: usize) -> Vec<u8> {
        let mut input: Vec<u8> = (0..length).map(|at| (at * 31 + seed * 7) as u8).collect();
        input[0] = 0;
        input
    }

    #[test]
    fn whatever_is_remembered_is_what_would_be_computed() {
        for limit in [1, 3, 64] {
            let mut remembered = Operations::new(limit);
            for round in 0..200 {
                let exponent = if round % 3 == 0 { Exponent::F4 } else { Exponent::Three };
                let key = key(7 + (round % 5) as u8 * 2, 64 + round % 4 * 32, exponent);
                let input = input(round % 7, key.length());
                let block = remembered.apply(Key::Issuer(&key), &input).unwrap();
                assert_eq!(*block, *key.apply(&input).unwrap());
            }
        }
    }

    #[test]
    fn what_was_computed_is_not_computed_again() {
        let (key, mut remembered) = (key(7, 96, Exponent::Three), Operations::new(64));
        let (first, second) = (input(1, 96), input(2, 96));
        for input in [&first, &second, &first, &second] {
            remembered.apply(Key::Issuer(&key), input).unwrap();
        }
        let before = operations();
        remembered.apply(Key::Issuer(&key), &first).unwrap();
        assert_eq!(operations(), before);
        // One byte of the input, or of the modulus, and it is something else.
        let mut other = first.clone();
        other[50] ^= 1;
        remembered.apply(Key::Issuer(&key), &other).unwrap();
        assert_eq!(operations(), before + 1);
    }

    #[test]
    fn every_bit_that_is_looked_at_matters_and_sets_fill_evenly() {
        let mut word = 0x2545_F491_4F6C_DD1D_u64;
        let mut random = |length: usize| -> Vec<u8> {
            let mut next = || {
                word ^= word << 13;
                word ^= word >> 7;
                word ^= word << 17;
                word.to_le_bytes()[3]
            };
            (0..length).map(|_| next()).collect()
        };
        let mut sets = [0; 64];
        for _ in 0..512 {
            let (modulus, input) = (random(96), random(96));
            let at = mixed(&modulus, &input);
            sets[(at % 64) as usize] += 1;
            for bit in 0..64 {
                let flipped = |bytes: &[u8], from: usize| {
                    let mut bytes = bytes.to_vec();
                    bytes[from + bit / 8] ^= 1 << (bit % 8);
                    bytes
                };
                assert_ne!(mixed(&flipped(&modulus, 40), &input), at, "modulus, bit {bit}");
                assert_ne!(mixed(&modulus, &flipped(&input, 40)), at, "middle of the input, bit {bit}");
                assert_ne!(mixed(&modulus, &flipped(&input, 88)), at, "end of the input, bit {bit}");
            }
        }
        assert!(sets.iter().all(|count| (1..=20).contains(count)), "{sets:?}");
    }

    #[test]
    fn errors_stay_errors() {
        let (key, mut remembered) = (key(7, 96, Exponent::Three), Operations::new(64));
        for _ in 0..3 {
            assert!(matches!(remembered.apply(Key::Issuer(&key), &[1; 95]), Err(Error::InputLength { .. })));
            assert!(matches!(remembered.apply(Key::Issuer(&key), &[0xFF; 96]), Err(Error::InputTooLarge)));
        }
    }
}
