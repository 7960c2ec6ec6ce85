//! Nodes in words.

use apdu::{
    Tag,
    bits::Bit,
    dictionary::{self, Context},
    value::{Currency, CvmCondition, CvmMethod},
};

use super::{
    Kind, Node, Problem,
    node::{Label, Meaning},
    values,
};
use crate::text::{File, Text};

/// Texts of what is decoded.
#[derive(Clone, Copy)]
pub(super) struct Words<'t> {
    /// The texts.
    pub text: &'t Text,
}

/// For renderers of their own, such as a page that highlights bytes.
impl Node {
    /// What it is, in the language of `text`; `context` is that of the whole input.
    pub fn label_in(&self, text: &Text, context: Context) -> String {
        Words { text }.label(&self.label, context)
    }

    /// What its value says, in the language of `text`.
    pub fn meaning_in(&self, text: &Text) -> Option<String> {
        self.meaning.as_ref().map(|meaning| Words { text }.meaning(meaning))
    }
}

impl Problem {
    /// What is wrong, in the language of `text`.
    pub fn say(&self, text: &Text) -> String {
        Words { text }.problem(self)
    }
}

/// The stable name of a context.
pub(super) fn context_key(context: Context) -> &'static str {
    match context {
        Context::Emv => "emv",
        Context::Visa => "visa",
        Context::Mastercard => "mastercard",
        Context::UnionPay => "unionpay",
        Context::Amex => "amex",
        Context::Jcb => "jcb",
        Context::Discover => "discover",
        Context::Kernel8 => "kernel8",
        Context::Download => "download",
    }
}

/// The id of a data object's name among the texts.
pub(super) fn tag_key(tag: Tag, context: Context) -> String {
    let number = tag.to_string().to_lowercase();
    match context {
        Context::Emv => format!("tag-{number}"),
        other => format!("tag-{}-{number}", context_key(other)),
    }
}

