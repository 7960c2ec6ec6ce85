//! The page around a report: its head, the switch between languages, and what keeps it to itself.

use base64ct::{Base64, Encoding};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::both::Both;
use crate::text::{File, Language, Text};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The whole file. `titles` are those of the window, one for each language in the order of `both`.
pub(super) fn page(titles: &[String], content: Markup, both: &Both) -> String {
    let first = both.texts().first().map_or_else(Language::default, Text::language);
    let page = html! {
        (DOCTYPE)
        html lang=(first.tag()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="generator" content=(concat!("emvident ", env!("CARGO_PKG_VERSION")));
                title { (titles.first().map_or("emvident", String::as_str)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header.top { p.brand { "emvident" } (languages(titles, both)) }
                main { (content) }
                footer { p { (both.html("masked")) } p { "emvident " (env!("CARGO_PKG_VERSION")) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// Nothing is fetched and nothing sent; style and script are the page's own.
fn policy() -> String {
    let hash = |source: &str| Base64::encode_string(&Sha256::digest(source));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// One button of a group for each language. Style alone makes them work, so they do without scripts too.
fn languages(titles: &[String], both: &Both) -> Markup {
    let buttons = both.texts().iter().enumerate();
    html! {
        fieldset.languages {
            legend { (both.html("language")) }
            @for (at, text) in buttons {
                label lang=(text.language().tag()) {
                    input type="radio" name="language" value=(text.language().tag()) checked[at == 0]
                        data-title=[titles.get(at)];
                    span { (text.say(File::Html, "this-language")) }
                }
            }
        }
    }
}
