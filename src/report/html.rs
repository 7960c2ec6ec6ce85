//! The report as one HTML file that needs nothing else: both languages, every exchange with its bytes, no network.
//!
//! Everything that a card, a host or a file said is text here, never markup: `maud` escapes each value that is put in. The
//! page's own style and script are named in its content security policy by their hashes, so a browser runs nothing else
//! and fetches nothing.

mod apdu;
mod both;
mod bytes;
mod frame;
mod matrix;
mod octets;
mod proof;
mod steps;
mod why;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use kernel::{Reason, finding::Severity};
use maud::{Markup, html};

pub(super) use self::apdu::Apdus;
use super::Report;
use crate::{
    explain::Explanation,
    merchant::Told,
    text::{File, Language, Text},
};
use both::Both;

/// Where on the page an attempt stands, and what else its parts want to know.
#[derive(Clone, Copy)]
struct Place<'a> {
    both: &'a Both,
    attempt: usize,
    marks: &'a Marks,
}

/// Which exchanges can be pointed at, and which findings point at them.
struct Marks {
    numbers: BTreeSet<u16>,
    /// The exchanges in which something was found, and the tags it was found in.
    cited: BTreeMap<u16, Vec<String>>,
    /// The exchanges that are on the page already.
    shown: RefCell<BTreeSet<u16>>,
    root: Option<Reason>,
}

impl Marks {
    fn of(report: &Report) -> Self {
        let exchanges = report.timeline.iter().flat_map(|phase| &phase.exchanges);
        let mut cited: BTreeMap<u16, Vec<String>> = BTreeMap::new();
        let findings = report.findings().filter(|finding| finding.severity > Severity::Info);
        for evidence in findings.flat_map(|finding| &finding.evidence) {
            if let Some(number) = evidence.exchange {
                cited.entry(number).or_default().extend(evidence.tag.iter().map(|tag| tag.tag.clone()));
            }
        }
        let numbers = exchanges.map(|exchange| exchange.number).collect();
        Self { numbers, cited, shown: RefCell::default(), root: report.explanation.primary() }
    }
}

impl Place<'_> {
    /// The name of a part of this attempt.
    fn id(&self, part: &str) -> String {
        format!("a{}-{part}", self.attempt)
    }

    /// The name of an exchange.
    fn exchange(&self, number: u16) -> String {
        self.id(&format!("x{number}"))
    }

    /// Whether the page shows this exchange.
    fn has(&self, number: u16) -> bool {
        self.marks.numbers.contains(&number)
    }

    /// The tags in which something was found in this exchange; none where nothing was, one without a name where it was
    /// the exchange itself.
    fn cited(&self, number: u16) -> Vec<String> {
        let tags = self.marks.cited.get(&number).cloned();
        tags.map(|tags| if tags.is_empty() { vec![String::new()] } else { tags }).unwrap_or_default()
    }

    /// Whether this is the first time the exchange is shown. From now on it is not.
    fn shows_first(&self, number: u16) -> bool {
        self.marks.shown.borrow_mut().insert(number)
    }
}

impl Report {
    /// The report as an HTML file that opens in `first` and holds the other language too. With every byte that may be
    /// shown, when the report was made [`with_exchanges`](Self::with_exchanges).
    pub fn html(&self, first: Language) -> String {
        let both = Both::new(first);
        frame::page(&self.title(&both), html! { (self.attempt(1, &both)) }, &both)
    }

    fn title(&self, both: &Both) -> Vec<String> {
        let title = |text: &Text| match &self.explanation.root {
            Some(root) => format!("{} · {}", text.decision(self.outcome.decision), text.title(root.reason)),
            None => text.decision(self.outcome.decision),
        };
        both.texts().iter().map(title).collect()
    }

    fn attempt(&self, number: usize, both: &Both) -> Markup {
        let marks = Marks::of(self);
        let at = Place { both, attempt: number, marks: &marks };
        html! {
            article.attempt {
                (why::verdict(self, at))
                (why::why(self, at))
                (proof::contents(self, at))
                (steps::steps(self, &self.exchanges, at))
                (proof::verification(&self.verification, at))
                (matrix::matrices(&self.analyses, at))
                (proof::chain(&self.certificates, at))
                (proof::issuer_data(&self.issuer_data, at))
                (proof::scripts(&self.scripts, at))
                (proof::results(&self.outcome, at))
            }
        }
    }
}

impl Explanation {
    /// The explanation as an HTML file that opens in `first` and holds the other language too. `said` is what the merchant
    /// saw or was told, to be held against what was found.
    pub fn html(&self, said: Option<Told<'_>>, first: Language) -> String {
        let both = Both::new(first);
        let last = self.attempts.last();
        let title = last.map_or_else(Vec::new, |last| last.title(&both));
        let merchant =
            said.zip(last).map(|(said, last)| both.say(|text| last.said(said, text, false).trim().to_owned()));
        let content = html! {
            @if let Some(merchant) = merchant { section.card.said { (merchant) } }
            @for (number, attempt) in (1..).zip(&self.attempts) { (attempt.attempt(number, &both)) }
            (self.reading(&both))
        };
        frame::page(&title, content, &both)
    }

    /// How the recording was read, and what of it was not.
    fn reading(&self, both: &Both) -> Markup {
        let (exchanges, skipped) = (self.exchanges.to_string(), self.skipped.total().to_string());
        let read = [("format", self.format.id()), ("exchanges", &*exchanges), ("skipped", &*skipped)];
        let lines = both.all(|text| {
            let told = |line: &str, reason: &str| {
                text.say_with(File::Explain, "skipped", &[("line", line), ("reason", reason)])
            };
            self.skipped.iter().map(|one| told(&one.line.to_string(), &one.reason.to_string())).collect()
        });
        html! {
            section.reading {
                p { (both.say(|text| text.say_with(File::Explain, "format", &read))) }
                @if !lines.is_empty() { ul { @for line in lines { li { (line) } } } }
            }
        }
    }
}
