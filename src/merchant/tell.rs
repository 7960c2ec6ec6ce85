//! What was said and what the findings say to it, for people.

use kernel::{Reason, diagnosis::RuledOut};

use super::{Confrontation, Match, Objection, OpenCandidate, RuledOutCandidate, Seen, Side, confront};
use crate::{
    report::page::{Page, Tone},
    text::{File, Text},
};

/// How wide the labels in front of a line are.
const LABEL: usize = 12;

/// The entries that fit, the best with its candidates held against what was `seen`; the others with their meaning.
pub fn tell(matches: &[Match<'_>], seen: Seen<'_>, text: &Text, colour: bool) -> String {
    let mut page = Page::new(text, colour);
    page.heading_text(&say(text, "said-heading"));
    match matches.split_first() {
        None => page.paragraph(Tone::Plain, &say(text, "said-unknown")),
        Some((best, others)) => {
            print_meaning(best, &mut page);
            print_confrontation(&confront(best, seen), &mut page);
            print_others(others, &mut page);
        }
    }
    page.finish()
}

fn say(text: &Text, id: &str) -> String {
    text.say(File::Merchant, id)
}

fn print_meaning(best: &Match<'_>, page: &mut Page<'_>) {
    page.paragraph(Tone::Plain, best.entry.means.of(page.text.language()));
    let sides: Vec<String> =
        best.entry.side.iter().map(|side: &Side| say(page.text, &format!("side-{}", side.id()))).collect();
    let sides = sides.join(&page.say("comma"));
    line(page, "said-side", Tone::Faint, &[sides]);
}

fn print_confrontation(confrontation: &Confrontation, page: &mut Page<'_>) {
    let text = page.text;
    let found: Vec<String> = confrontation.agrees.iter().map(|reason| named(*reason, text)).collect();
    line(page, "said-agrees", Tone::Strong, &found);
    let differs: Vec<String> = confrontation.differs.iter().map(|reason| named(*reason, text)).collect();
    line(page, "said-differs", Tone::Warning, &differs);
    let open: Vec<String> = confrontation.open.iter().map(|open: &OpenCandidate| named(open.reason, text)).collect();
    line(page, "said-open", Tone::Plain, &open);
    let captures = confrontation.captures();
    let captures: Vec<String> = captures.iter().map(|proof| say(text, &format!("capture-{}", proof.id()))).collect();
    line(page, "said-capture", Tone::Plain, &captures);
    let ruled_out: Vec<String> = confrontation.ruled_out.iter().map(|candidate| excluded(candidate, text)).collect();
    line(page, "said-ruled-out", Tone::Faint, &ruled_out);
}

fn print_others(others: &[Match<'_>], page: &mut Page<'_>) {
    let language = page.text.language();
    let others: Vec<String> = others.iter().map(|other| other.entry.means.of(language).clone()).collect();
    line(page, "said-or", Tone::Faint, &others);
}

/// Several texts behind one label.
fn line(page: &mut Page<'_>, label: &str, tone: Tone, words: &[String]) {
    for (at, words) in words.iter().enumerate() {
        let label = if at == 0 { say(page.text, label) } else { String::new() };
        page.row(2, &[(LABEL, Tone::Faint, &label), (0, tone, words)]);
    }
}

fn named(reason: Reason, text: &Text) -> String {
    text.say_with(File::Merchant, "candidate", &[("title", &text.title(reason)), ("id", reason.id())])
}

fn excluded(candidate: &RuledOutCandidate, text: &Text) -> String {
    let (id, by) = match candidate.by {
        Objection::WentOn(found) => ("objection-went-on", text.title(found)),
        Objection::HadEnded(found) => ("objection-had-ended", text.title(found)),
        Objection::OtherCode(found) => ("objection-other-code", text.title(found)),
        Objection::Checked(check) => ("objection-checked", checked(check, text)),
    };
    let title = named(candidate.reason, text);
    let objection = text.say_with(File::Merchant, id, &[("by", &by)]);
    text.say_with(File::Merchant, "ruled-out", &[("title", &title), ("objection", &objection)])
}

fn checked(check: RuledOut, text: &Text) -> String {
    match check {
        RuledOut::Certificate(certificate) => text.certificate(certificate),
        other => text.say(File::Report, &format!("ruled-out-{}", other.id())),
    }
}
