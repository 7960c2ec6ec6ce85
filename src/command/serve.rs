//! `emvident serve`: a software card as a card in a virtual PC/SC reader.

use emvident::{
    readers::vpcd::{self, Ended},
    scenario::Scenario,
    vectors::SoftwareCard,
};

use crate::{arguments::Serve, console::say, failure::Failure};

/// Inserts the card and answers until the reader goes away.
pub fn run(arguments: &Serve) -> Result<(), Failure> {
    let mut scenario = Scenario::of_card(&arguments.card);
    scenario.alterations = super::alterations(&arguments.alterations)?;
    let profile = scenario.profile().map_err(Failure::usage)?;
    let mut card = SoftwareCard::new(&profile).map_err(Failure::usage)?;
    let address = (arguments.host.as_str(), arguments.port);
    let place = format!("{}:{}", arguments.host, arguments.port);
    say(&format!("Putting {} into the virtual reader at {place}. Ctrl-C takes it out.", arguments.card));
    let served = vpcd::serve(&mut card, address, |card, _| card.reset(), || false).map_err(|error| {
        Failure::Reader(format!(
            "no virtual reader at {place}: {error}\nIs pcscd running with the driver vsmartcard-vpcd?"
        ))
    })?;
    let ended = match served.ended {
        Ended::Stopped => "stopped".to_owned(),
        Ended::ReaderClosed => "the reader closed".to_owned(),
        Ended::Card(fault) => fault.to_string(),
    };
    say(&format!("{} commands answered; {ended}.", served.exchanges));
    Ok(())
}
