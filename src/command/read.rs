//! `emvident read`: what is on a card, without changing it.

use emvident::{
    inspect::{self, Reading},
    kernel::{Finding, Terminal, Transaction},
    scenario::{Purchase, Scenario},
};

use super::present;
use crate::{arguments::Read, console::Console, failure::Failure};

/// Reads every application that the terminal knows and lists its data objects.
pub fn run(arguments: &Read, console: &Console) -> Result<(), Failure> {
    let source = super::source(&arguments.terminal, arguments.which.card.is_some())?;
    let terminal = source.terminal().map_err(Failure::usage)?;
    let transaction = Purchase { amount: 0, ..Purchase::default() }.resolve().map_err(Failure::usage)?;
    let readings = match (&arguments.which.card, &arguments.which.reader) {
        (Some(name), _) => {
            let mut scenario = Scenario::of_card(name);
            scenario.alterations = super::alterations(&arguments.altered.alterations)?;
            let mut table = scenario.lay_with(source).map_err(Failure::usage)?;
            inspect::read(&mut table.card, &terminal, &transaction)
        }
        (None, part) => from_reader(part.as_deref().unwrap_or_default(), &terminal, &transaction, console)?,
    };
    match readings {
        Ok(readings) if console.json => console.print(&json(&readings)),
        Ok(readings) => console.print(&readings.iter().map(text).collect::<Vec<_>>().join("\n")),
        Err(findings) => {
            let explained = present::findings(&findings, console);
            let fault = inspect::transport_fault(&findings);
            Err(fault.map_or(Failure::NotCompleted(explained.clone()), |_| Failure::Reader(explained)))
        }
    }
}

#[cfg(not(feature = "pcsc"))]
fn from_reader(
    _: &str,
    _: &Terminal,
    _: &Transaction,
    _: &Console,
) -> Result<Result<Vec<Reading>, Vec<Finding>>, Failure> {
    Err(crate::reader::without_pcsc())
}

#[cfg(feature = "pcsc")]
fn from_reader(
    part: &str,
    terminal: &Terminal,
    transaction: &Transaction,
    console: &Console,
) -> Result<Result<Vec<Reading>, Vec<Finding>>, Failure> {
    let mut card = crate::reader::open(part, console)?;
    Ok(inspect::read(&mut card, terminal, transaction))
}

fn text(reading: &Reading) -> String {
    let mut text = format!("{}  {}\n", hex::encode_upper(&reading.aid), reading.label);
    for object in reading.shown() {
        text.push_str(&format!("  {:6}  {}  {}\n", object.tag.to_string(), object.name, object.value));
    }
    for finding in &reading.findings {
        text.push_str(&format!("  ! {}\n", finding.reason.id()));
    }
    text
}

fn json(readings: &[Reading]) -> String {
    let reading = |reading: &Reading| {
        let objects: Vec<_> = reading
            .shown()
            .into_iter()
            .map(|object| serde_json::json!({ "tag": object.tag.to_string(), "name": object.name, "value": object.value }))
            .collect();
        let findings: Vec<_> = reading.findings.iter().map(|finding| finding.reason.id()).collect();
        serde_json::json!({
            "aid": hex::encode_upper(&reading.aid), "label": reading.label, "objects": objects, "findings": findings,
        })
    };
    format!("{:#}\n", readings.iter().map(reading).collect::<serde_json::Value>())
}
