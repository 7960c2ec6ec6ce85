//! Primes from a seed: a SHA-256 stream sets the starting point, and the first fitting prime at or after it is taken.
//!
//! The rule is written down here rather than left to a library's generator, so that the keys stay the same when the
//! library changes.

use crypto_bigint::{BitOps, BoxedUint, Limb, NonZero};
use crypto_primes::{Flavor, is_prime};
use sha2::{Digest, Sha256};

/// The prime called `name` for the key `seed`: `bits` long with its two top bits set, and one less than it prime to
/// `exponent`, so that two such primes make a modulus of exactly twice the length.
pub(super) fn prime(seed: &str, name: &str, bits: u32, exponent: u32) -> BoxedUint {
    let mut candidate = start(&format!("{seed}/{name}/{bits}/{exponent}"), bits);
    while !fits(&candidate, exponent) {
        candidate = candidate.wrapping_add(BoxedUint::from_be_slice_truncated(&[2], candidate.bits_precision()));
    }
    candidate
}

fn start(label: &str, bits: u32) -> BoxedUint {
    let length = usize::try_from(bits.div_ceil(8)).unwrap_or(0);
    let blocks = (0_u32..).map(|counter| Sha256::digest(format!("{label}/{counter}")));
    let bytes: Vec<u8> = blocks.flat_map(<[u8; 32]>::from).take(length).collect();
    let mut number = BoxedUint::from_be_slice_truncated(&bytes, bits);
    let excess = number.bits_precision().saturating_sub(bits);
    number = number.shl(excess).shr(excess);
    number.set_bit_vartime(0, true);
    number.set_bit_vartime(bits.saturating_sub(1), true);
    number.set_bit_vartime(bits.saturating_sub(2), true);
    number
}

fn fits(candidate: &BoxedUint, exponent: u32) -> bool {
    // Less one it must not be a multiple of the exponent, which is prime.
    remainder(candidate, exponent) != 1
        && SMALL.iter().all(|small| remainder(candidate, *small) != 0)
        && is_prime(Flavor::Any, candidate)
}

fn remainder(number: &BoxedUint, divisor: u32) -> u32 {
    let divisor = NonZero::new(Limb::from(divisor)).unwrap_or(NonZero::<Limb>::ONE);
    u32::try_from(number.rem_limb(divisor).0).unwrap_or(0)
}

/// Ruling out multiples of these first saves most of the costly tests.
const SMALL: [u32; 24] = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97];
