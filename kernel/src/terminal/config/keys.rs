//! CA keys and revocations: `[keys]`, `[[ca-key]]`, `[[revocation]]`.

use alloc::{string::ToString, vec::Vec};

use super::{
    ConfigError, Section,
    machine::or,
    values::{array, bytes, date, flag},
};
use crate::oda::keys::{CaKey, CaKeyData, KeyStore, Kind, RSA, Revocation, SHA_1};

const KEYS: &[&str] = &["default", "test-keys"];
const CA_KEY: &[&str] = &["rid", "index", "modulus", "exponent", "checksum", "expiry", "test"];
const FLAG: &str = "true or false";
const RID: &str = "ten hexadecimal digits in quotes, the beginning of the AID";
const INDEX: &str = "two hexadecimal digits in quotes, such as \"92\"";

/// The key set: the default one as far as it is wanted, and the keys of the file itself.
pub(super) fn keys(file: &Section<'_>) -> Result<KeyStore, ConfigError> {
    let (default, test) = match file.section("keys", KEYS)? {
        Some(section) => {
            let default = or(&section, "default", FLAG, flag, true)?;
            (default, or(&section, "test-keys", FLAG, flag, false)?)
        }
        None => (true, false),
    };
    let wrong = |error: crate::oda::key_file::ConfigError| file.lacks("keys.default", &error.to_string());
    let mut keys = if default { KeyStore::live().map_err(wrong)? } else { KeyStore::new() };
    if default && test {
        keys.extend(KeyStore::test().map_err(wrong)?);
    }
    for section in file.sections("ca-key", CA_KEY)? {
        keys.add(ca_key(&section)?);
    }
    Ok(keys)
}

fn ca_key(section: &Section<'_>) -> Result<CaKey, ConfigError> {
    let hexadecimal = "hexadecimal digits in quotes";
    let modulus = section.need("modulus", hexadecimal)?.read(bytes)?;
    let exponent = section.need("exponent", "\"03\" or \"010001\"")?.read(bytes)?;
    let expiry = section.optional("expiry", "a date such as 2028-12-31");
    let checksum = section.need("checksum", "40 hexadecimal digits in quotes")?;
    let test = or(section, "test", FLAG, flag, false)?;
    let [index] = section.need("index", INDEX)?.read(array)?;
    let data = CaKeyData {
        rid: section.need("rid", RID)?.read(array)?,
        index,
        hash_algorithm: SHA_1,
        key_algorithm: RSA,
        modulus: &modulus,
        exponent: &exponent,
        checksum: checksum.read(array)?,
        expiry: expiry.map(|field| field.read(date)).transpose()?,
        kind: if test { Kind::Test } else { Kind::Live },
        withdrawn: false,
    };
    CaKey::new(&data).map_err(|error| checksum.wrong(error.to_string()))
}

pub(super) fn revocations(file: &Section<'_>) -> Result<Vec<Revocation>, ConfigError> {
    file.sections("revocation", &["rid", "index", "serial"])?
        .iter()
        .map(|section| {
            let [index] = section.need("index", INDEX)?.read(array)?;
            let serial = section.need("serial", "six hexadecimal digits in quotes")?.read(array)?;
            Ok(Revocation { rid: section.need("rid", RID)?.read(array)?, index, serial })
        })
        .collect()
}
