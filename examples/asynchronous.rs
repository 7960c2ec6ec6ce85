//! A terminal that awaits: two tills on one thread. Run it with `cargo run --example asynchronous`.

use std::{error::Error, time::Duration};

use apdu::{Card, Command, Exchange, Fault};
use emvident::{
    kernel::{Outcome, contact::purchase},
    scenario::Scenario,
};
use futures_lite::future;

/// A card behind a slow line: each answer lets the other till go on.
struct Slow<C>(C);

impl<C: Card> Card for Slow<C> {
    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        future::yield_now().await;
        let exchange = self.0.transmit(command).await?;
        Ok(Exchange { elapsed: Duration::from_millis(20), ..exchange })
    }

    fn atr(&self) -> &[u8] {
        self.0.atr()
    }
}

async fn till(card: &str) -> Result<Outcome, Box<dyn Error>> {
    let mut table = Scenario::of_card(card).lay()?;
    let mut card = Slow(table.card);
    Ok(purchase(&mut card, &mut table.point_of_sale, &table.terminal, &table.transaction).await)
}

/// The program; tests run it too.
pub fn main() -> Result<(), Box<dyn Error>> {
    let (first, second) = future::block_on(future::zip(till("cda"), till("expired")));
    for outcome in [first?, second?] {
        println!("{} by {}", outcome.decision.id(), outcome.decided_by.id());
    }
    Ok(())
}
