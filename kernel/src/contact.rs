//! The contact transaction (`EMV 4.4 Book 3, figure 7`).

pub mod manage_risk;
pub mod restrict;
pub mod verify_cardholder;
