//! One data object: its name, whether its value may be shown, whether it is coded as it should be, and what it says.

use apdu::{
    Tag,
    dictionary::{Entry, Sensitivity},
};

use super::{
    node::{Label, Node, Shown, span},
    problem::Problem,
    secrecy,
    surroundings::Surroundings,
    values::{self, Value},
};

/// The data object `tag` with this value, which stands at `at`.
pub(super) fn read(tag: Tag, bytes: &[u8], at: usize, around: &Surroundings) -> Node {
    let entry = around.lookup(tag, bytes.len());
    let label = Label::Object { tag, context: entry.map(|entry| entry.context) };
    let value = Value { bytes, at, around };
    let care = entry.map(|entry| entry.sensitivity);
    let inside = values::read(tag, entry.map(|entry| entry.context), care, value);
    let fault = entry.and_then(|entry| entry.check(bytes).err());
    let shown = if may_be_shown(entry, bytes) { Shown::Bytes(bytes.to_vec()) } else { Shown::Hidden(bytes.len()) };
    let problem = inside.problem.or(fault.map(|error| Problem::format(error.fault, at)));
    let node = Node::new(label, span(at, bytes.len()), shown).meaning(inside.meaning);
    node.with_children(inside.children).with_problem(problem)
}

/// As much of the value of a data object that is cut as may be shown.
pub(super) fn cut(tag: Tag, bytes: &[u8], around: &Surroundings) -> Shown {
    let entry = around.lookup_any(tag);
    let known = entry.is_some_and(|entry| entry.sensitivity < Sensitivity::Account);
    match known || entry.is_none() && !secrecy::may_hold_part_of_account(bytes) {
        true => Shown::Bytes(bytes.to_vec()),
        false => Shown::Hidden(bytes.len()),
    }
}

/// Whether nothing of it may be shown at all.
pub(super) fn is_secret(entry: &Entry) -> bool {
    entry.sensitivity == Sensitivity::Secret
}

fn may_be_shown(entry: Option<&Entry>, bytes: &[u8]) -> bool {
    match entry {
        Some(entry) => entry.sensitivity < Sensitivity::Account,
        None => !secrecy::may_hold_account(bytes),
    }
}
