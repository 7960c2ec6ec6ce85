//! Values inside data elements, as types.

pub mod additional_terminal_capabilities;
pub mod afl;
pub mod aip;
pub mod amount;
pub mod auc;
pub mod bcd;
pub mod cid;
pub mod currency;
pub mod cvm;
pub mod date;
pub mod issuer_application_data;
pub mod pan;
pub mod service_code;
pub mod terminal_capabilities;
pub mod terminal_type;
pub mod track2;
pub mod tsi;
pub mod tvr;

pub use additional_terminal_capabilities::AdditionalTerminalCapabilities;
pub use afl::{Afl, AflEntry};
pub use aip::Aip;
pub use amount::Amount;
pub use auc::Auc;
pub use cid::{Cid, CryptogramType, ReasonCode};
pub use currency::Currency;
pub use cvm::{CvmCondition, CvmList, CvmMethod, CvmResult, CvmResults, CvmRule};
pub use date::{Date, Time};
pub use issuer_application_data::IssuerApplicationData;
pub use pan::Pan;
pub use service_code::ServiceCode;
pub use terminal_capabilities::TerminalCapabilities;
pub use terminal_type::TerminalType;
pub use track2::Track2;
pub use tsi::Tsi;
pub use tvr::Tvr;
