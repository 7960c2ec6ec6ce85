//! The raw RSA public-key operation, for the exponents 3 and 65537 and moduli of 40 to 256 bytes.
//!
//! Variable time, on purpose: modulus, exponent and signature are public. Numbers have one of a few fixed widths and live
//! on the stack; an operation allocates nothing.

mod remainder;

use alloc::boxed::Box;
use core::{fmt, ops::Deref};

use crypto_bigint::{
    Limb, Odd, U512, U768, U1024, U1280, U1536, U1792, U2048, Uint, Word,
    modular::{FixedMontyForm, FixedMontyParams},
};

/// The shortest modulus, in bytes.
pub const MIN_MODULUS: usize = 40;

/// The longest modulus, in bytes.
pub const MAX_MODULUS: usize = 256;

/// A public exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exponent {
    /// 3.
    Three,
    /// 65537, the fifth Fermat number.
    F4,
}

impl Exponent {
    /// The exponent that `bytes` write, in as few bytes as it needs.
    pub const fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [3] => Some(Self::Three),
            [1, 0, 1] => Some(Self::F4),
            _ => None,
        }
    }

    /// Its bytes, as few as it needs.
    pub const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Three => &[3],
            Self::F4 => &[1, 0, 1],
        }
    }

    /// How often the base is squared before it is multiplied in once more.
    const fn squarings(self) -> u32 {
        match self {
            Self::Three => 1,
            Self::F4 => 16,
        }
    }
}

/// Why a key cannot be used, or not on this input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The modulus has another number of bytes than [`MIN_MODULUS`] to [`MAX_MODULUS`].
    #[error("a modulus of {0} bytes, where 40 to 256 are possible")]
    ModulusLength(usize),
    /// The modulus is even (or zero), so it is no product of two odd primes.
    #[error("the modulus is even")]
    ModulusEven,
    /// The input has another length than the modulus.
    #[error("an input of {found} bytes for a modulus of {expected}")]
    InputLength {
        /// Bytes of the modulus.
        expected: usize,
        /// Bytes of the input.
        found: usize,
    },
    /// The input is not smaller than the modulus.
    #[error("the input is not smaller than the modulus")]
    InputTooLarge,
}

/// The result of one operation: as many bytes as the modulus has.
#[derive(Clone)]
pub struct Block {
    bytes: [u8; MAX_MODULUS],
    start: usize,
}

impl Deref for Block {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or(&[])
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Block({} bytes)", self.len())
    }
}

/// A public key for a few operations: nothing is computed ahead.
#[derive(Clone, Copy, Debug)]
pub struct PublicKey<'a> {
    modulus: &'a [u8],
    exponent: Exponent,
}

/// Calls `$function` with the narrowest width that takes `$length` bytes.
macro_rules! with_width {
    ($length:expr, $function:ident($($argument:expr),*)) => {
        match $length {
            0..=64 => $function::<{ U512::LIMBS }>($($argument),*),
            65..=96 => $function::<{ U768::LIMBS }>($($argument),*),
            97..=128 => $function::<{ U1024::LIMBS }>($($argument),*),
            129..=160 => $function::<{ U1280::LIMBS }>($($argument),*),
            161..=192 => $function::<{ U1536::LIMBS }>($($argument),*),
            193..=224 => $function::<{ U1792::LIMBS }>($($argument),*),
            _ => $function::<{ U2048::LIMBS }>($($argument),*),
        }
    };
}

impl<'a> PublicKey<'a> {
    /// A key with this modulus, big-endian.
    ///
    /// # Errors
    /// [`Error::ModulusLength`] and [`Error::ModulusEven`].
    pub const fn new(modulus: &'a [u8], exponent: Exponent) -> Result<Self, Error> {
        match check_modulus(modulus) {
            Ok(()) => Ok(Self { modulus, exponent }),
            Err(error) => Err(error),
        }
    }

    /// `input` to the power of the exponent, modulo the modulus: recovers what was signed, and enciphers what is to be sent.
    ///
    /// # Errors
    /// [`Error::InputLength`] and [`Error::InputTooLarge`].
    pub fn apply(&self, input: &[u8]) -> Result<Block, Error> {
        check_length(self.modulus.len(), input)?;
        #[cfg(test)]
        counted::one();
        with_width!(self.modulus.len(), apply_once(self.modulus, self.exponent, input))
    }
}

