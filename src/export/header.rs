//! What an export says before its first exchange: the terminal, with the test keys its cards are signed with now.

use apdu::{Atr, value::date::Date};
use kernel::{
    crypto::hash::sha1,
    crypto::rsa::Exponent,
    oda::keys::{CaKey, CaKeyData, Kind, RSA, SHA_1},
};
use readers::{trace::Trace, transcript::Header};
use toml::{Table, Value};

use super::{
    chain::NewAuthority,
    keys::kept_authority,
    manifest,
    rules::{Rules, cover},
};
use crate::{
    explain::Explainer,
    run::recorded_source,
    scenario::Purchase,
    setup::{SetupError, TerminalSource},
};
use apdu::value::Pan;

/// Header key: test keys that are known and that the terminal does not have.
const KNOWN_KEYS: &str = "known-keys";

/// The terminal for others, and the keys that are only known.
pub(super) struct Setup {
    pub source: TerminalSource,
    pub known_keys: String,
}

/// The terminal the recording brings along, or else the one it is compared with.
pub(super) fn source(trace: &Trace, explainer: &Explainer) -> Result<TerminalSource, SetupError> {
    let own = trace.transcript.as_ref().and_then(|transcript| recorded_source(&transcript.header).ok());
    Ok(own.unwrap_or_else(|| explainer.source().clone()))
}

/// The day a transcript says it was.
pub(super) fn today(trace: &Trace) -> Option<Date> {
    let parameters = &trace.transcript.as_ref()?.header.parameters;
    parameters.get("date")?;
    Purchase::from_parameters(parameters).ok()?.resolve().ok().map(|transaction| transaction.date)
}

/// The terminal without what names it, its shop and cards it refuses, and with the keys that take the place of others.
pub(super) fn for_others(
    source: TerminalSource,
    authorities: &[NewAuthority],
    rules: &mut Rules,
) -> Result<Setup, SetupError> {
    let wrong = |problem: String| SetupError::Content { name: source.name.clone(), problem };
    let mut table: Table = source.text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
    for (section, field) in [
        ("terminal", "identification"),
        ("terminal", "serial-number"),
        ("merchant", "name"),
        ("merchant", "identifier"),
        ("merchant", "acquirer"),
    ] {
        hide(&mut table, section, field, rules);
    }
    replace_exceptions(&mut table, rules);
    let (loaded, known): (Vec<_>, Vec<_>) = authorities.iter().partition(|authority| authority.signer.is_loaded);
    loaded.iter().for_each(|authority| add_key(&mut table, authority, rules));
    let text = toml::to_string(&table).map_err(|error| wrong(error.to_string()))?;
    let mut known: Vec<String> = known.into_iter().map(describe).collect();
    known.dedup();
    Ok(Setup { source: TerminalSource { name: "export".to_owned(), text, ..source }, known_keys: known.join(" ") })
}

fn hide(table: &mut Table, section: &str, field: &str, rules: &mut Rules) {
    let value = table.get_mut(section).and_then(Value::as_table_mut).and_then(|section| section.get_mut(field));
    let Some(Value::String(text)) = value else { return };
    let mut bytes = text.as_bytes().to_vec();
    cover(&mut bytes);
    let hidden: String =
        bytes.iter().map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { ' ' }).collect();
    if hidden != *text {
        rules.manifest.count(manifest::Kind::Linkable);
        *text = hidden;
    }
}

/// Of the cards a terminal refuses, those in the recording stay, under their new numbers.
fn replace_exceptions(table: &mut Table, rules: &mut Rules) {
    let Some(Value::Array(exceptions)) = table.get_mut("exception") else { return };
    exceptions.retain_mut(|exception| {
        let Some(Value::String(number)) = exception.as_table_mut().and_then(|entry| entry.get_mut("pan")) else {
            return false;
        };
        let surrogate = Pan::from_digits(number).ok().and_then(|pan| rules.surrogates.known(&pan));
        surrogate.map(|surrogate| *number = surrogate.unmask().to_string()).is_some()
    });
}

/// What a key is, for [`known_keys`] to make it again.
fn describe(authority: &NewAuthority) -> String {
    let signer = &authority.signer;
    let exponent = hex::encode_upper(signer.exponent.as_bytes());
    format!("{}/{:02X}/{}/{exponent}", hex::encode_upper(signer.rid), signer.index, authority.modulus.len())
}

