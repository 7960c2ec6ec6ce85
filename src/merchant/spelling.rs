//! Words as they are compared: one width, one case, one script, no punctuation, one word for those that mean the same.

use std::sync::LazyLock;

use serde::Deserialize;

const BUILTIN: &str = include_str!("../../data/spelling.toml");

/// More characters than this are no message of a terminal.
const LONGEST: usize = 200;

/// What counts as the same.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    /// Traditional characters with their simplified ones.
    traditional: Vec<(char, char)>,
    /// Words with those they stand for, the longest first.
    alike: Vec<(Vec<char>, Vec<char>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    traditional: Vec<String>,
    alike: Vec<Vec<String>>,
}

impl Spelling {
    /// What the program knows.
    pub fn builtin() -> &'static Self {
        // A test reads the file; without it words are compared as they are written.
        static SPELLING: LazyLock<Spelling> = LazyLock::new(|| Spelling::from_toml(BUILTIN).unwrap_or_default());
        &SPELLING
    }

    fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        let mut spelling =
            Self { traditional: file.traditional.iter().filter_map(|pair| two(pair)).collect(), alike: Vec::new() };
        let pairs = file.alike.iter().flat_map(|group| group.iter().map(|word| (word, group.first())));
        let mut alike: Vec<_> =
            pairs.filter_map(|(word, stands_for)| Some((spelling.word(word), spelling.word(stands_for?)))).collect();
        alike.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        spelling.alike = alike;
        Ok(spelling)
    }

    /// `said` as it is compared: runs of letters and digits stand between spaces, Chinese characters without any.
    pub fn plain(&self, said: &str) -> Vec<char> {
        let spaced = self.spaced(said);
        let mut replaced = String::with_capacity(said.len());
        let mut rest = spaced.as_slice();
        while let Some((first, others)) = rest.split_first() {
            match self.alike.iter().find(|(word, _)| is_at(word, rest)) {
                Some((word, stands_for)) => {
                    replaced.extend(stands_for);
                    rest = rest.get(word.len()..).unwrap_or(&[]);
                }
                None => {
                    replaced.push(*first);
                    rest = others;
                }
            }
        }
        self.spaced(&replaced)
    }

    /// A word of the lists; the space after it belongs to what follows.
    fn word(&self, word: &str) -> Vec<char> {
        let mut spaced = self.spaced(word);
        spaced.pop_if(|last| *last == ' ');
        spaced
    }

    fn spaced(&self, said: &str) -> Vec<char> {
        let mut plain = Vec::with_capacity(said.len());
        let (mut before, mut gap) = (Kind::Other, false);
        for character in said.chars().take(LONGEST).map(|character| self.fold(character)) {
            let kind = Kind::of(character);
            if kind == Kind::Other {
                gap = true;
                continue;
            }
            let goes_on = before == Kind::Letter && kind == Kind::Letter && !gap;
            if !goes_on && (before == Kind::Letter || kind == Kind::Letter) {
                plain.push(' ');
            }
            plain.push(character);
            (before, gap) = (kind, false);
        }
        plain.extend((before == Kind::Letter).then_some(' '));
        plain
    }

    /// One width, one case, one script.
    fn fold(&self, character: char) -> char {
        let narrow = match character {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character).saturating_sub(0xFEE0)).unwrap_or(character),
            other => other,
        };
        let lower = narrow.to_lowercase().next().unwrap_or(narrow);
        self.traditional
            .iter()
            .find(|(traditional, _)| *traditional == lower)
            .map_or(lower, |(_, simplified)| *simplified)
    }
}

/// What a character is to the comparison.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Part of a word between spaces: a letter or a digit.
    Letter,
    /// A word of its own.
    Chinese,
    /// Space or punctuation.
    Other,
}

impl Kind {
    fn of(character: char) -> Self {
        match character {
            '\u{2E80}'.. if character.is_alphanumeric() => Self::Chinese,
            _ if character.is_alphanumeric() => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// The two characters of a pair.
fn two(pair: &str) -> Option<(char, char)> {
    let mut characters = pair.chars();
    Some((characters.next()?, characters.next()?))
}

/// Whether `word` stands at the start of `rest` and ends there.
fn is_at(word: &[char], rest: &[char]) -> bool {
    let ends_in_letter = word.last().is_some_and(|last| Kind::of(*last) == Kind::Letter);
    rest.starts_with(word) && (!ends_in_letter || rest.get(word.len()) == Some(&' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(said: &str) -> String {
        Spelling::builtin().plain(said).into_iter().collect()
    }

    #[test]
    fn the_file_is_read_and_its_pairs_are_pairs() {
        let file: File = toml::from_str(BUILTIN).unwrap();
        assert!(file.traditional.iter().all(|pair| pair.chars().count() == 2));
        assert!(file.alike.iter().all(|group| group.len() > 1));
        assert!(!Spelling::from_toml(BUILTIN).unwrap().alike.is_empty());
    }

    #[test]
    fn width_case_script_spaces_and_punctuation_do_not_count() {
        assert_eq!(plain("Ｗｒｏｎｇ　ＰＩＮ！"), " incorrect pin ");
        assert_eq!(plain("wrong-pin"), plain("Wrong  PIN."));
        assert_eq!(plain("交易卡 認證 失敗。"), plain("交易卡认证失败"));
        assert_eq!(plain("《餘額不足》"), "余额不足");
    }

    #[test]
    fn words_that_mean_the_same_are_the_same() {
        assert_eq!(plain("磁条卡未验证"), "磁条卡未认证");
        assert_eq!(plain("IC卡"), "芯片卡");
        assert_eq!(plain("密码错"), plain("密码有误"));
        assert_eq!(plain("can't read chip"), plain("Cannot read chip"));
        assert_eq!(plain("basic card"), " basic card ", "ic is a word only where it stands alone");
    }

    #[test]
    fn a_message_has_a_longest_length() {
        assert!(plain(&"密".repeat(100_000)).chars().count() <= LONGEST);
    }
}
