//! What only the report of a recording has: how sure its end is, where its terminal did otherwise, what was assumed.

use kernel::{
    diagnosis::{Weakness, weak_points},
    observe::{Assumption, Class, Difference, Gap, Observation},
};
use serde::Serialize;

use super::{
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
}

impl ObservedView {
    pub fn new(observation: &Observation, (attempt, attempts): (usize, usize)) -> Self {
        let class = observation.class();
        let capture = match class {
            Class::CannotTell(gap) => Some(capture(gap)),
            _ => None,
        };
        Self {
            attempt,
            attempts,
            class: class.id(),
            capture,
            differences: observation.differences.iter().filter_map(difference).collect(),
            assumed: observation.recovered.assumed.iter().copied().map(assumption).collect(),
            weak_points: weak_points(&observation.outcome).into_iter().map(weakness).collect(),
            unused: observation.unused.clone(),
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
            let numbers: Vec<String> = self.unused.iter().map(ToString::to_string).collect();
            let line = page.explain_with("unused", &[("numbers", &numbers.join(", "))]);
            page.paragraph(Tone::Faint, &line);
        }
    }
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
fn difference(difference: &Difference) -> Option<Said> {
    let said = Said::new(difference.id()).with("exchange", difference.exchange().to_string());
    let hex = hex::encode_upper::<&[u8]>;
    Some(match difference {
        Difference::Value { tag, ours, theirs, .. } => {
            said.with("tag", tag.to_string()).with("ours", hex(ours)).with("theirs", hex(theirs))
        }
        Difference::Length { ours, theirs, .. } => {
            said.with("ours", ours.to_string()).with("theirs", theirs.to_string())
        }
        Difference::VerificationBits { only_ours, only_theirs, .. } => {
            said.with("ours", bits(*only_ours)).with("theirs", bits(*only_theirs))
        }
        Difference::Request { ours, theirs, .. } if difference.is_other_decision() => {
            let kind = |p1: u8| apdu::value::CryptogramType::from_bits(p1).to_string();
            said.with("ours", kind(*ours)).with("theirs", kind(*theirs))
        }
        Difference::Request { ours, theirs, .. } => Said::new("signature")
            .with("exchange", difference.exchange().to_string())
            .with("ours", format!("{ours:02X}"))
            .with("theirs", format!("{theirs:02X}")),
        Difference::NotRecorded { .. } => return None,
    })
}

fn bits(tvr: apdu::value::Tvr) -> String {
    let all: Vec<String> = tvr.iter().map(|bit| bit.to_string()).collect();
    if all.is_empty() { "-".to_owned() } else { all.join(", ") }
}

fn assumption(assumption: Assumption) -> Said {
    Said::new(assumption.id())
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
