//! Everything that is a card.
#![forbid(unsafe_code)]

#[cfg(feature = "pcsc")]
pub mod pcsc;
#[cfg(feature = "rig")]
pub mod rig;
pub mod transport;
pub mod vpcd;
mod wait;

pub use wait::wait;
