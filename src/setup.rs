//! From files and names to what a transaction needs: terminal, keys.

use std::{
    fmt::Display,
    fs, io,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use kernel::{
    Terminal,
    oda::keys::{CaKeyData, KeyStore, Kind, RSA, SHA_1},
};
use serde::Deserialize;
use toml::{Table, Value};
use vectors::CaPublicKey;

/// The terminal for tests, as TOML.
pub const TEST_TERMINAL: &str = include_str!("../vectors/terminals/test.toml");

/// What a configuration file may hold at most; more is no configuration.
const MAX_FILE: u64 = 4 << 20;

/// What stands in the way of a transaction before it begins.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// A file cannot be read.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// A file holds something wrong.
    #[error("{name}: {problem}")]
    Content {
        /// The file's name, or what stands for it.
        name: String,
        /// What is wrong, with the line.
        problem: String,
    },
    /// No software card has that name.
    #[error("no software card is called \"{0}\"; `emvident cards` lists them")]
    UnknownCard(String),
    /// The software card cannot be made.
    #[error("the software card cannot be made: {0}")]
    Card(#[from] vectors::card::PersonalisationError),
    /// A value that is not what it has to be.
    #[error("{field} = \"{value}\": {wanted} needed")]
    Value {
        /// The field or option.
        field: &'static str,
        /// What is there.
        value: String,
        /// What is needed.
        wanted: &'static str,
    },
}

impl SetupError {
    /// Something is wrong in `path`.
    pub fn in_file(path: &Path, problem: impl Display) -> Self {
        Self::Content { name: path.display().to_string(), problem: problem.to_string() }
    }

    /// `value` is not what `field` needs.
    pub fn value(field: &'static str, value: impl Into<String>, wanted: &'static str) -> Self {
        Self::Value { field, value: value.into(), wanted }
    }
}

/// Reads a text file of a size that a configuration may have.
///
/// # Errors
/// [`SetupError::File`].
pub fn read_file(path: &Path) -> Result<String, SetupError> {
    let failed = |error| SetupError::File { path: path.to_owned(), error };
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > MAX_FILE {
        return Err(failed(io::Error::other(format!("{size} bytes are too many ({MAX_FILE} at most)"))));
    }
    fs::read_to_string(path).map_err(failed)
}

/// The text a terminal is made from, and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalSource {
    /// The file's name, or what stands for it.
    pub name: String,
    /// TOML.
    pub text: String,
    /// Whether the CA keys of the software cards are added.
    pub card_keys: bool,
    /// What is done to those keys.
    pub key_changes: Vec<KeyChange>,
}

impl TerminalSource {
    /// The terminal for tests, with the software cards' keys.
    pub fn for_tests() -> Self {
        Self { name: "test".to_owned(), text: TEST_TERMINAL.to_owned(), card_keys: true, key_changes: Vec::new() }
    }

    /// The terminal in `path`, with no keys but its own.
    ///
    /// # Errors
    /// [`SetupError::File`].
    pub fn from_file(path: &Path) -> Result<Self, SetupError> {
        let text = read_file(path)?;
        Ok(Self { name: path.display().to_string(), text, card_keys: false, key_changes: Vec::new() })
    }

    /// The same terminal with some fields different. Where the terminal has a list of tables and `overrides` one table,
    /// every table of the list gets its fields.
    ///
    /// # Errors
    /// [`SetupError::Content`] when the terminal's text is no TOML.
    pub fn with(mut self, overrides: &Table) -> Result<Self, SetupError> {
        if overrides.is_empty() {
            return Ok(self);
        }
        let mut table: Table = self.text.parse().map_err(|error| self.wrong(error))?;
        merge(&mut table, overrides);
        self.text = toml::to_string(&table).map_err(|error| self.wrong(error))?;
        Ok(self)
    }