/// A public key that is used often: what depends on the modulus alone is computed once.
#[derive(Clone)]
pub struct PreparedKey {
    length: usize,
    exponent: Exponent,
    numbers: Numbers,
}

impl PreparedKey {
    /// Prepares the key with this modulus, big-endian.
    ///
    /// # Errors
    /// [`Error::ModulusLength`] and [`Error::ModulusEven`].
    pub fn new(modulus: &[u8], exponent: Exponent) -> Result<Self, Error> {
        check_modulus(modulus)?;
        let numbers = match modulus.len() {
            0..=64 => Numbers::W512(Prepared::boxed(modulus, exponent)?),
            65..=96 => Numbers::W768(Prepared::boxed(modulus, exponent)?),
            97..=128 => Numbers::W1024(Prepared::boxed(modulus, exponent)?),
            129..=160 => Numbers::W1280(Prepared::boxed(modulus, exponent)?),
            161..=192 => Numbers::W1536(Prepared::boxed(modulus, exponent)?),
            193..=224 => Numbers::W1792(Prepared::boxed(modulus, exponent)?),
            _ => Numbers::W2048(Prepared::boxed(modulus, exponent)?),
        };
        Ok(Self { length: modulus.len(), exponent, numbers })
    }

    /// As [`PublicKey::apply`].
    ///
    /// # Errors
    /// [`Error::InputLength`] and [`Error::InputTooLarge`].
    pub fn apply(&self, input: &[u8]) -> Result<Block, Error> {
        check_length(self.length, input)?;
        #[cfg(test)]
        counted::one();
        match &self.numbers {
            Numbers::W512(key) => key.apply(self.exponent, input),
            Numbers::W768(key) => key.apply(self.exponent, input),
            Numbers::W1024(key) => key.apply(self.exponent, input),
            Numbers::W1280(key) => key.apply(self.exponent, input),
            Numbers::W1536(key) => key.apply(self.exponent, input),
            Numbers::W1792(key) => key.apply(self.exponent, input),
            Numbers::W2048(key) => key.apply(self.exponent, input),
        }
    }
}

impl fmt::Debug for PreparedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PreparedKey({} bytes, {:?})", self.length, self.exponent)
    }
}

#[derive(Clone)]
enum Numbers {
    W512(Box<Prepared<{ U512::LIMBS }>>),
    W768(Box<Prepared<{ U768::LIMBS }>>),
    W1024(Box<Prepared<{ U1024::LIMBS }>>),
    W1280(Box<Prepared<{ U1280::LIMBS }>>),
    W1536(Box<Prepared<{ U1536::LIMBS }>>),
    W1792(Box<Prepared<{ U1792::LIMBS }>>),
    W2048(Box<Prepared<{ U2048::LIMBS }>>),
}

/// With the Montgomery factor R, a product of two numbers comes out divided by R. The input is therefore not converted
/// into Montgomery form: its e-th power comes out divided by R to the e-1, and one last product with R to the e repairs
/// that. One product is saved on the way in and a reduction on the way out.
#[derive(Clone)]
struct Prepared<const LIMBS: usize> {
    parameters: FixedMontyParams<LIMBS>,
    repair: FixedMontyForm<LIMBS>,
}

impl<const LIMBS: usize> Prepared<LIMBS> {
    fn boxed(modulus: &[u8], exponent: Exponent) -> Result<Box<Self>, Error> {
        let modulus = Odd::new(number(modulus)).into_option().ok_or(Error::ModulusEven)?;
        let parameters = FixedMontyParams::new_vartime(modulus);
        let r = FixedMontyForm::from_montgomery(*parameters.r2(), &parameters);
        let repair = FixedMontyForm::from_montgomery(power(&r, exponent).retrieve(), &parameters);
        Ok(Box::new(Self { parameters, repair }))
    }

    #[allow(clippy::arithmetic_side_effects, reason = "a product modulo the modulus cannot overflow")]
    fn apply(&self, exponent: Exponent, input: &[u8]) -> Result<Block, Error> {
        let base = number::<LIMBS>(input);
        check_smaller(&base, self.parameters.modulus())?;
        let base = FixedMontyForm::from_montgomery(base, &self.parameters);
        let result = power(&base, exponent) * self.repair;
        Ok(block(result.as_montgomery(), input.len()))
    }
}

