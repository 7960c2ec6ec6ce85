//! Software cards that compute everything for real, their test PKI, and a software issuer host.
//!
//! Nothing here knows the kernel: this is the independent other side of a transaction. All keys, PINs and card numbers
//! are for tests only.
//!
//! ```
//! use apdu::Command;
//! use emvident_vectors::{SoftwareCard, profile};
//!
//! let altered = profile("cda").unwrap().altered("set 5F24=491130".parse().unwrap());
//! let mut card = SoftwareCard::new(&altered).unwrap();
//! let response = card.answer(&Command::select(&altered.applications[0].aid).unwrap()).unwrap();
//! assert!(response.status().is_ok());
//! ```
#![forbid(unsafe_code)]
// What cards, readers, hosts and files send must not overflow anything. Tests may count as they like.
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

pub mod card;
pub mod catalogue;
pub mod cryptogram;
pub mod cvc3;
pub mod dol;
pub mod issuer_keys;
pub mod host;
pub mod pki;
pub mod secret;
pub mod symmetric;
mod template;

pub use card::{Alteration, Profile, SoftwareCard};
pub use catalogue::{CardInfo, cards, profile};
pub use host::{Behaviour, Host};
pub use pki::{CaPublicKey, ca_keys};
