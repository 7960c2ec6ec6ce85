//! Texts for people, in English and Chinese: the catalogue of reasons and the words of the report.
//!
//! The texts are Fluent files under `i18n/`, part of the program. A file is parsed when its first text is asked for. A
//! text that is missing would be shown as its id; a test sees to it that none is.

mod language;
mod words;

use std::{cell::OnceCell, fmt};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use kernel::finding::Reason;

pub use language::Language;

type Bundle = FluentBundle<FluentResource>;

macro_rules! files {
    ($($cell:ident $name:ident = $file:literal, $doc:literal;)*) => {
        /// The files texts come from.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum File {
            $(#[doc = $doc] $name,)*
        }

        impl File {
            /// All files.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What stands in this file.
            pub const fn source(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$name, Language::En) => include_str!(concat!("../i18n/en/", $file)),
                        (Self::$name, Language::ZhCn) => include_str!(concat!("../i18n/zh-CN/", $file)),
                    )*
                }
            }
        }

        /// The texts of one language.
        #[derive(Default)]
        pub struct Text {
            language: Language,
            $($cell: OnceCell<Bundle>,)*
        }

        impl Text {
            fn bundle(&self, file: File) -> &Bundle {
                let cell = match file {
                    $(File::$name => &self.$cell,)*
                };
                cell.get_or_init(|| parse(file, self.language))
            }
        }
    };
}

files! {
    reasons Reasons = "reasons.ftl", "Reasons: title, what it means, what an engineer does about it.";
    remedies Remedies = "remedies.ftl", "What a merchant can do.";
    facts Facts = "facts.ftl", "Facts, phases, bits, decisions, methods, messages.";
    status Status = "status.ftl", "Status words.";
    report Report = "report.ftl", "The words of the report.";
    decode Decode = "decode.ftl", "What bytes mean, in the words of `emvident decode`.";
    codes Codes = "codes.ftl", "Countries, currencies, languages and merchant categories.";
    tags Tags = "tags.ftl", "Names of data objects.";
    explain Explain = "explain.ftl", "What only the report of a recording says.";
    html Html = "html.ftl", "What only the HTML page says.";
    merchant Merchant = "merchant.ftl", "What was said, held against what was seen.";
    stripe Stripe = "stripe.ftl", "What a magnetic stripe says.";
    batch Batch = "batch.ftl", "What many traces came to.";
    diff Diff = "diff.ftl", "Two transactions side by side.";
    faults Faults = "faults.ftl", "What the corpus of attacks and faults came to.";
    export Export = "export.ftl", "What was taken out of a recording, and what is left.";
    lint Lint = "lint.ftl", "Doubts about a terminal configuration.";
    tap Tap = "tap.ftl", "What a contactless reader shows, and what a report says of a tap.";
}

/// The texts about one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonText {
    /// One line for a merchant.
    pub title: String,
    /// What was checked and what it means.
    pub means: String,
    /// What an engineer looks at and changes.
    pub engineer: String,
    /// What a merchant can do, first things first.
    pub remedies: Vec<String>,
}

/// The texts about `reason`, for those who need no others.
pub fn reason(reason: Reason, language: Language) -> ReasonText {
    Text::new(language).reason(reason)
}

impl Text {
    /// The texts of `language`. Nothing is parsed yet.
    pub fn new(language: Language) -> Self {
        Self { language, ..Self::default() }
    }

    /// Their language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The texts about `reason`.
    pub fn reason(&self, reason: Reason) -> ReasonText {
        ReasonText {
            title: self.title(reason),
            means: self.attribute(reason, "means"),
            engineer: self.attribute(reason, "engineer"),
            remedies: reason.entry().remedies.iter().map(|remedy| self.remedy(*remedy)).collect(),
        }
    }

    /// The title of `reason`.
    pub fn title(&self, reason: Reason) -> String {
        self.say(File::Reasons, reason.id())
    }

    /// The message `id` of `file`; the id itself when there is no such message.
    pub fn say(&self, file: File, id: &str) -> String {
        self.say_with(file, id, &[])
    }

    /// The message `id` of `file` with its variables.
    pub fn say_with(&self, file: File, id: &str, variables: &[(&'static str, &str)]) -> String {
        self.render(file, id, None, variables).unwrap_or_else(|| id.to_owned())
    }

    /// The message `id` of `file`, if there is one.
    pub fn find(&self, file: File, id: &str) -> Option<String> {
        self.render(file, id, None, &[])
    }

    fn attribute(&self, reason: Reason, name: &str) -> String {
        self.render(File::Reasons, reason.id(), Some(name), &[]).unwrap_or_else(|| reason.id().to_owned())
    }

    fn render(
        &self,
        file: File,
        id: &str,
        attribute: Option<&str>,
        variables: &[(&'static str, &str)],
    ) -> Option<String> {
        let bundle = self.bundle(file);
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(name) => message.get_attribute(name)?.value(),
        };
        let variables: FluentArgs<'_> = variables.iter().copied().collect();
        // A variable that is missing shows as its name; a test refuses texts with others than the code gives.
        Some(bundle.format_pattern(pattern, Some(&variables), &mut Vec::new()).into_owned())
    }
}

fn parse(file: File, language: Language) -> Bundle {
    let mut bundle = FluentBundle::new(vec![language.identifier()]);
    // The marks around variables are for texts of mixed direction; neither language has any.
    bundle.set_use_isolating(false);
    // What can be read of a broken file is used; a test refuses broken files.
    let resource = FluentResource::try_new(file.source(language).to_owned()).unwrap_or_else(|(read, _)| read);
    bundle.add_resource_overriding(resource);
    bundle
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({:?})", self.language)
    }
}

/// What it means, then what to do, each on its own line.
impl fmt::Display for ReasonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.title, self.means)?;
        self.remedies.iter().try_for_each(|remedy| write!(f, "\n→ {remedy}"))?;
        write!(f, "\n{}", self.engineer)
    }
}
