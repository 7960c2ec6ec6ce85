//! Cryptographic primitives: nothing here knows EMV.
//!
//! Everything works on public data (public keys, certificates, signatures that cards give to anybody), so variable time
//! is right here and is what makes it fast. Nothing in this module may be given a secret exponent.

pub mod hash;
pub mod patterned;
pub mod rsa;
