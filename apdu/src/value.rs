//! Values inside data elements, as types.

pub mod additional_terminal_capabilities;
pub mod afl;
pub mod aip;
pub mod auc;
pub mod cid;
pub mod cvm;
pub mod terminal_capabilities;
pub mod terminal_type;
pub mod tsi;
pub mod tvr;

pub use additional_terminal_capabilities::AdditionalTerminalCapabilities;
pub use afl::{Afl, AflEntry};
pub use aip::Aip;
pub use auc::Auc;
pub use cid::{Cid, CryptogramType, ReasonCode};
pub use cvm::{CvmCondition, CvmList, CvmMethod, CvmResult, CvmResults, CvmRule};
pub use terminal_capabilities::TerminalCapabilities;
pub use terminal_type::TerminalType;
pub use tsi::Tsi;
pub use tvr::Tvr;