/// The keys that a header says are known besides the published ones.
pub(crate) fn known_keys(header: &Header) -> Vec<CaKey> {
    let words = header.parameters.get(KNOWN_KEYS).map_or("", String::as_str);
    words.split(' ').take(16).filter_map(known_key).collect()
}

fn known_key(word: &str) -> Option<CaKey> {
    let mut parts = word.split('/');
    let rid = hex::decode(parts.next()?).ok()?.try_into().ok()?;
    let index = u8::from_str_radix(parts.next()?, 16).ok()?;
    let length = parts.next()?.parse().ok()?;
    let exponent = Exponent::from_bytes(&hex::decode(parts.next()?).ok()?)?;
    let modulus = kept_authority(length, exponent)?;
    let mut data = CaKeyData {
        rid,
        index,
        hash_algorithm: SHA_1,
        key_algorithm: RSA,
        modulus: &modulus,
        exponent: exponent.as_bytes(),
        checksum: [0; 20],
        expiry: None,
        kind: Kind::Test,
        withdrawn: false,
    };
    data.checksum = data.computed_checksum();
    CaKey::new(&data).ok()
}

/// A key as the configuration writes it.
fn add_key(table: &mut Table, authority: &NewAuthority, rules: &Rules) {
    let NewAuthority { signer, modulus } = authority;
    let exponent = signer.exponent.as_bytes();
    let checksum = sha1([&signer.rid[..], &[signer.index], modulus, exponent]);
    let text = |bytes: &[u8]| Value::String(hex::encode_upper(bytes));
    let mut key = Table::from_iter([
        ("rid".to_owned(), text(&signer.rid)),
        ("index".to_owned(), text(&[signer.index])),
        ("modulus".to_owned(), text(modulus)),
        ("exponent".to_owned(), text(exponent)),
        ("checksum".to_owned(), text(&checksum)),
        ("test".to_owned(), Value::Boolean(true)),
    ]);
    if let Some(expiry) = signer.expiry.map(|expiry| rules.calendar.date(expiry)) {
        let day = format!("{:04}-{:02}-{:02}", expiry.year(), expiry.month(), expiry.day());
        key.extend(day.parse().ok().map(|day| ("expiry".to_owned(), Value::Datetime(day))));
        // A key that expired must not be outlived by the one it stands for.
        if rules.calendar.is_past(expiry) {
            leave_out_published(table);
        }
    }
    let keys = table.entry("ca-key").or_insert_with(|| Value::Array(Vec::new()));
    if let Some(keys) = keys.as_array_mut().filter(|keys| !keys.contains(&Value::Table(key.clone()))) {
        keys.push(Value::Table(key));
    }
}

fn leave_out_published(table: &mut Table) {
    let keys = table.entry("keys").or_insert_with(|| Value::Table(Table::new()));
    keys.as_table_mut().into_iter().for_each(|keys| {
        keys.insert("default".to_owned(), Value::Boolean(false));
    });
}

/// The parameters for others: those that a replay needs, on the day and at the hour that are left of them.
pub(super) fn parameters(header: &mut Header, setup: &Setup) {
    let known = [("amount", true), ("cashback", true), ("counter", true), ("forced-online", true), ("kind", true)];
    let stays = |name: &str| {
        known.iter().any(|(known, _)| *known == name) || matches!(name, "date" | "time" | "interface" | "card-keys")
    };
    header.parameters.retain(|name, _| stays(name));
    if !setup.known_keys.is_empty() {
        header.parameters.insert(KNOWN_KEYS.to_owned(), setup.known_keys.clone());
    }
}

/// An answer to reset whose historical bytes tell nothing; their first one says what they would be.
pub(super) fn answer_to_reset(atr: &[u8]) -> Vec<u8> {
    let mut bytes = atr.to_vec();
    let Ok(parsed) = Atr::parse(atr) else { return bytes };
    let check = usize::from(parsed.tck().is_some());
    let end = bytes.len().saturating_sub(check);
    let start = end.saturating_sub(parsed.historical().len()).saturating_add(1);
    bytes.get_mut(start..end).into_iter().flatten().for_each(|byte| *byte = 0);
    if parsed.tck().is_some() && parsed.tck_is_right() {
        let sum = bytes.get(1..end).unwrap_or(&[]).iter().fold(0, |sum, byte| sum ^ byte);
        bytes.last_mut().into_iter().for_each(|last| *last = sum);
    }
    bytes
}
