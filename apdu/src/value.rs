//! Values inside data elements, as types.

pub mod aip;
pub mod tsi;
pub mod tvr;

pub use aip::Aip;
pub use tsi::Tsi;
pub use tvr::Tvr;
