//! The RSA private operation, by the Chinese remainder theorem.

use std::fmt;

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero, Odd, Resize};

/// An RSA key pair of the test infrastructure; never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateKey {
    modulus: Vec<u8>,
    exponent: u32,
    p: Prime,
    q: Prime,
    /// The inverse of q modulo p.
    coefficient: BoxedUint,
}

#[derive(Clone, PartialEq, Eq)]
struct Prime {
    value: NonZero<BoxedUint>,
    parameters: BoxedMontyParams,
    exponent: BoxedUint,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bytes, e = {}, [hidden])", self.modulus.len(), self.exponent)
    }
}

impl Prime {
    fn new(value: BoxedUint, public_exponent: u32) -> Option<Self> {
        let bits = value.bits_precision();
        let less_one = Option::from(NonZero::new(value.wrapping_sub(BoxedUint::one_with_precision(bits))))?;
        let exponent = BoxedUint::from_be_slice_truncated(&public_exponent.to_be_bytes(), bits).invert_mod(&less_one);
        let odd: Odd<BoxedUint> = Option::from(value.to_odd())?;
        Some(Self {
            value: Option::from(NonZero::new(value))?,
            parameters: BoxedMontyParams::new_vartime(odd),
            exponent: Option::from(exponent)?,
        })
    }

    fn residue(&self, number: &BoxedUint) -> BoxedMontyForm {
        BoxedMontyForm::new(number.rem_vartime(&self.value), &self.parameters)
    }

    fn root(&self, number: &BoxedUint) -> BoxedMontyForm {
        self.residue(number).pow(&self.exponent)
    }
}

/// The modulus of two primes, all big-endian: what is public of their key, at next to no cost.
pub(super) fn modulus(p: &[u8], q: &[u8]) -> Vec<u8> {
    let (p, q) = (BoxedUint::from_be_slice_vartime(p), BoxedUint::from_be_slice_vartime(q));
    p.concatenating_mul(&q).to_be_bytes_trimmed_vartime().into_vec()
}

impl PrivateKey {
    /// The key of two primes, big-endian; `None` when they and the exponent make none.
    pub fn from_primes(p: &[u8], q: &[u8], exponent: u32) -> Option<Self> {
        let half = u32::try_from(p.len().max(q.len()).checked_mul(8)?).ok()?;
        let modulus = modulus(p, q);
        let (p, q) = (BoxedUint::from_be_slice(p, half).ok()?, BoxedUint::from_be_slice(q, half).ok()?);
        let (p, q) = (Prime::new(p, exponent)?, Prime::new(q, exponent)?);
        let inverse: BoxedMontyForm = Option::from(p.residue(&q.value).invert())?;
        Some(Self { modulus, exponent, coefficient: inverse.retrieve(), p, q })
    }

    /// The modulus, big-endian.
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The modulus length in bytes.
    pub fn length(&self) -> usize {
        self.modulus.len()
    }

    /// The public exponent as EMV codes it: `03` or `010001`.
    pub fn exponent(&self) -> Vec<u8> {
        let bytes = self.exponent.to_be_bytes();
        bytes.into_iter().skip_while(|byte| *byte == 0).collect()
    }

    /// Signs or deciphers: `block` to the private exponent, as many bytes as the modulus has.
    ///
    /// A block not below the modulus is taken modulo it.
    pub fn apply(&self, block: &[u8]) -> Vec<u8> {
        let number = BoxedUint::from_be_slice_vartime(block);
        let (at_p, at_q) = (self.p.root(&number), self.q.root(&number).retrieve());
        let difference = at_p.sub(&self.p.residue(&at_q));
        let step = difference.mul(&BoxedMontyForm::new(self.coefficient.clone(), &self.p.parameters)).retrieve();
        let product = step.concatenating_mul(self.q.value.as_ref());
        let number = product.wrapping_add(at_q.resize(product.bits_precision()));
        right_aligned(&number.to_be_bytes(), self.modulus.len())
    }
}

fn right_aligned(bytes: &[u8], length: usize) -> Vec<u8> {
    let significant = bytes.iter().skip_while(|byte| **byte == 0);
    let count = significant.clone().count();
    std::iter::repeat_n(0, length.saturating_sub(count)).chain(significant.copied()).collect()
}
