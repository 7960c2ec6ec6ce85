//! The terminal itself: `[terminal]`, `[merchant]`, `[selection]`, `[pin]`.

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::time::Duration;

use apdu::{
    Bit, Bits,
    value::{AdditionalTerminalCapabilities, TerminalType},
};
use toml::de::DeValue;

use super::{
    ConfigError, Field, Section,
    names::{ADDITIONAL_CAPABILITIES, CAPABILITIES, bit},
    values::{characters, currency, flag, number, numeric},
};
use crate::{
    contactless::Contactless,
    oda::keys::KeyStore,
    pin::BlockFormat,
    terminal::{CdaMode, Limits, PinPolicy, SelectionPolicy, Terminal, policy::Policy},
};

const TERMINAL: &[&str] = &[
    "type",
    "country",
    "currency",
    "capabilities",
    "additional-capabilities",
    "identification",
    "serial-number",
    "cda-mode",
];
const MERCHANT: &[&str] = &["name", "identifier", "category-code", "acquirer"];
const SELECTION: &[&str] = &["pse", "menu", "confirmation"];
const LIMITS: &[&str] = &["contact-seconds", "contactless-seconds"];
const PIN: &[&str] = &["bypass", "bypass-is-for-all", "online-format"];
const FLAG: &str = "true or false";
const SECONDS: &str = "a number of seconds from 1 to 3600";

/// The terminal, still without applications and keys.
pub(super) fn terminal(file: &Section<'_>) -> Result<Terminal, ConfigError> {
    let machine = file.section("terminal", TERMINAL)?;
    let machine =
        machine.ok_or_else(|| file.lacks("terminal", "a table [terminal] with type, country and currency"))?;
    let kind = "two digits of a terminal type such as \"22\", attended and online-capable";
    let country = machine.need("country", "the number of a country such as 156")?;
    let currency = machine.need("currency", "a currency such as \"CNY\" or 156")?.read(currency)?;
    let merchant = merchant(file)?;
    Ok(Terminal {
        country: country.read(|value| number(value, 1..=999_u16).and_then(|_| numeric(value)))?,
        currency: currency.to_bytes(),
        currency_exponent: currency.exponent,
        terminal_type: machine.need("type", kind)?.read(terminal_type)?,
        capabilities: bits(machine.need("capabilities", "a list of names such as [\"no-cvm\"]")?, CAPABILITIES)?,
        additional_capabilities: additional_capabilities(&machine)?,
        identification: or(&machine, "identification", "at most 8 characters", characters, *b"EMVIDENT")?,
        ifd_serial_number: or(&machine, "serial-number", "at most 8 characters", characters, *b"00000001")?,
        cda_mode: or(&machine, "cda-mode", "1, 2, 3 or 4", cda_mode, CdaMode::Mode1)?,
        merchant_identifier: merchant.identifier,
        merchant_category_code: merchant.category_code,
        merchant_name: merchant.name,
        acquirer_identifier: merchant.acquirer,
        selection: selection(file)?,
        pin: pin(file)?,
        limits: limits(file)?,
        policy: Policy::EMV,
        applications: Vec::new(),
        contactless: Contactless::default(),
        keys: KeyStore::new(),
        revocations: Vec::new(),
        exceptions: Vec::new(),
    })
}

struct Merchant {
    name: String,
    identifier: [u8; 15],
    category_code: [u8; 2],
    acquirer: [u8; 6],
}

fn merchant(file: &Section<'_>) -> Result<Merchant, ConfigError> {
    let mut merchant =
        Merchant { name: String::new(), identifier: [b' '; 15], category_code: [0; 2], acquirer: [0; 6] };
    let Some(section) = file.section("merchant", MERCHANT)? else { return Ok(merchant) };
    merchant.name = or(&section, "name", "at most 64 bytes of text in quotes", name, String::new())?;
    merchant.identifier = or(&section, "identifier", "at most 15 characters in quotes", characters, [b' '; 15])?;
    merchant.category_code = or(&section, "category-code", "four digits such as 5411", numeric, [0; 2])?;
    merchant.acquirer = or(&section, "acquirer", "at most 11 digits in quotes", acquirer, [0; 6])?;
    Ok(merchant)
}