impl Words<'_> {
    fn say(self, id: &str) -> String {
        self.text.say(File::Decode, id)
    }

    fn with(self, id: &str, name: &'static str, value: &str) -> String {
        self.text.say_with(File::Decode, id, &[(name, value)])
    }

    /// What is said before everything else: how the input was read, and what else it could be.
    pub fn reading(self, kind: Kind, detected: bool, alternatives: &[Kind]) -> String {
        let name = self.kind(kind);
        if !detected {
            return self.with("read-as", "kind", &name);
        }
        if alternatives.is_empty() {
            return self.with("looks-like", "kind", &name);
        }
        let others: Vec<String> =
            alternatives.iter().map(|kind| format!("{} (--as {})", self.kind(*kind), kind.name())).collect();
        let others = others.join(&self.text.say(File::Report, "comma"));
        self.text.say_with(File::Decode, "looks-like-or", &[("kind", &name), ("others", &others)])
    }

    /// A kind of input.
    pub fn kind(self, kind: Kind) -> String {
        match kind {
            Kind::Value(tag, context) => self.object(tag, context.unwrap_or_default()),
            Kind::Characters(_) => self.with("kind-characters", "table", &kind.name()),
            other => self.say(&format!("kind-{}", other.name())),
        }
    }

    /// Whose tags are read.
    pub fn context(self, context: Context) -> String {
        self.say(&format!("context-{}", context_key(context)))
    }

    /// What a node is. `context` is the one of the whole input.
    pub fn label(self, label: &Label, context: Context) -> String {
        match label {
            Label::Object { tag, context: None } => format!("{tag} {}", self.say("unknown-object")),
            Label::Object { tag, context: Some(own) } => {
                let name = format!("{tag} {}", self.object(*tag, *own));
                match *own == Context::Emv || *own == context {
                    true => name,
                    false => format!("{name} ({})", self.context(*own)),
                }
            }
            Label::Part(part) => self.say(&format!("part-{part}")),
            Label::Numbered(part, number) => format!("{} {number}", self.say(&format!("part-{part}"))),
            Label::Bit { table, bit } => format!("{bit} {}", self.bit(table, *bit)),
            Label::Symbol(symbol) => symbol.clone(),
        }
    }

    /// A data object's name.
    pub fn object(self, tag: Tag, context: Context) -> String {
        let own = dictionary::entries(context).iter().any(|entry| entry.tag == tag);
        let key = tag_key(tag, if own { context } else { Context::Emv });
        let name = || dictionary::lookup(tag, context).map_or(String::new(), |entry| entry.name.to_owned());
        self.text.find(File::Tags, &key).unwrap_or_else(name)
    }

    /// A bit by the table it is named in.
    pub fn bit(self, table: &str, bit: Bit) -> String {
        match table {
            "tvr" => self.text.verification_bit(bit),
            "tsi" => self.text.status_bit(bit),
            "reserved" => self.say("reserved-bit"),
            _ => self.say(&format!("bit-{table}-{}-{}", bit.byte, bit.position)),
        }
    }

    /// What a value says.
    pub fn meaning(self, meaning: &Meaning) -> String {
        match meaning {
            Meaning::Word(word) => self.say(&format!("word-{word}")),
            Meaning::Number(number) => number.to_string(),
            Meaning::Length(length) => self.count("bytes", "one-byte", *length),
            Meaning::MinorUnits(units) => self.with("minor-units", "count", &units.to_string()),
            Meaning::Text(text) => format!("\"{text}\""),
            Meaning::Date(shown) | Meaning::Time(shown) | Meaning::Amount(shown) => shown.clone(),
            Meaning::Account(shown) | Meaning::Digits(shown) => shown.clone(),
            Meaning::HiddenDigits(count) => self.count("hidden-digits", "hidden-digit", *count),
            Meaning::Country(code) => self.country(*code),
            Meaning::Currency(code) => self.currency(*code),
            Meaning::Language(letters) => {
                format!("{} ({letters})", self.text.say(File::Codes, &format!("language-{letters}")))
            }
            Meaning::Category(code) => self.category(*code),
            Meaning::Status(ins, status) => self.text.status_word(ins.unwrap_or_default(), *status),
            Meaning::ResponseCode(code, word) => format!("\"{code}\" {}", self.say(&format!("word-{word}"))),
            Meaning::File(file) => self.with("file", "number", &file.to_string()),
            Meaning::Protocol(protocol) => format!("T={protocol}"),
            Meaning::HistoricalBytes(count) => self.with("historical-bytes", "count", &count.to_string()),
            Meaning::Command(name) | Meaning::Brand(name) => (*name).to_owned(),
            Meaning::Method(byte) => self.text.method(CvmMethod::from_code(*byte)),
            Meaning::Condition(byte, amounts) => {
                let [x, y] = amounts.each_ref().map(|amount| self.meaning(amount));
                self.text.condition(CvmCondition::from_code(*byte), (&x, &y))
            }
        }
    }

    /// Bytes that are not shown.
    pub fn hidden(self, count: usize) -> String {
        self.count("hidden-bytes", "hidden-byte", count)
    }

    fn count(self, several: &str, one: &str, count: usize) -> String {
        match count {
            1 => self.say(one),
            _ => self.with(several, "count", &count.to_string()),
        }
    }

    fn country(self, code: u16) -> String {
        let letters = values::country_by_number(code).map_or(String::new(), |country| country.alpha2.to_owned());
        self.code("country", code, &letters)
    }

    fn currency(self, code: u16) -> String {
        self.code("currency", code, Currency::from_code(code).map_or("", |currency| currency.alpha))
    }

    fn code(self, family: &str, code: u16, letters: &str) -> String {
        match self.text.find(File::Codes, &format!("{family}-{code}")) {
            Some(name) => format!("{name} ({letters} {code:03})"),
            None => format!("{} ({code:03})", self.say("unknown-code")),
        }
    }

    /// A merchant category: its own name, or that of its line of business.
    fn category(self, code: u16) -> String {
        let own = self.text.find(File::Codes, &format!("merchant-{code}"));
        let name = own.unwrap_or_else(|| {
            let start = values::CATEGORY_RANGES.iter().rev().find(|start| **start <= code).unwrap_or(&0);
            self.text.say(File::Codes, &format!("merchants-{start}"))
        });
        format!("{name} ({code:04})")
    }

    /// What is wrong, and where.
    pub fn problem(self, problem: &Problem) -> String {
        let details: Vec<(&'static str, &str)> =
            problem.details.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.text.say_with(File::Decode, &format!("problem-{}", problem.key), &details)
    }
}
