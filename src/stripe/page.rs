//! The verdict for people.

use apdu::value::ServiceCode;
use kernel::finding::Severity;

use super::{Check, Evidence, Finding, Value, Verdict, check};
use crate::{
    report::page::{Page, Tone},
    text::{File, Text},
};

/// How wide the labels in front of a line are.
const LABEL: usize = 14;

impl Verdict {
    /// The verdict for people, in the language of `text`; colour only when `colour` says so.
    pub fn text(&self, text: &Text, colour: bool) -> String {
        let mut page = Page::new(text, colour);
        self.print_outcome(&mut page);
        let others = match self.findings.split_first().filter(|_| self.must_refuse()) {
            Some((first, others)) => {
                page.heading("heading-why");
                print_whole(first, &mut page);
                others
            }
            None => &self.findings,
        };
        if !others.is_empty() {
            page.heading("heading-also");
            others.iter().for_each(|finding| print_short(finding, &mut page));
        }
        self.print_track(&mut page);
        page.finish()
    }

    fn print_outcome(&self, page: &mut Page<'_>) {
        let heeds = self.findings.iter().any(|finding| finding.severity == Severity::Degraded);
        let (sign, tone, id) = match (self.must_refuse(), heeds) {
            (true, _) => ("✗", Tone::Bad, "outcome-refuse"),
            (false, true) => ("!", Tone::Warning, "outcome-heed"),
            (false, false) => ("✓", Tone::Good, "outcome-accept"),
        };
        let outcome = format!("{sign} {}", say(page.text, id));
        page.row(0, &[(0, tone, &outcome)]);
        let code = self.service_code.map(|code| code.to_string());
        let parts = [self.card_number.clone(), self.expiry.clone(), code];
        let about = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        page.row(2, &[(0, Tone::Faint, &about)]);
    }

    fn print_track(&self, page: &mut Page<'_>) {
        page.heading_text(&say(page.text, "heading-track"));
        if let Some(code) = self.service_code {
            print_service_code(code, page);
        }
        let fits = |fits: bool| if fits { "fits" } else { "does-not-fit" };
        let check = match self.check {
            Check::NotGiven => "not-given",
            Check::Fits => fits(true),
            Check::Differs { .. } => fits(false),
        };
        labelled(page, "label-check-character", Tone::Plain, &word(page.text, check));
        if let Some(right) = self.check_digit {
            labelled(page, "label-check-digit", Tone::Plain, &word(page.text, fits(right)));
        }
        let (length, issuers) = (self.length.to_string(), self.discretionary.to_string());
        let variables = [("length", length.as_str()), ("issuers", issuers.as_str())];
        let length = page.text.say_with(File::Stripe, "length", &variables);
        labelled(page, "label-length", Tone::Plain, &length);
    }
}

fn print_service_code(code: ServiceCode, page: &mut Page<'_>) {
    for (place, digit) in (1..).zip(code.digits()) {
        let label = say(page.text, &format!("label-digit-{place}"));
        let meaning = word(page.text, check::meaning(place, code));
        page.row(2, &[(LABEL, Tone::Faint, &label), (3, Tone::Strong, &digit.to_string()), (0, Tone::Plain, &meaning)]);
    }
}

/// A finding with all that is known about it.
fn print_whole(finding: &Finding, page: &mut Page<'_>) {
    let texts = page.text.reason(finding.reason);
    print_title(finding, &texts.title, page);
    page.paragraph(Tone::Plain, &texts.means);
    page.blank();
    page.labelled_all("label-do", Tone::Strong, &texts.remedies);
    page.labelled("label-engineer", Tone::Plain, &texts.engineer);
    page.blank();
    let categories = finding.reason.entry().categories.iter();
    let whose = categories.map(|category| page.text.category(*category)).collect::<Vec<_>>();
    let whose = whose.join(&page.say("semicolon"));
    let certainty = page.text.certainty(finding.certainty);
    let fault = page.say_with("fault", &[("whose", &whose), ("certainty", &certainty)]);
    page.labelled("label-fault", Tone::Plain, &fault);
    page.labelled_all("label-seen", Tone::Plain, &seen(finding, page.text));
    page.labelled("label-rule", Tone::Plain, finding.reason.entry().clause);
}

/// A finding after the first: what it is and what was seen.
fn print_short(finding: &Finding, page: &mut Page<'_>) {
    let title = page.text.title(finding.reason);
    print_title(finding, &title, page);
    for seen in seen(finding, page.text) {
        page.row(4, &[(0, Tone::Faint, &seen)]);
    }
}

fn print_title(finding: &Finding, title: &str, page: &mut Page<'_>) {
    page.row(2, &[(0, Tone::Strong, title), (0, Tone::Faint, "  "), (0, Tone::Faint, finding.reason.id())]);
}

fn labelled(page: &mut Page<'_>, label: &str, tone: Tone, words: &str) {
    let label = say(page.text, label);
    page.row(2, &[(LABEL, Tone::Faint, &label), (0, tone, words)]);
}

fn seen(finding: &Finding, text: &Text) -> Vec<String> {
    finding.evidence.iter().map(|evidence| evidence.say(text)).collect()
}

fn say(text: &Text, id: &str) -> String {
    text.say(File::Stripe, id)
}

fn word(text: &Text, id: &str) -> String {
    say(text, &format!("word-{id}"))
}

impl Evidence {
    /// The sentence in the language of `text`.
    pub fn say(&self, text: &Text) -> String {
        let values: Vec<(&'static str, String)> =
            self.values.iter().map(|(name, value)| (*name, value.say(text))).collect();
        let values: Vec<(&'static str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        text.say_with(File::Stripe, &format!("seen-{}", self.id), &values)
    }
}

impl Value {
    fn say(&self, text: &Text) -> String {
        match self {
            Self::Plain(plain) => plain.clone(),
            Self::Number(number) => number.to_string(),
            Self::Reason(reason) => text.title(*reason),
            Self::Word(id) => word(text, id),
        }
    }
}
