//! What only the report of a recording has: how sure its end is, where its terminal did otherwise, what was assumed.

use apdu::{
    Tag,
    command::ins,
    dictionary::{Context, Sensitivity, lookup},
    tag,
    value::{CryptogramType, Tvr},
};
use kernel::{
    diagnosis::{Weakness, weak_points},
    observe::{Assumption, Class, Difference, Gap, Observation},
};
use serde::Serialize;

use super::{
    escape,
    page::{Page, Tone},
    said::Said,
};

/// A recording beside the transaction it shows.
#[derive(Debug, Serialize)]
pub(super) struct ObservedView {
    /// Which attempt of how many.
    pub(super) attempt: usize,
    pub(super) attempts: usize,
    /// How it ended, as far as the recording tells.
    pub(super) class: &'static str,
    /// What to capture to know more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) capture: Option<Said>,
    pub(super) differences: Vec<Said>,
    pub(super) assumed: Vec<Said>,
    pub(super) weak_points: Vec<Said>,
    /// Numbers of exchanges that are no part of the transaction.
    pub(super) unused: Vec<u32>,
    /// The end is not recorded, and nothing that was seen is the cause of it.
    #[serde(skip)]
    pub(super) ends_open: bool,
}

impl ObservedView {
    pub fn new(observation: &Observation, (attempt, attempts): (usize, usize)) -> Self {
        let class = observation.class();
        let context = Context::from_aid(&observation.outcome.aid);
        let capture = match class {
            Class::CannotTell(gap) => Some(capture(gap)),
            _ => None,
        };
        let is_captured = matches!(class, Class::CannotTell(Gap::Record(..)));
        let all = observation.differences.iter();
        Self {
            attempt,
            attempts,
            class: class.id(),
            capture,
            differences: all.flat_map(|one| differences(one, context, !is_captured)).collect(),
            assumed: assumptions(observation),
            weak_points: weak_points(&observation.outcome).into_iter().map(weakness).collect(),
            unused: observation.unused.clone(),
            ends_open: matches!(class, Class::CannotTell(Gap::HostAnswer | Gap::Record(..))),
        }
    }

    /// Above the report: which attempt this is, and whether its end is known.
    pub fn print_before(&self, page: &mut Page<'_>) {
        if self.attempts > 1 {
            let (attempt, attempts) = (self.attempt.to_string(), self.attempts.to_string());
            let heading = page.explain_with("attempt", &[("number", &attempt), ("of", &attempts)]);
            page.heading_text(&heading);
        }
        if let Some(capture) = &self.capture {
            let cannot = page.explain("cannot-tell");
            page.row(0, &[(0, Tone::Warning, &cannot)]);
            let what = capture.say("capture", page);
            page.paragraph(Tone::Plain, &what);
        }
    }

    /// Below the explanation.
    pub fn print(&self, page: &mut Page<'_>) {
        let sections = [
            ("heading-differences", "difference", &self.differences),
            ("heading-assumed", "assumed", &self.assumed),
            ("heading-weak", "weakness", &self.weak_points),
        ];
        for (heading, prefix, all) in sections {
            print_section(heading, prefix, all, page);
        }
        if !self.unused.is_empty() {
            page.blank();
            let line = page.explain_with("unused", &[("numbers", &ranges(&self.unused))]);
            page.paragraph(Tone::Faint, &line);
        }
    }
}

