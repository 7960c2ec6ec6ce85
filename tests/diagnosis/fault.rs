//! One fault each, and the reason that follows from how it is made.

mod certificates;
mod data;
mod host;
mod people;
mod risk;
mod selection;
mod terminal;

use super::{good::Good, random::Random};

/// A way to make one thing wrong. `None` when this transaction has nothing to make wrong that way.
pub type Make = fn(&mut Good, &mut Random) -> Option<Right>;

/// A fault.
#[derive(Clone, Copy)]
pub struct Fault {
    /// What kind of thing is wrong: a row of the table.
    pub kind: &'static str,
    pub name: &'static str,
    pub make: Make,
    /// A terminal that checks nothing goes on as if all were well.
    pub may_be_overlooked: bool,
}

/// The right answer.
#[derive(Clone, Debug)]
pub struct Right {
    /// The reason; several where the recorded bytes are the same whichever it was.
    pub ids: Vec<&'static str>,
    /// Why more than one is right.
    pub because: &'static str,
}

impl Right {
    /// The fault has this reason.
    pub fn is(id: &'static str) -> Option<Self> {
        Some(Self { ids: vec![id], because: "" })
    }

    /// The recording is the same for each of these.
    pub fn either(ids: &[&'static str], because: &'static str) -> Option<Self> {
        Some(Self { ids: ids.to_vec(), because })
    }
}

pub fn all() -> Vec<Fault> {
    let groups = [
        certificates::FAULTS,
        data::FAULTS,
        selection::FAULTS,
        terminal::FAULTS,
        people::FAULTS,
        risk::FAULTS,
        host::FAULTS,
    ];
    groups.concat()
}

const fn fault(kind: &'static str, name: &'static str, make: Make) -> Fault {
    Fault { kind, name, make, may_be_overlooked: false }
}

/// One that a terminal may not notice.
const fn quiet(kind: &'static str, name: &'static str, make: Make) -> Fault {
    Fault { may_be_overlooked: true, ..fault(kind, name, make) }
}
