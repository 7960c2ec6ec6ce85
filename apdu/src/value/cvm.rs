//! Cardholder verification: the card's list, tag 8E, and its result, tag 9F34 (`EMV 4.4 Book 3, 10.5 and Annex C3`,
//! `Book 4, Annex A4`).

mod code;
mod list;
mod results;

pub use code::{Biometric, CvmCondition, CvmMethod};
pub use list::{CvmList, CvmRule, Error};
pub use results::{CvmResult, CvmResults};
