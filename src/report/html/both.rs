//! Texts in both languages, of which the page shows one at a time.

use maud::{Markup, html};

use crate::{
    report::{page::Page, said::Said},
    text::{File, Language, Text},
};

/// Both languages, the one shown first in front.
pub(super) struct Both {
    texts: Vec<Text>,
}

impl Both {
    /// Both languages, `first` in front.
    pub fn new(first: Language) -> Self {
        let others = Language::ALL.iter().copied().filter(|language| *language != first);
        Self { texts: std::iter::once(first).chain(others).map(Text::new).collect() }
    }

    /// The texts, the language shown first in front.
    pub fn texts(&self) -> &[Text] {
        &self.texts
    }

    /// What `make` says: once where the languages agree, else in each, marked as such.
    pub fn say(&self, make: impl Fn(&Text) -> String) -> Markup {
        self.written(self.texts.iter().map(make).collect())
    }

    /// Several such, where every language has as many.
    pub fn all(&self, make: impl Fn(&Text) -> Vec<String>) -> Vec<Markup> {
        let said: Vec<Vec<String>> = self.texts.iter().map(make).collect();
        let count = said.first().map_or(0, Vec::len);
        let nth = |at: usize| said.iter().map(|lines| lines.get(at).cloned().unwrap_or_default()).collect();
        (0..count).map(|at| self.written(nth(at))).collect()
    }

    /// A text of the page itself.
    pub fn html(&self, id: &str) -> Markup {
        self.from(File::Html, id)
    }

    /// A text of the page itself with its variables.
    pub fn html_with(&self, id: &str, variables: &[(&'static str, &str)]) -> Markup {
        self.say(|text| text.say_with(File::Html, id, variables))
    }

    /// A text of `file`.
    pub fn from(&self, file: File, id: &str) -> Markup {
        self.say(|text| text.say(file, id))
    }

    /// A sentence about a recording.
    pub fn said(&self, said: &Said, prefix: &str) -> Markup {
        self.say(|text| said.say(prefix, &Page::new(text, false)))
    }

    fn written(&self, said: Vec<String>) -> Markup {
        let same = said.windows(2).all(|pair| matches!(pair, [one, other] if one == other));
        html! {
            @if same { @for one in said.iter().take(1) { (one) } }
            @else {
                @for (text, words) in self.texts.iter().zip(&said) { span.t lang=(text.language().tag()) { (words) } }
            }
        }
    }
}
