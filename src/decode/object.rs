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
    let node = read_as(tag, entry, bytes, at, around);
    let wrong_guess = entry.is_some_and(|entry| around.is_guess(entry)) && node.problem.is_some();
    if wrong_guess { read_as(tag, around.lookup_own(tag), bytes, at, around) } else { node }
}

/// The same, as the data dictionary describes it.
fn read_as(tag: Tag, entry: Option<&'static Entry>, bytes: &[u8], at: usize, around: &Surroundings) -> Node {
    let context = entry.map(|entry| entry.context);
    let inside = values::read(tag, context, entry.map(|entry| entry.sensitivity), Value { bytes, at, around });
    let fault = entry.and_then(|entry| entry.check(bytes).err());
    let certain = fault.is_none() && entry.is_some_and(|entry| !around.is_guess(entry));
    let open = may_be_shown(entry, certain, bytes) && !inside.children.iter().any(hides_something);
    let shown = if open { Shown::Bytes(bytes.to_vec()) } else { Shown::Hidden(bytes.len()) };
    let problem = inside.problem.or(fault.map(|error| Problem::format(error.fault, at)));
    let node = Node::new(Label::Object { tag, context }, span(at, bytes.len()), shown).meaning(inside.meaning);
    node.with_children(inside.children).with_problem(problem)
}

/// The longest value of a card's answer.
const LONGEST: usize = 256;

/// As much of the value of a data object that is cut as may be shown.
pub(super) fn cut(tag: Tag, bytes: &[u8], around: &Surroundings) -> Shown {
    let entry = around.lookup_any(tag);
    let open = entry.is_none_or(|entry| entry.sensitivity < Sensitivity::Account);
    let known = entry.is_some_and(|entry| !around.is_guess(entry) && may_go_on(entry, bytes.len()));
    match open && (known || !secrecy::may_hold_part_of_account(bytes)) {
        true => Shown::Bytes(bytes.to_vec()),
        false => Shown::Hidden(bytes.len()),
    }
}

/// Whether a value that is cut after so many bytes could have been as long as the dictionary says.
fn may_go_on(entry: &Entry, length: usize) -> bool {
    (length..=length.saturating_add(LONGEST)).any(|whole| entry.length.allows(whole))
}

/// Whether nothing of it may be shown at all.
pub(super) fn is_secret(entry: &Entry) -> bool {
    entry.sensitivity == Sensitivity::Secret
}

/// What is hidden in a part is not shown with the whole.
fn hides_something(part: &Node) -> bool {
    matches!(part.bytes, Shown::Hidden(_)) || part.children.iter().any(hides_something)
}

/// The dictionary's word counts for values that are as it says. Others may be anything.
fn may_be_shown(entry: Option<&Entry>, certain: bool, bytes: &[u8]) -> bool {
    let open = entry.is_none_or(|entry| entry.sensitivity < Sensitivity::Account);
    open && (certain || !secrecy::may_hold_account(bytes))
}
