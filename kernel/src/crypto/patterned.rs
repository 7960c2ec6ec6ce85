//! Moduli of a key generator whose keys can be computed (CVE-2017-15361).

/// The primes whose remainders give the pattern away. The library at fault made primes of the form k·M + (65537^a mod M),
/// so that a modulus is a power of 65537 modulo each of them. For a random modulus the chance is below one in 10^12. Those
/// that let the fewest through come first.
const PRIMES: [u32; 38] = [
    97, 37, 79, 11, 61, 73, 127, 151, 13, 17, 19, 53, 71, 103, 107, 109, 157, 3, 5, 7, 23, 29, 31, 41, 43, 47, 59, 67,
    83, 89, 101, 113, 131, 137, 139, 149, 163, 167,
];

/// The product of the first primes: one division of the modulus gives its remainder for each of them.
const FIRST: u32 = 97 * 37 * 79 * 11 * 61;

/// For each prime, a bit for each remainder that is a power of 65537.
const POWERS: [[u64; 3]; PRIMES.len()] = powers();

/// Whether a modulus, big-endian, has the pattern.
pub fn is_patterned(modulus: &[u8]) -> bool {
    let first = remainder(modulus, FIRST);
    PRIMES.iter().zip(&POWERS).all(|(prime, powers)| {
        let whole = FIRST.checked_rem(*prime) != Some(0);
        let remainder = if whole { remainder(modulus, *prime) } else { first.checked_rem(*prime).unwrap_or_default() };
        powers.get(remainder as usize / 64).is_some_and(|word| word >> (remainder % 64) & 1 == 1)
    })
}

fn remainder(modulus: &[u8], prime: u32) -> u32 {
    let (first, rest) = modulus.as_rchunks::<4>();
    let words = core::iter::once(first.iter().fold(0, |word: u32, byte| (word << 8) | u32::from(*byte)));
    let words = words.chain(rest.iter().map(|word| u32::from_be_bytes(*word)));
    let digit = |before: u64, word: u32| ((before << 32) | u64::from(word)).checked_rem(u64::from(prime));
    let remainder = words.into_iter().try_fold(0, digit).unwrap_or_default();
    u32::try_from(remainder).unwrap_or_default()
}

#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated by the compiler alone")]
const fn powers() -> [[u64; 3]; PRIMES.len()] {
    let mut powers = [[0; 3]; PRIMES.len()];
    let mut at = 0;
    while at < PRIMES.len() {
        let mut power = 1;
        while powers[at][power as usize / 64] >> (power % 64) & 1 == 0 {
            powers[at][power as usize / 64] |= 1 << (power % 64);
            power = power * 65537 % PRIMES[at];
        }
        at += 1;
    }
    powers
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// The product of two primes k·M + 65537^a mod M: every factor and so the product is a power of 65537 modulo each
    /// prime. Any number that is congruent to such a power has the pattern; 65537 itself is the plainest one.
    #[test]
    fn a_power_of_f4_has_the_pattern_and_other_numbers_do_not() {
        assert!(is_patterned(&[0x01, 0x00, 0x01]));
        assert!(is_patterned(&[0x01, 0x00, 0x02, 0x00, 0x01]), "65537 squared");
        assert!(!is_patterned(&[0x01, 0x00, 0x03]));
        let ordinary = vec![0xB5; 128];
        assert!(!is_patterned(&ordinary));
    }

    #[cfg(feature = "config")]
    #[test]
    fn published_ca_keys_do_not_have_the_pattern() {
        let keys = crate::oda::KeyStore::live().unwrap();
        assert!(keys.len() > 10);
        assert!(keys.iter().all(|key| !is_patterned(key.modulus())));
    }
}
