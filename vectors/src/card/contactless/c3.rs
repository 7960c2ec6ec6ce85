//! An application as kernel 3 meets it (Visa; `EMV Contactless Book C-3`).

use apdu::Command;

use crate::card::chip::Application;
use crate::card::reply::{Answer, sw};
use crate::card::transaction::Transaction;

/// How it behaves.
#[derive(Clone, Debug, Default)]
pub struct Personality {}

/// Answers one command to the selected application.
pub(in crate::card) fn command(_: &mut Application, _: &mut Transaction, _: &Command) -> Answer {
    Err(sw::INSTRUCTION_NOT_SUPPORTED)
}