    /// Whether the software cards' keys are added and what is done to them, in a few words that
    /// [`TerminalSource::with_card_keys`] reads.
    pub fn describe_card_keys(&self) -> String {
        if !self.card_keys {
            return "no".to_owned();
        }
        let changes = self.key_changes.iter().map(|change| format!(" {}={}", change.index, change.what.name()));
        std::iter::once("yes".to_owned()).chain(changes).collect()
    }

    /// The same terminal with the software cards' keys as [`TerminalSource::describe_card_keys`] says.
    ///
    /// # Errors
    /// [`SetupError::Value`] for words it cannot have written.
    pub fn with_card_keys(mut self, words: &str) -> Result<Self, SetupError> {
        let wrong = || SetupError::value("card-keys", words, "no, or yes and changes such as F3=missing");
        let mut parts = words.split(' ');
        self.card_keys = match parts.next() {
            Some("yes") => true,
            Some("no") => false,
            _ => return Err(wrong()),
        };
        let change = |part: &str| {
            let (index, what) = part.split_once('=')?;
            Some(KeyChange { index: index.to_owned(), what: What::named(what)? })
        };
        self.key_changes = parts.map(change).collect::<Option<_>>().ok_or_else(wrong)?;
        Ok(self)
    }

    /// Makes the terminal.
    ///
    /// # Errors
    /// [`SetupError::Content`] with line, field, value and what would be right.
    pub fn terminal(&self) -> Result<Terminal, SetupError> {
        let mut terminal = Terminal::from_toml(&self.text).map_err(|error| self.wrong(error))?;
        if self.card_keys {
            self.add_card_keys(&mut terminal.keys);
        }
        Ok(terminal)
    }

    /// The keys as they are, which are prepared once, and those with changes.
    fn add_card_keys(&self, keys: &mut KeyStore) {
        static WHOLE: LazyLock<KeyStore> = LazyLock::new(|| {
            let mut keys = KeyStore::new();
            vectors::ca_keys().iter().for_each(|key| load(&mut keys, &as_data(key)));
            keys
        });
        let is_changed = |index: u8| self.changes_of(index).next().is_some();
        keys.extend(WHOLE.iter().filter(|key| !is_changed(key.index())).cloned());
        for key in vectors::ca_keys().iter().filter(|key| is_changed(key.index)) {
            let mut data = as_data(key);
            self.changes_of(key.index).for_each(|change| change.apply(&mut data));
            if self.changes_of(key.index).all(|change| change != What::Missing) {
                load(keys, &data);
            }
        }
    }

    fn changes_of(&self, index: u8) -> impl Iterator<Item = What> {
        let is_for = move |change: &&KeyChange| change.index == format!("{index:02X}");
        self.key_changes.iter().filter(is_for).map(|change| change.what)
    }

    fn wrong(&self, problem: impl Display) -> SetupError {
        SetupError::Content { name: self.name.clone(), problem: problem.to_string() }
    }
}

/// A software card's CA key as the key store takes it.
fn as_data(key: &CaPublicKey) -> CaKeyData<'_> {
    CaKeyData {
        rid: key.rid,
        index: key.index,
        hash_algorithm: SHA_1,
        key_algorithm: RSA,
        modulus: &key.modulus,
        exponent: &key.exponent,
        checksum: key.checksum,
        expiry: apdu::value::Date::from_yymmdd(key.expiry).ok(),
        kind: Kind::Test,
        withdrawn: false,
    }
}

/// A key the store refuses is remembered by it, so that the transaction can say why it is not there.
fn load(keys: &mut KeyStore, data: &CaKeyData<'_>) {
    let _ = keys.load(data);
}

/// Something wrong with a CA key of the software cards.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyChange {
    /// Key index, two hexadecimal digits.
    pub index: String,
    /// What is wrong.
    pub what: What,
}

/// What is wrong with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The terminal does not have it.
    Missing,
    /// It expired long ago.
    Expired,
    /// It was withdrawn.
    Withdrawn,
    /// Its checksum does not fit.
    Damaged,
    /// It is for an algorithm nobody knows.
    UnknownAlgorithm,
}

