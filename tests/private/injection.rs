//! Text from a card does nothing to a screen, a page, a document or a table.

use emvident::{
    explain::Explainer,
    export::{Exporter, Options},
    text::{Language, Text},
};

use super::session;

const LABELS: [&str; 8] = [
    "\u{1b}[2J\u{1b}]0;owned\u{7}",
    "A\r\nroot: none",
    "<script>x()</script>",
    "\"><img src=x>",
    "=cmd|'/C calc'!A0",
    "\u{9b}31m",
    "]]>--></style>",
    "\\u{1b}[0m",
];

fn with_label(label: &str) -> String {
    let mut session = session::session("4761739284605171");
    let text: String =
        label.chars().map(|character| char::from(u8::try_from(u32::from(character)).unwrap_or(b'?'))).collect();
    let bytes: Vec<u8> = text.chars().map(|character| character as u8).take(16).collect();
    let (length, value) = (bytes.len(), hex::encode_upper(&bytes));
    let inner = format!("50{length:02X}{value}9F38039F1A02");
    let outer = format!("8407A0000000031010A5{:02X}{inner}", inner.len() / 2);
    session[0].1 = format!("6F{:02X}{outer}9000", outer.len() / 2);
    session::text_log(&session)
}

#[test]
fn what_a_card_calls_itself_is_only_ever_shown() {
    let explainer = Explainer::new().unwrap();
    for label in LABELS {
        let log = with_label(label);
        let explanation = explainer.explain(log.as_bytes(), None).unwrap();
        for language in Language::ALL {
            let text = Text::new(*language);
            let harmless = |said: &str| said.chars().all(|character| character == '\n' || !character.is_control());
            assert!(harmless(&explanation.text(&text, false)), "{label:?}");
            assert!(harmless(&explanation.json(&text)), "{label:?}");
            serde_json::from_str::<serde_json::Value>(&explanation.json(&text)).unwrap();
            let page = explanation.html(None, *language);
            let bodies = page.matches("<script").count();
            assert!(bodies <= 1 && !page.contains("<img") && !page.contains("x()</script>"), "{label:?}");
        }
        let export = Exporter::new(explainer.clone(), Options::default()).export(log.as_bytes(), None).unwrap();
        let document = export.document(&Text::new(Language::En));
        assert!(document.chars().all(|character| character == '\n' || !character.is_control()));
    }
}
