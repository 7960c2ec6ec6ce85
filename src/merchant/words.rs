//! The words: what is said, and what to test.

use std::sync::LazyLock;

use kernel::Reason;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::spelling::Spelling;
use crate::text::Language;

const BUILTIN: &str = include_str!("../../data/merchant-words.toml");

/// What stands among the codes of an entry for all that stand nowhere else.
const ANY_OTHER: &str = "*";

/// All entries, in the order of their file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    entries: Vec<Entry>,
    /// The words of each entry as they are compared.
    plain: Vec<Vec<Vec<char>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    entry: Vec<Entry>,
}

/// Words that mean the same, and what may be behind them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Stable kebab-case id.
    pub id: String,
    /// Response codes that are shown with these words: two characters each.
    #[serde(default)]
    pub codes: Vec<String>,
    /// How the card was usually read when these words appear, the usual way first.
    pub side: Vec<Side>,
    /// What it usually means.
    pub means: Both<String>,
    /// The words.
    pub said: Both<Vec<String>>,
    /// Candidates, the first to test first.
    #[serde(rename = "test", deserialize_with = "reasons")]
    pub candidates: Vec<Reason>,
}

/// How a card is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// By its contacts.
    Chip,
    /// By its magnetic stripe.
    Stripe,
    /// By radio.
    Contactless,
}

/// Something in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both<T> {
    /// In English.
    pub en: T,
    /// In Chinese.
    #[serde(rename = "zh-CN")]
    pub zh_cn: T,
}

/// Why something is no file of words.
#[derive(Debug, thiserror::Error)]
#[error("not a file of merchant words: {0}")]
pub struct WordsError(#[from] toml::de::Error);

impl Words {
    /// The words that come with the program.
    pub fn builtin() -> &'static Self {
        // A test reads the file; a broken one would be a program without words.
        static WORDS: LazyLock<Words> = LazyLock::new(|| Words::from_toml(BUILTIN).unwrap_or_default());
        &WORDS
    }

    /// Words from a file of the same form as `data/merchant-words.toml`.
    ///
    /// # Errors
    /// [`WordsError`] with line and column when it is no such file, or names a reason that is not in the catalogue.
    pub fn from_toml(text: &str) -> Result<Self, WordsError> {
        let file: File = toml::from_str(text)?;
        Ok(Self::of(file.entry))
    }

    fn of(entries: Vec<Entry>) -> Self {
        let spelling = Spelling::builtin();
        let plain =
            |entry: &Entry| entry.said.en.iter().chain(&entry.said.zh_cn).map(|said| spelling.plain(said)).collect();
        Self { plain: entries.iter().map(plain).collect(), entries }
    }

    /// These words before those of `others`; an entry here replaces one of the same id there.
    #[must_use]
    pub fn before(self, others: &Self) -> Self {
        let new = |entry: &&Entry| self.entries.iter().all(|own| own.id != entry.id);
        let kept = others.entries.iter().filter(new).cloned();
        Self::of(self.entries.iter().cloned().chain(kept).collect())
    }

    /// All entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All entries, each with its words as they are compared.
    pub(super) fn plain(&self) -> impl Iterator<Item = (&Entry, &[Vec<char>])> {
        self.entries.iter().zip(self.plain.iter().map(Vec::as_slice))
    }

    /// The entry for a response code, or for codes that have none.
    pub(super) fn with_code(&self, code: &str) -> Option<&Entry> {
        let with = |code: &str| self.entries.iter().find(|entry| entry.codes.iter().any(|known| known == code));
        with(code).or_else(|| with(ANY_OTHER))
    }
}

impl<T> Both<T> {
    /// That of `language`.
    pub fn of(&self, language: Language) -> &T {
        match language {
            Language::En => &self.en,
            Language::ZhCn => &self.zh_cn,
        }
    }
}

impl Side {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Chip => "chip",
            Self::Stripe => "stripe",
            Self::Contactless => "contactless",
        }
    }
}

fn reasons<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Reason>, D::Error> {
    let reason =
        |id: &String| Reason::from_id(id).ok_or_else(|| de::Error::custom(format!("there is no reason `{id}`")));
    Vec::<String>::deserialize(deserializer)?.iter().map(reason).collect()
}
