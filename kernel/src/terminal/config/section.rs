//! One table of the file and its fields, with where they stand.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use toml::de::{DeTable, DeValue};

use super::{
    error::{ConfigError, Fault, line, shown},
    nearest::nearest,
};

/// One table of the file.
pub(super) struct Section<'a> {
    text: &'a str,
    /// Where it starts, in bytes.
    at: usize,
    /// Its name, empty for the file itself.
    path: &'a str,
    table: &'a DeTable<'a>,
}

/// One field: its value, where it stands, and what would be right.
pub(super) struct Field<'a> {
    text: &'a str,
    at: core::ops::Range<usize>,
    path: String,
    value: &'a DeValue<'a>,
    right: &'a str,
    secret: bool,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub fn file(text: &'a str, table: &'a DeTable<'a>) -> Self {
        Self { text, at: 0, path: "", table }
    }

    /// Refuses names that are not `known`.
    pub fn only(&self, known: &[&str]) -> Result<(), ConfigError> {
        let mut unknown = self.table.iter().filter(|(name, _)| !known.contains(&name.get_ref().as_ref()));
        let Some((name, _)) = unknown.next() else { return Ok(()) };
        let typed = name.get_ref();
        let nearest = nearest(typed, known.iter().copied()).map(|name| self.name(name));
        let fault = Fault::Unknown { nearest, known: known.join(", ") };
        Err(ConfigError { line: line(self.text, name.span().start), field: shown(&self.name(typed)), fault })
    }

    /// A field that has to be there.
    pub fn need<'f>(&'f self, name: &str, right: &'f str) -> Result<Field<'f>, ConfigError> {
        self.optional(name, right).ok_or_else(|| ConfigError {
            line: line(self.text, self.at),
            field: self.name(name),
            fault: Fault::Missing { right: right.to_owned() },
        })
    }

    /// A field that has to be there and whose value must not be shown.
    pub fn secret<'f>(&'f self, name: &str, right: &'f str) -> Result<Field<'f>, ConfigError> {
        Ok(Field { secret: true, ..self.need(name, right)? })
    }

    /// A field that may be left out.
    pub fn optional<'f>(&'f self, name: &str, right: &'f str) -> Option<Field<'f>> {
        let value = self.table.get(name)?;
        let (at, path) = (value.span(), self.name(name));
        Some(Field { text: self.text, at, path, value: value.get_ref(), right, secret: false })
    }

    /// The table `name`, with no fields but `known`; `None` when it is not there.
    pub fn section(&self, name: &'a str, known: &[&str]) -> Result<Option<Section<'a>>, ConfigError> {
        let Some(value) = self.table.get(name) else { return Ok(None) };
        let field = Field { secret: true, ..self.need(name, "a table: its name in square brackets")? };
        let table = field.read(|_| value.get_ref().as_table())?;
        let section = Section { text: self.text, at: value.span().start, path: name, table };
        section.only(known).map(|()| Some(section))
    }

    /// All the tables `name`, with no fields but `known`.
    pub fn sections(&self, name: &'a str, known: &[&str]) -> Result<Vec<Section<'a>>, ConfigError> {
        let Some(value) = self.table.get(name) else { return Ok(Vec::new()) };
        let field =
            Field { secret: true, ..self.need(name, "one or more tables: the name in double square brackets")? };
        let tables = field.read(|_| value.get_ref().as_array())?;
        let section = |value: &'a toml::Spanned<DeValue<'a>>| {
            let table = field.read(|_| value.get_ref().as_table())?;
            let section = Section { text: self.text, at: value.span().start, path: name, table };
            section.only(known).map(|()| section)
        };
        tables.iter().map(section).collect()
    }

    /// The error of a table that has to be there and is not.
    pub fn lacks(&self, name: &str, right: &str) -> ConfigError {
        let fault = Fault::Missing { right: right.to_string() };
        ConfigError { line: line(self.text, self.text.len()), field: name.to_string(), fault }
    }

    fn name(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

impl<'a> Field<'a> {
    /// The value as `read` understands it.
    pub fn read<T>(&self, read: impl FnOnce(&'a DeValue<'a>) -> Option<T>) -> Result<T, ConfigError> {
        read(self.value).ok_or_else(|| self.wrong(self.right.to_owned()))
    }

    /// A list of names, each of which `read` understands.
    pub fn names<T>(&self, known: &[&str], mut read: impl FnMut(&str) -> Option<T>) -> Result<Vec<T>, ConfigError> {
        let list = self.read(DeValue::as_array)?;
        let one = |value: &toml::Spanned<DeValue<'_>>| {
            value.get_ref().as_str().and_then(&mut read).ok_or_else(|| self.unknown(value, known))
        };
        list.iter().map(one).collect()
    }

    /// The error that this value is not `right`.
    pub fn wrong(&self, right: String) -> ConfigError {
        let found = if self.secret { "" } else { self.text.get(self.at.clone()).unwrap_or_default() };
        let fault = Fault::Wrong { found: shown(found), right };
        ConfigError { line: line(self.text, self.at.start), field: self.path.clone(), fault }
    }

    fn unknown(&self, value: &toml::Spanned<DeValue<'_>>, known: &[&str]) -> ConfigError {
        let typed = value.get_ref().as_str().unwrap_or_default();
        let right = match nearest(typed, known.iter().copied()) {
            Some(name) => format!("\"{name}\""),
            None => format!("one of {}", known.join(", ")),
        };
        let found = shown(self.text.get(value.span()).unwrap_or_default());
        let line = line(self.text, value.span().start);
        ConfigError { line, field: self.path.clone(), fault: Fault::Wrong { found, right } }
    }
}
