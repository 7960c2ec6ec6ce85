//! `emvident readers`: the PC/SC readers and what is in them.

use crate::{console::Console, failure::Failure};

#[cfg(not(feature = "pcsc"))]
pub fn run(_: &Console) -> Result<(), Failure> {
    Err(crate::reader::without_pcsc())
}

/// Lists the readers, one line each: name, what is in it, answer to reset.
#[cfg(feature = "pcsc")]
pub fn run(console: &Console) -> Result<(), Failure> {
    let slots = readers::pcsc::Readers::connect()
        .and_then(|readers| readers.slots())
        .map_err(|fault| crate::reader::failure(fault, console))?;
    let text = if console.json { json(&slots) } else { slots.iter().map(line).collect() };
    console.print(&text)
}

#[cfg(feature = "pcsc")]
fn line(slot: &readers::pcsc::Slot) -> String {
    let name = slot.reader.name();
    let atr = hex::encode_upper(&slot.atr);
    format!("{name}\t{}\t{atr}", occupancy(slot)).trim_end().to_owned() + "\n"
}

#[cfg(feature = "pcsc")]
fn json(slots: &[readers::pcsc::Slot]) -> String {
    let slots: Vec<_> = slots
        .iter()
        .map(|slot| {
            serde_json::json!({ "name": slot.reader.name(), "slot": occupancy(slot), "atr": hex::encode_upper(&slot.atr) })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::from(slots))
}

#[cfg(feature = "pcsc")]
fn occupancy(slot: &readers::pcsc::Slot) -> &'static str {
    use readers::pcsc::Occupancy;
    match slot.occupancy {
        Occupancy::Empty => "no card",
        Occupancy::Free => "card",
        Occupancy::InUse => "card in use by another program",
        Occupancy::Mute => "card does not answer",
        Occupancy::Unavailable => "going away",
    }
}
