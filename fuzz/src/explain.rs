//! `explain` of any recording: it ends, and what it says can be written in every language and form.

use std::sync::LazyLock;

use emvident::{
    explain::Explainer,
    readers::trace::Format,
    text::{Language, Text},
};

static EXPLAINER: LazyLock<Explainer> = LazyLock::new(|| {
    let mut explainer = Explainer::new().expect("the terminal that observes is right");
    explainer.keeps_exchanges = true;
    explainer
});

thread_local! {
    /// Parsed once.
    static TEXTS: Vec<Text> = Language::ALL.iter().map(|language| Text::new(*language)).collect();
}

/// The target. The first byte is the format, as that of a recording.
pub fn run(input: &[u8]) {
    let Some((format, recording)) = input.split_first() else { return };
    let Ok(explanation) = EXPLAINER.explain(recording, Format::ALL.get(usize::from(*format)).copied()) else { return };
    TEXTS.with(|texts| {
        for text in texts {
            assert!(!explanation.text(text, false).is_empty());
            assert!(explanation.json(text).starts_with('{'));
        }
        assert!(explanation.html(None, Language::ALL[0]).contains("<html"));
    });
}
