//! Key sets as TOML text.
//!
//! ```toml
//! kind = "live"                # or "test"
//!
//! [[key]]
//! rid = "A000000003"
//! index = "08"
//! exponent = "03"              # or "010001"
//! expiry = 2024-12-31          # may be left out
//! checksum = "20D21312…"       # SHA-1 of RID, index, modulus and exponent
//! modulus = "D9FD6ED7…"        # hexadecimal; spaces and line breaks do not count
//! # withdrawn = true, hash_algorithm = 1, key_algorithm = 1 may be added
//! ```

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use apdu::value::Date;
use once_cell::race::OnceBox;
use serde::Deserialize;
use toml::{Spanned, value::Datetime};

use super::{
    CaKey, KeyStore,
    keys::{CaKeyData, KeyError, Kind, RSA, SHA_1},
};

/// What is wrong with a key set, where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ConfigError {
    /// Line of the text, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// The ways a key set can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not TOML, or not with the fields of a key set.
    #[error("{0}")]
    Syntax(String),
    /// A field that is not what it has to be.
    #[error("{field} = {value:?}: {wanted} needed")]
    Field {
        /// The field.
        field: &'static str,
        /// What is there.
        value: String,
        /// What is needed instead.
        wanted: &'static str,
    },
    /// A key that does not pass its checks.
    #[error("{0}")]
    Key(KeyError),
}

impl KeyStore {
    /// The keys of a key set; each passes its checks or none is taken.
    ///
    /// # Errors
    /// [`ConfigError`] for the first thing that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let at = Lines(text);
        let file: File = toml::from_str(text).map_err(|error| at.syntax(&error))?;
        let kind = file.kind(&at)?;
        file.key.iter().map(|entry| entry.get_ref().key(entry.span().start, kind, &at)).collect()
    }

    /// The published keys that sign cards people pay with.
    ///
    /// # Errors
    /// None with the file this crate comes with.
    pub fn live() -> Result<Self, ConfigError> {
        static LIVE: OnceBox<KeyStore> = OnceBox::new();
        read_once(&LIVE, include_str!("../../keys/ca-keys.toml"))
    }

    /// The published keys that sign test cards. Their private parts may be known to anybody: a terminal that takes money
    /// must not know them.
    ///
    /// # Errors
    /// None with the file this crate comes with.
    pub fn test() -> Result<Self, ConfigError> {
        static TEST: OnceBox<KeyStore> = OnceBox::new();
        read_once(&TEST, include_str!("../../keys/ca-keys-test.toml"))
    }

    /// Published keys of which it is not known whether they sign test cards, or which were published without a checksum:
    /// for explaining recordings.
    ///
    /// # Errors
    /// None with the file this crate comes with.
    pub fn unconfirmed() -> Result<Self, ConfigError> {
        static UNCONFIRMED: OnceBox<KeyStore> = OnceBox::new();
        read_once(&UNCONFIRMED, include_str!("../../keys/ca-keys-unconfirmed.toml"))
    }
}

/// A key set of this crate. It is read and its keys are prepared when it is first wanted; all its clones share them.
fn read_once(kept: &OnceBox<KeyStore>, text: &str) -> Result<KeyStore, ConfigError> {
    kept.get_or_try_init(|| KeyStore::from_toml(text).map(Box::new)).cloned()
}

impl FromIterator<CaKey> for KeyStore {
    fn from_iter<T: IntoIterator<Item = CaKey>>(keys: T) -> Self {
        let mut store = Self::new();
        store.extend(keys);
        store
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Spanned<String>,
    #[serde(default)]
    key: Vec<Spanned<Entry>>,
}

impl File {
    fn kind(&self, at: &Lines<'_>) -> Result<Kind, ConfigError> {
        match self.kind.get_ref().as_str() {
            "live" => Ok(Kind::Live),
            "test" => Ok(Kind::Test),
            _ => Err(at.field("kind", &self.kind, "\"live\" or \"test\" is")),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rid: Spanned<String>,
    index: Spanned<String>,
    exponent: Spanned<String>,
    modulus: Spanned<String>,
    checksum: Spanned<String>,
    expiry: Option<Spanned<Datetime>>,
    #[serde(default)]
    withdrawn: bool,
    #[serde(default = "sha_1")]
    hash_algorithm: u8,
    #[serde(default = "rsa")]
    key_algorithm: u8,
}

const fn sha_1() -> u8 {
    SHA_1
}

const fn rsa() -> u8 {
    RSA
}

impl Entry {
    fn key(&self, start: usize, kind: Kind, at: &Lines<'_>) -> Result<CaKey, ConfigError> {
        let [index] = at.array("index", &self.index, "two hexadecimal digits, for example \"08\", are")?;
        let data = CaKeyData {
            rid: at.array("rid", &self.rid, "ten hexadecimal digits, for example \"A000000003\", are")?,
            index,
            hash_algorithm: self.hash_algorithm,
            key_algorithm: self.key_algorithm,
            modulus: &at.bytes("modulus", &self.modulus)?,
            exponent: &at.bytes("exponent", &self.exponent)?,
            checksum: at.array("checksum", &self.checksum, "the 40 hexadecimal digits of a SHA-1 are")?,
            expiry: self.expiry(at)?,
            kind,
            withdrawn: self.withdrawn,
        };
        CaKey::new(&data).map_err(|error| at.error(start, Problem::Key(error)))
    }

    fn expiry(&self, at: &Lines<'_>) -> Result<Option<Date>, ConfigError> {
        let Some(written) = &self.expiry else { return Ok(None) };
        let day = written.get_ref().date.and_then(|date| Date::new(date.year, date.month, date.day).ok());
        let text = || Spanned::new(written.span(), written.get_ref().to_string());
        day.map(Some).ok_or_else(|| at.field("expiry", &text(), "a day from 1950-01-01 to 2049-12-31 is"))
    }
}

/// The text, to find lines in.
struct Lines<'a>(&'a str);

impl Lines<'_> {
    fn error(&self, offset: usize, problem: Problem) -> ConfigError {
        let before = self.0.bytes().take(offset).filter(|byte| *byte == b'\n').count();
        ConfigError { line: before.saturating_add(1), problem }
    }

