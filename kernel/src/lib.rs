//! The EMV Level 2 kernel: it opens nothing, reads no clock, and can always say why.
#![no_std]
#![forbid(unsafe_code)]
// What cards, readers, hosts and files send must not overflow anything. Tests may count as they like.
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
extern crate alloc;

pub mod consistency;
pub mod contact;
pub mod contactless;
#[cfg(feature = "explain")]
pub mod counterfactual;
pub mod crypto;
pub mod diagnosis;
pub mod finding;
mod hardened;
pub mod observe;
pub mod oda;
pub mod outcome;
pub mod pin;
pub mod point_of_sale;
#[cfg(feature = "seeded-bugs")]
pub mod seeded;
#[cfg(not(feature = "seeded-bugs"))]
mod seeded;
pub mod session;
pub mod stepper;
pub mod store;
pub mod terminal;
#[cfg(test)]
mod testing;
pub mod transaction;

pub use finding::{Finding, Phase, Reason};
pub use outcome::{Decider, Decision, Outcome};
pub use point_of_sale::PointOfSale;
pub use terminal::Terminal;
pub use transaction::{Interface, Transaction, TransactionKind};

use apdu::Card;

/// Runs one transaction, contact or contactless as it says. Dropping the future is the cancel key.
pub async fn transact<C: Card, P: PointOfSale>(
    card: &mut C,
    point_of_sale: &mut P,
    terminal: &Terminal,
    transaction: &Transaction,
) -> Outcome {
    match transaction.interface {
        Interface::Contact => contact::purchase(card, point_of_sale, terminal, transaction).await,
        Interface::Contactless => {
            let mut memory = contactless::Memory::default();
            contactless::purchase(card, point_of_sale, terminal, transaction, &mut memory).await
        }
    }
}
