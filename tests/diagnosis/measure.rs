//! Cases, their answers, and what they come to.

use std::collections::BTreeMap;

use emvident::{
    explain::Explainer,
    kernel::Decision,
    text::{Language, Text},
};

use super::{
    benign,
    fault::{self, Fault, Right},
    good::Good,
    line::{self, Written},
    random::Random,
};

/// How often a fault looks for a transaction it can be in.
const TRIES: usize = 200;

/// A recording with one thing wrong.
pub struct Case {
    pub fault: Fault,
    pub right: Right,
    pub card: String,
    /// How it ended at the terminal.
    pub ended: Decision,
    pub written: Written,
    /// The terminal that was recorded noticed nothing.
    pub overlooked: bool,
    pub recording: String,
}

/// What an explanation says.
#[derive(Debug, Default)]
pub struct Answer {
    /// The root, then what may explain the same, then what else there was, worst first.
    pub ids: Vec<String>,
    pub has_root: bool,
    pub suspects_an_attack: bool,
    pub class: String,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row {
    pub cases: usize,
    pub first: usize,
    pub among_three: usize,
}

#[derive(Default)]
pub struct Measured {
    pub rows: BTreeMap<&'static str, Row>,
    pub benign: BTreeMap<&'static str, (usize, usize)>,
    /// Recordings in which everybody approves though something is wrong, and how many have a root all the same.
    pub overlooked: Option<Row>,
    /// Every case that missed a target, in words.
    pub missed: Vec<String>,
}

/// The recordings of `cases` faults, every kind of fault in its turn.
pub fn cases(seed: u64, cases: usize) -> impl Iterator<Item = Case> {
    let faults = fault::all();
    (0..cases).map(move |at| {
        let fault = faults[at % faults.len()];
        case(fault, &mut Random::new(seed ^ (at as u64) << 20))
    })
}

fn case(fault: Fault, random: &mut Random) -> Case {
    for _ in 0..TRIES {
        let mut good = Good::any(random);
        let before = good.clone();
        let Some(right) = (fault.make)(&mut good, random) else { continue };
        let overlooked = fault.may_be_overlooked && random.below(3) == 0;
        let (outcome, exchanges) = if overlooked {
            let (outcome, exchanges) = line::play(&before);
            (outcome, line::unnoticed(&exchanges, &good))
        } else {
            line::play(&good)
        };
        let written = random.of(&Written::ALL);
        let card = good.profile.name.clone();
        return Case {
            fault,
            right,
            card,
            ended: outcome.decision,
            written,
            overlooked,
            recording: written.write(&exchanges),
        };
    }
    panic!("no transaction for {}: {}", fault.kind, fault.name);
}

/// What is said of a recording: with no terminal of ours, nothing but the bytes.
pub fn answer(explainer: &Explainer, recording: &str) -> Answer {
    let explanation = explainer.explain(recording.as_bytes(), None).expect("a recording");
    let document: serde_json::Value =
        serde_json::from_str(&explanation.json(&Text::new(Language::En))).expect("a document");
    let Some(attempt) = document["attempts"].as_array().and_then(|attempts| attempts.last()) else {
        return Answer::default();
    };
    let why = &attempt["explanation"];
    let ids = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().into_iter().flatten().map(|finding| text(&finding["id"])).collect()
    };
    let root = why["root"]["id"].as_str().map(str::to_owned);
    let suspicions = why["suspicions"].as_array().into_iter().flatten().map(text);
    let others = ids(&why["others"]);
    // What is only suspected comes before what else was seen, and after it when nothing has to be explained.
    let mut ids: Vec<String> = match &root {
        Some(root) => [root.clone()].into_iter().chain(suspicions).chain(others).collect(),
        None => others.into_iter().chain(suspicions).collect(),
    };
    let mut seen = Vec::new();
    ids.retain(|id| {
        !seen.contains(id) && {
            seen.push(id.clone());
            true
        }
    });
    let suspects_an_attack =
        why["blame"].as_array().is_some_and(|blame| blame.first() == Some(&"suspected-attack".into()));
    Answer { ids, has_root: root.is_some(), suspects_an_attack, class: text(&attempt["recording"]["class"]) }
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Measured {
    pub fn take(&mut self, case: &Case, answer: &Answer) {
        if case.overlooked {
            let row = self.overlooked.get_or_insert_default();
            row.cases += 1;
            row.first += usize::from(answer.has_root);
        }
        let place = answer.ids.iter().position(|id| case.right.ids.contains(&id.as_str()));
        let row = self.rows.entry(case.fault.kind).or_default();
        row.cases += 1;
        row.first += usize::from(place == Some(0));
        row.among_three += usize::from(place.is_some_and(|place| place < 3));
        if place != Some(0) {
            let Case { fault, right, card, ended, written, overlooked, .. } = case;
            let overlooked = if *overlooked { ", overlooked" } else { "" };
            self.missed.push(format!(
                "{}: {} on {card} ({ended:?}, {written:?}{overlooked}): right {:?}{}{}, said {:?} ({})",
                fault.kind,
                fault.name,
                right.ids,
                if right.because.is_empty() { "" } else { ": " },
                right.because,
                answer.ids,
                answer.class
            ));
        }
    }

    /// A recording with nothing wrong.
    pub fn take_benign(&mut self, name: &'static str, answer: &Answer) {
        let wrong = answer.has_root || answer.suspects_an_attack || answer.class != "approved";
        let (all, alarms) = self.benign.entry(name).or_default();
        *all += 1;
        *alarms += usize::from(wrong);
        if wrong {
            self.missed.push(format!("benign: {name}: said {:?} ({})", answer.ids, answer.class));
        }
    }

    pub fn total(&self) -> Row {
        self.rows.values().fold(Row::default(), |sum, row| Row {
            cases: sum.cases + row.cases,
            first: sum.first + row.first,
            among_three: sum.among_three + row.among_three,
        })
    }

    /// The targets: the root is right in 98 of 100 cases, it is always among the first three, and nothing is found where
    /// nothing is wrong.
    pub fn misses_no_target(&self) -> bool {
        let total = self.total();
        total.first * 100 >= total.cases * 98 && total.among_three == total.cases && self.false_alarms() == 0
    }

    pub fn false_alarms(&self) -> usize {
        self.benign.values().map(|(_, alarms)| alarms).sum()
    }

    pub fn table(&self) -> String {
        let percent = |part: usize, of: usize| format!("{:.1} %", 100.0 * part as f64 / of.max(1) as f64);
        let mut table = String::from("| what is wrong | cases | first | among three |\n|---|--:|--:|--:|\n");
        let row = |name: &str, row: &Row| {
            let (first, three) = (percent(row.first, row.cases), percent(row.among_three, row.cases));
            format!("| {name} | {} | {first} | {three} |\n", row.cases)
        };
        self.rows.iter().for_each(|(name, counted)| table.push_str(&row(name, counted)));
        table.push_str(&row("**all**", &self.total()));
        if let Some(overlooked) = &self.overlooked {
            let (all, rooted) = (overlooked.cases, overlooked.first);
            table.push_str(&format!("\n{all} of them the terminal overlooked; {rooted} of those have a root.\n"));
        }
        table.push_str("\n| nothing is wrong | cases | false alarms |\n|---|--:|--:|\n");
        for (name, (all, alarms)) in &self.benign {
            table.push_str(&format!("| {name} | {all} | {alarms} |\n"));
        }
        table
    }
}

/// Plays and explains everything.
pub fn measure(seed: u64, count: usize) -> Measured {
    let explainer = Explainer::new().expect("the keys that everybody knows");
    let mut measured = Measured::default();
    for case in cases(seed, count) {
        let answer = answer(&explainer, &case.recording);
        measured.take(&case, &answer);
    }
    for (at, benign) in benign::all().iter().cycle().take(count.div_ceil(4)).enumerate() {
        let mut random = Random::new(seed ^ (at as u64) << 24);
        let exchanges = benign::approved(benign, &mut random);
        let recording = random.of(&Written::ALL).write(&exchanges);
        measured.take_benign(benign.name, &answer(&explainer, &recording));
    }
    measured
}