/// The exponent decides what is cheapest once: for 3, two products with a division each; for 65537, preparing first.
fn apply_once<const LIMBS: usize>(modulus: &[u8], exponent: Exponent, input: &[u8]) -> Result<Block, Error> {
    let modulus = Odd::new(number::<LIMBS>(modulus)).into_option().ok_or(Error::ModulusEven)?;
    let base = number::<LIMBS>(input);
    check_smaller(&base, &modulus)?;
    let result = match exponent {
        Exponent::Three => remainder::cube(&base, modulus.as_ref()),
        Exponent::F4 => {
            let parameters = FixedMontyParams::new_vartime(modulus);
            power(&FixedMontyForm::new(&base, &parameters), exponent).retrieve()
        }
    };
    Ok(block(&result, input.len()))
}

#[allow(clippy::arithmetic_side_effects, reason = "a product modulo the modulus cannot overflow")]
fn power<const LIMBS: usize>(base: &FixedMontyForm<LIMBS>, exponent: Exponent) -> FixedMontyForm<LIMBS> {
    base.square_repeat_vartime(exponent.squarings()) * base
}

const fn check_modulus(modulus: &[u8]) -> Result<(), Error> {
    match modulus {
        [.., last] if modulus.len() >= MIN_MODULUS && modulus.len() <= MAX_MODULUS => {
            if *last & 1 == 1 {
                Ok(())
            } else {
                Err(Error::ModulusEven)
            }
        }
        _ => Err(Error::ModulusLength(modulus.len())),
    }
}

const fn check_length(expected: usize, input: &[u8]) -> Result<(), Error> {
    if input.len() == expected { Ok(()) } else { Err(Error::InputLength { expected, found: input.len() }) }
}

fn check_smaller<const LIMBS: usize>(input: &Uint<LIMBS>, modulus: &Odd<Uint<LIMBS>>) -> Result<(), Error> {
    if input.cmp_vartime(modulus.as_ref()).is_lt() { Ok(()) } else { Err(Error::InputTooLarge) }
}

/// The number that `bytes` write, big-endian; the width is chosen so that all of them fit.
fn number<const LIMBS: usize>(bytes: &[u8]) -> Uint<LIMBS> {
    let mut words = [0; LIMBS];
    for (word, chunk) in words.iter_mut().zip(bytes.rchunks(Limb::BYTES)) {
        *word = chunk.iter().fold(0, |word: Word, byte| (word << 8) | Word::from(*byte));
    }
    Uint::from_words(words)
}

/// The last `length` bytes of the number, big-endian; those before are zero.
fn block<const LIMBS: usize>(number: &Uint<LIMBS>, length: usize) -> Block {
    let mut bytes = [0; MAX_MODULUS];
    for (chunk, word) in bytes.rchunks_mut(Limb::BYTES).zip(number.as_words()) {
        chunk.iter_mut().zip(word.to_be_bytes()).for_each(|(place, byte)| *place = byte);
    }
    Block { bytes, start: MAX_MODULUS.saturating_sub(length) }
}

/// How many operations this thread has done, for tests of what must not do many.
#[cfg(test)]
pub(crate) mod counted {
    extern crate std;
    use core::cell::Cell;

    std::thread_local!(static OPERATIONS: Cell<usize> = const { Cell::new(0) });

    pub(super) fn one() {
        OPERATIONS.with(|operations| operations.set(operations.get() + 1));
    }

    pub(crate) fn operations() -> usize {
        OPERATIONS.with(Cell::get)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};
    use proptest::prelude::*;

    /// Schoolbook arithmetic, a bit at a time: shares nothing with the code under test.
    fn schoolbook(base: &[u8], exponent: u32, modulus: &[u8]) -> Vec<u8> {
        (0..exponent).fold(one(modulus.len()), |product, _| multiply(&product, base, modulus))
    }

    fn one(length: usize) -> Vec<u8> {
        let mut one = vec![0; length];
        one[length - 1] = 1;
        one
    }

