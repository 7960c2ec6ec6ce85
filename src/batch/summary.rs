//! What many traces came to.

use std::{cmp::Reverse, collections::BTreeMap};

use kernel::{diagnosis::unpredictable::Draw, finding::Reason};
use serde::Serialize;

use super::{
    line::{Body, UNREADABLE},
    terminals::{Predictable, Terminals, short},
};
use crate::text::{File, Text};

/// Name and version of the summary's JSON form.
pub const SUMMARY_SCHEMA: &str = "emvident.batch-summary/1";

/// What the summary needs of one trace.
pub(super) struct Tally {
    name: String,
    class: &'static str,
    root: Option<&'static str>,
    weak: Vec<&'static str>,
    /// Unpredictable numbers, each with its terminal.
    draws: Vec<(String, Draw)>,
}

impl Tally {
    pub fn new(name: String, body: &Body, draws: Vec<(String, Draw)>) -> Self {
        match body {
            Body::Read(verdict) => {
                let last = &verdict.last;
                let root = last.root.as_ref().map(|root| root.id);
                Self { name, class: last.class, root, weak: last.weak.clone(), draws }
            }
            Body::Unreadable { .. } => Self { name, class: UNREADABLE, root: None, weak: Vec::new(), draws },
        }
    }
}

/// How many traces were of a kind, and the first of them.
#[derive(Debug, Serialize)]
pub struct Count {
    /// The kind: a class, a reason, a weak point.
    pub id: &'static str,
    /// How many.
    pub count: u64,
    /// Their share of all traces, from 0 to 1.
    pub share: f64,
    /// The name of the first.
    pub example: String,
}

type Counts = BTreeMap<&'static str, (u64, String)>;

/// What many traces came to.
#[derive(Debug, Default)]
pub struct Summary {
    traces: u64,
    unreadable: u64,
    classes: Counts,
    causes: Counts,
    weak: Counts,
    terminals: Terminals,
    predictable: Vec<Predictable>,
    unwatched: u64,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    traces: u64,
    unreadable: u64,
    classes: Vec<Count>,
    causes: Vec<Count>,
    weak: Vec<Count>,
    predictable_terminals: &'a [Predictable],
    #[serde(skip_serializing_if = "is_zero")]
    numbers_not_watched: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Summary {
    pub(super) fn add(&mut self, tally: Tally) {
        let Tally { name, class, root, weak, draws } = tally;
        self.traces = self.traces.saturating_add(1);
        self.unreadable = self.unreadable.saturating_add(u64::from(class == UNREADABLE));
        count(&mut self.classes, class, &name);
        root.into_iter().for_each(|root| count(&mut self.causes, root, &name));
        weak.into_iter().for_each(|weak| count(&mut self.weak, weak, &name));
        draws.into_iter().for_each(|(terminal, draw)| self.terminals.add(&terminal, draw, &name));
    }

    pub(super) fn finish(&mut self) {
        (self.predictable, self.unwatched) = std::mem::take(&mut self.terminals).finish();
    }

    /// How many traces there were.
    pub fn traces(&self) -> u64 {
        self.traces
    }

    /// How many of them could not be read.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// How they ended, the most frequent first.
    pub fn classes(&self) -> Vec<Count> {
        self.listed(&self.classes)
    }

    /// Why those that were not approved ended so, the most frequent first.
    pub fn causes(&self) -> Vec<Count> {
        self.listed(&self.causes)
    }

    /// What was weak about them, approved or not, the most frequent first.
    pub fn weak(&self) -> Vec<Count> {
        self.listed(&self.weak)
    }

    /// The terminals whose unpredictable numbers can be predicted.
    pub fn predictable(&self) -> &[Predictable] {
        &self.predictable
    }

    fn listed(&self, counts: &Counts) -> Vec<Count> {
        let share = |count| (self.share_of(count) * 1e6).round() / 1e6;
        let one = |(id, (count, example)): (&&'static str, &(u64, String))| Count {
            id,
            count: *count,
            share: share(*count),
            example: example.clone(),
        };
        let mut listed: Vec<Count> = counts.iter().map(one).collect();
        listed.sort_by_key(|one| Reverse(one.count));
        listed
    }

    #[expect(clippy::cast_precision_loss, reason = "a share need not be exact")]
    fn share_of(&self, count: u64) -> f64 {
        if self.traces == 0 { 0.0 } else { count as f64 / self.traces as f64 }
    }

    /// The summary for programs: one line of JSON of the schema [`SUMMARY_SCHEMA`].
    pub fn json(&self) -> String {
        let document = Document {
            schema: SUMMARY_SCHEMA,
            traces: self.traces,
            unreadable: self.unreadable,
            classes: self.classes(),
            causes: self.causes(),
            weak: self.weak(),
            predictable_terminals: &self.predictable,
            numbers_not_watched: self.unwatched,
        };
        // Everything in it has a JSON form.
        serde_json::to_string(&document).unwrap_or_default()
    }

    /// The summary for people.
    pub fn text(&self, text: &Text) -> String {
        let (traces, unreadable) = (self.traces.to_string(), self.unreadable.to_string());
        let mut page = text.say_with(File::Batch, "traces", &[("traces", &traces), ("unreadable", &unreadable)]);
        page.push('\n');
        let class = |id: &str| text.say(File::Batch, &format!("class-{id}"));
        let reason = |id: &str| text.say(File::Reasons, id);
        let weakness = |id: &str| text.say(File::Batch, id);
        section(&mut page, text, "heading-classes", &self.classes(), &class);
        section(&mut page, text, "heading-causes", &self.causes(), &reason);
        section(&mut page, text, "heading-weak", &self.weak(), &weakness);
        self.print_predictable(&mut page, text);
        page
    }

    fn print_predictable(&self, page: &mut String, text: &Text) {
        if self.predictable.is_empty() {
            return;
        }
        let title = text.title(Reason::TerminalUnWeak);
        page.push_str(&format!("\n{title}  {}\n", Reason::TerminalUnWeak.id()));
        for terminal in &self.predictable {
            let pattern = text.say(File::Batch, &format!("pattern-{}", terminal.pattern));
            let numbers = terminal.numbers.to_string();
            let variables = [
                ("terminal", terminal.terminal.as_str()),
                ("pattern", &pattern),
                ("numbers", &numbers),
                ("example", &terminal.example),
            ];
            page.push_str(&format!("  {}\n", text.say_with(File::Batch, "predictable", &variables)));
        }
    }
}

fn count(counts: &mut Counts, id: &'static str, name: &str) {
    let (count, _) = counts.entry(id).or_insert_with(|| (0, short(name).to_owned()));
    *count = count.saturating_add(1);
}

fn section(page: &mut String, text: &Text, heading: &str, counts: &[Count], title: &dyn Fn(&str) -> String) {
    if counts.is_empty() {
        return;
    }
    page.push_str(&format!("\n{}\n", text.say(File::Batch, heading)));
    for one in counts {
        let share = one.share * 100.0;
        let example = text.say_with(File::Batch, "first", &[("name", &one.example)]);
        let title = title(one.id);
        page.push_str(&format!("  {:>9}  {share:5.1} %  {title}  {}  {example}\n", one.count, one.id));
    }
}
