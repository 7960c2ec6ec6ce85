//! The applications the terminal accepts: `[[application]]`.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use apdu::{Bits, Dol, value::Tvr};
use toml::de::DeValue;

use super::{
    ConfigError, Section,
    machine::or,
    values::{amount, array, bytes, flag, number},
};
use crate::terminal::{ApplicationParameters, RandomSelection};

const APPLICATION: &[&str] = &[
    "name",
    "aid",
    "partial",
    "version",
    "tac-denial",
    "tac-online",
    "tac-default",
    "floor-limit",
    "random-threshold",
    "random-target",
    "random-maximum",
    "default-ddol",
    "default-tdol",
    "risk-management-data",
];
const AID: &str = "5 to 16 bytes as hexadecimal digits in quotes, such as \"A0000000031010\"";
const TAC: &str = "ten hexadecimal digits in quotes, one bit for each of the TVR, such as \"0010000000\"";
const LIST: &str = "a data object list as hexadecimal digits in quotes, such as \"9F3704\"";
const PER_CENT: &str = "a percentage from 0 to 99";

/// At least one application: a terminal without any accepts no card.
pub(super) fn applications(file: &Section<'_>, exponent: u8) -> Result<Vec<ApplicationParameters>, ConfigError> {
    let sections = file.sections("application", APPLICATION)?;
    if sections.is_empty() {
        return Err(file.lacks("application", "at least one table [[application]]"));
    }
    sections.iter().map(|section| application(section, exponent)).collect()
}

fn application(section: &Section<'_>, exponent: u8) -> Result<ApplicationParameters, ConfigError> {
    Ok(ApplicationParameters {
        name: section.need("name", "a name for people, in quotes")?.read(name)?,
        aid: section.need("aid", AID)?.read(aid)?,
        partial: or(section, "partial", "true or false", flag, true)?,
        version: section.need("version", "four hexadecimal digits in quotes, such as \"008C\"")?.read(array)?,
        tac_denial: tac(section, "tac-denial")?,
        tac_online: tac(section, "tac-online")?,
        tac_default: tac(section, "tac-default")?,
        floor_limit: money(section, "floor-limit", exponent)?,
        random_selection: random_selection(section, exponent)?,
        default_ddol: list(section, "default-ddol")?,
        default_tdol: list(section, "default-tdol")?,
        risk_management_data: risk_management_data(section)?,
    })
}

fn name(value: &DeValue<'_>) -> Option<String> {
    value.as_str().filter(|name| !name.chars().any(char::is_control)).map(ToOwned::to_owned)
}

fn aid(value: &DeValue<'_>) -> Option<Vec<u8>> {
    bytes(value).filter(|aid| (5..=16).contains(&aid.len()))
}

fn tac(section: &Section<'_>, name: &str) -> Result<Tvr, ConfigError> {
    section.need(name, TAC)?.read(array).map(Bits)
}

fn money(section: &Section<'_>, name: &str, exponent: u8) -> Result<u32, ConfigError> {
    let right = an_amount(exponent);
    or(section, name, &right, |value| amount(value, exponent), 0)
}

fn an_amount(exponent: u8) -> String {
    format!("an amount in quotes such as \"{}\"", if exponent == 0 { "500" } else { "500.00" })
}

/// The rules between the three values are those of `EMV 4.4 Book 3, 10.6.2`.
fn random_selection(section: &Section<'_>, exponent: u8) -> Result<RandomSelection, ConfigError> {
    let per_cent = |value: &DeValue<'_>| number(value, 0..=99_u8);
    let threshold = money(section, "random-threshold", exponent)?;
    let target = or(section, "random-target", PER_CENT, per_cent, 0)?;
    let maximum = or(section, "random-maximum", PER_CENT, per_cent, target)?;
    if maximum < target {
        let right = format!("at least the random-target, {target}");
        return Err(section.need("random-maximum", PER_CENT)?.wrong(right));
    }
    Ok(RandomSelection { threshold, target, maximum })
}

fn list(section: &Section<'_>, name: &str) -> Result<Option<Vec<u8>>, ConfigError> {
    let read = |value: &DeValue<'_>| bytes(value).filter(|list| Dol::parse(list).is_ok());
    section.optional(name, LIST).map(|field| field.read(read)).transpose()
}

fn risk_management_data(section: &Section<'_>) -> Result<Option<Vec<u8>>, ConfigError> {
    let right = "1 to 8 bytes as hexadecimal digits in quotes";
    let read = |value: &DeValue<'_>| bytes(value).filter(|data| (1..=8).contains(&data.len()));
    section.optional("risk-management-data", right).map(|field| field.read(read)).transpose()
}