    fn multiply(a: &[u8], b: &[u8], modulus: &[u8]) -> Vec<u8> {
        let mut sum = vec![0; modulus.len()];
        for bit in b.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)) {
            sum = add(&sum, &sum, modulus);
            if bit == 1 {
                sum = add(&sum, a, modulus);
            }
        }
        sum
    }

    fn add(a: &[u8], b: &[u8], modulus: &[u8]) -> Vec<u8> {
        let mut sum = vec![0u8; a.len() + 1];
        let mut carry = 0;
        for i in (0..a.len()).rev() {
            let total = u16::from(a[i]) + u16::from(b[i]) + carry;
            sum[i + 1] = total as u8;
            carry = total >> 8;
        }
        sum[0] = carry as u8;
        let mut padded = vec![0];
        padded.extend_from_slice(modulus);
        if sum >= padded {
            let mut borrow = 0;
            for i in (0..sum.len()).rev() {
                let difference = i16::from(sum[i]) - i16::from(padded[i]) - borrow;
                sum[i] = difference as u8;
                borrow = i16::from(difference < 0);
            }
        }
        sum.split_off(1)
    }

    fn key_and_input() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
        (MIN_MODULUS..=MAX_MODULUS).prop_flat_map(|length| {
            let bytes = proptest::collection::vec(any::<u8>(), length);
            (bytes.clone(), bytes).prop_map(|(mut modulus, mut input)| {
                modulus[0] |= 0x80;
                input[0] &= 0x7F;
                *modulus.last_mut().unwrap() |= 1;
                (modulus, input)
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn both_ways_to_the_cube_agree_with_schoolbook_arithmetic((modulus, input) in key_and_input()) {
            let expected = schoolbook(&input, 3, &modulus);
            let once = PublicKey::new(&modulus, Exponent::Three).unwrap().apply(&input).unwrap();
            let prepared = PreparedKey::new(&modulus, Exponent::Three).unwrap().apply(&input).unwrap();
            prop_assert_eq!(&*once, &expected[..]);
            prop_assert_eq!(&*prepared, &expected[..]);
        }

        #[test]
        fn both_ways_to_65537_agree((modulus, input) in key_and_input()) {
            let once = PublicKey::new(&modulus, Exponent::F4).unwrap().apply(&input).unwrap();
            let prepared = PreparedKey::new(&modulus, Exponent::F4).unwrap().apply(&input).unwrap();
            prop_assert_eq!(&*once, &*prepared);
        }

        #[test]
        fn any_bytes_give_a_result_or_a_named_error(
            modulus in proptest::collection::vec(any::<u8>(), 0..300),
            input in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            for exponent in [Exponent::Three, Exponent::F4] {
                if let Ok(key) = PublicKey::new(&modulus, exponent) {
                    let _ = key.apply(&input);
                    let _ = key.apply(&modulus);
                }
                if let Ok(key) = PreparedKey::new(&modulus, exponent) {
                    let _ = key.apply(&input);
                    prop_assert_eq!(key.apply(&modulus).unwrap_err(), Error::InputTooLarge);
                }
            }
        }
    }

    #[test]
    fn the_power_65537_agrees_with_schoolbook_arithmetic() {
        let mut modulus = vec![0xC5; MIN_MODULUS];
        modulus[7] = 0x12;
        let input = vec![0x3A; MIN_MODULUS];
        let squared = (0..16).fold(input.clone(), |value, _| multiply(&value, &value, &modulus));
        let expected = multiply(&squared, &input, &modulus);
        assert_eq!(*PublicKey::new(&modulus, Exponent::F4).unwrap().apply(&input).unwrap(), expected[..]);
    }

    #[test]
    fn unusable_keys_and_inputs_are_named() {
        let even = vec![0x80; 64];
        let odd = vec![0x81; 64];
        assert_eq!(PublicKey::new(&even, Exponent::Three).unwrap_err(), Error::ModulusEven);
        assert_eq!(PreparedKey::new(&[0; 64], Exponent::Three).unwrap_err(), Error::ModulusEven);
        assert_eq!(PublicKey::new(&odd[..39], Exponent::Three).unwrap_err(), Error::ModulusLength(39));
        assert_eq!(PreparedKey::new(&[1; 257], Exponent::Three).unwrap_err(), Error::ModulusLength(257));
        let key = PublicKey::new(&odd, Exponent::Three).unwrap();
        assert_eq!(key.apply(&odd[1..]).unwrap_err(), Error::InputLength { expected: 64, found: 63 });
        assert_eq!(key.apply(&odd).unwrap_err(), Error::InputTooLarge);
    }

    #[test]
    fn only_the_two_exponents_in_their_shortest_form_are_known() {
        for exponent in [Exponent::Three, Exponent::F4] {
            assert_eq!(Exponent::from_bytes(exponent.as_bytes()), Some(exponent));
        }
        for other in [&[][..], &[2], &[0, 3], &[1, 0, 0], &[0, 1, 0, 1]] {
            assert_eq!(Exponent::from_bytes(other), None);
        }
    }
}
