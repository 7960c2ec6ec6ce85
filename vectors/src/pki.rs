//! A test public key infrastructure: deterministic RSA keys, and every certificate and signature of `EMV 4.4 Book 2`
//! sections 5 to 7, with any field wrong before signing when a test asks for it.

mod authority;
mod certificate;
mod defects;
mod primes;
mod rsa;
mod signed_data;
mod test_keys;

pub use authority::{Authority, CaPublicKey, TEST_RID, ca_keys};
pub use certificate::{Certificate, Subject, icc_certificate, icc_pin_certificate, issuer_certificate};
pub use defects::{Defects, Field};
pub use rsa::PrivateKey;
pub use signed_data::{
    DynamicFormat, TransactionSignature, signed_dynamic_data, signed_dynamic_data_of, signed_static_data,
    signed_transaction_data,
};
pub use test_keys::{KeySpec, regenerate};

/// Why a key could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The modulus is shorter or longer than EMV allows.
    #[error("a modulus of {0} bytes is not within 64 to 248")]
    Length(usize),
    /// Only 3 and 65537 are public exponents in EMV.
    #[error("{0} is not a public exponent of EMV (3 or 65537)")]
    Exponent(u32),
    /// The two primes do not make a key.
    #[error("the primes for {0:?} make no key of that length and exponent")]
    Primes(String),
    /// A certificate must hold at least its fixed fields.
    #[error("there is no test authority with RID {rid} and index {index:02X}")]
    NoAuthority {
        /// The registered application provider, in hex.
        rid: String,
        /// The key index.
        index: u8,
    },
}
