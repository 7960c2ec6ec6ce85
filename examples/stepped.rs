//! A terminal that is asked: for C, event loops and phones. Run it with `cargo run --example stepped`.

use std::{error::Error, time::Duration};

use apdu::{Card, Exchange};
use emvident::{
    kernel::{
        PointOfSale,
        pin::Pin,
        point_of_sale::{AuthorisationRequest, PinEntry},
        stepper::{Answer, Ask, Step, Stepper},
    },
    scenario::{Scenario, Table},
};

/// The program; tests run it too.
pub fn main() -> Result<(), Box<dyn Error>> {
    let mut table = Scenario { seed: 7, ..Scenario::of_card("cda") }.lay()?;
    let (terminal, transaction) = (table.terminal.clone(), table.transaction);
    let atr = table.card.atr().to_vec();
    // Random numbers come from the operating system in a real terminal.
    let mut stepper = Stepper::new(&terminal, &transaction, atr, false, |_, out| out.fill(0x5A));
    let mut answer = None;
    loop {
        match stepper.step(answer.take())? {
            Step::Ask { ask, messages, .. } => {
                messages.iter().for_each(|message| println!("[{}]", message.id()));
                answer = Some(reply(&mut table, *ask)?);
            }
            Step::Done { outcome, messages, .. } => {
                messages.iter().for_each(|message| println!("[{}]", message.id()));
                println!("{} by {}", outcome.decision.id(), outcome.decided_by.id());
                return Ok(());
            }
        }
    }
}

/// What an event loop would collect from reader, keyboard and network.
fn reply(table: &mut Table, ask: Ask) -> Result<Answer, Box<dyn Error>> {
    Ok(match ask {
        Ask::Transmit(command) => {
            println!("{command:?}");
            let response = table.card.answer(&command);
            Answer::Exchange(response.map(|response| Exchange { response, elapsed: Duration::ZERO }))
        }
        Ask::EnterPin(_) => Answer::Pin(PinEntry::Entered(Pin::from_ascii(b"1234")?)),
        Ask::RecentAmount { .. } => Answer::Amount(0),
        Ask::Authorise { chip_data, pan, sequence_number, pin } => {
            let chip_data = chip_data.iter().map(|(tag, value)| (*tag, value.as_slice())).collect();
            let request = AuthorisationRequest { chip_data, pan: &pan, sequence_number, pin: pin.as_ref() };
            Answer::Authorisation(futures_lite::future::block_on(table.point_of_sale.authorise(&request)))
        }
        other => return Err(format!("this example does not answer {other:?}").into()),
    })
}
