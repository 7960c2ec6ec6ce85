//! Everything that is a card.
#![forbid(unsafe_code)]

#[cfg(feature = "pcsc")]
pub mod pcsc;
pub mod transport;
pub mod vpcd;
mod wait;

pub use wait::wait;
