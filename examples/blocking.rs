//! A terminal that blocks: the simplest way in. Run it with `cargo run --example blocking`.

use emvident::{demo, kernel::blocking};

fn main() {
    let mut table = demo::table("cda");
    let outcome = blocking::purchase(&mut table.card, &mut table.point_of_sale, &table.terminal, &table.transaction);
    println!("{} by the {}", outcome.decision.id(), outcome.decided_by.id());
}