impl What {
    const NAMES: [(&'static str, Self); 5] = [
        ("missing", Self::Missing),
        ("expired", Self::Expired),
        ("withdrawn", Self::Withdrawn),
        ("damaged", Self::Damaged),
        ("unknown-algorithm", Self::UnknownAlgorithm),
    ];

    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, what)| *what == self).map_or("", |(name, _)| name)
    }

    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, what)| *what)
    }

    fn apply(self, key: &mut CaKeyData<'_>) {
        match self {
            Self::Missing => {}
            Self::Expired => key.expiry = apdu::value::Date::new(2015, 12, 31).ok(),
            Self::Withdrawn => key.withdrawn = true,
            Self::Damaged => key.checksum = [0; 20],
            Self::UnknownAlgorithm => key.key_algorithm = 0x7F,
        }
    }
}

fn merge(base: &mut Table, overrides: &Table) {
    for (name, value) in overrides {
        match (base.get_mut(name), value) {
            (Some(Value::Table(table)), Value::Table(fields)) => merge(table, fields),
            (Some(Value::Array(list)), Value::Table(fields)) => {
                list.iter_mut().filter_map(Value::as_table_mut).for_each(|table| merge_into_item(table, fields));
            }
            _ => {
                base.insert(name.clone(), value.clone());
            }
        }
    }
}

/// One of several: what stands under the name of its kernel is for it alone, and under that of another for that one.
fn merge_into_item(item: &mut Table, fields: &Table) {
    let kernel = item.get("kernel").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (own, common): (Table, Table) =
        fields.clone().into_iter().partition(|(name, value)| value.is_table() && name.starts_with("C-"));
    merge(item, &common);
    if let Some(Value::Table(own)) = own.get(&kernel) {
        merge(item, own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_for_tests_is_right() {
        let terminal = TerminalSource::for_tests().terminal().unwrap();
        assert_eq!(terminal.applications.len(), 4);
        assert!(terminal.keys.keys_for([0xF0, 0x00, 0x0E, 0x4D, 0x56], 0xF3).next().is_some());
    }

    #[test]
    fn what_is_for_one_kernel_changes_its_combinations_alone() {
        let overrides = "combination.C-2.floor-limit = \"7.00\"".parse().unwrap();
        let terminal = TerminalSource::for_tests().with(&overrides).unwrap().terminal().unwrap();
        let changed = terminal.contactless.combinations.iter().filter(|one| one.floor_limit == Some(700));
        assert!(changed.map(|one| one.kernel.to_string()).eq(["C-2"]));
    }

    #[test]
    fn one_table_changes_every_application() {
        let overrides = "application.floor-limit = \"0.00\"\nterminal.type = \"21\"".parse().unwrap();
        let terminal = TerminalSource::for_tests().with(&overrides).unwrap().terminal().unwrap();
        assert!(terminal.applications.iter().all(|application| application.floor_limit == 0));
        assert_eq!(terminal.terminal_type.0, 0x21);
    }

    #[test]
    fn what_is_done_to_the_keys_can_be_written_down() {
        let changes = vec![KeyChange { index: "F3".into(), what: What::Damaged }];
        let source = TerminalSource { key_changes: changes, ..TerminalSource::for_tests() };
        assert_eq!(source.describe_card_keys(), "yes F3=damaged");
        assert_eq!(TerminalSource::for_tests().with_card_keys("yes F3=damaged").unwrap(), source);
        assert!(TerminalSource::for_tests().with_card_keys("yes F3").is_err());
    }

    #[test]
    fn a_wrong_field_is_named_with_its_file() {
        let overrides = "terminal.type = \"99\"".parse().unwrap();
        let error = TerminalSource::for_tests().with(&overrides).unwrap().terminal().unwrap_err().to_string();
        assert!(error.starts_with("test: line") && error.contains("type"), "{error}");
    }
}
