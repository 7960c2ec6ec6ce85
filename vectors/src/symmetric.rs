//! Triple DES as the payment systems use it, the keys derived with it, and the PIN blocks enciphered under it.

pub mod arpc;
pub mod derivation;
pub mod pin_block;
pub mod secure_messaging;
pub mod tdes;

pub use tdes::Key;