/// Ascending numbers, with a dash between the ends of three and more in a row.
fn ranges(numbers: &[u32]) -> String {
    let rows = numbers.chunk_by(|one, next| one.checked_add(1) == Some(*next));
    let row = |row: &[u32]| match row {
        [first, _, .., last] => format!("{first}–{last}"),
        short => short.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    rows.map(row).collect::<Vec<_>>().join(", ")
}

pub(super) fn print_section(heading: &str, prefix: &str, all: &[Said], page: &mut Page<'_>) {
    if all.is_empty() {
        return;
    }
    let heading = page.explain(heading);
    page.heading_text(&heading);
    for said in all {
        let line = said.say(prefix, page);
        page.row(2, &[(2, Tone::Faint, "•"), (0, Tone::Plain, &line)]);
    }
}

fn capture(gap: Gap) -> Said {
    let said = Said::new(gap.id());
    match gap {
        Gap::Record(file, record) => said.with("record", format!("{file}.{record}")),
        Gap::Command(header) => said.with("command", hex::encode_upper(header)),
        _ => said,
    }
}

/// A command that is not recorded is told as what to capture.
fn differences(difference: &Difference, context: Context, goes_on: bool) -> Vec<Said> {
    let said = |id| Said::new(id).with("exchange", difference.exchange().to_string());
    let pair = |id, ours: String, theirs: String| vec![said(id).with("ours", ours).with("theirs", theirs)];
    match difference {
        Difference::Value { tag, ours, theirs, .. } => {
            let [ours, theirs] = [ours, theirs].map(|value| value_of(*tag, value, context));
            vec![said("value").with("tag", tag.to_string()).with("ours", ours).with("theirs", theirs)]
        }
        Difference::Length { ours, theirs, .. } => pair("length", ours.to_string(), theirs.to_string()),
        Difference::VerificationBits { only_ours, only_theirs, .. } => {
            let sides = [("bits-left-out", only_ours), ("bits-of-its-own", only_theirs)];
            let sides = sides.into_iter().filter(|(_, bits)| !bits.is_zero());
            sides.map(|(id, bits)| said(id).with("bits", numbers(*bits))).collect()
        }
        Difference::Request { ours, theirs, .. } if difference.is_other_decision() => {
            let [ours, theirs] = [ours, theirs].map(|p1| CryptogramType::from_bits(*p1).to_string());
            pair("request", ours, theirs)
        }
        Difference::Request { ours, .. } if ours & 0x10 != 0 => vec![said("signature-not-asked")],
        Difference::Request { .. } => vec![said("signature-asked")],
        Difference::NotRecorded { header: [_, ins::READ_RECORD, number, file], .. } if goes_on => {
            vec![Said::new("record-taken-as-empty").with("record", format!("{}.{number}", file >> 3))]
        }
        Difference::NotRecorded { .. } => Vec::new(),
    }
}

/// A value as it may be shown: codes that are letters as letters, and nothing of account data.
fn value_of(tag: Tag, value: &[u8], context: Context) -> String {
    let is_public = lookup(tag, context).is_some_and(|entry| entry.sensitivity < Sensitivity::Account);
    match std::str::from_utf8(value) {
        _ if !is_public => "*".repeat(value.len()),
        Ok(letters) if tag == tag::AUTHORISATION_RESPONSE_CODE_8A => escape(letters),
        _ => hex::encode_upper(value),
    }
}

fn numbers(tvr: Tvr) -> String {
    tvr.iter().map(|bit| bit.to_string()).collect::<Vec<_>>().join(", ")
}

/// What was assumed, as far as it has any bearing: of a card that was only read, what its data were held against.
fn assumptions(observation: &Observation) -> Vec<Said> {
    let recovered = &observation.recovered;
    let of_a_reading = [Assumption::Date, Assumption::Country, Assumption::Contact];
    let all = recovered.assumed.iter().filter(|one| recovered.has_cryptogram() || of_a_reading.contains(one));
    all.map(|assumption| Said::new(assumption.id())).collect()
}

fn weakness(weakness: Weakness) -> Said {
    let said = Said::new(weakness.id());
    match weakness {
        Weakness::ShortKey { certificate, bits } => {
            said.with("certificate", certificate.id().to_owned()).with("bits", bits.to_string())
        }
        Weakness::PatternedKey(certificate) => said.with("certificate", certificate.id().to_owned()),
        _ => said,
    }
}
