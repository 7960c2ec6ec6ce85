//! The test keys by name. Their primes are kept in `keys/rsa.txt`, because finding them takes minutes; a key that is not
//! there is found on the spot by the same rule.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::{KeyError, PrivateKey, primes, rsa};

const CACHE: &str = include_str!("../../keys/rsa.txt");

/// Which key: its name is the seed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeySpec {
    /// The name, from which the key follows.
    pub seed: String,
    /// Modulus length in bytes, 64 to 248.
    pub bytes: usize,
    /// Public exponent, 3 or 65537.
    pub exponent: u32,
}

impl KeySpec {
    /// The key called `seed` with a modulus of `bytes` bytes.
    pub fn new(seed: &str, bytes: usize, exponent: u32) -> Self {
        Self { seed: seed.to_owned(), bytes, exponent }
    }

    /// Whether its primes are kept, so that having the key costs next to nothing.
    pub fn is_kept(&self) -> bool {
        cache().contains_key(self)
    }

    /// The key itself.
    ///
    /// # Errors
    /// [`KeyError`] when length or exponent are none of EMV's.
    pub fn key(&self) -> Result<PrivateKey, KeyError> {
        self.check()?;
        let key = match cache().get(self) {
            Some(kept) => kept.key.get_or_init(|| self.key_of(&kept.primes)).clone(),
            None => self.key_of(&self.find_primes()),
        };
        key.ok_or_else(|| KeyError::Primes(self.seed.clone()))
    }

    fn key_of(&self, (p, q): &Primes) -> Option<PrivateKey> {
        PrivateKey::from_primes(p, q, self.exponent).filter(|key| key.length() == self.bytes)
    }

    /// The key's modulus, big-endian, without the work that the private key takes.
    ///
    /// # Errors
    /// As [`KeySpec::key`].
    pub fn modulus(&self) -> Result<Vec<u8>, KeyError> {
        let (p, q) = self.primes()?;
        Ok(rsa::modulus(&p, &q))
    }

    fn primes(&self) -> Result<Primes, KeyError> {
        self.check()?;
        let found = cache().get(self).map(|kept| kept.primes.clone());
        Ok(found.unwrap_or_else(|| self.find_primes()))
    }

    fn check(&self) -> Result<(), KeyError> {
        match (self.bytes, self.exponent) {
            (64..=248, 3 | 65537) => Ok(()),
            (64..=248, exponent) => Err(KeyError::Exponent(exponent)),
            (bytes, _) => Err(KeyError::Length(bytes)),
        }
    }

    /// Finds both primes, at the cost of up to a minute.
    fn find_primes(&self) -> (Vec<u8>, Vec<u8>) {
        let bits = u32::try_from(self.bytes.saturating_mul(4)).unwrap_or(0);
        let find = |name| primes::prime(&self.seed, name, bits, self.exponent).to_be_bytes_trimmed_vartime().into_vec();
        (find("p"), find("q"))
    }

    fn parse(line: &str) -> Option<(Self, Vec<&str>)> {
        let mut words = line.split_whitespace();
        let spec = Self::new(words.next()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some((spec, words.collect()))
    }
}

type Primes = (Vec<u8>, Vec<u8>);

struct Kept {
    primes: Primes,
    /// The key they make, once somebody wanted it: its inverses cost more than a signature.
    key: OnceLock<Option<PrivateKey>>,
}

fn cache() -> &'static BTreeMap<KeySpec, Kept> {
    static PARSED: OnceLock<BTreeMap<KeySpec, Kept>> = OnceLock::new();
    PARSED.get_or_init(|| CACHE.lines().filter_map(cached).collect())
}

fn cached(line: &str) -> Option<(KeySpec, Kept)> {
    let (spec, primes) = KeySpec::parse(line)?;
    let [p, q] = primes[..] else { return None };
    let primes = (hex::decode(p).ok()?, hex::decode(q).ok()?);
    Some((spec, Kept { primes, key: OnceLock::new() }))
}

/// The key file with its primes found anew: `list` names one key a line (name, bytes, exponent), comments are kept.
pub fn regenerate(list: &str) -> String {
    list.lines().map(regenerated).collect()
}

fn regenerated(line: &str) -> String {
    let found = KeySpec::parse(line).filter(|_| !line.starts_with('#')).map(|(spec, _)| {
        let (p, q) = spec.find_primes();
        format!("{} {} {} {} {}\n", spec.seed, spec.bytes, spec.exponent, hex::encode(p), hex::encode(q))
    });
    found.unwrap_or_else(|| format!("{line}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto_bigint::{BoxedUint, ConcatenatingMul, ConcatenatingSquare};

    #[test]
    fn every_kept_key_has_its_length_and_exponent() {
        let listed: Vec<_> = CACHE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
        assert_eq!(listed.len(), cache().len(), "a line of keys/rsa.txt does not parse, or stands there twice");
        for (spec, kept) in cache() {
            let (p, q) = &kept.primes;
            let product = BoxedUint::from_be_slice_vartime(p).concatenating_mul(BoxedUint::from_be_slice_vartime(q));
            assert_eq!(usize::try_from(product.bits()).unwrap(), spec.bytes * 8, "{}", spec.seed);
            let key = spec.key().unwrap();
            let block = [&[0x6A], &[0x5C; 247][..spec.bytes - 2], &[0xBC]].concat();
            assert_eq!(public(&key, &key.apply(&block)), block, "{}", spec.seed);
        }
    }

    /// Textbook: multiply and reduce, nothing shared with the private operation.
    fn public(key: &PrivateKey, signature: &[u8]) -> Vec<u8> {
        let modulus = BoxedUint::from_be_slice_vartime(key.modulus()).to_nz().unwrap();
        let base = BoxedUint::from_be_slice_vartime(signature);
        let squarings = if key.exponent().len() == 1 { 1 } else { 16 };
        let squared = (0..squarings).fold(base.clone(), |power, _| power.concatenating_square().rem_vartime(&modulus));
        squared.concatenating_mul(&base).rem_vartime(&modulus).to_be_bytes_trimmed_vartime().into_vec()
    }

    #[test]
    fn the_kept_primes_are_the_ones_the_rule_finds() {
        let line = CACHE.lines().find(|line| line.starts_with("icc-512 64 ")).unwrap();
        assert_eq!(regenerate(line), format!("{line}\n"));
        assert_eq!(regenerate("# comment\n\n"), "# comment\n\n");
    }

    #[test]
    fn a_key_that_is_not_kept_is_found() {
        let spec = KeySpec::new("not kept", 65, 65537);
        assert!(!spec.is_kept() && KeySpec::new("icc-512", 64, 3).is_kept());
        let key = spec.key().unwrap();
        assert_eq!((key.length(), key.exponent()), (65, vec![1, 0, 1]));
        assert_eq!(public(&key, &key.apply(&[0x6A; 65])), [0x6A; 65]);
    }

    #[test]
    fn lengths_and_exponents_outside_emv_are_refused() {
        assert_eq!(KeySpec::new("x", 249, 3).key(), Err(KeyError::Length(249)));
        assert_eq!(KeySpec::new("x", 63, 3).key(), Err(KeyError::Length(63)));
        assert_eq!(KeySpec::new("x", 64, 2).key(), Err(KeyError::Exponent(2)));
    }
}
