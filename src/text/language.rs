//! The languages there are.

use unic_langid::LanguageIdentifier;

/// A language of texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese in simplified characters.
    ZhCn,
}

/// The environment variables that say a language, the stronger first (POSIX).
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

impl Language {
    /// All languages.
    pub const ALL: &'static [Self] = &[Self::En, Self::ZhCn];

    /// Its tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// The language of a tag or locale name: `zh-CN`, `zh_CN.UTF-8`, `en`; `None` for one that has no texts here.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next()?.to_ascii_lowercase();
        match primary.as_str() {
            "en" | "c" | "posix" => Some(Self::En),
            "zh" => Some(Self::ZhCn),
            _ => None,
        }
    }

    /// The language of the environment, where `variable` looks a variable up; English when it says none of ours.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = VARIABLES.into_iter().filter_map(variable).find(|value| !value.is_empty());
        set.and_then(|value| Self::from_tag(&value)).unwrap_or_default()
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_and_tags_are_understood() {
        assert_eq!(Language::from_tag("zh_CN.UTF-8"), Some(Language::ZhCn));
        assert_eq!(Language::from_tag("zh-Hans-CN"), Some(Language::ZhCn));
        assert_eq!(Language::from_tag("en_GB"), Some(Language::En));
        assert_eq!(Language::from_tag("C.UTF-8"), Some(Language::En));
        assert_eq!(Language::from_tag("de"), None);
        assert_eq!(Language::from_tag(""), None);
    }

    #[test]
    fn the_stronger_variable_counts_and_an_empty_one_does_not() {
        let from = |pairs: &[(&str, &str)]| {
            Language::from_environment(|name| {
                pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(from(&[("LANG", "zh_CN.UTF-8")]), Language::ZhCn);
        assert_eq!(from(&[("LC_ALL", ""), ("LANG", "zh_CN")]), Language::ZhCn);
        assert_eq!(from(&[("LC_ALL", "en_US"), ("LANG", "zh_CN")]), Language::En);
        assert_eq!(from(&[("LANG", "de_DE")]), Language::En);
        assert_eq!(from(&[]), Language::En);
    }

    #[test]
    fn every_tag_is_a_language_identifier() {
        for language in Language::ALL {
            assert_eq!(language.identifier().to_string(), language.tag());
            assert_eq!(Language::from_tag(language.tag()), Some(*language));
        }
    }
}
