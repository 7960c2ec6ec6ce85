//! A terminal that blocks: the simplest way in. Run it with `cargo run --example blocking`.

use std::error::Error;

use emvident::{
    kernel::{contact::purchase, stepper::blocking},
    scenario::Scenario,
};

/// The program; tests run it too.
pub fn main() -> Result<(), Box<dyn Error>> {
    // A card, people, a host, a terminal and a transaction; yours come from elsewhere.
    let mut table = Scenario::of_card("cda").lay()?;
    let outcome = blocking(purchase(&mut table.card, &mut table.point_of_sale, &table.terminal, &table.transaction))?;
    println!("{} by {}", outcome.decision.id(), outcome.decided_by.id());
    Ok(())
}
