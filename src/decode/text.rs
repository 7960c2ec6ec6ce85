//! What was decoded, for people: one line for each node, with its place in front.

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSeparator};

use super::{
    Decoded, Node, Problem,
    node::{Meaning, Shown},
    words::Words,
};
use crate::text::{File, Text};

/// The widest line, in columns.
const WIDTH: usize = 100;
/// Columns of the place in front of each line.
const PLACE: usize = 6;
/// Columns of each level.
const LEVEL: usize = 2;
/// Deeper levels stand no further in.
const DEEPEST: usize = 16;

impl Decoded {
    /// The tree in the language of `text`: at most 100 columns, with escape sequences for colour only when `colour` says
    /// so.
    pub fn text(&self, text: &Text, colour: bool) -> String {
        let mut page = Page { words: Words { text }, colour, decoded: self, out: String::new() };
        page.head();
        self.nodes.iter().for_each(|node| page.node(node, 0));
        page.out
    }
}

struct Page<'p> {
    words: Words<'p>,
    colour: bool,
    decoded: &'p Decoded,
    out: String,
}

impl Page<'_> {
    fn head(&mut self) {
        let reading = self.words.reading(self.decoded.kind, self.decoded.detected, &self.decoded.alternatives);
        self.lines("", &reading, 0, Style::new().bold());
        self.out.push('\n');
    }

    fn node(&mut self, node: &Node, level: usize) {
        if let (Some(problem), true) = (&node.problem, node.is_remark()) {
            let label = self.words.label(&node.label, self.decoded.context);
            return self.problem(problem, &format!("! {label}: "), level);
        }
        let line = self.line(node);
        let place = if node.is_recovered() { "-".to_owned() } else { node.place.start.to_string() };
        self.lines(&place, &line, level, Style::new());
        if let Some(problem) = &node.problem {
            self.problem(problem, "! ", level.saturating_add(1));
        }
        node.children.iter().for_each(|child| self.node(child, level.saturating_add(1)));
    }

    fn problem(&mut self, problem: &Problem, mark: &str, level: usize) {
        let said = self.words.problem(problem);
        let style = AnsiColor::Red.on_default().bold();
        self.lines(&problem.offset.to_string(), &format!("{mark}{said}"), level, style);
    }

    /// Label, bytes and meaning: `9F36 Application transaction counter (ATC): 001A (26)`.
    fn line(&self, node: &Node) -> String {
        let label = self.words.label(&node.label, self.decoded.context);
        let meaning = node.meaning.as_ref().map(|meaning| self.words.meaning(meaning));
        let masked = matches!(node.meaning, Some(Meaning::Account(_)));
        let bytes = if masked { None } else { self.bytes(&node.bytes) };
        let value = match (bytes, meaning) {
            (Some(bytes), Some(meaning)) => format!("{bytes} ({meaning})"),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => return label,
        };
        format!("{label}: {value}")
    }

    fn bytes(&self, shown: &Shown) -> Option<String> {
        match shown {
            Shown::Bytes(bytes) if bytes.is_empty() => Some(self.words.text.say(File::Decode, "empty")),
            Shown::Bytes(bytes) => Some(hex::encode_upper(bytes)),
            Shown::Hidden(count) => Some(self.words.hidden(*count)),
            Shown::InChildren => None,
        }
    }

    fn lines(&mut self, place: &str, line: &str, level: usize, style: Style) {
        let indent = level.min(DEEPEST).saturating_mul(LEVEL);
        let start = if place.is_empty() { 0 } else { PLACE.saturating_add(indent) };
        let hanging = start.saturating_add(if place.is_empty() { 0 } else { LEVEL.saturating_mul(2) });
        let (first, next) = (" ".repeat(start), " ".repeat(hanging));
        let options = Options::new(WIDTH).initial_indent(&first).subsequent_indent(&next);
        let options = options.word_separator(WordSeparator::UnicodeBreakProperties);
        for (at, wrapped) in textwrap::wrap(line, options).iter().enumerate() {
            let said = wrapped.trim_start();
            let before = if at == 0 { start } else { hanging };
            let column = if at == 0 { place } else { "" };
            self.one_line(column, before, said, style);
        }
    }

    fn one_line(&mut self, place: &str, start: usize, said: &str, style: Style) {
        let faint = Style::new().dimmed();
        let margin = if place.is_empty() { String::new() } else { format!("{place:>4}") };
        let gap = " ".repeat(start.saturating_sub(margin.len()));
        let line = match self.colour {
            true => format!("{faint}{margin}{faint:#}{gap}{style}{said}{style:#}\n"),
            false => format!("{margin}{gap}{said}\n"),
        };
        self.out.push_str(&line);
    }
}

impl Meaning {
    /// Its stable name.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Word(_) => "word",
            Self::Number(_) => "number",
            Self::Length(_) => "length",
            Self::MinorUnits(_) => "minor-units",
            Self::Text(_) => "text",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::Amount(_) => "amount",
            Self::Account(_) => "account",
            Self::Digits(_) => "digits",
            Self::HiddenDigits(_) => "hidden-digits",
            Self::Country(_) => "country",
            Self::Currency(_) => "currency",
            Self::Language(_) => "language",
            Self::Category(_) => "merchant-category",
            Self::Status(..) => "status",
            Self::ResponseCode(..) => "response-code",
            Self::File(_) => "file",
            Self::Protocol(_) => "protocol",
            Self::HistoricalBytes(_) => "historical-bytes",
            Self::Command(_) => "command",
            Self::Brand(_) => "name",
            Self::Method(_) => "method",
            Self::Condition(..) => "condition",
        }
    }
}
