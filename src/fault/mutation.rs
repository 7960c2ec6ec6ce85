//! What is done to a case, a line of text each.
//!
//! ```text
//! every alteration of a software card              see `vectors::card::alteration`
//! wire WHICH CHANGE                                that command is answered on the way: the card never sees it
//! command WHICH EDIT                               its data field is changed on the way
//! command WHICH p1 HEX                             its P1 is changed on the way
//! reader WHICH code HEX [after]                    the reader gives this PC/SC code; after: the card has acted
//! reader WHICH delay MS | repeat | short N         the answer is so late, is the one before, has so many bytes
//! swap WHICH CARD                                  from there on another card answers, which heard everything before
//! replay WHICH                                     the answer is the one of an earlier transaction with this card
//! scenario KEY = VALUE                             the scenario has another field
//! transaction | people | host | configuration KEY = VALUE
//! keys INDEX=WHAT                                  a CA key is missing, expired, …
//! clock YYYY-MM-DD
//! ```
//!
//! WHICH is `all`, or what an alteration calls WHICH: `#N`, or a command's name with `:K` for its K-th time. CARD may have
//! alterations behind it, each after ` + `.

use std::{str::FromStr, time::Duration};

use readers::fault_of_code;
use toml::{Table, Value};
use vectors::{
    Alteration,
    card::alteration::{Change, Which},
};

use super::wire::{Meant, Rule, What};

/// One thing done.
#[derive(Clone, Debug)]
pub enum Mutation {
    /// To the card.
    Card(Alteration),
    /// To fields of the scenario.
    Scenario(Table),
    /// Between card and terminal.
    Wire(Rule),
}

/// The text is no mutation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no mutation: {problem}")]
pub struct NotAMutation {
    text: String,
    problem: String,
}

const PARTS: [&str; 4] = ["transaction", "people", "host", "configuration"];

impl FromStr for Mutation {
    type Err = NotAMutation;

    fn from_str(text: &str) -> Result<Self, NotAMutation> {
        let (start, rest) = text.split_once(' ').unwrap_or((text, ""));
        let read = match start {
            "scenario" => assignment(rest).map(Mutation::Scenario),
            part if PARTS.contains(&part) => assignment(rest).map(|table| Mutation::Scenario(under(part, table))),
            "clock" => {
                assignment(&format!("date = '{rest}'")).map(|table| Mutation::Scenario(under("transaction", table)))
            }
            "keys" => key(rest).map(Mutation::Scenario),
            "wire" | "command" | "reader" | "swap" | "replay" => wire(start, rest).map(Mutation::Wire),
            _ => text.parse().map(Mutation::Card).map_err(|error: vectors::card::NotAnAlteration| error.to_string()),
        };
        read.map_err(|problem| NotAMutation { text: text.to_owned(), problem })
    }
}

fn assignment(text: &str) -> Result<Table, String> {
    text.parse().map_err(|error: toml::de::Error| error.to_string())
}

fn under(part: &str, table: Table) -> Table {
    Table::from_iter([(part.to_owned(), Value::Table(table))])
}

fn key(text: &str) -> Result<Table, String> {
    let (index, what) = text.split_once('=').ok_or("keys takes INDEX=WHAT")?;
    assignment(&format!("keys = [{{ index = '{index}', what = '{what}' }}]"))
}

/// Puts `changes` over `base`; lists of tables get longer, everything else is replaced.
pub(super) fn merge(base: &mut Table, changes: Table) {
    for (name, value) in changes {
        match (base.get_mut(&name), value) {
            (Some(Value::Table(table)), Value::Table(fields)) => merge(table, fields),
            (Some(Value::Array(list)), Value::Array(more)) if more.iter().any(Value::is_table) => list.extend(more),
            (_, value) => {
                base.insert(name, value);
            }
        }
    }
}

fn wire(start: &str, rest: &str) -> Result<Rule, String> {
    let (which, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let when = match which {
        "all" => Meant::All,
        which => Meant::One(which.parse::<Which>().map_err(|error| error.to_string())?),
    };
    let what = match start {
        "wire" => What::Answer(rest.parse::<Change>().map_err(|error| error.to_string())?),
        "swap" => What::Swap(rest.to_owned()),
        "replay" => What::Replay,
        "command" => command(rest)?,
        _ => reader(rest)?,
    };
    Ok(Rule { when, what })
}

fn command(text: &str) -> Result<What, String> {
    if let Some(parameter) = text.strip_prefix("p1 ") {
        return u8::from_str_radix(parameter, 16).map(What::P1).map_err(|error| error.to_string());
    }
    match text.parse() {
        Ok(Change::Data(edit)) => Ok(What::Command(edit)),
        Ok(_) => Err("command takes an edit of its data, or p1".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn reader(text: &str) -> Result<What, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let code = |code: &str| u32::from_str_radix(code, 16).map(fault_of_code).map_err(|error| error.to_string());
    let number = |number: &str| number.parse::<u64>().map_err(|error| error.to_string());
    match words.as_slice() {
        ["code", number] => code(number).map(|fault| What::Fault(fault, false)),
        ["code", number, "after"] => code(number).map(|fault| What::Fault(fault, true)),
        ["delay", ms] => number(ms).map(|ms| What::Delay(Duration::from_millis(ms))),
        ["short", bytes] => number(bytes).map(|bytes| What::Short(usize::try_from(bytes).unwrap_or(usize::MAX))),
        ["repeat"] => Ok(What::Repeat),
        _ => Err("reader takes code, delay, short or repeat".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        text.parse::<Mutation>().unwrap_err().to_string()
    }

    #[test]
    fn fields_of_the_scenario_are_set_where_they_belong() {
        let mut table: Table = "card = 'cda'\nhost.behaviour = 'silent'\nkeys = [{ index = 'F1' }]".parse().unwrap();
        for text in ["host unable = 'no-link'", "clock 2036-01-31", "scenario card = 'dda'", "keys F3=missing"] {
            let Ok(Mutation::Scenario(change)) = text.parse() else { panic!("{text}") };
            merge(&mut table, change);
        }
        let right = "card = 'dda'\nhost = { behaviour = 'silent', unable = 'no-link' }\n\
                     keys = [{ index = 'F1' }, { index = 'F3', what = 'missing' }]\ntransaction.date = '2036-01-31'";
        assert_eq!(table, right.parse().unwrap());
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(wrong("wire verify").contains("an edit is"));
        assert!(wrong("reader gac:1 smash").ends_with("reader takes code, delay, short or repeat"));
        assert!(wrong("command gac sw 9000").ends_with("command takes an edit of its data, or p1"));
        assert!(wrong("swap nowhere cda").contains("answer takes #N"));
        assert!(wrong("bend it").contains("it starts with"));
    }
}
