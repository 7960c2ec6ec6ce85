//! `emvident keys`: CA public keys, listed and checked.

use emvident::{
    kernel::{
        Terminal,
        oda::keys::{CaKey, KeyStore, Kind},
    },
    setup,
};

use crate::{arguments::Keys, console::Console, failure::Failure};

/// Lists the keys, one line each: RID, index, length, exponent, expiry, kind.
pub fn run(arguments: &Keys, console: &Console) -> Result<(), Failure> {
    let store = load(arguments)?;
    let wanted = arguments.rid.as_deref().map(rid).transpose()?;
    let keys: Vec<_> = store.iter().filter(|key| wanted.is_none_or(|rid| key.rid() == rid)).collect();
    let text = if console.json { json(&keys) } else { keys.iter().map(|key| line(key)).collect() };
    console.print(&text)
}

/// A key file, a terminal configuration, or the keys that come with the program. Every checksum is computed.
fn load(arguments: &Keys) -> Result<KeyStore, Failure> {
    if let Some(path) = &arguments.file {
        let text = setup::read_file(path).map_err(Failure::usage)?;
        let wrong = |problem: String| Failure::Usage(format!("{}: {problem}", path.display()));
        return if text.contains("[terminal]") {
            Terminal::from_toml(&text).map(|terminal| terminal.keys).map_err(|error| wrong(error.to_string()))
        } else {
            KeyStore::from_toml(&text).map_err(|error| wrong(error.to_string()))
        };
    }
    let mut store = KeyStore::live().map_err(Failure::usage)?;
    if arguments.test_keys {
        store.extend(KeyStore::test().map_err(Failure::usage)?);
    }
    Ok(store)
}

fn rid(text: &str) -> Result<[u8; 5], Failure> {
    let bytes = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| Failure::Usage(format!("--rid {text}: ten hexadecimal digits needed, such as A000000333")))
}

fn kind(key: &CaKey) -> &'static str {
    match key.kind() {
        Kind::Live => "live",
        Kind::Test => "TEST",
    }
}

fn expiry(key: &CaKey) -> String {
    key.expiry().map_or("-".to_owned(), |date| date.to_string())
}

fn line(key: &CaKey) -> String {
    let bits = key.modulus().len().saturating_mul(8);
    let rid = hex::encode_upper(key.rid());
    format!("{rid} {:02X}  {bits:4} bits  e={:<5}  {:10}  {}\n", key.index(), exponent(key), expiry(key), kind(key))
}

fn exponent(key: &CaKey) -> u32 {
    key.exponent().as_bytes().iter().fold(0, |value, byte| value << 8 | u32::from(*byte))
}

fn json(keys: &[&CaKey]) -> String {
    let keys: Vec<_> = keys
        .iter()
        .map(|key| {
            serde_json::json!({
                "rid": hex::encode_upper(key.rid()),
                "index": format!("{:02X}", key.index()),
                "bits": key.modulus().len().saturating_mul(8),
                "exponent": exponent(key),
                "modulus": hex::encode_upper(key.modulus()),
                "expiry": key.expiry().map(|date| date.to_string()),
                "kind": kind(key),
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::from(keys))
}
