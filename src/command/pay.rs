//! `emvident pay`: one transaction, and why it ended as it did.

use std::process::ExitCode;

#[cfg(feature = "pcsc")]
use apdu::{Card, atr::Atr};
use emvident::{
    kernel::{Interface, Terminal, Transaction},
    readers::transcript::Header,
    run::{self, Run},
    scenario::{Purchase, Scenario},
    scripted::{HostScript, PinAct},
};
use jiff::Zoned;
use vectors::Behaviour;

use super::{amount, present, record};
use crate::{
    arguments::{Pay, PinEntry},
    console::Console,
    failure::Failure,
};

/// Runs the transaction, reports, and answers with the exit status of its end.
pub fn run(arguments: &Pay, console: &Console) -> Result<ExitCode, Failure> {
    let interface = if arguments.contactless { Interface::Contactless } else { Interface::Contact };
    run_through(interface, arguments, console)
}

/// As [`run`], through this interface.
pub fn run_through(interface: Interface, arguments: &Pay, console: &Console) -> Result<ExitCode, Failure> {
    let source = super::source(&arguments.terminal, arguments.which.card.is_some())?;
    let source = super::in_currency(source, arguments.currency.as_deref())?;
    let terminal = source.terminal().map_err(Failure::usage)?;
    let purchase = purchase(arguments, &terminal, interface)?;
    let file = arguments.record.as_deref().map(record::create).transpose()?;
    let run = match (&arguments.which.card, &arguments.which.reader) {
        (Some(card), _) => {
            let scenario = scenario(card, arguments, &purchase)?;
            let table = scenario.lay_with(source).map_err(Failure::usage)?;
            table.run(&purchase)
        }
        (None, part) => {
            let header = run::header(&source, &purchase);
            let transaction = purchase.resolve().map_err(Failure::usage)?;
            let part = part.as_deref().unwrap_or_default();
            with_reader(part, arguments, console, Prepared { terminal, transaction, header })?
        }
    };
    if let Some(file) = file {
        file.write(&run.transcript)?;
    }
    finish(&run, console)
}

/// Reports and answers with the exit status.
pub fn finish(run: &Run, console: &Console) -> Result<ExitCode, Failure> {
    console.print(&present::run(run, console))?;
    Ok(present::status(&run.outcome))
}

fn scenario(card: &str, arguments: &Pay, purchase: &Purchase) -> Result<Scenario, Failure> {
    let mut scenario = Scenario::of_card(card);
    scenario.alterations = super::alterations(&arguments.altered.alterations)?;
    scenario.people.pins = arguments.pin_entry.iter().map(|entry| act(*entry)).collect();
    scenario.host = host(&arguments.host)?;
    scenario.transaction = purchase.clone();
    scenario.field.clone_from(&arguments.field);
    Ok(scenario)
}

fn host(text: &str) -> Result<HostScript, Failure> {
    let behaviour: Behaviour = text.parse().map_err(|error| Failure::usage(format!("--host {error}")))?;
    Ok(behaviour.into())
}

fn act(entry: PinEntry) -> PinAct {
    match entry {
        PinEntry::Right => PinAct::Right,
        PinEntry::Wrong => PinAct::Wrong,
        PinEntry::Bypass => PinAct::Bypass,
        PinEntry::Cancel => PinAct::Cancel,
        PinEntry::Timeout => PinAct::Timeout,
        PinEntry::Broken => PinAct::Broken,
    }
}

fn purchase(arguments: &Pay, terminal: &Terminal, interface: Interface) -> Result<Purchase, Failure> {
    let now = Zoned::now();
    let minor = |option: &str, text: &str| amount::minor_units(option, text, terminal.currency_exponent);
    let mut purchase = Purchase {
        amount: minor("--amount", &arguments.amount)?,
        cashback: minor("--cashback", &arguments.cashback)?,
        kind: arguments.kind.clone(),
        date: arguments.date.clone().unwrap_or_else(|| now.strftime("%Y-%m-%d").to_string()),
        time: arguments.time.clone().unwrap_or_else(|| now.strftime("%H:%M:%S").to_string()),
        counter: 1,
        forced_online: arguments.force_online,
        interface: interface.id().to_owned(),
    };
    // A reader that runs by itself takes every transaction to be the one it is configured for.
    if let Some(fixed) = terminal.contactless.autorun.filter(|_| interface == Interface::Contactless) {
        (purchase.amount, purchase.cashback) = (fixed.amount, fixed.amount_other);
        purchase.kind = fixed.kind.id().to_owned();
    }
    purchase.resolve().map_err(Failure::usage)?;
    if purchase.cashback > purchase.amount {
        return Err(Failure::Usage("--cashback: the amount includes it, so it cannot be more".to_owned()));
    }
    Ok(purchase)
}

/// What a transaction with a real card needs besides the card.
#[cfg_attr(not(feature = "pcsc"), expect(dead_code, reason = "without PC/SC there is no real card"))]
struct Prepared {
    terminal: Terminal,
    transaction: Transaction,
    header: Header,
}

#[cfg(not(feature = "pcsc"))]
fn with_reader(_: &str, _: &Pay, _: &Console, _: Prepared) -> Result<Run, Failure> {
    Err(crate::reader::without_pcsc())
}

#[cfg(feature = "pcsc")]
fn with_reader(part: &str, arguments: &Pay, console: &Console, prepared: Prepared) -> Result<Run, Failure> {
    let display = emvident::display::Display::new(console.language);
    let keyboard = crate::people::Keyboard { host: host(&arguments.host)?, display };
    if !arguments.yes && !crate::console::confirm(CHANGES_THE_CARD) {
        return Err(Failure::Usage("Not begun: nobody agreed. --yes agrees beforehand.".to_owned()));
    }
    crate::people::keep_memory_private();
    let Prepared { terminal, transaction, header } = prepared;
    Ok(match transaction.interface {
        Interface::Contact => {
            let card = crate::reader::open(part, console)?;
            if Atr::parse(card.atr()).is_ok_and(|atr| atr.is_contactless_storage_or_ats()) {
                crate::console::say(IN_THE_FIELD);
            }
            run::record(card, keyboard, terminal, transaction, header)
        }
        Interface::Contactless => {
            let field = crate::reader::field(part, console)?;
            run::record(field, keyboard, terminal, transaction, header)
        }
    })
}

#[cfg(feature = "pcsc")]
const IN_THE_FIELD: &str = "This reader reaches the card through the air. emvident tap pays contactless.";

#[cfg(feature = "pcsc")]
const CHANGES_THE_CARD: &str = "\
A payment changes the card: GENERATE AC moves its transaction counter, a wrong PIN costs a try.
The host here is a stand-in: no bank is asked and no money moves. Go on?";
