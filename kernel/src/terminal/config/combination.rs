//! What the terminal does with contactless cards: `[contactless]` and `[[combination]]`.

use alloc::{string::ToString, vec::Vec};

use apdu::{Bits, Tag, dictionary::lookup};
use toml::de::DeValue;

use super::{
    ConfigError, Section,
    machine::or,
    values::{array, bytes, flag, long_amount},
};
use crate::{
    contactless::{
        combination::{Autorun, Combination, Contactless, Options},
        kernel_id::{BookVersion, KernelId},
    },
    transaction::TransactionKind,
};

const COMBINATION: &[&str] = &[
    "aid",
    "kernel",
    "types",
    "status-check",
    "zero-amount-allowed",
    "zero-amount-offline",
    "transaction-limit",
    "floor-limit",
    "terminal-floor-limit",
    "cvm-limit",
    "ttq",
    "extended-selection",
    "cash-check",
    "cashback-check",
    "show-balance",
    "cvm-exempt-limit",
    "data",
];
const FLAG: &str = "true or false";
const AMOUNT: &str = "an amount in quotes such as \"500.00\"";

/// Everything about contactless cards; nothing where the file does not speak of them.
pub(super) fn contactless(file: &Section<'_>, exponent: u8) -> Result<Contactless, ConfigError> {
    let book_version = match file.section("contactless", &["book-version"])? {
        Some(section) => or(&section, "book-version", "\"2.5\" or \"2.10\"", book_version, BookVersion::V2_10)?,
        None => BookVersion::V2_10,
    };
    let autorun = file.section("autorun", &["amount", "cashback", "type"])?;
    let autorun = autorun.map(|section| fixed(&section, exponent)).transpose()?;
    let sections = file.sections("combination", COMBINATION)?;
    let combinations = sections.iter().map(|section| combination(section, exponent));
    Ok(Contactless { combinations: combinations.collect::<Result<_, _>>()?, book_version, autorun })
}

fn fixed(section: &Section<'_>, exponent: u8) -> Result<Autorun, ConfigError> {
    let amount = |name: &str| or(section, name, AMOUNT, |value| long_amount(value, exponent), 0);
    let kind = |value: &DeValue<'_>| TransactionKind::from_id(value.as_str()?);
    let right = "a transaction type such as \"purchase\"";
    Ok(Autorun {
        amount: amount("amount")?,
        amount_other: amount("cashback")?,
        kind: or(section, "type", right, kind, TransactionKind::Purchase)?,
    })
}

fn book_version(value: &DeValue<'_>) -> Option<BookVersion> {
    match value.as_str()? {
        "2.5" => Some(BookVersion::V2_5),
        "2.10" => Some(BookVersion::V2_10),
        _ => None,
    }
}

fn combination(section: &Section<'_>, exponent: u8) -> Result<Combination, ConfigError> {
    let aid = "5 to 16 bytes as hexadecimal digits in quotes, such as \"A0000000031010\"";
    let kernel = "a kernel such as \"C-2\", or six hexadecimal digits of a domestic one";
    let aid = section.need("aid", aid)?.read(|value| bytes(value).filter(|aid| (5..=16).contains(&aid.len())))?;
    let kernel = section.need("kernel", kernel)?.read(|value| KernelId::from_name(value.as_str()?))?;
    let optional_flag = |name: &str| section.optional(name, FLAG).map(|field| field.read(flag)).transpose();
    let limit = |name: &str| {
        let field = section.optional(name, AMOUNT);
        field.map(|field| field.read(|value| long_amount(value, exponent))).transpose()
    };
    let ttq = section.optional("ttq", "eight hexadecimal digits in quotes, such as \"26004080\"");
    Ok(Combination {
        kinds: or(section, "types", "a list of transaction types such as [\"purchase\"]", kinds, Vec::new())?,
        status_check: optional_flag("status-check")?,
        zero_amount_allowed: optional_flag("zero-amount-allowed")?,
        zero_amount_offline: optional_flag("zero-amount-offline")?,
        transaction_limit: limit("transaction-limit")?,
        floor_limit: limit("floor-limit")?,
        terminal_floor_limit: limit("terminal-floor-limit")?,
        cvm_limit: limit("cvm-limit")?,
        ttq: ttq.map(|field| field.read(array).map(Bits)).transpose()?,
        extended_selection: optional_flag("extended-selection")?,
        data: data(section, kernel)?,
        options: Options {
            cash_check: or(section, "cash-check", FLAG, flag, false)?,
            cashback_check: or(section, "cashback-check", FLAG, flag, false)?,
            show_balance: or(section, "show-balance", FLAG, flag, false)?,
            cvm_exempt_limit: limit("cvm-exempt-limit")?,
        },
        ..Combination::new(&aid, kernel)
    })
}

fn kinds(value: &DeValue<'_>) -> Option<Vec<TransactionKind>> {
    value.as_array()?.iter().map(|kind| TransactionKind::from_id(kind.get_ref().as_str()?)).collect()
}

/// Data objects of the kernel: tag and value in hexadecimal digits. A known tag has to have a length it may have; an empty
/// one is for kernels that ask for what is there and empty.
fn data(section: &Section<'_>, kernel: KernelId) -> Result<Vec<(Tag, Vec<u8>)>, ConfigError> {
    let right = "a table of tags and values such as { DF811B = \"30\" }";
    let Some(field) = section.optional("data", right) else { return Ok(Vec::new()) };
    field.read(|value| {
        let objects = value.as_table()?.iter();
        objects.map(|(tag, value)| object(tag.get_ref(), value.get_ref(), kernel)).collect()
    })
}

fn object(tag: &str, value: &DeValue<'_>, kernel: KernelId) -> Option<(Tag, Vec<u8>)> {
    let number = hex::decode(tag).ok().filter(|number| (1..=4).contains(&number.len()))?;
    let number = number.iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    let tag = Tag::new(number);
    (tag.to_string().len() == tag.bytes().as_ref().len().saturating_mul(2)).then_some(())?;
    let value = bytes(value)?;
    let fits = lookup(tag, kernel.context()).is_none_or(|entry| value.is_empty() || entry.length.allows(value.len()));
    fits.then_some((tag, value))
}
