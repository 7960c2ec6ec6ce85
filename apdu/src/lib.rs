//! EMV bytes and their meaning: commands, responses, status words, ATRs, BER-TLV, data object lists, the data
//! dictionary and the values inside data elements.
//!
//! Nothing here performs I/O or reads a clock, and nothing allocates per data object.
#![no_std]
#![forbid(unsafe_code)]
// What cards, readers, hosts and files send must not overflow anything. Tests may count as they like.
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
extern crate alloc;

pub mod atr;
pub mod bits;
pub mod card;
pub mod command;
pub mod dictionary;
pub mod dol;
pub mod octets;
pub mod response;
pub mod status;
pub mod tag;
pub mod tlv;
pub mod value;
pub mod wipe;

pub use atr::Atr;
pub use bits::{Bit, Bits};
pub use card::{Card, Exchange, Fault, PinPadRequest, Presence};
pub use command::Command;
pub use dol::Dol;
pub use octets::Octets;
pub use response::{Response, StatusWord};
pub use tag::Tag;