fn name(value: &DeValue<'_>) -> Option<String> {
    value.as_str().filter(|name| name.len() <= 64 && !name.chars().any(char::is_control)).map(ToOwned::to_owned)
}

fn acquirer(value: &DeValue<'_>) -> Option<[u8; 6]> {
    numeric(value).filter(|_| value.as_str().is_none_or(|digits| digits.len() <= 11))
}

fn selection(file: &Section<'_>) -> Result<SelectionPolicy, ConfigError> {
    let all = SelectionPolicy { use_pse: true, menu: true, confirmation: true };
    let Some(section) = file.section("selection", SELECTION)? else { return Ok(all) };
    Ok(SelectionPolicy {
        use_pse: or(&section, "pse", FLAG, flag, true)?,
        menu: or(&section, "menu", FLAG, flag, true)?,
        confirmation: or(&section, "confirmation", FLAG, flag, true)?,
    })
}

fn pin(file: &Section<'_>) -> Result<PinPolicy, ConfigError> {
    let strict = PinPolicy { bypass_allowed: false, bypass_is_for_all: false, online_format: BlockFormat::Format0 };
    let Some(section) = file.section("pin", PIN)? else { return Ok(strict) };
    Ok(PinPolicy {
        bypass_allowed: or(&section, "bypass", FLAG, flag, false)?,
        bypass_is_for_all: or(&section, "bypass-is-for-all", FLAG, flag, false)?,
        online_format: or(&section, "online-format", "0, 3 or 4", block_format, BlockFormat::Format0)?,
    })
}

fn limits(file: &Section<'_>) -> Result<Limits, ConfigError> {
    let usual = Limits::default();
    let Some(section) = file.section("limits", LIMITS)? else { return Ok(usual) };
    Ok(Limits {
        contact: or(&section, "contact-seconds", SECONDS, seconds, usual.contact)?,
        contactless: or(&section, "contactless-seconds", SECONDS, seconds, usual.contactless)?,
    })
}

fn seconds(value: &DeValue<'_>) -> Option<Duration> {
    number(value, 1..=3600_u64).map(Duration::from_secs)
}

/// The value of a field, or `default` when it is left out.
pub(super) fn or<T>(
    section: &Section<'_>,
    name: &str,
    right: &str,
    read: impl FnOnce(&DeValue<'_>) -> Option<T>,
    default: T,
) -> Result<T, ConfigError> {
    section.optional(name, right).map_or(Ok(default), |field| field.read(read))
}

fn terminal_type(value: &DeValue<'_>) -> Option<TerminalType> {
    let [byte] = numeric(value)?;
    Some(TerminalType(byte)).filter(|kind| kind.is_valid())
}

fn additional_capabilities(machine: &Section<'_>) -> Result<AdditionalTerminalCapabilities, ConfigError> {
    let field = machine.optional("additional-capabilities", "a list of names such as [\"goods\"]");
    field.map_or(Ok(Bits::ZERO), |field| bits(field, ADDITIONAL_CAPABILITIES))
}

fn bits<const N: usize>(field: Field<'_>, names: &[(&str, Bit)]) -> Result<Bits<N>, ConfigError> {
    let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    Ok(field.names(&known, |name| bit(names, name))?.into_iter().fold(Bits::ZERO, Bits::with))
}

fn cda_mode(value: &DeValue<'_>) -> Option<CdaMode> {
    match number(value, 1..=4_u8)? {
        1 => Some(CdaMode::Mode1),
        2 => Some(CdaMode::Mode2),
        3 => Some(CdaMode::Mode3),
        _ => Some(CdaMode::Mode4),
    }
}

fn block_format(value: &DeValue<'_>) -> Option<BlockFormat> {
    match number(value, 0..=4_u8)? {
        0 => Some(BlockFormat::Format0),
        3 => Some(BlockFormat::Format3),
        4 => Some(BlockFormat::Format4),
        _ => None,
    }
}