    fn syntax(&self, error: &toml::de::Error) -> ConfigError {
        let offset = error.span().map_or(0, |span| span.start);
        self.error(offset, Problem::Syntax(error.message().to_string()))
    }

    fn field(&self, field: &'static str, value: &Spanned<String>, wanted: &'static str) -> ConfigError {
        self.error(value.span().start, Problem::Field { field, value: value.get_ref().clone(), wanted })
    }

    fn bytes(&self, field: &'static str, value: &Spanned<String>) -> Result<Vec<u8>, ConfigError> {
        let digits: String = value.get_ref().chars().filter(|character| !character.is_whitespace()).collect();
        hex::decode(digits).map_err(|_| self.field(field, value, "an even number of hexadecimal digits is"))
    }

    fn array<const N: usize>(
        &self,
        field: &'static str,
        value: &Spanned<String>,
        wanted: &'static str,
    ) -> Result<[u8; N], ConfigError> {
        let bytes = self.bytes(field, value)?;
        bytes.try_into().map_err(|_| self.field(field, value, wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_sets_that_come_with_the_kernel_are_whole_and_apart() {
        let (live, test) = (KeyStore::live().unwrap(), KeyStore::test().unwrap());
        assert!(live.iter().all(|key| key.kind() == Kind::Live));
        assert!(test.iter().all(|key| key.kind() == Kind::Test));
        let visa = [0xA0, 0, 0, 0, 0x03];
        assert_eq!((live.keys_for(visa, 0x08).count(), test.keys_for(visa, 0x08).count()), (1, 0));
        assert_eq!((live.keys_for(visa, 0x92).count(), test.keys_for(visa, 0x92).count()), (0, 1));
        assert!(!KeyStore::unconfirmed().unwrap().is_empty());
    }

    #[test]
    fn no_modulus_is_both_live_and_test_for_one_payment_system() {
        let test = KeyStore::test().unwrap();
        for key in KeyStore::live().unwrap().iter() {
            let twin = test.iter().find(|other| other.rid() == key.rid() && other.modulus() == key.modulus());
            assert!(twin.is_none(), "{key:?}");
        }
    }

    const KEY: &str = "kind = \"test\"\n\n[[key]]\nrid = \"A000000003\"\nindex = \"96\"\nexponent = \"03\"\n\
        expiry = 2030-12-31\nchecksum = \"7616E9AC8BE014AF88CA11A8FB17967B7394030E\"\nmodulus = \"\"\"\n\
        B74586D19A207BE6627C5B0AAFBC44A2ECF5A2942D3A26CE19C4FFAEEE920521\n\
        868922E893E7838225A3947A2614796FB2C0628CE8C11E3825A56D3B1BBAEF78\n\
        3A5C6A81F36F8625395126FA983C5216D3166D48ACDE8A431212FF763A7F79D9\n\
        EDB7FED76B485DE45BEB829A3D4730848A366D3324C3027032FF8D16A1E44D8D\n\"\"\"\n";

    #[test]
    fn a_key_set_reads_back() {
        let store = KeyStore::from_toml(KEY).unwrap();
        let key = store.iter().next().unwrap();
        assert_eq!((key.index(), key.kind(), key.modulus().len()), (0x96, Kind::Test, 128));
        assert_eq!(key.expiry(), Some(Date::new(2030, 12, 31).unwrap()));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let message = |from: &str, to: &str| KeyStore::from_toml(&KEY.replace(from, to)).unwrap_err().to_string();
        assert_message(
            &message("\"96\"", "\"9\""),
            "line 5: index = \"9\": an even number of hexadecimal digits is needed",
        );
        assert_message(
            &message("\"A000000003\"", "\"A0000000\""),
            "line 4: rid = \"A0000000\": ten hexadecimal digits, for example \"A000000003\", are needed",
        );
        assert_message(&message("\"test\"", "\"demo\""), "line 1: kind = \"demo\": \"live\" or \"test\" is needed");
        assert_message(
            &message("2030-12-31", "12:30:00"),
            "line 7: expiry = \"12:30:00\": a day from 1950-01-01 to 2049-12-31 is needed",
        );
        assert!(message("index", "indx").starts_with("line 5: unknown field `indx`"), "{}", message("index", "indx"));
        assert!(message("[[key]]", "[[key").starts_with("line 3: "));
    }

    fn assert_message(found: &str, expected: &str) {
        assert_eq!(found, expected);
    }

    #[test]
    fn a_damaged_key_is_named() {
        let error = KeyStore::from_toml(&KEY.replace("B74586D1", "B74586D0")).unwrap_err();
        assert_eq!(error.line, 3);
        assert!(error.to_string().contains("CA key A000000003/96: the checksum is 7616E9AC"), "{error}");
        let unsupported = KEY.replace("exponent", "key_algorithm = 4\nexponent");
        let error = KeyStore::from_toml(&unsupported).unwrap_err();
        assert!(error.to_string().ends_with("public key algorithm 04 is not supported, only 01 (RSA)"), "{error}");
    }
}
